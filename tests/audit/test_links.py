"""Laws of links: what a change reaches and by which arguments, and what each of them rests on."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from jonbar.audit.links import Link, Standing, Web, links_of, main_chain, other_paths, toward, web_of
from jonbar.scenario.expressions import Name
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, twin
from jonbar.scm.model import Model
from tests.oracles.check import usable_cases
from tests.oracles.small import event, scenario

CRISIS = Path(__file__).parent.parent / "scenario" / "files" / "crisis.jonbar.yaml"


def fork() -> Model:
    """a -> b -> d, a -> c -> d, e -> d, and f by itself."""
    return compile_model(
        scenario(
            event("a", 1960, 0.5),
            event("b", 1961, 0.5, pushes={"by_a": (2.0, Name("a"))}),
            event("c", 1961, 0.5, pushes={"of_a": (2.0, Name("a"))}),
            event("e", 1961, 0.5),
            event(
                "d", 1962, 0.5, pushes={"of_b": (2.0, Name("b")), "of_c": (2.0, Name("c")), "of_e": (2.0, Name("e"))}
            ),
            event("f", 1962, 0.5),
        )
    )


def test_a_link_rests_on_what_its_author_says() -> None:
    found = {each.name: each for each in links_of(read_scenario(CRISIS.read_text(), file=CRISIS.name))}
    assert found["reply.fear"].standing is Standing.MEASURED
    assert found["seen_as_defeat.humiliation"].standing is Standing.DISPUTED  # it holds only if a premise does
    assert found["approval.shame"].standing is Standing.ARGUED
    assert found["vote.slope"].standing is Standing.ARGUED and found["vote.slope"].reads == {"approval", "icbm"}
    assert found["wins"].standing is Standing.DEFINED and found["wins"].reads == {"vote", "ousted"}


def test_a_web_holds_what_follows_and_no_link_from_elsewhere() -> None:
    web = web_of(fork(), frozenset({"a"}))
    assert web.reached == {"b", "c", "d"}
    assert {each.name for each in web.links} == {"b.by_a", "c.of_a", "d.of_b", "d.of_c"}
    assert {each.name for each in toward(fork(), web, ["b"])} == {"b.by_a"}


def test_what_a_change_sets_has_no_other_cause_any_more() -> None:
    web = web_of(fork(), frozenset({"a", "b"}))
    assert web.reached == {"c", "d"} and "b.by_a" not in {each.name for each in web.links}


def test_a_cause_of_the_change_may_reach_an_outcome_on_another_path() -> None:
    assert other_paths(fork(), "a", frozenset({"b"})) == {"c", "d"}
    assert other_paths(fork(), "a", frozenset({"b", "c"})) == frozenset()
    assert other_paths(fork(), "e", frozenset({"b"})) == {"d"}


def test_nothing_outside_a_web_moves_in_any_world() -> None:
    for seed, case, _, _ in usable_cases(40):
        model = compile_model(case.scenario)
        web = web_of(model, frozenset(key.partition(" in ")[0] for key in case.do))
        worlds = abduct(model, seed=seed, draws=1, tellings=200)
        other = twin(model, worlds, do=case.do, luck=KEEP)
        moved = {
            node.partition("@")[0].partition("#")[0]
            for node in worlds.values
            if not np.array_equal(worlds.full(node), other.full(node))
        }
        assert moved <= web.reached | web.changed


@pytest.mark.parametrize("seed", range(30))
def test_the_main_chain_is_the_path_whose_weakest_link_matters_most(seed: int) -> None:
    random = np.random.default_rng(seed)
    names = [f"v{number}" for number in range(7)]
    links = tuple(
        Link(f"{later}.of_{earlier}", later, frozenset({earlier}), Standing.ARGUED, "", ())
        for position, later in enumerate(names)
        for earlier in names[:position]
        if random.random() < 0.5
    )
    weights = {each.name: float(random.integers(1, 6)) for each in links}
    moving = {name for name in names[1:] if random.random() < 0.8}
    web = Web(frozenset({"v0"}), frozenset(names[1:]), links)
    chain = main_chain(web, weights, moving, ["v6"])

    def strength(path: tuple[str, ...]) -> float:
        return min(weights[f"{later}.of_{earlier}"] for earlier, later in pairwise(path))

    every = [path for path in paths(links, ("v0",), "v6") if set(path[1:-1]) <= moving]
    assert bool(chain) is bool(every)
    if every:
        best = max(strength(path) for path in every)
        assert chain in every and strength(chain) == best
        assert len(chain) == min(len(path) for path in every if strength(path) == best)


def paths(links: tuple[Link, ...], so_far: tuple[str, ...], end: str) -> list[tuple[str, ...]]:
    if so_far[-1] == end:
        return [so_far]
    following = [each.variable for each in links if so_far[-1] in each.reads]
    return [path for name in following for path in paths(links, (*so_far, name), end)]
