"""The posterior store: which draws agree with history, kept as bytes under the content they came from.

An entry may be deleted at any time; it is only ever an answer that can be computed again. Its key names everything
that it depends on: the scenario's meaning, the settings, and the engine's version.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Protocol

import numpy as np

from jonbar.scm.assimilate import Posterior
from jonbar.scm.tellings import Told

ENGINE_VERSION = "6"  # raise it whenever the same seed would give other numbers


class Store(Protocol):
    """Where posteriors are kept between questions; an entry that is gone or damaged is made again."""

    def read(self, key: str) -> bytes | None:
        """An entry, or None."""
        ...

    def write(self, key: str, entry: bytes) -> None:
        """Keep an entry."""
        ...


def posterior_key(meaning: str, *, seed: int, draws: int, tellings: int) -> str:
    """The name of an entry: a digest of the scenario's meaning (its dumped text), the settings and the engine."""
    text = "\x1f".join((ENGINE_VERSION, meaning, str(seed), str(draws), str(tellings)))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def save_posterior(posterior: Posterior) -> bytes:
    """A posterior as bytes: one small number a draw and assumption, whatever the number of worlds."""
    names = list(posterior.held)
    table = np.stack([posterior.held[name] for name in names]) if names else np.zeros((0, posterior.draws))
    told = posterior.told
    head = {
        "seed": posterior.seed,
        "draws": posterior.draws,
        "tellings": posterior.tellings,
        "names": names,
        "effective": posterior.effective,
        "starving": dict(posterior.starving),
        "credences": dict(posterior.credences),
        "level": posterior.level,
        "told": told is not None,
    }
    columns = [table.astype("<f8")]
    if told is not None:
        columns += [told.own.astype("<f8"), told.numbers.astype("<i4")]
    packed = zlib.compress(b"".join(each.tobytes() for each in columns), 1)
    body = json.dumps(head).encode() + b"\n" + packed
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode() + b"\n" + body


def load_posterior(stored: bytes) -> Posterior | None:
    """The posterior an entry holds, or None where the entry is damaged and must be made again."""
    checksum, _, body = stored.partition(b"\n")
    if hashlib.blake2b(body, digest_size=16).hexdigest().encode() != checksum:
        return None
    head, _, packed = body.partition(b"\n")
    try:
        entry = json.loads(head)
        numbers, draws = zlib.decompress(packed), entry["draws"]
        size = len(entry["names"]) * draws
        table = np.frombuffer(numbers, "<f8", size).reshape(-1, draws)
        return Posterior(
            seed=entry["seed"],
            draws=draws,
            tellings=entry["tellings"],
            held={name: table[row] for row, name in enumerate(entry["names"])},
            effective=entry["effective"],
            starving=entry["starving"],
            credences={name: (low, high) for name, (low, high) in entry["credences"].items()},
            level=entry["level"],
            told=_told(numbers[8 * size :], draws, entry["tellings"]) if entry["told"] else None,
        )
    except (KeyError, TypeError, ValueError, zlib.error):
        return None


def _told(numbers: bytes, draws: int, tellings: int) -> Told:
    kept = np.frombuffer(numbers, "<i4", draws * tellings, 8 * draws).astype(np.int64)
    return Told(kept.reshape(draws, tellings), np.frombuffer(numbers, "<f8", draws))
