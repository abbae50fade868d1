"""Questions put to a scenario: the tests of claims, and conditions typed at the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jonbar.errors import Diagnostic, QuestionError, Span
from jonbar.scenario.expressions import Expression
from jonbar.scenario.findings import Findings
from jonbar.scenario.grammar import parse_expression
from jonbar.scenario.meaning import Meaning
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
_CLAUSE = re.compile(r"\s(under|given really|given|because)\s")
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
        advice = f"Did you mean {first.suggestion}?" if first.suggestion else f"Write {first.expected or FORMS}."
        raise QuestionError("E510", first.message, advice)
    return test


def read_test(
    text: str, scenario: Scenario, span: Span | None, meaning: Meaning | None = None
) -> tuple[Test | None, list[Diagnostic]]:
    """A claim's test as a tree, with every fault in it; `meaning` knows which names have faults of their own."""
    text = " ".join(text.split())
    meaning = meaning or Meaning(scenario, Findings(None))
    before = len(meaning.findings.faults)
    reader = _Reader(meaning, text, span or Span("test", 1, 1, 1, len(text) + 1))
    test = reader.test(Part(text, 0))
    faults = meaning.findings.faults[before:]
    return (None if faults else test), faults


def expressions_of(test: Test) -> list[Expression]:
    """Every condition or quantity that a test reads."""
    match test:
        case Estimand():
            parts = (test.of, test.given, test.given_really, test.because)
            return [each for each in parts if each is not None]
        case FactTest():
            return [test.of]
        case Comparison() if isinstance(test.right, float):
            return expressions_of(test.left)
        case Comparison(left=left, right=Estimand() as right) | Ratio(left=left, right=right):
            return [*expressions_of(left), *expressions_of(right)]
        case Rank():
            return expressions_of(test.of)
        case _:
            return []


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a test, and where it begins."""

    text: str
    at: int

    def cut(self, start: int, end: int | None = None) -> Part:
        """A stretch of this stretch, without blanks around it."""
        return Part(self.text[start:end], self.at + start).stripped()

    def stripped(self) -> Part:
        """Without blanks around it."""
        text = self.text.lstrip()
        return Part(text.rstrip(), self.at + len(self.text) - len(text))


class _Reader:
    def __init__(self, meaning: Meaning, text: str, span: Span) -> None:
        self.meaning, self.scenario, self.findings = meaning, meaning.scenario, meaning.findings
        self.span, self.whole, self.before = span, text, len(meaning.findings.faults)

    def place(self, part: Part) -> Span:
        """Where a stretch stands in the file; a test over several lines is placed as a whole."""
        quotes = self.span.end_column - self.span.column - len(self.whole)
        if self.span.line != self.span.end_line or quotes not in (0, 2):
            return self.span
        column = self.span.column + quotes // 2 + part.at
        return Span(self.span.file, self.span.line, column, self.span.line, column + max(1, len(part.text)))

    def fault(self, part: Part, message: str, expected: str = FORMS) -> None:
        self.findings.report("E330", message, self.place(part), read=part.text[:80], expected=expected)

    def wrong(self, part: Part) -> None:
        if len(self.findings.faults) == self.before:
            self.fault(part, f"`{part.text[:60]}` is not a test that can be read.")

    def test(self, part: Part) -> Test | None:
        text = part.text
        if len(text) > 2000:
            self.fault(part, "This test is too long.")
            return None
        if text.startswith("fact "):
            tree = self.expression(part.cut(5), "condition")
            return FactTest(tree) if tree is not None else None
        if text.startswith("ratio of "):
            at = text.find(" to ", 9)
            if at < 0:
                self.wrong(part)
                return None
            one, two = self.estimand(part.cut(9, at)), self.estimand(part.cut(at + 4))
            return Ratio(one, two) if one and two else None
        if text.startswith("rank of "):
            at = text.rfind(" among ")
            one = self.estimand(part.cut(8, at if at > 0 else None))
            if one and at < 0:
                self.wrong(part)
            return Rank(one, part.cut(at + 7).text) if one and at > 0 else None
        match = _COMPARISON.match(text)
        if match and not (match["right"].isdigit() and text.startswith("chance")):
            return self.comparison(part, match)
        return self.estimand(part)

    def comparison(self, part: Part, match: re.Match[str]) -> Comparison | None:
        one, right = self.estimand(part.cut(*match.span("left"))), match["right"]
        if right[0].isdigit():
            number = float(right.rstrip("% ")) / (100.0 if right.endswith("%") and match[0][0] == "c" else 1.0)
            return Comparison(one, match["operator"], number) if one else None
        two = self.estimand(part.cut(*match.span("right")))
        if one is None or two is None:
            return None
        if one.what != two.what:
            self.fault(part, f"A {one.what} is compared with a {two.what}.", "two chances, or two means")
        return Comparison(one, match["operator"], two)

    def estimand(self, part: Part) -> Estimand | None:
        found = dict(self.clauses(part))
        first = found.pop("")
        what = next((each for each in ("chance of", "mean of", "possible") if first.text.startswith(f"{each} ")), None)
        if what is None:
            self.wrong(part)
            return None
        of = self.expression(first.cut(len(what)), "number" if what == "mean of" else "condition")
        under = found.get("under")
        known = (*self.scenario.readings(), *self.meaning.unread)
        if under is not None and under.text not in known and not self.meaning.hidden_readings:
            message = f"`{under.text[:60]}` is no reading of a what-if."
            self.findings.unknown("E330", message, under.text, self.scenario.readings(), self.place(under))
        given, really, because = (
            self.expression(found[name], "condition") if name in found else None
            for name in ("given", "given really", "because")
        )
        if of is None:
            return None
        return Estimand(what.split()[0], of, under.text if under else None, given, really, because)

    def clauses(self, part: Part) -> list[tuple[str, Part]]:
        """What stands before the first clause, and each clause by its word, in any order."""
        marks = list(_CLAUSE.finditer(part.text))
        ends = [mark.start() for mark in marks[1:]] + [len(part.text)]
        found = [("", part.cut(0, marks[0].start() if marks else None))]
        for mark, end in zip(marks, ends, strict=False):
            if mark[1] in [name for name, _ in found]:
                self.fault(part.cut(mark.start(), end), f"`{mark[1]}` stands here twice.")
            found.append((mark[1], part.cut(mark.end(), end)))
        return found

    def expression(self, part: Part, wanted: str) -> Expression | None:
        found = parse_expression(part.text, self.place(part))
        if isinstance(found, Diagnostic):
            self.findings.pass_on(replace(found, code="E330"))
            return None
        self.meaning.want(wanted, found, None, self.place(part))
        return found


def parse_condition(text: str, scenario: Scenario) -> Expression:
    """A condition or quantity typed by a person, with its names checked.

    Errors: QuestionError E510 if it cannot be read, E511 if it names something that is not there.
    """
    found = parse_expression(text, Span("question", 1, 1, 1, len(text) + 1))
    if isinstance(found, Diagnostic):
        raise QuestionError("E510", found.message, f"Write {found.expected}." if found.expected else None)
    findings = Findings(None)
    Meaning(scenario, findings).kind(found, None, None)
    if findings.faults:
        first = findings.faults[0]
        expected = f"Write {first.expected}." if first.expected else None
        advice = f"Did you mean {first.suggestion}?" if first.suggestion else expected
        raise QuestionError("E511", first.message, advice)
    return found
