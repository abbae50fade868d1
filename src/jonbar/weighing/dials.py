"""What a person can move: an assumption's dial, and the setting that each of its positions stands for.

A position is counted in standard deviations of the file's own range. Who takes a position is surer than the file,
so a position stands for a range half as wide, around where the dial stands. It is written as `--set` takes it: the
page, the report and the command line mean the same by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from jonbar.scenario.notation import write_number
from jonbar.scenario.numbers import Range, Role, Scale
from jonbar.scenario.settings import assumptions
from jonbar.scenario.terms import Scenario
from jonbar.scm.assumptions import HALF_WIDTH_90
from jonbar.scm.model import Model
from jonbar.weighing.densities import line_of, written

FURTHEST = 2.0  # standard deviations to either side
STEP = 0.25
NARROWER = 0.5  # the width of a position's range beside the file's own
SURE = 0.05  # how near to certain a theory may be put
FIGURES = 3


@dataclass(frozen=True)
class Dial:
    """An assumption that can be moved: its name, how the file writes it, and what each position would be written as.

    `middle` and `slope` place it on its own scale; a theory's dial is its credence and has neither.
    """

    name: str
    file: str
    positions: tuple[tuple[float, str], ...]
    middle: float | None = None
    slope: float | None = None

    @property
    def theory(self) -> str | None:
        """The disputed theory whose credence it is, if it is one."""
        return self.name.removesuffix(".credence") if self.middle is None else None


def dials(model: Model) -> dict[str, Dial]:
    """Every assumption of a scenario that draws can be weighed anew for: plain ranges, and credences of theories."""
    from jonbar.scenario.notation import write_estimate

    scenario, found = model.scenario, {}
    for name, estimate in assumptions(scenario).items():
        owner = name.partition(".")[0]
        if owner in scenario.premises:
            shares = [SURE, *(each / 10 for each in range(1, 10)), 1 - SURE]
            positions = tuple((share, f"{100 * share:.0f}%") for share in shares)
            found[name] = Dial(name, write_estimate(estimate, Scale.LINEAR, scenario.words), positions)
        elif name in model.estimates:
            known, scale = model.estimates[name]
            line = line_of(known, scale)
            if line is not None and line[1] > 0.0:
                places = [STEP * each for each in range(-round(FURTHEST / STEP), round(FURTHEST / STEP) + 1)]
                positions = tuple((at, _position(at, line, known.role, scale)) for at in places)
                found[name] = Dial(name, write_estimate(known, scale, scenario.words), positions, *line)
    return found


def _position(at: float, line: tuple[float, float], role: Role, scale: Scale) -> str:
    middle, slope = line
    ends = [middle + slope * (at + side * NARROWER * HALF_WIDTH_90) for side in (-1.0, 1.0)]
    low, high = (_rounded(written(end, role, scale), role) for end in ends)
    if low == high:  # three figures are too few for so narrow a range
        low, high = (written(end, role, scale) for end in ends)
    return write_number(Range(low, high), role, scale)


def _rounded(value: float, role: Role) -> float:
    if value == 0.0 or not math.isfinite(value):
        return value
    figures = FIGURES - 1 - math.floor(math.log10(min(value, 1.0 - value) if _share(value, role) else abs(value)))
    return round(value, figures)


def _share(value: float, role: Role) -> bool:
    return role in (Role.CHANCE, Role.RATE) and 0.0 < value < 1.0


def note_of(scenario: Scenario, name: str) -> str:
    """What an assumption is about, in the file's own words."""
    owner, _, part = name.partition(".")
    if owner in scenario.premises:
        return scenario.premises[owner].ask
    variable = scenario.variables[owner]
    push = next((each for each in variable.pushes if each.name == part), None)
    return (push.backing.because if push else variable.backing.because) or variable.ask
