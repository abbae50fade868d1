"""What went wrong, where in the file, and what to write instead.

Every fault a person can cause is a `Diagnostic`: a place, what was read, what was expected, and a
suggestion, under a stable code that has a heading in the documentation. Faults are collected, so that a
wrong file gets all of them at once, and raised together in one `ScenarioError`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: lines and columns count from 1; the end column is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Severity(StrEnum):
    """An error stops the file from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault in a scenario, in ordinary words that blame the file and not the person."""

    code: str
    message: str
    span: Span | None = None
    read: str | None = None
    expected: str | None = None
    suggestion: str | None = None
    snippet: str | None = None
    severity: Severity = Severity.ERROR


class JonbarError(Exception):
    """Anything a user may be told: never shown as a traceback."""


@dataclass(eq=False)
class ScenarioError(JonbarError):
    """A scenario that cannot be used, with every fault found in it."""

    diagnostics: tuple[Diagnostic, ...] = field(default=())

    def __str__(self) -> str:
        first = self.diagnostics[0] if self.diagnostics else None
        if first is None:
            return "the scenario cannot be used"
        where = f"{first.span.file}:{first.span.line}:{first.span.column}: " if first.span else ""
        more = len(self.diagnostics) - 1
        return f"{where}{first.code} {first.message}" + (f" (and {more} more)" if more else "")


@dataclass(eq=False)
class QuestionError(JonbarError):
    """A question, option or setting that does not fit the scenario, outside its file."""

    code: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.message}" + (f" {self.suggestion}" if self.suggestion else "")
