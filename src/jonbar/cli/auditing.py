"""The command that holds a what-if against the six criteria of counterfactual history."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from jonbar.cli import choose
from jonbar.cli.asking import work_out
from jonbar.cli.options import (
    DRAWS,
    SEED,
    TELLINGS,
    All,
    Cluster,
    Csv,
    Draws,
    Force,
    If,
    Json,
    Luck,
    NoNext,
    NoStore,
    Output,
    ScenarioName,
    Seed,
    Set,
    Tellings,
    Workers,
)
from jonbar.cli.output import free, one_form, put
from jonbar.cli.terminal import painter, suggest, width
from jonbar.views.page import plain

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
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    tellings: Tellings = TELLINGS,
    luck: Luck = None,
    settings: Set = None,
    everything: All = False,
    json: Json = False,
    csv: Csv = False,
    output: Output = None,
    force: Force = False,
    count: Workers = None,
    cluster: Cluster = None,
    no_store: NoStore = False,
    no_next: NoNext = False,
) -> None:
    """A what-if before the six criteria: clear, possible, small, backed, in line with counts, and testable."""
    from jonbar.cli.files import load
    from jonbar.report import Asked

    one_form(json, csv)
    free(output, force)
    found = load(scenario)
    chosen = choose.reading_of(found, reading)
    target = choose.target_of(found, about)[0] if about is not None else None
    asked = Asked(chosen, choose.luck_of(chosen, luck), target=target, target_text=about or "", audit=True)
    report = work_out(
        found, asked, seed=seed, draws=draws, tellings=tellings, settings=settings, count=count, cluster=cluster,
        no_store=no_store,
    )  # fmt: skip
    assert report.audit is not None
    if json or csv:
        from jonbar.views import data

        put(data.audit_json(report) if json else data.audit_csv(report), output, force)
        return
    from jonbar.views.audit import show_audit

    paint = painter() if output is None else plain
    put(show_audit(report, width=width(), paint=paint, everything=everything), output, force)
    following = f"why {scenario} {shlex.quote(report.audit.asked)}" if report.audit.asked else f"run {scenario}"
    suggest(f"jonbar {following} --if {chosen.name}", no_next)
