"""Two timelines as one dated list: what happened, and its chance here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jonbar.query.answering import Answer, Credence, Line, Timelines
from jonbar.report.build import Report
from jonbar.scenario.terms import Kind, Reading, WhatIf
from jonbar.views.headline import how_far, show_headline
from jonbar.views.lines import Paint, clean, paragraph, plain, row, warned, wide
from jonbar.views.rounding import NO_NUMBER, say_chance, say_range, say_value
from jonbar.views.unsettled import say_unsettled

BAR = 20  # columns of a certain answer
WIDE = 100  # from here on a line has room for bars and names
CERTAIN = 0.995
FEWEST_POINTS = 0.05  # a smaller difference is not spoken of
LISTED = 16  # questions on a page that is not asked for everything
ALIKE = 9  # digits of how far they moved; those that moved alike stand in the order of the file
STATES_SHOWN, LEAST_STATE = 3, 0.05
YEARS_SHOWN = 3
LEAST_LESSON = 0.02  # of a credence, below which a theory is said to have hardly moved
CHANGED, HELD = "changed", "held"  # what the reading sets, beside what it leaves to chance


@dataclass(frozen=True)
class Entry:
    """One answer of one question, as the list shows it."""

    when: str
    really: str
    here: str
    range: str
    share: float | None  # of a bar
    ask: str
    variable: str
    first: bool  # of its question
    ends: tuple[float, float] | None = None  # of the range of a chance
    was: float | None = None  # 1 where this is what happened, 0 where it is not


def show_timelines(
    report: Report, *, width: int = 80, paint: Paint = plain, everything: bool = False, seconds: float | None = None
) -> str:
    """The answer to `run`: the change, the answer in sentences, two timelines, other versions, how it was obtained."""
    timelines, reading = report.timelines, report.reading
    assert timelines is not None and reading is not None
    parts = [_header(report, timelines, width, paint)]
    entries, folded = entries_of(timelines, reading, most=None if everything else LISTED, everything=everything)
    parts.append(show_headline(report, width=width, paint=paint))
    parts.append("\n".join(_table(entries, width, paint)))
    parts.append(paragraph(str(folded), width))
    asides = [say_unsettled(timelines), *_asides(timelines, reading)]
    parts += [paragraph(each, width, hang="  ") for each in asides if each]
    parts += warned(timelines.warnings, width)
    parts.append(paragraph(say_settings(timelines, seconds), width, hang="  "))
    return "\n\n".join(each for each in parts if each)


@dataclass(frozen=True)
class Folded:
    """How many questions a list leaves out, and why."""

    less: int = 0  # they moved less than those listed
    same: int = 0  # they did not move

    def __str__(self) -> str:
        less = f"{self.less} changed less" if self.less else ""
        same = f"{self.same} {'is as it was' if self.same == 1 else 'are as they were'}" if self.same else ""
        said = " and ".join(each for each in (less, same) if each)
        return f"Of the other questions, {said} (--all lists them)." if said else ""


def _header(report: Report, timelines: Timelines, width: int, paint: Paint) -> str:
    what_if = _what_if(report)
    lines = [paint("strong", paragraph(say_change(report), width, hang="  "))]
    if report.given:
        lines.append(
            paragraph(f"Supposing that here: {clean(report.given)} (this conditions, it changes nothing).", width)
        )
    if report.settings.assumptions:
        chosen = ", ".join(f"{name} = {value}" for name, value in report.settings.assumptions)
        lines.append(paragraph(f"Set by hand: {clean(chosen)}.", width))
    others = [each.name for each in what_if.readings if each.name != timelines.reading] if what_if else []
    if others:
        lines.append(
            paragraph(
                f"Reading: {timelines.reading}. The same words may also mean: {', '.join(others)}.", width, hang="  "
            )
        )
    return "\n".join(lines)


def _what_if(report: Report) -> WhatIf | None:
    return next((each for each in report.scenario.what_ifs.values() if report.reading in each.readings), None)


def say_change(report: Report) -> str:
    """The what-if in its author's words, then the act that this reading takes it to be."""
    what_if, reading = _what_if(report), report.reading
    assert reading is not None
    said = dict.fromkeys(each for each in (what_if.says if what_if else "", reading.says) if each)
    return clean(f"What if: {' '.join(said) or reading.name}")


