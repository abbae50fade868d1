"""Text -> number: each form of a scenario file has one meaning, and a form in the wrong place says which is right."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from jonbar.errors import Diagnostic, Span
from jonbar.scenario.grammar import parse_expression
from jonbar.scenario.hedges import SURVEYED
from jonbar.scenario.numbers import Count, Estimate, Hedge, Number, Per, Point, Range, Role

_NUMBER = r"[+\-−]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?:e-?[0-9]{1,3})?"
_PERCENT = re.compile(rf"^({_NUMBER})\s*%?\s*(?:to|\.\.)\s*({_NUMBER})\s*%$|^({_NUMBER})\s*%$")
_TIMES = re.compile(rf"^[x×]\s*({_NUMBER})(?:\s*(?:to|\.\.)\s*[x×]?\s*({_NUMBER}))?$")
_PLAIN = re.compile(rf"^({_NUMBER})(?:\s*(?:to|\.\.)\s*({_NUMBER}))?$")
_COUNT = re.compile(rf"^({_NUMBER})\s+of\s+({_NUMBER})\s*(?:\((.+)\))?$", re.DOTALL)
_A_YEAR = re.compile(r"\s+(?:a|per|each)\s+year(?=\s*(?:\(|$))")
_PER = re.compile(
    rf"^(?P<number>.+?)\s+per\s+(?:(?P<step>{_NUMBER})\s*)?(?:(?P<unit>[A-Za-z%][\w%]*)\s+)?of\s+(?P<of>.+?)"
    rf"(?:\s+from\s+(?P<origin>{_NUMBER}))?$",
    re.DOTALL,
)
MOST = 1e15
_ABOVE_ZERO = {Role.ODDS: "x0.2, which makes it five times less likely"}

EXPECTED: Mapping[Role, str] = {
    Role.CHANCE: "a chance: 5% to 15%, 12 of 87 (what was counted), or a surveyed word such as unlikely",
    Role.WEIGHT: "a share: 20% to 40%, or counted cases: 12 of 87 (what was counted)",
    Role.ODDS: "a multiplier on the odds: x3 to x12, x5, or one of the file's own words",
    Role.ADD: "a shift: +2 to +8, -3, or 0.3 per point of another quantity",
    Role.VALUE: "a number in the unit: 58 to 64",
    Role.SPREAD: "a positive half-width: 3 to 5",
    Role.RATE: "a chance a year: 8% to 15% a year, or 25 of 120 a year (what was counted)",
}


def parse_number(
    text: str, role: Role, span: Span, *, words: Mapping[str, Estimate] | None = None
) -> Estimate | Diagnostic:
    """One number, or a range, in the slot of a role.

    Errors: E220 a form that does not belong here, E221 a reversed range, E222 out of bounds, E223 an unknown word.
    """
    written = " ".join(text.split())
    if len(written) > 500:
        return Diagnostic("E220", "This is too long for a number.", span, written[:80], EXPECTED[role])
    per: Per | None = None
    if role in (Role.ODDS, Role.ADD):
        slope = _PER.match(written)
        if slope:
            of = parse_expression(slope["of"], _within(span, text, written, slope.start("of"), slope.end("of")))
            if isinstance(of, Diagnostic):
                return replace(of, suggestion=None)  # a number is wanted here, and no condition
            step = number_of(slope["step"]) if slope["step"] else 1.0
            origin = number_of(slope["origin"]) if slope["origin"] else 0.0
            if not 0 < step < MOST:
                return Diagnostic("E222", "`per` is followed by a positive step.", span, written, EXPECTED[role])
            if not abs(origin) < MOST:
                return Diagnostic("E222", "The number after `from` is too large.", span, written, EXPECTED[role])
            per, written = Per(step, slope["unit"], of, origin), slope["number"].strip()
    if role is Role.RATE:
        if not _A_YEAR.search(written):
            message = f"`{written[:60]}` does not say how often."
            number = _read(written, Role.CHANCE, span, {})
            chance = number.suggestion if isinstance(number, Diagnostic) else written
            advice = f"{chance} a year" if chance and not isinstance(number, Hedge) else None
            return Diagnostic("E220", message, span, written, EXPECTED[role], advice)
        written = _A_YEAR.sub("", written, count=1)
    number = _read(written, role, span, words or {})
    if role is Role.RATE and isinstance(number, Diagnostic) and number.suggestion:
        return replace(number, suggestion=f"{number.suggestion} a year")
    return number if isinstance(number, Diagnostic) else Estimate(number, role, (), per, span)


def _within(span: Span, text: str, written: str, start: int, end: int) -> Span:
    """The place of a stretch of a number; the whole, where it stands over several lines or is written otherwise."""
    quotes = span.end_column - span.column - len(text)
    if span.line != span.end_line or written != text or quotes not in (0, 2):
        return span
    first = span.column + quotes // 2
    return replace(span, column=first + start, end_column=first + end)


def number_of(text: str) -> float:
    """A number as people write it: `1,000` and `−3` as well."""
    return float(text.replace("−", "-").replace(",", ""))


def as_share(text: str) -> float:
    """A percentage as the share nearest to it: 9.45 / 100 is one step of a float away from 0.0945."""
    return float(Decimal(text.replace("−", "-").replace(",", "")).scaleb(-2))


def _read(written: str, role: Role, span: Span, words: Mapping[str, Estimate]) -> Number | Diagnostic:
    if written in words and role is Role.ODDS:
        number = words[written].number
        return Range(number.low, number.high, number.coverage, written) if isinstance(number, Range) else number
    count = _COUNT.match(written)
    if count and role in (Role.CHANCE, Role.WEIGHT, Role.RATE):
        return _count(count, span, written)
    if role in (Role.CHANCE, Role.WEIGHT, Role.RATE):
        return _share(written, role, span)
    form = _TIMES if role is Role.ODDS else _PLAIN
    match = form.match(written)
    if match is None and role in (Role.SPREAD, Role.ADD):
        match = _TIMES.match(written)  # on a logarithmic scale
    if match is None:
        return _wrong_form(written, role, span, words)
    low = number_of(match[1])
    high = number_of(match[2]) if match[2] else None
    if not all(math.isfinite(end) and abs(end) < MOST for end in (low, high or 0.0)):
        return Diagnostic("E222", f"`{written}` is too large a number.", span, written, EXPECTED[role])
    if role in (Role.ODDS, Role.SPREAD) and min(low, low if high is None else high) <= 0:
        return Diagnostic(
            "E222", f"`{written}` must be above zero.", span, written, EXPECTED[role], _ABOVE_ZERO.get(role)
        )
    return _range(low, high, span, written)


def _range(low: float, high: float | None, span: Span, written: str) -> Number | Diagnostic:
    if high is None or high == low:
        return Point(low)
    if high < low:
        mark = "%" if "%" in written else ""
        times = "x" if written[0] in "x×" else ""
        ends = [each.strip("x×% ") for each in re.split(r"to|\.\.", written)]
        advice = f"{times}{ends[-1]}{mark} to {times}{ends[0]}{mark}"
        message = f"`{written}` runs from more to less."
        return Diagnostic("E221", message, span, written, "the smaller end first", advice)
    return Range(low, high)


def _share(written: str, role: Role, span: Span) -> Number | Diagnostic:
    match = _PERCENT.match(written)
    if match is None:
        if written.lower() in SURVEYED and role is Role.CHANCE:
            return Hedge(written.lower(), *SURVEYED[written.lower()])
        return _wrong_form(written, role, span, {})
    low = as_share(match[1] or match[3])
    high = as_share(match[2]) if match[2] else None
    ends = [low] if high is None else [low, high]
    if min(ends) < 0 or max(ends) > 1:
        return Diagnostic("E222", f"`{written}` is not between 0% and 100%.", span, written, EXPECTED[role])
    if high is not None and low != high and (min(ends) == 0 or max(ends) == 1):
        advice = f"{max(low * 100, 0.1):g}% to {min(high * 100, 99.9):g}%"
        message = (
            f"A range that reaches 0% or 100% has no log-odds: `{written}` would call something impossible or sure."
        )
        return Diagnostic("E222", message, span, written, EXPECTED[role], advice)
    return _range(low, high, span, written)


def _count(match: re.Match[str], span: Span, written: str) -> Number | Diagnostic:
    cases, of = number_of(match[1]), number_of(match[2])
    if not match[3]:
        message = f"`{written}` does not say what was counted."
        return Diagnostic("E220", message, span, written, "12 of 87 (autocrats after a lost crisis)")
    if not 0 <= cases <= of or of <= 0 or of > MOST:
        return Diagnostic("E222", f"`{written}` counts more cases than there are.", span, written, "12 of 87 (class)")
    return Count(cases, of, match[3].strip())


def _wrong_form(written: str, role: Role, span: Span, words: Mapping[str, Estimate]) -> Diagnostic:
    """Why this is no number of the role, and what to write instead."""
    advice: str | None = None
    plain = _PLAIN.match(written)
    percent = _PERCENT.match(written)
    if percent and role in (Role.VALUE, Role.ADD, Role.SPREAD):
        message = f"`{written}` has a percent sign; the unit says what is counted, and the number stands alone."
        return Diagnostic("E220", message, span, written, EXPECTED[role], written.replace("%", "").strip())
    if plain and role in (Role.CHANCE, Role.WEIGHT, Role.RATE):
        low = number_of(plain[1])
        high = number_of(plain[2]) if plain[2] else None
        times = 100.0 if max(low, high or low) <= 1 else 1.0
        advice = f"{low * times:g}%" + (f" to {high * times:g}%" if high is not None else "")
        return Diagnostic("E220", f"`{written}` lacks its percent sign.", span, written, EXPECTED[role], advice)
    if plain and role is Role.ODDS:
        advice = f"x{plain[1]}" + (f" to x{plain[2]}" if plain[2] else "")
        return Diagnostic("E220", f"`{written}` lacks the x of a multiplier.", span, written, EXPECTED[role], advice)
    if role is Role.ODDS and percent:
        message = f"`{written}` is a chance; a push multiplies the odds."
        return Diagnostic("E220", message, span, written, EXPECTED[role], "x2 to x4, say")
    advice = _nearest_form(written, role)
    if advice is not None:
        return Diagnostic(
            "E220", f"`{written[:60]}` is written another way.", span, written[:80], EXPECTED[role], advice
        )
    known = [*words, *(SURVEYED if role is Role.CHANCE else ())]
    if re.match(r"^[A-Za-z][A-Za-z \-]*$", written):
        advice = _nearest_word(written.lower(), known)
        return Diagnostic(
            "E223", f"`{written}` is not a known word for a number.", span, written, EXPECTED[role], advice
        )
    return Diagnostic("E220", f"`{written[:60]}` is not what is wanted here.", span, written[:80], EXPECTED[role])


def _nearest_word(written: str, known: list[str]) -> str | None:
    """The known word that is most like one that is not, and never its opposite: `quite likely` is `likely`."""
    held = [each for each in known if re.search(rf"\b{re.escape(each)}\b", written)]
    close = [max(held, key=len)] if held else difflib.get_close_matches(written, known, 5, 0.6)
    return next((each for each in close if bool(_DENIED.search(each)) is bool(_DENIED.search(written))), None)


_DENIED = re.compile(r"\b(?:not?|never|rarely|doubt|little|un\w+|im\w+|in\w+)\b")
_DASHED = re.compile(rf"({_NUMBER})\s*(%|x|×)?\s*(?:-|–|—|to|\.\.|and)\s*([x×])?\s*({_NUMBER})\s*(%|x|×)?")
_AFTER = re.compile(rf"({_NUMBER})\s*(?:x|×|times|-fold|fold)", re.IGNORECASE)
_ONE_IN = re.compile(r"([0-9]{1,9})\s+in\s+([0-9]{1,9})", re.IGNORECASE)
_CASES = re.compile(r"([0-9]{1,9})\s*(?:/|out of)\s*([0-9]{1,9})\s*(\(.+\))?")


def _nearest_form(written: str, role: Role) -> str | None:
    """What a form from elsewhere would be here: `5-15%` is `5% to 15%`, `3x` is `x3`, `1 in 20` is `5%`."""
    bare = re.sub(r"^(?:from|between|about|around|roughly|some)\s+", "", written)
    shares = role in (Role.CHANCE, Role.WEIGHT, Role.RATE)
    if shares and (cases := _CASES.fullmatch(bare)):
        return f"{cases[1]} of {cases[2]} {cases[3] or '(what was counted)'}"
    if shares and (one := _ONE_IN.fullmatch(bare)) and 0 < int(one[1]) <= int(one[2]):
        return f"{100 * int(one[1]) / int(one[2]):.3g}%"
    if role is Role.ODDS and (times := _AFTER.fullmatch(bare)):
        return f"x{times[1]}"
    dashed = _DASHED.fullmatch(re.sub(r"^[x×]", "", bare))
    if dashed is None:
        return None
    low, high = dashed[1], dashed[4]
    if number_of(low) > number_of(high):
        return None
    if shares:
        return f"{low}% to {high}%"
    return f"x{low} to x{high}" if role is Role.ODDS else f"{low} to {high}"
