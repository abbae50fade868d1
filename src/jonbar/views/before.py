"""What the page shows before anything is answered: the questions with what happened, and those that a reader answers.

A reader who gives chances of their own first must not be led: which questions are put to them depends on what people
said and on dates, never on what the model answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from jonbar.query.answering import Question
from jonbar.query.answers import label_in, question_in
from jonbar.report.arguing import Turn
from jonbar.scenario.terms import Kind, Reading, Scenario
from jonbar.views.desk import flat
from jonbar.views.dossier.answers import range_of
from jonbar.views.lines import clean
from jonbar.views.rounding import say_value
from jonbar.views.timelines import CHANGED, HELD

MOST_WAITING = 40  # questions on the page
MOST_ENTERED = 6  # questions that a reader answers


def show_waiting(scenario: Scenario, reading: Reading, questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions that claims about an act ask, by date, with what happened; their answers are on the way."""
    said = _said(scenario, reading.name)
    asked = [each for each in questions if said[each.variable] or each.variable in reading.do]
    last = {each.variable: each for each in asked or questions}  # of a series its last year
    rows = []
    for each in sorted(last.values(), key=lambda one: one.order)[:MOST_WAITING]:
        end = each.when.partition("/")[2] or each.when
        fixed = reading.do.get(each.key, "")
        label = each.parts[0][0]
        rows.append(
            {
                "outcome": "" if fixed else each.outcome(label),
                "when": f"by {end}" if each.kind is Kind.HAZARD else end,
                "ask": clean(each.ask),
                "really": clean(each.really.replace("_", " ")),
                "here": clean(fixed.replace("_", " ")),
                "range": (HELD if each.really == fixed else CHANGED) if fixed else "",
                "first": True,
                "set": bool(fixed),
                "changed": bool(fixed) and each.really != fixed,
                "chance": None,
                "tinted": False,
                "file": "",
                "suppose": None,
            }
        )
    return rows


def show_entered(scenario: Scenario, reading: Reading, questions: Sequence[Question]) -> list[dict[str, Any]]:
    """A handful of yes-or-no questions from the change on for a reader to answer: those that most claims ask about."""
    said, act = _said(scenario, reading.name), [each.order for each in questions if each.key in reading.do]
    open_ones = [
        each
        for each in questions
        if each.unit == "chance"
        and len(each.parts) == 1
        and each.key not in reading.do
        and each.order >= max(act, default=-1e9)
    ]
    chosen = sorted(open_ones, key=lambda each: -said[each.variable])[:MOST_ENTERED]
    return [
        {
            "outcome": each.outcome(each.parts[0][0]),
            "when": clean(each.when.partition("/")[2] or each.when),
            "by": each.kind is Kind.HAZARD,
            "ask": clean(each.ask),
            "really": clean(each.really.replace("_", " ")),
        }
        for each in sorted(chosen, key=lambda one: (one.order, questions.index(one)))
    ]


def _said(scenario: Scenario, reading: str) -> Counter[str]:
    """How many claims ask about each question: those about this act, or where there are none all of them."""
    about = [each for each in scenario.claims.values() if reading in each.asks] or scenario.claims.values()
    return Counter(name for each in about for name in each.asks)


def show_compared(turn: Turn, outcomes: Sequence[str]) -> list[dict[str, Any]]:
    """The model's chance and range of outcomes for which a reader has given their own."""
    assert turn.report.timelines is not None
    lines = {line.variable: dict(line.here) for line in turn.report.timelines.lines}
    found = []
    for each in outcomes:
        answer = lines.get(question_in(each), {}).get(label_in(each))
        if answer is not None and not answer.starved:
            found.append(
                {
                    "outcome": each,
                    "said": say_value(answer),
                    "range": flat(range_of(answer)),
                    "value": answer.value,
                    "low": answer.low,
                    "high": answer.high,
                }
            )
    return found
