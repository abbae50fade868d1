"""Claims + answers -> verdicts: what holds, what fails, what depends and on what, and what cannot be said.

A claim is judged in each assumption draw. It *holds* or *fails* where at least nine draws in ten fall inside or outside
what was meant; else it *depends*. What was meant is a hedge, read as surveys found that people read it, or a range. A
flat assertion is never read as a silent 95 %: it is tested twice, as `more likely than not` and as `almost certain`,
and where the two part ways it depends on how strongly it was meant. Where the range over couplings of the two worlds
crosses the line, nothing in the file can say, whatever the number. Values get no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from jonbar.claims.estimands import Asked, answer_all
from jonbar.errors import QuestionError
from jonbar.query.answering import Answer
from jonbar.query.comparing import compare
from jonbar.query.starving import no_number
from jonbar.scenario.expressions import And
from jonbar.scenario.hedges import SURVEYED
from jonbar.scenario.meant import meant_by
from jonbar.scenario.questions import Comparison, Estimand, FactTest, Rank, Ratio, Test, parse_test
from jonbar.scenario.recorded import held
from jonbar.scenario.terms import Claim, ClaimKind, Luck
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.sensitivity.hinges import Assumed, Hinge, drawn

MOST = 0.9  # of the draws
MOST_HINGES = 3
ONE_HALF, ALMOST_CERTAIN = 0.5, SURVEYED["almost certain"][0]
REACHABLE = 0.01  # a chance from which an outcome counts as possible
UNTESTED = "The claim has no test: nothing in the file says what would bear it out."
WORDS = "It says how a word is to be used, which no history settles; no number fits it."
OUTSIDE = "It lies outside the model: no question of the file bears on it."


class Verdict(StrEnum):
    """What comes of a claim."""

    HOLDS = "holds"
    FAILS = "fails"
    DEPENDS = "depends"
    FALSE = "false as to fact"
    LITTLE = "says too little to test"
    CANNOT = "cannot say"
    VALUE = "a matter of value"


@dataclass(frozen=True)
class Judged:
    """A claim and its verdict, with what the verdict stands on.

    `answer` is what was computed, and `other` what it is compared with. `share` is the part of the assumption draws in
    which the claim holds as it was meant; `meant` that range, None for a flat assertion. `hangs_on` names what would
    change the verdict. `why` is one sentence.
    """

    claim: Claim
    verdict: Verdict
    why: str
    answer: Answer | None = None
    other: Answer | None = None
    difference: float | None = None
    share: float | None = None
    meant: tuple[float, float] | None = None
    hangs_on: tuple[Hinge, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the claim is one that must hold, and does not."""
        return self.claim.must and self.verdict is not Verdict.HOLDS


def judge(
    model: Model,
    posterior: Posterior,
    *,
    luck: Luck | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Judged, ...]:
    """Every claim of a scenario judged, in the order of the file; all their estimands in one pass."""
    asked = ask_for_claims(model, posterior, luck=luck, executor=executor, progress=progress)
    return judge_answered(model, Assumed(drawn(model, posterior)), asked)


def ask_for_claims(
    model: Model,
    posterior: Posterior,
    *,
    luck: Luck | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Asked | QuestionError]:
    """What the claims of a scenario need to know, by claim and side of its test."""
    wanted = {
        f"{name}/{side}": _supposing(each, model.scenario.claims[name])
        for name, test in _tests(model).items()
        if model.scenario.claims[name].kind is not ClaimKind.VALUE
        for side, each in _estimands(test).items()
    }
    sides = {left: f"{left.removesuffix('/left')}/right" for left in wanted if left.endswith("/left")}
    against = {left: right for left, right in sides.items() if right in wanted and wanted[left].what != "possible"}
    found = answer_all(model, posterior, wanted, luck=luck, against=against, executor=executor, progress=progress)
    return {
        name: no_number(posterior, each.answer.starved) if isinstance(each, Asked) and each.answer.starved else each
        for name, each in found.items()
    }


