"""A store in memory, for tests of what is kept."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Memory:
    """A store in memory."""

    entries: dict[str, bytes] = field(default_factory=dict)

    def read(self, key: str) -> bytes | None:
        return self.entries.get(key)

    def write(self, key: str, entry: bytes) -> None:
        self.entries[key] = entry

    def forget(self, key: str) -> None:
        self.entries.pop(key, None)
