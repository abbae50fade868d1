"""The pages that are written by a program, and the blocks of all pages that are run."""
