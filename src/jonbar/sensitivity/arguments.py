"""Which argument an answer hangs on: every push knocked out in turn, and single worlds told as stories.

"Without this push" takes it out of history and of the twin alike and weighs history anew, so that an argument is not
credited with what the facts would have forced anyway. All knock-outs share their worlds with the whole model and with
each other: only what a push can reach is worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from jonbar.query.answering import Answer, Scope, answer, questions_about
from jonbar.query.wording import say_estimand, under
from jonbar.scenario.expressions import Expression
from jonbar.scenario.notation import write_expression
from jonbar.scenario.numbers import Count
from jonbar.scenario.terms import Kind, Luck, Push, Reading, Scenario, variable_in
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.conditions import NEVER, day_of
from jonbar.scm.counterfactual import run, twin
from jonbar.scm.hazard import Stretch
from jonbar.scm.model import Model
from jonbar.scm.noise import key_of, uniform
from jonbar.scm.questions import Branch, Plan, Probe, Sums
from jonbar.scm.survey import survey
from jonbar.scm.worlds import Worlds


@dataclass(frozen=True)
class KnockOut:
    """One argument, and the answer without it.

    `difference` is the answer less the answer without it, and so positive where the argument raises it; `error` is its
    Monte Carlo standard error. `status` says what backs the argument: counted, measured, argued or bare.
    """

    push: str
    variable: str
    because: str
    sources: tuple[str, ...]
    status: str
    answer: Answer
    without: Answer
    difference: float
    error: float


@dataclass(frozen=True)
class Entry:
    """One dated line of a chronicle."""

    when: str
    variable: str
    ask: str
    really: str
    here: str
    departed: bool
    because: tuple[str, ...]

    @property
    def name(self) -> str:
        """The variable itself: of a year of a series, the series."""
        return variable_in(self.variable)


@dataclass(frozen=True)
class Chronicle:
    """One run of luck, told in order."""

    reading: str
    says: str
    seed: int
    number: int
    entries: tuple[Entry, ...]


def knock_outs(
    model: Model,
    posterior: Posterior,
    target: Expression,
    reading: Reading | None,
    *,
    luck: Luck,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[KnockOut, ...]:
    """An answer without each of its arguments: every push among its ancestors, the most telling first.

    `target` is a condition or a quantity, as `parse_condition` reads it; `reading` is None for a question about our own
    history. A push is taken out of both worlds, and the draws are weighed anew by the facts. Differences are shares of
    1 or in the unit of the quantity; the error of one is that of paired draws.
    """
    do: Mapping[str, str] = reading.do if reading else {}
    variables = model.mentioned(target)
    lines = model.ancestors(variables)
    pushes = [
        f"{name}.{push.name}"
        for name, variable in model.scenario.variables.items()
        if name in lines and not (name in do and name not in variables)
        for push in variable.pushes
    ]
    branches = {"whole": Branch(do, luck)} | {name: Branch(do, luck, without=name) for name in pushes}
    unit = unit_of(model, target)
    probes = {name: Probe(name, target) for name in branches}
    sums = survey(model, posterior, Plan(branches, probes), executor=executor, progress=progress)
    what = unit, write_expression(target), under(reading.name if reading else None)
    whole = answer(sums["whole"], Scope(model, posterior, branches["whole"], say_estimand(*what)), target, unit)
    found = []
    for name in pushes:
        scope = Scope(model, posterior, branches[name], say_estimand(*what, f"without {name}"))
        bare = answer(sums[name], scope, target, unit)
        found.append(knock_out(model.scenario, name, whole, bare, paired_error(sums["whole"], sums[name])))
    return tuple(sorted(found, key=lambda each: -abs(each.difference)))


def knock_out(scenario: Scenario, name: str, whole: Answer, bare: Answer, error: float) -> KnockOut:
    """An answer with an argument of the file and without it; `error` is that of their difference."""
    push = scenario.push(name)
    assert push is not None
    owner, why = name.partition(".")[0], push.backing
    sources = (*why.measured, *why.asserted)
    return KnockOut(name, owner, why.because, sources, status_of(push), whole, bare, whole.value - bare.value, error)


def status_of(push: Push) -> str:
    """What backs a push's size: counted, measured, argued or bare."""
    if isinstance(push.size.number, Count):
        return "counted"
    return "measured" if push.backing.measured else "argued" if push.backing.because else "bare"


