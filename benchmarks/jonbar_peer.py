"""jonbar itself, through its public engine: `abduct` the facts, `twin` under the change, all luck kept.

The scenario is read from the file that a user would write; what is timed is the making of worlds, in blocks.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.chronology import Chronology, name
from benchmarks.sample import Sample
from jonbar.scenario.read import read_scenario
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, twin
from jonbar.scm.model import Model
from jonbar.scm.worlds import Block

DRAWS = 100  # assumption draws of a block, where numbers are ranges


def compiled(chronology: Chronology, *, ranges: bool = False) -> Model:
    """The chronology as jonbar's engine holds it; with `ranges`, every number is uncertain."""
    return compile_model(read_scenario(chronology.scenario_text(ranges=ranges), file="chronology.jonbar.yaml"))


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
