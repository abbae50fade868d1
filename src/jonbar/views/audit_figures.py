"""The figures behind each verdict of an audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log2

from jonbar.audit.build import Audit
from jonbar.audit.links import Standing
from jonbar.audit.outcomes import Difference, Figure
from jonbar.audit.rewrite import Moved, Rewrite
from jonbar.views.audit_words import (
    CAUSED,
    is_chance,
    item,
    lines_of,
    say_bits,
    say_fine,
    say_fine_range,
    say_list,
    say_parts,
    say_quantity,
)
from jonbar.views.lines import clean, paragraph, say_count
from jonbar.views.rounding import say_chance, say_chances

EVIDENCE = tuple(each for each in Standing if each is not Standing.DEFINED)
LEAST_LESSON = 0.02  # of a credence


NAME = 26  # columns of a variable's name


LEAST_LESSON = 0.02  # of a credence


def figures(audit: Audit, width: int, most: int | None) -> tuple[list[str], ...]:
    """The lines of each criterion, in Tetlock and Belkin's order; `most` names are listed, None for all."""
    return (
        _clarity(audit, width, most),
        _cotenability(audit, width, most),
        _rewrite(audit, width, most),
        _theory(audit, width),
        _bases(audit, width, most),
        _placebos(audit, width),
    )


def _clarity(audit: Audit, width: int, most: int | None) -> list[str]:
    found, change = audit.clarity, audit.change
    lines = [item(f"Changed: {say_parts(change.departs) or 'nothing'}.", width)]
    if change.holds:
        lines.append(item(f"Held as it was: {say_parts(change.holds)}.", width))
    if found.defined:
        lines.append(item(f"Beside the links, {say_count(found.defined, 'answer')} follow by definition.", width))
    for lack, names in (("Without a reason", found.without_reason), ("Without a source", found.without_source)):
        if names:
            lines.append(item(f"{lack}: {say_list(names, most)}.", width))
    return lines


def _cotenability(audit: Audit, width: int, most: int | None) -> list[str]:
    found, cause = audit.cotenability, audit.cotenability.cause
    rows: list[tuple[str, Figure]] = []
    do = {**audit.change.holds, **audit.change.departs}
    for number, (key, figure) in enumerate(found.steps):
        rows.append((f"{'then ' if number else ''}{key} is {do.get(key, '')}", figure))
    if len(rows) != 1:
        rows.append(("the whole change" if rows else f"{say_parts(do)}, or as far", found.chance))
    if cause is not None:
        said = say_parts(cause.answers)
        later = f", on {cause.as_of}" if cause.as_of != found.as_of else ""
        rows.append((f"its cause{later}: {said}", cause.chance))
        rows += [("the change, with the cause", cause.with_it)] if cause.with_it else []
        rows += [("the change, without it", cause.without_it)] if cause.without_it else []
    widths = [min(44, width - 32), 8, 11, 8]
    lines = lines_of([f"as it looked on {found.as_of}", "chance", "90%", "bits"], widths)
    for text, figure in rows:
        chance = figure.value
        lines += lines_of([clean(text), say_fine(chance), say_fine_range(figure), say_bits(chance)], widths)
    if cause is None:
        return lines
    lines.append(item(f"{say_fine(cause.share)} of its chance comes by way of that cause.", width))
    if cause.elsewhere:
        elsewhere = say_list(cause.elsewhere, most)
        warning = (
            f"Warning: {say_parts(cause.answers)} reaches {elsewhere} also on paths that do not pass through the "
            "change: what follows from the act alone and from the act with its cause are two questions."
        )
        lines.append(item(warning, width))
    if audit.versions:
        told = say_list([_gap(each) for each in audit.versions], most)
        lines.append(item(f"The act with its cause, beside the act alone (luck kept): {told}.", width))
    else:
        lines.append(item("The act alone and the act with its cause give the same answers, luck kept.", width))
    return lines


def _gap(found: Difference) -> str:
    if found.unit == "chance":
        return f"{found.text} {say_chance(found.here.value)} for {say_chance(found.really.value)}"
    here, really = (say_quantity(each) for each in (found.here, found.really))
    return f"{found.text} {here} for {really}"


def _rewrite(audit: Audit, width: int, most: int | None) -> list[str]:
    widths = [min(30, width - 44), 14, 14, 14]
    kept = audit.rewrites["keep"]
    heads = ["facts that move in a world", f"before ({kept.recorded_before})", f"after ({kept.recorded_after})", "90%"]
    lines = lines_of(heads, widths)
    for name, each in audit.rewrites.items():
        said = {"keep": "luck kept", CAUSED: "the same, with its cause"}.get(name, name)
        lines += lines_of(
            [said, f"{each.before:.1f}", f"{each.after:.1f}", f"{each.after_low:.0f}-{each.after_high:.0f}"], widths
        )
    for name, each in audit.rewrites.items():
        if each.which_before:
            lines.append(item(f"Before, {name}: {_moving(each.which_before, most)}.", width))
    lines.append(item(f"At kept luck: {_moving(kept.which_after, most) or 'none'}.", width))
    fading = next((each for name, each in audit.rewrites.items() if name not in ("keep", CAUSED)), None)
    if fading is not None:
        lines.append(item(f"Only or more often as luck fades: {_by_luck(kept, fading, most) or 'none'}.", width))
    return lines


