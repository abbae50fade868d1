"""Where an answer goes: the terminal, or a file that is never replaced unasked."""

from __future__ import annotations

from dataclasses import dataclass

import typer

from jonbar.cli.options import Force, Output
from jonbar.cli.terminal import painter, say
from jonbar.views.lines import Paint, plain


@dataclass(frozen=True)
class Place:
    """A file, and whether it may be replaced; without one, the terminal."""

    output: Output = None
    force: Force = False

    @property
    def paint(self) -> Paint:
        """Colour, which a file has none of."""
        return painter() if self.output is None else plain

    def free(self) -> None:
        """Say at once, and not after the work, that a file is in the way.

        Errors: E508 there is a file of that name, E504 there is no such folder.
        """
        from jonbar.errors import QuestionError

        path = self.output
        if path is not None and path.exists() and not self.force:
            found = f"`{path}` is there already and was left as it is."
            raise QuestionError("E508", found, "Add --force to replace it.")
        if path is not None and not path.absolute().parent.is_dir():
            raise QuestionError("E504", f"There is no folder `{path.absolute().parent}`.", "Make it first.")

    def put(self, text: str) -> None:
        """Print an answer, or write it to the file."""
        from jonbar.cli.files import write

        if self.output is None:
            say(text)
        else:
            write(self.output, text + "\n", force=self.force)
            typer.echo(f"Written to {self.output}.", err=True)


TERMINAL = Place()
