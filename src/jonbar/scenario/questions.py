"""Questions put to a scenario: the tests of claims, and conditions typed at the command line."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

from jonbar.errors import Diagnostic, QuestionError, Span
from jonbar.scenario.expressions import Expression
from jonbar.scenario.grammar import parse_expression
from jonbar.scenario.terms import Scenario


@dataclass(frozen=True, slots=True)
class Estimand:
    """`chance of A`, `mean of Q` or `possible A`, under a reading (or in our history), perhaps given something.

    `without` names what `because` takes away: the push whose removal the claim is about, or a condition.
    """

    what: str  # chance, mean or possible
    of: Expression
    under: str | None = None
    given: Expression | None = None
    given_really: Expression | None = None
    because: Expression | None = None


@dataclass(frozen=True, slots=True)
class FactTest:
    """`fact A`: whether A happened in our timeline."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """One estimand against another, or against a number: `<`, `<=`, `>`, `>=`."""

    left: Estimand
    operator: str
    right: Estimand | float


@dataclass(frozen=True, slots=True)
class Ratio:
    """`ratio of A to B`."""

    left: Estimand
    right: Estimand


@dataclass(frozen=True, slots=True)
class Rank:
    """`rank of Q among CASES`: a yardstick from outside the file."""

    of: Estimand
    among: str


Test = Estimand | FactTest | Comparison | Ratio | Rank

FORMS = (
    "chance of A under W, mean of Q under W, possible A under W, fact A, chance of A under W > chance of A under V, "
    "ratio of chance of A under W to chance of A under V, rank of mean of Q under W among CASES"
)
_ESTIMAND = re.compile(
    r"^(?P<what>chance of|mean of|possible)\s+(?P<of>.+?)(?:\s+under\s+(?P<under>[A-Za-z_]\w*))?"
    r"(?:\s+given really\s+(?P<really>.+?))?(?:\s+given\s+(?P<given>.+?))?(?:\s+because\s+(?P<because>.+))?$",
    re.DOTALL,
)
_COMPARISON = re.compile(
    r"^(?P<left>(?:chance|mean) of\s.+?)\s+(?P<operator><=|>=|<|>)\s+"
    r"(?P<right>(?:chance|mean) of\s.+|\d+(?:\.\d+)?\s*%?)$",
    re.DOTALL,
)


def parse_test(text: str, scenario: Scenario, span: Span | None = None) -> Test:
    """A claim's test as a tree.

    Errors: QuestionError E510 with the first fault.
    """
    test, faults = read_test(text, scenario, span)
    if test is None or faults:
        first = faults[0]
        raise QuestionError("E510", first.message, first.expected)
    return test


def read_test(text: str, scenario: Scenario, span: Span | None) -> tuple[Test | None, list[Diagnostic]]:
    """A claim's test as a tree, with every fault in it."""
    reader = _Reader(scenario, span or Span("test", 1, 1, 1, 1))
    test = reader.test(" ".join(text.split()))
    return (None if reader.faults else test), reader.faults


class _Reader:
    def __init__(self, scenario: Scenario, span: Span) -> None:
        self.scenario, self.span = scenario, span
        self.faults: list[Diagnostic] = []

    def fault(self, message: str, expected: str = FORMS, suggestion: str | None = None) -> None:
        self.faults.append(Diagnostic("E330", message, self.span, None, expected, suggestion))

    def test(self, text: str) -> Test | None:
        if len(text) > 2000:
            self.fault("This test is too long.")
            return None
        if text.startswith("fact "):
            tree = self.expression(text[5:])
            return FactTest(tree) if tree is not None else None
        if text.startswith("ratio of "):
            left, found, right = text[9:].partition(" to ")
            one, two = self.estimand(left), self.estimand(right) if found else None
            return Ratio(one, two) if one and two else self.wrong(text)
        if text.startswith("rank of "):
            left, _, among = text[8:].partition(" among ")
            one = self.estimand(left)
            return Rank(one, among) if one and among else self.wrong(text)
        match = _COMPARISON.match(text)
        if match:
            one, right = self.estimand(match["left"]), match["right"]
            if right[0].isdigit():
                number = float(right.rstrip("% ")) / (100.0 if right.endswith("%") else 1.0)
                return Comparison(one, match["operator"], number) if one else None
            two = self.estimand(right)
            return Comparison(one, match["operator"], two) if one and two else None
        return self.estimand(text)

    def wrong(self, text: str) -> None:
        if not self.faults:
            self.fault(f"`{text[:60]}` is not a test that can be read.")

    def estimand(self, text: str) -> Estimand | None:
        match = _ESTIMAND.match(text.strip())
        if match is None:
            self.wrong(text)
            return None
        of = self.expression(match["of"])
        under = match["under"]
        if under is not None and under not in self.scenario.readings():
            known = list(self.scenario.readings())
            close = difflib.get_close_matches(under, known, 1, 0.6)
            self.fault(
                f"`{under}` is no reading of a what-if.", f"one of: {', '.join(known)}", close[0] if close else None
            )
        if of is None:
            return None
        given, really, because = (
            self.expression(match[part]) if match[part] else None for part in ("given", "really", "because")
        )
        return Estimand(match["what"].split()[0], of, under, given, really, because)

    def expression(self, text: str) -> Expression | None:
        found = parse_expression(text.strip(), self.span)
        if isinstance(found, Diagnostic):
            self.faults.append(replace(found, code="E330"))
            return None
        from jonbar.scenario.check import names_of

        for name in names_of(found):
            if name.name not in self.scenario.variables and name.name not in self.scenario.premises:
                known = (*self.scenario.variables, *self.scenario.premises)
                close = difflib.get_close_matches(name.name, known, 1, 0.6)
                self.fault(f"There is no `{name.name}` in this file.", FORMS, close[0] if close else None)
        return found


def parse_condition(text: str, scenario: Scenario) -> Expression:
    """A condition or quantity typed by a person, with its names checked.

    Errors: QuestionError E510 if it cannot be read, E511 if it names something that is not there.
    """
    from jonbar.scenario.check import condition_faults

    found = parse_expression(text, Span("question", 1, 1, 1, len(text) + 1))
    if isinstance(found, Diagnostic):
        raise QuestionError("E510", found.message, f"Write {found.expected}." if found.expected else None)
    faults = condition_faults(found, scenario)
    if faults:
        first = faults[0]
        advice = f"Did you mean {first.suggestion}?" if first.suggestion else first.expected
        raise QuestionError("E511", first.message, advice)
    return found
