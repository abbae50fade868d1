"""Who contradicts whom in a debate, by what their claims say and nothing else: no history is run."""
