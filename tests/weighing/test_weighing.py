"""Laws of weighing draws anew: it says what a fresh run would say, and nothing when nothing was moved."""

from __future__ import annotations

import re
from itertools import zip_longest

import numpy as np
import pytest

from jonbar.query.answering import Scope, answer, questions_about, questions_of
from jonbar.scenario import catalog
from jonbar.scenario.expressions import Name
from jonbar.scenario.numbers import Estimate, Range, Role, Scale
from jonbar.scenario.read import read_scenario
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import Scenario
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.assumptions import draw_estimate, draw_school, place
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from jonbar.weighing.bearing import bearings
from jonbar.weighing.densities import log_density, written
from jonbar.weighing.dials import dials, every_dial
from jonbar.weighing.held import Held, hold

ERRORS = 4.3  # standard errors: 2 in 100,000
FLOOD = """
jonbar: 1
scenario: flood
years: 1910..1912
sources: {gauge: {title: The gauge, kind: record, year: 1910}}
premises:
  silted: {ask: Has the river silted up?, credence: 30% to 70%}
schools:
  engineers: {weight: 60%, silted: 80%}
  fishermen: {weight: 40%, silted: 20%}
variables:
  rain: {ask: Does it rain?, when: 1910-05, otl: yes, chance: 30% to 60%}
  dam:
    ask: Does the dam hold?
    when: 1910-06
    otl: yes
    chance: 60% to 90%
    pushes: {wet: {odds: x0.2 to x0.8, if: rain}}
  flood:
    ask: Is the town flooded?
    when: 1910-07
    chance: 5% to 15%
    pushes:
      breach: {odds: x4 to x20, if: not dam}
      silt: {odds: x2 to x6, if: silted}
  harvest:
    ask: The harvest
    when: 1910-09
    unit: tons
    centre: 60 to 80
    spread: 8 to 12
    pushes: {wet: {add: -30 to -10, if: flood}}
  bridge:
    ask: Does the bridge stand?
    when: 1910-08
    chance: 20 of 60 (bridges)
    rivals: [30 of 40 (new bridges)]
    pushes: {swept: {odds: x0.1 to x0.6, if: flood}}
  gauge:
    ask: Is the gauge right?
    when: 1910-08
    chance: 40 of 60 (gauges)
    pushes: {mud: {odds: x0.3 to x0.9, if: flood}}
what_if:
  breach: {says: The dam breaks., do: {dam: no}}
"""
HELD_OTHERWISE = [
    {"flood.breach": "x10 to x20"},
    {"flood.chance": "8% to 14%", "flood.breach": "x3 to x8"},
    {"rain.chance": "50% to 70%"},
    {"dam.chance": "50% to 70%"},
    {"silted.credence": "80%"},
    {"harvest.wet": "-30 to -20", "harvest.spread": "9 to 11", "harvest.centre": "62 to 70"},
    {"gauge.chance": "50 of 80 (gauges)"},
    {"gauge.chance": "55% to 75%"},
    {"bridge.chance": "45% to 65%"},
    {"bridge.chance": "60 of 90 (good bridges)"},
    {"engineers.weight": "30%"},
    {"engineers.weight": "80%", "fishermen.silted": "40%"},
    {"engineers.silted": "60%", "flood.silt": "x3 to x6"},
    {"engineers.weight": "20%", "fishermen.weight": "90%"},
    {"silted.credence": "20%", "engineers.silted": "90%"},
]


def scenario() -> Scenario:
    return read_scenario(FLOOD, file="flood.jonbar.yaml")


def learn(model: Model, draws: int, tellings: int = 20) -> Posterior:
    return assimilate(model, seed=7, draws=draws, tellings=tellings)


def kept(model: Model, draws: int, tellings: int = 20) -> Held:
    reading = model.scenario.readings()["breach"]
    return hold(model, learn(model, draws, tellings), Branch(reading.do), questions_of(model))


def test_draws_that_nobody_moved_give_the_answers_of_a_run() -> None:
    model = compile_model(scenario())
    held = kept(model, 500)
    found = held.weigh(np.zeros(500))
    branch = Branch({"dam": "no"})
    for variable in model.scenario.variables.values():
        for question in questions_about(model, variable):
            for label, expression in question.parts:
                sums = survey(model, held.posterior, Plan({"here": branch}, {"asked": Probe("here", expression)}))
                said = answer(sums["asked"], Scope(model, held.posterior, branch, ""), expression, question.unit)
                here = found[f"{question.key}\x1f{label}"]
                assert (here.value, here.error) == pytest.approx((said.value, said.error), abs=1e-9)
                weight = sums["asked"].weight
                assert here.effective == pytest.approx(weight.sum() ** 2 / (weight @ weight))
                if question.variable != "dam":
                    assert (here.low, here.high) == pytest.approx((said.low, said.high), abs=1e-9)


