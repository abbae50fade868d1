"""Numbers as people should read them: rounded to what is known, never finer than their error."""

from __future__ import annotations

import math
from collections.abc import Iterable

from jonbar.query.answering import Answer

NO_NUMBER = "no number"
UNNAMED = ("number", "", "chance")  # units that are not said
FINE_STEPS = 5  # a range narrower than this many steps is shown with one more figure


def say_chance(value: float, error: float = 0.0) -> str:
    """A chance in whole percent; what is nearly certain is `<1%` or `>99%`, never 0 or 100."""
    percent = 100.0 * value
    if percent < 0.5:
        return "<1%"
    if percent > 99.5:
        return ">99%"
    return f"{_percent(percent, error)}%"


def say_part(part: float, error: float) -> str:
    """A part of a whole with its standard error: `18% ±3`."""
    return f"{100.0 * part:.0f}% ±{100.0 * error:.0f}"


def _percent(percent: float, error: float) -> int:
    step = 10 if error > 0.05 else 5 if error > 0.01 else 1
    return min(99, max(1, int(step * round(percent / step))))


def say_chances(low: float, high: float, error: float = 0.0) -> str:
    """A range of chances: `12-45`, `<1-8`, `30 to >99`."""
    ends = [say_chance(each, error).rstrip("%") for each in (low, high)]
    return _between(*ends)


def step_of(values: Iterable[float], error: float) -> float:
    """The step to which a quantity with this range is rounded: two figures, more if the range allows it."""
    value, low, high = values
    size = max(abs(value), (high - low) / 2)
    if size == 0.0 or not all(math.isfinite(each) for each in (size, low, high)):
        return 1.0
    step = 10.0 ** (math.floor(math.log10(size)) - 1)
    width = high - low
    if 0.0 < width < FINE_STEPS * step:
        step = min(step, 10.0 ** math.floor(math.log10(width / FINE_STEPS)))
    return max(step, 10.0 ** math.ceil(math.log10(error))) if error > 0.0 else step


def say_number(value: float, step: float) -> str:
    """A quantity rounded to a step, with thousands set apart."""
    if not math.isfinite(value):
        return "unknown"
    rounded = round(value / step) * step
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    text = f"{rounded:,.{decimals}f}"
    return text.replace("-0", "0", 1) if rounded == 0 and text.startswith("-") else text


def say_value(answer: Answer) -> str:
    """An answer's value without its unit, or its chance."""
    if answer.starved:
        return NO_NUMBER
    if answer.unit == "chance":
        return say_chance(answer.value, answer.error)
    return say_number(answer.value, step_of((answer.value, answer.low, answer.high), answer.error))


def say_range(answer: Answer) -> str:
    """An answer's 90 % range over what the file leaves open."""
    if answer.starved:
        return ""
    low, high = ends_of(answer)
    if answer.unit == "chance":
        return say_chances(low, high, answer.error)
    step = step_of((answer.value, low, high), answer.error)
    return _between(say_number(low, step), say_number(high, step))


def ends_of(answer: Answer) -> tuple[float, float]:
    """The ends of an answer's range as they are shown: where few draws carry its mean out of it, as far as the mean."""
    return min(answer.low, answer.value), max(answer.high, answer.value)


def say_difference(value: float, unit: str, error: float = 0.0) -> str:
    """A difference between two answers, signed."""
    if unit == "chance":
        points = round(100 * value)
        noun = "point" if abs(points) == 1 else "points"
        return f"{points:+d} {noun}" if points else "less than a point"
    step = step_of((value, 0.0, 0.0), error)
    return ("+" if value > 0 else "") + say_number(value, step)


def _between(low: str, high: str) -> str:
    if low == high:
        return low
    plain = not low.startswith("-") and not high.startswith((">", "-"))
    return f"{low}-{high}" if plain else f"{low} to {high}"
