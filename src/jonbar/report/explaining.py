"""Why an outcome is as likely as it is: what it waits for, what settles it, its arguments, and what it hangs on.

All outcomes that somebody asks about are taken apart in one pass over the same worlds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from jonbar.query.answering import Answer, Question, Scope, answer
from jonbar.query.answers import filed, label_in, question_in
from jonbar.query.wording import OURS, say_estimand
from jonbar.scenario.expressions import Compare, Expression, Mode, Name, names_of, numbers_of
from jonbar.scenario.notation import write_expression
from jonbar.scenario.terms import Kind
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe, Sums
from jonbar.scm.survey import survey
from jonbar.sensitivity.arguments import KnockOut, knock_out, paired_error, unit_of
from jonbar.weighing.bearing import Bearing

BEARING_EACH = 5
SETTLED = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED, Kind.QUANTITY)  # at one date
STAGED = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED)  # whose condition is read once, at their date
Target = tuple[Question, str]
"""A question, and which of its answers is meant."""


@dataclass(frozen=True)
class Stage:
    """What an outcome waits for (its `only if`): how likely that is, and how likely the outcome is where it holds.

    `then` is None where it never holds.
    """

    condition: Expression
    chance: Answer
    then: Answer | None


@dataclass(frozen=True)
class Grounds:
    """What stands behind one answer.

    `settled_by` are the quantities whose comparison is its definition, by name, each with its mean in the worlds where
    the outcome is not ruled out beforehand. `arguments` are its own, and those elsewhere that it hangs on; the most
    telling come first, as they do in `hangs_on`. `counts` says of arguments that have a condition in which share of
    the worlds it holds: in our history, and in the changed one.
    """

    stage: Stage | None
    settled_by: tuple[tuple[str, Answer], ...]
    arguments: tuple[KnockOut, ...]
    hangs_on: tuple[Bearing, ...]
    counts: Mapping[str, tuple[float, float]]


def target_of(questions: Mapping[str, Question], outcome: str) -> Target:
    """The question and the state that an outcome is."""
    return questions[question_in(outcome)], label_in(outcome)


def explain(
    model: Model,
    posterior: Posterior,
    branch: Branch,
    targets: Mapping[str, Target],
    hangs_on: Mapping[str, Sequence[Bearing]],
    *,
    history: str,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Grounds]:
    """Each outcome by name with its grounds in one history: what it passes through, and what is left without each push.

    `history` says in words which (`wording.under`).

    An argument is taken out of history and of the changed one alike, as `jonbar.sensitivity.arguments` does it.
    """
    pushes = {key: _pushes(model, branch, target, hangs_on[key]) for key, target in targets.items()}
    removed = {push: replace(branch, without=push) for each in pushes.values() for push in each}
    conditions = {push: asks for push in removed if (asks := _condition(model, push)) is not None}
    branches = {"whole": branch, "really": Branch()} | removed
    asked: dict[Path, Probe] = {}
    for key, (question, label) in targets.items():
        outcome = question.part(label)
        asked |= {(key, name): Probe(name, outcome) for name in ("whole", *pushes[key])}
        stage = _stage(model, branch, (question, label))
        if stage is not None:
            asked |= {(key, "stage", ""): Probe("whole", stage), (key, "then", ""): Probe("whole", outcome, stage)}
        measures = _measures(model, branch, question)
        asked |= {(key, "measure", each.name): Probe("whole", each, stage) for each in measures}
    asked |= {(push, name): Probe(name, each) for push, each in conditions.items() for name in ("really", "whole")}
    plan = Plan(branches, {filed(*path): probe for path, probe in asked.items()})
    found = survey(model, posterior, plan, executor=executor, progress=progress)
    passed = Passed(model, posterior, history, branches, asked, {path: found[filed(*path)] for path in asked})
    return {
        key: Grounds(
            passed.stage(key), passed.settled_by(key), passed.arguments(key, own), tuple(hangs_on[key]),
            {push: passed.shares(push) for push in own if push in conditions},
        )
        for key, own in pushes.items()
    }  # fmt: skip


Path = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Passed:
    """What one pass over the worlds found of several outcomes; a path begins with the outcome's name."""

    model: Model
    posterior: Posterior
    history: str  # in words
    branches: Mapping[str, Branch]
    asked: Mapping[Path, Probe]
    sums: Mapping[Path, Sums]

    def answer(self, path: Path) -> Answer:
        """One of its numbers."""
        probe = self.asked[path]
        unit = unit_of(self.model, probe.expression)
        without = [f"without {probe.branch}"] if self.branches[probe.branch].without else []
        what = unit, write_expression(probe.expression), OURS if probe.branch == "really" else self.history
        estimand = say_estimand(*what, *without, given=probe.given)
        scope = Scope(self.model, self.posterior, self.branches[probe.branch], estimand, (probe.given,))
        return answer(self.sums[path], scope, probe.expression, unit)

    def stage(self, key: str) -> Stage | None:
        """What an outcome waits for, if it waits for anything."""
        first, then = (key, "stage", ""), (key, "then", "")
        if first not in self.asked:
            return None
        comes = bool(self.sums[then].weight.sum() > 0.0)
        return Stage(self.asked[first].expression, self.answer(first), self.answer(then) if comes else None)

    def settled_by(self, key: str) -> tuple[tuple[str, Answer], ...]:
        """The quantities that an outcome's definition compares."""
        paths = [path for path in self.asked if path[:2] == (key, "measure") and self.sums[path].weight.sum() > 0.0]
        return tuple((path[2], self.answer(path)) for path in paths)

    def shares(self, push: str) -> tuple[float, float]:
        """In which share of the worlds an argument's condition holds, in our history and in the changed one."""
        really, here = (self.sums[push, name] for name in ("really", "whole"))
        return float(really.value.sum() / really.weight.sum()), float(here.value.sum() / here.weight.sum())

    def arguments(self, key: str, pushes: Sequence[str]) -> tuple[KnockOut, ...]:
        """An outcome without each of its arguments, the most telling first."""
        found = []
        for name in pushes:
            whole, bare = (key, "whole"), (key, name)
            error = paired_error(self.sums[whole], self.sums[bare])
            found.append(knock_out(self.model.scenario, name, self.answer(whole), self.answer(bare), error))
        return tuple(sorted(found, key=lambda one: -abs(one.difference)))


