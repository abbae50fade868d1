"""Laws of verdicts, on scenarios whose chances are known in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_
from scipy.stats import norm
from typer.testing import CliRunner

from jonbar.claims.estimands import Asked, answer_all
from jonbar.claims.verdicts import Judged, Verdict, ask_for_claims, judge, judge_answered
from jonbar.cli.app import app
from jonbar.scenario.dates import Interval
from jonbar.scenario.questions import Estimand, parse_condition, parse_test
from jonbar.scenario.read import read_scenario
from jonbar.scenario.recorded import held
from jonbar.scenario.terms import Scenario
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from jonbar.sensitivity.hinges import Assumed, drawn

FILE = """
jonbar: 1
scenario: verdicts
title: What if it had rained?
years: 1914..1916
sources:
  log: {title: The harbour log, kind: record, year: 1914}
  letter: {title: A letter, kind: memoir, year: 1950}
premises:
  rain_matters: {ask: Does rain matter?, credence: 50%}
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  talk: {ask: Is it talked about?, when: 1914-07, chance: 50%}
  feast:
    ask: Is there a feast?
    when: 1914-08
    otl: yes
    chance: 97%
    pushes: {wet: {odds: x0.01, if: rain, because: Nobody comes.}}
  market:
    ask: Is there a market?
    when: 1914-08
    chance: 70%
    pushes: {wet: {odds: x0.05, if: rain and rain_matters, because: Nobody comes.}}
  fair:
    ask: Is there a fair?
    when: 1914-08
    chance: 10% to 25%
  takings:
    ask: What is taken?
    unit: crowns
    when: 1914-09
    centre: 100
    spread: 5
    pushes: {wet: {add: -30, if: rain, because: Nobody buys.}}
  answer:
    ask: What does the mayor do?
    when: 1914-09
    who: Mayor
    otl: wait
    states: {wait: 60%, act: 40%}
  flood: {ask: When is the flood?, when: 1914/1916, hazard: 10% a year, otl: 1915-03}
actors: {Town: [Mayor]}
what_if:
  wet: {says: It rains., do: {rain: yes}}
claims:
"""


def scenario_with(claims: str) -> Scenario:
    return read_scenario(FILE + claims, file="verdicts")


def judged(claims: str, draws: int = 400, tellings: int = 100) -> dict[str, Judged]:
    model = compile_model(scenario_with(claims))
    found = judge(model, assimilate(model, seed=5, draws=draws, tellings=tellings))
    return {each.claim.name: each for each in found}


def one(kind: str, test: str = "", **keys: str) -> Judged:
    parts = {"says": "It is so.", "who": "post-1", "kind": kind, **({"test": test} if test else {}), **keys}
    text = ", ".join(f"{name}: {value}" for name, value in parts.items())
    return judged(f"  it: {{{text}}}\n")["it"]


@pytest.mark.parametrize(
    ("test", "meant", "verdict"),
    [
        ("chance of not fair under wet", "", Verdict.DEPENDS),  # likelier than not, and not almost certain
        ("chance of feast", "", Verdict.HOLDS),
        ("chance of feast under wet", "", Verdict.FAILS),
        ("chance of fair under wet", "5% to 35%", Verdict.HOLDS),
        ("chance of fair under wet", "likely", Verdict.FAILS),
        ("chance of fair under wet", "15% to 40%", Verdict.DEPENDS),
        ("chance of feast under wet", "could happen", Verdict.HOLDS),
        ("chance of not feast under wet", "could happen", Verdict.HOLDS),  # likelier than was said
        ("chance of feast under wet", "40%", Verdict.FAILS),
        ("chance of market under wet", "", Verdict.DEPENDS),  # on the premise
    ],
)
def test_a_claim_of_chance_is_held_against_what_was_meant(test: str, meant: str, verdict: Verdict) -> None:
    found = one("chance", test, **({"meant": f"'{meant}'"} if meant else {}))
    assert found.verdict is verdict, found.why
    assert found.answer is not None and found.share is not None


def test_what_a_verdict_hangs_on_is_named() -> None:
    found = one("chance", "chance of market under wet")
    assert [each.assumption for each in found.hangs_on] == ["rain_matters"]
    assert not found.hangs_on[0].rises and found.hangs_on[0].share > 0.9


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("mean of takings under wet < mean of takings", Verdict.HOLDS),
        ("mean of takings under wet > mean of takings", Verdict.FAILS),
        ("mean of takings under wet < 80", Verdict.HOLDS),
        ("chance of market under wet < chance of market", Verdict.CANNOT),
        ("ratio of mean of takings to mean of takings under wet", Verdict.HOLDS),
        ("chance of talk under wet > chance of talk", Verdict.CANNOT),  # rain does not reach it
    ],
)
def test_a_comparison_is_made_within_each_draw(test: str, verdict: Verdict) -> None:
    found = one("comparison", test)
    expected = Verdict.DEPENDS if "market" in test else verdict
    assert found.verdict is expected, found.why


def test_a_hedged_comparison_is_a_chance_that_it_is_so() -> None:
    likely = one("comparison", "chance of market under wet < chance of market", meant="'40% to 60%'")
    assert likely.verdict is Verdict.HOLDS and likely.share == pytest.approx(0.5, abs=0.12)  # 4.8 errors of 400 draws
    assert one("comparison", "chance of market under wet < chance of market", meant="unlikely").verdict is Verdict.FAILS


UNSURE = """
jonbar: 1
scenario: unsure
title: What if it had rained?
years: 1914..1916
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  takings:
    ask: What is taken?
    unit: crowns
    when: 1914-09
    centre: 100
    spread: 20
    pushes: {wet: {add: -20 to 40, if: rain, because: Nobody knows.}}
