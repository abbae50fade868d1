"""Results in a notebook: tables to read, frames and trees to reckon with, pictures to look at.

Heavy packages are loaded when they are asked for and not before; without them a result still stands as a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from jonbar.errors import QuestionError
from jonbar.history.surprise import Surprises
from jonbar.query.answering import Answer, Line, Timelines
from jonbar.sensitivity.branching import Branching, Course
from jonbar.showing import Shown
from jonbar.views.branching_picture import draw_branching
from jonbar.views.dossier.answers import facing_rows, range_of, value_of
from jonbar.views.dossier.blocks import Code, Figure, Quiet, Table, Timeline, Told, Words
from jonbar.views.dossier.html import Writer, asset, told
from jonbar.views.headline import how_far

ROWS = 24  # questions of a table
LEAST_MOVED = 0.05
GROUPS = {Timelines: "", Answer: "answer", Surprises: "facts", Branching: "histories"}
HISTORIES = {"really": "modelled", "here": "here", "rerolled": "rerolled"}
INSTALL = "Install them with `pip install 'jonbar[notebook]'`."


def to_html(result: Shown) -> str:
    """A result as a table in a notebook, histories as a tree: every word of a scenario escaped, no script."""
    match result:
        case Timelines():
            body = _timelines(result)
        case Surprises():
            body = _surprises(result)
        case Answer():
            body = _answer(result)
        case Branching():
            return f'<div class="jonbar">{draw_branching(result).alone}</div>'
        case _:
            raise TypeError(type(result).__name__)
    return f'<div class="jonbar"><style>{_scoped()}</style>{body}</div>'


def _scoped() -> str:
    """The report's style, for these tables alone."""
    return f"@scope (.jonbar) {{ {asset('report.css').replace(':root', ':scope')} }}"


def _timelines(found: Timelines) -> str:
    moved = sorted(found.lines, key=lambda line: -how_far(line))[:ROWS]
    wanted = {line.variable for line in moved if how_far(line) >= LEAST_MOVED}
    dated = sorted(found.lines, key=lambda line: line.when.partition("/")[2] or line.when)
    rows = [row for line in dated if line.variable in wanted for row in facing_rows(line)]
    rest = len(found.lines) - len(wanted)
    note: Words = (f"{rest} other questions moved less; ", Code(".to_frame()"), " has all of them.")
    table = Writer({}).timeline(Timeline(tuple(rows)))
    return f"<p><strong>{told(found.says)}</strong></p>{table}<p>{Writer({}).words(note)}</p>"


def _answer(found: Answer) -> str:
    if found.starved:
        leaning: Words = ("There is no number: it leans on facts that starve the draws.",)
        return f"<p>{told(found.estimand)}: {Writer({}).words(leaning)}</p>"
    unit = "" if found.unit in ("chance", "number") else f" {found.unit}"
    said: Words = (Told(found.estimand), ": ", value_of(found), Told(unit), Quiet((" (", *range_of(found), ")")))
    error = Figure(f"{found.error:.2g}", found.error)
    leans: Words = tuple(piece for each in found.leans_on[:6] for piece in (Code(each), " "))
    rows: tuple[tuple[Words, ...], ...] = (
        (("Monte Carlo error",), (error,)),
        (("How",), (found.method,)),
        (("Draws and tellings",), (f"{found.draws:,} x {found.tellings:,}, seed {found.seed}",)),
        (("Leans on",), leans or ("nothing open",)),
    )
    writer = Writer({})
    return f"<p>{writer.words(said)}</p>{writer.table(Table(('', ''), rows, 'settings', 'How it was obtained'))}"


def _surprises(found: Surprises) -> str:
    rows: list[tuple[Words, ...]] = [
        ((each.when,), (Told(each.ask),), (Told(each.really),), (Figure(f"{each.bits:.1f}", each.bits),))
        for each in sorted(found.facts, key=lambda each: -each.bits)[:ROWS]
    ]
    heads = ("When", "Question", "What happened", "bits")
    return Writer({}).table(Table(heads, tuple(rows), "surprises", f"{found.bits:.0f} bits in all"))


