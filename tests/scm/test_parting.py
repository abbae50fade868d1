"""Laws of where two histories part: the last luck told again tells the same, only more firmly."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from jonbar.scenario.expressions import And, Compare, Expression, Is, Literal, Name
from jonbar.scenario.terms import KEEP, Kind
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, twin
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.parting import Parting, Side
from jonbar.scm.questions import Branch
from jonbar.scm.worlds import Worlds
from tests.oracles.answers import bound
from tests.oracles.check import usable_cases
from tests.oracles.random_scenarios import Case
from tests.oracles.small import NO, event, premise, scenario

DRAWS, TELLINGS, CASES = 100, 20, 60


def asked(case: Case, really: Worlds) -> list[Expression]:
    """A yes or no about each question, and about two and two of them."""
    found: list[Expression] = []
    for name, each in case.scenario.variables.items():
        if each.kind in (Kind.EVENT, Kind.HAZARD):
            found.append(Name(name))
        elif each.kind in (Kind.CHOICE, Kind.ORDERED):
            found.append(Is(Name(name), really.model.states[name][0]))
        elif each.kind is Kind.QUANTITY:
            found.append(Compare(">", Name(name), Literal(float(np.median(really.full(name))))))
    return found + [And(pair) for pair in pairwise(found[::-1])]


def part(
    model: Model, really: Worlds, here: Worlds, branch: Branch, question: Expression
) -> tuple[Parting, Array, Array]:
    bound_ = model.bind(question)
    left, right = (
        np.broadcast_to(np.atleast_2d(bound_.evaluate(each.values, each.assumptions)), really.block.shape)
        for each in (here, really)
    )
    return Parting(model, bound_, really, (Side(branch, here), Side(Branch(), really))), left, right


def every_parting() -> Iterator[tuple[int, Parting, Array, Array, Array]]:
    for seed, case, _, _ in usable_cases(CASES, first=3_000):
        model = compile_model(case.scenario)
        really = abduct(model, seed=seed, draws=DRAWS, tellings=TELLINGS)
        branch = Branch(case.do, case.luck)
        here = twin(model, really, do=case.do, luck=case.luck)
        weight = np.exp(really.log_weight - really.log_weight.max())
        for question in asked(case, really):
            yield seed, *part(model, really, here, branch, question), weight


def test_the_last_luck_told_again_moves_no_difference() -> None:
    """Random scenarios of all kinds, facts and dials: on average over worlds both tell the same."""
    off = []
    for seed, parting, left, right, weight in every_parting():
        found = parting.told(left, right)
        if parting.times == 1:
            continue
        apart = weight * (found["rather"] - (left.astype(float) - right.astype(float)))
        size = float(np.sqrt(np.square(apart).sum()))
        assert (np.abs(found["rather"]) <= found["either"] + 1e-12).all()
        if size > 0.0:
            off.append((abs(float(apart.sum())) / size, seed))
    assert len(off) > 60
    assert max(off) < (bound(len(off)), 0)


def test_where_histories_could_not_part_they_do_not() -> None:
    """Where luck is kept in no world; where some is lost, as often one way as the other, which the law above says."""
    seen = 0
    for seed, parting, left, right, _ in every_parting():
        dials = [side.branch.luck for side in parting.sides]
        if all(dial == KEEP for dial in dials) and not any(
            each.luck for each in parting.model.scenario.variables.values()
        ):
            seen += 1
            assert not ((left != right) & ~parting.could).any(), seed
    assert seen > 20


def feast(recorded: bool = False) -> tuple[Model, Worlds, Worlds, Branch]:
    """Rain makes a feast a little likelier, and only where a theory is true."""
    wet = And((Name("rain"), Name("matters")))
    written = scenario(
        event("rain", 1960, 0.5, fact=NO),
        event("feast", 1961, 0.3, pushes={"wet": (1.2, wet)}, fact=NO if recorded else None),
        premises=(premise("matters", 0.5),),
    )
    model = compile_model(written)
    really = abduct(model, seed=3, draws=400, tellings=TELLINGS)
    branch = Branch({"rain": "yes"}, KEEP)
    return model, really, twin(model, really, do=branch.do), branch


@pytest.mark.parametrize("recorded", [False, True])
def test_a_small_difference_is_told_apart_from_none(recorded: bool) -> None:
    model, really, here, branch = feast(recorded)
    parting, left, right = part(model, really, here, branch, Name("feast"))
    found, true = parting.told(left, right), np.asarray(really.assumptions["matters"])[:, 0] > 0.0
    assert (found["could"][true] == 1.0).all() and not found["could"][~true].any()
    raw, told = (left.astype(float) - right)[true].mean(axis=1), found["rather"][true].mean(axis=1)
    assert told.var() < raw.var() / 10.0
    odds = 0.3 / 0.7 * 1.2
    expected = (odds / (1.0 + odds) - 0.3) / (0.7 if recorded else 1.0)  # of those worlds in which there was none
    error = np.sqrt(expected / (told.size * TELLINGS * parting.times))
    assert parting.times == 16 and told.mean() == pytest.approx(expected, abs=4.3 * error)
