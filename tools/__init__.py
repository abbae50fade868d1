"""What builds the project's pages; no part of the package."""
