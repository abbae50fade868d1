"""Laws of a report to be sent: its numbers are bound, nothing in it can act, and it needs nothing from outside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from jonbar.report.build import Settings
from jonbar.report.dossier import Dossier, compile_dossier
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP
from jonbar.views.dossier.blocks import (
    Below,
    Block,
    Cite,
    Code,
    Document,
    Drawing,
    Figure,
    Folded,
    Heading,
    Listing,
    Paragraph,
    Quiet,
    Strong,
    Table,
    Timeline,
    Told,
)
from jonbar.views.dossier.compose import compose
from jonbar.views.dossier.counts import at_once, listed
from jonbar.views.dossier.figures import data_json, figures
from jonbar.views.dossier.html import Writer, asset, digest, markup, write_html
from jonbar.views.dossier.lighter import lighter, lighter_script, lighter_style, pictures_in_page
from jonbar.views.dossier.markdown import write_markdown
from jonbar.views.dossier.sections import choose
from jonbar.views.drawing import STYLE
from jonbar.views.rounding import say_range, say_value
from tests.views.made_up import BATTLE, answer
from tests.views.test_pictures import words_of as words_of_picture

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>‮evil‬"
LONG = "a" * 10_000


def dossier_of(text: str, *, foresee: bool = False) -> Dossier:
    found = read_scenario(text, file="report.jonbar.yaml")
    reading = next(iter(found.readings().values()))
    return compile_dossier(found, Settings(1, 300, 20), reading, reading.luck or KEEP, choose, foresee=foresee)


@cache
def battle() -> Dossier:
    text = BATTLE.read_text(encoding="utf-8")
    claims = (
        "\nclaims:\n  sooner:\n    {says: He would have won., who: a poster, kind: chance, "
        "test: chance of french_victory under dry_night, meant: probably}\n"
        "  exactly: {says: One in two., who: a poster, kind: chance, "
        "test: chance of french_victory under dry_night, meant: 50%}\n"
        "  perhaps: {says: It could be., who: a poster, kind: chance, "
        "test: chance of french_victory under dry_night, meant: could happen}\n"
        "  a_pity: {says: A pity., who: a poster, kind: value}\n"
        "  said: {says: Somebody said so., who: a poster, kind: utterance}\n"
        "camps:\n  bold: {says: He was the better general., french_victory.chance: 70% to 90%, attack.mud: x2 to x4}\n"
        "  sober: {says: The numbers decide., french_victory.chance: 20% to 50%}\n"
    )
    return dossier_of(text + claims)


@cache
def hostile() -> Dossier:
    text = BATTLE.read_text(encoding="utf-8")
    text = text.replace("What if it had not rained before Waterloo?", f"'{HOSTILE} {LONG}'")
    text = text.replace("Does Napoleon win the day?", f"'{HOSTILE}'").replace("put an author here", f"'{HOSTILE}'")
    text = text.replace("Guns could not be moved until the ground had dried.", f"'{HOSTILE} {LONG}'")
    return dossier_of(text.replace("It does not rain before Waterloo.", f"'{HOSTILE}'"))


@cache
def page(which: str) -> str:
    found = battle() if which == "battle" else hostile()
    return write_html(compose(found), data_json(found))


def words_of(block: object) -> list[tuple[object, ...]]:
    """The words of a block, wherever they stand in it."""
    match block:
        case Paragraph() | Heading():
            return [block.words]
        case Listing():
            return list(block.items)
        case Table():
            return [cell for row in block.rows for cell in row]
        case Timeline():
            return [(*each.ask, *each.really, *each.here, *each.range) for each in block.rows]
        case Folded():
            return [block.summary, *(words for inner in block.blocks for words in words_of(inner))]
        case _:
            return []


def flat(words: tuple[object, ...]) -> list[object]:
    """Pieces of words without their setting."""
    return [one for each in words for one in (flat(each.words) if isinstance(each, Strong | Quiet | Below) else [each])]


def pieces(document: Document) -> list[object]:
    """Every piece of words of a report."""
    blocks = [*document.lead, *(block for section in document.sections for block in section.blocks)]
    said = [*(words for block in blocks for words in words_of(block)), *(each.holds for each in document.sections)]
    return [piece for words in said for piece in flat(words)]


def numbers(value: object) -> set[float]:
    """Every number of a JSON value, and how many entries each list has."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return set()
    if isinstance(value, int | float):
        return {float(value), -float(value)}
    if isinstance(value, dict):
        return {float(len(value))}.union(*(numbers(each) for each in value.values()))
    assert isinstance(value, list | tuple)
    return {float(len(value))}.union(*(numbers(each) for each in value))


def test_every_number_in_the_prose_is_one_of_the_figures() -> None:
    found = battle()
    known = numbers(json.loads(json.dumps(figures(found))))
    shown = [piece for piece in pieces(compose(found)) if isinstance(piece, Figure)]
    assert len(shown) > 60
    assert [each for each in shown if each.value not in known] == []


