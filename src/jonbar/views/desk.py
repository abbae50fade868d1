"""What the page of `jonbar open` is told: plain values; every word of a scenario is cleaned and none is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jonbar.claims.verdicts import Judged, Verdict
from jonbar.errors import Diagnostic
from jonbar.query.answering import Answer, Line, Timelines
from jonbar.query.answers import label_in, question_in
from jonbar.report.arguing import Turn
from jonbar.report.build import Report
from jonbar.report.explaining import Grounds
from jonbar.scenario.notation import write_luck
from jonbar.scenario.terms import Kind, Scenario, Variable
from jonbar.sensitivity.arguments import Chronicle
from jonbar.views.dossier.answers import answer_words, facing_rows, question_words
from jonbar.views.dossier.blocks import Below, Facing, Figure, Piece, Quiet, Strong, Told, Words
from jonbar.views.dossier.gist import About, Part, absent, bare, detour, either_way, gist, standoff, way_of
from jonbar.views.headline import asked_about, headline, how_far
from jonbar.views.lines import clean
from jonbar.views.naming import question_of, reason_of, said_of
from jonbar.views.reasons import tells, verdict
from jonbar.views.rounding import say_chance, say_part, say_range, say_value
from jonbar.views.scene import cite
from jonbar.views.timelines import entries_of
from jonbar.views.verdicts import SHORT, say_meant
from jonbar.views.verdicts import say_number as say_computed
from jonbar.weighing.held import Weighed

ROWS = 40
MOST_FOUND = 20
LEAST_SHIFT = 0.03  # of an end of a range, from which a row is tinted
ENTRIES = 30
TURNS = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED, Kind.HAZARD)


def show_turn(turn: Turn, find: str = "") -> dict[str, Any]:
    """The two timelines for what a person holds, with what differs from the file marked.

    Listed are the questions that move furthest, those that claims ask about and what is supposed, or what `find` finds.
    """
    report = turn.report
    timelines, reading = report.timelines, report.reading
    assert timelines is not None and reading is not None
    entries, folded = entries_of(timelines, reading, most=ROWS)
    wanted = {each.variable for each in entries} | _asked(turn) | set(re.findall(r"\w+", turn.wish.given))
    wanted = _found(report.scenario, timelines, find) if find.strip() else wanted
    rows: list[tuple[str, dict[str, Any]]] = []
    groups: dict[str, list[Line]] = {}
    for line in timelines.lines:
        if line.name in wanted and (line.kind is not Kind.SERIES or line.moved):
            groups.setdefault(line.name, []).append(line)
    for name, lines in groups.items():
        for line in lines if len(lines) < 3 else (lines[0], lines[len(lines) // 2], lines[-1]):
            rows += _rows(turn, line, reading.do.get(line.variable, reading.do.get(name, "")))
    rows.sort(key=lambda each: each[0])
    few = turn.weighed is None
    outcomes = [row["outcome"] for _, row in rows if row["outcome"] in turn.file]
    return {
        "rows": [row for _, row in rows],
        "furthest": _furthest(turn, outcomes),
        "headline": _headline(turn),
        "less": folded.less,
        "same": folded.same,
        "draws": timelines.draws,
        "effective": turn.effective,
        "few": few,
        "luck": report.luck,
        "luckShare": _share(turn),
        "warnings": [clean(each) for each in timelines.warnings],
    }


def _asked(turn: Turn) -> set[str]:
    """The questions that the claims about this act ask."""
    assert turn.report.timelines is not None and turn.report.reading is not None
    about = any(turn.report.reading.name in each.test for each in turn.report.scenario.claims.values())
    groups = asked_about(turn.report, turn.report.timelines) if about else []
    return {line.name for line in groups[0]} if groups else set()


def _found(scenario: Scenario, timelines: Timelines, find: str) -> set[str]:
    """The questions in which all words stand that somebody looks for; where there is none, in whose arguments."""
    words = find.lower().split()
    for words_of in (_words_of, _argued):
        texts = [(line.name, words_of(scenario.variables[line.name], line)) for line in timelines.lines]
        names = dict.fromkeys(name for name, text in texts if all(word in text for word in words))
        if names:
            return set(list(names)[:MOST_FOUND])
    return set()


def _words_of(variable: Variable, line: Line) -> str:
    """Everything by which a question is looked for: its name, its words, other words for it, and its answers."""
    answers = (label.replace("_", " ") for label, _ in line.here)
    name = line.variable.replace("_", " ")
    return " ".join((name, line.variable, line.ask, *variable.also_called, *answers)).lower()


def _argued(variable: Variable, line: Line) -> str:
    """What is said for and against a question's answers, besides its own words."""
    reasons = (each.backing.because for each in variable.pushes)
    return " ".join((_words_of(variable, line), variable.backing.because, *reasons)).lower()


