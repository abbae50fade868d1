"""A small audit built by hand: every kind of line, so that its page can be looked at without an engine."""

from __future__ import annotations

from dataclasses import replace

from jonbar.audit.bases import Alone, BaseRate
from jonbar.audit.build import Audit, Clarity
from jonbar.audit.change import Change
from jonbar.audit.coherence import Held, Together, Unpacked
from jonbar.audit.cotenability import Cause, Cotenability
from jonbar.audit.links import Standing
from jonbar.audit.outcomes import Difference, Figure, Outcome, Stage, Year
from jonbar.audit.placebos import Placebo
from jonbar.audit.rewrite import Moved, Rewrite
from jonbar.query.answering import Credence
from jonbar.report.build import Report
from jonbar.scenario.expressions import Name
from tests.views.made_up import READING, report


def figure(value: float, wide: float = 0.4) -> Figure:
    return Figure(value, value * (1 - wide), min(value * (1 + wide), 0.99) if value < 1 else value * (1 + wide), 0.004)


def difference(name: str, when: str, really: float, here: float, unit: str = "chance") -> Difference:
    certain = Figure(really, really, really, 0.0)
    return Difference(
        name, (name,), when, 1963.0, Name(name), name, unit, certain, figure(here), here - really, 0.02, 0.03
    )


SHARES = {"counted": 0.0, "measured": 0.25, "argued": 0.5, "disputed": 0.25, "bare": 0.0}
TREATY = Outcome(
    difference("treaty", "1963-01/1964-12-31", 1.0, 0.26),
    (
        Stage("reply", "reply is refusal", "chance", Figure(1.0, 1.0, 1.0, 0.0)),
        Stage("seen", "seen", "chance", figure(0.86, 0.15)),
        Stage("approval", "approval", "percent", figure(53.4, 0.1)),
        Stage("treaty", "treaty", "chance", figure(0.26)),
    ),
    9,
    4,
    SHARES,
    {**SHARES, "measured": 0.1, "argued": 0.65},
    (("treaty.blame", Standing.ARGUED, 0.31), ("seen.humiliation", Standing.DISPUTED, 0.12)),
    ("1963", "1964"),
)
DALLAS = Outcome(
    difference("dallas", "1963-11-22", 1.0, 0.94),
    (Stage("dallas", "dallas", "chance", figure(0.94, 0.05)),),
    2,
    1,
    {**SHARES, "measured": 0.0, "argued": 1.0, "disputed": 0.0},
    {},
    (),
    (None, None),
)
KEPT = Rewrite(
    0.0, 18.8, 11.0, 25.0, 0.1, 10, 49, (), (Moved("treaty", "1963", 0.74, 0.01), Moved("seen", "1962-11", 0.86, 0.01))
)
FADED = replace(
    KEPT,
    before=0.31,
    after=25.2,
    after_low=19.0,
    after_high=30.0,
    which_before=(Moved("will", "1962-10", 0.31, 0.01),),
    which_after=(*KEPT.which_after, Moved("dallas", "1963-11-22", 0.88, 0.01)),
)
AUDIT = Audit(
    "backed_down",
    READING.says,
    "half-life 4 years",
    Change({"reply": "lift_and_accept"}, {"first_course": "quarantine"}, 1962.82, "1962-10-27"),
    Clarity(9, 3, 12, ("vote.growth",), ("seen.blame", "vote.growth")),
    Cotenability(
        "1962-10-26",
        figure(0.0074, 0.7),
        (("reply", figure(0.0141, 0.6)), ("return_terms", figure(0.52, 0.2))),
        Cause({"will": "low"}, "1961-12-31", figure(0.094), figure(0.04), figure(0.004), 0.51, ("approval", "treaty")),
    ),
    (difference("treaty", "1963-01/1964-12-31", 0.26, 0.11),),
    {"keep": KEPT, "half-life 4 years": FADED, "with its cause": replace(KEPT, before=0.31)},
    (TREATY, DALLAS),
    (Credence("travels", 0.5, 0.44), Credence("thaw", 0.5, 0.78), Credence("still", 0.5, 0.5)),
    (
        BaseRate(
            "treaty.hazard",
            (
                Alone("3 of 17 a year (years with a treaty)", 0.5, figure(0.3)),
                Alone("2 of 13 a year (years with one, after the war)", 0.5, figure(0.2)),
            ),
            0.1,
            0.01,
        ),
        BaseRate("dallas.chance", (Alone("3 of 2088 (months in office)", 1.0, figure(0.26)),), 0.0, 0.0),
        BaseRate(
            "vote.chance",
            (Alone("9 of 48 (all)", 0.5, figure(0.26)), Alone("9 of 40 (some)", 0.5, figure(0.26))),
            0.001,
            0.01,
        ),
    ),
    (Placebo("ceasefire_fails", 12, (), ()), Placebo("moon_late", 11, (), (("parade", 1.0),))),
    (Unpacked("treaty", "motive", 0.26, (("fear", 0.16), ("greed", 0.1))),),
    Together((Held("fury", "They rage.", 0.7), Held("ruin", "All is lost.", 0.0)), 0.0, (("fury", "calm"),), 4),
    (Year(1962, 9, 9, 31), Year(1963, 8, 10, 14)),
    difference("treaty", "1963-01/1964-12-31", 1.0, 0.26),
    "treaty",
    92.0,
    2000,
    100,
    1962,
)


def audited(audit: Audit = AUDIT) -> Report:
    return replace(report(), audit=audit)


MIRACLE = replace(
    AUDIT,
    luck="kept",
    change=Change({"moon": "1970-07-20"}, {}, 1967.0, "1967-01-01"),
    clarity=Clarity(0, 0, 0, (), ()),
    cotenability=Cotenability("1966-12-31", figure(0.1), (), None),
    versions=(),
    rewrites={"keep": replace(KEPT, after=0.0, after_low=0.0, after_high=0.0, which_after=())},
    outcomes=(),
    credences=(),
    bases=(),
    placebos=(),
    unpacked=(),
    together=Together((), 1.0, (), 4),
    last_apart=None,
    asked="",
)
