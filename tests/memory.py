"""A store in memory, for tests of what is kept."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Memory:
    """A store in memory."""

    entries: dict[str, bytes] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)  # the keys that were read, one after the other

    def has(self, key: str) -> bool:
        return key in self.entries

    def read(self, key: str) -> bytes | None:
        self.looked_up.append(key)
        return self.entries.get(key)

    def write(self, key: str, entry: bytes) -> None:
        self.entries[key] = entry

    def forget(self, key: str) -> None:
        self.entries.pop(key, None)