def _pushes(model: Model, branch: Branch, target: Target, hangs_on: Sequence[Bearing]) -> list[str]:
    """The arguments of an outcome's own question, or of those that define it, and those that it hangs on most."""
    variables, name = model.scenario.variables, target[0].variable
    formula = variables[name].formula
    nearest = [name, *(sorted(model.mentioned(formula)) if formula is not None else ())]
    own = [f"{each}.{push.name}" for each in nearest for push in variables[each].pushes]
    far = [each.assumption for each in hangs_on[:BEARING_EACH] if model.scenario.push(each.assumption)]
    return [push for push in dict.fromkeys([*own, *far]) if push.partition(".")[0] not in branch.do]


def _condition(model: Model, push: str) -> Expression | None:
    """When an argument counts, where a whole world tells: by what has happened or not once and for all."""
    known, argument = model.scenario.variables, model.scenario.push(push)
    found = argument.condition if argument is not None else None
    if found is None or known[push.partition(".")[0]].kind is Kind.SERIES:
        return None
    names = names_of(found)
    settled = all(each.name not in known or known[each.name].kind in SETTLED for each in names)
    return found if settled and not any(each.mode in (Mode.LAST, Mode.WITHIN) for each in names) else None


def _stage(model: Model, branch: Branch, target: Target) -> Expression | None:
    """The condition without which an outcome cannot be; none where it is what remains if the condition fails."""
    question, label = target
    variable = model.scenario.variables[question.variable]
    if variable.name in branch.do or variable.kind not in STAGED or label == variable.otherwise:
        return None
    return variable.only_if


def _measures(model: Model, branch: Branch, question: Question) -> list[Name]:
    """The quantities that a question compares by its definition."""
    variable = model.scenario.variables[question.variable]
    if variable.name in branch.do or not isinstance(variable.formula, Compare):
        return []
    known = model.scenario.variables
    named = [*numbers_of(variable.formula.left), *numbers_of(variable.formula.right)]
    return [each for each in named if each.name in known and known[each.name].kind is Kind.QUANTITY]
