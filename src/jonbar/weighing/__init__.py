"""Answers kept draw by draw, so that who moves an assumption sees them weighed anew and need not wait."""
