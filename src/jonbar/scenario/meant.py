"""What a claim was meant to say of how likely a thing is: a hedge as surveys found it read, or a range."""

from __future__ import annotations

from jonbar.errors import Span
from jonbar.scenario.number_forms import parse_number
from jonbar.scenario.numbers import Hedge, Point, Range, Role
from jonbar.scenario.terms import Claim

_KEEPS_OPEN = ("may happen", "might happen", "could happen", "possible", "maybe")
_MARKS_A_CHANCE = ("real possibility", "realistic possibility", "serious possibility")
AT_LEAST = frozenset((*_KEEPS_OPEN, *_MARKS_A_CHANCE))


def meant_by(claim: Claim) -> tuple[float, float] | None:
    """The range of chance that was meant; None for a flat assertion.

    Words that only keep a thing possible (`could happen`) are not refuted where it turns out likelier: their range is
    open above.
    """
    if not claim.meant:
        return None
    estimate = parse_number(claim.meant, Role.CHANCE, claim.span or Span("claim", 1, 1, 1, 1))
    number = getattr(estimate, "number", None)
    if isinstance(number, Hedge) and number.phrase in AT_LEAST:
        return number.low, 1.0
    if isinstance(number, Range | Hedge):
        return number.low, number.high
    return (number.value, number.value) if isinstance(number, Point) else None
