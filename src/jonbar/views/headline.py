"""The answer in a few sentences: what a change moves furthest, and what it leaves alone although people asked."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from jonbar.query.answering import Answer, Line, Timelines
from jonbar.report.build import Report
from jonbar.scenario.terms import Kind
from jonbar.views.lines import Paint, clean, paragraph, plain
from jonbar.views.reasons import verdict
from jonbar.views.rounding import say_range, say_value

MOVED, TURNED, UNMOVED = 4, 2, 2  # sentences: of what was asked about, of what turned besides, of what stayed
TURNED_BELOW = 0.2  # the chance of what is recorded
LEAST_MOVED = 0.05  # a smaller difference is not spoken of
CERTAIN = 0.99
HALF_WIDTH = 1.645  # standard deviations from the middle to either end of a 90 % range


def how_far(line: Line) -> float:
    """How far a question's answer is from what it was: the largest difference in the chance of any outcome, 0 to 1.

    For a quantity, that of two normal curves as wide as luck alone would make it, so that tons and percent compare.
    """
    before = dict(line.modelled)
    if len(line.here) > 1 or line.here[0][1].unit == "chance":
        apart = [abs(here.value - before[state].value) for state, here in line.here]
        return apart[0] if len(apart) == 1 else sum(apart) / 2
    unit, here = line.here[0]
    gap, luck = abs(here.value - before[unit].value), _spread(line.rerolled[0][1])
    if luck > 0.0:
        return math.erf(gap / luck / math.sqrt(8.0))
    return 1.0 if gap > 0.0 else 0.0


def _spread(answer: Answer) -> float:
    if answer.predictive_low is None or answer.predictive_high is None:
        return 0.0
    return (answer.predictive_high - answer.predictive_low) / (2 * HALF_WIDTH)


@dataclass(frozen=True)
class Headline:
    """The lines that an answer begins with: what moved furthest, and what hardly moved although people asked."""

    moved: tuple[Line, ...]
    still: tuple[Line, ...]


def headline(report: Report) -> Headline:
    """Of what was asked about, and what else moved most; both are empty where nothing is left to chance."""
    assert report.timelines is not None
    asked = asked_about(report, report.timelines)
    moved = next((found for each in asked if (found := moved_most(each))), [])[:MOVED]
    turned = [each for each in asked[-1] if _turned(each) and each not in moved] if asked else []
    moved = moved_most([*moved, *moved_most(turned)[:TURNED]])
    still = [each for each in next(iter(asked), []) if each.moved and how_far(each) < LEAST_MOVED]
    said = report.scenario.claimed()
    still.sort(key=lambda each: (each.here[0][1].unit != "chance", -said[each.name]))
    return Headline(tuple(moved), tuple(still[:UNMOVED]))


def show_headline(report: Report, *, width: int = 80, paint: Paint = plain) -> str:
    """The first lines of an answer; empty where nothing that was asked about is left to chance."""
    found = headline(report)
    lines = []
    for title, some in (("What changes most", found.moved), ("What hardly changes", found.still)):
        if some:
            lines.append(paint("strong", title))
            lines += [paragraph(say_line(each), width, "  ", "    ") for each in some]
    return "\n".join(lines)


def asked_about(report: Report, timelines: Timelines) -> list[list[Line]]:
    """What claims say of this reading; what they say of any; all questions. Of a series its last year; nothing set."""
    assert report.reading is not None
    last = {line.name: line for line in timelines.lines}
    set_here = report.reading.sets | set(re.findall(r"\w+", report.given))
    tests = [claim.asks for claim in report.scenario.claims.values()]
    here = [each for each in tests if report.reading.name in each]
    about = [frozenset[str]().union(*here), frozenset[str]().union(*tests), frozenset(last)]
    found = ([line for name, line in last.items() if name in wanted - set_here] for wanted in about)
    return [lines for lines in found if lines]


def moved_most(asked: Sequence[Line]) -> list[Line]:
    """Those that moved at all, furthest first; what is certain here follows from the act, and comes last."""
    moved = (each for each in asked if how_far(each) >= LEAST_MOVED)
    return sorted(moved, key=lambda each: (_certain(each), -how_far(each)))


def _turned(line: Line) -> bool:
    """Whether what is recorded is unlikely here, and neither is certain: no plain consequence of the act."""
    if not line.answered:
        return False
    label, answer = next(((one, each) for one, each in line.here if one == line.answered), line.here[0])
    happened = answer.value if label == line.answered else 1.0 - answer.value  # only `yes` has a chance of its own
    return 1.0 - CERTAIN < happened < TURNED_BELOW


def _certain(line: Line) -> bool:
    answer = line.leading[1]
    return answer.unit == "chance" and answer.value > CERTAIN


def worth_asking(report: Report) -> str:
    """The variable to ask `why` about: of the yes-or-no questions, one that moved far and is open, if there is any."""
    assert report.timelines is not None
    single = [each for each in report.timelines.lines if [state for state, _ in each.here] == ["yes"]]
    asked = [each for lines in asked_about(report, report.timelines) for each in moved_most(lines) if each in single]
    is_open = [each for each in asked if LEAST_MOVED < each.here[0][1].value < 1 - LEAST_MOVED]
    return (is_open or asked or report.timelines.lines)[0].variable


def say_line(line: Line) -> str:
    """One question with its answer, such as `Does Goldwater win? Probably not: 27% (10-45). Really: no.`."""
    label, answer = line.leading
    really = f" Really: {line.really.replace('_', ' ')}." if line.really else ""
    asked = line.ask if line.ask.endswith("?") else f"{line.ask}:"
    said = f"{say_value(answer)} ({say_range(answer)})"
    if answer.unit != "chance":
        unit = "" if answer.unit == "number" or answer.unit.lower() in line.ask.lower() else f" {answer.unit}"
        told = f"about {say_value(answer)}{unit} ({say_range(answer)})"
    elif label != "yes":
        told = f"{label.replace('_', ' ')}, {said}"
    elif line.kind is Kind.HAZARD:
        told = f"by {line.when.partition('/')[2] or line.when}, {verdict(answer).lower()}: {said}"
    else:
        told = f"{verdict(answer).lower()}: {said}"
    return clean(f"{asked} {told[:1].upper()}{told[1:]}.{really}")
