"""Which argument moves an answer, what it hangs on, and which answers come together."""
