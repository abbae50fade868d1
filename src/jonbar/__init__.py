"""Jonbar: a laboratory for counterfactual history."""

from __future__ import annotations

__version__ = "0.1.0"
