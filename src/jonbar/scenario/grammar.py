"""Text -> expression tree: the small language of conditions and formulas, with exact places for faults."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jonbar.errors import Diagnostic, Span
from jonbar.scenario.dates import SPAN_FORMS, Interval, parse_interval, parse_span
from jonbar.scenario.expressions import (
    And,
    Arithmetic,
    Compare,
    Expression,
    Is,
    Literal,
    Mode,
    Name,
    Not,
    Or,
)

LONGEST = 2000
DEEPEST = 40
MOST_WORDS = 300
_TOKEN = re.compile(
    r"\s*(?:(?P<date>[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?[~?]?|[0-9]{4}[~?])"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark><=|>=|[<>()+\-*/%]))"
)
KEYWORDS = frozenset({"and", "or", "not", "is", "in", "by", "last", "yes", "no", "true", "false"})
NO_STATES = KEYWORDS - {"yes", "no", "true", "false"}
SHORTER = "a shorter condition; name a part of it as an event of its own"
_SIGN = re.compile(r"(==?|!=|!|&&?|\|\|?)")
_WORDS_FOR = {
    "=": "is",
    "==": "is",
    "!=": "is not",
    "!": "not",
    "&": "and",
    "&&": "and",
    "|": "or",
    "||": "or",
}
WRITE_A_CONDITION = "a condition such as `reply is secret_trade and not blamed`, or `approval < 50`"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark, and where it stands in the text."""

    kind: str
    text: str
    start: int
    end: int


class _Fault(Exception):
    def __init__(
        self, message: str, start: int, end: int, expected: str | None = None, near: str | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.expected, self.near = message, start, end, expected, near


def parse_expression(text: str, span: Span) -> Expression | Diagnostic:
    """A condition or formula as a tree, every part with its own place.

    Errors: E210 what cannot be read, E211 too long or too deep.
    """
    if len(text) > LONGEST:
        return Diagnostic("E211", f"This is too long: {len(text):,} of {LONGEST:,} characters.", span, expected=SHORTER)
    parser = _Parser(text, span)
    try:
        parser.tokens = _tokens(text)
        tree = parser.either(0)
        if parser.at < len(parser.tokens):
            token = parser.tokens[parser.at]
            raise _Fault(f"`{token.text}` is left over.", token.start, token.end, WRITE_A_CONDITION)
        return tree
    except _Fault as fault:
        code = "E211" if "deep" in fault.message else "E210"
        place, expected = parser.place(fault.start, fault.end), fault.expected or WRITE_A_CONDITION
        return Diagnostic(code, fault.message, place, text[:80], expected, fault.near)


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _no_meaning(text, at + len(text[at:]) - len(text[at:].lstrip()))
        tokens.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup), match.end()))
        at = match.end()
        if len(tokens) > MOST_WORDS:
            message = f"This is too long or too deep: more than {MOST_WORDS} words and marks."
            raise _Fault(message, 0, at, SHORTER)
    return tokens


def _no_meaning(text: str, start: int) -> _Fault:
    """A mark of other languages, and the word that stands for it here."""
    message, found = f"`{text[start]}` has no meaning in a condition.", _SIGN.match(text, start)
    if found is None:
        return _Fault(message, start, start + 1)
    if text[start] == "=":
        message = "`=` has no meaning in a condition; write `is` for a state, or `<=` or `>=` for a number."
    elif text[start] in "&|!":
        message = f"`{found[1]}` has no meaning here; write `and`, `or` or `not`."
    word, after = _WORDS_FOR[found[1]], text[found.end() :]
    if word.startswith("is") and not re.match(r"\s*[A-Za-z_]", after):
        return _Fault(message, start, found.end())  # a number is not one of some states
    before = "" if start == 0 or text[start - 1].isspace() else " "
    return _Fault(message, start, found.end(), near=f"{before}{word}{'' if after[:1].isspace() else ' '}")


