"""Shipped scenarios, as data: each in a folder of its own with the worksheet of its numbers."""
