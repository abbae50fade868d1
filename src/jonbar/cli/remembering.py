"""The command that asks how the model sees what happened."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from jonbar.cli import choose, drawing
from jonbar.cli.drawing import CurvesPicture
from jonbar.cli.options import SAMPLE_A_DAY, Csv, If, Json, Luck, NoNext, NoStore, Sample, ScenarioName, Set, Workers
from jonbar.cli.output import TERMINAL, Place, one_form
from jonbar.cli.terminal import progress, suggest, width, workers

if TYPE_CHECKING:
    from datetime import date

    from jonbar.following import Curve, Surprises
    from jonbar.scenario.terms import Reading, Scenario

Outcome = Annotated[
    str | None,
    typer.Argument(
        metavar="OUTCOME",
        help="A condition whose chance to follow from date to date. [default: how surprising each fact was]",
        autocompletion=choose.complete_variable,
    ),
]
Observer = Annotated[
    str, typer.Option("--observer", metavar="WHO", help="historian, public, or an actor of the scenario.")
]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first date of a curve.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last date of a curve.")]
Most = Annotated[int | None, typer.Option("--most", min=1, help="So many facts, the most surprising first.")]


def history(
    scenario: ScenarioName,
    outcome: Outcome = None,
    reading: If = None,
    observer: Observer = "historian",
    first: From = None,
    last: To = None,
    most: Most = None,
    sample: Sample = SAMPLE_A_DAY,
    luck: Luck = None,
    settings: Set = None,
    json: Json = False,
    csv: Csv = False,
    picture: CurvesPicture = None,
    place: Place = TERMINAL,
    count: Workers = None,
    no_store: NoStore = False,
    no_next: NoNext = False,
) -> None:
    """How the model sees what happened: each fact's surprise, or how likely an OUTCOME looked on each date."""
    from jonbar.cli.files import load
    from jonbar.scenario.settings import with_settings

    one_form(json, csv)
    place.free()
    drawing.drawable(picture, place.force)
    found = with_settings(load(scenario), dict(choose.settings_of(settings or [])))
    from jonbar.views import history, history_data

    if outcome is None:
        facts = _surprises(found, sample, count, no_store)
        if json or csv:
            place.put(history_data.surprises_json(facts) if json else history_data.surprises_csv(facts))
            return
        text = history.show_surprises(facts, title=found.title, width=width(), paint=place.paint, most=most)
        place.put(text)
        suggest(f"jonbar history {scenario} {choose.example_of(found, next(iter(found.variables)))}", no_next)
        return
    chosen = choose.reading_of(found, reading) if reading is not None else None
    days = (_day(first, "--from", 0), _day(last, "--to", -1))
    curves, ask = _curves(found, outcome, chosen, luck, observer, days, sample, count, no_store)
    if picture is not None:
        from jonbar.views.curve_picture import draw_curves

        drawing.draw(draw_curves(curves), picture, place.force)
    if json or csv:
        place.put(history_data.curves_json(curves) if json else history_data.curves_csv(curves))
        return
    place.put(history.show_curves(curves, ask=ask, width=width(), paint=place.paint))
    suggest(f"jonbar why {scenario} {shlex.quote(outcome)}" + (f" --if {chosen.name}" if chosen else ""), no_next)


def _surprises(found: Scenario, sample: Sample, count: int | None, no_store: bool) -> Surprises:
    """The surprise of every fact."""
    from jonbar.cli.files import store
    from jonbar.following import foresee

    with ExitStack() as stack:
        executor = stack.enter_context(workers(count or 2, None))
        bar = stack.enter_context(progress("Following history"))
        kept = None if no_store else store()
        return foresee(found, sample.seed, sample.draws, store=kept, executor=executor, progress=bar)


def _curves(
    found: Scenario,
    outcome: str,
    reading: Reading | None,
    luck: str | None,
    observer: str,
    days: tuple[date | None, date | None],
    sample: Sample,
    count: int | None,
    no_store: bool,
) -> tuple[tuple[Curve, ...], str]:
    """The curve of history itself, and beside it that of a what-if."""
    from jonbar.cli.files import store
    from jonbar.following import Size, Wanted, look_back

    target, ask, _ = choose.target_of(found, outcome)
    dial = choose.luck_of(reading, luck)
    branches = [None] if reading is None else [None, reading]
    wanted = [Wanted(target, outcome, observer, each, dial, *days) for each in branches]
    with ExitStack() as stack:
        executor = stack.enter_context(workers(count or 2, None))
        bar = stack.enter_context(progress("Following history"))
        kept = None if no_store else store()
        size = Size(sample.seed, sample.draws, sample.tellings)
        return look_back(found, wanted, size, store=kept, executor=executor, progress=bar), ask


def _day(written: str | None, option: str, end: int) -> date | None:
    from jonbar.errors import Diagnostic, Span
    from jonbar.scenario.dates import parse_interval

    if written is None:
        return None
    read = parse_interval(written, Span("", 1, 1, 1, 1))
    if isinstance(read, Diagnostic):
        raise typer.BadParameter("Write a date such as 1962-10-16.", param_hint=option)
    return (read.start, read.end)[end]
