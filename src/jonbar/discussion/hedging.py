"""How sure a sentence says it is: words that hedge, what they were taken to mean in surveys, and where that is a guess.

A range is of what is left when the hedging words are taken out: `he probably does not go` gives going a low chance.
Most claims carry no hedge, which is a state of its own and no silent 95 %. Where surveys asked readers, the range is
the band between their 10th and 90th percentiles; words that nobody surveyed are read as their nearest kin and marked as
judgement. Two hedges widen the range and are never multiplied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from jonbar.scenario.hedges import SURVEYED


class Sort(StrEnum):
    """What sort of word hedges, the one that decides before the others first."""

    PROBABILITY = "probability"
    MODAL = "modal"  # may, might, could
    STANCE = "stance"  # how the writer stands to it: I think, in my opinion
    IRONY = "ironic negation"  # can hardly, good luck with: says so by not saying it
    BOOSTER = "booster"  # definitely, obviously
    SOURCE = "source"  # somebody else says so
    APPROXIMATOR = "approximator"  # about, almost: of a number or a degree, not of a chance


@dataclass(frozen=True, slots=True)
class Marker:
    """One hedging expression in a sentence, and the range of chance that it stands for (None: it gives none)."""

    words: str
    sort: Sort
    start: int
    end: int
    low: float | None = None
    high: float | None = None
    surveyed: bool = False


@dataclass(frozen=True, slots=True)
class Hedge:
    """What all hedging words of a sentence come to. `surveyed` is whether every range in it was."""

    words: str
    low: float
    high: float
    surveyed: bool


_AUXILIARY = r"(?:do|does|did|would|will|is|was|are|has|had)n[’']t"
_PATTERNS: tuple[tuple[Sort, str, str], ...] = (
    (Sort.PROBABILITY, "almost certain", r"(?:almost|nearly|virtually|practically|all but) (?:certain|sure|certainly)"),
    (Sort.PROBABILITY, "highly unlikely", r"(?:very|highly|most|extremely|quite|pretty) (?:unlikely|improbable)"),
    (Sort.PROBABILITY, "unlikely", r"(?:unlikely|not (?:very |at all )?likely|doubtful|it is (?:very )?hard to see)"),
    (Sort.PROBABILITY, "improbable", r"(?:improbable|improbably)"),
    (Sort.PROBABILITY, "highly likely", r"(?:very|highly|most|extremely|quite) (?:likely|probable|probably)"),
    (Sort.PROBABILITY, "probably not", rf"(?:probably|likely) (?:not|{_AUXILIARY})"),
    (Sort.PROBABILITY, "high probability", r"(?:high|every) (?:probability|likelihood)"),
    (Sort.PROBABILITY, "high probability", r"in all (?:probability|likelihood)|good odds|odds are"),
    (Sort.PROBABILITY, "very good chance", r"(?:very|pretty|really) good (?:chance|shot)"),
    (Sort.PROBABILITY, "probable", r"probable|good (?:chance|shot)|chances are"),
    (Sort.PROBABILITY, "probably", r"probably|presumably|prolly"),
    (Sort.PROBABILITY, "likely", r"likely|liable to|apt to"),
    (Sort.PROBABILITY, "better than even", r"better than even|more likely than not"),
    (Sort.PROBABILITY, "even chance", r"even chance|fifty[- ]fifty|50[/-]50|(?:a )?coin[- ](?:flip|toss)|toss[- ]up"),
    (Sort.PROBABILITY, "serious possibility", r"(?:serious|strong) (?:possibility|chance)"),
    (Sort.PROBABILITY, "real possibility", r"(?:very )?(?:real|genuine|distinct) (?:possibility|chance|risk|danger)"),
    (Sort.PROBABILITY, "realistic possibility", r"(?:realistic|fair|reasonable|decent) (?:possibility|chance)"),
    (Sort.PROBABILITY, "realistic possibility", r"plausibl[ey]"),
    (Sort.PROBABILITY, "possible", r"(?:(?:quite|very|entirely|just) )?(?:possible|possibly|conceivable|conceivably)"),
    (Sort.PROBABILITY, "maybe", r"maybe|perhaps"),
    (Sort.PROBABILITY, "almost no chance", r"(?:almost )?no (?:real )?(?:chance|way|prospect)"),
    (Sort.PROBABILITY, "slight chance", r"(?:slight|slim|small|outside) (?:chance|possibility|risk)"),
    (Sort.PROBABILITY, "slight chance", r"chances are (?:slight|slim|small)"),
    (Sort.PROBABILITY, "little chance", r"little (?:chance|prospect|likelihood)"),
    (Sort.PROBABILITY, "remote chance", r"remote (?:chance|possibility)"),
    (Sort.PROBABILITY, "almost always", r"almost always"),
    (Sort.PROBABILITY, "usually", r"usually|as a rule"),
    (Sort.PROBABILITY, "rarely", r"rarely|seldom"),
    (Sort.PROBABILITY, "never", r"never(?! (?:even|really|mind))"),
    (Sort.PROBABILITY, "certain", r"(?:for|very|quite|absolutely) (?:certain|sure)|certain to|sure to"),
    (Sort.PROBABILITY, "certain", r"bound to|inevitabl[ey]"),
    (Sort.MODAL, "might happen", r"might(?: (?:even|well|just|also|possibly))?"),
    (Sort.MODAL, "may happen", r"may(?! (?:1\d|18|19|\d))(?: (?:even|well|just|also|possibly))?"),
    (Sort.MODAL, "could happen", r"could(?! have\b)(?! n[’']t)(?!n[’']t)(?: (?:even|well|just|also|possibly))?"),
)
_OFTEN = r"(?:(?:also|still|do|would|strongly|really|honestly) )*"
_AM = r"(?:i[’']?m|i am|i feel|we[’']re|we are|we feel)(?: (?:also|still|now|personally|honestly))?"
_WHOLLY = r"(?:very|quite|absolutely|completely|entirely|totally|perfectly|rather|more than)"
_FAIRLY = r"(?:fairly|pretty|reasonably|relatively|moderately|mostly|somewhat|tolerably)"
_SURE = r"(?:certain|sure|convinced|confident|positive)"
_LIKELY, _DOUBTED = (0.573, 0.923), (0.06, 0.407)  # as `we believe` and `we doubt` were read
_RATHER_SURE = (0.701, 0.9)  # as `very good chance` was
_JUDGED: tuple[tuple[Sort, float | None, float | None, str], ...] = (
    (Sort.STANCE, *_DOUBTED, r"(?:i|we) (?:really |very much |highly )?doubt(?: it)?"),
    (Sort.STANCE, *_DOUBTED, rf"{_AM} (?:sceptical|skeptical|doubtful|not (?:at all |really |so )?convinced)"),
    (Sort.STANCE, *_DOUBTED, r"i (?:can[’']?t|cannot|don[’']?t|do not) (?:really )?(?:see|imagine|picture)"),
    (Sort.STANCE, 0.051, 0.303, r"(?:i|we)(?:[’']d| would) be (?:very |quite )?(?:surprised|astonished|amazed) if"),
    (Sort.STANCE, 0.2, 0.8, r"(?:i|we) would(?:n[’']?t| not) be (?:at all )?surprised if"),
    (Sort.STANCE, 0.15, 0.6, r"(?:i|we) (?:would(?:n[’']?t| not)|can[’']?t|cannot) rule (?:it |that |this )?out"),
    (Sort.STANCE, 0.15, 0.6, r"(?:can[’']?t|cannot|not) be ruled out|not out of the question"),
    (Sort.STANCE, 0.8, 1.0, r"(?:i|we) (?:fully|absolutely|certainly) expect|(?:i|we) have no doubt"),
    (Sort.STANCE, 0.8, 1.0, rf"{_AM} (?:{_WHOLLY} )?{_SURE}|with (?:high|great|full|every) confidence"),
    (Sort.STANCE, *_RATHER_SURE, rf"(?:{_AM}|^) ?{_FAIRLY} {_SURE}"),
    (Sort.STANCE, *_RATHER_SURE, r"with (?:some|fair|reasonable|moderate) confidence"),
    (Sort.STANCE, *_LIKELY, rf"(?:i|we) {_OFTEN}(?:think|believe|expect|suspect|guess|suppose|reckon|imagine|bet)"),
    (Sort.STANCE, *_LIKELY, r"(?:i|we)(?:[’']d| would) (?:bet|wager|say|guess|put (?:my )?money)"),
    (Sort.STANCE, *_LIKELY, rf"{_AM} inclined to (?:think|believe|say)|(?:i|we) (?:tend|lean) (?:to|toward|towards)"),
    (Sort.STANCE, *_LIKELY, r"in my (?:humble )?(?:opinion|view)|imh?o"),
    (Sort.STANCE, *_LIKELY, r"my (?:guess|bet|money|sense|feeling|hunch|instinct|impression) is"),
    (Sort.STANCE, *_LIKELY, r"it seems(?: to me)?|seems (?:to|likely)|appears to"),
    (Sort.STANCE, None, None, r"idk|i don[’']t know|who knows|hard to say|i wonder|unsure"),
    (
        Sort.STANCE,
        None,
        None,
        rf"(?:{_AM} )?not (?:at all |so |too |very |entirely |quite )?(?:sure|certain|confident)",
    ),
    (Sort.STANCE, None, None, r"(?:it[’']s |it is |that[’']s )?far from (?:sure|certain|clear)"),
    (Sort.IRONY, 0.0, 0.2, r"(?:can|could|would|will) (?:hardly|scarcely)|hardly|scarcely"),
    (Sort.IRONY, 0.0, 0.2, r"good luck|as if|what hope (?:does|do|has|is)"),
    (Sort.IRONY, 0.0, 0.1, r"(?:not|never) (?:gonna|going to) happen|yeah,? right|fat chance|when pigs fly"),
    (Sort.BOOSTER, 0.8, 1.0, r"certainly|definitely|undoubtedly|without (?:a )?doubt|no doubt|guaranteed"),
    (Sort.BOOSTER, 0.8, 1.0, r"obviously|clearly|of course|surely"),
    (Sort.SOURCE, None, None, r"according to|reportedly|apparently|supposedly|allegedly"),
    (Sort.SOURCE, None, None, r"as \w+ (?:put it|said|notes|noted|argues|argued)|(?:said|claimed|argued|wrote) that"),
    (Sort.APPROXIMATOR, None, None, r"about(?= \d)|around(?= \d)|roughly|approximately|almost|nearly|more or less"),
    (Sort.APPROXIMATOR, None, None, r"or so|sort of|kind of|basically|somewhat|pretty much|a bit|halfway"),
    (Sort.APPROXIMATOR, None, None, r"(?<=changes )little|(?<=matters )little|(?<=means )little"),
)
_PERCENT = r"(?:%|percent|per cent)"
_FIGURE = r"\d{1,3}(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?P<low>{_FIGURE})\s*{_PERCENT}?(?:\s*(?:-|–|to)\s*(?P<high>{_FIGURE}))?\s*{_PERCENT}"
    r"(?=\s+(?:chance|probability|likelihood|odds|likely|certain|sure))"
    r"|(?P<cases>one|two|three|four|five|six|seven|eight|nine|\d+) (?:times out of|chances? in|in)"
    r" (?P<of>ten|a hundred|a thousand|\d+)\b",
    re.IGNORECASE,
)
_NAMED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS = {name: figure for figure, name in enumerate(_NAMED, start=1)} | {"a hundred": 100, "a thousand": 1000}


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w’'-])(?:{pattern})(?![\w-])", re.IGNORECASE)


_EVERY = (
    *((sort, *SURVEYED[canonical], True, _compile(pattern)) for sort, canonical, pattern in _PATTERNS),
    *((sort, low, high, False, _compile(pattern)) for sort, low, high, pattern in _JUDGED),
)
_ORDER = {sort: place for place, sort in enumerate(Sort)}


def markers(sentence: str) -> tuple[Marker, ...]:
    """Every hedging expression of a sentence, in its order; of those that overlap, the longest."""
    found = _numbers(sentence)
    for sort, low, high, surveyed, pattern in _EVERY:
        found += [
            Marker(each[0], sort, each.start(), each.end(), low, high, surveyed) for each in pattern.finditer(sentence)
        ]
    kept: list[Marker] = []
    for marker in sorted(found, key=lambda each: (each.start - each.end, _ORDER[each.sort], each.start)):
        if all(marker.end <= each.start or marker.start >= each.end for each in kept):
            kept.append(marker)
    return tuple(sorted(kept, key=lambda each: each.start))


def _numbers(sentence: str) -> list[Marker]:
    found = []
    for each in _NUMBER.finditer(sentence):
        if each["low"] is not None:
            low = float(each["low"]) / 100
            high = float(each["high"]) / 100 if each["high"] else low
        else:
            of = _figure(each["of"])
            low = high = _figure(each["cases"]) / of if of else 2.0
        if 0.0 <= low <= high <= 1.0:
            found.append(Marker(each[0], Sort.PROBABILITY, each.start(), each.end(), low, high, True))
    return found


def _figure(text: str) -> float:
    return float(_WORDS.get(text.lower()) or text)


def hedge(found: tuple[Marker, ...]) -> Hedge | None:
    """What the markers of a sentence come to; None where it is unhedged.

    Several widen the range: `I think it might` covers both. Irony stands alone, since nothing softens it.
    """
    ranged = [each for each in found if each.low is not None]
    ironic = [each for each in ranged if each.sort is Sort.IRONY]
    if not ranged:
        return None
    ranged = ironic or ranged
    words = " + ".join(each.words.lower() for each in sorted(ranged, key=lambda each: (_ORDER[each.sort], each.start)))
    lows, highs = zip(*[(each.low, each.high) for each in ranged], strict=True)
    return Hedge(words, float(min(lows)), float(max(highs)), all(each.surveyed for each in ranged))
