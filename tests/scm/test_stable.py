"""The stable range: what a search over stable couplings finds is what listing their corners finds, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pytest

from jonbar.scenario.expressions import Expression, Is, Name, Or
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import KEEP, Fact, Kind, Luck, Push, Scenario
from jonbar.scm.attained import Attained, attained_exactly
from jonbar.scm.compile import compile_model
from jonbar.scm.couplings import gumbel, monotone
from jonbar.scm.networks import Network
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch
from jonbar.scm.stable import Free, permitted, rings
from jonbar.scm.worlds import Block
from tests.oracles.random_scenarios import random_case
from tests.oracles.small import NO, YES, choice, event, number, scenario

ONE = Block(1, range(1), range(1))
THREE = dict(zip("abc", (0.5, 0.3, 0.2), strict=True))


def toward(name: str, size: float, when: Expression, *states: str) -> Push:
    return Push(name, number(size, Role.ODDS), when, states)


def search(written: Scenario, asked: Expression, luck: Luck = KEEP) -> Attained:
    model = compile_model(written)
    found = attained_exactly(model, Branch({"x": "yes"}, luck), {"asked": asked}, model.draw(ONE))["asked"]
    assert found.stable is not None
    return found


def stable_ends(found: Attained) -> tuple[float, float]:
    assert found.stable is not None
    return found.declared + found.stable.low.shift, found.declared + found.stable.high.shift


def corners(here: Array, there: Array) -> Iterator[Array]:
    """Every corner of the set of stable tables of two worlds: what is left where all but a few cells are nothing."""
    states = len(here)
    ratio = there / here
    cells = [(i, j) for i, j in product(range(states), repeat=2) if i == j or ratio[j] > ratio[i] + 1e-9]
    margins = np.zeros((2 * states, len(cells)))
    for at, (i, j) in enumerate(cells):
        margins[i, at] = margins[states + j, at] = 1.0
    wanted = np.concatenate([here, there])
    for basis in combinations(range(len(cells)), 2 * states - 1):
        columns = margins[:, basis]
        if np.linalg.matrix_rank(columns) < len(basis):
            continue
        found = np.linalg.lstsq(columns, wanted, rcond=None)[0]
        if found.min() > -1e-9 and np.allclose(columns @ found, wanted):
            table = np.zeros((states, states))
            for at, each in zip(basis, found, strict=True):
                table[cells[at]] = each
            yield table


def moved(weights: tuple[float, ...], factors: tuple[float, ...]) -> Array:
    product_ = np.multiply(weights, factors)
    return np.asarray(product_ / product_.sum())


def test_stability_leaves_the_published_table_open_from_nothing_to_all_of_its_middle() -> None:
    """p = (.5, .3, .2) and q = (.2, .3, .5): J(b,b) may be anything from 0 to .3; Gumbel-max says .2308."""
    pushes = (toward("less", 0.4, Name("x"), "a"), toward("more", 2.5, Name("x"), "c"))
    written = scenario(event("x", 1960, 0.5, fact=NO), choice("y", 1961, THREE, pushes=pushes, fact=Fact(state="b")))
    found = search(written, Is(Name("y"), "b"))
    assert found.declared == pytest.approx(0.2307692 / 0.3, abs=1e-6)
    assert stable_ends(found) == pytest.approx((0.0, 1.0), abs=1e-9)
    assert stable_ends(search(written, Is(Name("y"), "a"))) == pytest.approx((0.0, 0.0), abs=1e-9)
    tables = list(corners(np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])))
    assert sorted({round(table[1, 1], 9) for table in tables}) == [0.0, 0.3]


def test_of_two_states_and_of_levels_no_stable_coupling_is_left_to_choose() -> None:
    pushes = (toward("more", 3.0, Name("x"), "b"),)
    two = choice("y", 1961, {"a": 0.6, "b": 0.4}, pushes=pushes, fact=Fact(state="a"))
    three = choice("z", 1962, THREE, pushes=(toward("up", 3.0, Name("x")),), kind=Kind.ORDERED, fact=Fact(state="b"))
    for other, state in ((two, "b"), (three, "c")):
        found = search(scenario(event("x", 1960, 0.5, fact=NO), other), Is(Name(other.name), state))
        assert stable_ends(found) == (found.declared, found.declared)
        assert found.high > found.low + 0.1


@pytest.mark.parametrize("seed", range(6))
def test_a_choice_and_what_follows_from_it_reach_what_the_corners_of_its_tables_reach(seed: int) -> None:
    """The sum is written out: z was recorded, and z' goes together with it by one uniform given both answers of y."""
    random = np.random.default_rng([1963, seed])
    states = "abcd"[: 3 + seed % 2]
    weights = tuple(random.dirichlet([3.0] * len(states)))
    factors = tuple(np.exp(random.normal(0.0, 1.0, len(states))))
    sizes = np.exp(random.normal(0.0, 1.5, len(states)))
    pushes = tuple(
        toward(f"p{state}", float(each), Name("x"), state) for state, each in zip(states, factors, strict=True)
    )
    odds = {f"o{state}": (float(each), Is(Name("y"), state)) for state, each in zip(states, sizes, strict=True)}
    written = scenario(
        event("x", 1960, 0.5, fact=NO),
        choice("y", 1961, dict(zip(states, map(float, weights), strict=True)), pushes=pushes),
        event("z", 1962, 0.4, pushes=odds, fact=YES),
    )
    here, there, chance = np.array(weights), moved(weights, factors), 0.4 * sizes / (0.6 + 0.4 * sizes)
    likely = np.stack([1.0 - chance, chance], axis=1)
    both = monotone(likely[:, None], likely[None, :])[:, :, 1, 1]
    every = [float((table * both).sum() / (here @ chance)) for table in corners(here, there)]
    found = search(written, Name("z"))
    assert stable_ends(found) == pytest.approx((min(every), max(every)), abs=1e-7)
    assert found.declared == pytest.approx(float((gumbel(here, there) * both).sum() / (here @ chance)), abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_two_choices_reach_what_the_corners_of_both_their_tables_reach(seed: int) -> None:
    """The second reads whether the first is b, so it has two situations, compared both ways with one table."""
    random = np.random.default_rng([1964, seed])
    weights, factors, second, moves = (
        tuple(random.dirichlet([3.0] * 3)) if at % 2 == 0 else tuple(np.exp(random.normal(0.0, 1.2, 3)))
        for at in range(4)
    )
    written = scenario(
        event("x", 1960, 0.5, fact=NO),
        choice(
            "y",
            1961,
            dict(zip("abc", map(float, weights), strict=True)),
            pushes=tuple(toward(f"p{s}", float(f), Name("x"), s) for s, f in zip("abc", factors, strict=True)),
        ),
        choice(
            "w",
            1962,
            dict(zip("def", map(float, second), strict=True)),
            pushes=tuple(toward(f"p{s}", float(f), Is(Name("y"), "b"), s) for s, f in zip("def", moves, strict=True)),
            fact=Fact(state="d"),
        ),
    )
    here, there = np.array(weights), moved(weights, factors)
    chances = (np.array(second), moved(second, moves))
    every = []
    for first, other in product(corners(here, there), corners(*chances)):
        total = 0.0
        for i, j in product(range(3), repeat=2):
            before, after = int(i == 1), int(j == 1)
            table = np.diag(chances[before]) if before == after else (other if after else other.T)
            total += first[i, j] * table[0, 2]
        every.append(total / sum(here[i] * chances[int(i == 1)][0] for i in range(3)))
    assert stable_ends(search(written, Is(Name("w"), "f"))) == pytest.approx((min(every), max(every)), abs=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_the_tables_of_a_ring_are_those_of_one_mechanism_stable_in_every_pair(seed: int) -> None:
    """w reads every answer of y by itself: its three situations are compared in a ring. One joint chance for the
    answers in all three must have all the tables as its margins."""
    from scipy.optimize import linprog

    random = np.random.default_rng([1965, seed])
    pushes = tuple(
        toward(f"p{y}{w}", float(np.exp(random.normal())), Is(Name("y"), y), w) for y, w in product("abc", "def")
    )
    written = scenario(
        event("x", 1960, 0.5, fact=NO),
        choice("y", 1961, THREE, pushes=(toward("less", 0.4, Name("x"), "a"), toward("more", 2.5, Name("x"), "c"))),
        choice("w", 1962, dict(zip("def", (0.2, 0.5, 0.3), strict=True)), pushes=pushes),
    )
    model = compile_model(written)
    network = Network(model, {"x": "yes"}, KEEP)
    (part,) = (each for each in network.parts(network.open(["w"], there=True)) if each.family and each.owner == "w")
    assert part.family is not None
    free = Free(part.family, model.draw(ONE), 1)
    free.compare(np.ones((3, 3, 3, 3, 1), dtype=bool))
    assert [len(ring.members) for ring in free.rings] == [3]
    table = free.best(random.normal(size=(3, 3, 3, 3, 1))).reshape(9, 3, 3)
    assert table.sum(axis=2) == pytest.approx(free.here[:, 0], abs=1e-9)
    assert table.sum(axis=1) == pytest.approx(free.there[:, 0], abs=1e-9)
    assert (table[~permitted(free.here, free.there)[:, 0]] == 0.0).all()
    answers = np.array(list(product(range(3), repeat=3)))
    margins, wanted = [], []
    for pair in range(9):
        for i, j in product(range(3), repeat=2):
            margins.append((answers[:, free.before[pair]] == i) & (answers[:, free.after[pair]] == j))
            wanted.append(table[pair, i, j])
    assert linprog(np.zeros(27), A_eq=np.array(margins, dtype=float), b_eq=wanted).status == 0


def test_pairs_of_situations_stand_alone_unless_they_close_a_ring() -> None:
    star = list(rings(np.array([0, 0, 0]), np.array([1, 2, 3]), np.arange(3)))
    assert [members for members, _ in star] == [(0, 1), (0, 2), (0, 3)]
    there_and_back = list(rings(np.array([0, 1]), np.array([1, 0]), np.arange(2)))
    assert [(members, list(pairs)) for members, pairs in there_and_back] == [((0, 1), [0, 1])]
    square = list(rings(np.array([0, 0, 1, 1]), np.array([2, 3, 2, 3]), np.arange(4)))
    assert [members for members, _ in square] == [(0, 1, 2, 3)]
    assert [members for members, _ in rings(np.array([0, 0, 1, 1]), np.array([2, 3, 2, 3]), np.arange(3))] == [
        (0, 2),
        (0, 3),
        (1, 2),
    ]


def test_what_is_declared_is_stable_and_what_is_stable_is_attained() -> None:
    compared = 0
    for seed in range(40):
        case = random_case(seed)
        model = compile_model(case.scenario)
        asked: dict[str, Expression] = {}
        for name, each in case.scenario.variables.items():
            if each.kind is Kind.EVENT:
                asked[name] = Name(name)
            elif each.states:
                first, second = model.states[name][:2]
                asked |= {
                    name: Is(Name(name), first),
                    f"{name} either": Or((Is(Name(name), first), Is(Name(name), second))),
                }
        for found in attained_exactly(model, Branch(case.do, case.luck), asked, model.draw(ONE)).values():
            low, high = stable_ends(found)
            assert -1e-9 < found.low <= low + 1e-9
            assert low <= found.declared <= high
            assert high - 1e-9 <= found.high < 1.0 + 1e-9
            compared += high > low + 1e-4
    assert compared >= 5
