"""The command that holds a what-if against the six criteria of counterfactual history."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Annotated

import typer

from jonbar.cli import choose
from jonbar.cli.options import EFFORT, SAMPLE, WORDS, All, Effort, Figures, If, Luck, NoNext, Sample, ScenarioName, Set
from jonbar.cli.output import TERMINAL, Place
from jonbar.cli.terminal import suggest, width
from jonbar.cli.working import work_out

About = Annotated[
    str | None,
    typer.Option(
        "--about",
        metavar="QUESTION",
        help="The outcome to follow up. [default: those that move furthest]",
        autocompletion=choose.complete_variable,
    ),
]


def audit(
    scenario: ScenarioName,
    reading: If = None,
    about: About = None,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    settings: Set = None,
    everything: All = False,
    figures: Figures = WORDS,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """A what-if before the six criteria of counterfactual history.

    Is it clear, possible, small, backed, in line with counts, and testable?
    """
    from jonbar.cli.files import load
    from jonbar.report.build import Asked

    place.free()
    found = load(scenario)
    chosen = choose.reading_of(found, reading)
    asked = Asked(chosen, choose.luck_of(chosen, luck), audit=True)
    if about is not None:
        target = choose.target_of(found, about)
        asked = replace(asked, target=target.condition, target_text=target.text)
    report = work_out(found, asked, sample, effort, settings)
    assert report.audit is not None
    if figures.wanted:
        from jonbar.views import data

        place.put(figures.of(report, data.audit_json, data.audit_csv))
        return
    from jonbar.views.audit import show_audit

    place.put(show_audit(report, width=width(), paint=place.paint, everything=everything))
    following = f"why {scenario} {shlex.quote(report.audit.asked)}" if report.audit.asked else f"run {scenario}"
    suggest(f"jonbar {following} --if {chosen.name}", no_next)
