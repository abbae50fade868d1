"""Estimands, facts and luck in words: what a number is of and what is recorded, said in one way whoever asks.

Under a what-if estimands are the words of the file's tests, so that a number can be asked for again by its estimand.
"""

from __future__ import annotations

from jonbar.query.clearing import is_chance
from jonbar.scenario.expressions import Expression
from jonbar.scenario.notation import write_expression, write_luck
from jonbar.scenario.terms import Fact, Kind, Luck, Variable

OURS = "in our history, as the model sees it"


def under(reading: str | None) -> str:
    """The history that a number is about; None is ours."""
    return f"under {reading}" if reading else OURS


def say_estimand(
    unit: str,
    text: str,
    history: str,
    *beside: str,
    given: Expression | None = None,
    given_really: Expression | None = None,
) -> str:
    """`chance of flood under dry given really rain, without dikes`: what, where, what is supposed, and the rest.

    `text` is a condition or quantity as the file writes it, `history` what `under` says of one.
    """
    supposed = (("given", given), ("given really", given_really))
    clauses = [f"{word} {write_expression(each)}" for word, each in supposed if each is not None]
    said = f"{'chance' if is_chance(unit) else 'mean'} of {text} {history}"
    said += "," if clauses and history == OURS else ""
    return ", ".join((" ".join((said, *clauses)), *beside))


def say_fact(fact: Fact, variable: Variable) -> str:
    """What happened, as the dated list shows it."""
    if fact.disputed:
        return "disputed"
    if fact.likelihood:
        return ", ".join(f"{state} {100 * ratio:.0f}%" for state, ratio in fact.likelihood)
    if fact.value is not None:
        return f"{fact.value:g}" + (f" ± {fact.error:g}" if fact.error else "")
    if variable.kind is Kind.HAZARD:
        if fact.never and fact.when is not None:
            return f"not by {fact.when.end.isoformat()}"
        return "never" if fact.never or fact.when is None else fact.when.text
    return fact.state or ""


def say_luck(luck: Luck) -> str:
    """The position of the luck dial in words."""
    if luck.half_life_years is not None:
        return f"half-life {write_luck(luck)}"
    return {1.0: "kept", 0.0: "re-rolled"}.get(luck.share or 0.0, f"{100 * (luck.share or 0.0):g}% kept")
