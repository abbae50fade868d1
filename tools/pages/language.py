"""The tables of the language page, from the tables that the reader itself goes by; the words around them are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from jonbar.scenario.hedges import SURVEYED
from jonbar.scenario.keys import FITS, SECTIONS
from jonbar.scenario.number_forms import EXPECTED

OPENING, CLOSING = "<!-- written by make docs: {} -->", "<!-- as far as here -->"
WHERE = {
    "file": "The file itself",
    "source": "An entry of `sources`",
    "premise": "An entry of `premises`",
    "variable": "An entry of `variables`",
    "push": "An entry of a variable's `pushes`",
    "fact": "`otl`, where it says more than what happened",
    "what-if": "An entry of `what_if`",
    "reading": "An entry of a what-if's `readings`",
    "claim": "An entry of `claims`",
    "camp": "An entry of `camps`, beside the assumptions that it sets",
}


def _keys() -> str:
    """Every key of every part of a file; of a variable, the kinds that may have it."""
    parts = []
    for section, keys in SECTIONS.items():
        parts += [f"### {WHERE[section]}", "", "| key | what it means |", "|---|---|"]
        for name, key in keys.items():
            must = " Required." if key.required else ""
            kinds = [kind for kind, fitting in FITS.items() if name in fitting]
            of = f" Of: {', '.join(kinds)}." if section == "variable" and len(kinds) < len(FITS) else ""
            parts.append(f"| `{name}` | {key.meaning}.{must}{of} |")
        parts.append("")
    return "\n".join(parts).rstrip()


def _hedges() -> str:
    """Every surveyed word and the range that people give it."""
    rows = [f"| {word} | {100 * low:.3g}% to {100 * high:.3g}% |" for word, (low, high) in SURVEYED.items()]
    return "\n".join(["| written | read as |", "|---|---|", *rows])


def _slots() -> str:
    """What each slot for a number wants."""
    rows = [f"| {role.value} | {wanted} |" for role, wanted in EXPECTED.items()]
    return "\n".join(["| slot | what is wanted there |", "|---|---|", *rows])


TABLES: Mapping[str, Callable[[], str]] = {"keys": _keys, "hedges": _hedges, "slots": _slots}


def fill_in(text: str) -> str:
    """The page with every table as it would be written now."""
    for name, table in TABLES.items():
        opening = OPENING.format(name)
        pattern = re.compile(re.escape(opening) + r"\n.*?" + re.escape(CLOSING), re.DOTALL)
        assert len(pattern.findall(text)) == 1, f"the page has no place for {name}"
        text = pattern.sub(lambda _, o=opening, t=table: f"{o}\n{t()}\n\n{CLOSING}", text)  # type: ignore[misc]
    return text