what_if:
  wet: {says: It rains., do: {rain: yes}}
claims:
  it: {says: So., who: a, kind: comparison, test: chance of takings > 100 under wet > chance of takings > 100}
"""


@pytest.mark.parametrize("tellings", [20, 1000])
def test_a_comparison_holds_in_as_many_draws_as_its_assumptions_make_it(tellings: int) -> None:
    """Rain adds something in 70.8 % of the draws, and takes something away in the others."""
    model = compile_model(read_scenario(UNSURE, file="unsure"))
    found = judge(model, assimilate(model, seed=5, draws=2_000, tellings=tellings))[0]
    expected = float(norm.cdf(10.0 / (60.0 / 3.29)))
    assert found.share == pytest.approx(expected, abs=4.3 * (expected * (1.0 - expected) / 2_000) ** 0.5)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_so_in_every_draw_is_so_however_the_draws_count(seed: int) -> None:
    scenario = scenario_with(
        "  drier: {says: So., who: a, kind: comparison, meant: could happen, "
        "test: chance of feast under wet < chance of feast}\n"
    )
    model = compile_model(scenario)
    posterior = assimilate(model, seed=5, draws=400, tellings=100)
    asked = ask_for_claims(model, posterior)
    weights = np.random.default_rng(seed).gamma(0.1, size=400)
    anew = {
        name: replace(each, weights=weights / weights.sum()) for name, each in asked.items() if isinstance(each, Asked)
    }
    (found,) = judge_answered(model, Assumed(drawn(model, posterior)), anew)
    assert found.verdict is Verdict.HOLDS and found.share is not None and found.share <= 1.0


@pytest.mark.parametrize("tellings", [8, 20])
@pytest.mark.parametrize("rain", ["-5 to 10", "-2 to 4", "-1 to 2"])
def test_a_comparison_holds_no_more_firmly_for_want_of_tellings(rain: str, tellings: int) -> None:
    """Rain adds something in 70.8 % of the draws again, but little: luck that both histories share is not noise."""
    model = compile_model(read_scenario(UNSURE.replace("-20 to 40", rain), file="unsure"))
    found = judge(model, assimilate(model, seed=5, draws=2_000, tellings=tellings))[0]
    assert found.verdict is Verdict.DEPENDS
    assert found.share == pytest.approx(0.708, abs=4.3 * (0.708 * 0.292 / 2_000) ** 0.5)


@pytest.mark.parametrize("asked", ["good", "takings > 100 and talk", "good or not talk"])
def test_what_follows_from_others_is_compared_as_firmly_as_they_are(asked: str) -> None:
    text = UNSURE.replace("-20 to 40", "-2 to 4").replace("takings > 100", asked)
    more = """  talk: {ask: Is it talked about?, when: 1914-07, chance: 60%}
  good: {ask: Is it a good year?, when: 1914-10, is: takings > 100}
what_if:"""
    model = compile_model(read_scenario(text.replace("what_if:", more), file="unsure"))
    found = judge(model, assimilate(model, seed=5, draws=2_000, tellings=16))[0]
    assert found.share == pytest.approx(0.708, abs=4.3 * (0.708 * 0.292 / 2_000) ** 0.5)


GATED = UNSURE.replace(
    "variables:", "premises: {matters: {ask: Does rain matter?, credence: 50%}}\nvariables:"
).replace("-20 to 40, if: rain", "4 to 6, if: rain and matters")


@pytest.mark.parametrize("tellings", [8, 20])
def test_a_draw_in_which_nothing_differs_is_none_in_which_a_comparison_holds(tellings: int) -> None:
    model = compile_model(read_scenario(GATED, file="gated"))
    posterior = assimilate(model, seed=5, draws=1_000, tellings=tellings)
    found = judge(model, posterior)[0]
    true = np.asarray(model.draw(posterior.assumptions)["matters"])[:, 0].mean()
    assert found.share == pytest.approx(true, abs=0.01)


FLOOD = """
jonbar: 1
scenario: flood
title: What if it had rained?
years: 1914..1918
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  flood:
    ask: When is the flood?
    when: 1915/1917
    hazard: 5% to 10% a year
    otl: OTL
    pushes: {wet: {odds: x0.8 to x1.6, if: rain, because: Nobody knows.}}
