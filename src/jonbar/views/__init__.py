"""Results -> strings: pure functions, nothing is sampled, read or written here."""
