"""Measurements of jonbar beside other programs that answer the same question: `make bench`."""
