"""Nothing that a stranger's file holds can steer a terminal, a page or a picture."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as any_

from jonbar.errors import Diagnostic, Span
from jonbar.report.build import Report
from jonbar.views.chronicle import show_chronicle
from jonbar.views.data import reasons_csv, reasons_json, timelines_csv, timelines_json
from jonbar.views.diagnostics import show_diagnostic
from jonbar.views.lines import clean
from jonbar.views.markup import Form
from jonbar.views.picture import draw_timelines
from jonbar.views.prose import show_scenario
from jonbar.views.reasons import show_reasons
from jonbar.views.timelines import show_timelines
from tests.views.made_up import CHRONICLE, LINES, PUSHES, TIMELINES, report, scenario

HOSTILE = "\x1b]0;owned\x07 \x9b31m \u202eevil\u2028 </text><script>alert(1)</script> & \x00"


@given(any_.text())
def test_cleaned_text_holds_nothing_that_steers_and_is_not_cleaned_twice(text: str) -> None:
    cleaned = clean(text)
    assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in cleaned)
    assert clean(cleaned) == cleaned


def hostile_report() -> Report:
    line = replace(LINES[1], ask=HOSTILE, really=HOSTILE)
    timelines = replace(TIMELINES, lines=(line, *LINES), enabled=None, says=HOSTILE, warnings=(HOSTILE,))
    push = replace(PUSHES[0], because=HOSTILE, sources=(HOSTILE,))
    made = report()
    assert made.reading is not None
    reading = replace(made.reading, says=HOSTILE)
    return replace(made, timelines=timelines, knock_outs=(push,), reading=reading, given=HOSTILE, target=HOSTILE)


def test_no_view_lets_a_control_character_through() -> None:
    made = hostile_report()
    chronicle = replace(CHRONICLE, says=HOSTILE, entries=(replace(CHRONICLE.entries[0], ask=HOSTILE, here=HOSTILE),))
    fault = Diagnostic("E302", HOSTILE, Span(HOSTILE, 1, 3, 1, 9), HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    pages = [
        show_timelines(made, everything=True),
        show_timelines(made, width=120),
        show_reasons(made, ask=HOSTILE, really=HOSTILE),
        *(show_chronicle(chronicle, form) for form in Form),
        show_scenario(replace(scenario(), title=HOSTILE, note=HOSTILE)),
        show_diagnostic(fault),
        draw_timelines(made).alone,
    ]
    for page in pages:
        assert not any((ord(each) < 32 and each != "\n") or 127 <= ord(each) < 160 or each == "\u202e" for each in page)


def test_the_picture_is_well_formed_and_needs_nothing_from_outside() -> None:
    drawn = draw_timelines(hostile_report()).alone
    root = ElementTree.fromstring(drawn)
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    assert root.findtext("{http://www.w3.org/2000/svg}desc")


def test_exact_figures_survive_any_text() -> None:
    made = hostile_report()
    assert json.loads(timelines_json(made))["lines"][0]["ask"] == HOSTILE
    assert json.loads(reasons_json(made))["pushes"][0]["because"] == HOSTILE
    assert list(csv.reader(io.StringIO(reasons_csv(made), newline="")))[1][2] == HOSTILE
    assert "chance" in timelines_csv(made)


def test_every_number_keeps_its_estimand_and_range() -> None:
    for line in json.loads(timelines_json(report()))["lines"]:
        for branch in ("modelled", "here", "rerolled"):
            for each in line[branch].values():
                assert each["estimand"] and each["method"] and each["low"] <= each["value"] <= each["high"]
                assert {"attained_low", "attained_high", "error", "seed", "leans_on", "links"} <= set(each)