def judge_answered(model: Model, assumed: Assumed, asked: Mapping[str, Asked | QuestionError]) -> tuple[Judged, ...]:
    """Every claim of a scenario judged by what was answered for it, in draws that assume this."""
    tests, found = _tests(model), []
    for name, claim in model.scenario.claims.items():
        sides = {key.rpartition("/")[2]: each for key, each in asked.items() if key.rpartition("/")[0] == name}
        found.append(_judge(Case(model, assumed, claim, tests[name], sides)))
    return tuple(found)


def _tests(model: Model) -> Mapping[str, Test | None]:
    claims = model.scenario.claims.items()
    return {name: parse_test(claim.test, model.scenario) if claim.test else None for name, claim in claims}


def _estimands(test: Test | None) -> dict[str, Estimand]:
    """What a test needs to know, by side; `because` asks for the same with the cause prevented."""
    match test:
        case Estimand() if test.because is not None:
            return {"left": replace(test, because=None), "right": test}
        case Estimand():
            raised = {"right": replace(test, under=None)} if test.what == "possible" and test.under else {}
            return {"left": test} | raised
        case Comparison(left=left, right=Estimand() as right) | Ratio(left=left, right=right):
            return {"left": left, "right": right}
        case Comparison():
            return {"left": test.left}
        case _:
            return {}


def _supposing(estimand: Estimand, claim: Claim) -> Estimand:
    """An estimand with what its claim takes for granted supposed, where it speaks of the changed history."""
    if claim.presupposes is None:
        return estimand
    given = claim.presupposes if estimand.given is None else And((estimand.given, claim.presupposes))
    return replace(estimand, given=given)


@dataclass(frozen=True)
class Case:
    """A claim before its judge, with what was asked for it."""

    model: Model
    assumed: Assumed
    claim: Claim
    test: Test | None
    sides: Mapping[str, Asked | QuestionError]

    def side(self, name: str) -> Asked:
        """What was asked for a side of the test."""
        found = self.sides[name]
        assert isinstance(found, Asked)
        return found

    def hinges(self, draws: Array, noise: Array, weights: Array) -> tuple[Hinge, ...]:
        """Which of the assumptions that its sides lean on the verdict hangs on; arrays have shape (draw,)."""
        asked = [each.answer.leans_on for each in self.sides.values() if isinstance(each, Asked)]
        return self.assumed.hinges(draws, noise, weights, frozenset().union(*asked))[:MOST_HINGES]

    def turns(self, verdict: Verdict, asked: Asked) -> tuple[Hinge, ...]:
        """What would turn a verdict about a chance: nothing that the file leaves open, unless it depends."""
        return self.hinges(asked.shares, asked.noise, asked.weights) if verdict is Verdict.DEPENDS else ()


def _judge(case: Case) -> Judged:
    claim, test = case.claim, case.test
    if claim.kind is ClaimKind.VALUE:
        return Judged(claim, Verdict.VALUE, "It weighs what happens and does not say what happens; no number fits it.")
    if claim.kind is ClaimKind.UNCOVERED:
        return Judged(claim, Verdict.CANNOT, OUTSIDE)
    if test is None and claim.kind is ClaimKind.DEFINITION:
        return Judged(claim, Verdict.VALUE, WORDS)
    if test is None:
        return _by_records(case)
    refused = next((each for each in case.sides.values() if isinstance(each, QuestionError)), None)
    if refused is not None:
        return Judged(claim, Verdict.CANNOT, f"{refused.message} {refused.suggestion or ''}".strip())
    match test:
        case FactTest():
            return _by_fact(case, test)
        case Rank():
            return Judged(claim, Verdict.CANNOT, f"The file does not hold the cases: {test.among}.")
        case Estimand(what="possible"):
            return _possible(case)
        case Estimand(because=None, what="chance"):
            return _chance(case)
        case Estimand(because=None):
            return Judged(
                claim, Verdict.LITTLE, "It names a quantity and no line that it would cross.", case.side("left").answer
            )
        case _:
            return _difference(case)


