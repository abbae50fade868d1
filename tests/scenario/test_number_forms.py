"""Laws of numbers: each form has one meaning, and a form in the wrong place says which is right."""

from __future__ import annotations

import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jonbar.errors import CODES, Diagnostic, Span
from jonbar.scenario.expressions import Name
from jonbar.scenario.hedges import SURVEYED
from jonbar.scenario.notation import write_estimate
from jonbar.scenario.number_forms import MOST, parse_number
from jonbar.scenario.numbers import Count, Estimate, Hedge, Number, Per, Point, Range, Role, Scale

HERE = Span("f", 3, 5, 3, 20)
WORDS = {"clearly": Estimate(Range(2, 5), Role.ODDS), "twice": Estimate(Point(2), Role.ODDS)}
SHARES = (Role.CHANCE, Role.WEIGHT, Role.RATE)
POSITIVE = st.floats(1e-6, 1e9, allow_subnormal=False).map(lambda value: float(f"{value:.6g}"))
SIGNED = POSITIVE | POSITIVE.map(lambda value: -value)
SHARE = st.integers(1, 9999).map(lambda parts: parts / 10000)
PER = st.none() | st.builds(Per, POSITIVE, st.sampled_from(["points", "percent"]), st.just(Name("approval")), SIGNED)


def ranges(ends: st.SearchStrategy[float]) -> st.SearchStrategy[Number]:
    pair = st.tuples(ends, ends)
    return pair.map(lambda both: Range(min(both), max(both)) if both[0] != both[1] else Point(both[0]))


COUNTS = st.tuples(st.integers(0, 500), st.integers(1, 500)).map(
    lambda both: Count(float(min(both)), float(max(both)), "autocrats, 1946-2015")
)
HEDGES = st.sampled_from(sorted(SURVEYED)).map(lambda phrase: Hedge(phrase, *SURVEYED[phrase]))
ESTIMATES = st.one_of(
    st.builds(Estimate, ranges(SHARE) | COUNTS | HEDGES, st.just(Role.CHANCE)),
    st.builds(Estimate, ranges(SHARE) | COUNTS, st.sampled_from([Role.WEIGHT, Role.RATE])),
    st.builds(Estimate, ranges(POSITIVE), st.just(Role.ODDS), st.just(()), PER),
    st.builds(Estimate, ranges(SIGNED), st.just(Role.ADD), st.just(()), PER),
    st.builds(Estimate, ranges(SIGNED), st.just(Role.VALUE)),
    st.builds(Estimate, ranges(POSITIVE), st.just(Role.SPREAD)),
)


def read(text: str, role: Role) -> Estimate:
    found = parse_number(text, role, HERE, words=WORDS)
    assert isinstance(found, Estimate), found
    return found


def fault(text: str, role: Role) -> Diagnostic:
    found = parse_number(text, role, HERE, words=WORDS)
    assert isinstance(found, Diagnostic), found
    assert found.code in CODES and found.span is not None and found.message
    return found


@given(estimate=ESTIMATES)
@settings(max_examples=500, deadline=None)
def test_a_number_that_is_written_and_read_is_the_same_number(estimate: Estimate) -> None:
    assert read(write_estimate(estimate, Scale.LINEAR), estimate.role) == estimate


