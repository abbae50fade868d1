"""Summing out: the product of many small tables, added up over all variables but a few.

A table knows only a few variables, so the sum can be taken one variable at a time: multiply the tables that mention it,
add up over it, and put back what is left as one new table (variable elimination). What each step must hold is known
before any number is, so that the cost of an order can be looked at first. Going back through the same steps gives the
derivative of the total by every table: the joint chance of what it mentions, up to a common factor (Darwiche 2003).

The last axis of every table is the assumption draw, so that all draws go through one pass; a table that is the same in
every draw has length 1 there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from jonbar.scm.noise import Array

Scope = tuple[Any, ...]


@dataclass(frozen=True)
class Bucket:
    """One variable summed out: everything that mentions it is multiplied, and what is left is a message."""

    scope: Scope  # the variable first, then those that are summed out later, in that order
    members: tuple[int, ...]  # tables by position; messages come after them, in the order of buckets


@dataclass(frozen=True)
class Schedule:
    """In which order to sum out the variables of some tables."""

    scopes: tuple[Scope, ...]  # of the tables, each in the order of elimination
    arranged: tuple[tuple[int, ...], ...]  # where each table's axes were before
    sizes: Mapping[Any, int]
    buckets: tuple[Bucket, ...]

    @cached_property
    def cells(self) -> int:
        """How many numbers all steps multiply, a draw."""
        return sum(self.cells_of(bucket.scope) for bucket in self.buckets)

    def cells_of(self, scope: Scope) -> int:
        """How many combinations some variables have."""
        return prod(self.sizes[each] for each in scope)

    def scope_of(self, member: int) -> Scope:
        """What a table or a message mentions."""
        return self.scopes[member] if member < len(self.scopes) else self.buckets[member - len(self.scopes)].scope[1:]


def schedule(scopes: Sequence[Scope], sizes: Mapping[Any, int]) -> Schedule:
    """An order in which each variable is summed out when that makes the smallest new table (greedy min-weight)."""
    near: dict[Any, set[Any]] = {each: set() for scope in scopes for each in scope}
    for scope in scopes:
        for each in scope:
            near[each].update(scope)
    for each, others in near.items():
        others.discard(each)
    cost = {each: prod(sizes[other] for other in others) for each, others in near.items()}
    order: dict[Any, int] = {}
    while cost:
        least = min(cost, key=cost.__getitem__)
        del cost[least]
        order[least] = len(order)
        around = near.pop(least)
        for each in around:
            others = near[each]
            others |= around
            others -= {least, each}
            cost[each] = prod(sizes[other] for other in others)
    arranged = tuple(tuple(sorted(range(len(scope)), key=lambda at: order[scope[at]])) for scope in scopes)
    sorted_scopes = tuple(tuple(scope[at] for at in axes) for scope, axes in zip(scopes, arranged, strict=True))
    return Schedule(sorted_scopes, arranged, sizes, _buckets(sorted_scopes, order))


def _buckets(scopes: Sequence[Scope], order: Mapping[Any, int]) -> tuple[Bucket, ...]:
    waiting: dict[Any, list[int]] = {each: [] for each in order}
    held: list[Scope] = list(scopes)
    for position, scope in enumerate(scopes):
        if scope:
            waiting[scope[0]].append(position)
    found: list[Bucket] = []
    for variable in order:
        members = waiting[variable]
        together = set().union(*(held[each] for each in members))
        scope = tuple(sorted(together, key=order.__getitem__))
        held.append(scope[1:])
        if len(scope) > 1:
            waiting[scope[1]].append(len(held) - 1)
        found.append(Bucket(scope, tuple(members)))
    return tuple(found)


@dataclass(frozen=True)
class Total:
    """The product of all tables, summed over everything, and what is needed to go back through the steps."""

    schedule: Schedule
    tables: Sequence[Array]  # tables, then messages; (*sizes, draw)
    log: Array  # (draw,), minus infinity where nothing is possible

    def joint(
        self, wanted: Collection[int], variables: Collection[Any] = ()
    ) -> tuple[dict[int, Array], dict[Any, Array]]:
        """Chances, up to one factor a draw, of what some tables mention (their own numbers left out) and of variables.

        The first are derivatives of the total by those tables, with the axes that the tables came with; the second
        are each variable's own chances, shape (state, draw), which add up to 1.
        """
        plan, count = self.schedule, len(self.schedule.scopes)
        useful = self._useful(wanted, variables)
        gradient: dict[int, Array] = {}
        tables: dict[int, Array] = {}
        chances: dict[Any, Array] = {}
        for position in reversed(range(len(plan.buckets))):
            bucket = plan.buckets[position]
            if position not in useful:
                continue
            outer = gradient.pop(count + position, None)
            views = [plan_view(plan, bucket.scope, each, self.tables[each]) for each in bucket.members]
            if outer is not None:
                views.append(outer[None])
            if bucket.scope[0] in variables:
                every = _multiply(views)
                own = every.reshape(every.shape[0], -1, every.shape[-1]).sum(axis=1)
                chances[bucket.scope[0]] = _normalise(own)
            for at, member in enumerate(bucket.members):
                if member in wanted or (member >= count and member - count in useful):
                    rest = views[:at] + views[at + 1 :]
                    found = _sum_to(
                        _multiply(rest) if rest else np.ones((1,) * (len(bucket.scope) + 1)),
                        plan,
                        bucket.scope,
                        plan.scope_of(member),
                    )
                    if member < count:
                        back = np.argsort(plan.arranged[member])
                        tables[member] = np.transpose(found, (*back, len(back)))
                    else:
                        gradient[member] = _scaled(found)[0]
        return tables, chances

    def _useful(self, wanted: Collection[int], variables: Collection[Any]) -> set[int]:
        """Buckets on the way from the last to something that is asked for."""
        count, found = len(self.schedule.scopes), set()
        for position, bucket in enumerate(self.schedule.buckets):
            if bucket.scope[0] in variables or any(
                each in wanted or (each >= count and each - count in found) for each in bucket.members
            ):
                found.add(position)
        return found


def plan_view(plan: Schedule, scope: Scope, member: int, table: Array) -> Array:
    """A table or message with an axis of length 1 for each variable that it does not mention."""
    own = plan.scope_of(member)
    sizes = iter(table.shape)
    return table.reshape([next(sizes) if each in own else 1 for each in scope] + [table.shape[-1]])


def add_up(plan: Schedule, tables: Sequence[Array]) -> Total:
    """All tables multiplied and summed out; `tables` have the axes of the scopes that the schedule was made for."""
    held = [
        np.ascontiguousarray(np.transpose(table, (*axes, len(axes))))
        for table, axes in zip(tables, plan.arranged, strict=True)
    ]
    log: Array = np.zeros(1)
    with np.errstate(divide="ignore"):
        for scope, table in zip(plan.scopes, held, strict=True):
            if not scope:
                log = log + np.log(table)
        for bucket in plan.buckets:
            views = [plan_view(plan, bucket.scope, each, held[each]) for each in bucket.members]
            message, most = _scaled(_multiply(views).sum(axis=0))
            log = log + np.log(most)
            held.append(message)
    return Total(plan, held, log)


def _multiply(views: Sequence[Array]) -> Array:
    """The product of tables, small ones first."""
    smallest_first = sorted(views, key=lambda each: each.size)
    product = smallest_first[0]
    for each in smallest_first[1:]:
        product = product * each
    return product


def _sum_to(table: Array, plan: Schedule, scope: Scope, kept: Scope) -> Array:
    """A table over `scope` added up over everything but `kept`; what it did not mention counts once a combination."""
    axes = tuple(at for at, each in enumerate(scope) if each not in kept)
    unmentioned = prod(plan.sizes[scope[at]] for at in axes if table.shape[at] == 1)
    full = table.sum(axis=axes) if axes else table
    shape = [plan.sizes[each] for each in kept]
    return np.asarray(np.broadcast_to(full * unmentioned, (*shape, full.shape[-1])))


def _scaled(table: Array) -> tuple[Array, Array]:
    """A table with its largest number in each draw taken out, so that long products do not vanish."""
    most = table.reshape(-1, table.shape[-1]).max(axis=0)
    return np.asarray(np.divide(table, most, out=np.zeros_like(table), where=most > 0.0)), most


def _normalise(chances: Array) -> Array:
    total = chances.sum(axis=0)
    return np.asarray(np.divide(chances, total, out=np.zeros_like(chances), where=total > 0.0))
