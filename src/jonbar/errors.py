"""What went wrong, where in the file, and what to write instead.

Every fault a person can cause is a `Diagnostic`: a place, what was read, what was expected, and a
suggestion, under a stable code that has a heading in the documentation. Faults are collected, so that a
wrong file gets all of them at once, and raised together in one `ScenarioError`. `CODES` names every code; E1 is the
file, E2 numbers and dates, E3 names and order, E4 a run, E5 a question or setting, and a W warns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        # the file and its YAML
        "E101": "The file is too large",
        "E102": "The file is not plain UTF-8 text",
        "E103": "The file cannot be read as YAML",
        "E104": "A key stands twice",
        "E105": "A tag",
        "E106": "An anchor or alias",
        "E107": "Nested too deep",
        "E108": "More than one document",
        "E109": "The file is not made of entries",
        "E110": "The name of an entry that is not a word",
        "E111": "A text cut short by a comment",
        "E112": "Another version of the language",
        "E113": "A file cannot be extended",
        # dates and numbers
        "E201": "Not a date",
        "E202": "A day that does not exist",
        "E203": "An interval that ends before it starts",
        "E204": "Not a run of years",
        "E205": "Not a setting of the luck dial",
        "E210": "A condition or formula that cannot be read",
        "E211": "A condition or formula that is too long or too deep",
        "E220": "A number in a form that does not belong here",
        "E221": "A range that runs from more to less",
        "E222": "A number out of bounds",
        "E223": "An unknown word for a number",
        "E224": "A number that does not fit its scale",
        # names, kinds, conditions, order, who knew what
        "E301": "Entries with names are wanted",
        "E302": "An unknown key",
        "E303": "Something is missing",
        "E304": "A value of the wrong sort",
        "E305": "A name that cannot be used",
        "E306": "The kind of a variable is not clear",
        "E307": "States that cannot be read",
        "E308": "A key that belongs elsewhere",
        "E309": "A fact that does not fit its variable",
        "E320": "An unknown name",
        "E321": "One name for two things",
        "E322": "A condition or formula of the wrong type",
        "E323": "An unknown state",
        "E324": "Reading what comes later",
        "E325": "Variables that read each other in a circle",
        "E326": "Reading what nobody there could know",
        "E327": "An opinion given as a measurement",
        "E328": "A change that its variable cannot take",
        "E329": "Units that do not fit",
        "E330": "A test that cannot be read",
        "W331": "A source that is never cited",
        "W332": "A variable that nothing reads",
        "W333": "A range that says little",
        "W334": "A word that stands for a range",
        "W335": "A condition that never holds",
        # while it runs
        "E410": "Variables that cannot be put in order",
        "E411": "No world agrees with the facts",
        "E412": "No world agrees with what is supposed",
        "E413": "A fact starves the answer",
        "W411": "Few draws agree with the facts",
        "W412": "The draws have not settled on a fact",
        "W413": "A fact that the model all but rules out",
        # questions and settings
        "E501": "No such assumption",
        "E502": "A setting that does not fit its assumption",
        "E503": "No such scenario",
        "E504": "A file cannot be found or read",
        "E505": "No such reading",
        "E506": "Not a setting of the luck dial, as an option",
        "E507": "A setting is written as name=value",
        "E508": "A file stands in the way",
        "E509": "A part of Jonbar is not installed",
        "E510": "A question that cannot be read",
        "E511": "A question about something that is not there",
        "E512": "A question that needs a state or a year",
        "E513": "No such variable",
        "E514": "A scenario without a what-if",
        "E515": "A new file needs a name",
        "E516": "No such observer",
        "E517": "Nothing became known in that time",
        "E518": "Necessity beside no other answer",
        "E519": "Necessity of a number",
        # a debate that is read
        "E520": "A thread that is too large",
        "E521": "A file that holds no text",
        "E522": "A thread in which no post is found",
        "E523": "A ledger that cannot be read",
        "E524": "A debate that lacks a ledger or a scenario",
        "E525": "No such claim",
        "E526": "No such camp",
        "E527": "A camp compared with itself",
        "E528": "Camps that cannot be compared",
        "E530": "No browser to print a PDF with",
        "E531": "A page that cannot be opened",
        "E532": "A model of meaning that cannot be used",
        "E999": "A fault of Jonbar's own",
    }
)


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


class Remedy(StrEnum):
    """What is to be done with a suggestion: a person may follow the first two to the letter, and so may a program."""

    WRITE = "write"  # it belongs in place of what is marked
    ADD = "add"  # it is a line that belongs into the entry that is marked
    DO = "do"  # it says what to do, where no one text would be right


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
    remedy: Remedy = Remedy.WRITE


class JonbarError(Exception):
    """What a file or a question can cause. As a text it is a sentence for whoever wrote it, and needs no traceback."""


@dataclass(eq=False)
class ScenarioError(JonbarError):
    """A scenario that cannot be used: `diagnostics` holds every fault found in its file, in file order.

    Each has its place (`span`), what is wrong (`message`, `code`) and what to write instead (`suggestion`, `expected`).
    """

    diagnostics: tuple[Diagnostic, ...] = field(default=())

    def __str__(self) -> str:
        first = self.diagnostics[0] if self.diagnostics else None
        if first is None:
            return "the scenario cannot be used"
        where = f"{first.span.file}:{first.span.line}:{first.span.column}: " if first.span else ""
        more = len(self.diagnostics) - 1
        return f"{where}{first.code} {first.message}" + (f" (and {more} more)" if more else "")


def did_you_mean(named: str, known: Iterable[str], otherwise: str) -> str:
    """What to do instead where there is nothing of a name: take the nearest name that there is, or something else."""
    import difflib

    close = difflib.get_close_matches(named, list(known), 1, 0.5)
    return f"Did you mean {close[0]}?" if close else otherwise


@dataclass(eq=False)
class QuestionError(JonbarError):
    """A question, option or setting that does not fit the scenario, outside its file.

    `code` is a key of `CODES` and a heading of docs/reference/errors; `suggestion` says what to do instead.
    """

    code: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.message}" + (f" {self.suggestion}" if self.suggestion else "")
