"""Laws of what stands behind an answer: the stage that it passes through, what settles it, and its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from jonbar.query.answering import questions_of, two_timelines
from jonbar.query.wording import under
from jonbar.report.explaining import Grounds, explain, target_of
from jonbar.scenario.expressions import Name
from jonbar.scenario.notation import write_expression
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, Reading
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from jonbar.sensitivity.arguments import KnockOut, knock_outs
from jonbar.views.desk import flat, show_why
from jonbar.views.dossier.gist import About, detour, gist, stages
from jonbar.views.rounding import say_value
from jonbar.weighing.bearing import Bearing, bearings
from jonbar.weighing.held import hold

ELECTION = """
jonbar: 1
scenario: election
title: What if the crowd had stayed away?
years: 1900..1910
what_if:
  empty_square: {says: Nobody comes., do: {crowd: no}}
variables:
  crowd: {ask: Does the crowd come?, when: 1901-01-01, chance: 50%, otl: yes}
  storm: {ask: Is there a storm?, when: 1901-06-01, chance: 20%, otl: yes}
  strike: {ask: When do they strike?, when: 1901/1905, hazard: 10% to 20% a year, because: They are poor., otl: never}
  nominee:
    ask: Whom do they nominate?
    when: 1902-01-01
    states: {bold: 30% to 60%, careful: 40% to 70%}
    pushes:
      seen: {odds: x2 to x6, toward: [bold], if: crowd, because: They saw how many there were.}
  share:
    ask: Share of the vote
    unit: percent
    when: 1903-01-01
    centre: 46 to 52
    spread: 3
    pushes:
      loud: {add: +1 to +4, if: crowd, because: Noise persuades.}
  needed: {ask: Share that is needed, unit: percent, when: 1903-01-01, centre: 49 to 51, spread: 1}
  wins:
    ask: Does the bold one win?
    when: 1904-01-01
    only if: nominee is bold
    is: share > needed
  speech:
    ask: How does he thank them?
    when: 1905-01-01
    only if: wins
    otherwise: none
    states: {long: 40% to 60%, short: 40% to 60%}
    pushes:
      hoarse: {odds: x2 to x3, toward: [short], if: crowd}
  rest:
    ask: What do they do afterwards?
    when: 1906-01-01
    otl: march
    states: {march: 40% to 60%, sleep: 40% to 60%}
    pushes:
      tired: {odds: x2 to x3, toward: [sleep]}
