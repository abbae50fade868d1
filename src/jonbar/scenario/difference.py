"""What two scenarios, or two readings of a what-if, disagree about: by meaning, not by letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from jonbar.errors import Span
from jonbar.scenario.dates import Interval, parse_interval
from jonbar.scenario.dump import entries_of, reading_entries
from jonbar.scenario.layout import Flow, Value
from jonbar.scenario.terms import Reading, Scenario

Tree = Mapping[str, "Value"]
_NOUNS = {
    ("words",): "word",
    ("actors",): "actor",
    ("sources",): "source",
    ("premises",): "premise",
    ("schools",): "school",
    ("variables",): "variable",
    ("what_if",): "what-if",
    ("claims",): "claim",
    ("camps",): "camp",
    ("variables", "pushes"): "push",
    ("variables", "states"): "state",
    ("what_if", "readings"): "reading",
    ("variables", "where"): "coefficient",
}
_NOWHERE = Span("", 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two scenarios say otherwise: where, and what each of them says (None: nothing)."""

    path: tuple[str, ...]  # keys from the top of the file: variables, approval, pushes, shame, add
    before: str | None
    after: str | None

    @property
    def in_words(self) -> str:
        """The difference in a line."""
        name, noun, part = self._place()
        if not part:
            if self.before is None:
                return f"{noun} `{name}` is new: {self.after}"
            if self.after is None:
                return f"{noun} `{name}` is gone: {self.before}"
        where = ", ".join(([f"{noun} `{name}`"] if name else []) + ([f"`{part}`"] if part else []))
        if self.before is None:
            return f"{where}: now {self.after}"
        if self.after is None:
            return f"{where}: no longer {self.before}"
        return f"{where}: {self.before} becomes {self.after}"

    def _place(self) -> tuple[str, str, str]:
        """The innermost thing with a name, what it is, and which of its parts differs."""
        for size in (4, 2):
            noun = _NOUNS.get((self.path[0], *self.path[2 : size - 1 : 2])) if len(self.path) >= size else None
            if noun is not None:
                owner = [self.path[1], self.path[3]] if size == 4 else [self.path[1]]
                name = owner[-1] if noun == "reading" else ".".join(owner)
                return name, noun, " ".join(self.path[size:])
        return "", "", " ".join(self.path)

    def __str__(self) -> str:
        return self.in_words


def compare(before: Scenario | Reading, after: Scenario | Reading) -> tuple[Difference, ...]:
    """Everything that two scenarios say otherwise, in file order; or two readings of a what-if, but not one of each.

    Layout, the order of names and lists, the spelling of numbers and dates, and comments make no difference; the order
    of the levels of an ordered variable does. What only one of them has is one difference, whatever it holds.
    """
    one, other = _tree(before), _tree(after)
    return tuple(_walk((), one, other))


def _tree(side: Scenario | Reading) -> Tree:
    if isinstance(side, Reading):
        return reading_entries(side)
    found = entries_of(side)
    what_ifs = found.get("what_if")
    if isinstance(what_ifs, Mapping):
        found["what_if"] = {name: _with_readings(name, each) for name, each in what_ifs.items()}
    for variable in side.variables.values():
        if variable.kind.value == "ordered":
            own = _inner(_inner(found["variables"])[variable.name])
            levels = " < ".join(each.name for each in variable.states)
            found["variables"] = {**_inner(found["variables"]), variable.name: {**own, "levels": levels}}
    return found


def _with_readings(name: str, entry: Value) -> Value:
    own = _inner(entry)
    if "readings" in own:
        return entry
    return {"says": own.get("says", ""), "readings": {name: own}}


def _inner(value: Value) -> dict[str, Value]:
    if isinstance(value, Flow):
        return dict(value.entries)
    return dict(value) if isinstance(value, Mapping) else {}


def _walk(path: tuple[str, ...], one: Tree, other: Tree) -> Iterator[Difference]:
    for key in dict.fromkeys([*one, *other]):
        before, after = one.get(key), other.get(key)
        here = (*path, key)
        if key == "otl" and isinstance(before, str) != isinstance(after, str):  # a fact with and without its backing
            before = {"is": before} if isinstance(before, str) else before
            after = {"is": after} if isinstance(after, str) else after
        if _is_tree(before) and _is_tree(after):
            assert before is not None and after is not None
            yield from _walk(here, _inner(before), _inner(after))
        elif _section(here) and (_is_tree(before) or _is_tree(after)):
            yield from _walk(here, _inner(before or {}), _inner(after or {}))
        elif not _same(before, after):
            yield Difference(here, _say(before), _say(after))


def _section(path: tuple[str, ...]) -> bool:
    """Whether each entry of a mapping is a thing of its own."""
    return len(path) == 1 or (len(path) == 3 and path[-1] in ("pushes", "readings", "where"))


def _is_tree(value: Value | None) -> bool:
    return isinstance(value, Flow | Mapping)


def _same(before: Value | None, after: Value | None) -> bool:
    if isinstance(before, list) and isinstance(after, list):
        return sorted(map(str, before)) == sorted(map(str, after))
    if before == after or before is None or after is None:
        return before == after
    if not (isinstance(before, str) and isinstance(after, str)):
        return False
    return (days := _days(before)) is not None and days == _days(after)


def _say(value: Value | None) -> str | None:
    """A value in a line; of something that holds much, what it asks or says."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_say(each) or "" for each in value) or "none"
    entries = _inner(value)
    for key in ("ask", "says", "title", "odds", "add", "weight"):
        if isinstance(entries.get(key), str):
            return str(entries[key])
    return ", ".join(f"{key}: {_say(each)}" for key, each in entries.items())


def _days(text: str) -> tuple[date, date, bool, bool] | None:
    """The days that a date means, however it is written."""
    found = parse_interval(text, _NOWHERE)
    if not isinstance(found, Interval):
        return None
    return found.start, found.end, found.approximate, found.uncertain
