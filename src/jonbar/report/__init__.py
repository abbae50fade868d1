"""The one place where everything that was asked of a scenario comes together, and is kept for who asks again."""
