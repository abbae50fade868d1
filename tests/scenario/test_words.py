"""Numbers read back in words, for whoever wrote them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from jonbar.errors import Span
from jonbar.scenario.number_forms import parse_number
from jonbar.scenario.numbers import Estimate, Point, Role, Scale
from jonbar.scenario.words import echo
from tests.scenario.test_number_forms import ESTIMATES

HERE = Span("f", 3, 5, 3, 20)


@pytest.mark.parametrize(
    ("text", "role", "scale", "unit", "said"),
    [
        ("5% to 15%", Role.CHANCE, Scale.LINEAR, None, "between 5 and 15 in a hundred, nine times in ten"),
        ("0.5%", Role.CHANCE, Scale.LINEAR, None, "exactly 0.5 in a hundred"),
        ("12 of 87 (crises)", Role.CHANCE, Scale.LINEAR, None, "counted: 12 of 87 (crises), about 14 in a hundred"),
        (
            "unlikely",
            Role.CHANCE,
            Scale.LINEAR,
            None,
            "`unlikely`, by which people mean between 5.1 and 30.3 in a hundred, four times in five",
        ),
        ("8% a year", Role.RATE, Scale.LINEAR, None, "exactly 8 in a hundred each year"),
        ("x3 to x12", Role.ODDS, Scale.LINEAR, None, "the odds times between 3 and 12, nine times in ten"),
        ("x3", Role.ODDS, Scale.LOG, "missiles", "the value times exactly 3"),
        ("-20 to -2", Role.ADD, Scale.LINEAR, "points", "takes away between 2 and 20 points, nine times in ten"),
        ("+2 to +8", Role.ADD, Scale.LOGIT, "percent", "adds between 2 and 8 points at one half, nine times in ten"),
        ("-1 to +3", Role.ADD, Scale.LINEAR, None, "shifts it by between -1 and 3, nine times in ten"),
        ("58 to 64", Role.VALUE, Scale.LINEAR, "percent", "between 58 and 64 percent, nine times in ten"),
        ("1200000", Role.VALUE, Scale.LINEAR, "men", "exactly 1,200,000 men"),
        (
            "3",
            Role.SPREAD,
            Scale.LINEAR,
            "percent",
            "luck moves it by up to exactly 3 percent either way, nine times in ten",
        ),
        (
            "x1.2 per 10 points of approval from 50",
            Role.ODDS,
            Scale.LINEAR,
            None,
            "the odds times exactly 1.2; once for every 10 points of approval above 50",
        ),
    ],
)
def test_each_number_is_read_back_in_words(text: str, role: Role, scale: Scale, unit: str | None, said: str) -> None:
    estimate = parse_number(text, role, HERE)
    assert isinstance(estimate, Estimate)
    assert echo(estimate, scale, unit) == said


def test_rivals_are_said_beside_the_number() -> None:
    said = echo(Estimate(Point(0.1), Role.CHANCE, rivals=(Point(0.3),)))
    assert said == ("one of these, each as good as the others: exactly 10 in a hundred; or exactly 30 in a hundred")


@given(estimate=ESTIMATES)
@settings(max_examples=300, deadline=None)
def test_every_number_has_words_and_no_power_of_ten(estimate: Estimate) -> None:
    for scale in Scale:
        said = echo(estimate, scale, "percent")
        assert said and not re.search(r"\d[eE][+-]?\d|nan|inf", said)
