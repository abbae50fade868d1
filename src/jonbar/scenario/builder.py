"""Scenarios written by a program: the same keys as in a file, the same checks, the same frozen values.

A `Builder` gathers entries, writes them as a file would say them, and reads that file. So whatever a file may say a
program may say, nothing can be built that a file could not hold, and every fault has a code and a line to look at.

>>> storm = Builder("storm", title="What if it had stayed dry?")
>>> storm.event("rain", ask="Does it rain?", when="1914-06", chance="20% to 40%", otl=True)
>>> storm.event("flood", ask="Is there a flood?", when="1914-07", chance="5%")
>>> storm.push("flood.rain", odds="x3 to x9", if_="rain", because="The ground was wet.")
>>> storm.what_if("dry", says="It stays dry.", do={"rain": False})
>>> storm.build().variables["flood"].pushes[0].name
'rain'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jonbar.scenario.keys import SECTIONS
from jonbar.scenario.layout import PUSH_ORDER, VARIABLE_ORDER, Flow, Value, in_order, write
from jonbar.scenario.notation import write_decimal
from jonbar.scenario.read import Load, read_scenario
from jonbar.scenario.terms import Scenario

Part = str | int | float | bool | Sequence["Part"] | Mapping[str, "Part"] | Mapping[int, "Part"]
_KEYS = {name.replace(" ", "_"): name for keys in SECTIONS.values() for name in keys}


class Builder:
    """A scenario in the making. Keys are those of a file: `only_if` stands for `only if`, `if_` for `if`.

    Yes and no may be given as True and False, numbers as numbers; ranges and conditions are text, as in a file.
    """

    def __init__(self, scenario: str, **keys: Part) -> None:
        self._file: dict[str, Value] = {"jonbar": "1", "scenario": scenario, **_entries(keys)}
        self._sections: dict[str, dict[str, Value]] = {}

    def words(self, **words: str) -> None:
        """The file's own adverbs: `clearly="x2 to x5"`."""
        self._section("words").update(words)

    def actor(self, name: str, *members: str) -> None:
        """Somebody who may decide, know or believe; with members, a group."""
        self._put("actors", name, list[Value](members))

    def source(self, name: str, **keys: Part) -> None:
        """A work or record: author, title, year, where, kind, interest."""
        self._put("sources", name, _entries(keys))

    def premise(self, name: str, *, ask: str, credence: str, **keys: Part) -> None:
        """A disputed theory, true or false once per assumption draw."""
        self._put("premises", name, _entries({"ask": ask, "credence": credence, **keys}))

    def school(self, name: str, *, weight: str, **credences: str) -> None:
        """A family of premises, with the credence it gives to each."""
        self._put("schools", name, {"weight": weight, **credences})

    def event(self, name: str, *, ask: str, when: str, **keys: Part) -> None:
        """A question answered yes or no: with `chance`, or with `is_` for a condition that settles it."""
        self._variable(name, ask, {"when": when, **keys})

    def choice(self, name: str, *, ask: str, when: str, states: Mapping[str, str], **keys: Part) -> None:
        """A question with several answers, exactly one of which comes true."""
        self._variable(name, ask, {"when": when, "states": states, **keys})

    def ordered(self, name: str, *, ask: str, when: str, states: Mapping[str, str], **keys: Part) -> None:
        """A question whose answers are levels, from least to most."""
        self._variable(name, ask, {"when": when, "ordered": True, "states": states, **keys})

    def quantity(self, name: str, *, ask: str, when: str, **keys: Part) -> None:
        """A number at its date: with `centre` and `spread`, or with `is_` for a formula."""
        self._variable(name, ask, {"when": when, **keys})

    def series(self, name: str, *, ask: str, **keys: Part) -> None:
        """A number for each year: `start` with `drift` and `spread`, or a formula."""
        self._variable(name, ask, {"each": "year", **keys})

    def hazard(self, name: str, *, ask: str, when: str, hazard: str, **keys: Part) -> None:
        """Something that happens at most once, at any time: `hazard="8% to 15% a year"`."""
        self._variable(name, ask, {"when": when, "hazard": hazard, **keys})

    def push(self, name: str, **keys: Part) -> None:
        """One argument, by its full name `variable.push`: `odds` or `add`, `if_`, `because` and what backs it.

        Errors: KeyError if there is no such variable yet; ValueError if it has such a push already.
        """
        owner, _, own = name.partition(".")
        variable = self._section("variables")[owner]
        assert isinstance(variable, dict)
        pushes = variable.setdefault("pushes", {})
        assert isinstance(pushes, dict)
        _add(pushes, own, _ordered(_entries(keys), PUSH_ORDER), name)

    def what_if(self, name: str, *, says: str, **keys: Part) -> None:
        """A change: with `do`, it is its own single reading; without, its readings are added by `reading`."""
        self._put("what_if", name, {"says": says, **_entries(keys)})

    def reading(self, name: str, *, of: str, says: str, do: Mapping[str, Part], **keys: Part) -> None:
        """One act that the words of a what-if may mean.

        Errors: KeyError if there is no such what-if yet; ValueError if it has such a reading already.
        """
        what_if = self._section("what_if")[of]
        assert isinstance(what_if, dict)
        readings = what_if.setdefault("readings", {})
        assert isinstance(readings, dict)
        _add(readings, name, {"says": says, **_entries({"do": do, **keys})}, name)

    def claim(self, name: str, *, says: str, who: str, kind: str, **keys: Part) -> None:
        """What somebody said, in paraphrase, with its `test`."""
        self._put("claims", name, {"says": says, "who": who, "kind": kind, **_entries(keys)})

    def camp(self, name: str, settings: Mapping[str, Part], **keys: Part) -> None:
        """Who believes what: `reads` a reading, and ranges for assumptions by their names."""
        self._put("camps", name, {**_entries(keys), **{key: _value(part) for key, part in settings.items()}})

    def text(self) -> str:
        """The file as far as it has been built."""
        entries = {**self._file, **self._sections}
        return "\n".join(write({key: entries[key] for key in in_order(entries, tuple(SECTIONS["file"]))})) + "\n"

    def build(self, *, load: Load | None = None) -> Scenario:
        """The scenario, read and checked; `load` finds what it extends.

        Errors: ScenarioError with every fault, placed in `text()`.
        """
        return read_scenario(self.text(), file=f"<{self._file['scenario']}>", load=load)

    def _section(self, name: str) -> dict[str, Value]:
        return self._sections.setdefault(name, {})

    def _put(self, section: str, name: str, entry: Value) -> None:
        _add(self._section(section), name, entry, name)

    def _variable(self, name: str, ask: str, keys: Mapping[str, Part]) -> None:
        self._put("variables", name, _ordered({"ask": ask, **_entries(keys)}, VARIABLE_ORDER))


def _add(section: dict[str, Value], name: str, entry: Value, said: str) -> None:
    if name in section:
        raise ValueError(f"`{said}` is already there")
    section[name] = entry


def _ordered(entries: dict[str, Value], order: Sequence[str]) -> dict[str, Value]:
    return {key: entries[key] for key in in_order(entries, order)}


def _entries(keys: Mapping[str, Part]) -> dict[str, Value]:
    plain = {key.rstrip("_"): part for key, part in keys.items()}
    return {_KEYS.get(key, key): _value(part) for key, part in plain.items()}


def _value(part: Part) -> Value:
    """A part as a file writes it."""
    match part:
        case bool():
            return "yes" if part else "no"
        case int() | float():
            return write_decimal(part)
        case str():
            return part
        case Mapping():
            return Flow({str(key): _value(each) for key, each in part.items()})
        case _:
            return [_value(each) for each in part]
