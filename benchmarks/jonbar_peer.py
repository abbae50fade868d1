"""jonbar itself, through its public engine: `abduct` the facts, `twin` under the change, all luck kept.

Worlds are made in blocks, and a block's worlds are forgotten once their weights and answers are summed, as the engine
does for a user. The scenario is built from frozen values: reading the file is timed elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from benchmarks.chronology import FIRST_YEAR, Chronology, Event, name
from benchmarks.sample import Sample
from jonbar.scenario.dates import Interval
from jonbar.scenario.expressions import Name
from jonbar.scenario.numbers import Estimate, Point, Role
from jonbar.scenario.terms import Fact, Kind, Push, Scenario, Variable
from jonbar.scm.compile import Model, compile_model
from jonbar.scm.counterfactual import abduct, twin
from jonbar.scm.worlds import Block


def compiled(chronology: Chronology) -> Model:
    """The chronology as jonbar's engine holds it."""
    events = [_variable(position, event, chronology.facts) for position, event in enumerate(chronology.events)]
    last = FIRST_YEAR + len(events)
    span = Interval(date(FIRST_YEAR, 1, 1), date(last, 12, 31), f"{FIRST_YEAR}/{last}")
    return compile_model(
        Scenario(
            name="chronology",
            title="A random chronology",
            years=(FIRST_YEAR, last),
            span_of_time=span,
            variables={variable.name: variable for variable in events},
        )
    )


def prepare(chronology: Chronology) -> Callable[[int, int], Sample]:
    """Compile once; the function returned draws `worlds` weighted worlds under a seed."""
    model = compiled(chronology)
    change = {name(chronology.changed): "yes" if chronology.changed_to else "no"}

    def draw(worlds: int, seed: int) -> Sample:
        ours = abduct(model, seed=seed, draws=1, tellings=worlds)
        theirs = twin(model, ours, do=change)
        return Sample(theirs.full(name(chronology.asked)), ours.log_weight)

    return draw


def prepare_noise(chronology: Chronology) -> Callable[[int, int], None]:
    """The floor to compare with: the luck of every event of our own world, drawn and transformed, and nothing else."""
    model = compiled(chronology)

    def draw(worlds: int, seed: int) -> None:
        block = Block(seed, range(1), range(worlds))
        for step in model.steps:
            step.mechanism.prior_noise(block, "luck", step.stream)

    return draw


def _variable(position: int, event: Event, facts: dict[int, int]) -> Variable:
    year = FIRST_YEAR + position
    fact = Fact(state="yes" if facts[position] else "no") if position in facts else None
    return Variable(
        name=name(position),
        kind=Kind.EVENT,
        ask=f"Does event {position} happen?",
        when=Interval(date(year, 1, 1), date(year, 12, 31), str(year)),
        base=Estimate(Point(event.chance), Role.CHANCE),
        pushes=tuple(
            Push(f"after_{name(parent)}", Estimate(Point(multiplier), Role.ODDS), Name(name(parent)))
            for parent, multiplier in zip(event.parents, event.odds, strict=True)
        ),
        fact=fact,
    )
