"""The command that makes a report to be sent."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jonbar.cli import choose
from jonbar.cli.options import (
    DRAWS,
    SEED,
    TELLINGS,
    Force,
    If,
    Json,
    Luck,
    NoNext,
    NoStore,
    ScenarioName,
    Seed,
    Set,
    Workers,
)
from jonbar.cli.output import Place
from jonbar.cli.terminal import progress, suggest, workers

if TYPE_CHECKING:
    from jonbar.dossier import Dossier

FORMS = (".html", ".md", ".pdf", ".json")


def report(
    scenario: ScenarioName,
    reading: If = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="FILE.html, .md, .pdf or .json. [default: NAME.html]"),
    ] = None,
    force: Force = False,
    seed: Seed = SEED,
    draws: Annotated[
        int, typer.Option(min=1, max=20_000, metavar="NUMBER", help="How often to draw what the file leaves open.")
    ] = DRAWS,
    tellings: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="NUMBER", help="Runs of luck for each draw.")
    ] = TELLINGS,
    luck: Luck = None,
    settings: Set = None,
    surprises: Annotated[
        bool, typer.Option("--surprises", help="Work out how surprising each fact was, which may take minutes.")
    ] = False,
    json: Json = False,
    count: Workers = None,
    no_store: NoStore = False,
    no_next: NoNext = False,
) -> None:
    """Make a report to send: one file that needs no network, with dials to hold other numbers."""
    from jonbar.cli.files import load, store
    from jonbar.report import Settings

    found = load(scenario)
    path = None if json else output or Path(f"{found.name}.html")
    if path is not None and path.suffix.lower() not in FORMS:
        raise typer.BadParameter(f"A report ends in {', '.join(FORMS)}.", param_hint="--output")
    Place(path or output, force).free()
    if path is not None and path.suffix.lower() == ".pdf":
        from jonbar.cli.printing import browser

        browser()  # said at once, and not after the work
    chosen = choose.reading_of(found, reading)
    dial = choose.luck_of(chosen, luck)
    from jonbar.dossier import compile_dossier
    from jonbar.views.dossier.sections import choose as pick

    wanted = Settings(seed, draws, tellings, choose.settings_of(settings or []))
    with ExitStack() as stack:
        executor = stack.enter_context(workers(count or min(8, os.cpu_count() or 1), None))
        bar = stack.enter_context(progress("Working"))
        kept = None if no_store else store()
        dossier = compile_dossier(
            found, wanted, chosen, dial, pick, foresee=surprises, store=kept, executor=executor, progress=bar
        )
    if path is None:
        from jonbar.views.dossier.figures import figures_json

        Place(output, force).put(figures_json(dossier))
        return
    _write(dossier, path, force)
    typer.echo(f"Written to {path}.", err=True)
    from jonbar.views.headline import worth_asking

    suggest(f"jonbar why {scenario} {worth_asking(dossier.report)} --if {chosen.name}", no_next)


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
