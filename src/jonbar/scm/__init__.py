"""The engine: a scenario becomes a model, a model becomes worlds, worlds agree with facts and are changed."""