def unit_of(model: Model, target: Expression) -> str:
    """`chance` for a condition, else the unit of the quantity asked for."""
    from jonbar.scenario.expressions import Arithmetic, Name

    if isinstance(target, Name):
        variable = model.scenario.variables.get(target.name)
        if variable is not None and variable.kind.numeric:
            return variable.unit or "number"
    return "number" if isinstance(target, Arithmetic) else "chance"


def paired_error(whole: Sums, bare: Sums) -> float:
    """The standard error of a difference between two answers from the same draws."""
    influences = []
    for sums in (whole, bare):
        mean = float(sums.value.sum() / sums.weight.sum())
        influences.append((sums.value - mean * sums.weight) / sums.weight.sum())
    return float(np.sqrt(np.sum((influences[0] - influences[1]) ** 2)))


def tell(model: Model, posterior: Posterior, reading: Reading, *, luck: Luck, number: int = 0) -> Chronicle:
    """One world in full: picked by its weight, told by date, departures from our timeline marked.

    `number` picks another world; the same seed and number tell the same story.
    """
    ticket = int(key_of(posterior.seed, "telling", str(number)))
    draw = ticket % posterior.draws
    worlds = run(model, posterior.block(range(draw, draw + 1), range(number * 64, number * 64 + 64)))
    weight = np.exp(worlds.log_weight[0] - worlds.log_weight[0].max())
    mark = float(uniform(key_of(posterior.seed, "picked", str(number)), np.zeros((1, 1), dtype=np.uint64))[0, 0])
    chosen = int(np.searchsorted(np.cumsum(weight) / weight.sum(), mark))
    other = twin(model, worlds, do=reading.do, luck=luck)
    entries = []
    for variable in model.scenario.variables.values():
        for question in questions_about(model, variable):
            node = question.key.replace(" in ", "@")
            really, here = _show(worlds, node, variable.name, chosen), _show(other, node, variable.name, chosen)
            departed = really != here
            if question.really and variable.kind.numeric:  # the record, not what it measured
                really = question.really
                here = here if departed else really
            when = _when(other, variable.kind, node, chosen) or question.when
            because = () if {variable.name, question.key} & reading.do.keys() else _reasons(other, node, chosen)
            entries.append((question.order, Entry(when, question.key, question.ask, really, here, departed, because)))
    ordered = tuple(entry for _, entry in sorted(entries, key=lambda each: (each[1].when, each[0])))
    return Chronicle(reading.name, reading.says, posterior.seed, number, ordered)


def _show(worlds: Worlds, node: str, name: str, telling: int) -> str:
    variable, value = worlds.model.scenario.variables[name], worlds.full(node)[0, telling]
    if variable.kind is Kind.EVENT:
        return "yes" if value else "no"
    if variable.states:
        return worlds.model.states[name][int(value)]
    if variable.kind is Kind.HAZARD:
        return "never" if value == NEVER else day_of(float(value)).isoformat()
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _when(worlds: Worlds, kind: Kind, node: str, telling: int) -> str | None:
    if kind is not Kind.HAZARD:
        return None
    time = float(worlds.full(node)[0, telling])
    return None if time == NEVER else day_of(time).isoformat()


def _reasons(worlds: Worlds, node: str, telling: int) -> tuple[str, ...]:
    """The arguments that counted for an answer in this world, at its moment."""
    found: list[str] = []
    for step in worlds.model.steps:
        if step.node != node or (isinstance(step.mechanism, Stretch) and not _within(worlds, step.mechanism, telling)):
            continue
        for argument in step.mechanism.total.arguments:
            if argument.condition is not None:
                holds = np.atleast_2d(argument.condition.evaluate(worlds.values, worlds.assumptions))
                if bool(np.broadcast_to(holds, worlds.block.shape)[0, telling]):
                    found.append(argument.assumption.partition(".")[2])
    return tuple(found)


def _within(worlds: Worlds, stretch: Stretch, telling: int) -> bool:
    time = float(worlds.full(stretch.node)[0, telling])
    start, end = stretch.edges[stretch.position : stretch.position + 2]
    return start < time <= end