def to_frame(result: Shown) -> Any:
    """A result as a pandas frame: a row an answer, with a column for each thing that an answer carries.

    Of two timelines there is a row for each question, state and `history` (really, here, rerolled, enabled); of
    surprises one for each fact, in bits; of the commonest histories one for each beginning.

    Errors: E509 if pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise QuestionError("E509", "A frame needs pandas, which is not installed.", INSTALL) from None
    return pandas.DataFrame(list(_rows(result)))


def _rows(result: Shown) -> Iterator[dict[str, Any]]:
    match result:
        case Answer():
            yield asdict(result)
        case Surprises():
            yield from (asdict(each) for each in result.facts)
        case Timelines():
            for line in result.lines:
                yield from _answers(line)
            for line in result.enabled or ():
                yield from _answers(line, {"enabled": "here"})
        case Branching():
            yield from (_course(result, each) for each in result.courses)
        case _:
            raise TypeError(type(result).__name__)


def _course(found: Branching, course: Course) -> dict[str, Any]:
    """A beginning of a history: what was answered at each fork so far, and how often it comes together."""
    forks = {fork.variable: None for fork in found.forks}
    answers = dict(zip(forks, course.answers, strict=False))
    path = (*course.answers, *(("others",) if course.rest else ()))
    return {"path": " > ".join(path), **forks, **answers, "rest": course.rest, **asdict(course.share)}


def _answers(line: Line, histories: dict[str, str] | None = None) -> Iterator[dict[str, Any]]:
    about = {name: getattr(line, name) for name in ("variable", "when", "ask", "really")} | {"kind": str(line.kind)}
    for history, name in (histories or HISTORIES).items():
        for state, answer in getattr(line, name):
            yield {**about, "state": state, "history": history, **asdict(replace(answer, leans_on=()))}


def to_datatree(result: Shown) -> Any:
    """A result as an xarray tree: one group a history, with arrays of its figures along `outcome`.

    Other results have one group. Seed, draws, tellings and luck are its attributes.

    Errors: E509 if xarray is not installed.
    """
    try:
        import xarray
    except ImportError:
        raise QuestionError("E509", "A tree of arrays needs xarray, which is not installed.", INSTALL) from None
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(result):
        groups.setdefault(row.get("history", GROUPS[type(result)]), []).append(row)
    figures = ("value", "low", "high", "error", "effective", "bits", "others", "coin", "base")
    found = {}
    for group, rows in groups.items():
        names = [_outcome(row) for row in rows]
        held = {name: ("outcome", [_number(row[name]) for row in rows]) for name in figures if name in rows[0]}
        found[f"/{group}"] = xarray.Dataset(held, coords={"outcome": names})
    about = {name: getattr(result, name) for name in ("reading", "luck", "seed", "draws", "tellings", "estimand")
             if hasattr(result, name)}  # fmt: skip
    tree = xarray.DataTree.from_dict(found)
    tree.attrs.update(about)
    return tree


def _outcome(row: dict[str, Any]) -> str:
    name = str(row.get("path", row.get("variable", row.get("estimand", ""))))
    state = row.get("state")
    return name if state in (None, "yes", row.get("unit")) else f"{name} is {state}"


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def plot(result: Shown) -> Any:
    """A result as an Altair chart: each chance on its range, beside what happened; surprises as bars.

    Errors: E509 if Altair is not installed.
    """
    try:
        import altair
    except ImportError:
        raise QuestionError("E509", "A picture needs Altair, which is not installed.", INSTALL) from None
    if isinstance(result, Surprises):
        data = altair.Data(values=[{"fact": each.variable, "bits": each.bits} for each in result.facts])
        bars = altair.Chart(data).mark_bar(color="#a84300")
        return bars.encode(x="bits:Q", y=altair.Y("fact:N", sort="-x", title=None))
    data = altair.Data(values=_chances(result))
    order = altair.Y("outcome:N", sort=None, title=None)
    scale = altair.Scale(domain=[0, 1])
    low = altair.X("low:Q", scale=scale, title="chance")
    base = altair.Chart(data).encode(y=order)
    spans = base.mark_bar(color="#efb27f", height=6).encode(x=low, x2="high:Q")
    here = base.mark_tick(color="#a84300", thickness=3).encode(x=altair.X("value:Q", scale=scale))
    really = base.transform_filter("datum.was !== null").mark_point(color="#1d5c85", filled=False).encode(x="was:Q")
    return altair.layer(spans, here, really)


def _chances(result: Shown) -> list[dict[str, Any]]:
    if isinstance(result, Answer):
        return [
            {"outcome": result.estimand, "value": result.value, "low": result.low, "high": result.high, "was": None}
        ]
    if isinstance(result, Branching):
        ends = [each for each in result.courses if each.rest or not result.onward(each.answers)]
        rows = [_course(result, each) for each in sorted(ends, key=lambda each: -each.share.value)]
        return [
            {"outcome": row["path"], "value": row["value"], "low": row["low"], "high": row["high"], "was": None}
            for row in rows
        ]
    assert isinstance(result, Timelines)
    found = []
    for line in sorted(result.lines, key=lambda line: -how_far(line))[:ROWS]:
        if line.kind.numeric or how_far(line) < LEAST_MOVED:
            continue
        for state, answer in line.here:
            chance = next(row.chance for row in facing_rows(replace(line, here=((state, answer),))))
            found.append({
                "outcome": _outcome({"variable": line.variable, "state": state, "unit": answer.unit}),
                "value": answer.value, "low": answer.low, "high": answer.high, "was": chance.was if chance else None,
            })  # fmt: skip
    return found
