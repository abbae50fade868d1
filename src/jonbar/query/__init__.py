"""Worlds -> answers: what was asked, how sure it is, and how it was obtained."""
