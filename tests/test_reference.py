"""Laws of the reference: what a program writes is current, and everything that has a name has a heading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jonbar.cli.app import COMMANDS
from jonbar.errors import CODES
from jonbar.scenario.expressions import Mode
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import Kind
from jonbar.views.diagnostics import PAGE
from tools.pages.blocks import ROOT
from tools.pages.written import REFERENCE, WRITTEN

HEADINGS = re.compile(r"^#+ (.+)$", re.MULTILINE)
FORMS = {
    Role.CHANCE: "A range of chances",
    Role.WEIGHT: "Shares of states",
    Role.ODDS: "A multiplier on the odds",
    Role.ADD: "A shift",
    Role.VALUE: "A value",
    Role.SPREAD: "A half-width of luck",
    Role.RATE: "A chance a year",
}
WAYS_IN_TIME = {
    Mode.NOW: "A name",
    Mode.LAST: "last X",
    Mode.IN: "X in 1914",
    Mode.BY: "X by 1914",
    Mode.WITHIN: "X within 1 year",
}


def headings(page: Path) -> list[str]:
    return HEADINGS.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_what_a_program_writes_is_what_it_would_write_now(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert WRITTEN[page](text) == text, "run `make docs` and read what changed"


def test_every_code_has_a_heading_where_its_complaint_points() -> None:
    assert ROOT / PAGE == REFERENCE / "errors.md"
    found = [each.lower() for each in headings(REFERENCE / "errors.md")]
    assert [each for each in found if re.fullmatch(r"[ew]\d+", each)] == [code.lower() for code in CODES]


def test_every_command_has_a_heading() -> None:
    names = [f"jonbar {each.__name__}" for each in COMMANDS]
    assert [each for each in headings(REFERENCE / "commands.md") if each.startswith("jonbar ")] == names


def test_every_kind_number_and_way_in_time_has_a_heading() -> None:
    found = headings(REFERENCE / "language.md")
    assert {kind.value.capitalize() for kind in Kind} <= set(found)
    assert set(FORMS) == set(Role) and set(FORMS.values()) <= set(found)
    assert set(WAYS_IN_TIME) == set(Mode) and set(WAYS_IN_TIME.values()) <= set(found)
