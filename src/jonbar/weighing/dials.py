"""What a person can move: an assumption's dial, and the setting that each of its positions stands for.

A position is counted in standard deviations of the file's own range. Who takes a position is surer than the file,
so a position stands for a range half as wide, around where the dial stands. It is written as `--set` takes it: the
page, the report and the command line mean the same by it.

What is counted, or has rivals, has a dial around the middle of what the file makes of it. A bare number has one too
but no density: history is run anew for another. States that are counted together have none; one alone means nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from jonbar.scenario.notation import write_estimate, write_number
from jonbar.scenario.numbers import Estimate, Point, Range, Role, Scale
from jonbar.scenario.settings import assumptions
from jonbar.scm.assumptions import HALF_WIDTH_90
from jonbar.scm.model import Model
from jonbar.weighing.densities import line_of, moments_of, written
from jonbar.weighing.schools import can_weigh_schools, of_school, share_of

FURTHEST = 2.0  # standard deviations to either side
STEP = 0.25
NARROWER = 0.5  # the width of a position's range beside the file's own
SURE = 0.05  # how near to certain a theory may be put
SHARES = (SURE, *(each / 10 for each in range(1, 10)), 1 - SURE)
FIGURES = 3
LARGEST_WEIGHT, SMALLEST_GAP = 0.999, 0.001
BARE_STEPS = 4  # to either side of a bare number
BARE_STEP = 0.35  # of its logarithm or its log-odds; of the tenth part of a value


@dataclass(frozen=True)
class Dial:
    """An assumption that can be moved: its name, how the file writes it, and what each position would be written as.

    `middle` and `slope` place a plain range on its own scale; no other number has them. `said` are the positions in
    words, where they say more than what is written. `anew` says that draws cannot be weighed for it.
    """

    name: str
    file: str
    positions: tuple[tuple[float, str], ...]
    middle: float | None = None
    slope: float | None = None
    said: tuple[str, ...] = ()
    anew: bool = False
    start: int | None = None  # the position nearest the file's number; None for the one in the middle

    @property
    def theory(self) -> str | None:
        """The disputed theory whose credence it is, if it is one."""
        return self.name.removesuffix(".credence") if self.name.endswith(".credence") else None


def dials(model: Model) -> dict[str, Dial]:
    """Every assumption of a scenario that draws can be weighed anew for: plain ranges, and credences of theories."""
    scenario, found = model.scenario, {}
    for name, estimate in assumptions(scenario).items():
        owner = name.partition(".")[0]
        if owner in scenario.premises:
            positions = tuple((share, f"{100 * share:.0f}%") for share in SHARES)
            found[name] = Dial(name, write_estimate(estimate, Scale.LINEAR, scenario.words), positions)
        elif name in model.estimates:
            known, scale = model.estimates[name]
            line = line_of(known, scale)
            if line is not None and line[1] > 0.0:
                places = [STEP * each for each in range(-round(FURTHEST / STEP), round(FURTHEST / STEP) + 1)]
                positions = tuple((at, _position(at, line, known.role, scale)) for at in places)
                found[name] = Dial(name, write_estimate(known, scale, scenario.words), positions, *line)
    return found


def every_dial(model: Model) -> dict[str, Dial]:
    """Every assumption that a page can move: those of `dials`, counts, rivals, numbers of schools, and bare numbers."""
    scenario, found = model.scenario, dials(model)
    more = {}
    for name, estimate in assumptions(scenario).items():
        if name not in found:
            dial = _of_school(model, name, estimate) if of_school(model, name) else _other(model, name)
            more.update({name: dial} if dial is not None else {})
    return {name: (found.get(name) or more[name]) for name in assumptions(scenario) if name in found or name in more}


def _of_school(model: Model, name: str, estimate: Estimate) -> Dial:
    file = write_estimate(estimate, Scale.LINEAR, model.scenario.words)
    point = estimate.number.value if isinstance(estimate.number, Point) else 0.5
    start = min(range(len(SHARES)), key=lambda at: abs(SHARES[at] - point))
    if not name.endswith(".weight"):
        return Dial(name, file, tuple((share, f"{100 * share:.0f}%") for share in SHARES), start=start)
    said = tuple(f"{100 * share_of(model, name, weight):.0f}% hold to it" for weight in SHARES)
    positions = tuple((weight, f"{100 * weight:.0f}%") for weight in SHARES)
    return Dial(name, file, positions, said=said, anew=not can_weigh_schools(model), start=start)


def _other(model: Model, name: str) -> Dial | None:
    """The dial of a count, of a number with rivals, or of a bare number."""
    if name not in model.estimates:
        return None
    known, scale = model.estimates[name]
    file = write_estimate(known, scale, model.scenario.words)
    if isinstance(known.number, Point):
        positions = _bare(known.number.value, known.role, scale)
        return Dial(name, file, positions, anew=True) if positions else None
    moments = moments_of(known, scale) if known.role is not Role.WEIGHT else None
    if moments is None or moments[1] <= 0.0:
        return None
    places = [STEP * each for each in range(-round(FURTHEST / STEP), round(FURTHEST / STEP) + 1)]
    return Dial(name, file, tuple((at, _position(at, moments, known.role, scale)) for at in places))


def _bare(value: float, role: Role, scale: Scale) -> tuple[tuple[float, str], ...]:
    """Where a bare number may be put instead: by equal steps of its odds, its logarithm, or itself."""
    if role in (Role.CHANCE, Role.RATE) and not 0.0 < value < 1.0:
        return ()
    found = []
    for step in range(-BARE_STEPS, BARE_STEPS + 1):
        if role in (Role.CHANCE, Role.RATE):
            moved = written(math.log(value / (1.0 - value)) + BARE_STEP * step, role, scale)
        elif role is Role.SPREAD and scale is Scale.LOG:  # a factor: its logarithm is how wide it is
            moved = value ** math.exp(BARE_STEP * step)
        elif role in (Role.WEIGHT, Role.ODDS, Role.SPREAD) and value > 0.0:
            moved = value * math.exp(BARE_STEP * step)
        else:
            moved = value + BARE_STEP * step * (abs(value) or 1.0) / 2.0
        found.append((float(step), write_number(Point(_rounded(moved, role)), role, scale)))
    return tuple(found)


def _position(at: float, line: tuple[float, float], role: Role, scale: Scale) -> str:
    middle, slope = line
    ends = [middle + slope * (at + side * NARROWER * HALF_WIDTH_90) for side in (-1.0, 1.0)]
    low, high = (_rounded(written(end, role, scale), role) for end in ends)
    if role is Role.WEIGHT:  # written as a share, though only its size beside the others' counts
        low, high = min(low, LARGEST_WEIGHT - SMALLEST_GAP), min(high, LARGEST_WEIGHT)
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
