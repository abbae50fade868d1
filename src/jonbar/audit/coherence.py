"""Coherence: branches that must add up, and claims that cannot all hold.

Experts who unpack a question into its branches give them more than 100 % in total (Tversky & Koehler 1994; Tetlock &
Lebow 2001). Here every chance is a share of one and the same set of worlds, so that exclusive and exhaustive branches
always add up to the whole; the figures are shown so that a reader may see it. The readings of a what-if need not be
exclusive: what they add up to beyond the chance of any of them is the chance of two at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from jonbar.audit.outcomes import mean_of
from jonbar.query.answering import measure
from jonbar.query.answers import filed
from jonbar.scenario.expressions import And, Expression, Is, Name
from jonbar.scenario.hedges import SURVEYED
from jonbar.scenario.questions import Comparison, Estimand, parse_test
from jonbar.scenario.terms import KEEP, Claim, Luck, Reading, Scenario
from jonbar.scm.assimilate import Posterior
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe, Sums
from jonbar.scm.survey import survey
from jonbar.sensitivity.arguments import unit_of

ENOUGH = 10.8  # draws expected, of which to see none by mere luck has a chance of 2 in 100,000


@dataclass(frozen=True)
class Unpacked:
    """A chance, and the chances of the same thing together with each answer to another question."""

    text: str
    by: str
    whole: float
    branches: tuple[tuple[str, float], ...]

    @property
    def total(self) -> float:
        """What the branches add up to."""
        return sum(chance for _, chance in self.branches)


@dataclass(frozen=True)
class Held:
    """One claim that has a test and a meaning, and the share of what the file leaves open in which it holds."""

    claim: str
    says: str
    share: float


@dataclass(frozen=True)
class Together:
    """Claims that were looked at together: the share of draws in which all of them hold, and pairs that never do."""

    claims: tuple[Held, ...]
    all_of_them: float
    never: tuple[tuple[str, str], ...]
    untested: int  # claims without a test that a draw can pass or fail


def unpack(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    luck: Luck,
    outcome: tuple[str, Expression],
    by: Sequence[str],
    *,
    executor: Executor | None = None,
) -> tuple[Unpacked, ...]:
    """The chance of an outcome here, unpacked by the answers to each of these questions."""
    text, expression = outcome
    probes: dict[str, Probe] = {"": Probe("here", expression)}
    for name in by:
        for state in states_of(model, name):
            probes[filed(name, state)] = Probe("here", And((expression, Is(Name(name), state))))
    sums = survey(model, posterior, Plan({"here": Branch(reading.do, luck)}, probes), executor=executor)
    whole = mean_of(sums[""])
    return tuple(
        Unpacked(
            text, name, whole, tuple((state, mean_of(sums[filed(name, state)])) for state in states_of(model, name))
        )
        for name in by
    )


def states_of(model: Model, name: str) -> tuple[str, ...]:
    """The answers a question may have."""
    return tuple(model.states.get(name, ("no", "yes")))


def together(model: Model, posterior: Posterior, *, executor: Executor | None = None) -> Together:
    """Which of the file's claims can hold at once: in each assumption draw a claim holds or does not."""
    scenario = model.scenario
    tests = {name: test for name, claim in scenario.claims.items() if (test := _testable(scenario, claim)) is not None}
    branches: dict[str, Branch] = {"": Branch()}
    probes: dict[str, Probe] = {}
    readings = scenario.readings()
    for name, (sides, _, _) in tests.items():
        for position, side in enumerate(sides):
            under = side.under or ""
            if under:
                reading = readings[under]
                branches[under] = Branch(reading.do, reading.luck or KEEP)
            probes[filed(name, str(position))] = Probe(under, side.of, side.given, side.given_really)
    if not tests:
        return Together((), 1.0, (), len(scenario.claims))
    sums = survey(model, posterior, Plan(branches, probes), executor=executor)
    holds = {
        name: _holds(model, test, [sums[filed(name, str(each))] for each in range(len(test[0]))])
        for name, test in tests.items()
    }
    weight = next(iter(sums.values())).weight
    weight = np.ones_like(weight) if weight.sum() <= 0.0 else weight
    shares = weight / weight.sum()
    held = tuple(Held(name, scenario.claims[name].says, float(shares @ each)) for name, each in holds.items())
    never = tuple(
        (one, other)
        for one, other in combinations(holds, 2)
        if _expected(shares, holds[one], holds[other]) > ENOUGH and not (holds[one] & holds[other]).any()
    )
    whole = np.logical_and.reduce(list(holds.values()))
    return Together(held, float(shares @ whole), never, len(scenario.claims) - len(tests))


def _expected(shares: Array, one: Array, other: Array) -> float:
    """In how many draws two claims would hold together if they had nothing to do with each other."""
    return float(shares @ one) * float(shares @ other) / float(shares @ shares)


Test = tuple[tuple[Estimand, ...], float, float]


def _testable(scenario: Scenario, claim: Claim) -> Test | None:
    """The numbers that a claim is about and between which bounds it holds; None where no draw can pass or fail it."""
    if not claim.test:
        return None
    test = parse_test(claim.test, scenario)
    if isinstance(test, Comparison):
        sides = (test.left,) if isinstance(test.right, float) else (test.left, test.right)
        if any(each.because is not None or each.what == "possible" for each in sides):
            return None
        at = test.right if isinstance(test.right, float) else 0.0
        return (sides, at, np.inf) if test.operator[0] == ">" else (sides, -np.inf, at)
    if isinstance(test, Estimand) and test.what == "chance" and test.because is None and claim.meant:
        meant = meaning_of(claim.meant)
        return ((test,), *meant) if meant is not None else None
    return None


def meaning_of(meant: str) -> tuple[float, float] | None:
    """A hedge or a range of percent as bounds of a chance; None where it cannot be read."""
    found = SURVEYED.get(meant.strip().lower())
    if found is not None:
        return found
    ends = [part.strip().rstrip("%") for part in meant.split(" to ")]
    try:
        low, high = (float(ends[0]) / 100, float(ends[-1]) / 100)
    except ValueError:
        return None
    return (low, high) if 0.0 <= low <= high <= 1.0 else None


def _holds(model: Model, test: Test, sums: Sequence[Sums]) -> Array:
    """In which draws a claim holds; the noise of their tellings is taken out of each draw's chance first."""
    sides, low, high = test
    values = []
    for side, each in zip(sides, sums, strict=True):
        drawn = np.full(each.weight.shape, np.nan)
        drawn[each.weight > 0.0] = measure(each, unit_of(model, side.of)).draws
        values.append(drawn)
    compared = values[0] - values[1] if len(values) > 1 else values[0]
    return np.asarray((compared >= low) & (compared <= high))
