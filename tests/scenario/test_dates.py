"""Laws of dates: what a historian writes is the days it may mean, or is answered with the way to write it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jonbar.errors import CODES, Diagnostic, Span
from jonbar.scenario.dates import Interval, nearest_date, parse_interval, parse_years

HERE = Span("f", 3, 5, 3, 20)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
MARKS = st.sampled_from(["", "~", "?", "%"])
FORMS = st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"])


def written(day: date, form: str) -> str:
    return day.isoformat()[: {"%Y": 4, "%Y-%m": 7, "%Y-%m-%d": 10}[form]]


def read(text: str) -> Interval:
    found = parse_interval(text, HERE)
    assert isinstance(found, Interval), found
    return found


def fault(text: str) -> Diagnostic:
    found = parse_interval(text, HERE)
    assert isinstance(found, Diagnostic), found
    assert found.code in CODES and found.span == HERE and found.expected
    return found


@given(day=DAYS, form=FORMS, mark=MARKS)
def test_a_date_means_every_day_that_begins_with_what_was_written(day: date, form: str, mark: str) -> None:
    text = written(day, form)
    found = read(text + mark)
    assert found.start <= day <= found.end
    assert written(found.start, form) == written(found.end, form) == text
    if found.start > date.min:
        assert written(found.start - timedelta(1), form) != text
    if found.end < date.max:
        assert written(found.end + timedelta(1), form) != text
    assert (found.approximate, found.uncertain) == (mark in ("~", "%"), mark in ("?", "%"))


@given(first=DAYS, last=DAYS, forms=st.tuples(FORMS, FORMS))
def test_an_interval_runs_from_the_first_day_of_its_start_to_the_last_of_its_end(
    first: date, last: date, forms: tuple[str, str]
) -> None:
    one, two = written(first, forms[0]), written(last, forms[1])
    found = parse_interval(f"{one}/{two}", HERE)
    if read(two).end < read(one).start:
        assert isinstance(found, Diagnostic) and found.code == "E203" and found.suggestion == f"{two}/{one}"
    else:
        assert isinstance(found, Interval)
        assert (found.start, found.end) == (read(one).start, read(two).end)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1962-13", "There is no month 13."),
        ("1962-00", "There is no month 00."),
        ("1962-02-30", "Feb 1962 has 28 days, not 30."),
        ("1900-02-29", "Feb 1900 has 28 days, not 29."),
        ("1962-10-00", "There is no day 00."),
        ("0000", "There is no year 0000: years run from 0001 to 9999."),
    ],
)
def test_a_day_that_does_not_exist_is_explained(text: str, message: str) -> None:
    assert (fault(text).code, fault(text).message) == ("E202", message)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("16 October 1962", "1962-10-16"),
        ("16. Oct. 1962", "1962-10-16"),
        ("October 16, 1962", "1962-10-16"),
        ("October 1962", "1962-10"),
        ("1962-1-5", "1962-01-05"),
        ("1962/1/5", "1962-01-05"),
        ("1962.10.16", "1962-10-16"),
        ("1962..1964", "1962/1964"),
        ("1962-10-16 .. 1962-10-22", "1962-10-16/1962-10-22"),
        ("1962-1964", "1962/1964"),
        ("1962–1964", "1962/1964"),
        ("1960s", "1960/1969"),
        ("196X", "1960/1969"),
        ("c. 1962", "1962~"),
        ("~1962", "1962~"),
        ("about October 1962", "1962-10~"),
        ("soon", None),
        ("30 February 1962", None),
        ("62", None),
        ("", None),
        ("../1962", None),
        ("1962/", None),
        ("\u0661\u0669\u0666\u0662", None),
    ],
)
def test_a_date_in_another_notation_is_answered_with_ours(text: str, advice: str | None) -> None:
    assert fault(text).suggestion == advice
    if advice is not None:
        read(advice)


@given(text=st.text(max_size=40) | st.text(st.sampled_from("0123456789-/.~?% cX"), max_size=24))
def test_any_text_is_a_date_or_is_answered_and_every_answer_is_a_date(text: str) -> None:
    found = parse_interval(text, HERE)
    if isinstance(found, Interval):
        assert found.start <= found.end
    else:
        assert found.code in CODES
        assert found.suggestion is None or isinstance(parse_interval(found.suggestion, HERE), Interval)
    advice = nearest_date(text)
    assert advice is None or isinstance(parse_interval(advice, HERE), Interval)


@pytest.mark.parametrize(
    ("text", "years"), [("1962..1973", (1962, 1973)), ("1962", (1962, 1962)), (" 1962 / 1973 ", (1962, 1973))]
)
def test_a_run_of_years_has_both_ends(text: str, years: tuple[int, int]) -> None:
    assert parse_years(text, HERE) == years


@pytest.mark.parametrize("text", ["1973..1962", "1000..1962", "0000..0010", "62..73", "", "1962..", "1962...1973", "x"])
def test_what_is_no_run_of_years_is_answered(text: str) -> None:
    found = parse_years(text, HERE)
    assert isinstance(found, Diagnostic) and found.code == "E204" and found.expected


@given(text=st.text(max_size=20) | st.text(st.sampled_from("0123456789./- "), max_size=14))
def test_any_text_is_a_run_of_years_or_is_answered(text: str) -> None:
    found = parse_years(text, HERE)
    assert isinstance(found, Diagnostic) or 1 <= found[0] <= found[1]
