"""Estimands in words: what a number is of, said in one way whoever asks for it.

Under a what-if they are the words of the file's own tests, so that a number can be asked for again by its estimand.
"""

from __future__ import annotations

from jonbar.clearing import is_chance
from jonbar.scenario.expressions import Expression
from jonbar.scenario.notation import write_expression

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
