"""What the page of `jonbar open` is told that is looked at rather than read: a crux, curves, and other pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jonbar.crux.gap import READING, Share, Side
from jonbar.history.curve import Curve
from jonbar.query.answering import Timelines
from jonbar.report.build import Report
from jonbar.scenario.terms import Scenario
from jonbar.sensitivity.arguments import KnockOut
from jonbar.sensitivity.branching import Branching
from jonbar.views.ancestor_picture import draw_ancestors
from jonbar.views.branching_picture import draw_branching
from jonbar.views.crux import say_error, say_gap, say_method, say_name, tells_apart
from jonbar.views.crux_picture import draw_crux
from jonbar.views.curve_picture import draw_curves
from jonbar.views.drawing import NARROW, STYLE, WIDE, Picture
from jonbar.views.history import say_settled
from jonbar.views.lines import clean
from jonbar.views.naming import question_of, said_of
from jonbar.views.rounding import say_difference, say_range, say_value
from jonbar.views.series_picture import draw_series, drawable

MOST_TOGETHER = 3


def show_quarrel(report: Report, ask: str) -> dict[str, Any]:
    """What parts two camps on one outcome: their answers, the shares of the gap in words, and a picture of them."""
    found = report.crux
    assert found is not None
    told = [each for each in found.shares if tells_apart(each)]
    rest = [say_name(each.assumption).replace("_", " ") for each in found.shares if each not in told]
    return {
        "ask": clean(ask),
        "camps": [_side(each) for each in (found.one, found.other)],
        "oneReading": found.one.reading == found.other.reading,
        "gap": f"A gap of {say_gap(found)}, with an error of {say_error(found.error, found.unit)}.",
        "refused": clean(found.refused),
        "shares": [_share(each, report) for each in told],
        "rest": ", ".join(rest),
        "idle": ", ".join(clean(each).replace("_", " ") for each in found.idle),
        "together": [
            f"{say_difference(each.points, found.unit, each.error)}: {say_name(each.first)} with "
            f"{say_name(each.second)}".replace("_", " ")
            for each in found.together[:MOST_TOGETHER]
        ],
        "method": say_method(found),
        "picture": None if found.refused else _both(lambda width: draw_crux(report, ask=ask, width=width)),
    }


def parted(wide: Picture, narrow: Picture | None = None) -> dict[str, str]:
    """A picture for a desk and one for a narrow place, with their style apart: the page's policy takes none within."""
    return {"svg": wide.within, "narrow": narrow.within if narrow is not None else "", "style": STYLE}


def show_series(timelines: Timelines, name: str) -> dict[str, Any]:
    """One quantity in both timelines, and which others there are to choose from."""
    names = drawable(timelines)
    asked = {line.name: clean(line.ask) for line in timelines.lines}
    chosen = name if name in names else next(iter(names), "")
    return {
        "names": [[each, asked[each]] for each in names],
        "name": chosen,
        "picture": _both(lambda width: draw_series(timelines, chosen, width=width)) if chosen else None,
    }


def show_ancestors(
    scenario: Scenario, timelines: Timelines, variable: str, found: Sequence[KnockOut], do: Mapping[str, str]
) -> dict[str, str]:
    """What leads to an outcome."""
    return _both(lambda width: draw_ancestors(scenario, variable, found, do=do, timelines=timelines, width=width))


def show_branching(found: Branching) -> dict[str, Any]:
    """The commonest histories as a tree."""
    return {"picture": _both(lambda width: draw_branching(found, width=width))}


def _both(draw: Callable[[int], Picture]) -> dict[str, str]:
    return parted(draw(WIDE), draw(NARROW))


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": clean(side.camp.name),
        "says": clean(side.camp.says),
        "answer": f"{say_value(side.answer)} ({say_range(side.answer)})",
        "means": clean(side.reading.says or side.reading.name),
    }


def _share(share: Share, report: Report) -> dict[str, Any]:
    found = report.crux
    assert found is not None
    scenario, meaning = report.scenario, share.assumption == READING
    return {
        "name": "" if meaning else clean(share.assumption),
        "ask": "What the what-if means" if meaning else clean(question_of(scenario, share.assumption)),
        "part": f"{100 * share.part:.0f}%",
        "error": f"{100 * abs(share.error / found.gap):.0f}",
        "note": "" if meaning else clean(said_of(scenario, share.assumption)),
        "one": clean(share.one),
        "other": clean(share.other),
    }


def show_curves(curves: Sequence[Curve]) -> dict[str, Any]:
    """How likely an outcome looked on each date: a picture, and when it was settled."""
    names = (f"If {each.reading}" if each.reading else "In our history" for each in curves)
    return {
        "picture": _both(lambda width: draw_curves(curves, width=width)),
        "said": [f"{clean(name)}: {say_settled(each)}" for name, each in zip(names, curves, strict=True)],
        "method": f"{curves[0].draws:,} draws with {curves[0].tellings} runs of luck on each date, seed "
        f"{curves[0].seed}; known on a date is what had happened by then.",
        "warnings": [clean(each) for each in (*dict.fromkeys(text for one in curves for text in one.warnings),)],
    }
