"""What people see, word for word. `JONBAR_GOLDEN=write` before the test run writes the pages anew: then read them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from jonbar.errors import Diagnostic, Severity, Span
from jonbar.scenario.settings import status
from jonbar.views.audit import show_audit
from jonbar.views.chronicle import show_chronicle
from jonbar.views.crux import crux_csv, crux_json, show_crux
from jonbar.views.data import audit_csv, audit_json, timelines_csv, timelines_json
from jonbar.views.diagnostics import show_diagnostics
from jonbar.views.lines import wide
from jonbar.views.markup import Form
from jonbar.views.prose import show_scenario, show_variable
from jonbar.views.reasons import show_reasons
from jonbar.views.summary import show_summary
from jonbar.views.timelines import show_timelines
from jonbar.views.within import show_within, within_csv, within_json
from tests.views.made_up import CHRONICLE, TIMELINES, report, scenario
from tests.views.made_up_audit import MIRACLE, audited
from tests.views.made_up_crux import NOTHING, REFUSED, one_camp, quarrel

PAGES = Path(__file__).parent / "golden"
FAULTS = (
    Diagnostic(
        "E202",
        "June 1815 has 30 days, not 31.",
        Span("battle.jonbar.yaml", 7, 11, 7, 21),
        "1815-06-31",
        "a date such as 1962, 1962-10, 1962-10-28, 1962-10~ or 1962-10-16/1962-10-22",
        "1815-06-30",
        "    when: 1815-06-31",
    ),
    Diagnostic(
        "E320",
        "There is no `rian` in this file.",
        Span("battle.jonbar.yaml", 114, 100, 114, 104),
        "rian",
        "one of: rain, win",
        "rain",
        "      mud: {because: A reason long enough to push what follows beyond a narrow page, odds: x3, if: rian}",
    ),
    Diagnostic("W331", "`win` has no reason.", Span("battle.jonbar.yaml", 9, 3, 9, 6), severity=Severity.WARNING),
    Diagnostic("E101", "The file is empty."),
)


def pages(width: int) -> dict[str, str]:
    made = report()
    return {
        "run": show_timelines(made, width=width, seconds=0.6),
        "run-all": show_timelines(made, width=width, everything=True),
        "why": show_reasons(made, ask="Does Goldwater win in 1964?", really="no", width=width),
        "tell": show_chronicle(CHRONICLE, width=width),
        "show": show_scenario(scenario(), width=width),
        "show-one": show_variable(scenario(), "attack", width=width),
        "check": show_summary(scenario(), status(scenario()), width=width),
        "faults": show_diagnostics(FAULTS, width),
        "audit": show_audit(audited(), width=width),
        "audit-miracle": show_audit(audited(MIRACLE), width=width),
        "crux": show_crux(quarrel(), ask="Does Goldwater win in 1964?", width=width),
        "crux-refused": show_crux(quarrel(REFUSED), ask="Does Goldwater win in 1964?", width=width),
        "within": show_within(one_camp(), ask="Does Goldwater win in 1964?", width=width),
        "within-refused": show_within(one_camp(NOTHING), ask="Does Goldwater win in 1964?", width=width),
    }


def compare(name: str, page: str) -> None:
    path = PAGES / name
    if os.environ.get("JONBAR_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(page + "\n", encoding="utf-8")
    assert page + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", sorted(pages(80)))
def test_pages_are_as_they_were_read(name: str, width: int) -> None:
    compare(f"{name}-{width}.txt", pages(width)[name])


@pytest.mark.parametrize("width", [60, 80, 120, 140])
@pytest.mark.parametrize("name", sorted(pages(80)))
def test_no_line_is_wider_than_its_page(name: str, width: int) -> None:
    assert max(wide(line) for line in pages(width)[name].splitlines()) <= width


@pytest.mark.parametrize("form", [Form.MARKDOWN, Form.BBCODE])
def test_stories_can_be_posted(form: Form) -> None:
    compare(f"tell.{form}", show_chronicle(CHRONICLE, form))


def test_the_figures_of_a_crux_keep_their_shape() -> None:
    compare("crux.json", crux_json(quarrel()))
    compare("crux.csv", crux_csv(quarrel()))
    compare("within.json", within_json(one_camp()))
    compare("within.csv", within_csv(one_camp()))


def test_exact_figures_keep_their_shape() -> None:
    short = replace(report(), timelines=replace(TIMELINES, lines=TIMELINES.lines[:2], enabled=None))
    compare("run.json", timelines_json(short))
    compare("run.csv", timelines_csv(short))


def test_the_figures_of_an_audit_keep_their_shape() -> None:
    compare("audit.json", audit_json(audited(MIRACLE)))
    compare("audit.csv", audit_csv(audited()))
