"""What was worked out about history, kept in the posterior store: an entry may be deleted at any time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jonbar.scm.store import ENGINE_VERSION, Store


def key_of(*parts: object) -> str:
    """The name of an entry: a digest of everything that it depends on, the engine included."""
    text = "\x1f".join(map(str, (ENGINE_VERSION, "history 1", *parts)))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def keep(store: Store | None, key: str, value: Mapping[str, Any]) -> None:
    """Keep an entry with its checksum."""
    if store is not None:
        body = json.dumps(value).encode()
        store.write(key, hashlib.blake2b(body, digest_size=16).hexdigest().encode() + b"\n" + body)


def look_up(store: Store | None, key: str) -> Any:
    """An entry, or None where there is none or it is damaged."""
    entry = store.read(key) if store is not None else None
    checksum, _, body = (entry or b"").partition(b"\n")
    if not body or hashlib.blake2b(body, digest_size=16).hexdigest().encode() != checksum:
        return None
    return json.loads(body)
