"""How the model sees what happened, for programs: JSON and CSV with every figure in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

from jonbar.history.curve import Curve, Point
from jonbar.history.surprise import Surprise, Surprises
from jonbar.views.data import table, to_json


def surprises_json(found: Surprises) -> str:
    """Every fact's surprise, in bits."""
    return to_json({"unit": "bits", "in_sample": True, "total": found.bits, **asdict(found)})


def surprises_csv(found: Surprises) -> str:
    """One row a fact."""
    names = [each.name for each in fields(Surprise)]
    return table(names, [[getattr(fact, name) for name in names] for fact in found.facts])


def curves_json(curves: Sequence[Curve]) -> str:
    """Every curve, with the day from which it looked settled."""
    return to_json({"curves": [{**asdict(each), "settled": each.settled} for each in curves]})


def curves_csv(curves: Sequence[Curve]) -> str:
    """One row a date and curve."""
    names = [each.name for each in fields(Point)]
    rows = [
        [each.outcome, each.observer, each.reading, *(_cell(getattr(point, name)) for name in names)]
        for each in curves
        for point in each.points
    ]
    return table(["outcome", "observer", "reading", *names], rows)


def _cell(value: object) -> object:
    return " ".join(value) if isinstance(value, tuple) else value
