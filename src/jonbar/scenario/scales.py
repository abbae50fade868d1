"""Numbers on the scale of their quantity: which forms fit a linear, a log and a logit scale."""

from __future__ import annotations

from collections.abc import Mapping

from jonbar.errors import Diagnostic, Span
from jonbar.scenario.number_forms import EXPECTED, parse_number
from jonbar.scenario.numbers import Count, Estimate, Role, Scale


def parse_on_scale(
    text: str, role: Role, scale: Scale, span: Span, *, words: Mapping[str, Estimate] | None = None
) -> Estimate | Diagnostic:
    """A number in its role, on the scale of the quantity that it belongs to.

    On a log scale a spread is a factor (`x1.2`), and a shift may be one (`x0.8 to x0.9`); on the others neither is.
    Errors: as `parse_number`; E224 a form, or a value, that does not fit the scale.
    """
    multiplier = text.strip()[:1] in ("x", "×")
    if role in (Role.ADD, Role.SPREAD) and multiplier and scale is not Scale.LOG:
        message = f"A factor such as `{text.strip()[:40]}` fits a log scale; this one is {scale}."
        return Diagnostic("E224", message, span, text, EXPECTED[role], text.replace("x", "").replace("×", "").strip())
    if role is Role.SPREAD and scale is Scale.LOG and not multiplier:
        message = f"On a log scale a spread is a factor; `{text.strip()[:40]}` is none."
        return Diagnostic("E224", message, span, text, "x1.1, or x1.1 to x1.3")
    found = parse_number(text, Role.ODDS if role is Role.ADD and multiplier else role, span, words=words)
    if isinstance(found, Diagnostic) or isinstance(found.number, Count):
        return found
    number = found.number
    ends = (getattr(number, "low", None), getattr(number, "high", None), getattr(number, "value", None))
    values = [each for each in ends if each is not None]
    if role is Role.SPREAD and scale is Scale.LOG and min(values) <= 1:
        return Diagnostic("E224", "A factor of spread is above x1.", span, text, "x1.1, or x1.1 to x1.3")
    if role is Role.VALUE and scale is Scale.LOG and min(values) <= 0:
        return Diagnostic("E224", f"`{text.strip()}` is not on a log scale.", span, text, "numbers above 0")
    if role is Role.VALUE and scale is Scale.LOGIT and not (min(values) > 0 and max(values) < 100):
        return Diagnostic("E224", f"`{text.strip()}` is not on a logit scale.", span, text, "numbers between 0 and 100")
    return found


def on_scale(scale: Scale, value: float) -> bool:
    """Whether a number lies on a scale: above 0 on a log scale, between 0 and 100 on a logit scale."""
    return scale is Scale.LINEAR or (value > 0 and (scale is Scale.LOG or value < 100))
