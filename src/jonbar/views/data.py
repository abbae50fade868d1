"""Exact figures for programs: JSON and CSV, with everything an answer carries."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from jonbar.errors import Diagnostic
from jonbar.query.answering import Answer, Line, Timelines
from jonbar.report.build import Report
from jonbar.scenario.settings import Status
from jonbar.scenario.terms import Scenario

ANSWER = tuple(each.name for each in fields(Answer))


def to_json(value: Any) -> str:
    """Any result as JSON: numbers in full, what is not a number as null."""
    return json.dumps(finite(value), ensure_ascii=True, indent=2, allow_nan=False)


def finite(value: Any) -> Any:
    """Plain values with null for what is not a number."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(each) for each in value]
    return value


def head_of(report: Report) -> dict[str, Any]:
    """What is needed to ask the same again."""
    return {
        "scenario": report.scenario.name,
        "digest": report.scenario.digest,
        "reading": report.reading.name if report.reading else None,
        "says": report.reading.says if report.reading else None,
        "do": dict(report.reading.do) if report.reading else {},
        "luck": report.luck,
        "given": report.given or None,
        "seed": report.settings.seed,
        "draws": report.settings.draws,
        "tellings": report.settings.tellings,
        "set": dict(report.settings.assumptions),
        "effective": report.effective,
        "facts": report.facts,
        "facts_exact": report.facts_exact,
    }


def timelines_json(report: Report) -> str:
    """The answer to `run` in full."""
    timelines = report.timelines
    assert timelines is not None
    enabled = [_line(each) for each in timelines.enabled] if timelines.enabled is not None else None
    premises = [asdict(each) for each in timelines.premises]
    body = {"lines": [_line(each) for each in timelines.lines], "enabled": enabled, "premises": premises}
    exact, every = timelines.exact
    shares = {"exact": exact / max(every, 1), "partly": timelines.partly / max(every, 1)}
    return to_json({**head_of(report), **body, **shares, "warnings": timelines.warnings})


def _line(line: Line) -> dict[str, Any]:
    return {
        "variable": line.variable,
        "when": line.when,
        "ask": line.ask,
        "kind": str(line.kind),
        "really": line.really or None,
        "moved": line.moved,
        **{
            branch: {state: asdict(answer) for state, answer in getattr(line, branch)}
            for branch in ("modelled", "here", "rerolled")
        },
    }


def timelines_csv(report: Report) -> str:
    """The answer to `run`, one row for each question, state and timeline."""
    timelines = report.timelines
    assert timelines is not None
    return table(["variable", "when", "ask", "kind", "really", "state", "timeline", *ANSWER], _rows(timelines))


def _rows(timelines: Timelines) -> Iterator[list[Any]]:
    for line in timelines.lines:
        yield from _branches(line, {"really": line.modelled, "here": line.here, "rerolled": line.rerolled})
    for line in timelines.enabled or ():
        yield from _branches(line, {"enabled": line.here})


def _branches(line: Line, branches: dict[str, tuple[tuple[str, Answer], ...]]) -> Iterator[list[Any]]:
    for branch, answers in branches.items():
        for state, answer in answers:
            yield [line.variable, line.when, line.ask, str(line.kind), line.really, state, branch, *_cells(answer)]


def _cells(answer: Answer) -> list[Any]:
    return [" ".join(cell) if isinstance(cell := getattr(answer, name), tuple) else cell for name in ANSWER]


def reasons_json(report: Report) -> str:
    """The answer to `why` in full."""
    answer = asdict(report.answer) if report.answer is not None else None
    pushes = [{key: each for key, each in asdict(one).items() if key != "answer"} for one in report.knock_outs]
    return to_json({**head_of(report), "target": report.target, "answer": answer, "pushes": pushes})


def reasons_csv(report: Report) -> str:
    """The answer to `why`, one row a push."""
    heads = [
        "push",
        "variable",
        "because",
        "sources",
        "status",
        "difference",
        "error",
        *(f"without_{each}" for each in ANSWER),
    ]
    rows = [
        [
            each.push,
            each.variable,
            each.because,
            " ".join(each.sources),
            each.status,
            each.difference,
            each.error,
            *_cells(each.without),
        ]
        for each in report.knock_outs
    ]
    return table(heads, rows)


def audit_json(report: Report) -> str:
    """The answer to `audit` in full."""
    return to_json({**head_of(report), "audit": _plain(report.audit)})


def audit_csv(report: Report) -> str:
    """The answer to `audit`, one row a figure, by its place in the JSON form."""
    return table(["figure", "value"], list(_figures("", _plain(report.audit))))


def necessity_json(report: Report) -> str:
    """The answer to `why --necessary` in full."""
    return to_json({**head_of(report), "luck": "kept", "necessity": _plain(report.necessity)})


def necessity_csv(report: Report) -> str:
    """The answer to `why --necessary`, one row a figure, by its place in the JSON form."""
    return table(["figure", "value"], list(_figures("", _plain(report.necessity))))


def _figures(path: str, value: Any) -> Iterator[list[Any]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _figures(f"{path}.{key}" if path else key, each)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _figures(f"{path}.{number}", each)
    else:
        yield [path, value]


def chronicle_json(report: Report) -> str:
    """The answer to `tell` in full."""
    assert report.chronicle is not None
    return to_json(
        {
            **head_of(report),
            "number": report.chronicle.number,
            "entries": [asdict(each) for each in report.chronicle.entries],
        }
    )


def chronicle_csv(report: Report) -> str:
    """The answer to `tell`, one row an entry."""
    assert report.chronicle is not None
    rows = [
        [
            each.when,
            each.variable,
            each.ask,
            each.really,
            each.here,
            "yes" if each.departed else "no",
            " ".join(each.because),
        ]
        for each in report.chronicle.entries
    ]
    return table(["when", "variable", "ask", "really", "here", "departed", "because"], rows)


def scenario_json(scenario: Scenario, variable: str | None) -> str:
    """A scenario, or one of its questions, as it was read and checked."""
    found: Any = scenario
    if variable is not None:
        found = scenario.variables.get(variable) or scenario.premises[variable]
    return to_json(_plain(found))


def _plain(value: Any) -> Any:
    """Frozen values as plain ones, their kinds named where several may stand in one place; places are left out."""
    if isinstance(value, (date, StrEnum)):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {
            each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name != "span" and each.repr
        }
        return {"type": type(value).__name__.lower(), **kept}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def check_json(file: str, found: Sequence[Diagnostic], status: Status | None) -> str:
    """The answer to `check` in full."""
    counts = None
    if status is not None:
        counts = {**asdict(status), "numbers": status.numbers}
    return to_json({"file": file, "faults": [_fault(each) for each in found], "counts": counts})


def _fault(found: Diagnostic) -> dict[str, Any]:
    return {**asdict(found), "severity": str(found.severity)}


def check_csv(found: Sequence[Diagnostic]) -> str:
    """The answer to `check`, one row a fault."""
    rows = [
        [
            each.span.file if each.span else "",
            each.span.line if each.span else "",
            each.span.column if each.span else "",
            each.code,
            str(each.severity),
            each.message,
            each.expected or "",
            each.suggestion or "",
            each.remedy.value if each.suggestion else "",
        ]
        for each in found
    ]
    return table(["file", "line", "column", "code", "severity", "message", "expected", "suggestion", "remedy"], rows)


def table(heads: Sequence[str], rows: Iterator[list[Any]] | Sequence[list[Any]]) -> str:
    """Rows under their heads, as CSV; what is not there is empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([["" if cell is None else cell for cell in each] for each in rows])
    return written.getvalue().rstrip("\n")
