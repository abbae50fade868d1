"""A small quarrel built by hand, so that its page can be looked at without an engine."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from jonbar.crux.evidence import NO_FALL, Evidence, Fall
from jonbar.crux.gap import READING, Crux, Share, Side, Together
from jonbar.crux.regions import Region
from jonbar.crux.within import Effect, Where, Within
from jonbar.report.build import Report
from jonbar.scenario.terms import Camp
from tests.views.made_up import READING as BACKED_DOWN
from tests.views.made_up import answer, report

ALARMED = Camp("alarmed", "backed_down", MappingProxyType({}), "A retreat is a disaster.", ("post-1", "post-8"))
UNMOVED = Camp("unmoved", "never_raised", MappingProxyType({}), "Such alarms are overstated.", ("post-15",))
SILENT = replace(BACKED_DOWN, name="never_raised", says="He says nothing.")
CRUX = Crux(
    "goldwater_president",
    "chance",
    Side(ALARMED, BACKED_DOWN, answer(0.41, 0.1, 0.7), 0.2, 0.004),
    Side(UNMOVED, SILENT, answer(0.02, 0.004, 0.08), 0.034, 0.002),
    0.39,
    0.008,
    (
        Share(READING, "backed_down", "never_raised", 0.207, 0.53, 0.006),
        Share("seen.blame", "x8 to x25", "x1 to x4", 0.16, 0.41, 0.005),
        Share("travels.credence", "90%", "10%", 0.023, 0.06, 0.002),
        Share("seen.luck", "x1 to x2", "x2 to x3", 0.0, 0.0, 0.002),
    ),
    (Together("seen.blame", READING, 0.11, 0.008),),
    ("rain.chance",),
    (
        Evidence("seen.blame", Fall(0.12, 0.006), Fall(0.05, 0.01), NO_FALL),
        Evidence("travels.credence", Fall(0.02, 0.004), NO_FALL, NO_FALL),
        Evidence("share.per_point", None, Fall(0.08, 0.01), Fall(0.012, 0.007)),
    ),
    "",
    16,
    0,
    2000,
    20,
    1544.0,
    1962,
)
REFUSED = replace(
    CRUX,
    other=Side(UNMOVED, BACKED_DOWN, answer(0.41, 0.1, 0.7), None, None),
    one=Side(ALARMED, BACKED_DOWN, answer(0.412, 0.1, 0.7), None, None),
    gap=0.002,
    shares=(),
    together=(),
    evidence=(),
    refused="The two camps do not differ on this question by more than chance.",
)


def quarrel(found: Crux = CRUX) -> Report:
    """A report about it."""
    return replace(report(), crux=found)


WITHIN = Within(
    "goldwater_president",
    "chance",
    ALARMED,
    BACKED_DOWN,
    answer(0.41, 0.1, 0.7),
    (
        Effect("attack.mud", "x3 to x12", 0.52, 0.02),
        Effect("rain.chance", "10% to 30%", 0.17, 0.01),
        Effect("french_victory.chance", "40% to 60%", 0.004, 0.006),
    ),
    Effect("others", "", 0.05, 0.01),
    12,
    0.744,
    0.02,
    Where(
        (("attack.mud", "is above x6.5"), ("rain.chance", "is between 12% and 20%")),
        True,
        Region({0: (1.8, None), 1: (-2.0, -1.4)}, 0.23, 0.56, 0.03, 0.79, 0.02, 0.28, 0.01),
    ),
    "",
    2000,
    20,
    1544.0,
    1962,
)
NOTHING = replace(
    WITHIN,
    effects=(),
    others=None,
    where=None,
    refused="Its answer differs between assumption draws by no more than luck makes.",
)


def one_camp(found: Within = WITHIN) -> Report:
    """A report about one camp."""
    return replace(report(), within=found)
