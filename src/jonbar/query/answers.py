"""What an answer is: a number with its estimand, its ranges, its errors and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from jonbar.showing import Shown

SUMMED_OUT = "exact in each draw: luck summed out; assumptions by chains"
PARTLY = "exact in part: quantities sampled, the rest summed out given them; assumptions by chains"
SAMPLED = "sampled; assumptions by chains, hidden luck in proportion to its fit"
RANGES = ("attained_low", "attained_high", "stable_low", "stable_high")
COUPLINGS = (*RANGES, *(f"{name}_error" for name in RANGES))
_SEPARATOR = "\x1f"  # no name holds it


def filed(*parts: str) -> str:
    """The name under which something is filed that has several parts."""
    return _SEPARATOR.join(parts)


def outcome_of(question: str, label: str) -> str:
    """One answer to one question, wherever answers are told apart by a name: `reply` and `strike`, `steel in 1964`."""
    return filed(question, label)


def question_in(outcome: str) -> str:
    """The question of an outcome."""
    return outcome.partition(_SEPARATOR)[0]


def label_in(outcome: str) -> str:
    """Which answer to its question an outcome is; empty where it is none."""
    return outcome.partition(_SEPARATOR)[2]


@dataclass(frozen=True)
class Answer(Shown):
    """A number and everything it needs to be read: what was asked, how sure it is, and how it was obtained.

    `estimand` says in words what it is of. `value` is a chance from 0 to 1, and `unit` then
    `chance`; or it is a mean in `unit`. `low` and `high` span 90 % of the weighted assumption draws: what the file
    leaves open. `error` is the Monte Carlo standard error of `value`. `predictive_low` and `predictive_high`
    (quantities only) span 90 % of worlds, luck included. The attained range is over couplings of the two worlds with
    the same chances, the stable range over those of them that are stable; both are inner bounds, each end has its Monte
    Carlo standard error, and None stands where it has not been worked out. Where only one coupling is stable, both ends
    of the stable range are the value.

    `effective` is the answer's variance in one world over the squared error: so many independent worlds would have told
    as much. `leans_on` names the open assumptions that it depends on, in file order; `links` counts the uncertain links
    on the longest chain from the change to it. Where `starved` names facts that it leans on and that starve the draws,
    there is no number: every figure is NaN.

    Source: docs/explanation/engine, for the ranges over couplings.
    """

    estimand: str
    value: float
    low: float
    high: float
    error: float
    unit: str
    predictive_low: float | None
    predictive_high: float | None
    attained_low: float | None
    attained_high: float | None
    effective: float
    distinct: int
    draws: int
    tellings: int
    seed: int
    luck: str
    method: str
    leans_on: tuple[str, ...]
    links: int
    starved: tuple[str, ...] = ()
    attained_low_error: float | None = None
    attained_high_error: float | None = None
    stable_low: float | None = None
    stable_high: float | None = None
    stable_low_error: float | None = None
    stable_high_error: float | None = None

    @property
    def exact(self) -> bool:
        """Whether luck is summed out of it, so that only assumptions are sampled."""
        return self.method == SUMMED_OUT

    @property
    def partly(self) -> bool:
        """Whether only quantities and what they are made from are sampled, and the rest is summed out given them."""
        return self.method == PARTLY

    @property
    def alone(self) -> Answer:
        """The same answer without its ranges over couplings, which other draws or weights would change."""
        nothing: dict[str, Any] = dict.fromkeys(COUPLINGS)
        return replace(self, **nothing)
