"""One world as a dated chronicle, its departures from our timeline marked: text, Markdown, BBCode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from jonbar.sensitivity.arguments import Chronicle, Entry
from jonbar.views.lines import Paint, clean, paragraph, plain
from jonbar.views.markup import Form, escape, tame

YEARS_SHOWN = 3


def show_chronicle(
    chronicle: Chronicle, form: Form = Form.TEXT, *, width: int = 80, paint: Paint = plain, everything: bool = False
) -> str:
    """A whole telling; without `everything`, series are thinned to a few years."""
    entries = sorted(chronicle.entries if everything else thin(chronicle.entries), key=_date)
    title = f"{chronicle.says or chronicle.reading}"
    note = (
        f"One world of many: seed {chronicle.seed}, telling {chronicle.number}. Departures from our timeline are marked"
    )
    if form is Form.MARKDOWN:
        return _markdown(title, note, entries)
    if form is Form.BBCODE:
        return _bbcode(title, note, entries)
    lines = [paint("strong", paragraph(clean(title), width)), paragraph(f"{note} *.", width)]
    for year, group in groupby(entries, key=lambda each: _date(each)[:4]):
        lines += ["", year]
        for each in group:
            mark = paint("change", "*") if each.departed else " "
            told = paragraph(_sentence(each, clean), width, " " * 14)
            lines.append(f"{mark} {_date(each):<10}  {told.lstrip()}")
    return "\n".join(lines)


def thin(entries: Sequence[Entry]) -> list[Entry]:
    """Everything that happens, and of each series its first, middle and last year."""
    years: dict[str, list[Entry]] = {}
    for each in entries:
        if each.name != each.variable:
            years.setdefault(each.name, []).append(each)
    kept = {
        id(group[round(at * (len(group) - 1) / (YEARS_SHOWN - 1))])
        for group in years.values()
        for at in range(YEARS_SHOWN)
    }
    return [each for each in entries if each.name == each.variable or id(each) in kept]


def _date(entry: Entry) -> str:
    return clean(entry.when.partition("/")[2] or entry.when)


def _sentence(entry: Entry, say: Callable[[str], str]) -> str:
    here, really = (say(each.replace("_", " ")) for each in (entry.here, entry.really))
    asked = entry.ask if entry.ask.endswith("?") else f"{entry.ask}:"
    told = f"{say(asked)} {here[:1].upper()}{here[1:]}."
    if entry.departed:
        told += f" (In our timeline: {really}.)"
    if entry.because:
        told += f" Weighing in: {', '.join(say(each.replace('_', ' ')) for each in entry.because)}."
    return told


def _markdown(title: str, note: str, entries: Sequence[Entry]) -> str:
    lines = [f"## {escape(title)}", "", f"{note} in bold.", ""]
    for each in entries:
        told = _sentence(each, escape)
        lines.append(f"- {_date(each)}: **{told}**" if each.departed else f"- {_date(each)}: {told}")
    return "\n".join(lines)


def _bbcode(title: str, note: str, entries: Sequence[Entry]) -> str:
    lines = [f"[b]{tame(title)}[/b]", f"{note} in bold.", "[list]"]
    for each in entries:
        told = _sentence(each, tame)
        lines.append(f"[*]{_date(each)}: [b]{told}[/b]" if each.departed else f"[*]{_date(each)}: {told}")
    return "\n".join([*lines, "[/list]"])
