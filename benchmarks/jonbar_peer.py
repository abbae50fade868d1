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
from jonbar.scenario.numbers import Estimate, Point, Range, Role
from jonbar.scenario.terms import Fact, Kind, Push, Scenario, Variable
from jonbar.scm.compile import Model, compile_model
from jonbar.scm.counterfactual import abduct, twin
from jonbar.scm.worlds import Block

DRAWS = 100  # assumption draws of a block, where numbers are ranges


def compiled(chronology: Chronology, *, ranges: bool = False) -> Model:
    """The chronology as jonbar's engine holds it; with `ranges`, every number is uncertain."""
    events = [_variable(position, event, chronology.facts, ranges) for position, event in enumerate(chronology.events)]
    last = FIRST_YEAR + len(events)
    return compile_model(
        Scenario(
            name="chronology",
            title="A random chronology",
            years=(FIRST_YEAR, last),
            span_of_time=Interval(date(FIRST_YEAR, 1, 1), date(last, 12, 31), f"{FIRST_YEAR}/{last}"),
            variables={variable.name: variable for variable in events},
        )
    )


def prepare(chronology: Chronology) -> Callable[[int, int], Sample]:
    """Compile once; the function returned makes `worlds` weighted worlds under a seed."""
    return _prepare(chronology, compiled(chronology), draws=1)


def prepare_ranges(chronology: Chronology) -> Callable[[int, int], Sample]:
    """The same with every chance and every push a range, drawn anew for each of a hundred assumption draws."""
    return _prepare(chronology, compiled(chronology, ranges=True), draws=DRAWS)


def _prepare(chronology: Chronology, model: Model, *, draws: int) -> Callable[[int, int], Sample]:
    change = changes(chronology)

    def draw(worlds: int, seed: int) -> Sample:
        ours = abduct(model, seed=seed, draws=draws, tellings=worlds // draws)
        theirs = twin(model, ours, do=change)
        return Sample(theirs.full(name(chronology.asked)), ours.log_weight)

    return draw


def changes(chronology: Chronology) -> dict[str, str]:
    """The change, as a what-if writes it."""
    return {name(chronology.changed): "yes" if chronology.changed_to else "no"}


def prepare_noise(chronology: Chronology) -> Callable[[int, int], None]:
    """The floor to compare with: the luck of every event of our own world, drawn and transformed, and nothing else."""
    model = compiled(chronology)

    def draw(worlds: int, seed: int) -> None:
        block = Block(seed, range(1), range(worlds))
        for step in model.steps:
            step.mechanism.prior_noise(block, "luck", step.stream)

    return draw


def _variable(position: int, event: Event, facts: dict[int, int], ranges: bool) -> Variable:
    year = FIRST_YEAR + position

    def number(value: float) -> Point | Range:
        return Range(value * 0.9, value * 1.1) if ranges else Point(value)

    return Variable(
        name=name(position),
        kind=Kind.EVENT,
        ask=f"Does event {position} happen?",
        when=Interval(date(year, 1, 1), date(year, 12, 31), str(year)),
        base=Estimate(number(event.chance), Role.CHANCE),
        pushes=tuple(
            Push(f"after_{name(parent)}", Estimate(number(multiplier), Role.ODDS), Name(name(parent)))
            for parent, multiplier in zip(event.parents, event.odds, strict=True)
        ),
        fact=Fact(state="yes" if facts[position] else "no") if position in facts else None,
    )
