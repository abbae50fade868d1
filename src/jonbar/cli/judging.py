"""Commands about what people said: claims, who contradicts whom, and what parts two camps."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jonbar.cli import choose, drawing
from jonbar.cli.drawing import CruxPicture
from jonbar.cli.options import (
    EFFORT,
    SAMPLE,
    WORDS,
    All,
    Effort,
    Figures,
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

if TYPE_CHECKING:
    from jonbar.report.build import Asked, Report
    from jonbar.scenario.terms import Scenario
    from jonbar.views.lines import Paint

MUST_FAILED = 1
FORMS = ("text", "markdown", "bbcode", "argdown", "aif")
OneClaim = Annotated[
    str | None, typer.Argument(metavar="CLAIM", help="One claim, in full.", autocompletion=choose.complete_claim)
]
Between = Annotated[
    tuple[str, str] | None,
    typer.Option("--between", metavar="CAMP CAMP", help="Two camps. [default: the first two of the file]"),
]
InCamp = Annotated[
    str | None,
    typer.Option("--within", metavar="CAMP", help="What the range of one camp hangs on, in place of a quarrel."),
]
FormOption = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORM",
        help="text; markdown or bbcode, to post with its references; argdown or aif, for programs that draw arguments.",
    ),
]


def known_form(form: str) -> None:
    """That a form is one of those that there are."""
    if form not in FORMS:
        raise typer.BadParameter(f"Write {', '.join(FORMS[:-1])} or {FORMS[-1]}.", param_hint="--format")


def claims(
    scenario: ScenarioName,
    claim: OneClaim = None,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    settings: Set = None,
    figures: Figures = WORDS,
    form: FormOption = "text",
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """Judge what people said: what holds, what fails, what depends.

    Exit code 1 if a claim marked `must` does not hold.
    """
    from jonbar.cli.files import load
    from jonbar.report.build import Asked
    from jonbar.scenario.terms import KEEP
    from jonbar.views import verdicts

    known_form(form)
    place.free()
    found = load(scenario)
    chosen = choose.claim_of(found, claim) if claim else None
    dial = choose.luck_of(None, luck) if luck else None
    asked = Asked(None, dial or KEEP, claims=True, claim=chosen or "", dial=dial)
    report = work_out(found, asked, sample, effort, settings)
    judged = report.judged
    if figures.wanted:
        place.put(figures.of(report, verdicts.verdicts_json, verdicts.verdicts_csv))
    elif form != "text":
        place.put(_export_claims(report, form))
    elif chosen is not None:
        place.put(verdicts.show_verdict(judged[0], found.sources, width=width(), paint=place.paint))
    else:
        place.put(verdicts.show_verdicts(judged, width=width(), paint=place.paint))
        first = next((each.claim.name for each in judged if each.answer is not None), "")
        suggest(f"jonbar claims {scenario} {first}", no_next or not first)
    if any(each.failed for each in judged):
        raise typer.Exit(MUST_FAILED)


def _export_claims(report: Report, form: str) -> str:
    from jonbar.views.argument_maps import MAPS, map_claims
    from jonbar.views.markup import Form
    from jonbar.views.posting import post_verdicts

    if form in MAPS:
        return MAPS[form](map_claims(report.scenario, report.judged))
    return post_verdicts(report.scenario, report.judged, Form(form))


def crux(
    scenario: ScenarioName,
    question: Question,
    between: Between = None,
    within: InCamp = None,
    sample: Sample = SAMPLE,
    luck: Luck = None,
    settings: Set = None,
    everything: All = False,
    figures: Figures = WORDS,
    form: FormOption = "text",
    picture: CruxPicture = None,
    place: Place = TERMINAL,
    effort: Effort = EFFORT,
    no_next: NoNext = False,
) -> None:
    """What the quarrel between two camps hinges on.

    How much of the gap each of their differences makes. With --within: how much of the range of one camp each of its
    assumptions makes, and where in it the thing happens.
    """
    from jonbar.cli.files import load

    known_form(form)
    if within is not None and (between is not None or picture is not None or form != "text"):
        raise typer.BadParameter("Leave out --between, --picture and --format.", param_hint="--within")
    place.free()
    drawing.drawable(picture, place.force)
    found = load(scenario)
    asked, ask, reading = _quarrel(found, question, between, within, luck)
    report = work_out(found, asked, sample, effort, settings)
    if picture is not None:
        from jonbar.views.crux_picture import draw_crux

        drawing.draw(draw_crux(report, ask=ask), picture, place.force)
    if figures.wanted:
        place.put(_crux_in_figures(report, figures))
    elif form != "text":
        place.put(_export_crux(report, form, ask))
    else:
        place.put(_crux_in_words(report, ask, place.paint, everything))
        suggest(f"jonbar why {scenario} {shlex.quote(question)} --if {reading}", no_next)


def _quarrel(
    found: Scenario, question: str, between: tuple[str, str] | None, within: str | None, luck: str | None
) -> tuple[Asked, str, str]:
    """What is asked of two camps, or of one; the question in words; and the reading that the first of them means."""
    from jonbar.crux.camps import camp_of, read_by, two_camps
    from jonbar.report.build import Asked
    from jonbar.scenario.terms import KEEP

    dial = choose.luck_of(None, luck) if luck else None
    target = choose.target_of(found, question)
    camps = two_camps(found, between) if within is None else (camp_of(found, within), camp_of(found, within))
    asked = Asked(
        None,
        dial or KEEP,
        target=target.condition,
        target_text=target.text,
        crux=True,
        between=(camps[0].name, camps[1].name),
        within=within,
        dial=dial,
    )
    return asked, target.ask, read_by(found, camps)[0].name


def _crux_in_words(report: Report, ask: str, paint: Paint, everything: bool) -> str:
    from jonbar.views.crux import show_crux
    from jonbar.views.within import show_within

    how: dict[str, Any] = {"ask": ask, "width": width(), "paint": paint}
    return show_crux(report, everything=everything, **how) if report.within is None else show_within(report, **how)


def _crux_in_figures(report: Report, figures: Figures) -> str:
    from jonbar.views import crux, within

    if report.within is not None:
        return figures.of(report, within.within_json, within.within_csv)
    return figures.of(report, crux.crux_json, crux.crux_csv)


def _export_crux(report: Report, form: str, ask: str) -> str:
    from jonbar.views.argument_maps import MAPS, map_crux
    from jonbar.views.markup import Form
    from jonbar.views.posting import post_crux

    if form in MAPS:
        return MAPS[form](map_crux(report, ask=ask))
    return post_crux(report, Form(form), ask=ask)


def disagree(
    scenario: ScenarioName,
    everything: All = False,
    figures: Figures = WORDS,
    place: Place = TERMINAL,
    no_next: NoNext = False,
) -> None:
    """Which claims contradict each other, and what nobody disputes.

    And who says what on each question.
    """
    from jonbar.cli.files import load
    from jonbar.disagreement.find import disagreement
    from jonbar.views import disagreement as views

    place.free()
    scene = load(scenario)
    found = disagreement(scene)
    if figures.wanted:
        place.put(figures.of(found, partial(views.disagreement_json, scene.name), views.disagreement_csv))
        return
    place.put(views.show_disagreement(found, width=width(), paint=place.paint, everything=everything))
    suggest(f"jonbar claims {scenario}", no_next or not found.claims)
