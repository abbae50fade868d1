"""Laws of pictures: their numbers are numbers of the answer, no words touch, nothing in them was not escaped."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_

from jonbar.query.answering import Answer
from jonbar.scenario.terms import Kind
from jonbar.sensitivity.arguments import KnockOut
from jonbar.views.ancestor_picture import draw_ancestors
from jonbar.views.ancestors import ancestry
from jonbar.views.branching_picture import draw_branching
from jonbar.views.crux_picture import draw_crux
from jonbar.views.curve_picture import draw_curves
from jonbar.views.drawing import BOLD, NARROW, STYLE, WIDE, Picture, breadth, fit
from jonbar.views.layers import set_in_layers
from jonbar.views.picture import draw_timelines
from jonbar.views.rounding import say_chance, say_range, say_value
from jonbar.views.series_picture import draw_series, drawable
from tests.oracles.random_scenarios import random_case
from tests.views.made_up import TIMELINES, answer, quantity, report
from tests.views.made_up_crux import quarrel
from tests.views.made_up_pictures import ARGUMENTS, CURVES, DRY, FIELD, HISTORIES
from tests.views.test_goldens import compare

HOSTILE = "\x1b]0;owned\x07 \u202eevil\u2028 </text><script>alert(1)</script> & \x00 " + "x" * 10_000
SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"large": 14.0, "chips": 11.0, "title": 19.0}
DRAWINGS: dict[str, Callable[[int], Picture]] = {
    "series": lambda width: draw_series(TIMELINES, "missiles", width=width),
    "quantity": lambda width: draw_series(TIMELINES, "approval", width=width),
    "ancestors": lambda width: draw_ancestors(FIELD, "french_victory", ARGUMENTS, do=DRY.do, width=width),
    "branching": lambda width: draw_branching(HISTORIES, width=width),
    "curves": lambda width: draw_curves(CURVES, width=width),
    "crux": lambda width: draw_crux(quarrel(), ask="Does Goldwater win in 1964?", width=width),
    "timelines": lambda width: draw_timelines(report(), width=width),
}


def words_of(picture: Picture) -> Iterator[tuple[str, str, tuple[float, float, float, float]]]:
    """Each line of text with its style and the room that it takes: left, top, right, foot."""
    root = ElementTree.fromstring(picture.alone)
    around = {child: group for group in root.iter(f"{SVG}g") for child in group}
    for each in root.iter(f"{SVG}text"):
        group = around[each].get("class", "") if each in around else ""
        style, words = f"{group} {each.get('class', '')}".split(), each.text or ""
        size = next((SIZES[name] for name in style if name in SIZES), 12.0)
        size = 16.0 if "slim" in style else size
        wide = breadth(words, size) * (BOLD if {"title", "here"} & set(style) else 1.0)
        x, y = float(each.get("x", "nan")), float(each.get("y", "nan"))
        left = x - {"middle": wide / 2, "end": wide}.get(
            each.get("text-anchor", "middle" if group == "chips" else "start"), 0.0
        )
        yield words, " ".join(style), (left, y - 0.8 * size, left + wide, y + 0.1 * size)


def assert_apart(picture: Picture) -> None:
    placed = list(words_of(picture))
    for words, _, (left, top, right, foot) in placed:
        assert left >= -1.0, words
        assert right <= picture.width + 1.0, words
        assert top >= 0.0, words
        assert foot <= picture.height, words
    for (words, _, one), (others, _, other) in itertools.combinations(placed, 2):
        beside = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert beside, f"`{words}` touches `{others}`"


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", DRAWINGS)
def test_pictures_are_as_they_were_looked_at(name: str, width: int) -> None:
    compare(f"{name}-{width}.svg", DRAWINGS[name](width).alone)


@pytest.mark.parametrize("width", [WIDE, NARROW, 430, 1200])
@pytest.mark.parametrize("name", DRAWINGS)
def test_no_words_touch_their_neighbours_or_leave_the_picture(name: str, width: int) -> None:
    assert_apart(DRAWINGS[name](width))


@given(any_.lists(any_.tuples(any_.integers(0, 10**9), any_.integers(0, 10**9)), min_size=2, max_size=9))
@settings(max_examples=100, deadline=None)
def test_no_words_of_any_series_touch(values: list[tuple[int, int]]) -> None:
    rows = [
        quantity(f"guns in {1900 + at}", f"{1900 + at}-12-31", "Guns", str(ours), "guns", ours / 1000, here / 1000)
        for at, (ours, here) in enumerate(values)
    ]
    for width in (WIDE, NARROW):
        assert_apart(draw_series(replace(TIMELINES, lines=tuple(rows)), "guns", width=width))
        assert_apart(draw_series(replace(TIMELINES, lines=tuple(rows[:1])), "guns", width=width))


def random_arguments(seed: int) -> tuple[dict[str, str], str, tuple[KnockOut, ...], object]:
    case = random_case(seed)
    rng = np.random.default_rng([seed, 7])
    pushes = [(name, each) for name, variable in case.scenario.variables.items() for each in variable.pushes]
    found = []
    for name, each in pushes:
        gap = float(rng.choice([0.0, 0.01, 0.1, 0.3]) * rng.choice([-1, 1]))
        whole, bare = answer(0.5, 0.3, 0.7), answer(0.5 - gap, 0.1, 0.9)
        found.append(KnockOut(f"{name}.{each.name}", name, "a reason", (), "argued", whole, bare, gap, 0.002))
    return dict(case.do), str(list(case.scenario.variables)[-1]), tuple(found), case.scenario


@pytest.mark.parametrize("seed", range(40))
def test_no_words_of_any_graph_touch(seed: int) -> None:
    do, outcome, found, written = random_arguments(seed)
    for width in (WIDE, NARROW):
        assert_apart(draw_ancestors(written, outcome, found, do=do, width=width))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(40))
def test_every_ancestor_drawn_leads_to_the_outcome_and_every_other_is_counted(seed: int) -> None:
    do, outcome, found, written = random_arguments(seed)
    picked = ancestry(written, outcome, found, do, most=6)  # type: ignore[arg-type]
    whole = ancestry(written, outcome, found, do, most=100)  # type: ignore[arg-type]
    reached = {outcome}
    for name in reversed(picked.names):
        assert name in reached, "no arrow leads on from it"
        reached |= {each.source for each in picked.arrows if each.target == name}
    assert reached == set(picked.names)
    assert len(picked.names) <= 6
    assert len(picked.names) + picked.left_out == len(whole.names) + whole.left_out
    order = {name: at for at, name in enumerate(picked.names)}
    assert all(order[each.source] < order[each.target] for each in picked.arrows)


@given(
    any_.integers(1, 12).flatmap(
        lambda size: any_.tuples(
            any_.just(size),
            any_.sets(any_.tuples(any_.integers(0, size - 1), any_.integers(0, size - 1)), max_size=24),
        )
    )
)
@settings(max_examples=150, deadline=None)
def test_boxes_of_a_layer_never_touch_and_arrows_run_downward(graph: tuple[int, set[tuple[int, int]]]) -> None:
    size, pairs = graph
    order = [f"box {number:02}" for number in range(size)]
    arrows = [(order[one], order[other]) for one, other in sorted(pairs) if one < other]
    found = set_in_layers(order, arrows, box=140.0, gap=18.0, width=318.0)
    level = {knot: number for number, layer in enumerate(found.layers) for knot in layer}
    for layer in found.layers:
        middles = [found.middle[knot] for knot in layer if isinstance(knot, str)]
        assert all(other - one >= 158.0 - 1e-6 for one, other in itertools.pairwise(middles))
        assert all(70.0 - 1e-6 <= each <= 248.0 + 1e-6 for each in middles)
    for one, other in arrows:
        numbers = [level[knot] for knot in found.routes[one, other]]
        assert numbers == list(range(level[one], level[other] + 1))


def said(answers: Sequence[Answer]) -> set[str]:
    """Every way in which the numbers of some answers may be shown."""
    return {
        words
        for each in answers
        for words in (say_value(each), say_range(each), f"{say_value(each)} ({say_range(each)})")
    }


def test_the_numbers_of_a_series_are_those_of_its_answers() -> None:
    lines = [each for each in TIMELINES.lines if each.variable.startswith("missiles")]
    known = said([one for line in lines for _, one in (*line.modelled, *line.here)])
    ends = [words for words, style, _ in words_of(DRAWINGS["series"](WIDE)) if "here" in style]
    assert ends == [say_value(lines[-1].here[0][1])]
    told = DRAWINGS["series"](WIDE).told
    for number in re.findall(r"(?:history|here) ([0-9.,]+) \(", told):
        assert number in known
    assert told.count("here") == len(lines)


def test_the_points_of_a_series_stand_where_its_numbers_are() -> None:
    drawn = ElementTree.fromstring(DRAWINGS["series"](WIDE).alone)
    lines = [each for each in TIMELINES.lines if each.variable.startswith("missiles")]
    marks = {}
    for each in drawn.iter(f"{SVG}text"):
        if each.get("text-anchor") == "end":
            marks[float((each.text or "").replace(",", ""))] = float(each.get("y", "nan")) - 4
    (low, foot), *_, (high, top) = sorted(marks.items())
    for group, answers in (("own", [one.here for one in lines]), ("other", [one.modelled for one in lines])):
        points = drawn.find(f".//{SVG}g[@class='{group}']/{SVG}polyline")
        assert points is not None
        heights = [float(each.partition(",")[2]) for each in points.get("points", "").split()]
        values = [low + (foot - height) / (foot - top) * (high - low) for height in heights]
        assert values == pytest.approx([each[0][1].value for each in answers], abs=(high - low) / 100)
    assert len(list(drawn.iter(f"{SVG}circle"))) == sum(bool(each.really) for each in lines)


def test_the_numbers_of_a_tree_are_those_of_its_branches() -> None:
    known = {say_chance(each.share.value, each.share.error) for each in HISTORIES.courses}
    known |= {
        f"{say_chance(each.share.value, each.share.error)} ({say_range(each.share)})" for each in HISTORIES.courses
    }
    for width in (WIDE, NARROW):
        shown = [words for words, _, _ in words_of(draw_branching(HISTORIES, width=width)) if "%" in words]
        assert len(shown) == len(HISTORIES.courses)
        assert set(shown) <= known


def test_the_numbers_of_a_graph_are_those_of_the_file_and_the_answers() -> None:
    drawn = DRAWINGS["ancestors"](WIDE)
    chips = [words for words, style, _ in words_of(drawn) if style == "chips"]
    assert sorted(chips) == ["×0.05–0.2", "×0.1–0.4", "×4–12"]
    for each in ARGUMENTS[:2]:
        assert f"without it {say_chance(each.without.value, each.error)}" in drawn.told


def test_what_is_left_out_is_said() -> None:
    drawn = draw_ancestors(FIELD, "french_victory", ARGUMENTS)
    assert "Left out: 1 other cause," in " ".join(words for words, _, _ in words_of(drawn))


def test_meaning_needs_no_colour() -> None:
    """With every colour gone, two histories, and what speaks for and against, still differ in their lines."""
    series = ElementTree.fromstring(DRAWINGS["series"](WIDE).alone)
    dashes = [each.get("stroke-dasharray") for each in series.iter(f"{SVG}polyline")]
    assert len(set(dashes)) == len(dashes) == 2
    graph = DRAWINGS["ancestors"](WIDE).alone
    assert 'class="arrow against"' in graph and ".against{stroke-dasharray:6 4}" in graph
    assert "speaks against it" in graph


def hostile_pictures() -> Iterator[Picture]:
    rows = [
        replace(each, ask=HOSTILE, really="3 " + HOSTILE) for each in TIMELINES.lines if "missiles" in each.variable
    ]
    lines = (*rows, quantity("one", "1962", HOSTILE, HOSTILE, HOSTILE, 3.0, 4.0))
    bad = replace(TIMELINES, lines=lines)
    names = tuple(replace(each, ask=HOSTILE) for each in FIELD.variables.values())
    field = replace(FIELD, variables=MappingProxyType({each.name: each for each in names}))
    forks = tuple(replace(each, ask=HOSTILE, when=HOSTILE, really=HOSTILE) for each in HISTORIES.forks)
    histories = replace(HISTORIES, says=HOSTILE, forks=forks)
    arguments = tuple(replace(each, because=HOSTILE) for each in ARGUMENTS)
    for width in (WIDE, NARROW):
        yield draw_series(bad, "missiles", width=width)
        yield draw_series(bad, "one", width=width)
        yield draw_ancestors(field, "french_victory", arguments, do=DRY.do, width=width)
        yield draw_branching(histories, width=width)
    yield draw_timelines(replace(report(), timelines=bad))
    yield draw_crux(quarrel(), ask=HOSTILE)
    yield draw_curves([replace(CURVES[0], outcome=HOSTILE, reading=HOSTILE)], width=NARROW)


def test_the_numbers_of_a_crux_and_of_curves_are_those_of_its_answers() -> None:
    found = quarrel().crux
    assert found is not None
    shown = [words for words, style, _ in words_of(DRAWINGS["crux"](NARROW)) if style == "quiet large"]
    points = [round(100 * each.points) for each in found.shares]
    assert shown == [
        say_chance(found.other.answer.value), *(f"+{each}" if each else "0" for each in points),
        say_chance(found.one.answer.value),
    ]  # fmt: skip
    ends = {words for words, style, _ in words_of(DRAWINGS["curves"](NARROW)) if not style and "%" in words}
    assert ends == {say_chance(each.points[-1].value, 0.004) for each in CURVES}


def test_nothing_in_a_picture_is_a_command_of_its_file() -> None:
    for picture in hostile_pictures():
        for drawn in (picture.alone, picture.within):
            root = ElementTree.fromstring(drawn)
            assert not [each for each in root.iter() if each.tag.endswith("script")]
            assert not any((ord(each) < 32 and each != "\n") or 127 <= ord(each) < 160 for each in drawn)
            assert "\u202e" not in drawn and "\u2028" not in drawn
            assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_a_picture_tells_itself_and_two_on_a_page_keep_their_names_apart() -> None:
    names: list[str] = []
    for draw in DRAWINGS.values():
        root = ElementTree.fromstring(draw(WIDE).within)
        ids = root.get("aria-labelledby", "").split()
        assert [root.find(f"{SVG}title"), root.find(f"{SVG}desc")] == [root.find(f".//*[@id='{each}']") for each in ids]
        assert all(each.text for each in root.iter() if each.get("id") in ids)
        names += ids
    assert len(set(names)) == len(names)


def test_within_a_page_a_picture_brings_no_style_of_its_own() -> None:
    for draw in DRAWINGS.values():
        assert STYLE in draw(WIDE).alone
        assert "<style" not in draw(WIDE).within and " style=" not in draw(NARROW).within


def test_every_rule_of_the_style_keeps_to_pictures() -> None:
    for rule in re.findall(r"([^{}]+)\{[^{}]*\}", STYLE.replace("@media (prefers-color-scheme:dark){", "")):
        assert all(each.strip().startswith(".jonbar-picture ") for each in rule.split(",")), rule


@given(any_.text(max_size=80), any_.integers(30, 400), any_.integers(1, 4))
def test_fitted_lines_are_no_broader_than_their_room(words: str, width: int, most: int) -> None:
    found = fit(words, width, most=most)
    assert len(found) <= most
    assert all(breadth(line) <= width or len(line) <= 2 for line in found)
    whole = fit(words, width)
    assert found == whole or (found[-1].endswith("…") and len(whole) > most)


def test_what_can_be_drawn_are_the_quantities() -> None:
    kinds = {each.name: each.kind for each in TIMELINES.lines}
    assert drawable(TIMELINES) == ["missiles", "approval"]
    assert all(kinds[name] in (Kind.SERIES, Kind.QUANTITY) for name in drawable(TIMELINES))
