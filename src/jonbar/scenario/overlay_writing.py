"""A person's own version of a scenario as an overlay: a file that extends it and holds nothing but what differs."""

from __future__ import annotations

from collections.abc import Mapping

from jonbar.scenario.dump import entries_of
from jonbar.scenario.layout import Flow, Value, write
from jonbar.scenario.terms import Scenario


def write_overlay(below: Scenario, above: Scenario, *, name: str, extends: str) -> str:
    """The text of a file that makes `above` of the scenario that it extends; the file below keeps its comments."""
    differences = _differing(entries_of(below), entries_of(above))
    kept = {key: each for key, each in differences.items() if key not in ("jonbar", "scenario")}
    head: dict[str, Value] = {"jonbar": "1", "scenario": name, "extends": extends}
    return "\n".join(write({**head, **kept})) + "\n"


def _differing(below: Mapping[str, Value], above: Mapping[str, Value]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in above.items():
        old = below.get(key)
        if old == value:
            continue
        one, other = _entries(old), _entries(value)
        found[key] = _differing(one, other) if one is not None and other is not None else value
    return found


def _entries(value: Value | None) -> Mapping[str, Value] | None:
    if isinstance(value, Flow):
        return value.entries
    return value if isinstance(value, Mapping) else None
