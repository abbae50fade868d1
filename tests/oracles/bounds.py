"""What observation and experiment together allow necessity and sufficiency to be (Tian & Pearl 2000).

Arguments: chances of the outcome when the cause is set (`done`) and set aside (`undone`), and the observed joint
chances of cause and outcome, of cause alone, of outcome alone and of neither.
"""

from __future__ import annotations

Bounds = tuple[float, float]


def necessity_and_sufficiency(
    done: float, undone: float, both: float, cause: float, outcome: float, neither: float
) -> Bounds:
    """PNS: with the cause it would happen, and without it it would not."""
    seen = both + outcome
    low = max(0.0, done - undone, seen - undone, done - seen)
    high = min(done, 1.0 - undone, both + neither, done - undone + cause + outcome)
    return low, high


def necessity(undone: float, both: float, outcome: float, neither: float) -> Bounds:
    """PN: it happened with the cause; without it it would not have."""
    low = max(0.0, (both + outcome - undone) / both)
    return low, min(1.0, (1.0 - undone - neither) / both)


def sufficiency(done: float, both: float, outcome: float, neither: float) -> Bounds:
    """PS: neither happened; with the cause it would have."""
    low = max(0.0, (done - both - outcome) / neither)
    return low, min(1.0, (done - both) / neither)
