"""The task every program is given: a random chronology of yes/no events with facts, one change and one question.

Each event has up to three parents among the six before it. A base chance and one push per parent make its chance:
log-odds add, so the same task can be written as a scenario file, as a table per event, or as a formula. About
three in ten events are facts, drawn from the model itself so that they can happen. One fact is reversed by the
change, and the question is whether the last event that the change can reach happens in the changed world, with
all luck kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIRST_YEAR = 1800


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its parents (positions of earlier events), base chance, and what each parent does to the odds."""

    parents: tuple[int, ...]
    chance: float
    odds: tuple[float, ...]

    def table(self) -> NDArray[np.float64]:
        """Chance of yes for each combination of the parents; parent number k is bit k of the index."""
        index = np.arange(2 ** len(self.parents))
        log_odds = np.full(index.shape, np.log(self.chance / (1.0 - self.chance)))
        for bit, multiplier in enumerate(self.odds):
            log_odds = log_odds + np.log(multiplier) * ((index >> bit) & 1)
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


@dataclass(frozen=True, slots=True)
class Chronology:
    """Events in order of time, the facts, the change (`changed` becomes `changed_to`) and the event asked about."""

    events: tuple[Event, ...]
    facts: dict[int, int]
    changed: int
    changed_to: int
    asked: int

    def reached(self) -> frozenset[int]:
        """Events that may differ in the changed world: the changed one and all that descend from it."""
        reached = {self.changed}
        for position, event in enumerate(self.events):
            if reached.intersection(event.parents):
                reached.add(position)
        return frozenset(reached)

    def scenario_text(self, *, ranges: bool = False) -> str:
        """The chronology as a jonbar scenario file: every number a bare point, or a range of a tenth to either side."""

        def written(value: float, before: str = "", after: str = "") -> str:
            ends = (0.9 * value, 1.1 * value) if ranges else (value,)
            return " to ".join(f"{before}{end:.6g}{after}" for end in ends)

        lines = [
            "jonbar: 1",
            "scenario: chronology",
            "title: What if one event of a random chronology had gone the other way?",
            "variables:",
        ]
        for position, event in enumerate(self.events):
            lines += [
                f"  {name(position)}:",
                f"    ask: Does event {position} happen?",
                f"    when: {FIRST_YEAR + position}",
                f"    chance: {written(100 * event.chance, after='%')}",
            ]
            if position in self.facts:
                lines.append(f"    otl: {'yes' if self.facts[position] else 'no'}")
            if event.parents:
                lines.append("    pushes:")
            for parent, multiplier in zip(event.parents, event.odds, strict=True):
                lines.append(f"      after_{name(parent)}: {{odds: {written(multiplier, 'x')}, if: {name(parent)}}}")
        lines += [
            "what_if:",
            "  changed:",
            "    says: The event goes the other way.",
            f"    do: {{{name(self.changed)}: {'yes' if self.changed_to else 'no'}}}",
            "    luck: keep",
        ]
        return "\n".join(lines) + "\n"


def name(position: int) -> str:
    """What an event is called in the scenario file."""
    return f"event_{position:03d}"


def random_chronology(
    size: int, *, seed: int, parents: int = 3, window: int = 6, share_of_facts: float = 0.3
) -> Chronology:
    """A chronology of `size` events; the same size and seed always give the same one."""
    generator = np.random.default_rng((seed, size))
    events = []
    for position in range(size):
        candidates = range(max(0, position - window), position)
        chosen: Sequence[int] = (
            generator.choice(candidates, size=min(parents, position), replace=False).tolist() if position else []
        )
        events.append(
            Event(
                parents=tuple(sorted(chosen)),
                chance=_rounded(generator.uniform(0.2, 0.8)),
                odds=tuple(_rounded(np.exp(generator.normal(0.0, 1.0))) for _ in chosen),
            )
        )
    history: list[int] = []
    for event in events:
        combination = sum(history[parent] << bit for bit, parent in enumerate(event.parents))
        history.append(int(generator.random() < event.table()[combination]))
    known = np.sort(generator.permutation(size)[: round(share_of_facts * size)])
    facts = {int(position): history[position] for position in known}
    for changed in (position for position in facts if position >= size // 3):
        draft = Chronology(tuple(events), facts, changed, 1 - history[changed], changed)
        open_questions = draft.reached().difference(facts)
        if open_questions:
            return Chronology(draft.events, facts, changed, draft.changed_to, max(open_questions))
    raise ValueError(f"no fact of chronology {seed} reaches an open question")


def _rounded(number: float) -> float:
    """The number as the scenario file writes it, so that every program reads the same one."""
    return float(f"{number:.4g}")