def say_settings(timelines: Timelines, seconds: float | None = None) -> str:
    """How the answers were obtained: luck, worlds, seed, draws in effect, and the time it took."""
    luck = {"kept": "history's luck is kept", "re-rolled": "luck is re-rolled"}.get(timelines.luck, timelines.luck)
    gone = luck.removeprefix("half-life ")
    luck = f"history's luck fades (half gone after {gone})" if gone != luck else luck
    effect = (
        "" if round(timelines.effective) == timelines.draws else f" (worth {timelines.effective:,.0f} independent ones)"
    )
    took = f", in {seconds:.1f} s" if seconds is not None else ""
    return (
        f"{luck[0].upper()}{luck[1:]}. Seed {timelines.seed}: {timelines.draws:,} draws of what the file leaves "
        f"open{effect}, each with {timelines.tellings:,} runs of luck; {say_exact(timelines)}{took}."
    )


def say_exact(timelines: Timelines) -> str:
    """Which share of the open answers carries no noise of sampled luck, and which only that of quantities."""
    exact, every = timelines.exact
    partly = f", {timelines.partly / every:.0%} in part" if timelines.partly else ""
    return f"{exact / max(every, 1):.0%} of answers worked out exactly{partly}"


def _asides(timelines: Timelines, reading: Reading) -> list[str]:
    found = differing(((each, each.rerolled) for each in timelines.lines if each.variable not in reading.do), 4)
    starved = any(answer.starved for line in timelines.lines for _, answer in line.rerolled)
    nothing = (
        "what has a number moves by five points at most" if starved else "no chance moves by more than five points"
    )
    asides = [f"With the dice re-rolled instead: {found or nothing}."]
    if timelines.enabled is not None:
        cause = ", ".join(f"{name} is {value}" for name, value in reading.brought_about_by.items())
        pairs = zip(timelines.lines, timelines.enabled, strict=True)
        fixed = {*reading.do, *reading.brought_about_by}
        found = differing(((line, other.here) for line, other in pairs if line.variable not in fixed), 4)
        asides.append(f"Together with what would have brought it about ({clean(cause)}): {found or nothing}.")
    if timelines.premises:
        asides.append(_learnt(timelines.premises))
    return asides


def _learnt(premises: Sequence[Credence]) -> str:
    """What one history taught about the theories that its scholars dispute."""
    moved = [each for each in premises if abs(each.posterior - each.prior) >= LEAST_LESSON]
    if not moved:
        return "This history taught nothing to speak of about the disputed theories."
    rest = len(premises) - len(moved)
    told = [f"{each.premise} from {say_chance(each.prior)} to {say_chance(each.posterior)}" for each in moved]
    told += [f"{rest} other {'theory' if rest == 1 else 'theories'} hardly moved"] if rest else []
    return clean(f"What this history taught about disputed theories: {', '.join(told)}.")


def differing(pairs: Iterable[tuple[Line, Sequence[tuple[str, Answer]]]], most: int) -> str:
    """The chances that another version of the same change moves most, largest difference first."""
    found: list[tuple[float, str]] = []
    for line, other in pairs:
        answers = dict(line.here)
        shifts = [
            (abs(there.value - answers[state].value), state, there)
            for state, there in other
            if there.unit == "chance" and state in answers and not there.starved
        ]
        if shifts:
            size, state, there = max(shifts, key=lambda each: each[0])
            name = line.variable if state == "yes" else f"{line.variable} is {state}"
            here = say_chance(answers[state].value, answers[state].error)
            if size >= FEWEST_POINTS:
                found.append((size, f"{name} {say_chance(there.value, there.error)} (here {here})"))
    found.sort(key=lambda each: -each[0])
    return ", ".join(clean(text) for _, text in found[:most])


def entries_of(
    timelines: Timelines, reading: Reading, *, most: int | None = None, everything: bool = False
) -> tuple[list[Entry], Folded]:
    """The rows of the dated list by date, and how many questions were folded away.

    What the reading sets is always listed; of the rest, the `most` questions that moved furthest, and none that nothing
    came of unless `everything` is wanted.
    """
    groups: dict[str, list[Line]] = {}
    for line in timelines.lines:
        groups.setdefault(line.name, []).append(line)
    fixed = {name for name, lines in groups.items() if {name, *(each.variable for each in lines)} & reading.do.keys()}
    seen = {
        name: lines if everything or len(lines) == 1 else _some_years(lines)
        for name, lines in groups.items()
        if everything or name in fixed or any(_changed(each) for each in lines)
    }
    moved = {name: round(max(map(how_far, lines)), ALIKE) + (name in fixed) for name, lines in seen.items()}
    furthest = sorted(seen, key=lambda name: -moved[name])
    listed = [name for at, name in enumerate(furthest) if most is None or at < most or name in fixed]
    rows = [
        (_date(line), _entries(line, name, bool({name, line.variable} & reading.do.keys())))
        for name in sorted(listed, key=list(groups).index)
        for line in seen[name]
    ]
    rows.sort(key=lambda each: each[0].removeprefix("by "))
    entries = [entry for _, found in rows for entry in found]
    return entries, Folded(len(seen) - len(listed), len(groups) - len(seen))


