"""Where an answer goes: the terminal, or a file that is never replaced unasked."""

from __future__ import annotations

from pathlib import Path

import typer

from jonbar.cli.terminal import say


def put(text: str, output: Path | None, force: bool) -> None:
    """Print an answer, or write it to a file."""
    from jonbar.cli.files import write

    if output is None:
        say(text)
    else:
        write(output, text + "\n", force=force)
        typer.echo(f"Written to {output}.", err=True)


def one_form(json: bool, csv: bool) -> None:
    """JSON or CSV, not both."""
    if json and csv:
        raise typer.BadParameter("Choose one of --json and --csv.")


def free(output: Path | None, force: bool) -> None:
    """Say at once, and not after the work, that a file is in the way."""
    from jonbar.errors import QuestionError

    if output is not None and output.exists() and not force:
        raise QuestionError("E508", f"`{output}` is there already and was left as it is.", "Add --force to replace it.")
    if output is not None and not output.absolute().parent.is_dir():
        raise QuestionError("E504", f"There is no folder `{output.absolute().parent}`.", "Make it first.")
