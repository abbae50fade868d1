"""The attained range: what a search over couplings finds is what listing all of them finds, and within known bounds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from jonbar.scenario.expressions import And, Expression, Is, Name, Not
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import KEEP, Fact, Kind, Luck, Push, Scenario
from jonbar.scm.attained import Attained, attained_exactly
from jonbar.scm.compile import compile_model
from jonbar.scm.couplings import quantile
from jonbar.scm.elimination import add_up
from jonbar.scm.exact import Exact, Search
from jonbar.scm.networks import Network, Part, situations
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.worlds import Block
from tests.oracles.bounds import necessity
from tests.oracles.random_scenarios import random_case
from tests.oracles.small import NO, YES, choice, event, number, scenario

ONE = Block(1, range(1), range(1))


def search(written: Scenario, do: dict[str, str], asked: Expression, luck: Luck = KEEP) -> Attained:
    model = compile_model(written)
    found = attained_exactly(model, Branch(do, luck), {"asked": asked}, model.draw(ONE)).get("asked")
    assert found is not None
    return found


def every_value(written: Scenario, do: dict[str, str], asked: Expression) -> Iterator[float]:
    """The chance asked for under every way to lay the states of every variable, situation by situation."""
    model = compile_model(written)
    network, drawn = Network(model, do, KEEP), model.draw(ONE)
    places = network.open(sorted(model.bind(asked).reads), there=True)
    clamp = Part(places, network.condition(model.bind(asked), there=True).table)
    found = Search(network, (), "").pieces(places, clamp)
    assert found is not None
    (piece,) = (each for each in found if clamp in each.parts)
    tables = [part.table(drawn) for part in piece.parts if part.table]
    ones = [np.ones_like(each) if part is clamp else each for part, each in zip(piece.parts, tables, strict=True)]
    facts = add_up(piece.plan, ones).log[0]
    options = []
    for at, part in enumerate(piece.parts):
        if part.family is not None:
            here, there = part.family.chances(drawn)
            before, after = situations(part.family)
            ways = []
            for turned in product([0, 1], repeat=int(max(before.max(), after.max()) + 1)):
                orders = np.array([[0, 1], [1, 0]])[np.array(turned)]
                joint = quantile(here, there, orders[before][:, None], orders[after][:, None])
                ways.append((at, part.family.shaped(joint, tables[at].shape[:-1])))
            options.append(ways)
    for together in product(*options):
        other = list(tables)
        for at, table in together:
            other[at] = table
        yield float(np.exp(add_up(piece.plan, other).log[0] - facts))


def chain(seed: int) -> Scenario:
    """A cause, two things that it and each other move, and what follows from them; some recorded."""
    random = np.random.default_rng([1962, seed])

    def chance() -> float:
        return float(random.uniform(0.15, 0.85))

    def odds() -> float:
        return float(np.exp(random.normal(0.0, 1.5)))

    return scenario(
        event("x", 1960, chance(), fact=NO),
        event("y", 1961, chance(), pushes={"x": (odds(), Name("x"))}, fact=[None, YES, NO][seed % 3]),
        event("z", 1962, chance(), pushes={"x": (odds(), Name("x")), "y": (odds(), Name("y"))}),
        event("w", 1963, chance(), pushes={"y": (odds(), Name("y")), "z": (odds(), Name("z"))}),
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_search_finds_what_listing_all_orders_finds(seed: int) -> None:
    asked = Name("w") if seed % 2 else And((Name("z"), Not(Name("w"))))
    every = list(every_value(chain(seed), {"x": "yes"}, asked))
    found = search(chain(seed), {"x": "yes"}, asked)
    assert found.low == pytest.approx(min(every), abs=1e-9)
    assert found.high == pytest.approx(max(every), abs=1e-9)


def test_one_yes_or_no_attains_the_bounds_of_frechet() -> None:
    """Of one event with nothing between: what was (no) and what would be (yes) overlap as little or as much as can."""
    for here, odds in ((0.3, 3.5), (0.6, 0.4), (0.9, 0.2)):
        there = here * odds / (1.0 - here + here * odds)
        found = search(
            scenario(event("x", 1960, 0.5, fact=NO), event("y", 1961, here, pushes={"x": (odds, Name("x"))}, fact=YES)),
            {"x": "yes"},
            Name("y"),
        )
        assert found.low == pytest.approx(max(0.0, here + there - 1.0) / here, abs=1e-9)
        assert found.high == pytest.approx(min(here, there) / here, abs=1e-9)


def test_necessity_attains_the_bounds_of_tian_and_pearl() -> None:
    """Cause and outcome happened; without a confounder the outcome's chance unforced is that of doing."""
    base, odds, cause = 0.3, 4.0, 0.5
    with_cause = base * odds / (1.0 - base + base * odds)
    written = scenario(
        event("x", 1960, cause, fact=YES), event("y", 1961, base, pushes={"x": (odds, Name("x"))}, fact=YES)
    )
    found = search(written, {"x": "no"}, Not(Name("y")))
    both, outcome, neither = cause * with_cause, (1.0 - cause) * base, (1.0 - cause) * (1.0 - base)
    low, high = necessity(base, both, outcome, neither)
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)


def test_a_choice_of_three_attains_the_bounds_of_frechet() -> None:
    pushes = (Push("more", number(4.0, Role.ODDS), Name("x"), ("c",)),)
    written = scenario(
        event("x", 1960, 0.5, fact=NO),
        choice("y", 1961, {"a": 0.5, "b": 0.3, "c": 0.2}, pushes=pushes, fact=Fact(state="b")),
    )
    there = np.array([0.5, 0.3, 0.8]) / 1.6
    for position, state in enumerate("abc"):
        found = search(written, {"x": "yes"}, Is(Name("y"), state))
        assert found.low == pytest.approx(max(0.0, 0.3 + there[position] - 1.0) / 0.3, abs=1e-9)
        assert found.high == pytest.approx(min(0.3, there[position]) / 0.3, abs=1e-9)


def test_the_declared_coupling_lies_within_what_is_attained() -> None:
    compared = 0
    for seed in range(30):
        case = random_case(seed)
        model = compile_model(case.scenario)
        asked = {name: Name(name) for name, each in case.scenario.variables.items() if each.kind is Kind.EVENT}
        for luck in (case.luck, Luck(share=0.0)):
            branch = Branch(case.do, luck)
            plan = Plan({"there": branch}, {name: Probe("there", each) for name, each in asked.items()})
            for name, sums in Exact(model, plan).answers(ONE).items():
                found = attained_exactly(model, branch, {name: asked[name]}, model.draw(ONE)).get(name)
                if found is None:
                    continue
                point = float(sums.shares()[0][0])
                assert found.low - 1e-9 <= point <= found.high + 1e-9
                assert found.low >= -1e-9
                assert found.high <= 1.0 + 1e-9
                compared += found.high - found.low > 0.01
    assert compared >= 3
