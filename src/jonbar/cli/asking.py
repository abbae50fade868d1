"""Commands that ask something of a scenario: run, why, tell."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING, Annotated

import typer

from jonbar.cli import choose, drawing
from jonbar.cli.drawing import CausesPicture, HistoriesPicture, TimelinesPicture
from jonbar.cli.options import (
    EFFORT,
    SAMPLE,
    WORDS,
    All,
    Effort,
    Figures,
    Given,
    If,
    Luck,
    NoNext,
    Question,
    Sample,
    ScenarioName,
    Set,
)
from jonbar.cli.output import TERMINAL, Place
from jonbar.cli.terminal import suggest, width
from jonbar.cli.working import work_out
from jonbar.views.lines import warned

if TYPE_CHECKING:
    from jonbar.report.build import Report
    from jonbar.views.drawing import Picture
    from jonbar.views.lines import Paint

Of = Annotated[
    str | None,
    typer.Option(
        "--of",
        metavar="QUANTITY",
        help="In the picture: this quantity or series.",
        autocompletion=choose.complete_variable,
    ),
]
Rows = Annotated[
    int | None, typer.Option(min=1, metavar="NUMBER", help="Questions in the picture: those that changed most.")
]
IfOrHistory = Annotated[
    str | None,
    typer.Option(
        "--if",
        metavar="READING",
        help="A what-if or one of its readings; `history` asks about our own.",
        autocompletion=choose.complete_reading,
    ),
]
Necessary = Annotated[
    bool, typer.Option("--necessary", help="Whether the act was necessary and enough for it, all luck kept.")
]
RatherThan = Annotated[
    str | None, typer.Option("--rather-than", metavar="STATE", help="With --necessary: what the act is compared with.")
]
Prose = Annotated[str, typer.Option("--format", metavar="FORM", help="text, markdown or bbcode.")]
Which = Annotated[int, typer.Option(min=0, metavar="NUMBER", help="Which world: another number, another story.")]


def run(
    scenario: ScenarioName,
    reading: If = None,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    given: Given = None,
    settings: Set = None,
    everything: All = False,
    figures: Figures = WORDS,
    picture: TimelinesPicture = None,
    of: Of = None,
    rows: Rows = None,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """Run a what-if: what changes, what does not, how sure that is."""
    from jonbar.cli.files import load

    place.free()
    drawing.drawable(picture, place.force)
    began = time.monotonic()
    found = load(scenario)
    chosen = choose.reading_of(found, reading)
    quantity = choose.quantity_of(found, of) if of is not None else None
    from jonbar.report.build import Asked
    from jonbar.scenario.questions import parse_condition

    supposed = parse_condition(given, found) if given else None
    asked = Asked(chosen, choose.luck_of(chosen, luck), given=supposed, given_text=given or "", timelines=True)
    report = work_out(found, asked, sample, effort, settings)
    if picture is not None:
        drawing.draw(_timelines_drawn(report, quantity, rows), picture, place.force)
    if figures.wanted:
        from jonbar.views import data

        place.put(figures.of(report, data.timelines_json, data.timelines_csv))
        return
    from jonbar.views.headline import worth_asking
    from jonbar.views.timelines import show_timelines

    took = time.monotonic() - began
    place.put(show_timelines(report, width=width(), paint=place.paint, everything=everything, seconds=took))
    if report.timelines is not None:
        suggest(f"jonbar why {scenario} {worth_asking(report)} --if {chosen.name}", no_next)


def _timelines_drawn(report: Report, quantity: str | None, rows: int | None) -> Picture:
    if quantity is None:
        from jonbar.views.picture import draw_timelines

        return draw_timelines(report, most=rows)
    from jonbar.views.series_picture import draw_series, drawable

    assert report.timelines is not None
    if quantity not in drawable(report.timelines):
        raise typer.BadParameter(f"There is no number for `{quantity}`.", param_hint="--of")
    return draw_series(report.timelines, quantity)


def why(
    scenario: ScenarioName,
    question: Question,
    reading: IfOrHistory = None,
    necessary: Necessary = False,
    rather_than: RatherThan = None,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    settings: Set = None,
    everything: All = False,
    figures: Figures = WORDS,
    picture: CausesPicture = None,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """The arguments behind an answer, and the answer without each."""
    from jonbar.cli.files import load
    from jonbar.scenario.terms import KEEP

    place.free()
    drawing.drawable(picture, place.force)
    found = load(scenario)
    chosen = choose.reading_or_history(found, reading)
    target = choose.target_of(found, question)
    choose.check_necessity(chosen, necessary, rather_than, luck)
    if picture is not None and necessary:
        raise typer.BadParameter("Leave out --necessary.", param_hint="--picture")
    drawn = drawing.one_question(found, target.condition) if picture is not None else ""
    from jonbar.report.build import Asked

    asked = Asked(
        chosen,
        KEEP if necessary else choose.luck_of(chosen, luck),
        timelines=picture is not None,
        target=target.condition,
        target_text=target.text,
        necessary=necessary,
        rather_than=rather_than,
    )
    report = work_out(found, asked, sample, effort, settings)
    if picture is not None:
        drawing.draw(_causes_drawn(report, drawn), picture, place.force)
    if figures.wanted:
        place.put(_why_in_figures(report, figures))
        return
    place.put(_why_in_words(report, target, place.paint, everything))
    suggest(f"jonbar {_after_why(report, scenario)}", no_next)


def _causes_drawn(report: Report, variable: str) -> Picture:
    from jonbar.views.ancestor_picture import draw_ancestors

    do = report.reading.do if report.reading else {}
    return draw_ancestors(report.scenario, variable, report.knock_outs, do=do, timelines=report.timelines)


def _why_in_figures(report: Report, figures: Figures) -> str:
    from jonbar.views import data

    if report.necessity is not None:
        return figures.of(report, data.necessity_json, data.necessity_csv)
    return figures.of(report, data.reasons_json, data.reasons_csv)


def _why_in_words(report: Report, target: choose.Target, paint: Paint, everything: bool) -> str:
    from jonbar.views.necessity import show_necessity
    from jonbar.views.reasons import show_reasons

    if report.necessity is not None:
        return show_necessity(report, ask=target.ask, width=width(), paint=paint)
    happened = target.happened
    return show_reasons(report, ask=target.ask, really=happened, width=width(), paint=paint, everything=everything)


def _after_why(report: Report, scenario: str) -> str:
    """What is asked next: from a necessity its reasons, from reasons the variable that the first of them belongs to."""
    if report.necessity is not None and report.reading is not None:
        return f"why {scenario} {shlex.quote(report.target)} --if {report.reading.name}"
    first = report.knock_outs[0].variable if report.knock_outs else next(iter(report.scenario.variables))
    return f"show {scenario} {first}"


def tell(
    scenario: ScenarioName,
    reading: If = None,
    form: Prose = "text",
    number: Which = 0,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    settings: Set = None,
    everything: All = False,
    figures: Figures = WORDS,
    picture: HistoriesPicture = None,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """One world as a dated chronicle, its departures marked."""
    from jonbar.cli.files import load

    if form not in ("text", "markdown", "bbcode"):
        raise typer.BadParameter("Write text, markdown or bbcode.", param_hint="--format")
    place.free()
    drawing.drawable(picture, place.force)
    found = load(scenario)
    chosen = choose.reading_of(found, reading)
    from jonbar.report.build import Asked

    asked = Asked(chosen, choose.luck_of(chosen, luck), telling=number, branching=picture is not None)
    report = work_out(found, asked, sample, effort, settings)
    assert report.chronicle is not None
    if picture is not None and report.branching is not None:
        from jonbar.views.branching_picture import draw_branching

        drawing.draw(draw_branching(report.branching), picture, place.force)
    for warning in warned(report.warnings, width()):
        typer.echo(warning, err=True)
    if figures.wanted:
        from jonbar.views import data

        place.put(figures.of(report, data.chronicle_json, data.chronicle_csv))
        return
    from jonbar.views.chronicle import show_chronicle
    from jonbar.views.markup import Form

    text = show_chronicle(report.chronicle, Form(form), width=width(), paint=place.paint, everything=everything)
    place.put(text)
    suggest(f"jonbar tell {scenario} --if {chosen.name} --number {number + 1}", no_next or form != "text")
