"""Words and lines that the verdicts and the figures of an audit share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jonbar.audit.build import Audit
from jonbar.audit.cotenability import bits
from jonbar.audit.outcomes import Figure
from jonbar.views.lines import clean, paragraph, row
from jonbar.views.rounding import say_chance, say_number, step_of

CAUSED = "with its cause"


def say_fine(chance: float) -> str:
    """A chance that may be very small: two figures, never 0 or 100."""
    percent = 100.0 * chance
    if percent <= 0.0:
        return "0%"
    if percent < 0.01:
        return "<0.01%"
    return say_chance(chance) if percent >= 9.5 else f"{percent:.2g}%"


def say_fine_range(figure: Figure) -> str:
    """A range of chances that may be very small."""
    low, high = (say_fine(each).rstrip("%") for each in (figure.low, figure.high))
    return low if low == high else f"{low}-{high}" if ">" not in high else f"{low} to {high}"


def say_bits(chance: float) -> str:
    """The surprise of something that had this chance."""
    return f"{bits(chance):.1f}" if chance > 0.0 else "without end"


def say_parts(answers: Mapping[str, str]) -> str:
    """Parts of a change or cause: `reply is lift_and_accept`."""
    return ", ".join(f"{name} is {value}" for name, value in answers.items())


def say_list(names: Sequence[str], most: int | None) -> str:
    """Names, of which only some are shown."""
    shown = names if most is None else names[:most]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def say_quantity(figure: Figure) -> str:
    """A quantity rounded to what is known."""
    return say_number(figure.value, step_of((figure.value, figure.low, figure.high), figure.error))


def is_chance(audit: Audit) -> bool:
    """Whether the outcome that is followed up is a chance."""
    return audit.outcome is None or audit.outcome.difference.unit == "chance"


def item(text: str, width: int) -> str:
    """One wrapped item under a heading."""
    return paragraph(clean(text), width, "  ", "    ")


def lines_of(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """One row of a table under a heading."""
    return [f"  {line}" for line in row(cells, widths)]
