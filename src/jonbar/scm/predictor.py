"""How pushes add up: a base and named arguments, each counted where its condition holds.

Conditions that are the same in every telling are added to the base once a draw. Those that vary between
tellings are turned into one pattern number a world, and what follows from each pattern is worked out once
in a small table: a world then costs one look-up, not a sum of logarithms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from jonbar.scm.conditions import Bound, Drawn, Values
from jonbar.scm.noise import Array

WIDEST_TABLE = 8  # 256 patterns; beyond that, world by world
MOST_KNOWN = 64  # tables of bare numbers kept by each sum

Transform = Callable[[Sequence[Array]], Sequence[Array]]
Term = tuple[int, Array | float]  # an argument, by position, and its size


@dataclass(frozen=True)
class Argument:
    """A push as the engine sees it: the assumption that holds its size, and when and how often it counts."""

    assumption: str
    condition: Bound | None = None
    per: Bound | None = None
    step: float = 1.0
    origin: float = 0.0
    toward: tuple[int, ...] = ()  # positions of the states that it favours


@dataclass(frozen=True)
class Sum:
    """A base plus arguments. `outputs` bases at once for the states of a choice."""

    bases: tuple[str | None, ...]  # assumptions; None is zero
    arguments: tuple[Argument, ...] = ()

    @cached_property
    def reads(self) -> frozenset[str]:
        """Every node that some argument reads."""
        return frozenset().union(*(part.reads for part in self._bound()))

    @cached_property
    def draws(self) -> frozenset[str]:
        """Every assumption that enters."""
        own = {each.assumption for each in self.arguments} | {base for base in self.bases if base}
        return frozenset(own).union(*(part.draws for part in self._bound()))

    def _bound(self) -> list[Bound]:
        return [part for each in self.arguments for part in (each.condition, each.per) if part is not None]

    def tabulate(
        self, values: Values, drawn: Drawn, transform: Transform, start: Array | float = 0.0
    ) -> Sequence[Array]:
        """`transform` of the sums, one array an output, in every world.

        `start` is added to every base (a formula, or last year's value); where it varies between tellings nothing can
        be tabulated and each world is worked out by itself.
        """
        bases = [start + (drawn[base] if base else 0.0) for base in self.bases]
        direct = any(_varies(base) for base in bases)
        fixed: list[Term] = []  # the same in every telling
        wide: list[Term] = []
        patterns: list[Array] = []  # where each of `wide` holds
        for position, argument in enumerate(self.arguments):
            size = drawn[argument.assumption]
            if argument.per is not None:
                size = size * (
                    (np.asarray(argument.per.evaluate(values, drawn), dtype=float) - argument.origin) / argument.step
                )
            direct = direct or _varies(size)  # a chain offers several sizes at once
            if argument.condition is not None:
                holds = _rectangle(argument.condition.evaluate(values, drawn))
                if holds.shape[1] > 1:
                    if argument.per is None:
                        wide.append((position, size))
                        patterns.append(holds)
                        continue
                    direct = True
                if holds.size > 1:
                    size = np.where(holds, size, 0.0)
                elif not holds.item():
                    continue
            fixed.append((position, size))
        if direct or len(wide) > WIDEST_TABLE or _outgrows(wide, patterns, bases):
            sums = self._sums(bases, fixed)
            for (position, size), holds in zip(wide, patterns, strict=True):
                sums = self._add(sums, position, np.where(holds, size, 0.0))
            return transform(sums)
        tables = self._tables(bases, fixed, wide, transform)
        return _look_up(tables, patterns) if patterns else tables

    def _tables(
        self, bases: Sequence[Array | float], fixed: Sequence[Term], wide: Sequence[Term], transform: Transform
    ) -> Sequence[Array]:
        """`transform` of the sums for every pattern of the wide arguments.

        Bare numbers are the same in every block and in both worlds, so what follows from them is worked out once: a
        `transform` that depends on nothing else is a named function, the same object each time.
        """
        key = (transform, *bases, *fixed, None, *wide)
        try:
            known = self._known.get(key)
        except TypeError:  # an array is no key: something is uncertain
            return self._work_out(bases, fixed, wide, transform)
        if known is None:
            known = self._work_out(bases, fixed, wide, transform)
            if getattr(transform, "__closure__", None) is None and len(self._known) < MOST_KNOWN:
                self._known[key] = known
        return known

    def _work_out(
        self, bases: Sequence[Array | float], fixed: Sequence[Term], wide: Sequence[Term], transform: Transform
    ) -> Sequence[Array]:
        sums = self._sums(bases, fixed)
        for position, size in wide:
            sums = self._double(sums, position, size)
        return transform(sums)

    @cached_property
    def _known(self) -> dict[object, Sequence[Array]]:
        return {}

    def _sums(self, bases: Sequence[Array | float], fixed: Sequence[Term]) -> list[Array]:
        sums = [_rectangle(base) for base in bases]
        for position, size in fixed:
            sums = self._add(sums, position, size)
        return sums

    def _add(self, sums: Sequence[Array], position: int, size: Array | float) -> list[Array]:
        toward = self.arguments[position].toward
        return [each + size if not toward or state in toward else each for state, each in enumerate(sums)]

    def _double(self, sums: Sequence[Array], position: int, size: Array | float) -> list[Array]:
        """Tables twice as long: without the argument, then with it."""
        result = []
        for without, having in zip(sums, self._add(sums, position, size), strict=True):
            if having.shape[0] != without.shape[0]:
                without = np.broadcast_to(without, having.shape)
            result.append(np.concatenate((without, having), axis=1))
        return result


def _look_up(tables: Sequence[Array], patterns: Sequence[Array]) -> list[Array]:
    """Each world's entry: which arguments hold is one small number a world, the first argument its lowest bit."""
    index = patterns[-1].view(np.uint8)
    for each in reversed(patterns[:-1]):
        index = index + index
        index = index | each.view(np.uint8)
    by_row: Array | None = None
    found = []
    for table in tables:
        rows, width = table.shape
        if rows > 1 and by_row is None:
            by_row = np.add(index, np.arange(0, rows * width, width)[:, None])
        found.append(table.ravel().take(index if rows == 1 or by_row is None else by_row))
    return found


def _outgrows(wide: Sequence[Term], patterns: Sequence[Array], bases: Sequence[Array | float]) -> bool:
    """Whether tables, one a draw, would hold more entries than there are worlds to look them up."""
    certain = all(np.size(size) == 1 for size in (*bases, *(size for _, size in wide)))
    return bool(patterns) and not certain and 1 << len(wide) > patterns[0].shape[1]


def _rectangle(value: Any) -> Array:
    """With both axes, (draw, telling)."""
    return value if isinstance(value, np.ndarray) and value.ndim == 2 else np.array(value, dtype=float, ndmin=2)


def _varies(value: Any) -> bool:
    """Whether a number differs between tellings."""
    return isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[1] > 1


def unchanged(sums: Sequence[Array]) -> Sequence[Array]:
    """The transform that leaves the sums as they are."""
    return sums
