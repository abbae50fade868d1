"""How pushes add up: a base and named arguments, each counted where its condition holds.

Conditions that are the same in every telling are added to the base once a draw. Those that vary between
tellings are turned into one pattern number a world, and what follows from each pattern is worked out once
in a small table: a world then costs one look-up, not a sum of logarithms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jonbar.scm.conditions import Bound, Drawn, Values
from jonbar.scm.noise import Array

WIDEST_TABLE = 8  # 256 patterns; beyond that, world by world


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

    @property
    def reads(self) -> frozenset[str]:
        """Every node that some argument reads."""
        return frozenset().union(*(part.reads for part in self._bound()))

    @property
    def draws(self) -> frozenset[str]:
        """Every assumption that enters."""
        own = {each.assumption for each in self.arguments} | {base for base in self.bases if base}
        return frozenset(own).union(*(part.draws for part in self._bound()))

    def _bound(self) -> list[Bound]:
        return [part for each in self.arguments for part in (each.condition, each.per) if part is not None]

    def tabulate(
        self,
        values: Values,
        drawn: Drawn,
        transform: Callable[[Sequence[Array]], Sequence[Array]],
        start: Array | float = 0.0,
    ) -> Sequence[Array]:
        """`transform` of the sums, one array an output, in every world.

        `start` is added to every base (a formula, or last year's value); where it varies between tellings nothing can
        be tabulated and each world is worked out by itself.
        """
        sums = [np.atleast_2d(np.asarray(start + (drawn[base] if base else 0.0), dtype=float)) for base in self.bases]
        wide: list[tuple[Argument, Array]] = []
        direct = any(each.shape[1] > 1 for each in sums)
        for argument in self.arguments:
            size = drawn[argument.assumption]
            if argument.per is not None:
                size = size * (
                    (np.asarray(argument.per.evaluate(values, drawn), dtype=float) - argument.origin) / argument.step
                )
            if argument.condition is None:
                holds = None
            else:
                holds = np.atleast_2d(argument.condition.evaluate(values, drawn))
                if not holds.any():
                    continue
                if holds.shape[1] > 1 and argument.per is None:
                    wide.append((argument, holds))
                    continue
            amount = np.atleast_2d(size if holds is None else np.where(holds, size, 0.0))
            direct = direct or amount.shape[1] > 1
            sums = self._add(sums, argument, amount)
        if not wide:
            return transform(sums)
        if direct or len(wide) > WIDEST_TABLE:
            for argument, holds in wide:
                sums = self._add(sums, argument, np.where(holds, drawn[argument.assumption], 0.0))
            return transform(sums)
        return self._look_up(sums, wide, drawn, transform)

    def _add(self, sums: Sequence[Array], argument: Argument, amount: Array) -> list[Array]:
        if not argument.toward:
            return [each + amount for each in sums]
        return [each + amount if position in argument.toward else each for position, each in enumerate(sums)]

    def _look_up(
        self,
        sums: Sequence[Array],
        wide: Sequence[tuple[Argument, Array]],
        drawn: Drawn,
        transform: Callable[[Sequence[Array]], Sequence[Array]],
    ) -> list[Array]:
        patterns = np.arange(1 << len(wide))
        for position, (argument, _) in enumerate(wide):
            on = ((patterns >> position) & 1).astype(bool)[None, :]
            sums = self._add(sums, argument, np.where(on, drawn[argument.assumption], 0.0))
        tables = transform([np.broadcast_to(each, (each.shape[0], len(patterns))) for each in sums])
        index = _pattern([holds for _, holds in wide])
        result = []
        offsets: dict[int, Array] = {}
        for table in tables:
            rows = table.shape[0]
            if rows not in offsets:
                offsets[rows] = index if rows == 1 else index + np.arange(rows)[:, None] * len(patterns)
            result.append(np.take(np.ascontiguousarray(table).ravel(), offsets[rows]))
        return result


def _pattern(conditions: Sequence[Array]) -> Array:
    """Which conditions hold in each world, as one number: condition k is bit k."""
    pattern = conditions[0].view(np.uint8)
    for position, holds in enumerate(conditions[1:], start=1):
        pattern = pattern | (holds.view(np.uint8) << np.uint8(position))
    return pattern.astype(np.intp)
