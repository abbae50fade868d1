"""What the pictures draw, built by hand: arguments of a battle, and a tree of its histories."""

from __future__ import annotations

from jonbar.history.curve import Curve, Point
from jonbar.scenario.read import read_scenario
from jonbar.sensitivity.arguments import KnockOut
from jonbar.sensitivity.branching import Branching, Course, Fork
from tests.views.made_up import BATTLE, answer

FIELD = read_scenario(BATTLE.read_text(encoding="utf-8"), file=BATTLE.name)
DRY = FIELD.readings()["dry_night"]


def argument(name: str, without: float) -> KnockOut:
    """An argument, and the chance of a French victory without it."""
    variable, _, push = name.partition(".")
    because = next(each for each in FIELD.variables[variable].pushes if each.name == push).backing.because
    whole, bare = answer(0.42, 0.2, 0.6), answer(without, max(0.0, without - 0.1), min(1.0, without + 0.1))
    return KnockOut(name, variable, because, (), "argued", whole, bare, whole.value - without, 0.004)


ARGUMENTS = (
    argument("french_victory.two_armies", 0.58),
    argument("prussians_in_time.early_start", 0.21),
    argument("attack.mud", 0.425),
)


def course(share: float, *answers: str, rest: bool = False) -> Course:
    """A branch with a share."""
    return Course(answers, answer(share, share * 0.5, min(1.0, share * 1.6)), rest)


HISTORIES = Branching(
    "dry_night",
    "It does not rain before Waterloo.",
    "kept",
    (
        Fork("attack", "1815-06-18", "When does Napoleon open the main attack?", "noon"),
        Fork("prussians_in_time", "1815-06-18", "Do the Prussians reach the field in time?", "yes"),
        Fork("abdication", "1815-06-19/1816-12-31", "When does Napoleon abdicate?", "yes"),
    ),
    (
        course(0.7, "morning"),
        course(0.4, "morning", "no"),
        course(0.3, "morning", "no", "no"),
        course(0.1, "morning", "no", "yes"),
        course(0.3, "morning", "yes"),
        course(0.29, "morning", "yes", "yes"),
        course(0.01, "morning", "yes", rest=True),
        course(0.25, "noon"),
        course(0.05, rest=True),
    ),
)


def curve(reading: str, *shares: tuple[str, float]) -> Curve:
    """How likely an outcome looked, day by day."""
    points = (Point(day, ("rain",), share, share * 0.6, share**0.6, 0.004) for day, share in shares)
    return Curve("french_victory", "public", reading, "1815-06-18" if reading else "", tuple(points), 1962, 400, 50)


CURVES = (
    curve("", ("1815-06-15", 0.6), ("1815-06-16", 0.66), ("1815-06-18", 0.4), ("1815-06-19", 0.001)),
    curve("dry_night", ("1815-06-15", 0.6), ("1815-06-16", 0.66), ("1815-06-18", 0.72), ("1815-06-19", 0.7)),
)
