"""Numbers, conditions, dates and facts as a scenario file writes them: the way back from the reader's forms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jonbar.errors import Span
from jonbar.scenario.dates import YEARS_IN, Interval, parse_interval
from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.numbers import Count, Estimate, Hedge, Number, Point, Range, Role, Scale
from jonbar.scenario.terms import Luck

SHARES = (Role.CHANCE, Role.WEIGHT, Role.RATE)
_NOWHERE = Span("", 1, 1, 1, 1)


def write_estimate(estimate: Estimate, scale: Scale, words: Mapping[str, Estimate] | None = None) -> str:
    """An assumption in the form of its role: `5% to 15%`, `x3 per 10 points of approval from 50`."""
    text = write_number(estimate.number, estimate.role, scale, words)
    per = estimate.per
    if per is None:
        return text
    step = "" if per.step == 1 and per.unit is not None else f"{write_float(per.step)} "
    unit = f"{per.unit} " if per.unit is not None else ""
    origin = f" from {write_float(per.origin)}" if per.origin else ""
    return f"{text} per {step}{unit}of {write_expression(per.of)}{origin}"


def write_number(number: Number, role: Role, scale: Scale, words: Mapping[str, Estimate] | None = None) -> str:
    """A number in the form of its role."""
    a_year = " a year" if role is Role.RATE else ""
    match number:
        case Hedge():
            return number.phrase
        case Count():
            return f"{write_float(number.cases)} of {write_float(number.of)}{a_year} ({number.reference_class})"
        case Range() if number.word is not None and _same_word(number, (words or {}).get(number.word)):
            return number.word
        case Range():
            return f"{_end(number.low, role, scale)} to {_end(number.high, role, scale)}{a_year}"
        case Point():
            return f"{_end(number.value, role, scale)}{a_year}"


def _same_word(number: Range, word: Estimate | None) -> bool:
    meant = word.number if word is not None else None
    return isinstance(meant, Range) and (meant.low, meant.high) == (number.low, number.high)


def _end(value: float, role: Role, scale: Scale) -> str:
    if role in SHARES:
        return write_percent(value)
    text = write_float(value)
    if role is Role.ODDS or (role is Role.SPREAD and scale is Scale.LOG):
        return f"x{text}"
    return f"+{text}" if role is Role.ADD and value > 0 else text


def write_float(value: float) -> str:
    """The shortest decimal that is read back as the same number."""
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(float(value))


def write_decimal(value: float) -> str:
    """As `write_float`, without a power of ten."""
    return f"{Decimal(write_float(value)):f}"


def write_percent(share: float) -> str:
    """A share as a percentage: the same number with its point moved, so that nothing is lost."""
    shifted = Decimal(repr(float(share))).scaleb(2)
    return f"{shifted:f}%" if share == 0 or abs(share) >= 1e-9 else f"{shifted.normalize()}%".lower()


def write_interval(interval: Interval) -> str:
    """A date as it was written, or as its first and last day where that says something else."""
    read = parse_interval(interval.text, _NOWHERE)
    if isinstance(read, Interval) and (read.start, read.end) == (interval.start, interval.end):
        return interval.text
    mark = "~" * interval.approximate + "?" * (interval.uncertain and not interval.approximate)
    first, last = interval.start.isoformat(), interval.end.isoformat()
    return first + mark if first == last else f"{first}{mark}/{last}"


def write_luck(luck: Luck, keep: str = "keep") -> str:
    """A setting of the luck dial: `keep`, `re-roll`, `60%`, `4 years`, `6 months`."""
    if luck.share is not None:
        return keep if luck.share == 1 else "re-roll" if luck.share == 0 else _fixed_percent(luck.share)
    return write_span(luck.half_life_years or 0.0)


def write_span(years: float) -> str:
    """A length of time in its largest whole unit: `4 years`, `6 months`."""
    if years != int(years):
        for unit, length in YEARS_IN.items():
            many = round(years / length)
            if many * length == years:
                return f"{many} {unit}{'s' * (many != 1)}"
    return f"{write_decimal(years)} year{'s' * (years != 1)}"


def _fixed_percent(share: float) -> str:
    return f"{Decimal(write_percent(share)[:-1]):f}%"


def write_measured(value: float, error: float) -> str:
    """A measured value with its error: `74 ± 3`."""
    return write_decimal(value) + (f" ± {write_decimal(error)}" if error else "")


_TIGHTNESS = {Or: 0, And: 1, Not: 2, Is: 3, Compare: 3}
_SUM, _PRODUCT, _ATOM = 4, 5, 6


def write_expression(tree: Expression) -> str:
    """A condition or formula as text that is read back as the same tree, with no bracket too many."""
    match tree:
        case Literal(value=bool(value)):
            return "yes" if value else "no"
        case Literal():
            return write_float(tree.value)
        case Name():
            return _name(tree)
        case Is():
            return f"{_name(tree.subject)} is {'not ' if tree.negated else ''}{tree.state}"
        case Not():
            return f"not {_within(tree.operand, 2)}"
        case And():
            return " and ".join(_within(each, 2) for each in tree.operands)
        case Or():
            return " or ".join(_within(each, 1) for each in tree.operands)
        case Compare():
            return f"{_within(tree.left, _SUM)} {tree.operator} {_within(tree.right, _SUM)}"
        case Arithmetic():
            tight = _tightness(tree)
            return f"{_within(tree.left, tight)} {tree.operator} {_within(tree.right, tight + 1)}"


def _name(name: Name) -> str:
    if name.mode is Mode.LAST:
        return f"last {name.name}"
    if name.years is not None:
        return f"{name.name} within {write_span(name.years)}"
    if name.when is None:
        return name.name
    when = write_interval(name.when)
    return f"{name.name} {name.mode.value} {when if '/' not in when else name.when.end.isoformat()}"


def _within(tree: Expression, needed: int) -> str:
    text = write_expression(tree)
    return f"({text})" if _tightness(tree) < needed else text


def _tightness(tree: Expression) -> int:
    if isinstance(tree, Arithmetic):
        return _SUM if tree.operator in "+-" else _PRODUCT
    return _TIGHTNESS.get(type(tree), _ATOM)