def test_no_digit_of_a_result_stands_in_prose_unbound() -> None:
    dates = re.compile(r"\d{4}(-\d\d){0,2}")
    own = [piece for piece in pieces(compose(battle())) if isinstance(piece, str)]
    assert [text for text in own if re.search(r"\d", dates.sub("", text))] == ["half-life 4 years"][:0]


def test_a_figure_is_shown_as_its_value_rounds() -> None:
    for piece in pieces(compose(battle())):
        if isinstance(piece, Figure) and re.fullmatch(r"\d+%?", piece.text):
            scale = 100.0 if piece.text.endswith("%") else 1.0
            shown = float(piece.text.rstrip("%"))
            assert min(abs(shown - scale * piece.value), abs(shown - 100 * piece.value)) <= 10.0, piece


def answers_in(value: object) -> set[str]:
    """Every answer of a JSON value as it may be shown: its value, and with its range."""
    if isinstance(value, list):
        return set().union(*(answers_in(each) for each in value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*(answers_in(each) for each in value.values()))
    if {"value", "low", "high", "error", "unit"} <= value.keys():
        figures = {name: value[name] for name in ("value", "low", "high", "error", "unit")}
        shown = answer(0.5, 0.1, 0.9)
        shown = replace(shown, **figures)
        found |= {say_value(shown), say_range(shown), f"{say_value(shown)} ({say_range(shown)})"}
    return found


def unfolded(blocks: Sequence[Block]) -> Iterator[Block]:
    """All blocks, those within folded ones too."""
    for each in blocks:
        yield each
        if isinstance(each, Folded):
            yield from unfolded(each.blocks)


def drawings(document: Document) -> list[Drawing]:
    return [block for each in document.sections for block in unfolded(each.blocks) if isinstance(block, Drawing)]


def test_every_number_of_a_result_in_a_picture_is_one_of_the_figures() -> None:
    found = battle()
    known = answers_in(json.loads(json.dumps(figures(found))))
    shown = 0
    drawn = drawings(compose(found))
    assert [each.wide.title.partition(":")[0] for each in drawn] == ["What leads to", "The commonest histories"]
    for drawing in drawn:
        for picture in (drawing.wide, drawing.narrow):
            for words, _, _ in words_of_picture(picture):
                if "%" in words and "admissible" not in words:
                    assert re.sub(r"^here: (?:[a-z ]+ )?", "", words) in known, words
                    shown += 1
    assert shown > 10


def test_a_picture_stands_for_a_desk_and_for_a_telephone_and_in_words_for_markdown() -> None:
    for drawing in drawings(compose(battle())):
        assert (drawing.wide.width, drawing.narrow.width) == (720, 350)
        plain = markup(compose(battle()))
        assert drawing.wide.within in plain and drawing.narrow.beside(drawing.wide) in plain
        assert drawing.wide.title.replace("?", "\\?").split(":")[0] in write_markdown(compose(battle()))


def test_what_takes_minutes_is_left_out_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    text = BATTLE.read_text(encoding="utf-8")
    assert dossier_of(text).surprises is not None
    monkeypatch.setattr("jonbar.report.dossier.QUICK_TO_FORESEE", 0)
    bare = dossier_of(text)
    assert bare.surprises is None
    assert "jonbar history battle" in write_markdown(compose(bare))
    asked = dossier_of(text, foresee=True).surprises
    assert asked is not None and asked.facts


class Reader(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("which", ["battle", "hostile"])
def test_nothing_of_a_file_becomes_markup(which: str) -> None:
    found = Reader(page(which))
    assert found.tags.count("script") == 2 and found.tags.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "link", "form", "base", "video", "audio"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("style", "src", "srcdoc")]
    assert all((value or "").startswith("#") for name, value in found.attributes if name == "href")
    assert "‮" not in page(which)
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize("which", ["battle", "hostile"])
def test_the_page_allows_its_own_style_and_script_and_nothing_else(which: str) -> None:
    text = page(which)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    rules = policy[1].replace("&#x27;", "'")
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert len(script) == len(style) == 1
    assert digest(script[0]) in rules and digest(style[0]) in rules
    assert rules.startswith("default-src 'none';") and "unsafe" not in rules and "http" not in rules


def test_the_data_of_a_page_is_whole_and_cannot_end_it() -> None:
    body = re.search(r'<script type="application/json" id="data">(.*?)</script>', page("hostile"), re.DOTALL)
    assert body is not None and "<" not in body[1]
    assert json.loads(body[1])["figures"] == json.loads(json.dumps(figures(hostile())))


def test_a_page_is_light() -> None:
    shell = sum(len(asset(name).encode()) for name in ("report.css", "folds.js", "figures.js", "report.js"))
    assert shell < 32_000 and len(page("battle").encode()) < 300_000


@pytest.mark.parametrize("which", [battle, hostile], ids=["battle", "hostile"])
def test_a_lighter_page_has_the_same_elements_attributes_and_words(which: Callable[[], Dossier]) -> None:
    plain = markup(compose(which()))
    before, after = Reader(plain), Reader(lighter(plain))
    assert [each for each in before.tags if each != "data"] == after.tags
    assert [each for each in before.attributes if each[0] not in ("value", "xmlns")] == after.attributes
    assert "".join(before.words).replace("\n", "") == "".join(after.words)
    assert len(lighter(plain)) < 0.95 * len(plain)
    assert lighter(lighter(plain)) == lighter(plain)


def test_a_lighter_style_and_script_keep_what_is_in_quotes() -> None:
    assert lighter_style('a > b { content: "x: y; {z} "; color: red; }') == 'a>b{content:"x: y; {z} ";color:red}'
    assert lighter_style("a :is(b, c) { margin: 0 -1px; }") == "a :is(b,c){margin:0 -1px}"
    script = 'const said = "a = b // c"; // why\n  // all of it\n  const two = `${said} = 2`;'
    assert lighter_script(script) == 'const said="a = b // c";\nconst two=`${said} = 2`;'


def test_pictures_in_a_page_have_the_colours_that_they_have_alone() -> None:
    told = pictures_in_page(STYLE)
    day, night = (dict(re.findall(r"(--p\d+):([^;}]+)", half)) for half in re.findall(r":root\{([^}]*)\}", told))
    assert day.keys() == night.keys() and set(re.findall(r"var\((--p\d+)\)", told)) == set(day)
    alone = STYLE.replace(".jonbar-picture ", "svg ")
    for each in re.findall(r"#[0-9a-f]{6}", alone):
        assert each in told
    for name, colour in day.items():
        told = told.replace(f"var({name})", colour)
    light = alone.partition("@media")[0]
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", light):
        for selector in selectors.strip().split(","):
            assert f"{selector}{{{body}" in told or all(one in told for one in body.split(";")), selector


def test_what_is_folded_says_what_is_inside_and_a_link_into_it_leads_inside() -> None:
    document = compose(battle())
    folded = {each.name: Writer({}).words(each.holds) for each in document.sections if each.holds}
    assert {each.name for each in document.sections} - set(folded) == {"timelines"}
    assert re.sub("<[^>]*>", "", folded["claims"]).startswith("5 claims: ")
    assert "arguments" in folded["arguments"] and "act" in folded["readings"]
    text = page("battle")
    for name in (*folded, "sources"):
        assert re.search(
            rf"<details class=part><summary><h2>[^<]*</h2>(?:(?!</summary>).)*</summary><div id={name}>", text
        )


def test_a_list_with_room_for_more_keeps_every_row_and_opens_with_the_act() -> None:
    groups = listed(battle())
    first = at_once(battle(), groups)
    reading = battle().report.reading
    assert reading is not None and groups.keys() >= first >= reading.sets & groups.keys()
    rows = [
        block for each in compose(battle()).sections for block in unfolded(each.blocks) if isinstance(block, Timeline)
    ]
    asked = {row.ask for block in rows for row in block.rows if row.first}
    assert len(asked) == len({line.ask for lines in groups.values() for line in lines})


def test_every_note_has_its_source_and_every_link_its_place() -> None:
    found = Reader(page("battle"))
    targets = {value[1:] for name, value in found.attributes if name == "href" and value}
    assert targets <= set(found.ids)
    cited = {name for piece in pieces(compose(battle())) if isinstance(piece, Cite) for name in piece.names}
    assert cited == {name for name, _ in compose(battle()).sources}


def test_the_order_is_that_of_words_before_grounds() -> None:
    names = [each.name for each in compose(battle()).sections]
    grounds = ["history", "claims", "crux", "tellings", "arguments", "methods"]
    assert names == ["readings", "timelines", "why", "argue", *grounds]


def test_markdown_says_the_same_and_no_word_of_a_file_is_a_mark() -> None:
    text = write_markdown(compose(battle()))
    for piece in pieces(compose(battle())):
        if isinstance(piece, Figure):
            assert piece.text.replace("<", "\\<").replace(">", "\\>") in text
    evil = write_markdown(compose(hostile()))
    assert not re.search(r"(?<!\\)<script|(?<!\\)<img", evil) and "‮" not in evil


def test_told_words_and_code_are_all_that_a_file_can_say() -> None:
    ours = {piece for piece in pieces(compose(hostile())) if isinstance(piece, str)}
    assert not any("alert" in each or "evil" in each for each in ours)
    theirs = [piece for piece in pieces(compose(hostile())) if isinstance(piece, Told | Code)]
    assert any("alert" in each.text for each in theirs)


def test_assets_are_part_of_the_package() -> None:
    folder = Path(__file__).parent.parent.parent / "src" / "jonbar" / "views" / "dossier"
    assert {each.name for each in folder.iterdir() if each.suffix in (".js", ".css")} == {
        "report.css", "folds.js", "figures.js", "report.js",
    }  # fmt: skip
