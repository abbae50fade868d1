"""The commands by name, each in the order in which a person meets it."""

from __future__ import annotations

from typing import Annotated

import typer

from jonbar import __version__
from jonbar.cli import asking, auditing, judging, opening, reading, remembering, sending, writing

app = typer.Typer(
    name="jonbar",
    help="A laboratory for what-ifs in history: write one down, run it, ask why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS = (
    writing.new,
    writing.check,
    writing.fmt,
    writing.diff,
    writing.schema,
    writing.show,
    asking.run,
    asking.why,
    auditing.audit,
    remembering.history,
    judging.claims,
    judging.disagree,
    judging.crux,
    asking.tell,
    sending.report,
    opening.open,
    reading.read,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"jonbar {__version__}")
        raise typer.Exit


@app.callback()
def jonbar(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """A laboratory for what-ifs in history: write one down, run it, ask why."""


for _command in COMMANDS:
    app.command()(_command)
