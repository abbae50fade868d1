"""How much is behind what is folded: a reader who is to open something is told first what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from jonbar.claims.verdicts import Verdict
from jonbar.query.answering import Line
from jonbar.report.dossier import Dossier
from jonbar.scenario.terms import Kind
from jonbar.views.dossier.blocks import Figure, Words
from jonbar.views.headline import how_far, moved_most
from jonbar.views.lines import say_count
from jonbar.views.reasons import tells
from jonbar.views.timelines import entries_of

ROWS = 24  # questions in the list
AT_ONCE = 6  # of them that stand open, besides what the act sets; what is certain comes last
HANGS_ON = 3  # assumptions a question
SHOWN_REASONS = 6
COUNTED = {
    Verdict.HOLDS: ("holds", "hold"),
    Verdict.FAILS: ("fails", "fail"),
    Verdict.DEPENDS: ("depends", "depend"),
    Verdict.FALSE: ("is false as to fact", "are false as to fact"),
    Verdict.LITTLE: ("says too little to test", "say too little to test"),
    Verdict.CANNOT: ("cannot be told", "cannot be told"),
    Verdict.VALUE: ("is a matter of value", "are matters of value"),
}


def many(number: int, one: str, more: str = "") -> Words:
    """`68 claims`, its number bound."""
    digits, _, noun = say_count(number, one, more).partition(" ")
    return Figure(digits, number), f" {noun}"


def joined(*parts: Words) -> Words:
    """Words with commas between them."""
    return tuple(piece for each in parts if each for piece in (", ", *each))[1:]


def verdicts(dossier: Dossier) -> Words:
    """How many claims hold, fail and so on: `25 hold, 8 fail`."""
    counted = Counter(each.verdict for each in dossier.report.judged)
    return joined(*(many(counted[each], *COUNTED[each]) for each in Verdict if counted[each]))


def listed(dossier: Dossier) -> dict[str, list[Line]]:
    """The lines of the two timelines by question: those that moved furthest and what the answer begins with."""
    found, reading = dossier.report.timelines, dossier.report.reading
    assert found is not None and reading is not None
    entries, _ = entries_of(found, reading, most=ROWS)
    wanted = {each.variable for each in entries} | {dossier.line(each).name for each in dossier.headline}
    groups: dict[str, list[Line]] = {}
    for line in found.lines:
        if shown(line, wanted):
            groups.setdefault(line.name, []).append(line)
    return groups


def shown(line: Line, wanted: set[str]) -> bool:
    """Whether a line stands in the list: of a series only a year that moved."""
    return line.name in wanted and (line.kind is not Kind.SERIES or line.moved)


def at_once(dossier: Dossier, groups: Mapping[str, Sequence[Line]]) -> set[str]:
    """The questions of the list that stand open: what the act sets, and what moves furthest besides."""
    reading = dossier.report.reading
    assert reading is not None
    done = {name for name in groups if name in reading.sets}
    moved = moved_most([max(lines, key=how_far) for name, lines in groups.items() if name not in done])
    return done | {each.name for each in moved[:AT_ONCE]}


def counts(dossier: Dossier) -> dict[str, int]:
    """Every number that a heading tells beforehand."""
    scenario, groups = dossier.report.scenario, listed(dossier)
    judged = Counter(str(each.verdict) for each in dossier.report.judged)
    return {
        **judged,
        "claims": judged.total(),
        "readings": len(dossier.elsewhere),
        "rows": len(groups) - len(at_once(dossier, groups)),
        "answers": len(dossier.headline),
        "reasons": sum(
            min(SHOWN_REASONS, sum(map(tells, dossier.grounds[each].arguments))) for each in dossier.headline
        ),
        "assumptions": sum(len(dossier.grounds[each].hangs_on[:HANGS_ON]) for each in dossier.headline),
        "tellings": len(dossier.tellings),
        "questions": len(scenario.variables),
        "arguments": sum(len(each.pushes) for each in scenario.variables.values()),
        "theories": len(scenario.premises),
    }
