"""Estimands answered, one or many: for a question that somebody asks, and for all that the claims of a file need.

Many are answered together, in one pass over the worlds. A claim is judged in each assumption draw, so what is found is
not only an answer but each draw's own share. Draws are the same for every estimand: two of them may be compared within
each draw, where their common luck cancels.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from jonbar.errors import QuestionError
from jonbar.identification import attained, widened
from jonbar.query.answering import Answer, Scope, answer
from jonbar.query.answers import filed
from jonbar.query.clearing import Measured, is_chance, measured
from jonbar.query.comparing import Parted
from jonbar.query.wording import say_estimand, under
from jonbar.scenario.expressions import Expression, Name
from jonbar.scenario.notation import write_expression
from jonbar.scenario.questions import Estimand, parse_test
from jonbar.scenario.terms import KEEP, Kind, Luck
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.attained import Attained
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe, Sums, part_of
from jonbar.scm.survey import survey
from jonbar.sensitivity.arguments import unit_of

ONE_NUMBER = "Write `chance of A under W` or `mean of Q under W`, perhaps with `given B` or `given really B`."


@dataclass(frozen=True, eq=False)
class Apart:
    """How far an answer lies from another in the same worlds; arrays have shape (draw,).

    `noise` is the variance that tellings leave in that, `alike` where no telling says that there is any difference;
    `parted` is known of a yes or no.
    """

    noise: Array
    alike: Array
    parted: Parted | None = None


@dataclass(frozen=True, eq=False)
class Asked:
    """An estimand's answer, and what each assumption draw says; arrays have shape (draw,).

    `shares` is NaN in a draw in which what is supposed never happens. `noise` is the variance that tellings leave in a
    draw's share; `weights` sum to 1. Where facts starve the answer no draw counts, and every share is NaN.
    """

    answer: Answer
    shares: Array
    noise: Array
    weights: Array
    apart: Apart | None = None  # from what it is compared with, where both are sampled

    def measured(self) -> Measured:
        """The number in those draws that count."""
        here = self.weights > 0.0
        return measured(self.shares[here], self.weights[here], self.noise[here], self.answer.unit)

    def settled(self) -> Array:
        """Each draw's share with the noise of its tellings taken out, as ranges are read from."""
        found = np.full(self.shares.shape, np.nan)
        found[self.weights > 0.0] = self.measured().draws
        return found


def ask(model: Model, posterior: Posterior, question: str, *, executor: Executor | None = None) -> Answer:
    """How likely something is, or how much, in a changed history or in ours: `chance of flood by 1915 under dry`.

    The question is a test as claims have it, of one number. Without `under`, it is about our own history. What stands
    after `given` is supposed in the same worlds, after `given really` in ours; supposing does nothing.

    Errors: E510 what cannot be read or is no single number, E412 if no world agrees with what is supposed.
    """
    test = parse_test(question, model.scenario)
    if not isinstance(test, Estimand) or test.what == "possible" or test.because is not None:
        raise QuestionError("E510", f"`{question}` does not ask for one number.", ONE_NUMBER)
    return answer_one(model, posterior, test, executor=executor)


def answer_one(
    model: Model,
    posterior: Posterior,
    estimand: Estimand,
    *,
    luck: Luck | None = None,
    executor: Executor | None = None,
) -> Answer:
    """The answer to one estimand. `luck` replaces what its reading says of the dial.

    Errors: E412 if no world agrees with what is supposed, E511 where `because` names what cannot be prevented.
    """
    found = answer_all(model, posterior, {"asked": estimand}, luck=luck, executor=executor)["asked"]
    if isinstance(found, QuestionError):
        raise found
    return found.answer


def answer_all(
    model: Model,
    posterior: Posterior,
    estimands: Mapping[str, Estimand],
    *,
    luck: Luck | None = None,
    against: Mapping[str, str] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Asked | QuestionError]:
    """Every estimand by name; a QuestionError stands where one has no answer, and says why.

    `against` says by name which is compared with which: how much luck is left in their difference is then measured.
    `luck` replaces what readings say of the dial. `because B` is answered with B prevented: compare it with the same
    estimand without `because`.
    """
    branches: dict[str, Branch] = {}
    probes: dict[str, Probe] = {}
    found: dict[str, Asked | QuestionError] = {}
    for name, each in estimands.items():
        try:
            branch = branch_of(model, each, luck)
        except QuestionError as fault:
            found[name] = fault
            continue
        key = next((known for known, other in branches.items() if other == branch), f"branch {len(branches)}")
        branches[key] = branch
        probes[name] = Probe(key, each.of, each.given, each.given_really)
    pairs = {filed(*pair): pair for pair in (against or {}).items() if _comparable(probes, *pair)}
    plan = Plan(branches, probes, pairs)
    sums = survey(model, posterior, plan, executor=executor, progress=progress) if probes else {}
    for name, probe in probes.items():
        try:
            found[name] = _asked(model, posterior, estimands[name], branches[probe.branch], sums[name])
        except QuestionError as fault:
            found[name] = fault
    for pair, names in pairs.items():
        one, other = (found[name] for name in names)
        if pair in sums and isinstance(one, Asked) and isinstance(other, Asked):
            found[names[0]] = replace(one, apart=_apart(sums, pair, (one, other)))
    ranges: dict[str, Attained] = {}
    for key, branch in branches.items():
        mine = [name for name, probe in probes.items() if probe.branch == key]
        targets = {name: estimands[name].of for name in mine if _coupled(estimands[name], found[name])}
        ranges |= attained(model, posterior, branch, targets)
    for name, reach in ranges.items():
        asked = found[name]
        assert isinstance(asked, Asked)
        found[name] = replace(asked, answer=widened(asked.answer, reach))
    return found


