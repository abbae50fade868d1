"""Dates as historians write them: a useful part of EDTF (Library of Congress, 2019), levels 0 and 1."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from jonbar.errors import Diagnostic, Span


@dataclass(frozen=True, slots=True)
class Interval:
    """A day, a month, a year or `start/end`, as the first and last day it may mean (both included).

    `text` is what was written; `approximate` (`~`) and `uncertain` (`?`) are kept and change nothing else.
    """

    start: date
    end: date
    text: str
    approximate: bool = False
    uncertain: bool = False


_POINT = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%])?$")
_YEARS = re.compile(r"^(\d{4})(?:\s*(?:\.\.|/|-)\s*(\d{4}))?$")
WRITE_A_DATE = "a date such as 1962, 1962-10, 1962-10-28, 1962-10~ or 1962-10-16/1962-10-22"


def parse_interval(text: str, span: Span) -> Interval | Diagnostic:
    """`1962-10-16/1962-10-22`, `1962-10`, `1962~` -> the days it may mean.

    Errors: E201 not a date, E202 a day that does not exist, E203 an interval that ends before it starts.
    Source: Extended Date/Time Format, Library of Congress 2019, levels 0 and 1.
    """
    written = text.strip()
    parts = written.split("/")
    if len(parts) > 2:
        return Diagnostic("E201", f"`{written[:40]}` has more than two ends.", span, written[:80], WRITE_A_DATE)
    ends: list[Interval] = []
    for part in parts:
        end = _point(part.strip(), span)
        if isinstance(end, Diagnostic):
            return end
        ends.append(end)
    first, last = ends[0], ends[-1]
    if last.end < first.start:
        advice = f"{parts[1].strip()}/{parts[0].strip()}"
        return Diagnostic("E203", f"`{written}` ends before it starts.", span, written, WRITE_A_DATE, advice)
    approximate, uncertain = any(end.approximate for end in ends), any(end.uncertain for end in ends)
    return Interval(first.start, last.end, written, approximate, uncertain)


def _point(text: str, span: Span) -> Interval | Diagnostic:
    match = _POINT.match(text)
    if match is None:
        return Diagnostic("E201", f"`{text[:40]}` is not a date.", span, text[:80], WRITE_A_DATE)
    year, month, day, mark = int(match[1]), match[2], match[3], match[4] or ""
    try:
        start = date(year, int(month or 1), int(day or 1))
        if day:
            end = start
        elif month:
            end = date(year, start.month, monthrange(year, start.month)[1])
        else:
            end = date(year, 12, 31)
    except ValueError:
        return Diagnostic("E202", f"There is no day {text}.", span, text, WRITE_A_DATE)
    return Interval(start, end, text, mark in ("~", "%"), mark in ("?", "%"))


def parse_years(text: str, span: Span) -> tuple[int, int] | Diagnostic:
    """`1962..1973` -> the first and last year.

    Errors: E204 not a run of years, or a backward or overlong one.
    """
    match = _YEARS.match(text.strip())
    if match is None:
        return Diagnostic("E204", f"`{text[:40]}` is not a run of years.", span, text[:80], "years such as 1962..1973")
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last or last - first > 200:
        message = f"`{text}` must run forward, over at most 200 years."
        return Diagnostic("E204", message, span, text, "years such as 1962..1973")
    return first, last
