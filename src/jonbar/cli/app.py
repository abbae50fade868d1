"""The commands by name, each in the order in which a person meets it."""

from __future__ import annotations

import typer

from jonbar.cli import asking, auditing, judging, reading, remembering, sending, writing

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
    asking.tell,
    sending.report,
    reading.read,
)
for _command in COMMANDS:
    app.command()(_command)
