"""Laws of how history looked at the time, and of the pages that say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from jonbar.errors import QuestionError
from jonbar.history.curve import Curve, Size, Wanted, curve
from jonbar.history.surprise import Surprises, surprises
from jonbar.scenario.expressions import Compare, Literal, Name
from jonbar.scenario.knowledge import HISTORIAN
from jonbar.scenario.terms import KEEP, Fact, Reading
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.views.curve_picture import draw_curves
from jonbar.views.history import show_curves, show_surprises
from tests.memory import Memory
from tests.oracles.small import NO, YES, event, quantity, scenario, year

SIZE = Size(seed=7, draws=400, tellings=20)
DRY = Reading("dry", "It stays dry.", {"rain": "no"})


def model() -> Model:
    whole = scenario(
        event("rain", 1961, 0.3, fact=YES),
        replace(event("sabotage", 1962, 0.5, fact=NO), known=(("public", year(1968)),)),
        event(
            "flood", 1963, 0.1, pushes={"of_rain": (9.0, Name("rain")), "of_hand": (4.0, Name("sabotage"))}, fact=YES
        ),
    )
    return compile_model(whole)


def looked(
    observer: str = HISTORIAN, reading: Reading | None = None, store: Memory | None = None, last: date | None = None
) -> Curve:
    wanted = Wanted(Name("flood"), "flood", observer, reading, KEEP, last=last)
    return curve(model(), wanted, meaning="flood", size=SIZE, store=store)


def surprised(store: Memory | None = None) -> Surprises:
    return surprises(model(), meaning="flood", seed=7, draws=400, store=store)


def odds(chance: float, *by: float) -> float:
    ratio = chance / (1 - chance)
    for each in by:
        ratio *= each
    return ratio / (1 + ratio)


def test_a_curve_is_the_chance_given_what_was_known_by_each_date() -> None:
    either = (odds(0.1, 9.0) + odds(0.1, 9.0, 4.0)) / 2
    assert [each.day for each in looked().points] == ["1961-12-31", "1962-12-31", "1963-12-31"]
    assert [each.value for each in looked().points] == pytest.approx([either, odds(0.1, 9.0), 1.0], abs=0.03)


def test_nobody_sees_what_was_kept_from_them() -> None:
    points = looked("public", last=date(1970, 1, 1)).points
    assert [each.day for each in points] == ["1961-12-31", "1963-12-31", "1968-01-01"]
    assert points[0].value == pytest.approx(looked().points[0].value, abs=0.03)


def test_a_curve_ends_when_its_observer_knows_the_outcome() -> None:
    whole, shorter = looked("public", last=date(1970, 1, 1)), looked("public")
    assert shorter.points == whole.points[:-1]
    assert whole.points[-1].value == pytest.approx(whole.points[-2].value, abs=1e-9)


def test_under_a_what_if_facts_count_up_to_the_change() -> None:
    dry = looked(reading=DRY)
    assert len({each.value for each in dry.points}) == 1  # it comes before all of them
    assert dry.points[0].value == pytest.approx((0.1 + odds(0.1, 4.0)) / 2, abs=0.03)


def test_no_number_is_uncertain_where_nothing_is() -> None:
    assert all(each.low == each.value == each.high for each in looked().points)


def test_an_outcome_is_settled_once_it_never_looks_open_again() -> None:
    assert looked().settled == "1963-12-31"
    assert looked(reading=DRY).settled is None


def test_nothing_known_in_the_time_asked_for_is_said() -> None:
    wanted = Wanted(Name("flood"), "flood", HISTORIAN, None, KEEP, year(1965).start)
    with pytest.raises(QuestionError, match="E517"):
        curve(model(), wanted, meaning="flood", size=SIZE)


def test_what_is_kept_is_what_was_found() -> None:
    shelf = Memory()
    assert looked(store=shelf) == looked(store=shelf) == looked()
    assert surprised(shelf) == surprised(shelf) == surprised()
    for key in shelf.entries:
        shelf.entries[key] = shelf.entries[key][:-2]  # damaged
    assert looked(store=shelf) == looked()


def test_surprise_is_in_bits_beside_a_coin_and_the_base_rate() -> None:
    rain, sabotage, flood = surprised().facts
    assert (rain.bits, rain.base, rain.coin) == pytest.approx((1.737, 1.737, 1.0), abs=1e-3)
    assert (sabotage.bits, flood.bits, flood.base) == pytest.approx((1.0, 1.0, 3.322), abs=1e-3)
    told = 0.3 * odds(0.1, 9.0) / (0.3 * odds(0.1, 9.0) + 0.7 * 0.1)
    assert 2**-rain.others == pytest.approx(told, abs=1e-3)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    pages = [
        show_surprises(surprised(), title="A flood", width=width),
        show_surprises(surprised(), title="A flood", width=width, most=2),
        show_curves([looked(), looked(reading=DRY)], width=width),
    ]
    assert max(len(line) for page in pages for line in page.splitlines()) <= width


def test_a_picture_is_well_formed_and_says_its_figures_aloud() -> None:
    picture = ElementTree.fromstring(draw_curves([looked(), looked(reading=DRY)]).alone)
    described = picture.find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert "if dry" in (described.text or "")


def test_a_curve_ends_where_a_fact_starves_it_and_says_so() -> None:
    starved = compile_model(
        scenario(
            event("war", 1960, (0.2, 0.4), fact=YES),
            quantity("fleet", 1962, (50.0, 54.0), 3.0, fact=Fact(value=95.0)),
            event("raid", 1965, 0.4, pushes={"size": (3.0, Compare(">", Name("fleet"), Literal(55.0)))}),
        )
    )
    wanted = Wanted(Name("raid"), "raid", HISTORIAN, None, KEEP)
    found, shelf = curve(starved, wanted, meaning="fleet", size=SIZE), Memory()
    assert [point.day for point in found.points] == ["1960-12-31"]
    assert "`fleet`" in found.warnings[0] and found.settled is None
    assert "After 1960-12-31 there is no number." in show_curves((found,))
    assert [curve(starved, wanted, meaning="fleet", size=SIZE, store=shelf) for _ in range(2)] == [found, found]
    with pytest.raises(QuestionError, match="E413"):
        curve(starved, replace(wanted, first=date(1962, 1, 1)), meaning="fleet", size=SIZE)


def test_a_table_shows_each_date_on_which_a_chance_moved_and_counts_the_rest() -> None:
    found = looked("public", last=date(1970, 1, 1))
    moving = (0.50, 0.505, 0.50, 0.60, 0.60, 0.90)
    points = tuple(replace(found.points[0], day=f"19{60 + at}-01-01", value=each) for at, each in enumerate(moving))
    text = show_curves((replace(found, points=points),))
    shown = [line[:10] for line in text.splitlines() if line[:4].isdigit()]
    assert shown == ["1960-01-01", "1963-01-01", "1965-01-01"]
    assert text.index("2 dates on which") < text.index("1963-01-01") < text.index("1 date on which")
