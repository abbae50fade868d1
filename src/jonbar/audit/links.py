"""Links: the named arguments by which a change reaches an outcome, and what each of them rests on.

Nothing here is sampled. A link leads from what an argument reads to what it moves; a condition without which there is
no answer (`only if`) and a formula without coefficients are links by definition, and no evidence is asked for them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from jonbar.scenario.expressions import names_in
from jonbar.scenario.settings import standing
from jonbar.scenario.terms import Scenario, Variable
from jonbar.scm.model import Model


class Standing(StrEnum):
    """What a link rests on."""

    COUNTED = "counted"  # cases of a named class
    MEASURED = "measured"  # a cited measurement
    ARGUED = "argued"  # a reason, no measurement
    DISPUTED = "disputed"  # it holds only if a disputed theory is true
    BARE = "bare"  # nothing
    DEFINED = "defined"  # it follows from what the words mean


@dataclass(frozen=True)
class Link:
    """One argument (`variable.push`), coefficient (`variable.name`) or definition (`variable`)."""

    name: str
    variable: str
    reads: frozenset[str]  # variables
    standing: Standing
    because: str
    sources: tuple[str, ...]


def links_of(scenario: Scenario) -> tuple[Link, ...]:
    """Every link of a scenario, in file order."""
    return tuple(link for variable in scenario.variables.values() for link in _links(scenario, variable))


def _links(scenario: Scenario, variable: Variable) -> Iterator[Link]:
    backing = variable.backing
    reason, sources = backing.because, (*backing.measured, *backing.asserted)
    gate = names_in(variable.only_if) if variable.only_if is not None else set()
    formula = names_in(variable.formula) if variable.formula is not None else set()
    defined = _others(scenario, variable, gate | (formula if not variable.where else set()))
    if defined:
        yield Link(variable.name, variable.name, defined, Standing.DEFINED, reason, sources)
    for name, estimate in variable.where.items():
        sort = Standing(standing(estimate, backing))
        yield Link(
            f"{variable.name}.{name}", variable.name, _others(scenario, variable, formula), sort, reason, sources
        )
    for push in variable.pushes:
        names = push.reads
        sort = Standing.DISPUTED if names & scenario.premises.keys() else Standing(standing(push.size, push.backing))
        cited = (*push.backing.measured, *push.backing.asserted)
        reads = _others(scenario, variable, names)
        yield Link(f"{variable.name}.{push.name}", variable.name, reads, sort, push.backing.because, cited)


def _others(scenario: Scenario, variable: Variable, names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if name in scenario.variables and name != variable.name)


@dataclass(frozen=True)
class Web:
    """What a change can reach, link by link. What the change sets itself has no other cause any more."""

    changed: frozenset[str]
    reached: frozenset[str]  # without what is changed
    links: tuple[Link, ...]  # from the change, or from what it reaches, to what it reaches


def web_of(model: Model, changed: frozenset[str]) -> Web:
    """Everything that follows from a change, at kept luck."""
    reached = _reachable(model, changed, changed)
    links = (each for each in links_of(model.scenario) if each.variable in reached and each.reads & (changed | reached))
    return Web(changed, reached, tuple(links))


def other_paths(model: Model, cause: str, changed: frozenset[str]) -> frozenset[str]:
    """What a cause can reach on paths that do not pass through the change."""
    return _reachable(model, frozenset({cause}), changed | {cause})


def _reachable(model: Model, start: frozenset[str], closed: frozenset[str]) -> frozenset[str]:
    """What reads these, directly or not, on paths that never enter what is closed."""
    readers: dict[str, set[str]] = {}
    for name, reads in model.reads.items():
        for each in reads:
            readers.setdefault(each, set()).add(name)
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        for name in readers.get(waiting.pop(), set()) - closed - reached:
            reached.add(name)
            waiting.append(name)
    return frozenset(reached)


def toward(model: Model, web: Web, outcome: Iterable[str]) -> tuple[Link, ...]:
    """The links of a web that lie on some path from the change to an outcome."""
    leading: set[str] = set()
    waiting = [name for name in outcome if name in web.reached]
    while waiting:
        name = waiting.pop()
        if name not in leading:
            leading.add(name)
            waiting.extend(model.reads[name] & web.reached)
    return tuple(each for each in web.links if each.variable in leading)


def main_chain(web: Web, weights: Mapping[str, float], moving: Set[str], outcome: Iterable[str]) -> tuple[str, ...]:
    """The variables of the path from the change to an outcome whose weakest link matters most; empty without one.

    `weights` says by link how much it matters, and `moving` which variables have another answer after the change: a
    path through one that has not is no path. Definitions do not weaken a path; of equals the shorter is taken.
    """
    wanted = frozenset(outcome)
    edges: dict[str, dict[str, float]] = {}
    for link in (each for each in web.links if each.variable in wanted | moving):
        weight = float("inf") if link.standing is Standing.DEFINED else weights.get(link.name, 0.0)
        for name in link.reads & (web.changed | web.reached):
            before = edges.setdefault(name, {}).get(link.variable, -1.0)
            edges[name][link.variable] = max(before, weight)
    waiting: list[tuple[float, int, tuple[str, ...]]] = [(-float("inf"), 0, (name,)) for name in sorted(web.changed)]
    heapq.heapify(waiting)
    done: set[str] = set()
    while waiting:
        weakest, length, path = heapq.heappop(waiting)
        if path[-1] in done:
            continue
        done.add(path[-1])
        if path[-1] in wanted:
            return path
        for name, weight in edges.get(path[-1], {}).items():
            if name not in done:
                heapq.heappush(waiting, (max(weakest, -weight), length + 1, (*path, name)))
    return ()
