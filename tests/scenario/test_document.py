"""Laws of the first step: text -> nodes that know where they stand, or faults that say where and what to write."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jonbar.errors import CODES, Diagnostic, Remedy
from jonbar.scenario import document
from jonbar.scenario.document import LARGEST_FILE, Document, Listing, Node, Table, Text, parse_document
from jonbar.scenario.syntax import DEEPEST

PRINTABLE = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff")
VALUES = st.text(PRINTABLE, max_size=30)
TREES = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(VALUES, inner, max_size=4),
    max_leaves=20,
)


def parsed(text: str | bytes) -> Document:
    found, faults = parse_document(text, file="f")
    assert faults == [] and found is not None, faults
    return found


def faults_of(text: str | bytes) -> list[Diagnostic]:
    faults = parse_document(text, file="f")[1]
    assert all(fault.code in CODES and fault.span is not None and fault.span.line >= 1 for fault in faults)
    return faults


def only(text: str | bytes) -> Diagnostic:
    faults = faults_of(text)
    assert len(faults) == 1, faults
    return faults[0]


def texts(node: Node) -> list[Text]:
    match node:
        case Text():
            return [node]
        case Listing():
            return [text for item in node.items for text in texts(item)]
        case Table():
            return [text for key, value in node.entries for text in (key, *texts(value))]


def plain(node: Node) -> object:
    match node:
        case Text():
            return node.text
        case Listing():
            return [plain(item) for item in node.items]
        case Table():
            return {key.text: plain(value) for key, value in node.entries}


@pytest.mark.parametrize(
    "written", ["no", "yes", "1:9", "1962-10-16", "0x1F", "1e3", "~", "null", "012", "1_000", ".inf", "True", "<<", "="]
)
def test_every_scalar_stays_what_was_written(written: str) -> None:
    value = parsed(f"key: {written}\n").root.get("key")
    assert isinstance(value, Text) and value.text == written and not value.quoted


@given(tree=st.dictionaries(VALUES, TREES, max_size=5))
@settings(max_examples=150, deadline=None)
def test_what_another_program_writes_as_yaml_is_read_as_the_same_texts(tree: dict[str, object]) -> None:
    written = yaml.safe_dump(tree, allow_unicode=True, default_style='"')
    assert plain(parsed(written).root) == tree


@given(
    words=st.lists(st.text(st.sampled_from("aé界😀 b"), min_size=1, max_size=9).map(str.strip), min_size=1, max_size=6)
)
@settings(max_examples=100, deadline=None)
def test_a_place_is_where_the_text_stands_in_characters(words: list[str]) -> None:
    source = "# é\n" + "".join(f"key_{at}: [{word}x, 'q {word}']\n" for at, word in enumerate(words))
    lines = source.split("\n")
    for text in texts(parsed(source).root):
        span = text.span
        assert span.line == span.end_line
        shown = lines[span.line - 1][span.column - 1 : span.end_column - 1]
        assert shown == (f"'{text.text}'" if text.quoted else text.text)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    there = parsed("\ufeffa: b\r\nc: d\r\n".encode())
    here = parsed("a: b\nc: d\n")
    assert (there.root, there.digest) == (here.root, here.digest)


def test_two_texts_have_one_digest_only_if_they_are_the_same() -> None:
    assert parsed("a: b").digest == parsed("a: b").digest != parsed("a: c").digest


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: !!python/object:os.system x\n", "E105", 1, 4),
        ("a: b\nc: !tag d\n", "E105", 2, 4),
        ("a: b\n? {c: d}\n: e\n", "E110", 2, 3),
        ("a: b\n? [c, d]\n: e\n", "E110", 2, 3),
        ("a: b\na: c\n", "E104", 2, 1),
        ("a: b\n---\nc: d\n", "E108", 3, 1),
        ("- a\n- b\n", "E109", 1, 1),
        ("words only\n", "E109", 1, 1),
        ("", "E109", 1, 1),
        ("# nothing\n", "E109", 1, 1),
        ("a: b\nc: He said: no\n", "E103", 2, 4),
        ('a: b\nc: "open\n', "E103", 2, None),
        ("a: b\nc: 'open\n", "E103", 2, None),
        ("a: b\nc: [d, e\n", "E103", None, None),
        ("a: b\nc:\n\td: e\n", "E103", 3, None),
        ("a: b\n  c: d\n", "E103", 2, None),
        ("a: b\nc: @d\n", "E103", 2, 4),
        ("a: b\nc: the #1 reason\n", "E111", 2, 4),
        ("a: b\nc: one line\n  and the #2 line\n", "E111", 2, 4),
    ],
)
def test_what_is_no_scenario_is_refused_where_it_stands(
    text: str, code: str, line: int | None, column: int | None
) -> None:
    fault = only(text)
    assert fault.code == code
    assert fault.span is not None
    assert line is None or fault.span.line == line
    assert column is None or fault.span.column == column
    if text.strip() and not text.startswith("#"):
        assert fault.snippet == text.split("\n")[fault.span.line - 1]


@pytest.mark.parametrize("text", ["a: &x b\n", "a: *x\n", "a: &x [b]\nc: *x\n"])
def test_anchors_and_aliases_are_refused_wherever_they_stand(text: str) -> None:
    assert {fault.code for fault in faults_of(text)} == {"E106"}


def test_a_key_that_stands_twice_names_the_first_place() -> None:
    fault = only("a: b\nc: d\na: e\n")
    assert "line 1" in fault.message


def test_all_faults_come_at_once_before_a_broken_line_and_after_it() -> None:
    assert [fault.code for fault in faults_of("a: !t b\na: c\nd: the #1 man\n")] == ["E105", "E104", "E111"]
    assert [fault.code for fault in faults_of("a: !t b\na: c\nd: e: f\ng: !t h\n")] == ["E105", "E104", "E103", "E105"]


@pytest.mark.parametrize("text", ["because: He said: no\n", "because: read this: or that\nnext: x\n"])
def test_a_colon_in_prose_is_answered_with_quotes(text: str) -> None:
    fault, written = only(text), text.split("\n")[0].removeprefix("because: ")
    assert (fault.suggestion, fault.remedy) == (f'"{written}"', Remedy.WRITE)


@pytest.mark.parametrize(
    "text", ["a: two words # a remark\n", "a: 'the #1 man'\n", "a: x#1 y\n", "a: b\n#c\n", "a: b #c\n"]
)
def test_a_comment_that_cuts_no_prose_is_only_a_comment(text: str) -> None:
    assert faults_of(text) == []


@pytest.mark.parametrize("character", "\x00\x07\x1b\x7f\x85\u2028\u2029\ufeff\uffff\r")
def test_control_characters_and_odd_line_ends_are_refused_with_their_place(character: str) -> None:
    fault = only(f"a: b\nc: d{character}e\n")
    assert fault.code == "E102" and fault.span is not None and (fault.span.line, fault.span.column) == (2, 5)
    assert f"U+{ord(character):04X}" in fault.message


def test_a_lone_surrogate_is_no_text() -> None:
    assert only("a: \ud800\n").code == "E102"


@pytest.mark.parametrize("data", [b"a: b\nc: \xff\n", "a: b\nc: é\n".encode("latin-1"), "a: b\n".encode("utf-16")])
def test_bytes_that_are_not_utf_8_are_refused(data: bytes) -> None:
    assert only(data).code == "E102"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_depth_is_bounded_however_it_is_made(opening: str) -> None:
    assert "E107" in {fault.code for fault in faults_of("a:\n  " + opening * 100_000)}


def test_the_deepest_that_is_allowed_is_read() -> None:
    inner = DEEPEST - 2
    assert parsed("a: " + "[" * inner + "x" + "]" * inner) is not None
    assert only("a: " + "[" * (inner + 1) + "x" + "]" * (inner + 1)).code == "E107"


@pytest.mark.parametrize("whole", ["x" * (LARGEST_FILE + 1), b"x" * (LARGEST_FILE + 1), "a: [" * 13_000_000])
def test_a_file_that_is_too_large_is_never_parsed(whole: str | bytes) -> None:
    start = time.process_time()
    assert only(whole).code == "E101"
    assert time.process_time() - start < 0.5


def test_a_hundred_thousand_characters_are_read_in_a_blink() -> None:
    text = "".join(f"variable_{at}: {{ask: Does it?, when: 1962-10, chance: 5% to 15%}}\n" for at in range(1600))
    assert 95_000 < len(text) < 130_000
    best = min(_seconds(text) for _ in range(3))
    assert best < 0.4  # 0.03 s on a quiet machine


def _seconds(text: str) -> float:
    start = time.process_time()
    parsed(text)
    return time.process_time() - start


def test_faults_are_bounded_however_many_there_are() -> None:
    assert len(faults_of("".join("a: !t b\n" for _ in range(5000)))) <= document.MOST_FAULTS


@pytest.mark.parametrize("text", ["a: {", "a: [", "a: {b: [1", "a: {b: 1,", "a: [x, {b: c", "a: {\n\n"])
def test_a_bracket_that_the_file_leaves_open_is_named_where_it_is_opened(text: str) -> None:
    found = [each for each in parse_document(text, file="f")[1] if each.code == "E103"]
    said = [each.message for each in found]
    assert all(each in said or "not indented" in each for each in said) and not any("``" in each for each in said)
    opened = {each.span.column for each in found if each.span is not None and "never closed" in each.message}
    assert opened and opened <= {at + 1 for line in text.split("\n") for at, mark in enumerate(line) if mark in "{["}


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n b: {",
        "a: 1\n b: [c, {d: e",
        "a:\n  b: 1\n c: [d, e\n",
        "a:\n   b: 1\n  c: {d: @e, f: g}\n",
        "a:\n\tb: {c: d\n",
        "a:\n \tb: 1\n \tc: @d\n",
        "a:\n  b [c, d]\n  e: [f, g\n",
        "a:\n  b:[@c]\n  e: [f, g\n",
    ],
)
def test_what_follows_a_mended_place_stands_where_it_was_written(text: str) -> None:
    found, faults = parse_document(text, file="f")
    lines = text.split("\n")
    opened = [each.span for each in faults if each.span is not None and "never closed" in each.message]
    assert all(lines[each.line - 1][each.column - 1] in "{[" for each in opened)
    assert found is not None and len(faults) > 1
    for each in texts(found.root):
        assert lines[each.span.line - 1][each.span.column - 1 : each.span.end_column - 1] == each.text.replace("·", "@")


def test_without_the_c_parser_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: {b: [c, 'd e'], f: é}\ng: |\n  h\n  i\n"
    fast = parsed(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert plain(parsed(text).root) == plain(fast.root)


@given(text=st.text(max_size=200) | st.text(st.sampled_from("a:- \n\t'\"[]{}#&*!|>%@`?,~\\é"), max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_answered(text: str) -> None:
    found, faults = parse_document(text, file="f")
    assert found is not None or faults
    assert all(fault.code in CODES and fault.span is not None for fault in faults)


@given(data=st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_answered(data: bytes) -> None:
    found, faults = parse_document(data, file="f")
    assert found is not None or faults
