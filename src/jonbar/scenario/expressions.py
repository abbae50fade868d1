"""The small typed language of conditions and formulas: its tree. Never evaluated as Python.

Grammar, loosest first: `or`, `and`, `not`, comparison (`is`, `is not`, `<`, `<=`, `>`, `>=`),
`+ -`, `* /`, unary `-`, then `( )`, numbers and names. A name may be `X`, `last X`, `X in 1964`,
`X by 1964` or `X within 1 year`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from jonbar.errors import Span
from jonbar.scenario.dates import Interval


class Mode(StrEnum):
    """How a name is read in time."""

    NOW = "now"  # X: its value; for a hazard, whether it has happened by now
    LAST = "last"  # last X: the latest yearly value dated before now
    IN = "in"  # X in 1964: the value of that year; for a hazard, whether it happened within that year
    BY = "by"  # X by 1964: whether it has happened by the end of that date
    WITHIN = "within"  # X within 1 year: whether it has happened by now, and no longer ago than that


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, or `yes` / `no`."""

    value: float | bool
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a premise, or (in a formula) one of its own `where` coefficients."""

    name: str
    mode: Mode = Mode.NOW
    when: Interval | None = None
    years: float | None = None  # how long ago at most, where it is read `within` a span
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    """`X is STATE`, `X is not STATE`; for an event, `X is yes`."""

    subject: Name
    state: str
    negated: bool = False
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two quantities, or of two levels of an ordered variable: `<`, `<=`, `>`, `>=`."""

    operator: str
    left: Expression
    right: Expression
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+`, `-`, `*` or `/` of two quantities."""

    operator: str
    left: Expression
    right: Expression
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not A`."""

    operand: Expression
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """`A and B and ...`."""

    operands: tuple[Expression, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """`A or B or ...`."""

    operands: tuple[Expression, ...]
    span: Span | None = field(default=None, compare=False)


Expression = Literal | Name | Is | Compare | Arithmetic | Not | And | Or


def names_of(tree: Expression) -> list[Name]:
    """Every name that an expression reads."""
    match tree:
        case Name():
            return [tree]
        case Is():
            return [tree.subject]
        case Not():
            return names_of(tree.operand)
        case And() | Or():
            return [name for each in tree.operands for name in names_of(each)]
        case Compare() | Arithmetic():
            return [*names_of(tree.left), *names_of(tree.right)]
        case _:
            return []


def names_in(tree: Expression) -> set[str]:
    """Every name that an expression mentions, as text."""
    return {name.name for name in names_of(tree)}


def numbers_of(tree: Expression) -> list[Name]:
    """The names whose numbers an expression adds up, not those that it only compares."""
    match tree:
        case Name():
            return [tree]
        case Arithmetic():
            return [*numbers_of(tree.left), *numbers_of(tree.right)]
        case _:
            return []
