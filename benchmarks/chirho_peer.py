"""Peer: ChiRho with hand-written noise.

ChiRho's `condition` and `do` on discrete sites draw what follows afresh in each world; a twin with the same luck
needs the noise as sites of its own, drawn before the worlds split. So each event is a deterministic function of a
uniform, `do` under `MultiWorldCounterfactual` splits the worlds, and only what follows the change carries the world
dimension. At a fact the uniform is moved into the interval that produces it, and `pyro.factor` takes the chance of
that interval.

`prepare` is that model as one would write it: a site for each event, weights read from a trace. `prepare_tuned` is
the fastest form we found: no trace, no named sites but the noise, weights added up by hand.
"""

from __future__ import annotations

from collections.abc import Callable

import pyro
import pyro.distributions as dist
import torch
from chirho.counterfactual.handlers import MultiWorldCounterfactual
from chirho.indexed.ops import IndexSet, gather
from chirho.interventional.handlers import do
from chirho.interventional.ops import intervene

from benchmarks.chronology import Chronology, name
from benchmarks.sample import Sample

PLATE_DIM = -1
WORLD_DIM = -2


def prepare(chronology: Chronology) -> Callable[[int, int], Sample]:
    """The model with a site for each event, run under `do` and a trace."""
    _prepare_torch()
    base, slopes = _formulas(chronology)
    ours = IndexSet(**{name(chronology.changed): {0}})
    other = IndexSet(**{name(chronology.changed): {1}})
    unit = dist.Uniform(0.0, 1.0)

    def model(worlds: int) -> None:
        values: list[torch.Tensor] = []
        with pyro.plate("worlds", worlds, dim=PLATE_DIM):
            noises = [pyro.sample(f"noise_{position}", unit) for position in range(len(chronology.events))]
            for position, event in enumerate(chronology.events):
                log_odds = base[position]
                for slope, parent in zip(slopes[position], event.parents, strict=True):
                    log_odds = log_odds + slope * values[parent]
                chance = torch.sigmoid(log_odds)
                noise = noises[position]
                if position in chronology.facts:
                    noise, likelihood = _abduct(noise, gather(chance, ours), chronology.facts[position])
                    pyro.factor(f"fact_{position}", torch.log(likelihood))
                values.append(pyro.deterministic(name(position), (noise >= 1.0 - chance).float(), event_dim=0))
            pyro.deterministic("asked", gather(values[chronology.asked], other), event_dim=0)

    change = {name(chronology.changed): torch.tensor(float(chronology.changed_to))}

    def draw(worlds: int, seed: int) -> Sample:
        pyro.set_rng_seed(seed)
        with torch.no_grad(), MultiWorldCounterfactual(WORLD_DIM), do(actions=change):
            trace = pyro.poutine.trace(model).get_trace(worlds)
            log_weight = torch.zeros(worlds)
            for position in chronology.facts:
                site = trace.nodes[f"fact_{position}"]
                log_weight = log_weight + gather(site["fn"].log_prob(site["value"]), ours).reshape(-1)
            asked = trace.nodes["asked"]["value"].reshape(-1)
        return Sample(asked.numpy(), log_weight.numpy())

    return draw


def prepare_tuned(chronology: Chronology) -> Callable[[int, int], Sample]:
    """The same worlds, with as little as ChiRho allows between the arithmetic: uniforms, `intervene`, `gather`."""
    _prepare_torch()
    base, slopes = _formulas(chronology)
    ours = IndexSet(change={0})
    other = IndexSet(change={1})
    unit = dist.Uniform(0.0, 1.0)
    reached = chronology.reached()

    def draw(worlds: int, seed: int) -> Sample:
        pyro.set_rng_seed(seed)
        values: list[torch.Tensor] = []
        weight = torch.ones(worlds)
        log_weight = torch.zeros(worlds)
        since = 0
        with torch.no_grad(), MultiWorldCounterfactual(WORLD_DIM), pyro.plate("worlds", worlds, dim=PLATE_DIM):
            noises = [pyro.sample(f"noise_{position}", unit) for position in range(len(chronology.events))]
            for position, event in enumerate(chronology.events):
                log_odds = base[position]
                for number, parent in enumerate(event.parents):
                    log_odds = torch.add(log_odds, values[parent], alpha=slopes[position][number])
                chance = torch.sigmoid(log_odds)
                noise = noises[position]
                if position in chronology.facts:
                    here = gather(chance, ours) if position in reached else chance
                    noise, likelihood = _abduct(noise, here, chronology.facts[position])
                    weight = weight * likelihood.reshape(-1)
                    since += 1
                    if since == 8:  # the product of a few chances does not underflow; one logarithm for all of them
                        log_weight += weight.log()
                        weight, since = torch.ones(worlds), 0
                value = (noise + chance >= 1.0).float()
                if position == chronology.changed:
                    value = intervene(value, torch.tensor(float(chronology.changed_to)), name="change")
                values.append(value)
            asked = gather(values[chronology.asked], other).reshape(-1)
        return Sample(asked.numpy(), (log_weight + weight.log()).numpy())

    return draw


def _prepare_torch() -> None:
    """One thread, as for every program here, and none of the checks that a finished model can do without."""
    torch.set_num_threads(1)
    pyro.enable_validation(False)
    torch.distributions.Distribution.set_default_validate_args(False)


def _formulas(chronology: Chronology) -> tuple[list[torch.Tensor], list[list[float]]]:
    """Base log-odds of each event, and what each parent adds to them."""
    base = [torch.logit(torch.tensor(event.chance, dtype=torch.float64)).float() for event in chronology.events]
    slopes = [[float(torch.tensor(m, dtype=torch.float64).log()) for m in event.odds] for event in chronology.events]
    return base, slopes


def _abduct(noise: torch.Tensor, chance: torch.Tensor, fact: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The noise moved into the interval that gives the fact, and the length of that interval."""
    if fact:
        return 1.0 - noise * chance, chance
    return noise * (1.0 - chance), 1.0 - chance
