"""Which questions of a scenario a claim may be about, the likeliest first: words in common, weighted by rarity.

Scores are cosines of TF-IDF vectors over word stems (Salton & Buckley 1988). Who has a model of meaning may give it:
then half of a score is how alike the claim is in meaning to the question, or to what people call it. Scores rank; a
person decides.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from jonbar.scenario.terms import Scenario

SHORTEST_MISSPELT = 6  # letters
NEARLY = 80.0  # of 100, rapidfuzz's ratio
MEANING = 0.5  # of a score, where a model of meaning is given
_WORD = re.compile(r"[a-z0-9]{2,}")
_SMALL_WORDS = (
    "a an and any are as at be because been before but by can could did do does else for from had has have he her "
    "him his how however if in into is it its just may might more most much no nor not now of on one only or "
    "other our out over own she should so some such than that the their them then there these they this those "
    "through to too up us very was we were what when where which while who whom why will with would you your "
    "about after again all also "
)
_EMPTY = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Match:
    """A question that a claim may be about. `score` is between 0 and 1, and only ranks."""

    variable: str
    score: float


class Likeness(Protocol):
    """How alike texts are in meaning."""

    def __call__(self, text: str, others: tuple[str, ...]) -> Sequence[float]:
        """One text beside each of some others: 1 for the same, 0 for nothing in common."""


@dataclass(frozen=True)
class Linker:
    """The questions of one scenario, ready to be compared with claims: by words, and by meaning if that is given."""

    scenario: Scenario
    likeness: Likeness | None = None

    @cached_property
    def _stem(self) -> Callable[[str], str]:
        import snowballstemmer  # type: ignore[import-untyped]

        stemmer = snowballstemmer.stemmer("english")
        known: dict[str, str] = {}

        def stem(word: str) -> str:
            if word not in known:
                known[word] = stemmer.stemWord(word)
            return known[word]

        return stem

    def _terms(self, text: str) -> Counter[str]:
        words = _WORD.findall(text.lower().replace("_", " ").replace("’", "'").replace("'s ", " "))
        return Counter(self._stem(each) for each in words if each not in _EMPTY)

    @cached_property
    def _counts(self) -> Mapping[str, Counter[str]]:
        """The words of each question: its names and wording count double, its arguments once."""
        found = {}
        for name, variable in self.scenario.variables.items():
            states = " ".join(state.name for state in variable.states)
            own = self._terms(f"{name} {variable.ask} {states} {' '.join(variable.also_called)}")
            arguments = self._terms(" ".join(f"{push.name} {push.backing.because}" for push in variable.pushes))
            found[name] = Counter({term: 2 * count for term, count in own.items()}) + arguments
        return found

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        holds = Counter(term for counts in self._counts.values() for term in counts)
        return {term: math.log((1 + len(self._counts)) / (1 + many)) + 1 for term, many in holds.items()}

    @cached_property
    def _vectors(self) -> Mapping[str, Mapping[str, float]]:
        return {name: self._vector(counts) for name, counts in self._counts.items()}

    def _vector(self, counts: Counter[str]) -> Mapping[str, float]:
        weighed = {
            term: (1 + math.log(count)) * self._rarity[term] for term, count in counts.items() if term in self._rarity
        }
        length = math.sqrt(sum(weight * weight for weight in weighed.values()))
        return {term: weight / length for term, weight in weighed.items()} if length else {}

    def _spelt(self, counts: Counter[str]) -> Counter[str]:
        """Words that the scenario does not have, read as the word of it that they are nearly spelt as."""
        from rapidfuzz import fuzz, process

        found: Counter[str] = Counter()
        for term, count in counts.items():
            near = None
            if term not in self._rarity and len(term) >= SHORTEST_MISSPELT:
                near = process.extractOne(term, self._rarity.keys(), scorer=fuzz.ratio, score_cutoff=NEARLY)
            found[near[0] if near else term] += count
        return found

    def named(self, text: str) -> tuple[str, ...]:
        """The questions whose name holds what somebody types, then those whose name is nearly spelt so."""
        from rapidfuzz import fuzz, process

        typed = text.strip().lower()
        if not typed:
            return ()
        names = list(self.scenario.variables)
        near = process.extract(typed, names, scorer=fuzz.ratio, processor=str.lower, score_cutoff=NEARLY)
        return tuple(dict.fromkeys([*(name for name in names if typed in name.lower()), *(each[0] for each in near)]))

    def rank(self, text: str, most: int = 5) -> tuple[Match, ...]:
        """The questions that share most with a text, best first; none where nothing is shared."""
        words = self._vector(self._spelt(self._terms(text)))
        found = {
            name: sum(weight * vector.get(term, 0.0) for term, weight in words.items())
            for name, vector in self._vectors.items()
        }
        if self.likeness is not None:
            alike = self._alike(self.likeness, text)
            found = {name: (1.0 - MEANING) * score + MEANING * alike[name] for name, score in found.items()}
        scores = [Match(name, score) for name, score in found.items()]
        shared = [each for each in scores if each.score > 0.0]
        return tuple(sorted(shared, key=lambda each: (-each.score, each.variable))[:most])

    @cached_property
    def _sayings(self) -> tuple[tuple[str, str], ...]:
        """Each question as it is asked and as people call it, with its name."""
        every = self.scenario.variables.items()
        return tuple((name, said) for name, variable in every for said in (variable.ask, *variable.also_called))

    def _alike(self, likeness: Likeness, text: str) -> Mapping[str, float]:
        """How alike a text is to each question, by the likest of its sayings."""
        found = dict.fromkeys(self.scenario.variables, 0.0)
        for (name, _), score in zip(
            self._sayings, likeness(text, tuple(said for _, said in self._sayings)), strict=True
        ):
            found[name] = max(found[name], score)
        return found
