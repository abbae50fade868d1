"""The posterior store: which draws agree with history, kept as bytes under the content they came from.

An entry may be deleted at any time; it is only ever an answer that can be computed again. Its key names everything
that it depends on: the scenario's meaning, the settings, and the engine's version.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from jonbar.scm.assimilate import Posterior

ENGINE_VERSION = "1"  # raise it whenever the same seed would give other numbers


def posterior_key(meaning: str, *, seed: int, draws: int, tellings: int, explore: int) -> str:
    """The name of an entry: a digest of the scenario's meaning (its dumped text), the settings and the engine."""
    text = "\x1f".join((ENGINE_VERSION, meaning, str(seed), str(draws), str(tellings), str(explore)))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def save_posterior(posterior: Posterior) -> bytes:
    """A posterior as JSON bytes: a few numbers a draw, whatever the number of worlds."""
    body = json.dumps(asdict(posterior), separators=(",", ":")).encode()
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode() + b"\n" + body


def load_posterior(stored: bytes) -> Posterior | None:
    """The posterior an entry holds, or None where the entry is damaged and must be made again."""
    checksum, _, body = stored.partition(b"\n")
    if hashlib.blake2b(body, digest_size=16).hexdigest().encode() != checksum:
        return None
    try:
        entry = json.loads(body)
        return Posterior(
            seed=entry["seed"],
            tellings=entry["tellings"],
            draws=tuple(entry["draws"]),
            counts=tuple(entry["counts"]),
            log_likelihood=tuple(entry["log_likelihood"]),
            explored=entry["explored"],
            effective=entry["effective"],
            credences={name: (low, high) for name, (low, high) in entry["credences"].items()},
        )
    except (KeyError, TypeError, ValueError):
        return None
