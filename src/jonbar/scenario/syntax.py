"""Where YAML cannot go on: why, in a reader's words, and how that one place is mended, so that the rest is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jonbar.errors import Diagnostic, Remedy, Span
from jonbar.scenario.patches import Patch

ENTRY = re.compile(r"^\s*(?:- )?[^\s:#][^:#]*:(?:\s|$)")
HASH = re.compile(r"\s(#)\S")
BRACKET, QUOTED = re.compile(r"[\[\]{}]"), re.compile(r"\"[^\"]*\"|'[^']*'")
# each one letter, without a meaning in YAML
NO_COLON, NO_HASH, NO_QUOTE, NO_MARK = "\u2236", "\u266f", "\u02ee", "\u00b7"
IN_QUOTES = 'put the whole text in quotes, as in `because: "He said: no"`'
EXPECTED = "`name: value`, indented by two blanks for each level"
LONGEST = 160
END = "\n"  # of a line, where nothing stands any more
DEEPEST = 24
FLATTER = "a few levels, as in the examples"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One place that YAML cannot read, and what is read in its stead, where that is plain."""

    fault: Diagnostic
    patches: tuple[Patch, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A line and a column, both counted from 0."""

    line: int
    column: int


def trouble(text: str, file: str, problem: str, context: str, at: Mark, since: Mark | None) -> Trouble:
    """What is wrong at a place where the parser stopped; `since` is where the part began that it was reading.

    Errors: E103 not YAML, E107 too deep, E111 a text cut short by a comment.
    """
    return _Reader(text, file, at, since).why(problem, context)


class _Reader:
    def __init__(self, text: str, file: str, at: Mark, since: Mark | None) -> None:
        self.file, self.lines = file, text.split("\n")
        line, column = at.line, at.column
        while line > 0 and (line >= len(self.lines) or not self.lines[line].strip()):  # the end of the file
            line -= 1
            column = len(self.lines[line])
        self.line, self.column = line, column
        self.since = since if since is not None and since.line < len(self.lines) else None

    @property
    def mark(self) -> str:
        """What stands where the parser stopped; a line break where nothing does."""
        return self.lines[self.line][self.column : self.column + 1] or END

    def why(self, problem: str, context: str) -> Trouble:
        here, mark = self.lines[self.line], self.mark
        if "nesting depth" in problem:
            message = f"This is nested more than {DEEPEST} levels deep."
            return Trouble(self._fault(message, FLATTER, code="E107"))
        if "mapping values are not allowed" in problem:
            return self._colon()
        if "\t" in here[: self.column + 1] and not here[: self.column].strip():
            room = self._indented(self.line)
            mended = Patch(self.line, 0, room, here[:room].replace("\t", "  "))
            advice = "indent with two blanks for each level, and no tab"
            return self._do("A tab stands where YAML wants blanks.", advice, mended)
        if "quoted scalar" in context or "quoted scalar" in problem:
            return self._open_quote()
        if "could not find expected ':'" in problem and self.since is not None:
            return self._bare(self.since.line)
        if mark == END and "flow" in context and (trouble := self._left_open()) is not None:
            return trouble
        if "flow mapping" in context or "flow sequence" in context:
            return self._bracket("}" if "mapping" in context else "]")
        if mark in "@%`":
            return self._mark(f"A text cannot begin with {'a backtick' if mark == '`' else f'`{mark}`'}.")
        if "alias" in context or "anchor" in context:
            sign = here[self.column - 1 : self.column]
            self.column -= 1
            return self._mark(f"A text cannot begin with `{sign}`.")
        if mark in "?-" and "not allowed in this context" in problem:
            return self._mark(f"A text cannot begin with `{mark} `.")
        if "flow node" in context or mark in "}],?":
            if mark == "?":
                return self._mark("A text in brackets cannot begin with `?`.")
            mended = Patch(self.line, self.column, 1, " ")
            advice = f"write what is missing, or take `{mark}` out"
            return self._do(f"Nothing stands before this `{mark}`.", advice, mended)
        if "'-' indicator" in problem:
            advice = "begin each line of the list with `- `, or put the entry as far in as the name of the list"
            return self._do("A list of lines that begin with `- ` goes on with an entry.", advice)
        if "block mapping" in context or "block collection" in context:
            return self._indent()
        if "block scalar" in context:
            message = "After `|` or `>` the text begins on the next line."
            return self._do(message, "move the text to a line of its own, further in")
        words = " ".join(part for part in (context, problem) if part)
        return Trouble(self._fault(f"The file cannot be read on from here ({words}).", expected=EXPECTED))

    def _colon(self) -> Trouble:
        """A colon where no entry can begin: in a text, on a line too far in, or after a line without its colon."""
        here = self.lines[self.line]
        key = here[: self.column]
        before = self._line_before()
        if ":" in re.sub(r"\S:\S", "", key).replace("://", "") and not key.strip().startswith(("-", "{")):
            start = key.index(":") + 1
            start += len(key[start:]) - len(key[start:].lstrip())
            whole = here[start:].rstrip()
            comment = re.search(r"\s#\s", whole)
            whole = whole[: comment.start()].rstrip() if comment else whole
            mended = Patch(self.line, start, len(whole), whole.replace(":", NO_COLON))
            place = self._span(self.line, start, start + len(whole))
            message = "A colon followed by a blank starts a new entry, so a text with one in it needs quotes."
            return Trouble(self._quote(message, place, whole), (mended,))
        bare = before is not None and not ENTRY.match(self.lines[before])
        if before is not None and bare and key.strip() and self._indented(before) >= self._indented(self.line):
            return self._bare(before)
        return self._out_of_line()

    def _bare(self, number: int) -> Trouble:
        """A line without a colon after its name."""
        line, start = self.lines[number].rstrip(), self._indented(number)
        name, _, rest = line.strip().partition(":" if ":" in line else " ")
        message = "This line has no `name:` of its own: after the name stand a colon and a blank."
        close = f"{name.strip()}: {rest.strip()}".rstrip()
        place = self._span(number, start, len(line))
        fault = Diagnostic("E103", message, place, expected="`name: value`", suggestion=close)
        if not rest.strip() or len(close) > LONGEST:
            close = f"{name.strip()[:LONGEST]}:"
            fault = replace(fault, suggestion=f"write `{close}`, and its value after that", remedy=Remedy.DO)
        between = len(line) - start - len(name.strip()) - len(rest.strip())
        return Trouble(fault, (Patch(number, start + len(name.strip()), between, ": "),))

    def _indent(self) -> Trouble:
        return self._after() if self.lines[self.line][: self.column].strip() else self._out_of_line()

    def _out_of_line(self) -> Trouble:
        """A line that is indented unlike those that it belongs to."""
        here, before = self.lines[self.line], self._line_before()
        message = "This line is not indented like the others that it belongs to."
        advice = "let all entries of one part begin in the same column, two blanks further in than what they belong to"
        indent = self._indented(self.line)
        alone = before is None or here.lstrip().startswith("- ")
        mended = () if alone else (Patch(self.line, 0, indent, " " * self._nearest_indent(indent)),)
        place = self._span(self.line, indent, indent)  # before the entry, which may have faults of its own
        return Trouble(Diagnostic("E103", message, place, suggestion=advice, remedy=Remedy.DO), mended)

    def _after(self) -> Trouble:
        """A text that goes on after its closing quotation mark or bracket."""
        here = self.lines[self.line]
        key = re.match(r"\s*(?:- )?[^:\"'\[]+:\s+", here)
        if key is None or here.lstrip().startswith("{"):
            advice = "put the whole text in quotes, or take out what follows"
            return self._do("The text goes on after its end.", advice)
        whole = here[key.end() :].rstrip()
        place = self._span(self.line, key.end(), key.end() + len(whole))
        message = "The text goes on after its closing mark, so all of it needs quotes."
        fault = self._quote(message, place, whole)
        inside = re.sub(r"[\"'\[\]{}]", NO_QUOTE, whole)
        return Trouble(fault, (Patch(self.line, key.end(), len(whole), inside),))

    def _bracket(self, closing: str) -> Trouble:
        """A list or mapping in brackets that does not go on, or is never closed."""
        here, opening, mark = self.lines[self.line], "{" if closing == "}" else "[", self.mark
        first = self.since.line if self.since is not None else self.line
        for number in range(first, self.line + 1):
            cut = HASH.search(self.lines[number])
            if cut:
                return self._comment(number, cut.start(1))
        if first < self.line and ENTRY.match(here):
            start = self.since.column if self.since is not None else 0
            last = self.line - 1
            while last > first and not self.lines[last].strip():
                last -= 1
            end = len(self.lines[last].rstrip())
            self.line, self.column = first, start
            message = f"A bracket `{opening}` is opened here and never closed."
            return self._do(message, f"close it with `{closing}`", Patch(last, end, 0, closing))
        if mark == ":":
            message = "A colon followed by a blank starts a new entry, so a text with one in it needs quotes."
            mended = Patch(self.line, self.column, 1, NO_COLON)
            return self._do(message, 'put the text in quotes, as in `{because: "He said: no"}`', mended)
        if mark in "]}" and here[self.column + 1 :].lstrip().startswith(closing):
            mended = Patch(self.line, self.column, 1, " ")
            return self._do(f"A bracket `{mark}` is closed and was never opened.", f"take `{mark}` out", mended)
        if mark in "]}":
            message = f"A bracket `{opening}` is closed by `{mark}`."
            place = self._span(self.line, self.column, self.column + 1)
            fault = Diagnostic("E103", message, place, expected=f"`{closing}`", suggestion=closing)
            return Trouble(fault, (Patch(self.line, self.column, 1, closing),))
        quotes = [each.start() for each in re.finditer(r"[\"']", here[: self.column])]
        if len(quotes) > 1 and not here[quotes[-1] + 1 : self.column].strip():
            message = "The text goes on after its closing quotation mark."
            mended = Patch(self.line, quotes[-1], 1, NO_QUOTE)
            other = Patch(self.line, quotes[-2], 1, NO_QUOTE)
            advice = "put the whole text in quotes of the other sort: '\"He\" said'"
            return self._do(message, advice, mended, other)
        advice = (
            f"put commas between entries, `{closing}` at the end, and texts with commas, colons or brackets in quotes"
        )
        return self._do(f"What begins with `{opening}` does not go on like this.", advice)

    def _left_open(self) -> Trouble | None:
        """The file ends within brackets: the one that was opened last is closed at its end."""
        if "".join(self.lines[self.line + 1 :]).strip():
            return None
        opened: list[tuple[int, int]] = []
        for number, text in enumerate(self.lines):
            for each in BRACKET.finditer(QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)):
                if each[0] in "[{":
                    opened.append((number, each.start()))
                elif opened:
                    opened.pop()
        if not opened:
            return None
        line, column = opened[-1]
        opening = self.lines[line][column]
        closing = "]" if opening == "[" else "}"
        mended = Patch(self.line, len(self.lines[self.line].rstrip()), 0, closing)
        self.line, self.column = line, column
        return self._do(f"A bracket `{opening}` is opened here and never closed.", f"close it with `{closing}`", mended)

    def _comment(self, line: int, column: int) -> Trouble:
        message = "A ` #` cuts this text short: what follows it is a comment."
        place = self._span(line, column, len(self.lines[line].rstrip()))
        fault = Diagnostic("E111", message, place, suggestion=IN_QUOTES, remedy=Remedy.DO)
        return Trouble(fault, (Patch(line, column, 1, NO_HASH),))

    def _open_quote(self) -> Trouble:
        since = self.since or Mark(self.line, self.column)
        opened = self.lines[since.line]
        mark = opened[since.column : since.column + 1]
        if "\\" in self.lines[self.line][: self.column + 1] and self.line == since.line and self.column < len(opened):
            self.column -= 1
            message = "In double quotes a `\\` has a meaning of its own."
            advice = "write `\\\\`, or put the text in single quotes"
            return self._do(message, advice, Patch(self.line, self.column, 1, "/"))
        self.line, self.column = since.line, since.column
        mended = (Patch(since.line, since.column, 1, NO_QUOTE),) if mark in "\"'" else ()
        advice = f"close it with `{mark or chr(34)}`"
        return self._do("A quotation mark is opened here and never closed.", advice, *mended)

    def _mark(self, message: str) -> Trouble:
        here = self.lines[self.line]
        mark = here[self.column : self.column + 1]
        self.column = len(here[: self.column].rstrip(mark)) if mark.strip() else self.column
        many = len(here[self.column :]) - len(here[self.column :].lstrip(mark)) or 1
        mended = Patch(self.line, self.column, many, NO_MARK * many)
        end = len(here.rstrip())
        in_brackets = "{" in here[: self.column] or "[" in here[: self.column]
        whole = here[self.column : end]
        if in_brackets or '"' in whole:
            return self._do(message, "put the text in quotes", mended)
        place = self._span(self.line, self.column, end)
        return Trouble(self._quote(message, place, whole), (mended,))

    def _quote(self, message: str, place: Span, whole: str) -> Diagnostic:
        """A fault that quotation marks around a text mend."""
        quoted = f'"{whole}"' if not re.search(r"[\"\\]", whole) else "'" + whole.replace("'", "''") + "'"
        short = len(quoted) <= LONGEST
        return Diagnostic(
            "E103",
            message,
            place,
            expected="a text in quotes",
            suggestion=quoted if short else "put the whole text in quotes",
            remedy=Remedy.WRITE if short else Remedy.DO,
        )

    def _line_before(self) -> int | None:
        for each in range(self.line - 1, -1, -1):
            if self.lines[each].strip() and not self.lines[each].lstrip().startswith("#"):
                return each
        return None

    def _indented(self, line: int) -> int:
        return len(self.lines[line]) - len(self.lines[line].lstrip())

    def _nearest_indent(self, indent: int) -> int:
        """How far in the lines above begin that this one most likely stands with."""
        above: list[int] = []
        for line in range(self.line - 1, -1, -1):
            if self.lines[line].strip() and not self.lines[line].lstrip().startswith(("#", "-")):
                found = self._indented(line)
                if not above or found < above[-1]:
                    above.append(found)
            if above and above[-1] == 0:
                break
        return min(above, key=lambda each: (abs(each - indent), -each), default=0)

    def _do(self, message: str, advice: str, *patches: Patch) -> Trouble:
        place = self._span(self.line, self.column, self.column + 1)
        return Trouble(Diagnostic("E103", message, place, suggestion=advice, remedy=Remedy.DO), patches)

    def _fault(self, message: str, expected: str | None = None, code: str = "E103") -> Diagnostic:
        place = self._span(self.line, self.column, self.column + 1)
        return Diagnostic(code, message, place, expected=expected)

    def _span(self, line: int, start: int, end: int) -> Span:
        return Span(self.file, line + 1, start + 1, line + 1, max(start, end) + 1)