def _by_records(case: Case) -> Judged:
    """A claim that only records can settle: what was said or done, by the sources for and against it."""
    claim, sources = case.claim, case.model.scenario.sources
    if claim.kind not in (ClaimKind.FACT, ClaimKind.UTTERANCE):
        return Judged(claim, Verdict.LITTLE, UNTESTED)

    def weigh(names: tuple[str, ...]) -> list[str]:
        firm = ("record", "study", "survey", "reference")
        return [name for name in names if name in sources and sources[name].kind in firm]

    borne_out, denied = weigh(claim.supporting), weigh(claim.against)
    if borne_out and not denied:
        return Judged(claim, Verdict.HOLDS, f"Records bear it out: {', '.join(borne_out)}.")
    if denied and not borne_out:
        return Judged(claim, Verdict.FALSE, f"Records speak against it: {', '.join(denied)}.")
    if borne_out:
        return Judged(claim, Verdict.CANNOT, f"Records disagree: {', '.join(borne_out)} against {', '.join(denied)}.")
    told = [name for name in (*claim.supporting, *claim.against) if name in sources]
    rests = f"it rests on {', '.join(told)} alone" if told else "no source is given"
    return Judged(claim, Verdict.CANNOT, f"No record settles it: {rests}.")


def _by_fact(case: Case, test: FactTest) -> Judged:
    happened = held(test.of, case.model.scenario)
    if happened is None:
        return Judged(case.claim, Verdict.CANNOT, "The file records no fact that settles it.")
    if happened:
        return Judged(case.claim, Verdict.HOLDS, "It is what happened, as the file records it.")
    return Judged(case.claim, Verdict.FALSE, "It is not what happened, as the file records it.")


def _chance(case: Case) -> Judged:
    asked, meant = case.side("left"), meant_by(case.claim)
    draws, weights = asked.settled(), asked.weights
    here = weights > 0.0

    def share(low: float, high: float) -> float:
        return float(weights[here] @ ((draws[here] >= low - 1e-12) & (draws[here] <= high + 1e-12)))

    if meant is None:
        weak, strong = share(ONE_HALF, 1.0), share(ALMOST_CERTAIN, 1.0)
        verdict = Verdict.HOLDS if strong >= MOST else Verdict.FAILS if weak <= 1.0 - MOST else Verdict.DEPENDS
        why = {
            Verdict.HOLDS: "Asserted flatly, and almost certain in nine draws of ten or more.",
            Verdict.FAILS: "Asserted flatly, and less likely than not in nine draws of ten or more.",
            Verdict.DEPENDS: f"Asserted flatly: likelier than not in {_percent(weak)} of the draws, almost certain in "
            f"{_percent(strong)}.",
        }[verdict]
        judged = Judged(case.claim, verdict, why, asked.answer, share=weak, hangs_on=case.turns(verdict, asked))
        return _checked(case, judged, (ONE_HALF,))
    inside = share(*meant)
    verdict = Verdict.HOLDS if inside >= MOST else Verdict.FAILS if inside <= 1.0 - MOST else Verdict.DEPENDS
    says = f"{100 * meant[0]:.0f} to {_percent(meant[1])}"
    why = {
        Verdict.HOLDS: f"What was meant, {says}, is what nine draws of ten or more come to.",
        Verdict.FAILS: f"Nine draws of ten or more lie outside what was meant, {says}.",
        Verdict.DEPENDS: f"{_percent(inside)} of the draws lie in what was meant, {says}.",
    }[verdict]
    hangs_on = case.turns(verdict, asked)
    judged = Judged(case.claim, verdict, why, asked.answer, share=inside, meant=meant, hangs_on=hangs_on)
    return _checked(case, judged, meant)