@pytest.mark.parametrize(
    ("text", "role", "number"),
    [
        ("5% to 15%", Role.CHANCE, Range(0.05, 0.15)),
        ("5 to 15%", Role.CHANCE, Range(0.05, 0.15)),
        ("5 % .. 15 %", Role.CHANCE, Range(0.05, 0.15)),
        ("0.5%", Role.CHANCE, Point(0.005)),
        ("0%", Role.CHANCE, Point(0.0)),
        ("100%", Role.CHANCE, Point(1.0)),
        ("12 of 87 (class)", Role.CHANCE, Count(12, 87, "class")),
        ("0 of 87 (class)", Role.WEIGHT, Count(0, 87, "class")),
        ("1,200 of 8,700 (a (b))", Role.WEIGHT, Count(1200, 8700, "a (b)")),
        ("Unlikely", Role.CHANCE, Hedge("unlikely", 0.051, 0.303)),
        ("x3 to x12", Role.ODDS, Range(3, 12)),
        ("x3 to 12", Role.ODDS, Range(3, 12)),
        ("×5", Role.ODDS, Point(5)),
        ("x0.2", Role.ODDS, Point(0.2)),
        ("clearly", Role.ODDS, Range(2, 5, word="clearly")),
        ("twice", Role.ODDS, Point(2)),
        ("+2 to +8", Role.ADD, Range(2, 8)),
        ("-20 to -2", Role.ADD, Range(-20, -2)),
        ("−20 to −2", Role.ADD, Range(-20, -2)),
        ("-3", Role.ADD, Point(-3)),
        ("58 to 64", Role.VALUE, Range(58, 64)),
        ("1,200", Role.VALUE, Point(1200)),
        ("3 to 5", Role.SPREAD, Range(3, 5)),
        ("x1.1", Role.SPREAD, Point(1.1)),
        ("8% to 15% a year", Role.RATE, Range(0.08, 0.15)),
        ("8% per year", Role.RATE, Point(0.08)),
        ("25 of 120 a year (a class, per year)", Role.RATE, Count(25, 120, "a class, per year")),
        ("5\u00a0%\u00a0to\n15\u00a0%", Role.CHANCE, Range(0.05, 0.15)),
    ],
)
def test_each_form_has_one_meaning(text: str, role: Role, number: Number) -> None:
    assert read(text, role) == Estimate(number, role)


@pytest.mark.parametrize(
    ("text", "role", "per"),
    [
        ("x1.2 to x1.5 per 10 points of approval from 50", Role.ODDS, Per(10, "points", Name("approval"), 50)),
        ("0.3 per point of approval", Role.ADD, Per(1, "point", Name("approval"))),
        ("-0.3 per 2 of approval from -5", Role.ADD, Per(2, None, Name("approval"), -5)),
        ("clearly per point of approval", Role.ODDS, Per(1, "point", Name("approval"))),
    ],
)
def test_a_slope_says_per_how_much_of_what(text: str, role: Role, per: Per) -> None:
    assert read(text, role).per == per


