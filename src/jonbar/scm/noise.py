"""Luck, by name: every random number is a pure function of its name and of the world it belongs to.

A stream is named by (seed, purpose, variable, state or year); its element for world (draw, telling) is the
SplitMix64 finaliser of `key + golden * (draw * 2**32 + telling)` (Steele, Lea & Flood 2014). Nothing else enters: no
generator is carried about, so adding a variable changes no other column, asking for more worlds extends
what was there, blocks may be computed in any order on any machine, and twin worlds share luck because
they share names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_ONE, _BELOW_ONE = np.uint64(0x3FF0000000000000), 1.0 - 2.0**-53


def key_of(seed: int, *name: str) -> np.uint64:
    """The key of a named stream: 64 bits of BLAKE2b over the seed and the parts of the name."""
    text = "\x1f".join((str(seed), *name)).encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


def positions(draws: Array, tellings: Array) -> Array:
    """Where each world stands in every stream: one 64-bit position a world, shape (draw, telling)."""
    index = (draws.astype(np.uint64)[:, None] << np.uint64(32)) + tellings.astype(np.uint64)[None, :]
    return index * GOLDEN


def uniform(key: np.uint64, at: Array) -> Array:
    """One uniform on (0, 1) a world: never exactly 0 or 1, so that its logarithm is finite."""
    bits = at + key
    shifted = bits >> np.uint64(30)
    bits ^= shifted
    bits *= _FIRST
    np.right_shift(bits, np.uint64(27), out=shifted)
    bits ^= shifted
    bits *= _SECOND
    np.right_shift(bits, np.uint64(31), out=shifted)
    bits ^= shifted
    bits >>= np.uint64(12)
    bits |= _ONE  # the bits of a float in [1, 2)
    unit = bits.view(np.float64)
    unit -= _BELOW_ONE
    return unit


def exponential(key: np.uint64, at: Array) -> Array:
    """One standard exponential a world."""
    unit = uniform(key, at)
    np.log(unit, out=unit)
    np.negative(unit, out=unit)
    return unit


def normal(key: np.uint64, at: Array) -> Array:
    """One standard normal a world, increasing in the underlying uniform."""
    from scipy.special import ndtri

    unit = uniform(key, at)
    result: Array = ndtri(unit, out=unit)
    return result


Sampler = Callable[[np.uint64, Array], Array]