def _checked(case: Case, judged: Judged, lines: tuple[float, ...]) -> Judged:
    """A firm verdict is withdrawn where another coupling of the two worlds would put the chance across the line."""
    answer = judged.answer
    if answer is None or answer.attained_low is None or answer.attained_high is None:
        return judged
    crossed = any(answer.attained_low < line < answer.attained_high for line in lines)
    if judged.verdict not in (Verdict.HOLDS, Verdict.FAILS) or not crossed:
        return judged
    why = (
        f"The number would be {judged.verdict.value[:-1]}, but it is convention: other couplings of the two histories "
        f"give {100 * answer.attained_low:.0f} to {_percent(answer.attained_high)}."
    )
    return replace(judged, verdict=Verdict.CANNOT, why=why)


def _possible(case: Case) -> Judged:
    asked = case.side("left")
    draws, weights = asked.settled(), asked.weights
    here = weights > 0.0
    share = float(weights[here] @ (draws[here] >= REACHABLE))
    verdict = Verdict.HOLDS if share >= MOST else Verdict.FAILS if share <= 1.0 - MOST else Verdict.DEPENDS
    before = case.side("right").answer if "right" in case.sides else None
    raised = asked.answer.value - before.value if before else None
    moved = f", {_points(raised)} against our history" if raised is not None else ""
    why = f"It has a chance of one in a hundred or more in {_percent(share)} of the draws{moved}."
    return Judged(case.claim, verdict, why, asked.answer, before, raised, share, None, case.turns(verdict, asked))


def _difference(case: Case) -> Judged:
    """Two estimands of the same draws, or one against a number: in which share of the draws the comparison holds.

    A draw in which both sides are alike is none of them, whichever way they are compared.
    """
    left = case.side("left")
    right = case.side("right") if "right" in case.sides else None
    line = case.test.right if isinstance(case.test, Comparison) and isinstance(case.test.right, float) else 0.0
    upward = not (isinstance(case.test, Comparison) and case.test.operator.startswith("<"))
    other = right.shares if right is not None else np.full(left.shares.shape, line)
    weights = left.weights if right is None else np.where(np.isnan(right.shares), 0.0, left.weights)
    here = weights > 0.0
    if not here.any():
        return Judged(case.claim, Verdict.CANNOT, "In no draw do both sides happen.", left.answer)
    weights = weights / weights.sum()
    sign = 1.0 if upward else -1.0
    noise = left.apart.noise if left.apart else left.noise + (right.noise if right is not None else 0.0)
    alike = left.apart.alike[here] if left.apart else None
    parted = left.apart.parted.some(here, sign) if left.apart and left.apart.parted else None
    found = compare(sign * (left.shares - other)[here], weights[here], noise[here], alike, parted)
    mean, error, share = found.value, found.error, found.share
    judged = Judged(
        case.claim,
        Verdict.CANNOT,
        "The two sides cannot be told apart.",
        left.answer,
        right.answer if right is not None else None,
        mean if upward else -mean,
        share,
    )
    if abs(mean) <= 3.0 * error or mean == 0.0:
        return judged
    meant = meant_by(case.claim)
    if meant is not None:  # a hedge on a comparison is a chance that the comparison is true
        why = f"It is so in {_percent(share)} of the draws; {100 * meant[0]:.0f} to {_percent(meant[1])} was meant."
        verdict = Verdict.HOLDS if meant[0] <= share <= meant[1] else Verdict.FAILS
        return replace(judged, verdict=verdict, why=why, meant=meant)
    verdict = Verdict.HOLDS if share >= MOST else Verdict.FAILS if share <= 1.0 - MOST else Verdict.DEPENDS
    if verdict is not Verdict.DEPENDS:
        hangs_on: tuple[Hinge, ...] = ()
    else:
        draws, left_to_luck = np.zeros(here.shape), np.zeros(here.shape)
        draws[here], left_to_luck[here] = found.draws, found.noise
        hangs_on = case.hinges(draws, left_to_luck, weights)
    return replace(judged, verdict=verdict, why=f"It is so in {_percent(share)} of the draws.", hangs_on=hangs_on)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _points(change: float) -> str:
    points = round(100 * change)
    return "no change" if points == 0 else f"{'up' if points > 0 else 'down'} {abs(points)} points"
