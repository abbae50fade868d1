"""Faults planted in the sampler on purpose: the comparison with enumeration catches each of them.

The list is the parameters below. Each stands for a mistake that is easy to make and prints plausible numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import tests.oracles.check as check
from jonbar.scenario.expressions import Mode, Name
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import KEEP, Fact, Kind, Luck
from jonbar.scm import assumptions, conditions, counterfactual, dial, mechanism, mechanisms
from jonbar.scm.hazard import Stretch
from jonbar.scm.model import Change, Model, Step
from jonbar.scm.worlds import Block, Worlds
from tests.oracles.answers import Exact, bound
from tests.oracles.random_scenarios import Case
from tests.oracles.small import NO, event, hazard, scenario

WORLDS = 12_000
LIMIT = bound(25_000)

RECENT = Case(  # what counts only for a while: for a date, and for something that may happen at any time
    scenario(
        event("old", 1960, 0.5),
        event("later", 1962, 0.3, pushes={"while_fresh": (20.0, Name("old", Mode.WITHIN, years=1.0))}),
        hazard("shock", 1961, 1963, 0.5),
        hazard("treaty", 1961, 1965, 0.4, pushes={"season": (0.02, Name("shock", Mode.WITHIN, years=1.0))}),
    ),
    {"old": "yes"},
    KEEP,
)

Patch = pytest.MonkeyPatch
PLANTED: list[Callable[[Patch], None]] = []


@cache
def known(uncertain: bool) -> tuple[tuple[int, Case, Exact, Exact], ...]:
    found = list(check.usable_cases(30 if uncertain else 60, uncertain=uncertain))
    if not uncertain:  # a fact behind a gate that only the change opens
        gated = replace(event("b", 1961, 0.6, fact=NO), only_if=Name("a"))
        case = Case(scenario(event("a", 1960, 0.5, fact=NO), gated), {"a": "yes"}, KEEP)
        found.append((0, case, Exact(case.scenario), Exact(case.scenario, case.facts, case.do)))
        found.append((0, RECENT, Exact(RECENT.scenario), Exact(RECENT.scenario, RECENT.facts, RECENT.do)))
    return tuple(found)


def caught() -> bool:
    """Whether any comparison of the oracle suite fails."""
    for uncertain in (False, True):
        for seed, case, before, after in known(uncertain):
            for each in check.compare_case(seed, case, before, after, WORLDS, uncertain=uncertain):
                if not each.agrees(LIMIT):
                    return True
    return False


def planted(fault: Callable[[Patch], None]) -> Callable[[Patch], None]:
    PLANTED.append(fault)
    return fault


@planted
def twin_luck_drawn_afresh(patch: Patch) -> None:
    def afresh(worlds: Worlds, other: Worlds, step: Step, kept: float) -> Any:
        return lambda: step.mechanism.prior_noise(worlds.block, "re-rolled", step.stream)

    patch.setattr(counterfactual, "noise_after", afresh)


@planted
def the_change_taken_as_evidence(patch: Patch) -> None:
    real = counterfactual.twin

    def twin(model: Model, worlds: Worlds, *, do: Mapping[str, str], luck: Luck) -> Worlds:
        variables = model.scenario.variables
        seen = {
            name: Fact(state=state)
            for name, state in do.items()
            if name in variables and variables[name].kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED)
        }
        recorded = {name: each.fact for name, each in variables.items() if each.fact is not None}
        conditioned = counterfactual.run(model, worlds.block, facts={**recorded, **seen})
        return real(model, conditioned, do=do, luck=luck)

    patch.setattr(check, "twin", twin)


@planted
def facts_imposed_on_the_changed_world(patch: Patch) -> None:
    real = Model.act

    def act(self: Model, do: Mapping[str, str]) -> Any:
        fixed, change = real(self, do)
        held = {
            node: np.full((1, 1), int(seen.value), dtype=np.int8)
            for node, seen in self.observe().items()
            if not seen.ratios and self.scenario.variables.get(node) is not None
            if self.scenario.variables[node].kind in (Kind.CHOICE, Kind.ORDERED)
        }
        return {**held, **fixed}, change

    patch.setattr(Model, "act", act)


@planted
def uniform_not_drawn_from_its_conditional(patch: Patch) -> None:
    patch.setattr(mechanisms.Event, "noise_given", lambda self, values, drawn, observed, noise: noise)


@planted
def level_not_drawn_from_its_conditional(patch: Patch) -> None:
    patch.setattr(mechanisms.Ordered, "noise_given", lambda self, values, drawn, observed, noise: noise)


@planted
def losers_of_a_race_not_made_late(patch: Patch) -> None:
    real = mechanisms.Choice.noise_given

    def careless(self: Any, values: Any, drawn: Any, observed: Any, noise: Any) -> Any:
        given = real(self, values, drawn, observed, noise)
        winner = int(observed.value)
        return tuple(new if each == winner else old for each, (new, old) in enumerate(zip(given, noise, strict=False)))

    patch.setattr(mechanisms.Choice, "noise_given", careless)


@planted
def choices_drawn_in_the_order_of_their_states(patch: Patch) -> None:
    def answer(self: Any, values: Any, drawn: Any, noise: Any) -> Any:
        below = np.cumsum(np.stack(np.broadcast_arrays(*self.chances(values, drawn))), axis=0)
        winner = (np.exp(-noise()[0]) > below[:-1]).sum(axis=0).astype(np.int8)
        return {self.node: self.gate.close(values, drawn, winner) if self.gate else winner}

    def given(self: Any, values: Any, drawn: Any, observed: Any, noise: Any) -> Any:
        winner = int(observed.value)
        if observed.ratios or winner >= len(self.states):
            return noise
        chances = np.stack(np.broadcast_arrays(*self.chances(values, drawn)))
        low = chances[:winner].sum(axis=0)
        first = -np.log(low + chances[winner] * np.exp(-noise[0]))
        told = (first, *noise[1:])
        return self.gate.noise(values, drawn, told, noise) if self.gate else told

    patch.setattr(mechanisms.Choice, "answer", answer)
    patch.setattr(mechanisms.Choice, "noise_given", given)


@planted
def pushes_with_the_wrong_sign(patch: Patch) -> None:
    real = assumptions.place
    patch.setattr(
        assumptions,
        "place",
        lambda value, role, scale: -real(value, role, scale) if role is Role.ODDS else real(value, role, scale),
    )


@planted
def one_fact_not_weighed(patch: Patch) -> None:
    def log_weight(self: Worlds) -> Any:
        kept = list(self.evidence.values())[:-1]
        return np.broadcast_to(sum(kept, np.zeros((1, 1))), self.block.shape)

    patch.setattr(Worlds, "log_weight", property(log_weight))


@planted
def prior_weights_in_the_twin(patch: Patch) -> None:
    real = counterfactual.twin
    patch.setattr(check, "twin", lambda *args, **options: replace(real(*args, **options), evidence={}))


@planted
def a_threshold_drawn_again_every_year(patch: Patch) -> None:
    def stream(self: Step) -> str:
        place = f"#{self.mechanism.position}" if isinstance(self.mechanism, Stretch) else ""
        return self.node + place

    patch.setattr(Step, "stream", property(stream))


@planted
def lost_luck_found_again(patch: Patch) -> None:
    real, turn = Block.noise, itertools.count()

    def noise(self: Block, sampler: Any, *name: str) -> Any:
        return real(self, sampler, *name, *((str(next(turn)),) if name[0] == "fragility" else ()))

    patch.setattr(Block, "noise", noise)
    once = dial._once
    patch.setattr(
        dial,
        "_once",
        lambda worlds, name, draw: draw() if name.startswith("fragility") else once(worlds, name, draw),
    )


@planted
def luck_kept_whatever_the_dial_says(patch: Patch) -> None:
    patch.setattr(counterfactual, "share_kept", lambda model, step, change, luck: 1.0)


@planted
def luck_lost_before_the_change(patch: Patch) -> None:
    real = dial.share_kept
    always = Change(-np.inf)
    patch.setattr(counterfactual, "share_kept", lambda model, step, change, luck: real(model, step, always, luck))


@planted
def luck_lost_by_what_caused_the_change(patch: Patch) -> None:
    real = dial.share_kept

    def forgetful(model: Model, step: Step, change: Change, luck: Luck) -> float:
        return real(model, step, replace(change, causes=frozenset()), luck)

    patch.setattr(counterfactual, "share_kept", forgetful)


@planted
def spread_not_divided_by_1_645(patch: Patch) -> None:
    patch.setattr(assumptions, "HALF_WIDTH_90", 1.0)


@planted
def errors_of_measurement_ignored(patch: Patch) -> None:
    patch.setattr(Model, "_error", lambda self, variable, value, error: 0.0)


@planted
def rivals_averaged_instead_of_mixed(patch: Patch) -> None:
    real = assumptions.draw_estimate

    def average(estimate: Any, scale: Any, block: Any, name: str) -> Any:
        each = [
            real(replace(estimate, number=one, rivals=()), scale, block, name)
            for one in (estimate.number, *estimate.rivals)
        ]
        return sum(each) / len(each)

    patch.setattr(assumptions, "draw_estimate", average)


@planted
def premises_deaf_to_their_school(patch: Patch) -> None:
    real = assumptions.draw_school
    patch.setattr(assumptions, "draw_school", lambda *args: np.zeros_like(real(*args)))


@planted
def virtual_evidence_not_weighed(patch: Patch) -> None:
    patch.setattr(mechanism.Observation, "log_ratios", property(lambda self: np.zeros(len(self.ratios))))


@planted
def a_shut_gate_let_through(patch: Patch) -> None:
    patch.setattr(mechanism.Gate, "close", lambda self, values, drawn, answer: answer)


@planted
def an_event_recent_for_ever(patch: Patch) -> None:
    patch.setattr(conditions.Moment, "_long_ago", lambda self, event, years: False)


@planted
def a_hazard_recent_for_twice_its_span(patch: Patch) -> None:
    real = conditions.Moment._window

    def window(self: conditions.Moment, tree: Name) -> Any:
        return real(self, tree if tree.years is None else replace(tree, years=2.0 * tree.years))

    patch.setattr(conditions.Moment, "_window", window)


@planted
def a_span_looked_at_once_a_year(patch: Patch) -> None:
    patch.setattr("jonbar.scm.compile.parts_of_a_year", lambda years: 1)


@planted
def a_fact_behind_a_shut_gate_taken_for_luck(patch: Patch) -> None:
    patch.setattr(mechanism.Gate, "noise", lambda self, values, drawn, given, fresh: given)


@pytest.fixture(scope="module", autouse=True)
def nothing_is_caught_without_a_fault() -> None:
    assert not caught()


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_caught(fault: Callable[[Patch], None], monkeypatch: Patch) -> None:
    fault(monkeypatch)
    assert caught()
