"""The command that makes a report to be sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jonbar.cli import choose
from jonbar.cli.options import (
    KEPT_SAMPLE,
    Effort,
    Force,
    If,
    Json,
    KeptSample,
    Luck,
    NoNext,
    NoStore,
    ScenarioName,
    Set,
    Workers,
)
from jonbar.cli.output import Place
from jonbar.cli.terminal import suggest
from jonbar.cli.working import at_work, processes, settings_of

if TYPE_CHECKING:
    from jonbar.report.dossier import Dossier

FORMS = (".html", ".md", ".pdf", ".json")
ReportFile = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="FILE.html, .md, .pdf or .json. [default: NAME.html]"),
]
WithSurprises = Annotated[
    bool, typer.Option("--surprises", help="Work out how surprising each fact was, which may take minutes.")
]


def report(
    scenario: ScenarioName,
    reading: If = None,
    output: ReportFile = None,
    force: Force = False,
    sample: KeptSample = KEPT_SAMPLE,
    luck: Luck = None,
    settings: Set = None,
    surprises: WithSurprises = False,
    json: Json = False,
    count: Workers = None,
    no_store: NoStore = False,
    no_next: NoNext = False,
) -> None:
    """Make a report to send: one file that needs no network.

    It has dials to hold other numbers.
    """
    from jonbar.cli.files import load

    found = load(scenario)
    place = Place(output if json else output or Path(f"{found.name}.html"), force)
    path = None if json else place.output
    _known_form(path)
    place.free()
    chosen = choose.reading_of(found, reading)
    dial = choose.luck_of(chosen, luck)
    from jonbar.report.dossier import compile_dossier
    from jonbar.views.dossier.sections import choose as pick

    wanted = settings_of(sample, settings)
    with at_work(Effort(count, no_store=no_store), processes()) as means:
        dossier = compile_dossier(
            found,
            wanted,
            chosen,
            dial,
            pick,
            foresee=surprises,
            store=means.store,
            executor=means.executor,
            progress=means.progress,
        )
    if path is None:
        from jonbar.views.dossier.figures import figures_json

        place.put(figures_json(dossier))
        return
    _write(dossier, path, force)
    typer.echo(f"Written to {path}.", err=True)
    from jonbar.views.headline import worth_asking

    suggest(f"jonbar why {scenario} {worth_asking(dossier.report)} --if {chosen.name}", no_next)


def _known_form(path: Path | None) -> None:
    """Say at once, and not after the work, that a report cannot be written in the form that its file's name asks for.

    Errors: E530 a PDF needs a browser and there is none.
    """
    if path is None:
        return
    if path.suffix.lower() not in FORMS:
        raise typer.BadParameter(f"A report ends in {', '.join(FORMS)}.", param_hint="--output")
    if path.suffix.lower() == ".pdf":
        from jonbar.cli.printing import browser

        browser()


def _write(dossier: Dossier, path: Path, force: bool) -> None:
    from jonbar.cli.files import write, write_bytes
    from jonbar.views.dossier.compose import compose
    from jonbar.views.dossier.figures import data_json, figures_json

    form = path.suffix.lower()
    if form == ".json":
        write(path, figures_json(dossier) + "\n", force=force)
    elif form == ".md":
        from jonbar.views.dossier.markdown import write_markdown

        write(path, write_markdown(compose(dossier)) + "\n", force=force)
    else:
        from jonbar.views.dossier.html import write_html

        page = write_html(compose(dossier), data_json(dossier)) + "\n"
        if form == ".pdf":
            from jonbar.cli.printing import to_pdf

            write_bytes(path, to_pdf(page), force=force)
        else:
            write(path, page, force=force)
