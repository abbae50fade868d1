"""Laws of conditions and formulas: text <-> tree, with the exact place of every part and every fault."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jonbar.errors import CODES, Diagnostic, Span
from jonbar.scenario.dates import YEARS_IN, Interval, parse_span
from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.grammar import KEYWORDS, LONGEST, parse_expression
from jonbar.scenario.words import say_expression

WORDS = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).filter(lambda word: word not in KEYWORDS)
YEARS = st.integers(1, 9999).map(lambda year: Interval(date(year, 1, 1), date(year, 12, 31), f"{year:04}"))
SPANS = st.builds("{} {}s".format, st.integers(1, 400), st.sampled_from(list(YEARS_IN))).map(parse_span)
NAMES = (
    st.builds(Name, WORDS)
    | st.builds(Name, WORDS, st.just(Mode.LAST))
    | st.builds(Name, WORDS, st.sampled_from([Mode.IN, Mode.BY]), YEARS)
    | st.builds(Name, WORDS, st.just(Mode.WITHIN), years=SPANS)
)
NUMBERS = st.builds(Literal, st.floats(0, 1e14, allow_subnormal=False) | st.integers(0, 10**9).map(float))


def numeric(depth: int) -> st.SearchStrategy[Expression]:
    if depth == 0:
        return NUMBERS | NAMES
    inner = numeric(depth - 1)
    return inner | st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner)


def several(kind: type[And] | type[Or], inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Joined parts; a join within the same join would be written with brackets and is read as it was."""
    return st.lists(inner, min_size=2, max_size=3).map(lambda parts: kind(tuple(parts)))


def condition(depth: int) -> st.SearchStrategy[Expression]:
    states = WORDS | st.sampled_from(["yes", "no"])
    if depth == 0:
        compared = st.builds(Compare, st.sampled_from(["<", "<=", ">", ">="]), numeric(1), numeric(1))
        return NAMES | st.builds(Is, NAMES, states, st.booleans()) | compared | st.builds(Literal, st.booleans())
    inner = condition(depth - 1)
    return inner | st.builds(Not, inner) | several(And, inner) | several(Or, inner)


def place(text: str, column: int = 7) -> Span:
    return Span("f", 4, column, 4, column + len(text))


def read(text: str) -> Expression:
    found = parse_expression(text, place(text))
    assert not isinstance(found, Diagnostic), found
    return found


def fault(text: str) -> Diagnostic:
    found = parse_expression(text, place(text))
    assert isinstance(found, Diagnostic), found
    assert found.code in CODES and found.span is not None
    return found


@given(tree=condition(3) | numeric(3))
@settings(max_examples=400, deadline=None)
def test_a_tree_that_is_said_and_read_is_the_same_tree(tree: Expression) -> None:
    said = say_expression(tree)
    if len(said) <= LONGEST:
        assert read(said) == tree


@given(tree=condition(2))
@settings(max_examples=150, deadline=None)
def test_saying_it_again_changes_no_letter(tree: Expression) -> None:
    said = say_expression(read(say_expression(tree)))
    assert say_expression(read(said)) == said


