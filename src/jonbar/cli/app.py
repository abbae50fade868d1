"""The commands by name, each in the order in which a person meets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, get_type_hints

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


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """A command as the command line has it: a value that options share stands there as those options, in its place.

    Typer reads a signature, and knows options but no values made of them.
    """
    shared: dict[str, type] = {}
    options: list[Parameter] = []
    hints = get_type_hints(command, include_extras=True)
    for each in signature(command).parameters.values():
        if not is_dataclass(hints[each.name]):
            options.append(each.replace(annotation=hints[each.name]))
            continue
        shared[each.name] = hints[each.name]
        within = get_type_hints(hints[each.name], include_extras=True)
        for name, annotation in within.items():
            default = getattr(each.default, name)
            options.append(Parameter(name, each.kind, default=default, annotation=annotation))

    @wraps(command)
    def called(**written: Any) -> None:
        made = {key: kind(**{one.name: written.pop(one.name) for one in fields(kind)}) for key, kind in shared.items()}
        command(**written, **made)

    vars(called)["__signature__"] = Signature(options)
    return called


for _command in COMMANDS:
    app.command()(spread(_command))