@pytest.mark.parametrize(
    ("text", "role", "code", "advice"),
    [
        ("0.05", Role.CHANCE, "E220", "5%"),
        ("0.05 to 0.15", Role.CHANCE, "E220", "5% to 15%"),
        ("5 to 15", Role.CHANCE, "E220", "5% to 15%"),
        ("5% to 15", Role.CHANCE, "E220", "5% to 15%"),
        ("5-15%", Role.CHANCE, "E220", "5% to 15%"),
        ("5–15 %", Role.WEIGHT, "E220", "5% to 15%"),
        ("between 5% and 15%", Role.CHANCE, "E220", "5% to 15%"),
        ("1 in 20", Role.CHANCE, "E220", "5%"),
        ("12/87 (class)", Role.CHANCE, "E220", "12 of 87 (class)"),
        ("12 out of 87", Role.CHANCE, "E220", "12 of 87 (what was counted)"),
        ("12 of 87", Role.CHANCE, "E220", None),
        ("unlikly", Role.CHANCE, "E223", "unlikely"),
        ("unlikely", Role.WEIGHT, "E223", None),
        ("15% to 5%", Role.CHANCE, "E221", "5% to 15%"),
        ("15 to 5%", Role.CHANCE, "E221", "5% to 15%"),
        ("x12 to x3", Role.ODDS, "E221", "x3 to x12"),
        ("-2 to -20", Role.ADD, "E221", "-20 to -2"),
        ("64 to 58", Role.VALUE, "E221", "58 to 64"),
        ("120%", Role.CHANCE, "E222", None),
        ("-5%", Role.CHANCE, "E222", None),
        ("0% to 5%", Role.CHANCE, "E222", "0.1% to 5%"),
        ("95% to 100%", Role.WEIGHT, "E222", "95% to 99.9%"),
        ("90 of 87 (class)", Role.CHANCE, "E222", None),
        ("0 of 0 (class)", Role.CHANCE, "E222", None),
        ("3 to 12", Role.ODDS, "E220", "x3 to x12"),
        ("3x", Role.ODDS, "E220", "x3"),
        ("3x to 12x", Role.ODDS, "E220", "x3 to x12"),
        ("x3-x12", Role.ODDS, "E220", "x3 to x12"),
        ("3 times", Role.ODDS, "E220", "x3"),
        ("clearli", Role.ODDS, "E223", "clearly"),
        ("x0", Role.ODDS, "E222", "x0.2, which makes it five times less likely"),
        ("x-2", Role.ODDS, "E222", "x0.2, which makes it five times less likely"),
        ("0 to 3", Role.SPREAD, "E222", None),
        ("50%", Role.ODDS, "E220", "x2 to x4, say"),
        ("58%", Role.VALUE, "E220", "58"),
        ("3% to 5%", Role.SPREAD, "E220", "3 to 5"),
        ("58-64", Role.VALUE, "E220", "58 to 64"),
        ("8% to 15%", Role.RATE, "E220", "8% to 15% a year"),
        ("0.08 a year", Role.RATE, "E220", "8% a year"),
        ("15% to 8% a year", Role.RATE, "E221", "8% to 15% a year"),
        ("1e300", Role.VALUE, "E222", None),
        ("x1e999", Role.ODDS, "E222", None),
        ("x2 per 0 points of approval", Role.ODDS, "E222", None),
        ("x2 per point of a = b", Role.ODDS, "E210", None),
        ("١٢%", Role.CHANCE, "E220", None),
        ("", Role.VALUE, "E220", None),
        ("9" * 600, Role.VALUE, "E220", None),
    ],
)
def test_a_form_in_the_wrong_place_says_what_to_write(text: str, role: Role, code: str, advice: str | None) -> None:
    found = fault(text, role)
    assert (found.code, found.suggestion) == (code, advice)
    if advice and "," not in advice:
        read(advice, role)


ALPHABET = st.sampled_from(
    [*"0123456789.,%x×+-− ()e", " to ", " of ", " a year", " per ", "point", " from ", "clearly", "unlikely"]
)


@given(text=st.text(max_size=30) | st.lists(ALPHABET, max_size=12).map("".join), role=st.sampled_from(Role))
@settings(max_examples=800, deadline=None)
def test_any_text_is_a_bounded_number_or_is_answered(text: str, role: Role) -> None:
    found = parse_number(text, role, HERE, words=WORDS)
    if isinstance(found, Diagnostic):
        assert found.code in CODES and found.span is not None
        return
    number = found.number
    match number:
        case Point():
            low = high = number.value
        case Count():
            low, high = number.cases / number.of, 1.0
        case _:
            low, high = number.low, number.high
    assert -MOST < low <= high < MOST
    assert role not in SHARES or 0 <= low <= high <= 1
    assert role not in (Role.ODDS, Role.SPREAD) or low > 0
    assert not isinstance(number, Range) or role not in SHARES or 0 < low < high < 1


@pytest.mark.parametrize(
    "text", ["per of " * 70, "x2 per a of " + "b from " * 60, "1" * 499, "5% to " * 80, "( " * 240]
)
@pytest.mark.parametrize("role", Role)
def test_no_text_takes_long(text: str, role: Role) -> None:
    assert min(timeit.repeat(lambda: parse_number(text, role, HERE), number=1, repeat=3)) < 0.05


def test_typical_numbers_are_read_in_microseconds() -> None:
    once = min(timeit.repeat(lambda: parse_number("5% to 15%", Role.CHANCE, HERE), number=1000, repeat=5)) / 1000
    assert once < 100e-6  # 3 microseconds on a quiet machine


def test_a_fault_in_what_a_slope_counts_stands_at_that_very_word() -> None:
    found = parse_number("x2 per point of approval = 3", Role.ODDS, Span("file", 3, 11, 3, 39))
    assert isinstance(found, Diagnostic) and found.span is not None
    assert (found.code, found.span.column, found.span.end_column) == ("E210", 36, 37)