what_if:
  wet: {says: It rains., do: {rain: yes}}
  dry: {says: It stays dry, do: {rain: no}}
claims:
  it: {says: So., who: a, kind: comparison, test: chance of flood by 1917 under wet > chance of flood by 1917 SIDE}
"""


@pytest.mark.parametrize(("side", "recorded"), [("", ""), ("under dry", "never")])
@pytest.mark.parametrize("dial", ["keep", "2 years"])
def test_a_hazard_is_likelier_in_as_many_draws_as_its_push_is_upward(side: str, recorded: str, dial: str) -> None:
    text = FLOOD.replace("    otl: OTL\n", f"    otl: {recorded}\n" if recorded else "").replace("SIDE", side)
    model = compile_model(read_scenario(text.replace("do: {rain", f"luck: {dial}, do: {{rain"), file="flood"))
    found = judge(model, assimilate(model, seed=5, draws=2_000, tellings=16))[0]
    expected = float(norm.cdf(np.log(0.8 * 1.6) / np.log(1.6 / 0.8) * 1.6448536))
    assert found.share == pytest.approx(expected, abs=4.3 * (expected * (1.0 - expected) / 2_000) ** 0.5)


def test_what_two_histories_share_of_luck_is_no_noise_of_their_difference() -> None:
    model = compile_model(read_scenario(UNSURE, file="unsure"))
    posterior = assimilate(model, seed=5, draws=200, tellings=40)
    low = parse_condition("takings > 100", model.scenario)
    probes = {"here": Probe("wet", low), "ours": Probe("", low), "again": Probe("", low)}
    plan = Plan(
        {"": Branch(), "wet": Branch({"rain": "yes"})}, probes, {"moved": ("here", "ours"), "none": ("ours", "again")}
    )
    sums = survey(model, posterior, plan)
    assert sums["moved"].value == pytest.approx(sums["here"].value - sums["ours"].value, abs=1e-12)
    _, noise = sums["moved"].shares()
    assert np.mean(noise) < np.mean(sums["here"].shares()[1] + sums["ours"].shares()[1]) / 1.2
    assert not sums["none"].shares()[1].any() and not sums["none"].value.any()


def test_because_asks_for_the_same_with_its_cause_prevented() -> None:
    found = one("causal", "chance of not feast under wet because rain")
    assert found.verdict is Verdict.HOLDS
    odds = 0.97 / 0.03 * 0.01
    assert found.difference == pytest.approx(1.0 - odds / (1.0 + odds) / 0.97, abs=0.01)  # luck kept from a feast
    assert found.other is not None and found.other.estimand.endswith(", with rain prevented")
    assert one("causal", "chance of feast under wet because answer is wait").verdict is Verdict.CANNOT


def test_what_is_possible_needs_one_chance_in_a_hundred() -> None:
    assert one("possibility", "possible not feast under wet").verdict is Verdict.HOLDS
    found = one("possibility", "possible not feast and not market and fair and flood by 1914 under wet")
    assert found.verdict is not Verdict.HOLDS


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("fact feast", Verdict.HOLDS),
        ("fact rain", Verdict.FALSE),
        ("fact not rain and feast", Verdict.HOLDS),
        ("fact rain or talk", Verdict.CANNOT),
        ("fact answer is wait", Verdict.HOLDS),
        ("fact answer is not wait", Verdict.FALSE),
        ("fact flood by 1915", Verdict.HOLDS),
        ("fact flood by 1914", Verdict.FALSE),
        ("fact flood in 1915", Verdict.HOLDS),
        ("fact talk", Verdict.CANNOT),
    ],
)
def test_a_claim_of_fact_is_settled_by_what_is_recorded(test: str, verdict: Verdict) -> None:
    found = one("fact", test)
    assert (found.verdict, found.answer) == (verdict, None)


@pytest.mark.parametrize(
    ("keys", "verdict"),
    [
        ({"for": "[log]"}, Verdict.HOLDS),
        ({"against": "[log]"}, Verdict.FALSE),
        ({"for": "[log]", "against": "[log]"}, Verdict.CANNOT),
        ({"for": "[letter]"}, Verdict.CANNOT),  # a memoir alone settles nothing
        ({"for": "[log]", "against": "[letter]"}, Verdict.HOLDS),
        ({}, Verdict.CANNOT),
    ],
)
def test_what_somebody_said_is_settled_by_records(keys: dict[str, str], verdict: Verdict) -> None:
    assert one("utterance", **keys).verdict is verdict


def test_a_value_gets_no_number_and_a_claim_without_a_test_says_too_little() -> None:
    value = one("value", "chance of feast")
    assert value.verdict is Verdict.VALUE and value.answer is None and value.share is None
    assert one("chance").verdict is Verdict.LITTLE
    assert one("definition").verdict is Verdict.VALUE
    uncovered = one("uncovered")
    assert uncovered.verdict is Verdict.CANNOT and "outside the model" in uncovered.why
    assert one("degree", "mean of takings under wet", yardstick="last year").verdict is Verdict.LITTLE


def test_what_a_claim_takes_for_granted_is_supposed() -> None:
    alone = one("chance", "chance of not market under wet", meant="certain")
    granted = one("chance", "chance of not market under wet", meant="certain", presupposes="not market")
    assert (alone.verdict, granted.verdict) == (Verdict.DEPENDS, Verdict.HOLDS)


def test_what_never_happens_cannot_be_supposed() -> None:
    assert one("conditional", "chance of feast under wet given not rain").verdict is Verdict.CANNOT


@given(low=any_.integers(1, 98), width=any_.integers(0, 60), grow=any_.integers(0, 40))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_wider_meaning_never_turns_holding_into_failing(low: int, width: int, grow: int) -> None:
    narrow, wide = ((max(1, low - more), min(99, low + width + more)) for more in (0, grow))
    claims = "".join(
        f"  {name}: {{says: It., who: p, kind: chance, test: chance of fair, meant: '{ends[0]}% to {ends[1]}%'}}\n"
        for name, ends in (("narrow", narrow), ("wide", wide))
        if ends[0] < ends[1]
    )
    if claims.count("\n") < 2:
        return
    found = judged(claims, draws=60, tellings=10)
    order = [Verdict.FAILS, Verdict.DEPENDS, Verdict.HOLDS]
    assert order.index(found["narrow"].verdict) <= order.index(found["wide"].verdict)


def test_the_draws_of_an_estimand_average_to_its_answer() -> None:
    model = compile_model(scenario_with("  x: {says: A., who: b, kind: value}\n"))
    posterior = assimilate(model, seed=3, draws=200, tellings=50)
    test = parse_test("chance of market under wet", model.scenario)
    assert isinstance(test, Estimand)
    asked = answer_all(model, posterior, {"one": test})["one"]
    assert not isinstance(asked, Exception)
    assert float(asked.weights.sum()) == pytest.approx(1.0)
    assert float(asked.weights @ asked.shares) == pytest.approx(asked.answer.value)


def test_where_couplings_disagree_about_the_line_nothing_can_be_said() -> None:
    from jonbar.claims import verdicts as judging

    found = one("chance", "chance of feast under wet")
    assert found.answer is not None
    wide = replace(found.answer, attained_low=0.1, attained_high=0.8)
    case = judging.Case.__new__(judging.Case)
    checked = judging._checked(case, replace(found, answer=wide), (0.5,))
    assert checked.verdict is Verdict.CANNOT and "10 to 80" in checked.why
    assert (
        judging._checked(case, replace(found, answer=replace(wide, attained_high=0.3)), (0.5,)).verdict is found.verdict
    )


def test_a_condition_held_where_every_fact_says_so() -> None:
    scenario = scenario_with("  x: {says: A., who: b, kind: value}\n")
    assert held(parse_condition("feast and not rain", scenario), scenario) is True
    assert held(parse_condition("talk and rain", scenario), scenario) is False
    assert held(parse_condition("talk or rain", scenario), scenario) is None
    assert isinstance(scenario.variables["feast"].when, Interval)


def test_a_claim_that_must_hold_and_does_not_ends_with_exit_code_one(tmp_path: object) -> None:
    for says, code in (("chance of feast", 0), ("chance of rain under wet < chance of rain", 1)):
        kind = "comparison" if "<" in says else "chance"
        text = FILE + f"  it: {{says: It is so., who: post-1, kind: {kind}, test: {says}, must: yes}}\n"
        result = CliRunner().invoke(app, ["claims", "-", "--draws", "50", "--tellings", "20", "--no-store"], input=text)
        assert result.exit_code == code, result.output