def _headline(turn: Turn) -> list[dict[str, Any]]:
    """The answer in sentences: what changes most and what hardly changes, by the file, for what a person holds."""
    assert turn.report.timelines is not None
    found, said = headline(turn.report), turn.report.scenario.claimed()
    return [
        {
            "outcome": line.outcome(line.leading[0]),
            "moves": line in found.moved,
            "claimed": said[line.name],
            "ask": flat(question_words(line)),
            "said": _said(turn, line),
            "really": _really(line),
        }
        for line in (*found.moved, *found.still)
    ]


def _really(line: Line) -> str:
    return clean(line.really.replace("_", " "))


def _said(turn: Turn, line: Line) -> str:
    label, _ = line.leading
    if turn.weighed is None:
        return "too few draws are left"
    answer = dict(_line(line, turn.weighed).here)[label]
    return flat(answer_words(line, label, answer)) + "."


def _furthest(turn: Turn, outcomes: Sequence[str]) -> list[str]:
    """The outcomes that what a person holds moves furthest from the file."""
    if turn.weighed is None:
        return []
    outcomes = [each for each in outcomes if each in turn.weighed]
    gaps = {}
    for each in outcomes:
        before, now = turn.file[each], turn.weighed[each]
        width = before.high - before.low
        gaps[each] = abs(before.value - now.value) / width if width > 0.0 else 0.0
    return sorted((each for each in outcomes if gaps[each] > 0.05), key=lambda each: -gaps[each])[:5]


def _share(turn: Turn) -> str:
    return write_luck(turn.wish.luck) if turn.wish.luck else ""


def _rows(turn: Turn, line: Line, fixed: str) -> list[tuple[str, dict[str, Any]]]:
    now = _line(line, turn.weighed) if turn.weighed is not None else line
    found = []
    plain = {each.outcome: each for each in facing_rows(_line(line, turn.file), fixed)}
    shown = facing_rows(now, fixed)
    when = shown[0].when.removeprefix("by ")
    for row in shown:
        label = label_in(row.outcome)
        answer = dict(now.here).get(label)
        found.append((when, _row(row, line, label, answer, turn, plain.get(row.outcome))))
    return found


def _line(line: Line, weighed: Mapping[str, Weighed]) -> Line:
    here = tuple(
        (label, _answer(one, weighed[key]) if (key := line.outcome(label)) in weighed else one)
        for label, one in line.here
    )
    return replace(line, here=here)


def _answer(answer: Answer, weighed: Weighed) -> Answer:
    return replace(answer, value=weighed.value, low=weighed.low, high=weighed.high, error=weighed.error)


def _row(
    row: Facing, line: Line, label: str, answer: Answer | None, turn: Turn, plain: Facing | None
) -> dict[str, Any]:
    before = turn.file.get(row.outcome)
    now = turn.weighed.get(row.outcome) if turn.weighed is not None else None
    return {
        "outcome": row.outcome,
        "when": row.when,
        "ask": flat(row.ask),
        "really": flat(row.really),
        "here": flat(row.here),
        "range": flat(row.range),
        "first": row.first,
        "set": not row.outcome,
        "changed": row.changed,
        "chance": None if row.chance is None else [row.chance.value, row.chance.low, row.chance.high, row.chance.was],
        "tinted": bool(before and now and _moved(before, now, answer)) or (plain is None and bool(row.outcome)),
        "file": flat((*plain.here, " (", *plain.range, ")")) if plain is not None and row.outcome else "",
        "verdict": verdict(answer) if answer is not None and answer.unit == "chance" else "",
        "suppose": _supposable(line, label) if row.outcome else None,
    }


def _moved(before: Weighed, now: Weighed, answer: Answer | None) -> bool:
    if answer is None:
        return False
    if answer.unit == "chance":
        gaps = (abs(getattr(before, each) - getattr(now, each)) for each in ("low", "high"))
        return say_chance(before.value) != say_chance(now.value) or max(gaps) >= LEAST_SHIFT
    width = before.high - before.low
    return abs(before.value - now.value) > 0.02 * width if width > 0.0 else before.value != now.value


def _supposable(line: Line, label: str) -> list[str] | None:
    """What may be supposed of a row: the conditions that it happens, and that it does not."""
    if line.kind.numeric:
        return None
    condition = line.variable if label == "yes" else f"{line.variable} is {label}"
    return [condition, f"not {condition}" if label == "yes" else f"{line.variable} is not {label}"]


def flat(words: Words) -> str:
    """Words as one cleaned text."""
    return "".join(_text(each) for each in words)


