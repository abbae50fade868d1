"""A small report built by hand: every kind of line, so that views can be looked at without an engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from jonbar.query.answering import SAMPLED, SUMMED_OUT, Answer, Credence, Line, Timelines
from jonbar.report.build import Report, Settings
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import Kind, Luck, Reading, Scenario, Source, WhatIf
from jonbar.sensitivity.arguments import Chronicle, Entry, KnockOut

BATTLE = Path(__file__).parent / "files" / "battle.jonbar.yaml"


def answer(value: float, low: float, high: float, unit: str = "chance", error: float = 0.004) -> Answer:
    quantity = unit != "chance"
    return Answer(
        "chance of it under backed_down",
        value,
        low,
        high,
        error,
        unit,
        low - 2 if quantity else None,
        high + 2 if quantity else None,
        None,
        None,
        1800.0,
        2000,
        2000,
        100,
        1962,
        "half-life 4 years",
        SUMMED_OUT if 0.5 < value <= 1.0 else SAMPLED,
        ("seen.blame", "travels"),
        3,
    )


def event(name: str, when: str, ask: str, really: str, before: float, here: float, rerolled: float) -> Line:
    def say(chance: float) -> tuple[tuple[str, Answer], ...]:
        return (("yes", answer(chance, max(0.0, chance - 0.15), min(1.0, chance + 0.2))),)

    kind = Kind.HAZARD if "/" in when else Kind.EVENT
    answered = {"": "", "never": "no"}.get(really, really if really in ("yes", "no") else "yes")
    return Line(name, when, ask, kind, really, say(before), say(here), say(rerolled), before != here, answered)


def quantity(name: str, when: str, ask: str, really: str, unit: str, before: float, here: float) -> Line:
    wide = abs(here) / 5

    def say(value: float) -> tuple[tuple[str, Answer], ...]:
        return ((unit, answer(value, value - wide, value + wide, unit, 0.1)),)

    kind = Kind.SERIES if " in " in name else Kind.QUANTITY
    return Line(name, when, ask, kind, really, say(before), say(here), say(here), before != here)


def choice(name: str, when: str, ask: str, really: str, here: dict[str, float], before: dict[str, float]) -> Line:
    def say(chances: dict[str, float]) -> tuple[tuple[str, Answer], ...]:
        return tuple((state, answer(each, each * 0.7, each**0.7)) for state, each in chances.items())

    return Line(name, when, ask, Kind.CHOICE, really, say(before), say(here), say(here), before != here, really)


LINES = (
    choice(
        "reply",
        "1962-10-27/1962-10-28",
        "How does he answer?",
        "secret_trade",
        {"secret_trade": 0.0, "lift_and_accept": 1.0},
        {"secret_trade": 1.0, "lift_and_accept": 0.0},
    ),
    event("seen", "1962-11", "Do most Americans think Kennedy lost?", "no", 0.0, 0.86, 0.8),
    event("dallas", "1963-11-22", "Is Kennedy killed in Dallas?", "yes", 1.0, 0.94, 0.003),
    event(
        "treaty",
        "1963-01/1964-12-31",
        "Is the Partial Test Ban Treaty signed, and by all three?",
        "1963-08-05",
        1.0,
        0.26,
        0.3,
    ),
    quantity("approval", "1962-12", "Share approving of the president", "74 ± 3", "percent", 74.0, 53.4),
    choice(
        "nominee",
        "1964-07-15",
        "Whom do the Republicans nominate?",
        "goldwater",
        {"goldwater": 0.7, "governor": 0.25, "nixon_or_lodge": 0.05},
        {"goldwater": 1.0, "governor": 0.0, "nixon_or_lodge": 0.0},
    ),
    *(
        quantity(f"missiles in {year}", f"{year}-12-31", "Soviet missiles", str(real), "missiles", real, real * 1.4)
        for year, real in ((1962, 36), (1963, 99), (1964, 191), (1965, 281), (1966, 416))
    ),
    event("monsoon", "1963-09", "Does the monsoon fail in India?", "no", 0.0, 0.0, 0.1),
)
READING = Reading(
    "backed_down",
    "He lifts the blockade and the missiles stay.",
    {"reply": "lift_and_accept"},
    {"will": "low"},
    Luck(half_life_years=4.0),
)
WHAT_IF = WhatIf(
    "us_backs_down", "The United States backs down.", (READING, replace(READING, name="open_trade", says="He trades."))
)
TIMELINES = Timelines(
    "backed_down",
    READING.says,
    "half-life 4 years",
    LINES,
    (*LINES[:1], replace(LINES[1], here=LINES[1].modelled), *LINES[2:]),
    (Credence("travels", 0.5, 0.44),),
    1962,
    2000,
    100,
    2000,
    92.0,
    2000,
    ("W411 Only 92 of 2,000 assumption draws agree with the facts: read ranges as rough.",),
)


def scenario() -> Scenario:
    found = read_scenario(BATTLE.read_text(encoding="utf-8"), file=BATTLE.name)
    sources = {"tomz_2007": Source("tomz_2007", "Tomz, M.", "Domestic audience costs", "2007", "table 2", "study")}
    return replace(
        found, digest="0" * 32, what_ifs=MappingProxyType({"us_backs_down": WHAT_IF}), sources=MappingProxyType(sources)
    )


def push(name: str, because: str, without: float, status: str, sources: tuple[str, ...] = ()) -> KnockOut:
    whole = answer(0.27, 0.10, 0.45)
    bare = answer(without, max(0.0, without - 0.1), min(1.0, without + 0.1))
    return KnockOut(name, name.partition(".")[0], because, sources, status, whole, bare, whole.value - without, 0.004)


PUSHES = (
    push("seen.humiliation", "He went to the brink and got nothing.", 0.002, "measured", ("tomz_2007",)),
    push(
        "seen.blame",
        "Missiles ninety miles away would be a theme of every campaign until they were gone.",
        0.04,
        "argued",
    ),
    push("vote.growth", "The economy did well.", 0.36, "bare"),
    push("vote.weather", "It rained.", 0.27, "argued"),
)
CHRONICLE = Chronicle(
    "backed_down",
    READING.says,
    1962,
    7,
    (
        Entry("1962-10-27/1962-10-28", "reply", "How does he answer?", "secret_trade", "lift_and_accept", True, ()),
        Entry("1962-11", "seen", "Do most Americans think Kennedy lost?", "no", "yes", True, ("humiliation", "blame")),
        Entry("1962-12", "approval", "Share approving of the president", "74", "[b]51*", True, ()),
        *(
            Entry(f"{year}-12-31", f"missiles in {year}", "Soviet missiles", "36", "36", False, ())
            for year in range(1962, 1967)
        ),
    ),
)


def report() -> Report:
    settings = Settings(1962, 2000, 100, (("seen.blame", "x2"),))
    return Report(
        scenario(),
        settings,
        READING,
        "half-life 4 years",
        "not treaty",
        TIMELINES,
        "goldwater",
        PUSHES,
        CHRONICLE,
        92.0,
        True,
        replace(PUSHES[0].answer, estimand="chance of goldwater under backed_down"),
    )
