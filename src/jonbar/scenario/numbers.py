"""The number forms of a scenario file, each with one meaning.

A `Number` says what was written; its `Role` (what kind of slot it stands in) says on which scale it is
spread. Together, in an `Estimate`, they are one *assumption*: something we do not know, drawn once per
assumption draw and the same in both worlds of a twin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from jonbar.errors import Span

if TYPE_CHECKING:
    from jonbar.scenario.expressions import Expression


class Role(StrEnum):
    """What a number stands for, and so the scale on which its range is spread."""

    CHANCE = "chance"  # a probability in [0, 1]; normal on the log-odds
    WEIGHT = "weight"  # a state's share before normalising; normal on its logarithm
    ODDS = "odds"  # a multiplier on the odds, positive; lognormal
    ADD = "add"  # a shift of a quantity on its scale; normal
    VALUE = "value"  # a value of a quantity in its unit; normal on the quantity's scale
    SPREAD = "spread"  # a 90 % half-width of luck, positive; lognormal
    RATE = "rate"  # a hazard: chance a year; normal on the log-odds of that chance


class Scale(StrEnum):
    """Where a quantity's centre, luck and shifts add up. `logit` is for shares in percent."""

    LINEAR = "linear"
    LOG = "log"
    LOGIT = "logit"


@dataclass(frozen=True, slots=True)
class Point:
    """`5%`, `x5`, `62`: a bare point, a range of width zero."""

    value: float


@dataclass(frozen=True, slots=True)
class Range:
    """`5% to 15%`, `x3 to x12`, `58 to 64`: a 90 % range, symmetric on its role's scale.

    `word` is set when the file used one of its own adverbs (`clearly`), kept so that `dump` can write it back.
    """

    low: float
    high: float
    coverage: float = 0.9
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """`12 of 87 (class)`: counted cases, and of what. Beta (Jeffreys); over states, Dirichlet."""

    cases: float
    of: float
    reference_class: str


@dataclass(frozen=True, slots=True)
class Hedge:
    """`unlikely`: a surveyed hedge, read as its pooled 10th to 90th percentile (an 80 % range)."""

    phrase: str
    low: float
    high: float
    coverage: float = 0.8


Number = Point | Range | Count | Hedge


@dataclass(frozen=True, slots=True)
class Per:
    """`x1.2 per 10 points of approval from 50`: the number applies once per `step` of `of` above `origin`."""

    step: float
    unit: str | None
    of: Expression
    origin: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """One assumption: a number in its role, the rival readings it is mixed with, and where it was written.

    Rivals (other reference classes, other measurements) are drawn with equal weight beside `number`,
    one of them for each assumption draw.
    """

    number: Number
    role: Role
    rivals: tuple[Number, ...] = ()
    per: Per | None = None
    span: Span | None = field(default=None, compare=False)

    @property
    def certain(self) -> bool:
        """Whether this is a bare point: a range of width zero."""
        return isinstance(self.number, Point) and not self.rivals
