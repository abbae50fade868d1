"""Claims and a crux for other programs: nothing of a file is a command there, and everything hangs together."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from jonbar.cli.app import app
from jonbar.views.markup import MARKUP, Form, Notes
from tests.crux.test_crux import EIGHT
from tests.test_claims import FILE

HOSTILE = "[b]* _x_ <i> #tag {a: 1} | \\\\ @you [^9] [url=x]y[/url]"
CLAIMS = f"""
  rains: {{says: It rained on the feast., who: post-1, kind: chance, test: chance of feast, for: [log, letter]}}
  dry: {{says: It did not., who: post-2, kind: fact, test: fact rain, against: [log], denies: rains}}
  odd: {{says: '{HOSTILE}', who: '{HOSTILE}', kind: value}}
"""
FEW = ("--draws", "60", "--tellings", "10", "--no-store")


def claims(form: str) -> str:
    result = CliRunner().invoke(app, ["claims", "-", "--format", form, *FEW], input=FILE + CLAIMS)
    assert result.exit_code == 0, result.output
    return result.stdout


def crux(form: str) -> str:
    result = CliRunner().invoke(app, ["crux", "-", "feast", "--format", form, "--draws", "300", *FEW[2:]], input=EIGHT)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_record_has_one_note_and_every_mark_has_its_record() -> None:
    posted = claims("markdown")
    marks = re.findall(r"(?<!\\)\[\^(\d+)\](?!:)", posted)
    notes = re.findall(r"^\[\^(\d+)\]: (\w+)", posted, re.MULTILINE)
    assert set(marks) == {number for number, _ in notes} and [name for _, name in notes] == ["log", "letter"]
    assert marks.count("1") == 2  # the log is cited twice, under one number


def test_a_note_is_made_for_nothing_that_is_no_record() -> None:
    notes = Notes({}, MARKUP[Form.MARKDOWN])
    assert notes.marks(["nobody"]) == "" and notes.lines() == []


def test_what_is_posted_says_the_verdicts_and_the_shares() -> None:
    assert "*false as to fact.*" in claims("markdown") and "[i]false as to fact.[/i]" in claims("bbcode")
    assert "**what the what-if means**" in crux("markdown") and "[b]what the what-if means[/b]" in crux("bbcode")


def test_nothing_that_somebody_wrote_is_markup() -> None:
    assert r"\[b\]\* \_x\_ \<i\> \#tag \{a: 1\} \|" in claims("markdown")
    bbcode = claims("bbcode")
    assert "(b)* _x_" in bbcode and "[url" not in bbcode and bbcode.count("[list]") == bbcode.count("[/list]")


def test_an_argdown_map_has_one_line_for_each_statement_and_what_bears_on_it() -> None:
    lines = [line for line in claims("argdown").splitlines()[3:] if line]
    said = [line for line in lines if not line.startswith("  ")]
    assert len(said) == 3 + 3 + 2  # claims, verdicts, records
    titles = [re.match(r"(\[[^\]]+\]|<[^>]+>): ", line) for line in said]
    assert all(titles) and len({title[0] for title in titles if title}) == len(said)
    assert any(line == "  >< [dry]" for line in lines) and "  + <source: log>" in lines and "  - <source: log>" in lines
    odd = next(line for line in said if line.startswith("[odd]"))
    assert r"\[b\]\* \_x\_ \<i\> \#tag \{a: 1\} \|" in odd


@pytest.mark.parametrize("export", [claims, crux])
def test_a_map_for_interchange_is_a_graph_in_which_schemes_stand_between_what_is_said(export: object) -> None:
    assert callable(export)
    found = json.loads(export("aif"))
    kinds = {each["nodeID"]: each["type"] for each in found["nodes"]}
    assert len(kinds) == len(found["nodes"])
    for each in found["edges"]:
        ends = kinds[each["fromID"]], kinds[each["toID"]]
        assert ends in {("I", "RA"), ("RA", "I"), ("I", "CA"), ("CA", "I"), ("L", "YA"), ("YA", "I")}
    schemes = [number for number, kind in kinds.items() if kind in ("RA", "CA", "YA")]
    for number in schemes:
        assert sum(each["fromID"] == number for each in found["edges"]) == 1
        assert sum(each["toID"] == number for each in found["edges"]) == 1
    people = {each["participantID"] for each in found["participants"]}
    assert all(each["personID"] in people and kinds[each["nodeID"]] == "L" for each in found["locutions"])


def test_camps_of_a_crux_are_in_conflict_and_every_difference_bears_on_both() -> None:
    lines = crux("argdown").splitlines()
    gloomy, cheerful = (
        {line.removeprefix(f"  + <{camp}: ") for line in lines if line.startswith(f"  + <{camp}: ")}
        for camp in ("gloomy", "cheerful")
    )
    assert "  >< [gloomy]" in lines and gloomy == cheerful and len(gloomy) == 8


def test_a_form_that_there_is_not_is_refused() -> None:
    result = CliRunner().invoke(app, ["claims", "-", "--format", "word"], input=FILE + CLAIMS)
    assert result.exit_code != 0