"""
WINS, NONE, LONG, MARCH = "wins\x1fyes", "speech\x1fnone", "speech\x1flong", "rest\x1fmarch"
FAR = 4.3  # standard errors: 2 in 100,000


@cache
def learnt() -> tuple[Model, Posterior, Reading]:
    found = read_scenario(ELECTION, file="election.jonbar.yaml")
    model = compile_model(found)
    return model, assimilate(model, seed=3, draws=300, tellings=40), next(iter(found.readings().values()))


@cache
def explained(act: bool = True) -> Mapping[str, Grounds]:
    model, posterior, reading = learnt()
    branch = Branch(reading.do, KEEP) if act else Branch({"nominee": "bold"}, KEEP)
    questions = {each.key: each for each in questions_of(model)}
    hangs_on = bearings(hold(model, posterior, branch, list(questions.values())), (WINS, NONE, LONG, MARCH))
    targets = {each: target_of(questions, each) for each in hangs_on}
    return explain(model, posterior, branch, targets, hangs_on, history=under(reading.name))


def test_every_number_behind_an_outcome_says_of_which_history_it_is() -> None:
    for grounds in explained().values():
        found = [each for _, each in grounds.settled_by]
        stage = (grounds.stage.chance, grounds.stage.then) if grounds.stage else ()
        found += [each for each in stage if each is not None]
        found += [one for each in grounds.arguments for one in (each.answer, each.without)]
        assert found and all(f" {under(learnt()[2].name)}" in each.estimand for each in found)
        assert all(each.without.estimand.endswith(f", without {each.push}") for each in grounds.arguments)


def test_an_outcome_is_as_likely_as_its_stage_times_what_it_is_from_there() -> None:
    for outcome in (WINS, LONG):
        stage = explained()[outcome].stage
        assert stage is not None
        whole = explained()[outcome].arguments[0].answer
        assert stage.then is not None
        error = stage.chance.error + stage.then.error + whole.error
        assert stage.chance.value * stage.then.value == pytest.approx(whole.value, abs=FAR * error)
        assert 0.05 < stage.chance.value < 0.95


def test_what_remains_where_the_condition_fails_waits_for_nothing_and_neither_does_what_the_act_sets() -> None:
    assert explained()[NONE].stage is None
    settled = explained(act=False)[WINS].stage
    assert settled is not None and settled.chance.value == pytest.approx(1.0)


def test_what_waits_for_something_that_never_comes_says_only_for_what() -> None:
    model, posterior, reading = learnt()
    branch = Branch({**reading.do, "nominee": "careful"}, KEEP)
    questions = {each.key: each for each in questions_of(model)}
    asked = {WINS: target_of(questions, WINS)}
    (grounds,) = explain(model, posterior, branch, asked, {WINS: []}, history="there").values()
    assert grounds.stage is not None and grounds.stage.chance.value == 0.0 and grounds.stage.then is None
    line = next(each for each in two_timelines(model, posterior, reading, luck=KEEP).lines if each.variable == "wins")
    told = flat(stages(About(model.scenario, line, "yes"), grounds))
    assert told == "It takes “Whom do they nominate?” to be bold (<1%)."


def test_what_settles_an_outcome_are_the_means_of_what_its_definition_compares_where_it_can_be() -> None:
    model, posterior, reading = learnt()
    found = dict(explained()[WINS].settled_by)
    assert list(found) == ["share", "needed"]
    gate = model.scenario.variables["wins"].only_if
    probes = {name: Probe("here", Name(name), gate) for name in found}
    sums = survey(model, posterior, Plan({"here": Branch(reading.do, KEEP)}, probes))
    for name, each in found.items():
        assert each.value == pytest.approx(float(sums[name].value.sum() / sums[name].weight.sum()))
        assert each.unit == "percent"


def test_each_argument_carries_here_what_it_carries_alone() -> None:
    model, posterior, reading = learnt()
    alone = {each.push: each for each in knock_outs(model, posterior, Name("wins"), reading, luck=KEEP)}
    for each in explained()[WINS].arguments:
        assert each.without.value == pytest.approx(alone[each.push].without.value)
        assert each.error == pytest.approx(alone[each.push].error)


def test_arguments_are_those_of_the_question_and_of_what_defines_it_but_none_that_the_act_sets() -> None:
    assert "share.loud" in {each.push for each in explained()[WINS].arguments}
    assert "speech.hoarse" in {each.push for each in explained()[LONG].arguments}
    set_by_the_act = {each.push for grounds in explained(act=False).values() for each in grounds.arguments}
    assert "nominee.seen" not in set_by_the_act and "share.loud" in set_by_the_act


def test_a_gist_says_the_stage_and_what_settles_it() -> None:
    model, posterior, reading = learnt()
    line = next(each for each in two_timelines(model, posterior, reading, luck=KEEP).lines if each.variable == "wins")
    grounds = explained()[WINS]
    assert grounds.stage is not None and write_expression(grounds.stage.condition) == "nominee is bold"
    why, hangs_on = gist(About(model.scenario, line, "yes"), grounds)
    told = flat(why.words)
    assert why.head == "Why:" and told.startswith("It takes “Whom do they nominate?” to be bold (")
    assert "For that, “share of the vote” has to be above “share that is needed”: on average the first is then" in told
    assert told.count(" as luck has it)") == 2 and told.count("percent") == 1
    assert flat(hangs_on.words).endswith(".")


@pytest.mark.parametrize(
    ("shares", "head", "named"),
    [
        ((0.6, 0.3), "It hangs on", 1),
        ((0.4, 0.3), "It hangs most on", 2),
        ((0.4, 0.05), "It hangs most on", 1),
        ((0.12, 0.11), "Nothing decides it alone; it hangs most on", 2),
    ],
)
def test_it_is_said_how_much_of_an_answer_hangs_on_what_is_named(
    shares: tuple[float, float], head: str, named: int
) -> None:
    model, posterior, reading = learnt()
    line = next(each for each in two_timelines(model, posterior, reading, luck=KEEP).lines if each.variable == "wins")
    hangs_on = tuple(
        Bearing(name, WINS, share, 0.01, 0.2, 0.7, False)
        for name, share in zip(("share.loud", "share.centre"), shares, strict=True)
    )
    grounds = replace(explained()[WINS], hangs_on=hangs_on)
    about = About(model.scenario, line, "yes")
    told = gist(about, grounds)[-1]
    assert told.head == head and ("; then on " in flat(told.words)) is (named == 2)
    assert f"({100 * shares[0]:.0f}% of the uncertainty)" in flat(told.words)
    panel = show_why(model.scenario, line, "yes", grounds)
    assert [each["share"] for each in panel["hangsOn"]] == [f"{100 * share:.0f}% ±1" for share in shares]
    assert panel["together"] == f"{100 * sum(shares):.0f}%"


def test_in_how_many_worlds_an_argument_counts_is_told_for_both_histories() -> None:
    _, _, reading = learnt()
    assert reading.do == {"crowd": "no"}
    assert explained()[WINS].counts["share.loud"] == pytest.approx((1.0, 0.0))
    assert explained(act=False)[WINS].counts["share.loud"] == pytest.approx((1.0, 1.0))


def aside(act: bool, outcome: str, push: str, difference: float | None = None) -> str:
    model, posterior, reading = learnt()
    lines = two_timelines(model, posterior, reading, luck=KEEP).lines
    name, _, label = outcome.partition("\x1f")
    line = next(each for each in lines if each.variable == name)
    grounds = explained(act)[outcome]
    found = next(each for each in grounds.arguments if each.push == push)
    moved = found if difference is None else replace(found, difference=difference)
    return flat(detour(About(model.scenario, line, label), moved, grounds))


def test_what_was_at_work_in_real_history_alone_says_so() -> None:
    assert aside(True, WINS, "share.loud") == "It was at work in our history, and here in <1%."
    assert aside(False, WINS, "share.loud") == ""


def test_an_argument_that_moves_its_answer_the_other_way_than_it_speaks_says_why() -> None:
    assert aside(False, LONG, "speech.hoarse") == ""
    assert aside(False, MARCH, "rest.tired", -0.1) == ""
    assert aside(False, MARCH, "rest.tired", 0.1).startswith("By itself it speaks against it. But without it")
    assert aside(False, LONG, "speech.hoarse", 0.1) == ""  # nothing is recorded that it could account for


def test_a_gist_names_no_argument_that_moves_its_answer_by_a_detour() -> None:
    model, posterior, reading = learnt()
    lines = two_timelines(model, posterior, reading, luck=KEEP).lines
    about = About(model.scenario, next(each for each in lines if each.variable == "rest"), "march")
    grounds = explained(False)[MARCH]
    own = next(each for each in grounds.arguments if each.push == "rest.tired")
    turned = replace(own, difference=0.1, error=0.001)
    plain = replace(own, push="speech.hoarse", difference=0.01, error=0.001)

    def told(*arguments: KnockOut) -> str:
        return " ".join(flat(each.words) for each in gist(about, replace(grounds, arguments=arguments)))

    assert "Most for it" not in told(turned) and told(turned, plain).count("Most for it: ") == 1
    assert detour(about, turned, grounds) and not detour(about, plain, grounds)


def test_an_answer_begins_with_what_it_is_before_any_argument() -> None:
    model, posterior, reading = learnt()
    lines = {each.variable: each for each in two_timelines(model, posterior, reading, luck=KEEP).lines}
    begins = {"strike": ("yes", "10% to 20% a year: They are poor."), "nominee": ("bold", "30% to 60%.")}
    for name, (label, said) in begins.items():
        (why,) = gist(About(model.scenario, lines[name], label), Grounds(None, (), (), (), {}))
        assert flat(why.words).startswith(f"Before any argument its chance is {said}")


def test_what_kept_luck_makes_of_an_event_stands_beside_the_same_with_the_dice_re_rolled() -> None:
    model, posterior, reading = learnt()
    lines = {each.variable: each for each in two_timelines(model, posterior, reading, luck=KEEP).lines}
    (why,) = gist(About(model.scenario, lines["storm"], "yes"), Grounds(None, (), (), (), {}))
    rerolled = dict(lines["storm"].rerolled)["yes"]
    assert rerolled.value == pytest.approx(0.2, abs=0.05) and dict(lines["storm"].here)["yes"].value == pytest.approx(
        1.0
    )
    said = f"With all arguments it is {say_value(rerolled)} if the dice are re-rolled; it happened in our history, and "
    assert flat(why.words).startswith(f"Before any argument its chance is 20%. {said}")
    assert flat(why.words).endswith(" it is >99%.")
