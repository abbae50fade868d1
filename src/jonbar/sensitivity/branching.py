"""The commonest histories of a what-if: the questions that part its worlds, and how often which answers come together.

Answers that are likely one by one need not be likely together. So whole sequences are counted: each branch is the
chance that all its answers hold in the same world, with the error and range of any other answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import product

import numpy as np

from jonbar.query.answering import Answer, Question, Scope, answer, questions_about
from jonbar.query.answers import filed
from jonbar.query.starving import starved_by
from jonbar.query.wording import say_estimand, under
from jonbar.scenario.expressions import And, Expression, Not, Or
from jonbar.scenario.terms import Kind, Luck, Reading, variable_in
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.counterfactual import run, twin
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey, taken_out, usable_weight
from jonbar.scm.worlds import Worlds
from jonbar.showing import Shown

FORKS = 4
ENDS = 10  # histories that are told apart
LEAST_BRANCH = 0.02  # of all worlds; what is rarer stands with the others
FEW_DRAWS = 250  # enough to see which questions part the worlds
LEAST_MOVED = 0.05  # of the worlds in which a question has another answer than in ours
LEAST_GAIN = 0.05  # bits, of all other questions together
LEAST_SHARE = 0.01  # of a state, below which it stands with the others
MOST_PATHS = 512
DISCRETE = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED, Kind.HAZARD)


@dataclass(frozen=True)
class Fork:
    """A question at which histories part; `really` is the answer that our history gave, empty if none is recorded."""

    variable: str
    when: str
    ask: str
    really: str


@dataclass(frozen=True)
class Course:
    """Answers to the first forks, in their order, and how often they come together; of `rest`, all others there."""

    answers: tuple[str, ...]
    share: Answer
    rest: bool = False


@dataclass(frozen=True)
class Branching(Shown):
    """The commonest histories. `courses` holds every beginning that is told apart, and what is left at each.

    A history that is not common is not followed to its end. Courses that go on from the same beginning, with what is
    left there, have its share together.
    """

    reading: str
    says: str
    luck: str
    forks: tuple[Fork, ...]
    courses: tuple[Course, ...]

    def onward(self, answers: tuple[str, ...]) -> tuple[Course, ...]:
        """How histories that begin with these answers go on, the commonest first; the rest last."""
        found = [
            each
            for each in self.courses
            if (each.answers == answers if each.rest else each.answers[:-1] == answers and len(each.answers) > 0)
        ]
        return tuple(sorted(found, key=lambda each: (each.rest, -each.share.value)))


def branching(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    *,
    luck: Luck,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Branching:
    """The commonest sequences of answers under a reading, over the questions that part its worlds most.

    Only questions that the change moves count; where claims are about enough of them, only those.
    """
    branch = Branch(reading.do, luck)
    asked = _forks(model, posterior, branch)
    ways = [_ways(each) for each, _ in asked]
    common = [[name for name in way if name in states] for way, (_, states) in zip(ways, asked, strict=True)]
    paths = [path for depth in range(1, len(asked) + 1) for path in product(*common[:depth])]

    def share(expressions: Mapping[tuple[str, ...], Expression]) -> dict[tuple[str, ...], Answer]:
        probes = {filed("", *path): Probe("here", each) for path, each in expressions.items()}
        plan = Plan({"here": branch}, probes)
        sums = survey(model, posterior, plan, executor=executor, progress=progress) if probes else {}
        return {
            path: answer(
                sums[filed("", *path)],
                Scope(model, posterior, branch, say_estimand("chance", _said(asked, path), under(reading.name))),
                each,
                "chance",
            )
            for path, each in expressions.items()
        }

    found = share({path: _together(ways, path) for path in paths})
    kept = _grown({path: each.value for path, each in found.items()}, len(asked))
    left = {}
    for path in ((), *kept):
        onward = [_together(ways, other) for other in kept if len(other) == len(path) + 1 and other[:-1] == path]
        complete = len(onward) == len(ways[len(path)]) if len(path) < len(asked) else True
        if onward and not complete:
            beside = Not(onward[0] if len(onward) == 1 else Or(tuple(onward)))
            left[path] = And((_together(ways, path), beside)) if path else beside
    rest = {path: each for path, each in share(left).items() if each.value > 0.0}
    courses = [*(Course(path, found[path]) for path in kept), *(Course(path, rest[path], rest=True) for path in rest)]
    return Branching(
        reading.name,
        reading.says,
        next((each.luck for each in found.values()), ""),
        tuple(Fork(each.key, each.when, each.ask, each.answered) for each, _ in asked),
        tuple(sorted(courses, key=lambda each: (len(each.answers), each.answers, each.rest))),
    )


def _grown(shares: Mapping[tuple[str, ...], float], depth: int) -> set[tuple[str, ...]]:
    """The beginnings that are told apart: the commonest end goes on first, until there are enough ends."""
    kept: set[tuple[str, ...]] = set()
    ends: dict[tuple[str, ...], float] = {(): 1.0}
    while ends:
        end = max(ends, key=lambda path: ends[path])
        onward = {path: each for path, each in shares.items() if path[:-1] == end and each >= LEAST_BRANCH}
        if len(end) == depth or not onward or len(kept - {path[:-1] for path in kept}) + len(onward) > ENDS:
            del ends[end]
            continue
        kept |= onward.keys()
        del ends[end]
        ends |= onward
    return kept


def _ways(question: Question) -> dict[str, Expression]:
    """Each answer of a question, as a condition."""
    ways = dict(question.parts)
    return {"yes": ways["yes"], "no": Not(ways["yes"])} if list(ways) == ["yes"] else ways


def _together(ways: Sequence[Mapping[str, Expression]], path: tuple[str, ...]) -> Expression:
    every = tuple(way[name] for way, name in zip(ways, path, strict=False))
    return every[0] if len(every) == 1 else And(every)


def _said(asked: Sequence[tuple[Question, object]], path: tuple[str, ...]) -> str:
    return " and ".join(f"{each.key} is {name}" for (each, _), name in zip(asked, path, strict=False)) or "the rest"


def _forks(model: Model, posterior: Posterior, branch: Branch) -> list[tuple[Question, frozenset[str]]]:
    """The questions that part the worlds most, by date, each with its answers that are not rare.

    One after the other, that question is taken which, with those before, tells most of all the other questions that the
    change moves (mutual information, added up): a coin that nothing hangs on parts no histories.
    """
    some = posterior.first(FEW_DRAWS)
    set_here = set(map(variable_in, branch.do))
    offered = [
        question
        for name, variable in model.scenario.variables.items()
        if variable.kind in DISCRETE and name not in set_here
        for question in questions_about(model, variable)
        if not starved_by(model, posterior, [each for _, each in question.parts], branch.do)
    ]
    really = run(model, some.whole)
    here = twin(model, really, do=branch.do, luck=branch.luck)
    weight = usable_weight(really.log_weight - taken_out(really, some.level)).ravel()
    weight = weight / weight.sum()
    codes = {}
    for each in offered:
        there, before = _codes(here, each), _codes(really, each)
        if weight @ (there != before) >= LEAST_MOVED:
            codes[each] = there
    claimed = model.scenario.claimed()
    wanted = [each for each in codes if each.variable in claimed]
    candidates = wanted if len(wanted) >= FORKS else list(codes)
    chosen: list[Question] = []
    joint, told, paths = np.zeros(len(weight), dtype=np.int64), 0.0, 1
    while len(chosen) < FORKS:
        tells = {
            each: _information(_joined(joint, codes[each]), [codes[one] for one in codes if one != each], weight)
            for each in candidates
            if each not in chosen
        }
        best = max(tells, key=lambda each: tells[each], default=None)
        if best is None or tells[best] - told < LEAST_GAIN:
            break
        paths *= max(2, len(_common(best, codes[best], weight)))
        if paths > MOST_PATHS:
            break
        chosen.append(best)
        joint, told = _joined(joint, codes[best]), tells[best]
    return [(each, _common(each, codes[each], weight)) for each in sorted(chosen, key=lambda each: each.order)]


def _codes(worlds: Worlds, question: Question) -> Array:
    """The number of a question's answer in each world, in the order of `_ways`; shape (world,)."""
    found = np.zeros(worlds.block.shape, dtype=np.int64)
    for number, expression in enumerate(_ways(question).values()):
        holds = np.atleast_2d(worlds.model.bind(expression).evaluate(worlds.values, worlds.assumptions))
        found[np.broadcast_to(holds, found.shape)] = number
    return found.ravel()


def _joined(joint: Array, code: Array) -> Array:
    return np.unique(joint * 64 + code, return_inverse=True)[1]


def _information(joint: Array, others: Sequence[Array], weight: Array) -> float:
    """How much the answers in `joint` tell of each other question, all added up; in bits."""
    alone = _entropy(joint, weight)
    return sum(alone + _entropy(each, weight) - _entropy(_joined(joint, each), weight) for each in others)


def _entropy(code: Array, weight: Array) -> float:
    """In bits."""
    shares = np.bincount(code, weights=weight)
    shares = shares[shares > 0.0]
    return float(-(shares @ np.log2(shares)))


def _common(question: Question, code: Array, weight: Array) -> frozenset[str]:
    shares = np.bincount(code, weights=weight, minlength=len(_ways(question)))
    return frozenset(name for name, share in zip(_ways(question), shares, strict=True) if share >= LEAST_SHARE)
