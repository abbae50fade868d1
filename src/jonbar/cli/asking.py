"""Commands that ask something of a scenario: run, why, tell."""

from __future__ import annotations

import os
import shlex
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from jonbar.cli import choose, drawing
from jonbar.cli.drawing import CausesPicture, HistoriesPicture, TimelinesPicture
from jonbar.cli.options import (
    ANSWERS_WORTH_A_PROCESS,
    EFFORT,
    SAMPLE,
    WORLDS_WORTH_A_PROCESS,
    All,
    Csv,
    Effort,
    Given,
    If,
    Json,
    Luck,
    NoNext,
    Sample,
    ScenarioName,
    Set,
)
from jonbar.cli.output import TERMINAL, Place, one_form
from jonbar.cli.terminal import progress, suggest, width, workers
from jonbar.views.page import warned

if TYPE_CHECKING:
    from jonbar.report import Asked, Report
    from jonbar.scenario.terms import Scenario
    from jonbar.views.drawing import Picture


def work_out(
    scenario: Scenario,
    asked: Asked,
    sample: Sample,
    effort: Effort,
    settings: list[str] | None,
    *,
    given: str | None = None,
) -> Report:
    """A question answered, with a bar for the waiting, by as many processes as are worth it."""
    from jonbar.cli.files import store
    from jonbar.report import Settings, build

    chosen = Settings(sample.seed, sample.draws, sample.tellings, choose.settings_of(settings or []))
    worlds = sample.draws * sample.tellings
    most = min(8, os.cpu_count() or 1) if worlds > WORLDS_WORTH_A_PROCESS else 1
    with ExitStack() as stack:
        # No process starts before it is needed.
        executor = stack.enter_context(workers(effort.count or most, effort.cluster))
        bar = stack.enter_context(progress("Working"))
        kept = None if effort.no_store else store()
        large = len(scenario.variables) * worlds > ANSWERS_WORTH_A_PROCESS
        wanted = executor if effort.count or effort.cluster or large else None
        return build(
            scenario, chosen, asked, given_text=given or "", store=kept, executor=wanted, learner=executor, progress=bar
        )


