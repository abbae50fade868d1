"""Laws of results in a notebook: they say what they hold, and no word of a scenario is markup."""

from __future__ import annotations

import builtins
import json
import math
from dataclasses import replace
from typing import Any

import pytest

from jonbar.errors import QuestionError
from jonbar.history.surprise import Surprise, Surprises
from jonbar.showing import Shown
from jonbar.views.branching_picture import draw_branching
from tests.views.made_up import TIMELINES, answer
from tests.views.made_up_pictures import HISTORIES

EVIL = "<script>alert(1)</script>\u202e"
SURPRISES = Surprises((Surprise("rain", "1815-06-18", f"Rain? {EVIL}", "yes", 1.5, 0.1, 1.2, 0.1, 1.0, None),), 1, 100)
ANSWER = replace(answer(0.27, 0.1, 0.45), estimand=f"chance of {EVIL}")
RESULTS: tuple[Shown, ...] = (ANSWER, TIMELINES, SURPRISES, HISTORIES)
kinds = pytest.mark.parametrize("result", RESULTS, ids=lambda each: type(each).__name__)


def shown(result: Shown) -> str:
    return result._repr_html_()


def test_a_table_escapes_every_word_and_runs_nothing() -> None:
    line = replace(TIMELINES.lines[1], ask=EVIL, really=EVIL)
    for result in (ANSWER, SURPRISES, replace(TIMELINES, lines=(line,), says=EVIL)):
        text = shown(result)
        assert "<script" not in text and "\u202e" not in text and "&lt;script&gt;" in text


def test_a_table_says_the_numbers_that_it_rounds() -> None:
    assert '<data value="0.27">27%</data>' in shown(ANSWER)
    assert "86%" in shown(TIMELINES)


@kinds
def test_a_frame_has_a_row_for_each_answer_or_fact(result: Shown) -> None:
    frame = result.to_frame()
    if result is HISTORIES:
        assert list(frame.value) == [each.share.value for each in HISTORIES.courses]
        assert list(frame.attack[:1]) == [HISTORIES.courses[0].answers[0]]
        return
    if result is not TIMELINES:
        assert len(frame) == 1
        return
    every = [one for line in TIMELINES.lines for _, one in (*line.modelled, *line.here, *line.rerolled)]
    every += [one for line in TIMELINES.enabled or () for _, one in line.here]
    assert list(frame.value) == pytest.approx([each.value for each in every])


@kinds
def test_a_tree_has_a_group_for_each_history(result: Shown) -> None:
    tree = result.to_datatree()
    groups = set(tree.children)
    expected = {"really", "here", "rerolled", "enabled"} if result is TIMELINES else groups
    assert groups == expected and groups
    if result is TIMELINES:
        assert float(tree["here"].ds.value.sel(outcome="dallas")) == 0.94
        assert tree.attrs["seed"] == 1962


@kinds
def test_a_picture_is_drawn_from_the_same_numbers(result: Shown) -> None:
    chart = json.loads(result.plot().to_json())
    values = chart["data"]["values"] if "data" in chart else chart["layer"][0]["data"]["values"]
    assert values and not any(isinstance(each, float) and math.isnan(each) for row in values for each in row.values())


@kinds
@pytest.mark.parametrize(("verb", "package"), [("to_frame", "pandas"), ("to_datatree", "xarray"), ("plot", "altair")])
def test_what_is_not_installed_is_said_kindly(
    result: Shown, verb: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *others: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return real(name, *others)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(QuestionError, match=r"jonbar\[notebook\]"):
        getattr(result, verb)()


def test_histories_stand_as_their_tree() -> None:
    assert draw_branching(HISTORIES).alone in shown(HISTORIES)
    assert float(HISTORIES.to_datatree()["histories"].ds.value.sel(outcome="morning > no > yes")) == 0.1


def test_a_number_that_cannot_be_is_not_shown() -> None:
    starved = replace(ANSWER, value=math.nan, low=math.nan, high=math.nan, starved=("rain",))
    assert "There is no number" in shown(starved) and "nan" not in shown(starved)
