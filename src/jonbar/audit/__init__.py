"""The six criteria of counterfactual history in figures, for one reading of a what-if (Tetlock & Belkin 1996)."""
