"""Whether chains have settled, what their draws are worth, and which fact starves them where they have not.

Chains are stopped half-way and at the end. They run independently of each other, so their draws are worth as many as
there are of them, less only what is left of where they started. That is judged by what moved in the last half. If the
mean of something moved by d posterior standard deviations while its two halves are still correlated by r, and what is
left of the start shrinks by r each time the sweeps double or faster, then the mean is still off by at most
b = d r / (1 - r), and the estimator's squared error is 1/K + b^2 posterior variances for K chains. The effective number
of draws, posterior variance over squared error, is therefore K / (1 + K b^2), taken for the slowest thing of all that a
chain moves. Noise in d and r only makes it smaller. (docs/reference/proof.md sets errors beside what seeds differ by.)

A fact starves its draws in one of three ways:

- *unreached*: some chains never came to agree with it, and those that did are not a fair sample;
- *unsettled*: its fit was still moving, or the chains still knew where they had been, when we stopped them;
- *contradicted*: every draw makes this fact, or another that it conflicts with, less than a millionth as likely as
  everything else that might have been, or agrees with it only by an assumption or hidden luck beyond five standard
  deviations of what the file says. Nothing is wrong with the arithmetic then, but it describes worlds that the file all
  but rules out.

What starves is left out of the weights, so that answers which do not lean on it keep all their draws.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jonbar.scm.assumptions import SCHOOL
from jonbar.scm.chains import Chains
from jonbar.scm.mechanism import Observation
from jonbar.scm.model import Model
from jonbar.scm.moves import LUCK, hearing
from jonbar.scm.noise import Array

Heard = Mapping[str, Sequence[str]]  # by stream, the facts that hear of it, in causal order
UNREACHED, UNSETTLED, CONTRADICTED = "unreached", "unsettled", "contradicted"
MOST_ERRORS = 4.0  # standard errors by which a mean may move between half-way and the end
MOST_MEMORY = 0.5  # correlation of where a chain stands at the end with where it stood half-way
MOST_LEFT_OUT = 0.02  # share of chains that may fail to agree with a fact
LEAST_PLAUSIBLE = 1e-6
FARTHEST = 5.0  # prior standard deviations


@dataclass(frozen=True, eq=False)
class Settling:
    """Chains half-way and at the end."""

    half_way: Chains
    now: Chains

    def first(self, count: int) -> Settling:
        """The same for the first chains alone, so that whether to go on does not depend on how many were asked for."""

        def cut(chains: Chains) -> Chains:
            maps = ({name: each[:count] for name, each in part.items()} for part in vars(chains).values())
            return Chains(*maps)

        return Settling(cut(self.half_way), cut(self.now))

    @cached_property
    def agreeing(self) -> Array:
        """Which chains agree with every fact; shape (draw,)."""
        return np.asarray(np.isfinite(self.now.fit))

    @cached_property
    def moved(self) -> Mapping[str, float]:
        """By fact: how many standard errors its fit moved in the last half."""
        return {fact: _errors_moved(self.half_way.evidence[fact], each) for fact, each in self.now.evidence.items()}

    @cached_property
    def memory(self) -> Mapping[str, float]:
        """By stream: correlation of where chains stand at the end with where they stood half-way."""
        ok = self.agreeing & np.isfinite(self.half_way.fit)
        return {name: _correlation(self.half_way.held[name][ok], each[ok]) for name, each in self.now.held.items()}

    @property
    def settled(self) -> bool:
        """Whether nothing moves any more, nothing is remembered, and all chains agree with the facts."""
        return (
            bool(self.agreeing.mean() >= 1.0 - MOST_LEFT_OUT)
            and max(self.moved.values(), default=0.0) < MOST_ERRORS
            and max(self.memory.values(), default=0.0) < self.most_memory
        )

    @property
    def most_memory(self) -> float:
        """The correlation that is too much, not counting what so many chains show by accident."""
        return MOST_MEMORY + MOST_ERRORS / float(np.sqrt(max(1, self.agreeing.sum())))

    def effective(self, streams: Iterable[str]) -> float:
        """The effective number of draws: of the slowest of these streams."""
        worst = 0.0
        for name in streams:
            before, now, memory = self.half_way.held[name], self.now.held[name], max(0.0, self.memory[name])
            variance = float(now.var())
            if memory > 0.0 and variance > 0.0:
                noise = 2.0 * variance * (1.0 - memory) / len(now)
                moved = max(0.0, float((now - before).mean()) ** 2 - noise) / variance
                worst = max(worst, moved * (memory / max(1.0 - memory, 1e-9)) ** 2)
        count = len(self.agreeing)
        return count / (1.0 + count * worst)


def _errors_moved(before: Array, now: Array) -> float:
    both = np.isfinite(before) & np.isfinite(now)
    moved = now[both] - before[both]
    spread = float(moved.std()) if len(moved) > 1 else 0.0
    return abs(float(moved.mean())) / spread * float(np.sqrt(len(moved))) if spread > 1e-9 else 0.0


def _correlation(one: Array, other: Array) -> float:
    if len(one) < 3 or float(one.std()) == 0.0 or float(other.std()) == 0.0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def starving(settling: Settling, heard: Heard) -> Mapping[str, str]:
    """The facts that the draws could not honestly be brought to agree with, and in which of the three ways."""
    found = beyond(settling.now, heard)
    if not settling.settled:
        for fact in _unsettled(settling, heard):
            found.setdefault(fact, UNSETTLED)
    return found


def beyond(chains: Chains, heard: Heard) -> dict[str, str]:
    """The facts that the file makes too hard to agree with, however long chains go on, and in which of two ways."""
    found = {}
    for fact, each in chains.evidence.items():
        if float((~np.isfinite(each)).mean()) > MOST_LEFT_OUT:
            found[fact] = UNREACHED
    for fact in _contradicted(chains, heard):
        found.setdefault(fact, CONTRADICTED)
    return found


def _contradicted(chains: Chains, heard: Heard) -> Iterator[str]:
    agreeing = np.isfinite(chains.fit)
    if not agreeing.any():
        return
    none = np.zeros_like(chains.fit)  # where every fact is itself a likelihood
    logs = np.stack(list(chains.plausible.values()) or [none])[:, agreeing]
    if logs.size and float(np.exp(logs.min(axis=0)).mean()) < LEAST_PLAUSIBLE:
        least = np.bincount(logs.argmin(axis=0), minlength=len(logs)) / logs.shape[1]
        yield from (fact for fact, share in zip(chains.plausible, least, strict=True) if share > MOST_LEFT_OUT)
    for stream, each in chains.held.items():
        if abs(float(each[agreeing].mean())) > FARTHEST and heard[stream]:
            yield _most_telling(chains, heard[stream])


def _unsettled(settling: Settling, heard: Heard) -> Iterator[str]:
    yield from (fact for fact, errors in settling.moved.items() if errors >= MOST_ERRORS)
    for stream, memory in settling.memory.items():
        if memory >= settling.most_memory:
            yield _most_telling(settling.now, heard[stream])


def worth(settling: Settling, heard: Heard, starved: Collection[str]) -> float:
    """The effective number of draws, of what does not lean on facts that starve."""
    return settling.effective(stream for stream in settling.now.held if set(starved).isdisjoint(heard[stream]))


def _most_telling(chains: Chains, heard: Sequence[str]) -> str:
    """The fact that pulled a stream most: among those that hear of it, the one whose fit the chains improved most."""

    def gain(fact: str) -> float:
        began, now = (each[fact] for each in (chains.began, chains.evidence))
        both = np.isfinite(began) & np.isfinite(now)
        return float((now - began)[both].mean()) if both.any() else np.inf

    return max(heard, key=gain)


def who_hears(model: Model, observed: Mapping[str, Observation], streams: Iterable[str]) -> Heard:
    """By stream, the facts that can tell something about it."""
    hears = hearing(model, observed)
    return {stream: hears.get(_move_of(model, stream), ()) for stream in streams}


def _move_of(model: Model, stream: str) -> str:
    """The move that a stream belongs to, from its full name."""
    purpose, _, rest = stream.partition("/")
    name = rest.partition("/")[0]
    if purpose == "luck":
        return LUCK + name
    if name in model.estimates or name in model.scenario.premises:
        return name
    owner, _, last = name.partition(".")
    return owner if last == "credence" and owner in model.scenario.premises else SCHOOL
