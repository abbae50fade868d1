"""Claims -> who contradicts whom, who says what on each question, what nobody disputes, what no question covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from jonbar.disagreement.assertions import OURS, Assertion, assertion_of
from jonbar.disagreement.coherence import can_all_be
from jonbar.scenario.expressions import names_in
from jonbar.scenario.terms import Claim, ClaimKind, Scenario

BY_RECORDS = (ClaimKind.FACT, ClaimKind.UTTERANCE, ClaimKind.DEFINITION)


@dataclass(frozen=True)
class Contradiction:
    """Claims that cannot all be so, and the questions they are about. Without any one of them the rest can.

    Of two whose words deny each other, and whose tests do not, the file says so (`declared`); `about` is then empty if
    no question is common to them.
    """

    claims: tuple[Claim, ...]
    about: tuple[str, ...]
    declared: bool = False

    @property
    def with_oneself(self) -> bool:
        """Whether one person makes all of them."""
        return len({claim.who for claim in self.claims}) == 1


@dataclass(frozen=True)
class Crossing:
    """Two claims that can both be so only because they speak of different acts, or suppose different things."""

    one: Claim
    other: Claim
    about: tuple[str, ...]
    acts: bool  # whether it is the act that differs


@dataclass(frozen=True)
class Voices:
    """Everything that is said of one question."""

    variable: str
    ask: str
    said: tuple[Assertion, ...]

    @property
    def speakers(self) -> frozenset[str]:
        """Who says something of it."""
        return frozenset(each.claim.who for each in self.said)


@dataclass(frozen=True)
class Disagreement:
    """A debate's claims sorted by what divides them.

    `agreed` are questions on which several speak and nobody contradicts anybody; `alone` those on which one speaks.
    `uncovered` are claims that no variable of the file covers, `noncommittal` those that only keep something possible
    or name no line, `recorded` those that records or words settle, if anything does, and `values` those that weigh
    what happens.
    """

    claims: int
    speakers: int
    contradictions: tuple[Contradiction, ...]
    crossings: tuple[Crossing, ...]
    voices: tuple[Voices, ...]
    agreed: tuple[str, ...]
    alone: tuple[str, ...]
    uncovered: tuple[Claim, ...]
    noncommittal: tuple[Claim, ...]
    recorded: tuple[Claim, ...]
    values: tuple[Claim, ...]


def disagreement(scenario: Scenario) -> Disagreement:
    """Who contradicts whom, by what the claims of a scenario assert."""
    every = list(scenario.claims.values())
    read = [assertion for claim in every if (assertion := assertion_of(claim, scenario)) is not None]
    pairs = [pair for pair in combinations(read, 2) if _meet(*pair)]
    contradictory = [pair for pair in pairs if not can_all_be(pair, scenario)]
    found = [*contradictory, *_larger(read, contradictory, scenario)]
    declared = tuple(_declared(scenario, read, contradictory))
    crossings = tuple(_crossings(read, contradictory, scenario))
    voices = _voices(read, scenario)
    disputed = {name for each in found for name in _about(each)}
    disputed |= {name for each in declared for name in each.about} | {name for each in crossings for name in each.about}
    agreed = [each.variable for each in voices if len(each.speakers) > 1 and each.variable not in disputed]
    tested = {each.claim.name for each in read}
    silent = [claim for claim in every if claim.name not in tested]
    return Disagreement(
        len(every),
        len({claim.who for claim in every}),
        (*(Contradiction(tuple(each.claim for each in group), _about(group)) for group in found), *declared),
        crossings,
        voices,
        tuple(agreed),
        tuple(each.variable for each in voices if len(each.speakers) == 1),
        tuple(claim for claim in silent if not claim.test and claim.kind not in (*BY_RECORDS, ClaimKind.VALUE)),
        tuple(claim for claim in silent if claim.test and claim.kind is not ClaimKind.VALUE),
        tuple(claim for claim in silent if not claim.test and claim.kind in BY_RECORDS),
        tuple(claim for claim in silent if claim.kind is ClaimKind.VALUE),
    )


def _names(assertion: Assertion) -> frozenset[str]:
    return frozenset(name for term in assertion.terms for tree in term.trees for name in names_in(tree))


def _places(assertion: Assertion) -> frozenset[tuple[str, str]]:
    """Which questions of which worlds it speaks of."""
    return frozenset((term.world, name) for term in assertion.terms for tree in term.trees for name in names_in(tree))


def _meet(one: Assertion, other: Assertion) -> bool:
    return not _places(one).isdisjoint(_places(other))


def _about(group: Sequence[Assertion]) -> tuple[str, ...]:
    """The questions that every one of some claims is about, or else those that two of them share."""
    named = [[*_subjects(each), *sorted(_names(each) - set(_subjects(each)))] for each in group]
    every = list(dict.fromkeys(name for names in named for name in names))
    subjects = [name for name in every if all(name in _subjects(each) for each in group)]
    return tuple(subjects or [name for name in every if sum(name in names for names in named) > 1])


def _subjects(assertion: Assertion) -> list[str]:
    return sorted({name for term in assertion.terms for name in names_in(term.of)})


def _larger(
    read: Sequence[Assertion], pairs: Sequence[tuple[Assertion, ...]], scenario: Scenario
) -> Iterator[tuple[Assertion, ...]]:
    """Three claims and more that cannot all be so although any two of them can."""
    dropped = {id(pair[1]) for pair in pairs}
    for group in _connected([each for each in read if id(each) not in dropped]):
        rest = list(group)
        while len(rest) > 2 and not can_all_be(rest, scenario):
            least = list(rest)
            for each in rest:
                fewer = [other for other in least if other is not each]
                if not can_all_be(fewer, scenario):
                    least = fewer
            yield tuple(least)
            rest = [each for each in rest if each is not least[-1]]


def _connected(read: Sequence[Assertion]) -> Iterator[list[Assertion]]:
    """Assertions in groups that share no question of a world with each other."""
    waiting = list(read)
    while waiting:
        group, grown = [waiting.pop(0)], True
        while grown:
            more = [each for each in waiting if any(_meet(each, other) for other in group)]
            waiting = [each for each in waiting if each not in more]
            group += more
            grown = bool(more)
        yield group


def _declared(
    scenario: Scenario, read: Sequence[Assertion], known: Sequence[tuple[Assertion, ...]]
) -> Iterator[Contradiction]:
    """Pairs of which one denies the other by its own words, as the file says, where their tests do not show it."""
    shown = {frozenset(each.claim.name for each in pair) for pair in known}
    by_name = {each.claim.name: each for each in read}
    for claim in scenario.claims.values():
        for name in claim.denies:
            pair = frozenset((claim.name, name))
            if pair not in shown:
                shown.add(pair)
                tested = [by_name[each] for each in (claim.name, name) if each in by_name]
                about = _about(tested) if len(tested) == 2 else ()
                yield Contradiction((claim, scenario.claims[name]), about, declared=True)


def _crossings(
    read: Sequence[Assertion], contradictory: Sequence[tuple[Assertion, ...]], scenario: Scenario
) -> Iterator[Crossing]:
    known = {frozenset((id(one), id(other))) for one, other in contradictory}
    for one, other in combinations(read, 2):
        if frozenset((id(one), id(other))) in known or _names(one).isdisjoint(_names(other)):
            continue
        worlds = [{term.world for term in each.terms} - {OURS} for each in (one, other)]
        if one.claim.who == other.claim.who or any(len(each) != 1 for each in worlds):
            continue  # one that compares two acts means both
        acts = worlds[0] != worlds[1]
        moved = [each.moved(min(worlds[0]), bare=not acts) for each in (one, other)]
        if (acts or _conditional(one) or _conditional(other)) and not can_all_be(moved, scenario):
            yield Crossing(one.claim, other.claim, _about((one, other)), acts)


def _conditional(assertion: Assertion) -> bool:
    return any(term.given is not None for term in assertion.terms)


def _voices(read: Sequence[Assertion], scenario: Scenario) -> tuple[Voices, ...]:
    """What is said of each question that somebody speaks of, in the order of the file."""
    found = []
    for name, variable in scenario.variables.items():
        said = tuple(each for each in read if any(name in names_in(term.of) for term in each.terms))
        if said:
            found.append(Voices(name, variable.ask, said))
    return tuple(found)
