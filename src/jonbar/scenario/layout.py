"""How a scenario is laid out as YAML: which words need quotes, what fits on a line, and in which order keys stand."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH = 120
# The order of a variable's keys: the question, what it may read, what happened, how it comes about, and why
VARIABLE_ORDER = [
    "ask",
    "also called",
    "unit",
    "scale",
    "when",
    "who",
    "belief of",
    "about",
    "after",
    "only if",
    "otherwise",
    "otl",
    "known",
    "each",
    "ordered",
    "chance",
    "states",
    "centre",
    "start",
    "drift",
    "hazard",
    "is",
    "where",
    "spread",
    "rivals",
    "because",
    "measured",
    "asserted",
    "pushes",
    "luck",
    "luck because",
    "note",
]
PUSH_ORDER = ["odds", "add", "rivals", "toward", "if", "because", "measured", "asserted"]
PROSE = frozenset(
    ["ask", "title", "says", "because", "luck because", "note", "interest", "yardstick", "where", "author"]
)

_PLAIN_START = re.compile(r"^[^\s\-?:,\[\]{}#&*!|>'\"%@`=.~]")
_SIGNED = re.compile(r"^[-.][\w.]")
_RETYPED = re.compile(  # what YAML 1.1 or 1.2 takes for something else than text
    r"^(?:~|null|true|false|yes|no|on|off|y|n|<<|=|[-+]?(?:\.inf|\.nan|0x[\da-f_]+|0o?[0-7_]+|0b[01_]+)|\.nan"
    r"|[-+]?[\d_,]*\.?[\d_]*(?:e[-+]?\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?"
    r"|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?)$",
    re.IGNORECASE,
)
_PRINTABLE = re.compile(r"^[^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]*$")


@dataclass(frozen=True, slots=True)
class Flow:
    """A small mapping that stands on one line where it fits."""

    entries: Mapping[str, Value]


Value = str | Flow | Mapping[str, "Value"] | list["Value"]


def plain(text: str, *, flow: bool = False) -> bool:
    """Whether a text may stand without quotes and be read back letter for letter."""
    if not (_PLAIN_START.match(text) or _SIGNED.match(text)) or text != text.strip() or not _PRINTABLE.match(text):
        return False
    if ": " in text or " #" in text or text.endswith(":") or text.startswith(("---", "...")):
        return False
    return not (flow and re.search(r"[,\[\]{}?]", text))


def quote(text: str, *, flow: bool = False, prose: bool = False) -> str:
    """A text as it stands in a file: in quotes only where YAML might cut it, or take prose for something else."""
    retyped = _RETYPED.match(text) if prose else text.lower() in ("null", "~")
    if plain(text, flow=flow) and not retyped:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes, on one line."""
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", written)


def foldable(text: str) -> bool:
    """Whether a text may be folded over lines and be read back letter for letter."""
    return text == " ".join(text.split()) and bool(_PRINTABLE.match(text)) and bool(text)


def folded(text: str, indent: int) -> list[str]:
    """The lines of a folded text, without its `>-`."""
    room = max(40, WIDTH - indent)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    return [" " * indent + line for line in lines]


def write(entries: Mapping[str, Value], indent: int = 0, *, spaced: bool = False) -> list[str]:
    """A mapping as lines of YAML; `spaced` puts a blank line between entries that take several lines."""
    lines: list[str] = []
    for number, (key, value) in enumerate(entries.items()):
        entry = _entry(key, value, indent)
        if number and (spaced or indent == 0) and len(entry) > 1 and isinstance(value, Mapping):
            lines.append("")
        lines += entry
    return lines


def _entry(key: str, value: Value, indent: int) -> list[str]:
    head = f"{' ' * indent}{quote(key)}:"
    if isinstance(value, str):
        line = f"{head} {quote(value, prose=key in PROSE)}"
        if len(line) > WIDTH and key in PROSE and foldable(value):
            return [f"{head} >-", *folded(value, indent + 2)]
        return [line]
    line = f"{head} {_flow(value)}"
    if isinstance(value, Flow):
        return [line] if len(line) <= WIDTH else [head, *write(value.entries, indent + 2)]
    if isinstance(value, Mapping):
        return [head, *write(value, indent + 2, spaced=key == "variables")] if value else [line]
    if len(line) <= WIDTH:
        return [line]
    return [head, *(f"{' ' * (indent + 2)}- {quote(each) if isinstance(each, str) else _flow(each)}" for each in value)]


def _flow(value: Value) -> str:
    if isinstance(value, str):
        return quote(value, flow=True)
    if isinstance(value, list):
        return f"[{', '.join(_flow(each) for each in value)}]"
    entries = value.entries if isinstance(value, Flow) else value
    return "{" + ", ".join(f"{quote(key, flow=True)}: {_flow(each)}" for key, each in entries.items()) + "}"


def in_order(keys: Iterable[str], order: Sequence[str]) -> list[str]:
    """Keys in a given order; those that it does not have come last, as they were."""
    place = {key: number for number, key in enumerate(order)}
    return sorted(keys, key=lambda key: place.get(key, len(place)))
