"""The answer to `crux --within`: one camp, what its range is made of, and where in it the thing happens."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from jonbar.crux.within import Where, Within
from jonbar.report.build import Report
from jonbar.scenario.terms import Scenario
from jonbar.views.data import head_of, table, to_json
from jonbar.views.lines import Paint, clean, paragraph, plain
from jonbar.views.rounding import say_chance, say_number, say_range, say_value, step_of

ERRORS_TO_SAY = 2.0
INDENT = " " * 11


def show_within(report: Report, *, ask: str = "", width: int = 80, paint: Paint = plain) -> str:
    """The whole page of `crux --within`."""
    found = report.within
    assert found is not None
    lines = [paint("strong", paragraph(clean(ask), width))] if ask else []
    who = f" [{', '.join(found.camp.who)}]" if found.camp.who else ""
    lines.append(paint("change", f"{clean(found.camp.name)}  {say_value(found.answer)} ({say_range(found.answer)})"))
    lines.append(paragraph(clean(f"{found.camp.says}{who}".strip() or "It says nothing of itself."), width, "    "))
    lines.append(paragraph(clean(f"It means {found.reading.name}: {found.reading.says}"), width, "    "))
    if found.refused:
        return "\n".join([*lines, "", paragraph(f"No parts are given. {found.refused}", width)])
    lines += ["", paragraph("What its range is made of, of all that differs but for luck:", width)]
    for each in found.effects:
        if abs(each.part) > ERRORS_TO_SAY * each.error:
            lines.append(f"{_part(each.part, each.error)} {clean(each.assumption)}")
            reason = _reason(each.assumption, report.scenario)
            lines += [paint("quiet", paragraph(clean(reason), width, INDENT))] if reason else []
            lines.append(paragraph(clean(each.held), width, INDENT))
    lines += _rest(found, width)
    if found.where is not None:
        lines += ["", paragraph(_region(found, found.where), width)]
    else:
        lines += ["", paragraph("No region of its assumptions can be told where it happens more often.", width)]
    return "\n".join([*lines, "", paint("quiet", paragraph(_method(found), width))])


def _part(part: float, error: float) -> str:
    return f"{100 * part:4.0f}% ±{100 * error:<3.0f}"


def _reason(assumption: str, scenario: Scenario) -> str:
    """Why it should matter, as the file says: the reason of a push, or the question of a premise or a variable."""
    owner, _, part = assumption.partition(".")
    if owner in scenario.premises:
        return scenario.premises[owner].ask
    variable = scenario.variables[owner]
    return next((push.backing.because for push in variable.pushes if push.name == part), variable.ask)


def _rest(found: Within, width: int) -> list[str]:
    lines = []
    small = [clean(each.assumption) for each in found.effects if abs(each.part) <= ERRORS_TO_SAY * each.error]
    if small:
        lines.append(paragraph(f"No more than chance: {', '.join(small)}.", width))
    others = found.others
    if others is not None and found.other and others.part > ERRORS_TO_SAY * others.error:
        lines.append(f"{_part(others.part, others.error)} {found.other} other assumptions together")
    left = 1.0 - found.explained
    if left > ERRORS_TO_SAY * found.explained_error:
        said = "not explained: finer shapes, three at once, and what of the rest no fit could find"
        lines.append(paragraph(f"{_part(left, found.explained_error)} {said}", width, "", INDENT))
    return lines


def _region(found: Within, where: Where) -> str:
    """The region in a sentence."""
    region = where.region
    conditions = " and ".join(f"{clean(name)} {said}" for name, said in where.conditions)
    draws = f"{100 * region.draws:.0f}% of the draws"
    if found.unit != "chance":
        step = step_of((found.answer.value, found.answer.low, found.answer.high), region.inside_error)
        unit = "" if found.unit == "number" else f" {clean(found.unit)}"
        inside, elsewhere = say_number(region.inside, step), say_number(region.elsewhere, step)
        return (
            f"It is highest where {conditions}: {inside}{unit} there, in {draws}, against {elsewhere}{unit} elsewhere."
        )
    what = "It happens" if where.happens else "It fails to happen"
    often = "mostly" if region.covers > 0.5 else "more often"
    covers = f"{100 * region.covers:.0f}% ±{100 * region.covers_error:.0f} of the chance"
    inside, elsewhere = (say_chance(each) for each in (region.inside, region.elsewhere))
    chances = f"{inside} there against {elsewhere} elsewhere"
    return f"{what} {often} when {conditions}, covering {covers}, in {draws}: {chances}."


def _method(found: Within) -> str:
    return (
        f"Shapley effects of a polynomial fitted to {found.draws:,} x {found.tellings} worlds (effective draws "
        f"{found.effective:,.0f}), as it foretells draws left out; the region is counted in the half of the draws that "
        f"it was not found in; seed {found.seed}."
    )


def within_json(report: Report) -> str:
    """The answer to `crux --within` in full."""
    found = report.within
    assert found is not None
    where: dict[str, Any] | None = None
    if found.where is not None:
        region = {name: each for name, each in asdict(found.where.region).items() if name != "box"}
        where = {"conditions": dict(found.where.conditions), "happens": found.where.happens, **region}
    body: dict[str, Any] = {
        "question": found.question,
        "unit": found.unit,
        "camp": {"camp": found.camp.name, "says": found.camp.says, "who": list(found.camp.who)},
        "reading": found.reading.name,
        "answer": asdict(found.answer),
        "effects": [asdict(each) for each in found.effects],
        "others": asdict(found.others) if found.others else None,
        **{name: getattr(found, name) for name in ("other", "explained", "explained_error", "refused", "tellings")},
        "region": where,
    }
    return to_json({**head_of(report), **body, "effective": found.effective})


def within_csv(report: Report) -> str:
    """The answer to `crux --within`, one row an assumption; the others together last."""
    found = report.within
    assert found is not None
    rest = [found.others] if found.others else []
    rows = [[each.assumption, each.held, each.part, each.error] for each in (*found.effects, *rest)]
    return table(["assumption", found.camp.name, "part", "error"], rows)