def _some_years(lines: Sequence[Line]) -> list[Line]:
    moved = [each for each in lines if _changed(each)]
    recorded = [each for each in moved if each.really] or moved
    if len(recorded) <= YEARS_SHOWN:
        return recorded
    return [recorded[round(each * (len(recorded) - 1) / (YEARS_SHOWN - 1))] for each in range(YEARS_SHOWN)]


def _changed(line: Line) -> bool:
    """Whether the change can be seen in a line: it is reached, and not practically as it was."""
    if not line.moved:
        return False
    before = dict(line.modelled)
    for state, here in line.here:
        there = before[state]
        if here.starved:
            return True
        if here.unit == "chance":
            as_shown = say_chance(here.value) == say_chance(there.value)
            if not as_shown and abs(here.value - there.value) >= 0.005:
                return True
        elif (say_value(here), say_range(here)) != (say_value(there), say_range(there)):
            return True
    return False


def _date(line: Line) -> str:
    end = line.when.partition("/")[2] or line.when
    return f"by {end}" if line.kind is Kind.HAZARD else end


def _entries(line: Line, name: str, fixed: bool) -> list[Entry]:
    when, ask = _date(line), clean(line.ask)
    really = clean(line.really).replace("_", " ")
    answers = list(line.here)
    if answers[0][1].starved:
        return [Entry(when, really, NO_NUMBER, "", None, ask, name, True)]
    if answers[0][1].unit != "chance":
        unit, answer = answers[0]
        here = say_value(answer)
        if unit not in ("number", "") and not line.really:
            here = f"{here} {unit}"
        asked = ask if unit in ("number", "") or unit.lower() in ask.lower() else f"{ask} ({clean(unit)})"
        return [Entry(when, really, here, CHANGED if fixed else say_range(answer), None, asked, name, True)]
    if [state for state, _ in answers] == ["yes"]:
        answer = answers[0][1]
        if fixed:
            here = "yes" if answer.value > 0.5 else "no"
            return [Entry(when, really, here, _set(really, here), None, ask, name, True)]
        ends, was = (answer.low, answer.high), line.was("yes")
        return [Entry(when, really, say_value(answer), say_range(answer), answer.value, ask, name, True, ends, was)]
    leading = sorted(answers, key=lambda each: -each[1].value)
    shown = [each for each in leading[:STATES_SHOWN] if each[1].value >= LEAST_STATE] or leading[:1]
    if fixed:
        here = clean(shown[0][0]).replace("_", " ")
        return [Entry(when, really, here, _set(really, here), None, ask, name, True)]
    return [
        Entry(
            when if number == 0 else "",
            really if number == 0 else "",
            f"{say_value(answer)} {clean(state).replace('_', ' ')}",
            say_range(answer),
            answer.value,
            ask if number == 0 else "",
            name,
            number == 0,
            (answer.low, answer.high),
            line.was(state),
        )
        for number, (state, answer) in enumerate(shown)
    ]


def _set(really: str, here: str) -> str:
    return HELD if really == here else CHANGED


def _of_what(entry: Entry) -> str:
    """The answer here; a bare chance says that it is one of yes, since `no` may stand beside it as what happened."""
    if entry.ends is None or not entry.here.endswith("%"):
        return entry.here
    return f"{entry.here} by then" if entry.when.startswith("by ") else f"{entry.here} yes"


def _table(entries: Sequence[Entry], width: int, paint: Paint) -> list[str]:
    bars = width >= WIDE
    heads = ["", "really", "here", "90% range"]
    columns = [[each.when, each.really, _of_what(each), each.range] for each in entries]
    caps = (13, 14, 18, 14) if bars else (13, 12, 16, 12) if width >= 72 else (10, 10, 10, 8)
    widths = [
        min(cap, max((wide(cell) for cell in cells), default=0))
        for cap, cells in zip(caps, zip(heads, *columns, strict=True), strict=True)
    ]
    heads, roles = [*heads, ""], ["", "fact", "change", "quiet", ""]
    widths.append(width - sum(widths) - len(widths) - (BAR + 1 if bars else 0))
    if bars:
        heads.insert(3, "")
        roles.insert(3, "change")
        widths.insert(3, BAR)
    lines = row(heads, widths, ["quiet"] * len(widths), painter=paint)
    for each in entries:
        ask = f"{each.ask} [{each.variable}]" if bars and each.first else each.ask
        cells = [each.when, each.really, _of_what(each), each.range, ask]
        if bars:
            cells.insert(3, "#" * round(BAR * each.share) if each.share is not None else "")
        lines += row(cells, widths, roles, painter=paint)
    return lines
