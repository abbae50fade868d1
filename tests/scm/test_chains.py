"""Laws of the chains that take history in."""

from __future__ import annotations

import numpy as np
import pytest

from jonbar.scenario.read import read_scenario
from jonbar.scm.chains import settle
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import run
from jonbar.scm.model import Model
from jonbar.scm.worlds import Block
from tests.oracles.random_scenarios import random_case
from tests.views.made_up import BATTLE

DRAWS, SWEEPS, TELLING = 40, 2, 1 << 20


@pytest.mark.parametrize("seed", range(60))
def test_a_chain_weighs_the_facts_as_its_world_does_when_it_is_told_again_from_names(seed: int) -> None:
    """Whatever a chain left out as out of reach, it knows how well it agrees with every fact."""
    told_again(compile_model(random_case(seed, uncertain=True).scenario), seed)


def test_so_does_a_chain_of_a_scenario_with_series_and_hazards() -> None:
    told_again(compile_model(read_scenario(BATTLE.read_bytes(), file=BATTLE.name)), 1962)


def told_again(model: Model, seed: int) -> None:
    chains = settle(model, seed, range(DRAWS), range(SWEEPS))
    block = Block(seed, range(DRAWS), range(TELLING, TELLING + 1), chains.held, chained=True)
    again = np.asarray(run(model, block).log_weight)[:, 0]
    fit = np.broadcast_to(chains.fit, DRAWS)
    settled = np.isfinite(fit)
    assert np.array_equal(settled, np.isfinite(again))
    np.testing.assert_allclose(again[settled], fit[settled], rtol=1e-9, atol=1e-9)
