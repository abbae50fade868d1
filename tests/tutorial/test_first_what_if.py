"""The first tutorial, followed to the letter in an empty folder: its file and its answers are those it shows."""

from __future__ import annotations

from pathlib import Path

from sybil import Document

from jonbar.report.build import Asked, Settings, build
from jonbar.scenario.formatting import format_text
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, RE_ROLL, Luck
from tools.pages.blocks import parsers_of, reading

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-what-if.md"
FINISHED = Path(__file__).parent / "july-1914.jonbar.yaml"


def test_a_reader_who_follows_the_page_ends_with_its_file(tmp_path: Path) -> None:
    with reading(tmp_path):
        for example in Document.parse(str(PAGE), *parsers_of(PAGE)).examples():
            example.evaluate()
        assert Path(FINISHED.name).read_text(encoding="utf-8") == FINISHED.read_text(encoding="utf-8")


def test_the_finished_file_is_in_its_standard_form() -> None:
    text = FINISHED.read_text(encoding="utf-8")
    assert format_text(text) == text


def chance(of: str, *, reading: str, luck: Luck = KEEP, given: str | None = None) -> float:
    scenario = read_scenario(FINISHED.read_text(encoding="utf-8"), file=FINISHED.name)
    supposed = parse_condition(given, scenario) if given else None
    asked = Asked(scenario.readings()[reading], luck, given=supposed, timelines=True)
    timelines = build(scenario, Settings(1914, 1000, 50), asked).timelines
    assert timelines is not None
    return next(dict(line.here)["yes"].value for line in timelines.lines if line.variable == of)


def test_to_suppose_that_vienna_talks_keeps_better_worlds_than_to_make_it_talk() -> None:
    made = chance("powers_at_war", reading="vienna_talks")
    supposed = chance("powers_at_war", reading="belgrade_accepts", given="course is talks")
    assert supposed < 0.75 * made


def test_the_luck_of_a_war_that_came_is_against_peace() -> None:
    kept = chance("powers_at_war", reading="belgrade_accepts")
    assert kept > chance("powers_at_war", reading="belgrade_accepts", luck=RE_ROLL) + 0.1
