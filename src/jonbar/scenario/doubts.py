"""What a reader should know of a file that can be used: what is never cited or read, says little, or is only a word."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from jonbar.scenario.findings import Findings
from jonbar.scenario.numbers import Estimate, Hedge, Range, Role
from jonbar.scenario.terms import Scenario

WIDEST = 1000.0  # a wider range says little more than nothing


def note_doubts(
    scenario: Scenario,
    known: Mapping[str, Estimate],
    findings: Findings,
    *,
    cited: AbstractSet[str],
    used: AbstractSet[str],
) -> None:
    """Every warning about a scenario, given its assumptions, the sources that it cites and the names that it reads."""
    warn = findings.warn
    for name, source in scenario.sources.items():
        if name not in cited:
            advice = "cite it where it bears something out, or leave it out"
            warn("W331", f"The source `{name}` is never cited.", source.span, advice)
    for name, variable in scenario.variables.items():
        if name not in used and variable.fact is None:
            message = f"Nothing reads `{name}`, no claim asks about it, and nothing is known of it."
            warn("W332", message, variable.span, "leave it out, or ask about it in a claim")
    for name, estimate in known.items():
        if isinstance(estimate.number, Range) and _width(estimate) > WIDEST:
            message = f"`{name}` spans a factor of more than {WIDEST:,.0f}: it says little more than nothing."
            warn("W333", message, estimate.span, "narrow it to what can be believed, if you can")
        if isinstance(estimate.number, Hedge):
            message = f"`{name}` is a word, `{estimate.number.phrase}`: read as {_percent(estimate.number)}."
            warn("W334", message, estimate.span, "say the range that is meant")


def _width(estimate: Estimate) -> float:
    """By what factor the ends of a range differ: in odds for a chance, in the number itself otherwise."""
    number = estimate.number
    assert isinstance(number, Range)
    low, high = number.low, number.high
    if estimate.role in (Role.CHANCE, Role.RATE) and 0 < low < high < 1:
        return high / (1 - high) * (1 - low) / low
    return high / low if low > 0 and estimate.role is not Role.ADD else 1.0


def _percent(hedge: Hedge) -> str:
    return f"{hedge.low * 100:g}% to {hedge.high * 100:g}%"
