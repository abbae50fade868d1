"""The first tutorial, followed to the letter in an empty folder: its file and its answers are those it shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from jonbar.cli import guard
from jonbar.cli.app import app
from jonbar.report import Asked, Settings, build
from jonbar.scenario.formatting import format_text
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, RE_ROLL, Luck
from tests.tutorial.edits import edit, overwrite

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-what-if.md"
FINISHED = Path(__file__).parent / "july-1914.jonbar.yaml"
BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ jonbar (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def steps() -> Iterator[tuple[str, str]]:
    """What the page has its reader do, in order."""
    yield from BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def like(shown: str, said: str) -> bool:
    """Whether a text is what a page shows, where `...` stands for anything."""
    parts = [part.strip() for part in shown.split("...")]
    said, at = said.strip(), 0
    for part in parts:
        found = said.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return said.startswith(parts[0]) and said.endswith(parts[-1])


def test_a_reader_who_follows_the_page_sees_what_it_shows_and_ends_with_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "80")
    file = tmp_path / FINISHED.name
    begun = False
    for kind, body in steps():
        if kind == "yaml":
            change = edit if begun else overwrite
            file.write_text(change(file.read_text(encoding="utf-8"), body), encoding="utf-8")
            begun = True
            continue
        for words, shown in COMMAND.findall(body):
            arguments = shlex.split(words)
            code = guard(lambda arguments=arguments: app(arguments, prog_name="jonbar", standalone_mode=False))  # type: ignore[misc]
            said = capsys.readouterr()
            assert like(shown, said.out + said.err), f"jonbar {words}\n{said.out}{said.err}"
            assert code == (2 if re.search(r" E\d{3} ", shown) else 0)
    assert file.read_text(encoding="utf-8") == FINISHED.read_text(encoding="utf-8")


def test_the_finished_file_is_in_its_standard_form() -> None:
    text = FINISHED.read_text(encoding="utf-8")
    assert format_text(text) == text


def chance(of: str, *, reading: str, luck: Luck = KEEP, given: str | None = None) -> float:
    scenario = read_scenario(FINISHED.read_text(encoding="utf-8"), file=FINISHED.name)
    supposed = parse_condition(given, scenario) if given else None
    asked = Asked(scenario.readings()[reading], luck, given=supposed, timelines=True)
    timelines = build(scenario, Settings(1914, 1000, 50), asked, given_text=given or "").timelines
    assert timelines is not None
    return next(dict(line.here)["yes"].value for line in timelines.lines if line.variable == of)


def test_to_suppose_that_vienna_talks_keeps_better_worlds_than_to_make_it_talk() -> None:
    made = chance("powers_at_war", reading="vienna_talks")
    supposed = chance("powers_at_war", reading="belgrade_accepts", given="course is talks")
    assert supposed < 0.75 * made


def test_the_luck_of_a_war_that_came_is_against_peace() -> None:
    kept = chance("powers_at_war", reading="belgrade_accepts")
    assert kept > chance("powers_at_war", reading="belgrade_accepts", luck=RE_ROLL) + 0.1
