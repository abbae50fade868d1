"""Numbers and conditions read back in words, so that whoever wrote them can see what they will be taken to mean."""

from __future__ import annotations

import math
from decimal import Decimal

from jonbar.scenario.notation import write_expression as say_expression
from jonbar.scenario.numbers import Count, Estimate, Hedge, Number, Per, Point, Range, Role, Scale

__all__ = ["echo", "say_expression"]

_HOW_OFTEN = {0.9: "nine times in ten", 0.8: "four times in five", 0.5: "one time in two"}


def echo(estimate: Estimate, scale: Scale = Scale.LINEAR, unit: str | None = None) -> str:
    """What a number says, in words: `5% to 15%` is `between 5 and 15 in a hundred, nine times in ten`.

    `scale` and `unit` are those of the quantity that the number belongs to; a chance needs neither. Rivals follow the
    number, because each assumption draw takes one of them.
    """
    said = [_number(each, estimate.role, scale, unit) for each in (estimate.number, *estimate.rivals)]
    words = said[0] if len(said) == 1 else "one of these, each as good as the others: " + "; or ".join(said)
    return words if estimate.per is None else f"{words}; {_per(estimate.per)}"


def _number(number: Number, role: Role, scale: Scale, unit: str | None) -> str:
    match number:
        case Point():
            return _sentence(
                "exactly " + _amount(abs(number.value) if role is Role.ADD else number.value, role),
                (number.value, number.value),
                role,
                scale,
                unit,
            )
        case Count():
            cases, of = (number.cases + 0.5, number.of + 1) if role is Role.CHANCE else (number.cases, number.of)
            share = _plain(float(f"{cases / of * 100:.2g}"))  # for a chance the mean of what is drawn (Jeffreys)
            counted = f"{_plain(number.cases)} of {_plain(number.of)} ({number.reference_class})"
            return f"counted: {counted}, about {share} in a hundred" + (" each year" if role is Role.RATE else "")
        case Hedge():
            often = _HOW_OFTEN.get(number.coverage, _often(number.coverage))
            ends = f"between {_amount(number.low, role)} and {_amount(number.high, role)}"
            return f"`{number.phrase}`, by which people mean {ends} in a hundred, {often}"
        case Range():
            low, high = (number.low, number.high)
            if role is Role.ADD and high <= 0:
                low, high = -high, -low
            ends = f"between {_amount(low, role)} and {_amount(high, role)}"
            ends = f"something {ends}" if role is Role.SPREAD else ends
            said = _sentence(ends, (number.low, number.high), role, scale, unit)
            word = f"`{number.word}`: " if number.word else ""
            often = "" if role is Role.SPREAD else f", {_HOW_OFTEN.get(number.coverage, _often(number.coverage))}"
            return f"{word}{said}{often}"


def _sentence(amount: str, ends: tuple[float, float], role: Role, scale: Scale, unit: str | None) -> str:
    """An amount as its role takes it: a chance, a multiplier, a shift, a value."""
    counted = f" {unit}" if unit else ""
    match role:
        case Role.CHANCE:
            return f"{amount} in a hundred"
        case Role.RATE:
            return f"{amount} in a hundred each year"
        case Role.WEIGHT:
            return f"{amount} parts in a hundred, before all parts are made to add up to a hundred"
        case Role.ODDS:
            return f"{'the value' if scale is Scale.LOG else 'the odds'} times {amount}"
        case Role.ADD:
            points = " points at one half" if scale is Scale.LOGIT else counted
            if scale is Scale.LOG:
                points = " on the logarithm"
            return f"{_direction(ends)} {amount}{points}"
        case Role.VALUE:
            return f"{amount}{counted}"
        case Role.SPREAD:
            if scale is Scale.LOG:
                return f"luck multiplies or divides it by up to {amount}, nine times in ten"
            points = " points at one half" if scale is Scale.LOGIT else counted
            return f"luck moves it by up to {amount}{points} either way, nine times in ten"


def _direction(ends: tuple[float, float]) -> str:
    if ends[0] < 0 < ends[1]:
        return "shifts it by"
    return "takes away" if ends[1] <= 0 and ends[0] < 0 else "adds"


def _per(per: Per) -> str:
    unit = f" {per.unit}" if per.unit else ""
    return f"once for every {_plain(per.step)}{unit} of {say_expression(per.of)} above {_plain(per.origin)}"


def _amount(value: float, role: Role) -> str:
    return _plain(value * 100 if role in (Role.CHANCE, Role.WEIGHT, Role.RATE) else value)


def _often(coverage: float) -> str:
    return f"{_plain(coverage * 100)} times in a hundred"


def _plain(value: float) -> str:
    """A number to four significant figures, without a power of ten."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    digits = max(4, math.floor(math.log10(abs(value))) + 1)
    text = f"{Decimal(f'{value:.{digits}g}'):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