def run(
    scenario: ScenarioName,
    reading: If = None,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    given: Given = None,
    settings: Set = None,
    everything: All = False,
    json: Json = False,
    csv: Csv = False,
    picture: TimelinesPicture = None,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="QUANTITY",
            help="In the picture: this quantity or series.",
            autocompletion=choose.complete_variable,
        ),
    ] = None,
    rows: Annotated[
        int | None, typer.Option(min=1, metavar="NUMBER", help="Questions in the picture: those that changed most.")
    ] = None,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """Run a what-if: what changes, what does not, and how sure that is."""
    from jonbar.cli.files import load

    one_form(json, csv)
    place.free()
    drawing.drawable(picture, place.force)
    began = time.monotonic()
    found = load(scenario)
    chosen = choose.reading_of(found, reading)
    quantity = choose.quantity_of(found, of) if of is not None else None
    from jonbar.report import Asked
    from jonbar.scenario.questions import parse_condition

    supposed = parse_condition(given, found) if given else None
    asked = Asked(chosen, choose.luck_of(chosen, luck), given=supposed, timelines=True)
    report = work_out(found, asked, sample, effort, settings, given=given)
    if picture is not None:
        drawing.draw(_timelines_drawn(report, quantity, rows), picture, place.force)
    if json or csv:
        from jonbar.views import data

        place.put(data.timelines_json(report) if json else data.timelines_csv(report))
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
    target: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION",
            help="A variable or a condition, such as 'first_course is silence'.",
            autocompletion=choose.complete_variable,
        ),
    ],
    reading: Annotated[
        str | None,
        typer.Option(
            "--if",
            metavar="READING",
            help="A what-if or one of its readings; `history` asks about our own.",
            autocompletion=choose.complete_reading,
        ),
    ] = None,
    necessary: Annotated[
        bool,
        typer.Option("--necessary", help="Whether the act was necessary and enough for it, all luck kept."),
    ] = False,
    rather_than: Annotated[
        str | None,
        typer.Option("--rather-than", metavar="STATE", help="With --necessary: what the act is compared with."),
    ] = None,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    settings: Set = None,
    everything: All = False,
    json: Json = False,
    csv: Csv = False,
    picture: CausesPicture = None,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """The arguments behind an answer, and the answer without each."""
    from jonbar.cli.files import load
    from jonbar.scenario.terms import KEEP

    one_form(json, csv)
    place.free()
    drawing.drawable(picture, place.force)
    found = load(scenario)
    of_history = reading == choose.HISTORY and choose.HISTORY not in found.readings()
    chosen = None if of_history else choose.reading_of(found, reading)
    tree, ask, really = choose.target_of(found, target)
    from jonbar.report import Asked

    choose.check_necessity(chosen, necessary, rather_than, luck)
    if picture is not None and necessary:
        raise typer.BadParameter("Leave out --necessary.", param_hint="--picture")
    outcome = drawing.one_question(found, tree) if picture is not None else ""
    dial = KEEP if necessary else choose.luck_of(chosen, luck)
    asked = Asked(
        chosen,
        dial,
        timelines=picture is not None,
        target=tree,
        target_text=target,
        necessary=necessary,
        rather_than=rather_than,
    )
    report = work_out(found, asked, sample, effort, settings)
    if picture is not None:
        from jonbar.views.ancestor_picture import draw_ancestors

        do = chosen.do if chosen else {}
        drawn = draw_ancestors(found, outcome, report.knock_outs, do=do, timelines=report.timelines)
        drawing.draw(drawn, picture, place.force)
    if json or csv:
        from jonbar.views import data

        if necessary:
            place.put(data.necessity_json(report) if json else data.necessity_csv(report))
        else:
            place.put(data.reasons_json(report) if json else data.reasons_csv(report.knock_outs))
        return
    if necessary:
        from jonbar.views.necessity import show_necessity

        place.put(show_necessity(report, ask=ask, width=width(), paint=place.paint))
        suggest(f"jonbar why {scenario} {shlex.quote(target)} --if {chosen.name if chosen else ''}", no_next)
        return
    from jonbar.views.reasons import show_reasons

    text = show_reasons(report, ask=ask, really=really, width=width(), paint=place.paint, everything=everything)
    place.put(text)
    first = report.knock_outs[0].variable if report.knock_outs else next(iter(found.variables))
    suggest(f"jonbar show {scenario} {first}", no_next)


def tell(
    scenario: ScenarioName,
    reading: If = None,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text, markdown or bbcode.")] = "text",
    number: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="Which world: another number, another story.")
    ] = 0,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    settings: Set = None,
    everything: All = False,
    json: Json = False,
    csv: Csv = False,
    picture: HistoriesPicture = None,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """One world as a dated chronicle, its departures marked."""
    from jonbar.cli.files import load

    if form not in ("text", "markdown", "bbcode"):
        raise typer.BadParameter("Write text, markdown or bbcode.", param_hint="--format")
    one_form(json, csv)
    place.free()
    drawing.drawable(picture, place.force)
    found = load(scenario)
    chosen = choose.reading_of(found, reading)
    from jonbar.report import Asked

    asked = Asked(chosen, choose.luck_of(chosen, luck), telling=number, branching=picture is not None)
    report = work_out(found, asked, sample, effort, settings)
    assert report.chronicle is not None
    if picture is not None and report.branching is not None:
        from jonbar.views.branching_picture import draw_branching

        drawing.draw(draw_branching(report.branching), picture, place.force)
    for warning in warned(report.warnings, width()):
        typer.echo(warning, err=True)
    if json or csv:
        from jonbar.views import data

        place.put(data.chronicle_json(report) if json else data.chronicle_csv(report.chronicle))
        return
    from jonbar.views.chronicle import show_chronicle
    from jonbar.views.markup import Form

    text = show_chronicle(report.chronicle, Form(form), width=width(), paint=place.paint, everything=everything)
    place.put(text)
    suggest(f"jonbar tell {scenario} --if {chosen.name} --number {number + 1}", no_next or form != "text")
