"""Laws of comparing scenarios by meaning."""

from __future__ import annotations

import pytest

from jonbar.scenario.difference import compare
from jonbar.scenario.dump import dump
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import Scenario
from tests.scenario.authors import random_scenario

BASE = """
jonbar: 1
scenario: storm
span: 1914/1915
words: {clearly: x2 to x5}
variables:
  rain:
    ask: Does it rain?
    when: 1914-06
    otl: yes
    chance: 20% to 40%
    pushes:
      front: {odds: clearly, because: A front was coming.}
  mood:
    ask: How is the mood?
    when: 1914-07
    ordered: yes
    states: {low: 40%, high: 60%}
    pushes:
      wet: {odds: x0.5, if: rain, because: Nobody likes it., asserted: [a, b]}
sources:
  a: {title: A, kind: opinion}
  b: {title: B, kind: opinion}
what_if:
  dry: {says: It stays dry., do: {rain: no}}
"""


def scenario(*changes: tuple[str, str]) -> Scenario:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_scenario(text, file="storm")


def said(*changes: tuple[str, str]) -> list[str]:
    return [str(each) for each in compare(scenario(), scenario(*changes))]


@pytest.mark.parametrize("seed", range(30))
def test_a_scenario_differs_in_nothing_from_itself_written_out(seed: int) -> None:
    one = random_scenario(seed)
    assert compare(one, read_scenario(dump(one), file="dumped")) == ()


@pytest.mark.parametrize("seed", range(30))
def test_differences_are_the_same_both_ways_round(seed: int) -> None:
    one, other = random_scenario(seed), random_scenario(seed + 1)
    there = [(each.path, each.before, each.after) for each in compare(one, other)]
    back = [(each.path, each.after, each.before) for each in compare(other, one)]
    assert sorted(there, key=str) == sorted(back, key=str)
    assert bool(there) == (one != other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("20% to 40%", "20 to 40%"),
        ("when: 1914-06", "when: 1914-06-01/1914-06-30"),
        ("odds: clearly", "odds: x2 to x5"),
        ("[a, b]", "[b, a]"),
        ("{rain: no}", "{rain: 'no'}"),
        ("Does it rain?", "Does   it rain? # whatever"),
        ("if: rain", "if: (rain)"),
    ],
)
def test_spelling_makes_no_difference(old: str, new: str) -> None:
    assert said((old, new)) == []


def test_a_changed_number_is_said_with_both_values() -> None:
    assert said(("odds: x0.5", "odds: x0.25")) == ["push `mood.wet`, `odds`: x0.5 becomes x0.25"]
    assert said(("20% to 40%", "20% to 50%")) == ["variable `rain`, `chance`: 20% to 40% becomes 20% to 50%"]


def test_a_changed_word_changes_every_push_that_uses_it() -> None:
    assert said(("x2 to x5", "x3 to x6")) == [
        "word `clearly`: x2 to x5 becomes x3 to x6",
        "push `rain.front`, `odds`: x2 to x5 becomes x3 to x6",
    ]


def test_what_is_added_or_taken_away_is_one_difference() -> None:
    wet = "\n    pushes:\n      wet: {odds: x0.5, if: rain, because: Nobody likes it., asserted: [a, b]}"
    assert said((wet, "")) == ["push `mood.wet` is gone: x0.5"]
    moved = ("sources:", "  cold: {ask: Is it cold?, when: 1914, chance: 5%}\nsources:")
    assert said(moved) == ["variable `cold` is new: Is it cold?"]
    assert said(("  dry: {", "  calm: {says: No wind., do: {mood: high}}\n  dry: {")) == [
        "what-if `calm` is new: No wind."
    ]


def test_a_fact_and_its_backing_are_told_apart() -> None:
    assert said(("otl: yes", "otl: {is: yes, because: The diary says so.}")) == [
        "variable `rain`, `otl because`: now The diary says so."
    ]
    assert said(("otl: yes", "otl: no")) == ["variable `rain`, `otl`: yes becomes no"]


def test_the_order_of_levels_is_meaning_and_the_order_of_variables_is_not() -> None:
    assert said(("{low: 40%, high: 60%}", "{high: 60%, low: 40%}")) == [
        "variable `mood`, `levels`: low < high becomes high < low"
    ]
    rain, _, rest = BASE.partition("  rain:")[2].partition("  mood:")
    mood, _, end = rest.partition("sources:")
    turned = f"{BASE.partition('  rain:')[0]}  mood:{mood}  rain:{rain}sources:{end}"
    assert compare(scenario(), read_scenario(turned, file="turned")) == ()


def test_two_readings_are_compared_by_what_they_do() -> None:
    one = scenario().readings()["dry"]
    other = scenario(("{rain: no}", "{rain: no, mood: high}, luck: 4 years")).readings()["dry"]
    assert [(each.path, each.before, each.after) for each in compare(one, other)] == [
        (("do", "mood"), None, "high"),
        (("luck",), None, "4 years"),
    ]
    assert str(compare(one, other)[0]) == "`do mood`: now high"
