"""A text that is read with some places of it mended, and where each thing in it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from jonbar.errors import Span


@dataclass(frozen=True, slots=True)
class Patch:
    """A stretch of one line, and what is read in its place; line and column are counted from 0."""

    line: int
    column: int
    width: int
    new: str

    def written(self, column: int) -> int:
        """Where on its line stood what stands in this column now; of the new text, its beginning or what it covers."""
        end = self.column + len(self.new)
        return column - len(self.new) + self.width if column >= end else min(column, self.column + self.width)


@dataclass(frozen=True, slots=True)
class Patched:
    """A text with its patches, by line, in the order in which they were put on; no patch makes or takes away a line."""

    text: str
    patches: Mapping[int, tuple[Patch, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def put(self, patches: Iterable[Patch]) -> Patched:
        """The same text with more places mended."""
        lines, found = self.text.split("\n"), dict(self.patches)
        for each in patches:
            line = lines[each.line]
            lines[each.line] = line[: each.column] + each.new + line[each.column + each.width :]
            found[each.line] = (*found.get(each.line, ()), each)
        return Patched("\n".join(lines), MappingProxyType(found))

    def written(self, span: Span) -> Span:
        """Where in the file the thing was written that stands here now."""
        if not self.patches:
            return span
        start, end = self._column(span.line, span.column), self._column(span.end_line, span.end_column)
        return replace(span, column=start, end_column=end)

    def _column(self, line: int, column: int) -> int:
        at = column - 1
        for each in reversed(self.patches.get(line - 1, ())):
            at = each.written(at)
        return at + 1
