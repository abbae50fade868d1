"""The command that asks how the model sees what happened."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from jonbar.cli import choose, drawing
from jonbar.cli.drawing import CurvesPicture
from jonbar.cli.options import (
    SAMPLE_A_DAY,
    WORDS,
    Effort,
    Figures,
    If,
    Luck,
    NoNext,
    NoStore,
    Sample,
    ScenarioName,
    Set,
    Workers,
)
from jonbar.cli.output import TERMINAL, Place
from jonbar.cli.terminal import suggest, width
from jonbar.cli.working import at_work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jonbar.report.following import Curve, Surprises, Wanted
    from jonbar.scenario import terms

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


@dataclass(frozen=True)
class Seen:
    """Who looks at history, and between which dates."""

    observer: Observer = "historian"
    first: From = None
    last: To = None

    def curves(self, target: choose.Target, reading: terms.Reading | None, luck: terms.Luck) -> list[Wanted]:
        """The curve of history itself, and beside it that of a what-if."""
        from jonbar.report.following import Wanted

        days = (_day(self.first, "--from", 0), _day(self.last, "--to", -1))
        branches = [None] if reading is None else [None, reading]
        return [Wanted(target.condition, target.text, self.observer, each, luck, *days) for each in branches]


HISTORIAN = Seen()
PROCESSES = 2  # as long as nobody asks for another number
FOLLOWING = "Following history"


def history(
    scenario: ScenarioName,
    outcome: Outcome = None,
    reading: If = None,
    seen: Seen = HISTORIAN,
    most: Most = None,
    sample: Sample = SAMPLE_A_DAY,
    luck: Luck = None,
    settings: Set = None,
    figures: Figures = WORDS,
    picture: CurvesPicture = None,
    place: Place = TERMINAL,
    count: Workers = None,
    no_store: NoStore = False,
    no_next: NoNext = False,
) -> None:
    """How the model sees what happened, and how likely it had looked.

    Each fact's surprise; or, with an OUTCOME, how likely that looked on each date.
    """
    from jonbar.cli.files import load
    from jonbar.scenario.settings import with_settings

    place.free()
    drawing.drawable(picture, place.force)
    found = with_settings(load(scenario), dict(choose.settings_of(settings or [])))
    effort = Effort(count, no_store=no_store)
    from jonbar.views import history, history_data

    if outcome is None:
        facts = _surprises(found, sample, effort)
        if figures.wanted:
            place.put(figures.of(facts, history_data.surprises_json, history_data.surprises_csv))
            return
        place.put(history.show_surprises(facts, title=found.title, width=width(), paint=place.paint, most=most))
        suggest(f"jonbar history {scenario} {choose.example_of(found, next(iter(found.variables)))}", no_next)
        return
    chosen = choose.reading_of(found, reading) if reading is not None else None
    target = choose.target_of(found, outcome)
    curves = _curves(found, seen.curves(target, chosen, choose.luck_of(chosen, luck)), sample, effort)
    if picture is not None:
        from jonbar.views.curve_picture import draw_curves

        drawing.draw(draw_curves(curves), picture, place.force)
    if figures.wanted:
        place.put(figures.of(curves, history_data.curves_json, history_data.curves_csv))
        return
    place.put(history.show_curves(curves, ask=target.ask, width=width(), paint=place.paint))
    suggest(f"jonbar why {scenario} {shlex.quote(outcome)}" + (f" --if {chosen.name}" if chosen else ""), no_next)


def _surprises(found: terms.Scenario, sample: Sample, effort: Effort) -> Surprises:
    """The surprise of every fact."""
    from jonbar.report.following import foresee

    with at_work(effort, PROCESSES, FOLLOWING) as means:
        return foresee(
            found, sample.seed, sample.draws, store=means.store, executor=means.executor, progress=means.progress
        )


def _curves(found: terms.Scenario, wanted: Sequence[Wanted], sample: Sample, effort: Effort) -> tuple[Curve, ...]:
    """How likely the outcome looked, date by date."""
    from jonbar.report.following import Size, look_back

    size = Size(sample.seed, sample.draws, sample.tellings)
    with at_work(effort, PROCESSES, FOLLOWING) as means:
        return look_back(found, wanted, size, store=means.store, executor=means.executor, progress=means.progress)


def _day(written: str | None, option: str, end: int) -> date | None:
    from jonbar.errors import Diagnostic, Span
    from jonbar.scenario.dates import parse_interval

    if written is None:
        return None
    read = parse_interval(written, Span("", 1, 1, 1, 1))
    if isinstance(read, Diagnostic):
        raise typer.BadParameter("Write a date such as 1962-10-16.", param_hint=option)
    return (read.start, read.end)[end]
