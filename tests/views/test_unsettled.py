"""How much is convention, in sentences: what is open is said, what is unique is left out, what is unknown is owned."""

from __future__ import annotations

from dataclasses import replace

from jonbar.query.answering import Answer, Line
from jonbar.scenario.terms import Kind
from jonbar.views.unsettled import say_convention, say_unsettled
from tests.views.made_up import answer, report


def moved(low: float, high: float, stable: tuple[float, float] | None) -> Answer:
    found = answer(0.4, 0.3, 0.6)
    ends = {"attained_low": low, "attained_high": high, "attained_low_error": 0.004, "attained_high_error": 0.012}
    if stable is not None:
        ends |= {"stable_low": stable[0], "stable_high": stable[1], "stable_low_error": 0.002}
        ends |= {"stable_high_error": 0.003}
    return replace(found, **ends)  # type: ignore[arg-type]  # figures alone


def test_both_ranges_are_said_with_their_errors() -> None:
    said = say_convention(moved(0.1, 0.7, (0.33, 0.48)))
    assert "spreads it over at least 10-70% (convention; Monte Carlo error 0.4 and 1.2 points)." in said
    assert "spread it over at least 33-48% (Monte Carlo error 0.2 and 0.3 points)." in said
    assert said.endswith("Which side of one half it lies on, the convention decides.")


def test_where_one_coupling_is_stable_nothing_is_said_of_others() -> None:
    assert "table" not in say_convention(moved(0.1, 0.7, (0.4, 0.4)))


def test_a_convention_that_hardly_matters_is_no_lower_bound() -> None:
    said = say_convention(moved(0.395, 0.405, (0.4, 0.4)))
    assert "was not found to move it by two points (convention; Monte Carlo error 0.4 and 1.2 points)." in said
    assert "at least" not in said


def test_what_is_not_worked_out_is_owned_where_it_would_matter() -> None:
    assert "is not worked out" in say_convention(moved(0.1, 0.7, None))
    assert "worked out" not in say_convention(moved(0.395, 0.405, None))
    assert say_convention(answer(0.4, 0.3, 0.6)) == ""


def line(name: str, found: Answer) -> Line:
    said = (("yes", found),)
    return Line(name, "1962", "?", Kind.EVENT, "", said, said, said, True)


def test_a_run_of_which_nothing_hangs_on_the_convention_says_so() -> None:
    timelines = report().timelines
    assert timelines is not None
    said = say_unsettled(replace(timelines, lines=(line("one", moved(0.395, 0.405, None)),)))
    assert said.endswith("were not found to move the chance that moved furthest by two points.")


def test_a_run_says_both_ranges_of_all_that_moved_furthest() -> None:
    timelines = report().timelines
    assert timelines is not None
    lines = (
        line("one", moved(0.3, 0.45, (0.4, 0.4))),
        line("two", moved(0.1, 0.7, (0.33, 0.48))),
        line("three", moved(0.2, 0.7, None)),
    )
    said = say_unsettled(replace(timelines, lines=lines))
    assert "give at least: two 10-70%, three 20-70%, one 30-45%." in said
    assert "stable ones, which give up nothing that became likelier, give at least: two 33-48%." in said
    assert "go is not worked out for three." in said
    assert "On which side of one half two, three lies" in said