@pytest.mark.parametrize("settings", HELD_OTHERWISE, ids=lambda each: " ".join(each))
def test_weighing_draws_anew_agrees_with_running_history_anew(settings: dict[str, str]) -> None:
    plain = scenario()
    held = kept(compile_model(plain), 20_000)
    ratio = held.log_ratio(settings)
    assert ratio is not None
    weighed = held.weigh(ratio)
    fresh = kept(compile_model(with_settings(plain, settings)), 20_000).weigh(np.zeros(20_000))
    for name in ("flood\x1fyes", "harvest\x1ftons", "gauge\x1fyes", "bridge\x1fyes"):
        one, other = weighed[name], fresh[name]
        assert one.effective > 500
        assert abs(one.value - other.value) < ERRORS * np.hypot(one.error, other.error), name
        width = other.high - other.low
        assert abs(one.low - other.low) < 0.12 * width and abs(one.high - other.high) < 0.12 * width, name


HIDDEN = """
jonbar: 1
scenario: hidden
years: 1910..1912
variables:
  mole: {ask: Is there a hole in the dam?, when: 1910-05, chance: 30% to 60%}
  flood:
    ask: Is the town flooded?
    when: 1910-07
    otl: yes
    chance: 5% to 15%
    pushes: {hole: {odds: x4 to x20, if: mole}}
what_if:
  none: {says: No hole., do: {mole: no}}
"""


@pytest.mark.parametrize("text", [FLOOD, HIDDEN], ids=["open", "hidden luck"])
def test_the_first_draws_say_what_they_said_among_all(text: str) -> None:
    model = compile_model(read_scenario(text, file="x.jonbar.yaml"))
    posterior = assimilate(model, seed=7, draws=300, tellings=20)
    reading = next(iter(model.scenario.readings().values()))
    plan = Plan({"here": Branch(reading.do)}, {"asked": Probe("here", Name("flood"))})
    whole, few = (survey(model, each, plan)["asked"] for each in (posterior, posterior.first(120)))
    assert few.weight.shape == (120,)
    for each, other in zip(whole.shares(), few.shares(), strict=True):
        assert each[:120] == pytest.approx(other)


@pytest.mark.parametrize("name", ["engineers.weight", "fishermen.weight", "engineers.silted", "fishermen.silted"])
def test_a_school_as_the_file_has_it_changes_nothing(name: str) -> None:
    held = kept(compile_model(scenario()), 300)
    ratio = held.log_ratio({name: every_dial(held.model)[name].file})
    assert ratio is not None and np.ptp(ratio) < 1e-12
    assert held.weigh(ratio) == pytest.approx(held.plain)


@pytest.mark.parametrize("at", [0, 1], ids=["engineers", "fishermen"])
def test_where_all_hold_to_one_school_its_draws_answer_alone(at: int) -> None:
    held = kept(compile_model(scenario()), 1_000)
    names = list(held.model.scenario.schools)
    ratio = held.log_ratio({f"{name}.weight": "100%" if name == names[at] else "0.000001%" for name in names})
    assert ratio is not None
    school = np.broadcast_to(draw_school(held.model.scenario, held.posterior.assumptions.assumed), (1_000, 1))[:, 0]
    alone = held.weigh(np.where(school == at, 0.0, -np.inf))
    for name, here in held.weigh(ratio).items():
        assert (here.value, here.low, here.high) == pytest.approx(
            (alone[name].value, alone[name].low, alone[name].high), abs=1e-4
        ), name
    assert alone["flood\x1fyes"].effective < held.plain["flood\x1fyes"].effective
    assert abs(alone["flood\x1fyes"].value - held.plain["flood\x1fyes"].value) > 0.01


UNSURE = FLOOD.replace("weight: 60%", "weight: 20% to 90%").replace("weight: 40%", "weight: 10% to 80%")


def test_weights_of_schools_that_are_held_together_share_one_whole() -> None:
    held = kept(compile_model(read_scenario(UNSURE, file="unsure.jonbar.yaml")), 500)
    ratio = held.log_ratio({"engineers.weight": "30%", "fishermen.weight": "60%"})
    assert ratio is not None
    stream = held.posterior.assumptions.assumed
    school = np.broadcast_to(draw_school(held.model.scenario, stream), (500, 1))[:, 0]
    drawn = [
        np.exp(draw_estimate(each.weight, Scale.LINEAR, stream, f"{each.name}.weight"))[:, 0]
        for each in held.model.scenario.schools.values()
    ]
    before = np.choose(school, drawn) / sum(drawn)
    assert ratio == pytest.approx(np.log(np.choose(school, [1 / 3, 2 / 3]) / before))


def test_what_cannot_be_weighed_says_so() -> None:
    held = kept(compile_model(scenario()), 100)
    assert held.log_ratio({"flood.breach": "x9"}) is None  # a bare point has no density
    assert held.log_ratio({"engineers.weight": "80% to 95%"}) is None
    assert held.log_ratio({"silted.credence": "40% to 60%"}) is None


