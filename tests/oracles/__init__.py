"""Independent answers to the questions the engine answers by sampling: none of this imports the engine."""
