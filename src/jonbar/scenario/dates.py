"""Dates as historians write them: a useful part of EDTF (Library of Congress, 2019), levels 0 and 1."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
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


ANY_TIME = Interval(date.min, date.max, "")  # where a date cannot be read: nothing is earlier, nothing later

_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%])?")
_YEARS = re.compile(r"([0-9]{4})(?:\s*(?:\.\.|/|-)\s*([0-9]{4}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ABOUT = re.compile(r"(?:~|c\.|ca\.|circa |about |around )\s*(\S.*)", re.IGNORECASE)
_UNPADDED = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})(?:[-./]([0-9]{1,2}))?")
_DECADE = re.compile(r"([0-9]{3})(?:0s|[xX])")
_IN_WORDS = re.compile(r"(?:([0-9]{1,2})\.?\s+)?([A-Za-z]{3,9})\.?\s+(?:([0-9]{1,2}),?\s+)?([0-9]{4})")
_BETWEEN = re.compile(r"(?:from |between )?(.*\d.*?)\s+(?:to|until|till|and|[-–—])\s+(.*\d.*)", re.IGNORECASE)
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
_SEASON = re.compile(rf"(?:the )?({'|'.join(_SEASONS)})(?: of|,)? ([0-9]{{4}})", re.IGNORECASE)
_NOWHERE = Span("", 1, 1, 1, 1)
YEARS_IN: Mapping[str, float] = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25}
_SPAN = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(year|month|week|day)s?")
SPAN_FORMS = "1 year, 6 months, 2 weeks or 10 days"
WRITE_A_DATE = "a date such as 1962, 1962-10, 1962-10-28, 1962-10~ or 1962-10-16/1962-10-22"


def whole_year(year: int) -> Interval:
    """From the first day of a year to its last."""
    return Interval(date(year, 1, 1), date(year, 12, 31), str(year))


def parse_span(text: str) -> float | None:
    """A length of time in years: `4 years`, `6 months`; None if it is none, or nothing, or ten thousand years."""
    match = _SPAN.fullmatch(text.strip())
    years = float(match[1]) * YEARS_IN[match[2]] if match else 0.0
    return years if 0 < years < 1e4 else None


def parse_interval(text: str, span: Span) -> Interval | Diagnostic:
    """`1962-10-16/1962-10-22`, `1962-10`, `1962~` -> the days it may mean.

    Errors: E201 not a date, E202 a day that does not exist, E203 an interval that ends before it starts.
    Source: Extended Date/Time Format, Library of Congress 2019, levels 0 and 1.
    """
    written = text.strip()
    parts = written.split("/")
    if len(parts) > 2:
        advice = nearest_date(written)
        message = f"`{written[:40]}` is not a date." if advice else f"`{written[:40]}` has more than two ends."
        return Diagnostic("E201", message, span, written[:80], WRITE_A_DATE, advice)
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
    match = _POINT.fullmatch(text)
    if match is None:
        message = f"`{text[:40]}` is not a date." if text else "A date is missing here."
        return Diagnostic("E201", message, span, text[:80], WRITE_A_DATE, nearest_date(text))
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
        return Diagnostic("E202", _impossible(year, int(month or 1), int(day or 1)), span, text, WRITE_A_DATE)
    return Interval(start, end, text, mark in ("~", "%"), mark in ("?", "%"))


def _impossible(year: int, month: int, day: int) -> str:
    if year == 0:
        return "There is no year 0000: years run from 0001 to 9999."
    if not 1 <= month <= 12:
        return f"There is no month {month:02}."
    if day == 0:
        return "There is no day 00."
    return f"{_MONTHS[month - 1].capitalize()} {year} has {monthrange(year, month)[1]} days, not {day}."


def nearest_date(text: str) -> str | None:
    """What a date in another notation would be here: `16 October 1962` is `1962-10-16`, `c. 1962` is `1962~`."""
    text = text.strip()
    if len(text) > 60:
        return None
    if ".." in text:
        joined = text.replace("..", "/", 1).replace(" ", "")
        return joined if isinstance(parse_interval(joined, _NOWHERE), Interval) else None
    ends = _BETWEEN.fullmatch(text)
    if ends:
        dates = [each if _POINT.fullmatch(each) else nearest_date(each) for each in (ends[1].strip(), ends[2].strip())]
        joined = "/".join(each for each in dates if each)
        return joined if all(dates) and isinstance(parse_interval(joined, _NOWHERE), Interval) else None
    season = _SEASON.fullmatch(text)
    if season:
        first, last = _SEASONS[season[1].lower()]
        year = int(season[2])
        return f"{year:04}-{first:02}/{year + (last < first):04}-{last:02}" if 0 < year < 9999 else None
    about = _ABOUT.fullmatch(text)
    if about:
        date_itself = about[1].strip()
        found = date_itself if _POINT.fullmatch(date_itself) else nearest_date(date_itself)
        return f"{found.rstrip('~?%')}~" if found else None
    tries: list[str] = []
    if years := re.fullmatch(r"([0-9]{4})\s*[-–—]\s*([0-9]{4})", text):
        tries.append(f"{years[1]}/{years[2]}")
    if decade := _DECADE.fullmatch(text):
        tries.append(f"{decade[1]}0/{decade[1]}9")
    if parts := _UNPADDED.fullmatch(text):
        tries.append("-".join([parts[1], *(f"{int(each):02}" for each in parts.groups()[1:] if each)]))
    if words := _IN_WORDS.fullmatch(text):
        month = words[2][:3].lower()
        day = words[1] or words[3]
        if month in _MONTHS:
            tries.append(f"{words[4]}-{_MONTHS.index(month) + 1:02}" + (f"-{int(day):02}" if day else ""))
    return next((each for each in tries if isinstance(parse_interval(each, _NOWHERE), Interval)), None)


def parse_years(text: str, span: Span) -> tuple[int, int] | Diagnostic:
    """`1962..1973` -> the first and last year.

    Errors: E204 not a run of years, or a backward or overlong one.
    """
    match = _YEARS.fullmatch(text.strip())
    if match is None:
        return Diagnostic("E204", f"`{text[:40]}` is not a run of years.", span, text[:80], "years such as 1962..1973")
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last or last - first > 200:
        message = f"`{text.strip()}` must run forward, over at most 200 years."
        return Diagnostic("E204", message, span, text, "years such as 1962..1973")
    return first, last
