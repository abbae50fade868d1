"""Luck, by name: every random number is a pure function of its name and of the world it belongs to.

A stream is named by (seed, purpose, variable, state or year); its element for world (draw, telling) is the
SplitMix64 finaliser of `key + golden * (draw * 2**32 + telling)` (Steele, Lea & Flood 2014). Nothing else enters: no
generator is carried about, so adding a variable changes no other column, asking for more worlds extends
what was there, blocks may be computed in any order on any machine, and twin worlds share luck because
they share names.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, Any]
Key = np.uint64 | Array  # of one stream, or of one a column

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_TWELVE, _TWENTY_SEVEN, _THIRTY = np.uint64(12), np.uint64(27), np.uint64(30)
_ONE = np.uint64(0x3FF0000000000000)  # the bits of 1.0
_BELOW_ONE, _LEAST = 1.0 - 2.0**-53, 2.0**-1000
_LARGEST_KEPT = 1 << 17  # numbers: a megabyte
_kept = threading.local()


@lru_cache(maxsize=1 << 16)
def key_of(seed: int, *name: str) -> np.uint64:
    """The key of a named stream: 64 bits of BLAKE2b over the seed and the parts of the name."""
    text = "\x1f".join((str(seed), *name)).encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


def positions(draws: Array, tellings: Array) -> Array:
    """Where each world stands in every stream: one 64-bit position a world, shape (draw, telling).

    `tellings` has shape (1, telling), or (draw, telling) where each draw has its own.
    """
    index = (draws.astype(np.uint64)[:, None] << np.uint64(32)) + tellings.astype(np.uint64)
    return index * GOLDEN


def uniform(key: Key, at: Array) -> Array:
    """One uniform on (0, 1) a world: never exactly 0 or 1, so that its logarithm is finite.

    The mixer's last shift is left out: it touches only the lower half of the bits. The 52 upper bits become the
    fraction of a number in [1, 2), from which a little less than 1 is taken.
    """
    unit = np.empty(at.shape)
    bits = unit.view(np.uint64)
    shifted = _scratch(bits)
    np.add(at, key, bits)
    np.right_shift(bits, _THIRTY, shifted)
    np.bitwise_xor(bits, shifted, bits)
    np.multiply(bits, _FIRST, bits)
    np.right_shift(bits, _TWENTY_SEVEN, shifted)
    np.bitwise_xor(bits, shifted, bits)
    np.multiply(bits, _SECOND, bits)
    np.right_shift(bits, _TWELVE, bits)
    np.bitwise_or(bits, _ONE, bits)
    np.subtract(unit, _BELOW_ONE, unit)
    return unit


def keep_freed_memory() -> Array:
    """Let large arrays go below one that stays, so that what later blocks free is kept for those after them.

    Fresh pages cost twice as much as all the arithmetic on them. glibc takes the size of the first array as the limit
    up to which freed memory is worth keeping at all, and gives back what is free at the top of its heap: hence the one
    that stays there. Untouched arrays cost nothing; other libraries take no notice.
    """
    np.empty(30 << 20, dtype=np.uint8)
    room = [np.empty(16 << 20, dtype=np.uint8) for _ in range(24)]
    top = np.empty(8 << 20, dtype=np.uint8)
    del room
    return top


def _scratch(like: Array) -> Array:
    """Room for intermediate bits, kept from call to call in each thread: fresh memory costs more than arithmetic."""
    room: Array | None = getattr(_kept, "room", None)
    if room is None or room.size < like.size:
        room = np.empty(like.size, dtype=np.uint64)
        if like.size <= _LARGEST_KEPT:
            _kept.room = room
    return room[: like.size].reshape(like.shape)


def exponential(key: Key, at: Array) -> Array:
    """One standard exponential a world."""
    unit = uniform(key, at)
    np.log(unit, out=unit)
    np.negative(unit, out=unit)
    return unit


def normal(key: Key, at: Array) -> Array:
    """One standard normal a world, increasing in the underlying uniform."""
    from scipy.special import ndtri

    unit = uniform(key, at)
    result: Array = ndtri(unit, out=unit)
    return result


Sampler = Callable[[Key, Array], Array]


def of_normal(sampler: Sampler, held: Array) -> Array:
    """What a sampler would have drawn where its luck is held as a standard normal.

    Every kind of luck is increasing in one (falling, for an exponential), so a small step of the normal is a small step
    of it: that is what lets a chain move by small steps and keep the prior.
    """
    from scipy.special import log_ndtr, ndtr

    if sampler is normal:
        return held
    if sampler is exponential:
        return np.asarray(-log_ndtr(held))
    return np.clip(ndtr(held), _LEAST, _BELOW_ONE)


class Source(Protocol):
    """Whoever gives luck by name: worlds, assumption draws, or the candidates of a chain."""

    @property
    def shape(self) -> tuple[int, int]:
        """Of the arrays it gives: draws, and tellings or candidates."""
        ...

    def noise(self, sampler: Sampler, *name: str) -> Array:
        """A named stream of luck."""
        ...


_top = keep_freed_memory()