@given(tree=condition(2), spaces=st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_spaces_and_needless_brackets_mean_nothing(tree: Expression, spaces: int) -> None:
    said = say_expression(tree)
    assert read(f"  ({said.replace(' ', ' ' * spaces)}) ") == tree


A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a and b or c", Or((And((A, B)), C))),
        ("a or b and c", Or((A, And((B, C))))),
        ("a and b and c", And((A, B, C))),
        ("not a and b", And((Not(A), B))),
        ("not a is x", Not(Is(A, "x"))),
        ("a is not x", Is(A, "x", True)),
        ("a is no", Is(A, "no")),
        ("a - b - c", Arithmetic("-", Arithmetic("-", A, B), C)),
        ("a - (b - c)", Arithmetic("-", A, Arithmetic("-", B, C))),
        ("a + b * c", Arithmetic("+", A, Arithmetic("*", B, C))),
        ("a < b + 1", Compare("<", A, Arithmetic("+", B, Literal(1.0)))),
        ("-2 * a", Arithmetic("*", Literal(-2.0), A)),
        ("a-3", Arithmetic("-", A, Literal(3.0))),
        ("last a < 50%", Compare("<", Name("a", Mode.LAST), Literal(50.0))),
        ("a by 1964-10", Name("a", Mode.BY, Interval(date(1964, 10, 1), date(1964, 10, 31), "1964-10"))),
        ("a in 1964", Name("a", Mode.IN, Interval(date(1964, 1, 1), date(1964, 12, 31), "1964"))),
        (
            "a in 1964 > 3",
            Compare(">", Name("a", Mode.IN, Interval(date(1964, 1, 1), date(1964, 12, 31), "1964")), Literal(3.0)),
        ),
        ("a within 1 year", Name("a", Mode.WITHIN, years=1.0)),
        ("not a within 6 months", Not(Name("a", Mode.WITHIN, years=0.5))),
        ("a within 1.5 years is no", Is(Name("a", Mode.WITHIN, years=1.5), "no")),
        ("a within 12 months and b", And((Name("a", Mode.WITHIN, years=1.0), B))),
        ("within within 2 years", Name("within", Mode.WITHIN, years=2.0)),
        ("yes", Literal(True)),
    ],
)
def test_words_bind_as_the_language_says(text: str, tree: Expression) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("a = b", "="),
        ("a & b", "&"),
        ("a and", "d"),
        ("a b", "b"),
        ("a is and", "is and"),
        ("3 is x", "is x"),
        ("(a or b", "("),
        ("a or b)", ")"),
        ("a < b < c", "<"),
        ("a by then", "then"),
        ("a by 1964-13", "1964-13"),
        ("last 3", "last 3"),
        ("a and or b", "or"),
        ("a is x ; b", ";"),
        ("a > 1e300", "1e300"),
        ("a > 1962-10", "1962-10"),
        ("a within 1964", "1964"),
        ("a within a year", "a"),
        ("a within 3 moons", "3 moons"),
        ("a within 0 years", "0 years"),
        ("a within 1964-10", "1964-10"),
        ("a is x within 1 year", "within"),
    ],
)
def test_a_fault_points_at_the_words_that_are_wrong(text: str, stretch: str) -> None:
    found = fault(text)
    span = found.span
    assert found.code == "E210" and span is not None and span.line == 4
    assert text[span.column - 7 : span.end_column - 7] == stretch


def test_each_part_of_a_tree_knows_its_place() -> None:
    text = "not (blamed and reply is open_trade)"
    tree = read(text)
    assert isinstance(tree, Not) and isinstance(tree.operand, And)
    inner = tree.operand.operands[1].span
    assert inner is not None and text[inner.column - 7 : inner.end_column - 7] == "reply is open_trade"


def test_a_quoted_text_is_placed_within_its_quotes() -> None:
    text = "a = b"
    found = parse_expression(text, Span("f", 1, 10, 1, 10 + len(text) + 2))
    assert isinstance(found, Diagnostic) and found.span is not None
    assert (found.span.column, found.span.end_column) == (13, 14)


@pytest.mark.parametrize(
    "text",
    ["(" * 1999, "not " * 499, "-" * 1999, "a and " * 330 + "a", "(" * 45 + "a" + ")" * 45, "a" * 2001, "a " * 1000],
)
def test_what_is_too_long_or_too_deep_is_said_to_be_so(text: str) -> None:
    assert fault(text).code in ("E211", "E210")


def test_thirty_brackets_are_deep_enough_for_anybody() -> None:
    assert read("(" * 30 + "a" + ")" * 30) == A
    assert fault("(" * 60 + "a" + ")" * 60).code == "E211"


@given(
    text=st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [*sorted(KEYWORDS), "(", ")", "<", "<=", "+", "-", "*", "/", "%", "a", "1964", "1.5", "1962-10"]
        ),
        max_size=25,
    ).map(" ".join)
)
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_condition_or_is_answered_within_its_place(text: str) -> None:
    found = parse_expression(text, place(text))
    if isinstance(found, Diagnostic):
        assert found.code in CODES and found.span is not None
        assert 7 <= found.span.column <= found.span.end_column <= 7 + max(len(text), 1) + 1
    else:
        assert read(say_expression(found)) == found
