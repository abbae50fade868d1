"""The answer to `why`: one sentence, then the arguments that move it, each with the answer without it."""

from __future__ import annotations

from collections.abc import Mapping

from jonbar.query.answering import Answer
from jonbar.report.build import Report
from jonbar.scenario.terms import Source
from jonbar.sensitivity.arguments import KnockOut
from jonbar.views.lines import Paint, clean, paragraph, plain, warned
from jonbar.views.rounding import say_chance, say_difference, say_number, say_range, say_value, step_of
from jonbar.views.unsettled import say_convention

SHOWN = 8
LEAST_POINTS, LEAST_SHARE = 0.005, 0.01


def say_answer(answer: Answer) -> str:
    """One answer as a sentence: `Probably not: 27% (10-45).`."""
    if answer.unit != "chance":
        unit = f" {answer.unit}" if answer.unit not in ("number", "") else ""
        return f"About {say_value(answer)}{clean(unit)} ({say_range(answer)})."
    return f"{verdict(answer)}: {say_value(answer)} ({say_range(answer)})."


def verdict(answer: Answer) -> str:
    """A chance in words; what the file leaves open is called open."""
    if answer.low < 0.35 and answer.high > 0.65:
        return "Open"
    for limit, words in (
        (0.01, "Almost certainly not"),
        (0.1, "Very unlikely"),
        (0.4, "Probably not"),
        (0.6, "About even"),
        (0.9, "Probably"),
        (0.99, "Very likely"),
    ):
        if answer.value < limit:
            return words
    return "Almost certainly"


def show_reasons(
    report: Report, *, ask: str, really: str, width: int = 80, paint: Paint = plain, everything: bool = False
) -> str:
    """The whole page of `why`; `really` is what happened, empty where it is not recorded."""
    found = report.knock_outs
    lines = [paint("strong", paragraph(clean(ask), width))] if ask else []
    answer = report.answer
    assert answer is not None
    if answer.starved:
        lines.append(f"There is no number for it.{f' In our timeline: {clean(really)}.' if really else ''}")
        return "\n".join([*lines, *warned(report.warnings, width)])
    happened = f" In our timeline: {clean(really)}." if really else ""
    lines.append(paragraph(f"{say_answer(answer)}{happened}", width))
    lines.append(paragraph(f"That is the {clean(answer.estimand)}; luck {report.luck}.", width))
    convention = say_convention(answer)
    lines += [paragraph(convention, width)] if convention else []
    telling = [each for each in found if everything or tells(each)][: None if everything else SHOWN]
    if telling:
        lines += ["", "What moves it up or down, and the answer without it:"]
    for each in telling:
        lines += ["", *_reason(each, report.scenario.sources, width, paint)]
    if not found:
        lines += ["", "No argument of this scenario bears on it."]
    rest = len(found) - len(telling)
    if rest:
        noun = "argument changes" if rest == 1 else "arguments change"
        least = "less" if len(telling) == SHOWN else "nothing that can be told from noise"
        lines += ["", paragraph(f"{rest} other {noun} {least} (--all lists them).", width)]
    if answer.leans_on:
        listed = ", ".join(answer.leans_on[:6]) + (
            f" and {len(answer.leans_on) - 6} more" if len(answer.leans_on) > 6 else ""
        )
        links = (
            f" It passes {answer.links} uncertain link{'s' if answer.links != 1 else ''} from the change."
            if answer.links
            else ""
        )
        lines += ["", paragraph(f"The answer leans on {clean(listed)}.{links}", width)]
    return "\n".join(lines)


def tells(found: KnockOut) -> bool:
    """Whether taking a push out makes a difference that is more than noise."""
    least = LEAST_POINTS if found.answer.unit == "chance" else LEAST_SHARE * max(abs(found.answer.value), 1e-9)
    return abs(found.difference) > max(2 * found.error, least)


def _reason(found: KnockOut, sources: Mapping[str, Source], width: int, paint: Paint) -> list[str]:
    up = found.difference > 0
    direction = paint("up" if up else "down", "up  " if up else "down")
    lines = [f"  {direction}  {found.push}  without it {_without(found)}"]
    if found.because:
        lines.append(paragraph(clean(found.because), width, " " * 8))
    named = "; ".join(_cite(name, sources) for name in found.sources)
    standing = {"counted": "Counted", "measured": "Measured", "argued": "Argued", "bare": "Bare: no reason is given"}[
        found.status
    ]
    lines.append(paragraph(f"{standing}{': ' if named else '.'}{clean(named)}", width, " " * 8))
    return lines


def _without(found: KnockOut) -> str:
    bare = found.without
    if bare.unit == "chance":
        return f"{say_chance(bare.value, found.error)} ({say_difference(-found.difference, 'chance')})"
    step = step_of((bare.value, bare.low, bare.high), found.error)
    return f"{say_number(bare.value, step)} ({say_difference(-found.difference, bare.unit, found.error)})"


def _cite(name: str, sources: Mapping[str, Source]) -> str:
    source = sources.get(name)
    if source is None:
        return name
    return f"{name} ({', '.join(part for part in (source.author, source.year) if part)})"
