"""Pictures on their way to a file: SVG as it is, or PNG where the file's name asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jonbar.cli.output import Place
from jonbar.errors import QuestionError

if TYPE_CHECKING:
    from jonbar.scenario.expressions import Expression
    from jonbar.scenario.terms import Scenario
    from jonbar.views.drawing import Picture

FORMS = (".svg", ".png")
SHARP = 2.0  # pixels of a PNG to one of the drawing
FONTS = (
    "DejaVu Sans",
    "Arial",
    "Liberation Sans",
    "Noto Sans",
    "Helvetica",
    "Verdana",
    "FreeSans",
    "Ubuntu",
    "Carlito",
)
LETTER = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="16" font-size="16">{}</text></svg>'


def option(what: str) -> Any:
    """`--picture FILE`, the same for every command that can draw what it finds."""
    return typer.Option("--picture", metavar="FILE", help=f"Also draw {what}: FILE.svg, or FILE.png.")


TimelinesPicture = Annotated[Path | None, option("the two timelines, or with --of one quantity in both")]
CausesPicture = Annotated[Path | None, option("what leads to it, as a graph")]
HistoriesPicture = Annotated[Path | None, option("the commonest histories, as a tree")]
CurvesPicture = Annotated[Path | None, option("the curves")]
CruxPicture = Annotated[Path | None, option("the shares")]


def drawable(path: Path | None, force: bool) -> None:
    """Say at once, and not after the work, that a picture cannot be written.

    Errors: E504 and E508 for its place, E509 where PNG needs something that is not there.
    """
    if path is None:
        return
    if path.suffix.lower() not in FORMS:
        raise typer.BadParameter(f"A picture ends in {' or '.join(FORMS)}.", param_hint="--picture")
    Place(path, force).free()
    if path.suffix.lower() == ".png":
        _font()


def draw(picture: Picture, path: Path, force: bool) -> None:
    """Write a picture, and say so.

    Errors: E508 there is a file of that name, E509 where PNG needs something that is not there.
    """
    from jonbar.cli.files import write, write_bytes

    if path.suffix.lower() == ".png":
        write_bytes(path, to_png(picture), force=force)
    else:
        write(path, picture.alone + "\n", force=force)
    typer.echo(f"Drawn in {path}.", err=True)


def to_png(picture: Picture) -> bytes:
    """A picture in pixels, as it looks by daylight.

    Errors: E509 if `resvg_py` is not installed, or no font is.
    """
    font = _font()
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=picture.alone, zoom=SHARP, font_family=font, sans_serif_family=font))


def _font() -> str:
    """A font that letters appear in; without one they would be left out in silence."""
    try:
        import resvg_py
    except ImportError:
        advice = "Install it with `pip install 'jonbar[png]'`, or write FILE.svg."
        raise QuestionError("E509", "A PNG needs resvg_py, which is not installed.", advice) from None

    def drawn(letter: str, font: str) -> bytes:
        return bytes(resvg_py.svg_to_bytes(svg_string=LETTER.format(letter), font_family=font))

    found = next((font for font in FONTS if drawn("M", font) != drawn("", font)), None)
    if found is None:
        advice = "Install one, such as DejaVu Sans, or write FILE.svg."
        raise QuestionError("E509", "A PNG needs a font, and none that is known was found.", advice)
    return found


def one_question(scenario: Scenario, asked: Expression) -> str:
    """The variable that a graph is drawn of."""
    from jonbar.scenario.expressions import names_in

    names = sorted(names_in(asked) & scenario.variables.keys())
    if len(names) != 1:
        raise typer.BadParameter("A graph is drawn of one question.", param_hint="--picture")
    return names[0]