def _text(piece: Piece) -> str:
    match piece:
        case Figure():
            return piece.text
        case Strong() | Quiet() | Below():
            return flat(piece.words)
        case str():
            return piece
        case Told():
            return clean(piece.text)
        case _:
            return ""


def show_claims(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Each claim with its verdict."""
    return [
        {
            "name": each.claim.name,
            "who": clean(each.claim.who),
            "says": clean(each.claim.says),
            "verdict": SHORT[each.verdict],
            "meant": say_meant(each),
            "computed": say_computed(each),
            "why": clean(each.why),
            "on": [hinge.assumption for hinge in each.hangs_on] if each.verdict is Verdict.DEPENDS else [],
        }
        for each in judged
    ]


def show_gists(
    scenario: Scenario, timelines: Timelines, found: Mapping[str, Grounds]
) -> dict[str, list[dict[str, str]]]:
    """Why each of some outcomes is as likely as it is, and what it hangs on, in a sentence or three."""
    lines = {line.variable: line for line in timelines.lines}
    told = {key: gist(About(scenario, lines[question_in(key)], label_in(key)), each) for key, each in found.items()}
    return {key: list(map(_part, parts)) for key, parts in told.items()}


def show_standoff(scenario: Scenario, timelines: Timelines, outcome: str, report: Report) -> list[dict[str, str]]:
    """Where two camps part on an outcome, in a sentence; empty where they cannot be told apart."""
    line = next(each for each in timelines.lines if each.variable == question_in(outcome))
    found = standoff(About(scenario, line, label_in(outcome)), report.crux) if report.crux is not None else None
    return [_part(found)] if found is not None else []


def _part(part: Part) -> dict[str, str]:
    return {"head": part.head, "text": flat(part.words)}


def show_why(scenario: Scenario, line: Line, label: str, found: Grounds) -> dict[str, Any]:
    """What an answer passes through, what it hangs on and the arguments behind it."""
    about, answer = About(scenario, line, label), dict(line.here)[label]
    telling = [each for each in found.arguments if tells(each)]
    return {
        "ask": clean(line.ask),
        "answer": f"{say_value(answer)} ({say_range(answer)})",
        "gist": list(map(_part, gist(about, found))),
        "reasons": [
            {
                "push": each.push,
                "ask": _elsewhere(scenario, line, each.push),
                "because": clean(reason_of(scenario, each.push)),
                "sources": [cite(scenario.sources[name]) for name in each.sources if name in scenario.sources],
                "status": each.status,
                "way": flat(way_of(each)),
                "without": bare(each.without.value, answer.unit).text,
                "absent": absent(each, found),
                "detour": flat(detour(about, each, found)),
            }
            for each in telling
        ],
        "quiet": len(found.arguments) - len(telling),
        "hangsOn": [
            {
                "name": f"{each.assumption}.credence" if each.theory else each.assumption,
                "ask": _elsewhere(scenario, line, each.assumption),
                "note": clean(said_of(scenario, each.assumption)),
                "theory": each.theory,
                "ends": [f"{bare(value, answer.unit).text} {where}" for where, value in either_way(scenario, each)],
                "share": say_part(each.share, each.error),
            }
            for each in found.hangs_on
        ],
        "together": f"{100 * sum(each.share for each in found.hangs_on):.0f}%",
    }


def _elsewhere(scenario: Scenario, line: Line, assumption: str) -> str:
    """The question that an assumption bears on, where it is not the one that is asked."""
    own = line.name == assumption.partition(".")[0]
    return "" if own else clean(question_of(scenario, assumption))


def show_telling(told: Chronicle, lines: Sequence[Line]) -> dict[str, Any]:
    """One telling: the departures that matter most, by date."""
    turns = {line.variable: how_far(line) for line in lines if line.kind in TURNS}
    departed = sorted((each for each in told.entries if each.departed and each.variable in turns),
                      key=lambda each: -turns[each.variable])  # fmt: skip
    shown = sorted(departed[:ENTRIES], key=lambda each: each.when.partition("/")[2] or each.when)
    return {
        "number": told.number,
        "entries": [
            {
                "when": each.when.partition("/")[2] or each.when,
                "ask": clean(each.ask),
                "here": clean(each.here).replace("_", " "),
                "really": clean(each.really).replace("_", " "),
            }
            for each in shown
        ],
        "more": sum(each.departed for each in told.entries) - len(shown),
    }


def show_faults(found: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    """Faults of a file that is being written, each at its line."""
    return [
        {
            "line": each.span.line if each.span else None,
            "column": each.span.column if each.span else None,
            "code": each.code,
            "message": clean(each.message),
            "snippet": clean(each.snippet or "")[:300],
            "expected": clean(each.expected or ""),
            "suggestion": clean(each.suggestion or ""),
            "remedy": each.remedy.value,
        }
        for each in found[:20]
    ]
