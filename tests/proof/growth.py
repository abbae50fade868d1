"""How the cost of taking history in and of answering grows with questions and with facts, and a picture of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from types import MappingProxyType

import numpy as np

from jonbar.query.answering import two_timelines
from jonbar.scenario.terms import KEEP, Fact, Reading, Scenario
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import run
from jonbar.scm.worlds import Block
from jonbar.views.drawing import Picture
from tests.oracles.random_scenarios import random_chronology
from tests.proof.synthetic import told, widened

DRAWS, TELLINGS, SEED, REPEATS = 200, 20, 62, 2
SIZES = (25, 50, 100, 200)  # questions, of which every fifth is recorded
FACTS = (5, 10, 20, 40, 80)  # of a hundred questions
OWN_STYLE = """
.small{font-size:12px}.curve{fill:none;stroke-width:2.5}.learn{stroke:#c4590a;fill:#c4590a}
.answer{stroke:#2b5c8a;fill:#2b5c8a}.even{stroke:#8a8a8a;stroke-dasharray:3 5;fill:none}
polyline.learn,polyline.answer{fill:none}
@media (prefers-color-scheme:dark){.learn{stroke:#e8873a;fill:#e8873a}.answer{stroke:#7fb2e0;fill:#7fb2e0}
polyline.learn,polyline.answer{fill:none}}
""".strip()


@dataclass(frozen=True)
class Cost:
    """Seconds of a processor, the least of a few runs; and how many questions the change can reach."""

    questions: int
    facts: int
    reached: int
    learning: float
    answering: float


def chronicle(size: int, facts: int) -> tuple[Scenario, Reading]:
    """Discrete questions every two weeks, each reading a few of the five before it; facts are spread evenly."""
    case = random_chronology(SEED, size)
    names = list(case.scenario.variables)
    recorded = set(names[:: size // facts][:facts])
    variables = {
        name: replace(each, fact=Fact(state="") if name in recorded and each.formula is None else None)
        for name, each in case.scenario.variables.items()
    }
    case = replace(case, scenario=widened(replace(case.scenario, variables=MappingProxyType(variables))))
    prior = run(compile_model(case.scenario), Block(SEED, range(1), range(1)), facts={})
    return told(case, prior, 0, np.random.default_rng(SEED)), Reading("r", "", case.do)


def cost(size: int, facts: int) -> Cost:
    """What one scenario costs cold."""
    scenario, reading = chronicle(size, facts)
    model = compile_model(scenario)
    found = []
    for _ in range(REPEATS):
        start = time.process_time()
        posterior = assimilate(model, seed=SEED, draws=DRAWS, tellings=TELLINGS)
        learnt = time.process_time()
        lines = two_timelines(model, posterior, reading, luck=KEEP).lines
        found.append((learnt - start, time.process_time() - learnt))
    recorded = len(model.observe())
    return Cost(
        size,
        recorded,
        sum(line.moved for line in lines),
        min(each for each, _ in found),
        min(each for _, each in found),
    )


def by_questions() -> list[Cost]:
    """More questions, and facts in proportion."""
    return [cost(size, size // 5) for size in SIZES]


def by_facts() -> list[Cost]:
    """More facts about the same hundred questions."""
    return [cost(100, facts) for facts in FACTS]


def draw(panels: Sequence[tuple[str, Sequence[int], Sequence[Cost]]]) -> str:
    """One panel a measure: seconds over its numbers, with what even growth from the first point would be, dotted."""
    wide, high, left, top = 400, 240, 60, 70
    parts, aloud = [], []
    for number, (title, at, costs) in enumerate(panels):
        start = left + number * (wide + 80)
        most = max(max(each.learning, each.answering) for each in costs) * 1.15

        def place(x: float, y: float, start: int = start, last: int = max(at), most: float = most) -> str:
            return f"{start + wide * x / last:.1f},{top + high - high * min(y, most) / most:.1f}"

        parts.append(f'<text class="title" x="{start}" y="40">{escape(title)}</text>')
        for share in (0.0, 0.5, 1.0):
            y = top + high - high * share
            parts.append(f'<line class="rule" x1="{start}" x2="{start + wide}" y1="{y}" y2="{y}"/>')
            parts.append(f'<text class="quiet small" x="{start - 44}" y="{y + 4}">{most * share:.2g} s</text>')
        for name, seconds in (
            ("learn", [each.learning for each in costs]),
            ("answer", [each.answering for each in costs]),
        ):
            each = seconds[0] / at[0]
            last = min(max(at), most / each)
            parts.append(f'<polyline class="even" points="{place(at[0], seconds[0])} {place(last, each * last)}"/>')
            line = " ".join(place(x, y) for x, y in zip(at, seconds, strict=True))
            parts.append(f'<polyline class="curve {name}" points="{line}"/>')
            parts += [
                f'<circle class="{name}" r="4" cx="{p.split(",")[0]}" cy="{p.split(",")[1]}"/>' for p in line.split()
            ]
            aloud.append(f"{title}, {name}: " + ", ".join(f"{x} {y:.2f} s" for x, y in zip(at, seconds, strict=True)))
        parts += [
            f'<text class="quiet small" x="{place(x, 0).split(",")[0]}" y="{top + high + 20}">{x}</text>' for x in at
        ]
    width, height = left + 2 * (wide + 80), top + high + 60
    key = top + high + 46
    told_below = (
        '<tspan class="learn" style="stroke:none">taking history in</tspan>'
        '<tspan class="answer" style="stroke:none" dx="24">answering every question</tspan>'
        '<tspan class="quiet" dx="24">dotted: growth in proportion</tspan>'
    )
    parts.append(f'<text class="small" x="{left}" y="{key}">{told_below}</text>')
    parts.insert(0, f"<style>{OWN_STYLE}</style>")
    return Picture("How cost grows", f"{'. '.join(aloud)}.", width, height, tuple(parts)).alone + "\n"