class _Parser:
    def __init__(self, text: str, span: Span) -> None:
        self.text, self.span, self.at = text, span, 0
        self.tokens: list[Token] = []

    def place(self, start: int, end: int) -> Span:
        """Where a stretch of the text stands in the file; a text over several lines is placed as a whole."""
        one_line = self.span.line == self.span.end_line
        if not one_line:
            return self.span
        quote = max(0, (self.span.end_column - self.span.column) - len(self.text)) // 2
        column = self.span.column + quote
        return Span(self.span.file, self.span.line, column + start, self.span.line, column + max(end, start + 1))

    def look(self, *texts: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].text in texts

    def take(self) -> Token:
        if self.at >= len(self.tokens):
            raise _Fault("This ends where something more should stand.", max(0, len(self.text) - 1), len(self.text))
        self.at += 1
        return self.tokens[self.at - 1]

    def deeper(self, depth: int) -> int:
        if depth > DEEPEST:
            raise _Fault("This is nested too deep.", 0, len(self.text))
        return depth + 1

    def since(self, start: int) -> Span:
        last = self.tokens[self.at - 1]
        return self.place(start, last.end)

    @property
    def here(self) -> int:
        return self.tokens[self.at].start if self.at < len(self.tokens) else len(self.text)

    def either(self, depth: int) -> Expression:
        start, parts = self.here, [self.both(self.deeper(depth))]
        while self.look("or"):
            self.take()
            parts.append(self.both(depth + 1))
        return parts[0] if len(parts) == 1 else Or(tuple(parts), self.since(start))

    def both(self, depth: int) -> Expression:
        start, parts = self.here, [self.negation(depth)]
        while self.look("and"):
            self.take()
            parts.append(self.negation(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts), self.since(start))

    def negation(self, depth: int) -> Expression:
        if self.look("not"):
            start = self.take().start
            return Not(self.negation(self.deeper(depth)), self.since(start))
        return self.comparison(depth)

    def comparison(self, depth: int) -> Expression:
        start, left = self.here, self.sum(depth)
        if self.look("is"):
            word = self.take()
            negated = self.look("not")
            if negated:
                self.take()
            state = self.take()
            possible = state.kind in ("name", "number") and state.text not in NO_STATES
            if not isinstance(left, Name) or not possible:
                raise _Fault("`is` stands between a variable and one of its states.", word.start, state.end)
            if self.look("within"):
                within, event = self.take(), f"an event `is: {left.name} is {state.text}`, and its name here"
                raise _Fault("`within` follows the name of an event or a hazard.", within.start, within.end, event)
            return Is(left, state.text, negated, self.since(start))
        if self.look("<", "<=", ">", ">="):
            operator = self.take().text
            right = self.sum(depth)
            if self.look("<", "<=", ">", ">="):
                token = self.take()
                raise _Fault("Two comparisons in a row; join them with `and`.", token.start, token.end)
            return Compare(operator, left, right, self.since(start))
        return left

    def sum(self, depth: int) -> Expression:
        start, left = self.here, self.product(depth)
        while self.look("+", "-"):
            operator = self.take().text
            left = Arithmetic(operator, left, self.product(depth), self.since(start))
        return left

    def product(self, depth: int) -> Expression:
        start, left = self.here, self.unary(depth)
        while self.look("*", "/"):
            operator = self.take().text
            left = Arithmetic(operator, left, self.unary(depth), self.since(start))
        return left

    def unary(self, depth: int) -> Expression:
        if self.look("-"):
            start = self.take().start
            operand = self.unary(self.deeper(depth))
            place = self.since(start)
            if isinstance(operand, Literal) and not isinstance(operand.value, bool):
                return Literal(-operand.value, place)
            return Arithmetic("-", Literal(0.0, place), operand, place)
        return self.atom(depth)

    def atom(self, depth: int) -> Expression:
        token = self.take()
        if token.text == "(":
            inner = self.either(depth)
            if not self.look(")"):
                raise _Fault("A bracket is opened here and never closed.", token.start, token.end)
            self.take()
            return inner
        if token.kind == "number":
            value = float(token.text)
            if self.look("%"):
                self.take()
            if not value < 1e15:
                raise _Fault("This number is too large.", token.start, token.end)
            return Literal(value, self.since(token.start))
        if token.text in ("yes", "no", "true", "false"):
            return Literal(token.text in ("yes", "true"), self.since(token.start))
        if token.text == "last":
            name = self.take()
            if name.kind != "name" or name.text in KEYWORDS:
                raise _Fault("`last` is followed by the name of a series.", token.start, name.end)
            return Name(name.text, Mode.LAST, span=self.since(token.start))
        if token.kind == "date":
            message = (
                f"A date stands only after `in` or `by`; to subtract, put spaces around the minus: `{token.text}`."
            )
            raise _Fault(message, token.start, token.end, "X by 1962-10, or 1962 - 10")
        if token.kind != "name" or token.text in KEYWORDS:
            raise _Fault(f"A name or a number should stand where `{token.text}` stands.", token.start, token.end)
        if self.look("in", "by"):
            mode = Mode.IN if self.take().text == "in" else Mode.BY
            return Name(token.text, mode, self.date(), span=self.since(token.start))
        if self.look("within"):
            self.take()
            return Name(token.text, Mode.WITHIN, years=self.length(token.text), span=self.since(token.start))
        return Name(token.text, span=self.since(token.start))

    def date(self) -> Interval:
        token = self.take()
        found = parse_interval(token.text, self.place(token.start, token.end))
        if isinstance(found, Diagnostic):
            raise _Fault(found.message, token.start, token.end, found.expected)
        return found

    def length(self, name: str) -> float:
        """A length of time, in years."""
        many = self.take()
        if many.kind != "number" or self.at >= len(self.tokens):
            message = "`within` is followed by a length of time."
            raise _Fault(message, many.start, many.end, f"{name} within {SPAN_FORMS}")
        unit = self.take()
        years = parse_span(f"{many.text} {unit.text}")
        if years is None:
            message = f"`{many.text} {unit.text}` is no length of time."
            raise _Fault(message, many.start, unit.end, f"{name} within {SPAN_FORMS}")
        return years
