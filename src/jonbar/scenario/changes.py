"""Whether a variable can take the answer that a what-if gives it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jonbar.errors import Diagnostic, Span
from jonbar.scenario.dates import parse_interval
from jonbar.scenario.numbers import Scale
from jonbar.scenario.scales import on_scale
from jonbar.scenario.terms import Kind, Variable

ON_SCALE = {
    Scale.LINEAR: "a number such as 60",
    Scale.LOG: "a number above 0",
    Scale.LOGIT: "a number between 0 and 100",
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why an answer does not fit a variable, and what would."""

    fault: str
    expected: str


def misfit(variable: Variable, written: str, states: list[str], year: str, years: tuple[int, int]) -> Misfit | None:
    """What is wrong with an answer; None where a variable can have it."""
    series = variable.kind is Kind.SERIES
    if year and not (series and year.isdigit() and years[0] <= int(year) <= years[1]):
        of_a_series = f"`{variable.name} in {years[0]}`, or a year up to {years[1]}"
        expected = of_a_series if series else f"`{variable.name}` without a year"
        return Misfit(f"`in {year}` belongs to a series and one of its years.", expected)
    if variable.kind.numeric:
        expected = ON_SCALE[variable.scale]
        try:
            value = float(written)
        except ValueError:
            return Misfit("the answer should be a number.", expected)
        if math.isfinite(value) and abs(value) < 1e15 and on_scale(variable.scale, value):
            return None
        return Misfit(f"the number is not on a {variable.scale} scale.", expected)
    if variable.kind is Kind.HAZARD:
        if written == "never":
            return None
        expected = f"a date within {variable.when.text}, or never"
        when = parse_interval(written, Span("", 1, 1, 1, 1))
        if isinstance(when, Diagnostic) or not written.replace("-", "").isdigit():
            return Misfit("the answer should be a date, such as 1964-10-14, or never.", expected)
        inside = variable.when.start <= when.start <= variable.when.end
        return None if inside else Misfit(f"that is outside {variable.when.text}.", expected)
    if written in states:
        return None
    listed = ", ".join(dict.fromkeys(states))
    return Misfit("that is none of its answers.", f"one of: {listed}")
