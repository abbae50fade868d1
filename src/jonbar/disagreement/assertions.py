"""What claims assert: a chance within bounds, or that one number is larger than another.

A hedge bounds the chance as surveys found it read. A flat assertion says that a thing is likelier than not, and no
more. What a claim takes for granted is a condition on it. A claim that only keeps a comparison possible asserts
nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from jonbar.scenario.expressions import And, Expression
from jonbar.scenario.meant import meant_by
from jonbar.scenario.notation import write_expression
from jonbar.scenario.questions import Comparison, Estimand, FactTest, Ratio, Test, parse_test
from jonbar.scenario.terms import Claim, ClaimKind, Scenario

OURS = ""  # the world in which history happened
LEAST = 1e-4  # a difference that counts
POSSIBLE = 0.01  # the chance from which an outcome counts as possible


@dataclass(frozen=True)
class Term:
    """A chance or a mean in one world, perhaps given something. A world is a reading, with what it prevents."""

    what: str  # chance or mean
    world: str
    of: Expression
    given: Expression | None = None

    @property
    def words(self) -> str:
        """The same in words, one for each number."""
        given = f" given {write_expression(self.given)}" if self.given is not None else ""
        return f"{self.what} of {write_expression(self.of)} under {self.world or 'our history'}{given}"

    @property
    def trees(self) -> tuple[Expression, ...]:
        """Every condition in it."""
        return (self.of,) if self.given is None else (self.of, self.given)


@dataclass(frozen=True)
class Assertion:
    """What one claim says of numbers: `left` lies within bounds, or exceeds `right`."""

    claim: Claim
    left: Term
    right: Term | None = None
    low: float = 0.0
    high: float = 1.0

    @property
    def terms(self) -> tuple[Term, ...]:
        """The numbers that it speaks of."""
        return (self.left,) if self.right is None else (self.left, self.right)

    def moved(self, world: str, *, bare: bool) -> Assertion:
        """The same, said of another world (never of ours), and without its conditions if `bare`."""

        def move(term: Term) -> Term:
            elsewhere = replace(term, world=term.world and world)
            return replace(elsewhere, given=None) if bare else elsewhere

        return replace(self, left=move(self.left), right=move(self.right) if self.right is not None else None)


def assertion_of(claim: Claim, scenario: Scenario) -> Assertion | None:
    """What a claim asserts of numbers; None where it asserts nothing that another could contradict."""
    if claim.kind is ClaimKind.VALUE or not claim.test:
        return None
    return _read(claim, parse_test(claim.test, scenario))


def _read(claim: Claim, test: Test) -> Assertion | None:
    meant = meant_by(claim)
    match test:
        case FactTest():
            return Assertion(claim, Term("chance", OURS, test.of), low=1.0)
        case Estimand(because=None, what="chance"):
            low, high = meant if meant is not None else (0.5 + LEAST, 1.0)
            return Assertion(claim, _term(test, claim), low=low, high=high)
        case Estimand(because=None, what="possible"):
            return Assertion(claim, _term(test, claim), low=POSSIBLE)
        case Estimand(because=None):
            return None
        case Estimand():
            return _compared(claim, replace(test, because=None), ">", test, meant)
        case Comparison():
            return _compared(claim, test.left, test.operator, test.right, meant)
        case Ratio(left=left, right=right):
            return _compared(claim, left, ">", right, meant)
        case _:
            return None


def _compared(
    claim: Claim, left: Estimand, operator: str, right: Estimand | float, meant: tuple[float, float] | None
) -> Assertion | None:
    """One number beside another, or beside a line; a hedge below one half denies it, one across says nothing."""
    upward = operator.startswith(">")
    if meant is not None and meant[0] < 0.5:
        if meant[1] > 0.5:
            return None
        upward = not upward
    one = _term(left, claim)
    if isinstance(right, Estimand):
        other = _term(right, claim)
        return Assertion(claim, *((one, other) if upward else (other, one)))
    infinite = 1.0 if left.what == "chance" else float("inf")
    bounds = (right + LEAST, infinite) if upward else (0.0 if left.what == "chance" else -infinite, right - LEAST)
    return Assertion(claim, one, low=bounds[0], high=bounds[1])


def _term(estimand: Estimand, claim: Claim) -> Term:
    given = [each for each in (estimand.given, claim.presupposes) if each is not None]
    world = estimand.under or OURS
    if estimand.because is not None:
        world += f" without {write_expression(estimand.because)}"
    if estimand.given_really is not None:
        world += f" where really {write_expression(estimand.given_really)}"
    together = None if not given else given[0] if len(given) == 1 else And(tuple(given))
    return Term("mean" if estimand.what == "mean" else "chance", world, estimand.of, together)