def _apart(sums: Mapping[str, Sums], pair: str, asked: tuple[Asked, Asked]) -> Apart:
    """What the worlds of the draws that count say of a difference."""
    here = asked[0].weights > 0.0

    def of(part: str) -> tuple[Array, Array]:
        mean, noise = (np.where(here, each, 0.0) for each in sums[part_of(pair, part)].shares())
        return mean, noise

    difference, noise = of("")
    alike = (difference == 0.0) & (noise == 0.0)
    if any(each.answer.exact for each in asked):  # it is told of worlds for how histories part, and not for its mean
        noise = asked[0].noise + asked[1].noise
    if part_of(pair, "rather") not in sums:
        return Apart(noise, alike)
    (could, _), (either, _), (rather, left) = map(of, ("could", "either", "rather"))
    told = sums[pair]
    tellings = np.divide(told.weight**2, told.weight_squared, out=np.zeros(here.shape), where=here)
    return Apart(noise, alike, Parted(could, either, rather, left, tellings))


def _comparable(probes: Mapping[str, Probe], one: str, other: str) -> bool:
    """Whether two probes are asked of the same worlds: both suppose the same, and nothing of a changed history."""
    both = [probes[each] for each in (one, other) if each in probes]
    return len(both) == 2 and both[0].given_really == both[1].given_really and not any(each.given for each in both)


def _coupled(estimand: Estimand, found: Asked | QuestionError) -> bool:
    """Whether an answer is a chance that stands on how both worlds share their luck, and on no more."""
    alone = estimand.given is None and estimand.given_really is None and estimand.because is None
    known = isinstance(found, Asked) and not found.answer.starved and is_chance(found.answer.unit)
    return known and alone and estimand.what != "possible"


def branch_of(model: Model, estimand: Estimand, luck: Luck | None = None) -> Branch:
    """The history that an estimand is about.

    Errors: E511 where `because` names what cannot be prevented.
    """
    reading = model.scenario.readings()[estimand.under] if estimand.under else None
    do = dict(reading.do) if reading else {}
    if estimand.because is not None:
        do |= _prevented(model, estimand.because)
    if not do:
        return Branch()
    return Branch(do, luck or (reading.luck if reading else None) or KEEP)


def _prevented(model: Model, cause: Expression) -> Mapping[str, str]:
    variable = model.scenario.variables.get(cause.name) if isinstance(cause, Name) else None
    if variable is None or variable.kind not in (Kind.EVENT, Kind.HAZARD):
        raise QuestionError(
            "E511", f"`{write_expression(cause)}` cannot be prevented.", "Name an event or a hazard after `because`."
        )
    return {variable.name: "never" if variable.kind is Kind.HAZARD else "no"}


def _asked(model: Model, posterior: Posterior, estimand: Estimand, branch: Branch, sums: Sums) -> Asked:
    unit = "chance" if estimand.what != "mean" else unit_of(model, estimand.of)
    prevented = [f"with {write_expression(estimand.because)} prevented"] if estimand.because is not None else []
    supposed = {"given": estimand.given, "given_really": estimand.given_really}
    words = say_estimand(unit, write_expression(estimand.of), under(estimand.under), *prevented, **supposed)
    told = answer(sums, Scope(model, posterior, branch, words, tuple(supposed.values())), estimand.of, unit)
    shares, noise = sums.shares()
    if told.starved:
        return Asked(told, np.full(shares.shape, np.nan), np.zeros(shares.shape), np.zeros(shares.shape))
    here = sums.weight > 0.0
    weights = np.where(here, sums.weight / sums.weight.sum(), 0.0)
    return Asked(told, np.where(here, shares, np.nan), np.where(here, noise, 0.0), weights)
