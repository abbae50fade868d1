"""Dates as historians write them: a useful part of EDTF (Library of Congress, 2019), levels 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
