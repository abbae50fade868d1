"""How much a fact weighs: where no luck is open behind it, each draw has its exact likelihood, without a telling."""

from __future__ import annotations

import numpy as np

from jonbar.scenario.terms import KEEP
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import run
from jonbar.scm.model import variable_of
from jonbar.scm.moves import weighed_without_luck
from jonbar.scm.networks import Network
from jonbar.scm.worlds import Block
from tests.oracles.check import usable_cases


def test_a_fact_behind_which_no_luck_is_open_weighs_a_draw_alike_in_every_telling() -> None:
    found = every = 0
    for seed, case, *_ in usable_cases(60, uncertain=True, first=5000):
        model = compile_model(case.scenario)
        worlds = run(model, Block(seed, range(20), range(20)))
        exact = weighed_without_luck(model, worlds.observed)
        for part, likelihood in worlds.evidence.items():
            every += 1
            if part.partition("#")[0] in exact:
                found += 1
                assert np.isclose(likelihood, likelihood[:, :1], rtol=0.0, atol=1e-12).all(), (seed, part)
    assert 20 < found < every


def test_where_no_luck_is_open_behind_any_fact_they_weigh_what_enumeration_says() -> None:
    compared = 0
    for seed, case, _, exact in usable_cases(120, first=5000):
        model = compile_model(case.scenario)
        observed = model.observe()
        if observed and exact.weighable and weighed_without_luck(model, observed) == observed.keys():
            weight = run(model, Block(seed, range(1), range(1))).log_weight
            assert abs(float(weight[0, 0]) - np.log(exact.evidence)) < 1e-8, seed
            compared += 1
    assert compared > 5


def test_so_are_all_whose_tables_have_no_open_place() -> None:
    """The network of tables and the moves of chains are built apart, and agree."""
    for seed, case, *_ in usable_cases(60, uncertain=True, first=5000):
        model = compile_model(case.scenario)
        parts = Network(model, {}, KEEP).parts(())
        tied = {part.owner for part in parts if part.scope} | {node for part in parts for node, _ in part.scope}
        closed = {node for node in model.observe() if variable_of(node) not in tied and node not in tied}
        assert closed <= weighed_without_luck(model, model.observe()), seed
