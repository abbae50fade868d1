"""What an answer hangs on is a matter of what is open, and not of how often luck was asked."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from jonbar.claims.verdicts import Verdict, judge
from jonbar.crux.within import within
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, Camp
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.questions import Branch
from jonbar.sensitivity.hinges import Assumed, Hinge
from jonbar.weighing.held import hold, questions_of

DRAWS = 2000
FAR = 4.3  # standard errors: a chance of 2 in 100,000 each
PICNIC = """
jonbar: 1
scenario: picnic
premises: {shy: {ask: Does rain keep people away?, credence: 50%}}
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  crowd:
    ask: Do many come?
    when: 1914-07
    chance: 20% to 60%
    pushes: {wet: {odds: x0.05 to x0.5, if: rain and shy}, fair: {odds: x0.5 to x2, if: rain}}
what_if: {foul: {says: It rains., do: {rain: yes}}}
claims:
  few: {says: Few would have come., who: a guest, kind: chance, test: chance of not crowd under foul}
"""


def told(tellings: int, seed: int) -> tuple[Hinge, ...]:
    """What a chance hangs on that four of six assumptions move, measured from some tellings in each draw."""
    random = np.random.default_rng([1962, seed])
    assumed = {f"number_{at}": random.normal(size=DRAWS) for at in range(5)} | {"theory": random.random(DRAWS) < 0.4}
    slopes = {"number_0": 1.2, "number_1": -0.8, "number_2": 0.4, "theory": 1.0}
    chance = 1.0 / (1.0 + np.exp(3.0 - sum(slope * assumed[name] for name, slope in slopes.items())))
    share = random.binomial(tellings, chance) / tellings
    noise = share * (1.0 - share) / (tellings - 1)
    return Assumed(assumed).hinges(share, noise, np.full(DRAWS, 1.0 / DRAWS), assumed.keys())


@pytest.mark.parametrize("tellings", [4, 16])
def test_few_tellings_make_a_part_less_sure_and_not_smaller(tellings: int) -> None:
    """A correlation with what was measured falls with the tellings: at 4 to less than half of what it is at 1,000."""
    for seed in range(6):
        many = {each.assumption: each for each in told(1000, seed)}
        assert {"number_0", "number_1", "theory"} <= many.keys() <= {"number_0", "number_1", "number_2", "theory"}
        few = {each.assumption: each for each in told(tellings, 100 + seed)}
        assert "number_0" in few
        for name in few.keys() & many.keys():
            error = np.hypot(few[name].error, many[name].error)
            assert abs(few[name].share - many[name].share) < FAR * error, name
            assert few[name].rises is many[name].rises is (name != "number_1")


def test_where_draws_differ_by_luck_alone_nothing_hangs_on_anything() -> None:
    random, named = np.random.default_rng(5), 0
    for _ in range(40):  # each names one with a chance of 1 in 100 at most: four or more, 1 in 1,000
        share = random.binomial(16, 0.3, size=DRAWS) / 16
        assumed = Assumed({f"number_{at}": random.normal(size=DRAWS) for at in range(20)})
        named += bool(assumed.hinges(share, share * (1 - share) / 15, np.full(DRAWS, 1 / DRAWS), assumed.names))
    assert named < 4


def test_a_line_a_claim_and_a_camp_that_holds_what_the_file_holds_hang_on_the_same() -> None:
    scenario = read_scenario(PICNIC, file="picnic.jonbar.yaml")
    scenario = replace(scenario, camps=MappingProxyType({"plain": Camp("plain", "", MappingProxyType({}))}))
    model = compile_model(scenario)
    posterior = assimilate(model, seed=7, draws=1500, tellings=20)
    held = hold(model, posterior, Branch({"rain": "yes"}, KEEP), questions_of(model))
    line = held.hinges("crowd\x1fyes")
    camp = within(model, posterior, ("crowd", parse_condition("crowd", scenario)), "plain", luck=KEEP)
    (claim,) = judge(model, posterior)
    assert {"shy", "crowd.wet"} <= {each.assumption for each in line} and claim.verdict is Verdict.DEPENDS
    of_camp = {each.assumption: each for each in camp.effects}
    for each in line:  # a camp's worlds are drawn where a line's are summed over
        other = of_camp[each.assumption]
        assert abs(other.part - each.share) < FAR * np.hypot(other.error, each.error)
    assert [each.assumption for each in claim.hangs_on] == [each.assumption for each in line[:3]]
    for of_claim, of_line in zip(claim.hangs_on, line, strict=False):
        assert of_claim.rises is not of_line.rises
        assert (of_claim.share, of_claim.error) == pytest.approx((of_line.share, of_line.error))


def test_draws_that_do_not_count_change_nothing() -> None:
    random = np.random.default_rng(8)
    assumed = {f"number_{at}": random.normal(size=DRAWS) for at in range(4)}
    answers, noise = assumed["number_1"] + 0.1 * random.normal(size=DRAWS), np.zeros(DRAWS)
    weights = np.where(np.arange(DRAWS) < 1500, 1.0 / 1500, 0.0)
    here = {name: each[:1500] for name, each in assumed.items()}
    some = Assumed(assumed).hinges(np.where(weights > 0.0, answers, np.nan), noise, weights, assumed.keys())
    (left,) = Assumed(here).hinges(answers[:1500], noise[:1500], weights[:1500], here.keys())
    assert some == (replace(left, share=some[0].share, error=some[0].error),)
    assert (some[0].share, some[0].error) == pytest.approx((left.share, left.error))
