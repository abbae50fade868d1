"""Hedges that have been surveyed: how people read them, as the pooled 10th to 90th percentile of what they answered.

Pooled from published surveys of English readers, among them Kucharski's CAPphrase quiz (2026, CC BY 4.0), Mauboussin
and Mauboussin (2018), and replications of Kent's exercise. A hedge is an 80 % range and nothing finer.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SURVEYED: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "will happen": (0.95, 1),
        "always": (0.9, 1),
        "certain": (0.8, 1),
        "slam dunk": (0.85, 1),
        "almost certain": (0.847, 0.99),
        "highly likely": (0.795, 0.952),
        "almost always": (0.8, 0.98),
        "very good chance": (0.701, 0.9),
        "high probability": (0.7, 0.9),
        "usually": (0.6, 0.85),
        "we believe": (0.573, 0.923),
        "probable": (0.589, 0.845),
        "probably": (0.513, 0.805),
        "likely": (0.577, 0.826),
        "frequently": (0.5, 0.8),
        "often": (0.5, 0.8),
        "serious possibility": (0.3, 0.858),
        "realistic possibility": (0.25, 0.8),
        "better than even": (0.51, 0.649),
        "more often than not": (0.51, 0.7),
        "real possibility": (0.2, 0.8),
        "even chance": (0.5, 0.5),
        "maybe": (0.25, 0.5),
        "moderate probability": (0.3, 0.65),
        "possible": (0.15, 0.6),
        "may happen": (0.2, 0.6),
        "could happen": (0.15, 0.6),
        "might happen": (0.125, 0.575),
        "probably not": (0.09, 0.4),
        "we doubt": (0.06, 0.407),
        "unlikely": (0.051, 0.303),
        "not often": (0.1, 0.3),
        "low probability": (0.05, 0.25),
        "little chance": (0.05, 0.201),
        "improbable": (0.011, 0.308),
        "slight chance": (0.05, 0.231),
        "rarely": (0.04, 0.2),
        "remote chance": (0.01, 0.2),
        "highly unlikely": (0.011, 0.156),
        "almost no chance": (0.009, 0.074),
        "never": (0, 0.05),
    }
)
