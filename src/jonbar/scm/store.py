"""The posterior store: what was worked out of history, kept as bytes under the content it came from.

An entry may be deleted at any time; it is only ever something that can be worked out again. Its key names everything
that it depends on: the scenario's meaning, the settings, and the engine's version. An entry is data and never code:
JSON for what is small, plain numbers for arrays, and a checksum over both.

Long work is kept piece by piece while it goes on (`Pieces`), so that a run that was stopped, however roughly, goes on
from the pieces it finds; when it is whole they are forgotten.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from jonbar.scm.noise import Array

ENGINE_VERSION = "9"  # raise it whenever the same seed would give other numbers, or an entry another form
KINDS = {"f": "<f8", "i": "<i8", "b": "|b1"}  # of numbers that an entry may hold
ARRAY = "\x1farray"
Result = TypeVar("Result")


class Store(Protocol):
    """Where entries are kept between questions; one that is gone or damaged is made again."""

    def has(self, key: str) -> bool:
        """Whether an entry is there, told without reading it: only who reads it knows whether it is whole."""
        ...

    def read(self, key: str) -> bytes | None:
        """An entry, or None."""
        ...

    def write(self, key: str, entry: bytes) -> None:
        """Keep an entry, whole or not at all."""
        ...

    def forget(self, key: str) -> None:
        """Let an entry go, if it is there."""
        ...


def key_of(*parts: object) -> str:
    """The name of an entry: a digest of everything that it depends on, the engine included."""
    text = "\x1f".join(map(str, (ENGINE_VERSION, *parts)))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def pack(value: Any) -> bytes:
    """A value as bytes: whatever JSON can say, with arrays of numbers or of truths anywhere in it.

    An array that stands in it twice is written once.
    """
    numbers: dict[bytes, int] = {}
    arrays: list[Array] = []

    def place(each: Any) -> Any:
        if not isinstance(each, np.ndarray):
            raise TypeError(type(each).__name__)
        plain = np.ascontiguousarray(each, dtype=KINDS[each.dtype.kind])
        digest = hashlib.blake2b(plain.data, digest_size=16, key=f"{plain.dtype}{plain.shape}".encode()).digest()
        if digest not in numbers:
            numbers[digest] = len(arrays)
            arrays.append(plain)
        return {ARRAY: numbers[digest]}

    text = json.dumps(value, default=place)
    table = json.dumps([[each.dtype.kind, each.shape] for each in arrays])
    body = b"\n".join([table.encode(), text.encode(), b"".join(each.tobytes() for each in arrays)])
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode() + b"\n" + body


def unpack(entry: bytes | None) -> Any:
    """The value that an entry holds, or None where there is none, or it is damaged and must be made again."""
    checksum, _, body = (entry or b"").partition(b"\n")
    if not body or hashlib.blake2b(body, digest_size=16).hexdigest().encode() != checksum:
        return None
    table, text, numbers = body.split(b"\n", 2)
    arrays: list[Array] = []
    start = 0
    for kind, shape in json.loads(table):
        each = np.frombuffer(numbers, KINDS[kind], int(np.prod(shape)), start)
        start += each.nbytes
        arrays.append(each.reshape(shape))
    return json.loads(text, object_hook=lambda each: arrays[each[ARRAY]] if ARRAY in each else each)


@dataclass(frozen=True)
class Pieces(Generic[Result]):
    """The pieces of one long work, by name; `name` says everything else that they depend on."""

    store: Store
    name: str
    pack: Callable[[Result], Any]
    unpack: Callable[[Any], Result]

    def find(self, piece: object) -> Result | None:
        """A piece that an earlier run finished, if it was kept."""
        value = unpack(self.store.read(key_of(self.name, piece)))
        return None if value is None else self.unpack(value)

    def keep(self, piece: object, result: Result) -> None:
        """Keep a piece that is finished."""
        self.store.write(key_of(self.name, piece), pack(self.pack(result)))

    def forget(self, pieces: Sequence[object]) -> None:
        """Let pieces go: what they were for is whole."""
        for piece in pieces:
            self.store.forget(key_of(self.name, piece))
