"""The answer to `crux`: two camps and the gap between them, who adds what to it, and what evidence would decide."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from jonbar.crux.evidence import Evidence, Fall
from jonbar.crux.gap import READING, Crux, Share, Side
from jonbar.report.build import Report
from jonbar.scenario.terms import Scenario
from jonbar.views.data import head_of, table, to_json
from jonbar.views.lines import Paint, clean, paragraph, plain, wide
from jonbar.views.rounding import say_difference, say_number, say_range, say_value, step_of

LEAST = 0.01  # of the gap: less is listed by name only
MOST_TOGETHER = 3
INDENT = " " * 11


def show_crux(report: Report, *, ask: str = "", width: int = 80, paint: Paint = plain, everything: bool = False) -> str:
    """The whole page of `crux`."""
    found = report.crux
    assert found is not None
    lines = [paint("strong", paragraph(clean(ask), width))] if ask else []
    lines += _camps(found, width, paint)
    if found.refused:
        return "\n".join([*lines, "", paragraph(f"No shares are given. {found.refused}", width)])
    told = [each for each in found.shares if everything or tells_apart(each)]
    lines += ["", paragraph("What parts them, and how much of the gap it is:", width)]
    for each in told:
        lines += _share(each, found, say_reason(each, report.scenario), width, paint)
    lines += _rest(found, told, width)
    lines += _meaning(found, width)
    lines += _together(found, width)
    lines += _evidence(found, width)
    return "\n".join([*lines, "", paint("quiet", paragraph(say_method(found), width))])


def _camps(found: Crux, width: int, paint: Paint) -> list[str]:
    lines = []
    name = max(wide(each.camp.name) for each in (found.one, found.other))
    for side in (found.one, found.other):
        answer = side.answer
        head = f"{clean(side.camp.name):<{name}}  {say_value(answer)} ({say_range(answer)})"
        who = f" [{', '.join(side.camp.who)}]" if side.camp.who else ""
        lines.append(paint("change", head))
        lines.append(paragraph(clean(f"{side.camp.says}{who}".strip() or "It says nothing of itself."), width, "    "))
        if found.one.reading != found.other.reading:
            lines.append(paragraph(clean(f"It means {side.reading.name}: {side.reading.says}"), width, "    "))
    if found.one.reading == found.other.reading:
        reading = found.one.reading
        lines.append(paragraph(clean(f"Both mean {reading.name}: {reading.says}"), width))
    gap = f"A gap of {say_gap(found)}, with an error of {say_error(found.error, found.unit)}."
    return [*lines, paint("strong", paragraph(gap, width))]


def say_gap(found: Crux) -> str:
    """How far apart the camps are."""
    if found.unit == "chance":
        return f"{_points(found.gap)} points"
    unit = "" if found.unit == "number" else f" {clean(found.unit)}"
    return f"{say_number(found.gap, step_of((found.gap, 0.0, 0.0), found.error))}{unit}"


def _points(value: float) -> str:
    return f"{100 * value:.0f}" if abs(value) >= 0.0995 else f"{100 * value:.1f}"


def say_error(error: float, unit: str) -> str:
    """A Monte Carlo error in the unit of the answer."""
    one_figure = float(f"{100 * error if unit == 'chance' else error:.1g}")
    return f"{one_figure:g} points" if unit == "chance" else f"{one_figure:g}"


def say_name(assumption: str) -> str:
    """What a difference is called on a page."""
    return "what the what-if means" if assumption == READING else clean(assumption)


def say_reason(share: Share, scenario: Scenario) -> str:
    """Why a difference should matter, as the file says: the reason of a push, or the question of a premise."""
    owner, _, part = share.assumption.partition(".")
    if owner in scenario.premises:
        return scenario.premises[owner].ask
    variable = scenario.variables.get(owner)
    pushes = variable.pushes if variable is not None else ()
    return next((push.backing.because for push in pushes if push.name == part), "")


def _share(share: Share, found: Crux, reason: str, width: int, paint: Paint) -> list[str]:
    error = abs(share.error / found.gap)
    head = f"{100 * share.part:4.0f}% ±{100 * error:<3.0f} {say_name(share.assumption)}"
    said = f"{found.one.camp.name}: {share.one}; {found.other.camp.name}: {share.other}"
    lines = [paint("up" if share.part > 0 else "down", head)]
    lines += [paint("quiet", paragraph(clean(reason), width, INDENT))] if reason else []
    return [*lines, paragraph(clean(said), width, INDENT)]


def tells_apart(share: Share) -> bool:
    """Whether a share is large enough to be listed, and no mere chance."""
    return abs(share.part) >= LEAST and abs(share.points) > 2.0 * share.error


def _rest(found: Crux, told: list[Share], width: int) -> list[str]:
    rest = [say_name(each.assumption) for each in found.shares if each not in told]
    lines = [paragraph(f"Less than 1%, or no more than chance: {', '.join(rest)}.", width)] if rest else []
    if found.idle:
        lines.append(
            paragraph(f"They differ on these too, which do not bear on it: {clean(', '.join(found.idle))}.", width)
        )
    return lines


def _meaning(found: Crux, width: int) -> list[str]:
    """Meaning alone: each camp's own assumptions under the other's reading."""
    if found.one.meant_otherwise is None or found.other.meant_otherwise is None:
        return []
    lines = ["", paragraph("Meaning alone, each camp keeping its own assumptions:", width)]
    for side, other in ((found.one, found.other), (found.other, found.one)):
        said = f"{clean(side.camp.name)} under {clean(other.reading.name)}: {_as_meant(side, found.unit)}"
        lines.append(paragraph(said, width, "  ", "    "))
    return lines


def _as_meant(side: Side, unit: str) -> str:
    assert side.meant_otherwise is not None and side.meaning_error is not None
    answer = side.answer
    if unit == "chance":
        value = f"{_points(side.meant_otherwise)}%"
    else:
        value = say_number(side.meant_otherwise, step_of((answer.value, answer.low, answer.high), answer.error))
    return f"{value} in place of {say_value(answer)}"


def _together(found: Crux, width: int) -> list[str]:
    if not found.together:
        return []
    lines = ["", paragraph("What works together, beyond what each does alone:", width)]
    for each in found.together[:MOST_TOGETHER]:
        amount = say_difference(each.points, found.unit, each.error)
        lines.append(paragraph(f"{amount}: {say_name(each.first)} with {say_name(each.second)}", width, "  ", "    "))
    return lines


def _evidence(found: Crux, width: int) -> list[str]:
    gaps = [(each.assumption, each.gap) for each in found.evidence if each.gap is not None]
    ranges = [told for each in found.evidence if each.gap is None and (told := _narrowing(each, found))]
    lines = []
    if gaps:
        settled = "If it were settled who is right about it, the gap would be expected to shrink:"
        lines += ["", paragraph(f"What evidence would decide. {settled}", width)]
        for name, gap in gaps:
            said = f"by {_fall(gap, abs(found.gap), found)}: {say_name(name)}"
            lines.append(paragraph(said, width, "  ", "      "))
    if ranges:
        head = "What neither disputes, and would narrow their ranges most if it were known:"
        lines += ["", paragraph(head, width)]
        lines += [paragraph(each, width, "  ", "      ") for each in ranges]
    return lines


def _fall(fall: Fall, whole: float, found: Crux) -> str:
    """By how much of how much, with its error."""
    error = say_error(fall.error, found.unit).partition(" ")[0]
    if found.unit == "chance":
        return f"{_points(fall.by)} ±{error} of {_points(whole)} points"
    step = step_of((whole, 0.0, 0.0), fall.error)
    return f"{say_number(fall.by, step)} ±{error} of {say_number(whole, step)}"


def _narrowing(each: Evidence, found: Crux) -> str:
    """Whose range would narrow by how much; empty where none would by more than a hundredth, or chance."""
    told = []
    for fall, side in ((each.one, found.one), (each.other, found.other)):
        whole = side.answer.high - side.answer.low
        if fall.told and fall.by > LEAST * whole:
            told.append(f"{clean(side.camp.name)}'s by {_fall(fall, whole, found)}")
    return f"{say_name(each.assumption)}: {', '.join(told)}" if told else ""


def say_method(found: Crux) -> str:
    """How the shares were obtained."""
    how = (
        f"Shapley shares over {found.orders} orders of going over, in pairs of reverses ({found.coalitions} coalitions)"
        if found.orders
        else f"Shapley shares over all {found.coalitions} coalitions"
    )
    return (
        f"{how}, {found.draws:,} x {found.tellings} worlds of one posterior, weighed anew for each "
        f"(effective draws at least {found.effective:,.0f}); seed {found.seed}."
    )


def crux_json(report: Report) -> str:
    """The answer to `crux` in full."""
    found = report.crux
    assert found is not None
    body: dict[str, Any] = {
        "question": found.question,
        "unit": found.unit,
        "camps": [_side(each) for each in (found.one, found.other)],
        **{name: getattr(found, name) for name in ("gap", "error", "refused", "coalitions", "orders", "tellings")},
        "shares": [asdict(each) for each in found.shares],
        "together": [asdict(each) for each in found.together],
        "idle": list(found.idle),
        "evidence": [asdict(each) for each in found.evidence],
    }
    return to_json({**head_of(report), **body, "effective": found.effective})


def _side(side: Side) -> dict[str, Any]:
    return {
        "camp": side.camp.name,
        "says": side.camp.says,
        "who": list(side.camp.who),
        "reading": side.reading.name,
        "answer": asdict(side.answer),
        "meant_otherwise": side.meant_otherwise,
        "meaning_error": side.meaning_error,
    }


def crux_csv(report: Report) -> str:
    """The answer to `crux`, one row a difference."""
    found = report.crux
    assert found is not None
    rows = [[each.assumption, each.one, each.other, each.points, each.part, each.error] for each in found.shares]
    return table(["assumption", found.one.camp.name, found.other.camp.name, "points", "part", "error"], rows)
