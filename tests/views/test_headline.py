"""Laws of the first lines of an answer."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import MappingProxyType

import pytest

from jonbar.query.answering import Line
from jonbar.scenario.terms import Claim, ClaimKind
from jonbar.views.headline import how_far, show_headline, worth_asking
from jonbar.views.timelines import LISTED, entries_of, show_timelines
from tests.views.made_up import LINES, READING, TIMELINES, choice, event, quantity, report


def claimed(*tests: str, more: tuple[Line, ...] = ()) -> str:
    claims = {f"said-{at}": Claim(f"said-{at}", "So.", "a", ClaimKind.CHANCE, test) for at, test in enumerate(tests)}
    made = replace(report(), timelines=replace(TIMELINES, lines=(*LINES, *more)))
    return show_headline(replace(made, scenario=replace(made.scenario, claims=MappingProxyType(claims))), width=200)


def test_distance_is_the_largest_difference_in_the_chance_of_any_outcome() -> None:
    assert how_far(event("a", "1962", "A?", "no", 0.2, 0.5, 0.2)) == pytest.approx(0.3)
    assert how_far(event("a", "1962", "A?", "no", 0.2, 0.2, 0.2)) == 0.0
    three = choice("b", "1962", "B?", "x", {"x": 0.2, "y": 0.3, "z": 0.5}, {"x": 0.5, "y": 0.2, "z": 0.3})
    assert how_far(three) == pytest.approx(0.3)


def test_distance_of_a_quantity_is_that_of_two_normal_curves() -> None:
    moved = quantity("c", "1962", "C", "74", "percent", 74.0, 60.0)
    answer = moved.rerolled[0][1]
    assert answer.predictive_high is not None and answer.predictive_low is not None
    deviations = 14.0 / ((answer.predictive_high - answer.predictive_low) / 3.29)
    assert how_far(moved) == pytest.approx(math.erf(deviations / 2 / math.sqrt(2)))
    assert how_far(quantity("c", "1962", "C", "74", "percent", 60.0, 60.0)) == 0.0


def test_what_the_reading_sets_is_no_answer() -> None:
    assert "How does he answer?" not in claimed("chance of reply is secret_trade under backed_down")


def test_what_people_said_of_this_reading_comes_before_what_moved_further() -> None:
    said = claimed("chance of dallas under backed_down", "chance of seen under open_trade")
    assert "Is Kennedy killed in Dallas?" in said
    further = event("mood", "1963", "Is it gloomy?", "no", 0.1, 0.7, 0.1)
    assert "gloomy" not in claimed("chance of dallas under backed_down", more=(further,))
    assert "gloomy" in claimed("chance of mood under backed_down", more=(further,))


def test_what_turned_against_the_record_is_told_though_nobody_asked_and_what_follows_for_certain_is_not() -> None:
    def said(chance: float, really: str = "no") -> bool:
        mood = event("mood", "1963", "Is it gloomy?", really, 0.1, chance, 0.1)
        return "gloomy" in claimed("chance of dallas under backed_down", more=(mood,))

    assert said(0.9) and said(0.82) and not said(0.75) and not said(0.999)
    assert not said(0.9, really="") and not said(0.9, really="yes")


def test_where_nothing_said_moved_the_rest_is_told() -> None:
    assert "Do most Americans think" in claimed("chance of monsoon under backed_down")


def test_the_next_question_is_one_that_moved_and_is_open() -> None:
    assert worth_asking(report()) == "seen"


def test_a_page_lists_what_was_set_and_what_moved_furthest_and_counts_the_rest() -> None:
    many = [event(f"e{at}", "1963", "E?", "no", 0.0, 0.02 * at, 0.0) for at in range(40)]
    entries, folded = entries_of(replace(TIMELINES, lines=(*LINES, *many)), READING, most=LISTED)
    listed = {each.variable for each in entries}
    assert len(listed) == LISTED and {"reply", "e39"} <= listed and "e2" not in listed
    assert len(listed) + folded.less + folded.same == len(many) + 8


def test_every_chance_in_the_list_says_of_what_it_is_one() -> None:
    shown = show_timelines(report(), width=160, everything=True)
    listed = [line for line in shown.splitlines() if line.endswith("]")]
    chances = [line for line in listed if re.search(r"\d%", line)]
    assert chances and all(re.search(r"\d% [a-z]", line) for line in chances)