def test_where_a_theory_may_not_learn_no_weight_of_a_school_is_weighed() -> None:
    text = FLOOD.replace("credence: 30% to 70%}", "credence: 30% to 70%, learn: no}")
    held = kept(compile_model(read_scenario(text, file="flood.jonbar.yaml")), 100)
    assert held.log_ratio({"engineers.weight": "60%"}) is None
    assert held.log_ratio({"engineers.silted": "60%"}) is not None


def test_the_further_a_number_is_from_the_file_the_fewer_draws_count() -> None:
    model = compile_model(scenario())
    held = kept(model, 2_000)
    dial = dials(model)["flood.breach"]
    counts = []
    for at, text in dial.positions:
        if at >= 0.0:
            ratio = held.log_ratio({dial.name: text})
            assert ratio is not None
            counts.append(held.weigh(ratio)["flood\x1fyes"].effective)
    assert counts == sorted(counts, reverse=True) and counts[-1] < counts[0] / 2


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("scale", list(Scale))
def test_a_number_is_written_where_it_stands(role: Role, scale: Scale) -> None:
    for value in (0.2, 0.6, 0.9) if role in (Role.CHANCE, Role.RATE, Role.WEIGHT) else (1.5, 12.0, 60.0):
        at = float(np.log(place(value, role, scale))) if role is Role.SPREAD else place(value, role, scale)
        assert written(at, role, scale) == pytest.approx(value)


@pytest.mark.parametrize("role", [Role.CHANCE, Role.ODDS, Role.VALUE, Role.SPREAD])
def test_densities_add_up_to_one(role: Role) -> None:
    from scipy.integrate import quad

    estimate = Estimate(Range(0.2, 0.4) if role is Role.CHANCE else Range(2.0, 8.0), role)

    def at(value: float) -> float:
        drawn = np.array([np.exp(value) if role is Role.SPREAD else value])  # a spread is a normal in its logarithm
        found = log_density(estimate, Scale.LINEAR, drawn)
        assert found is not None
        return float(np.exp(found[0]) / np.sqrt(2 * np.pi))

    assert quad(at, -20, 40, points=[0.0, 1.0, 3.0, 5.0], limit=200)[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("name", ["flood", "cuba-1962"])
def test_every_position_of_a_dial_is_a_setting_that_the_command_line_takes(name: str) -> None:
    plain = scenario() if name == "flood" else read_scenario(catalog.find(name)[1], file=name)
    found = every_dial(compile_model(plain)).values()
    for places in zip_longest(*([text for _, text in each.positions] for each in found)):
        with_settings(plain, {each.name: text for each, text in zip(found, places, strict=True) if text is not None})


def test_a_dial_is_weighed_unless_it_says_that_history_is_run_anew() -> None:
    held = kept(compile_model(scenario()), 100)
    for dial in every_dial(held.model).values():
        assert (held.log_ratio({dial.name: dial.positions[0][1]}) is None) == dial.anew, dial.name
    assert "flood.breach" in dials(held.model) and "bridge.chance" not in dials(held.model)


def test_a_dial_stands_in_the_middle_of_what_its_number_says() -> None:
    held = kept(compile_model(scenario()), 4_000)
    for name in ("bridge.chance", "gauge.chance"):
        (middle,) = [text for at, text in every_dial(held.model)[name].positions if at == 0.0]
        low, high = (float(each) / 100 for each in re.findall(r"[\d.]+(?=%)", middle))
        centre = np.mean([np.log(each / (1.0 - each)) for each in (low, high)])
        estimate, scale = held.model.estimates[name]
        drawn = draw_estimate(estimate, scale, held.posterior.assumptions.prior, name)
        assert abs(np.mean(drawn) - centre) < ERRORS * np.std(drawn) / np.sqrt(4_000) + 0.01, name


def test_every_bare_number_has_a_dial_whose_middle_is_itself() -> None:
    text = (
        FLOOD.replace("odds: x2 to x6", "odds: x4").replace("spread: 8 to 12", "spread: 10").replace("5% to 15%", "10%")
    )
    found = every_dial(compile_model(read_scenario(text, file="flood.jonbar.yaml")))
    for name, bare in (("flood.silt", "x4"), ("harvest.spread", "10"), ("flood.chance", "10%")):
        assert found[name].anew and dict(found[name].positions)[0.0] == bare == found[name].file


def test_an_answer_hangs_on_what_its_mechanism_reads_and_on_nothing_else() -> None:
    held = kept(compile_model(scenario()), 2_000)
    found = bearings(held, ["flood\x1fyes"])["flood\x1fyes"]
    assert {each.assumption for each in found} <= {"flood.chance", "flood.breach", "flood.silt", "silted"}
    assert {"flood.breach", "silted"} <= {each.assumption for each in found}
    assert all(each.low < each.high for each in found if each.assumption in ("flood.breach", "silted"))