def _moving(found: Iterable[Moved], most: int | None) -> str:
    return say_list([f"{each.variable} {say_chance(each.chance)}" for each in found if each.chance >= 0.005], most)


def _by_luck(kept: Rewrite, fading: Rewrite, most: int | None) -> str:
    before = {each.variable: each.chance for each in kept.which_after}
    gained = [(each.chance - before.get(each.variable, 0.0), each) for each in fading.which_after]
    gained = sorted((one for one in gained if one[0] >= 0.02), key=lambda one: -one[0])
    return _moving((each for _, each in gained), most)


def _theory(audit: Audit, width: int) -> list[str]:
    lines: list[str] = []
    if audit.outcomes:
        name = min(NAME, width - 54)
        widths = [name, 6, *[9] * len(EVIDENCE)]
        lines += lines_of(["shares of links, weighted", "here", *EVIDENCE], widths)
        for each in audit.outcomes:
            lines += lines_of([clean(each.difference.text), _here(each.difference), *_shares(each.weighted)], widths)
        asked = audit.outcome
        if asked is not None:
            unweighted = f"({asked.difference.text}, by number)"
            lines += lines_of([clean(unweighted), "", *_shares(asked.shares)], widths)
            told = [f"{name} ({sort}) {100 * moved:.0f}" for name, sort, moved in asked.weightiest[:4]]
            if told:
                unit = "points" if asked.difference.unit == "chance" else f"(x 0.01 {asked.difference.unit})"
                lines.append(item(f"What moves {asked.difference.text} most, in {unit}: {', '.join(told)}.", width))
    return [*lines, *_learnt(audit, width)] or [item("No open outcome and no disputed theory.", width)]


def _here(found: Difference) -> str:
    return say_chance(found.here.value) if found.unit == "chance" else say_quantity(found.here)


def _shares(found: Mapping[str, float]) -> list[str]:
    return [(f"{100 * found[each]:.0f}%" if found.get(each) else "-") for each in EVIDENCE]


def _learnt(audit: Audit, width: int) -> list[str]:
    if not audit.credences:
        return []
    moved = sorted(audit.credences, key=lambda each: -abs(each.posterior - each.prior))
    told = [
        f"{each.premise} {say_chance(each.prior)} to {say_chance(each.posterior)} "
        f"({bits_between(each.prior, each.posterior):+.1f} bits)"
        for each in moved
        if abs(each.posterior - each.prior) >= LEAST_LESSON
    ]
    most = max(abs(bits_between(each.prior, each.posterior)) for each in moved)
    rest = len(moved) - len(told)
    still = f"{rest} hardly moved" if rest else ""
    learnt = "; ".join([*told, *([still] if still else [])])
    return [
        item(f"What one history taught about disputed theories: {learnt}.", width),
        item(
            "One history can teach little: 3.3 bits turn even odds into ten to one"
            + (f", and it gave at most {most:.1f} to any." if told else "."),
            width,
        ),
    ]


def bits_between(prior: float, posterior: float) -> float:
    """How far evidence moved a credence: the logarithm of the ratio of its odds, to the base of two."""

    def odds(share: float) -> float:
        inside = min(max(share, 1e-6), 1 - 1e-6)
        return inside / (1 - inside)

    return log2(odds(posterior) / odds(prior))


def _bases(audit: Audit, width: int, most: int | None) -> list[str]:
    lines: list[str] = []
    shown = [each for each in audit.bases if most is None or each.moves > 2 * each.error]
    for base in shown:
        lines.append(item(f"{audit.asked} with each reading of {base.name} alone:", width))
        for each in base.readings:
            said = f"  {_alone(audit, each.answer)}" if each.answer is not None else ""
            lines.append(paragraph(clean(f"{said.strip():<13} {each.written}"), width, "    ", " " * 18))
    rest = [each for each in audit.bases if each not in shown]
    alone = [
        f"{each.name} ({each.readings[0].written}), no rival class given" for each in rest if len(each.readings) == 1
    ]
    still = [each.name for each in rest if len(each.readings) > 1]
    lines += [item(f"{each}.", width) for each in alone]
    if still:
        lines.append(item(f"Between the readings of {say_list(still, most)} it moves by no more than noise.", width))
    return lines or [item("None.", width)]


def _alone(audit: Audit, figure: Figure) -> str:
    return (
        f"{say_chance(figure.value)} ({say_chances(figure.low, figure.high)})"
        if is_chance(audit)
        else say_quantity(figure)
    )


def _placebos(audit: Audit, width: int) -> list[str]:
    lines = []
    for each in audit.placebos:
        touched = ", ".join(f"{name} {say_fine(share)}" for name, share in each.touched if share > 0.0)
        aside = f"{say_count(each.untouched, 'question')} out of its reach, {len(each.moved) or 'none'} moved"
        lines.append(item(f"{each.reading}: {aside}; within its reach: {touched or 'none moved'}.", width))
    return lines or [item("No what-if of the file is marked as one.", width)]
