"""People are shown what is known and no more."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as any_

from jonbar.views.rounding import say_chance, say_chances, say_difference, say_number, say_range, step_of
from tests.views.made_up import answer

CHANCES = any_.floats(0.0, 1.0)
NUMBERS = any_.floats(-1e9, 1e9).filter(lambda each: abs(each) > 1e-6)


@given(CHANCES)
def test_a_chance_is_never_said_to_be_certain(chance: float) -> None:
    assert say_chance(chance) not in ("0%", "100%")


@given(CHANCES)
def test_a_chance_is_within_half_a_point_of_what_is_said(chance: float) -> None:
    said = say_chance(chance)
    if said.startswith("<"):
        assert chance < 0.005
    elif said.startswith(">"):
        assert chance > 0.995
    else:
        assert abs(int(said.rstrip("%")) / 100 - chance) <= 0.005 + 1e-9


@given(CHANCES, CHANCES)
def test_chances_are_said_in_order(one: float, other: float) -> None:
    def order(said: str) -> float:
        return {"<1%": 0.0, ">99%": 100.0}.get(said) or float(said.strip("<>%"))

    low, high = sorted((one, other))
    assert order(say_chance(low)) <= order(say_chance(high)) or say_chance(low) == "<1%"


@given(NUMBERS, any_.floats(0.0, 1e3))
def test_a_quantity_is_never_finer_than_its_error(value: float, error: float) -> None:
    step = step_of((value, value, value), error)
    assert step >= error or math.isclose(step, error)


@given(NUMBERS)
def test_a_bare_quantity_keeps_two_figures(value: float) -> None:
    said = float(say_number(value, step_of((value, value, value), 0.0)).replace(",", ""))
    assert abs(said - value) <= 0.05 * abs(value) + 1e-12


@given(NUMBERS, any_.floats(0.0, 1e3))
def test_rounding_is_to_the_nearest_step(value: float, error: float) -> None:
    step = step_of((value, value, value), error)
    assert abs(float(say_number(value, step).replace(",", "")) - value) <= 0.5000001 * step + 1e-9 * abs(value)


def test_examples_read_as_they_should() -> None:
    assert say_chances(0.12, 0.45) == "12-45"
    assert say_chances(0.001, 0.08) == "<1-8"
    assert say_chances(0.3, 0.999) == "30 to >99"
    assert say_chances(0.4, 0.4) == "40"
    assert say_chance(0.333, error=0.02) == "35%"
    assert say_number(1047.3, step_of((1047.3, 989.4, 1127.0), 3.0)) == "1,050"
    assert say_number(53.4, step_of((53.4, 39.6, 66.2), 0.2)) == "53"
    assert say_number(-0.04, 0.1) == "0.0"
    assert say_number(math.nan, 1.0) == "unknown"
    assert say_difference(-0.01, "chance") == "-1 point"
    assert say_difference(0.001, "chance") == "less than a point"


@pytest.mark.parametrize(("value", "said"), [(0.04, "<1-4"), (0.01, "<1-2"), (0.001, "<1-2")])
def test_a_mean_that_few_draws_carry_out_of_its_range_is_shown_as_its_end(value: float, said: str) -> None:
    assert say_range(answer(value, 0.002, 0.02)) == said
