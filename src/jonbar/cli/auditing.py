"""The command that holds a what-if against the six criteria of counterfactual history."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from jonbar.cli import choose
from jonbar.cli.asking import work_out
from jonbar.cli.options import EFFORT, SAMPLE, All, Csv, Effort, If, Json, Luck, NoNext, Sample, ScenarioName, Set
from jonbar.cli.output import TERMINAL, Place, one_form
from jonbar.cli.terminal import suggest, width

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
    json: Json = False,
    csv: Csv = False,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """A what-if before the six criteria: clear, possible, small, backed, in line with counts, and testable."""
    from jonbar.cli.files import load
    from jonbar.report import Asked

    one_form(json, csv)
    place.free()
    found = load(scenario)
    chosen = choose.reading_of(found, reading)
    target = choose.target_of(found, about)[0] if about is not None else None
    asked = Asked(chosen, choose.luck_of(chosen, luck), target=target, target_text=about or "", audit=True)
    report = work_out(found, asked, sample, effort, settings)
    assert report.audit is not None
    if json or csv:
        from jonbar.views import data

        place.put(data.audit_json(report) if json else data.audit_csv(report))
        return
    from jonbar.views.audit import show_audit

    place.put(show_audit(report, width=width(), paint=place.paint, everything=everything))
    following = f"why {scenario} {shlex.quote(report.audit.asked)}" if report.audit.asked else f"run {scenario}"
    suggest(f"jonbar {following} --if {chosen.name}", no_next)
