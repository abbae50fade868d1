"""What leans on a fact that starves the draws has no number on any page, and every page names the fact."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from jonbar.report.build import Asked, Report, Settings, build
from jonbar.report.dossier import compile_dossier
from jonbar.scenario.expressions import Name
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP
from jonbar.views import data
from jonbar.views.audit import show_audit
from jonbar.views.dossier.compose import compose
from jonbar.views.dossier.figures import data_json
from jonbar.views.dossier.html import write_html
from jonbar.views.dossier.markdown import write_markdown
from jonbar.views.dossier.sections import choose
from jonbar.views.lines import warned
from jonbar.views.reasons import show_reasons
from jonbar.views.rounding import NO_NUMBER
from jonbar.views.timelines import show_timelines

STARVED = """
jonbar: 1
scenario: fleet
variables:
  war: {ask: Is there a war?, when: 1961, chance: 20% to 40%, otl: yes}
  fleet: {ask: How large is the fleet?, when: 1962, unit: ships, centre: 50 to 54, spread: 3, otl: 95}
  rain: {ask: Does it rain?, when: 1964, chance: 30% to 50%, pushes: {smoke: {if: war, odds: x3}}}
  raid: {ask: Is there a raid?, when: 1965, chance: 40%, pushes: {size: {if: fleet > 55, odds: x3}}}
  lost: {ask: How many are lost?, when: 1966, unit: ships, centre: 1, spread: 1, pushes: {raid: {if: raid, add: 3}}}
what_if:
  peace: {says: There is no war., do: {war: no}}
claims:
  raided: {says: There would be a raid., who: a poster, kind: chance, test: chance of raid under peace}
"""
SCENARIO = read_scenario(STARVED, file="fleet.jonbar.yaml")
READING = SCENARIO.readings()["peace"]
SETTINGS = Settings(1, 120, 20)


@cache
def answered(what: str) -> Report:
    kinds = {
        "run": Asked(READING, KEEP, timelines=True),
        "why": Asked(READING, KEEP, target=Name("raid"), target_text="raid"),
        "audit": Asked(READING, KEEP, audit=True),
        "tell": Asked(READING, KEEP, telling=1),
    }
    return build(SCENARIO, SETTINGS, kinds[what])


@cache
def pages() -> dict[str, str]:
    dossier = compile_dossier(SCENARIO, SETTINGS, READING, KEEP, choose)
    document = compose(dossier)
    return {
        "run": show_timelines(answered("run"), everything=True),
        "run, 120 columns": show_timelines(answered("run"), width=120, everything=True),
        "why": show_reasons(answered("why"), ask="Is there a raid?", really=""),
        "audit": show_audit(answered("audit")),
        "report": write_markdown(document),
        "report in HTML": write_html(document, data_json(dossier)),
        "tell": "\n".join(warned(answered("tell").warnings, 80)),
    }


@pytest.mark.parametrize("page", pages())
def test_every_page_names_the_fact_that_starves(page: str) -> None:
    words = re.sub(r"[`\\]|</?code>", "", " ".join(pages()[page].split()))
    assert "W413" in words and "the fact fleet" in words
    assert not re.search(r"\bnan\b", words, re.IGNORECASE)


def test_two_timelines_show_no_number_for_what_leans_on_it() -> None:
    rows = {line.rpartition("  ")[2].strip(): line for line in pages()["run"].splitlines()}
    for ask in ("How large is the fleet?", "Is there a raid?", "How many are lost?"):
        assert NO_NUMBER in rows[ask] and "%" not in rows[ask]
    assert "%" in rows["Does it rain?"]


def test_exact_figures_are_still_json() -> None:
    def refuse(word: str) -> float:
        raise AssertionError(word)

    for text in (data.timelines_json(answered("run")), data.reasons_json(answered("why"))):
        json.loads(text, parse_constant=refuse)
        assert "fleet" in text
