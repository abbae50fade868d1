"""All faults of a file come at once: of many mistakes in one file none hides another, and together they breed none."""

from __future__ import annotations

import re
from random import Random

import pytest

from jonbar.errors import Severity
from jonbar.scenario import catalog
from jonbar.scenario.read import examine
from tests.scenario.faults import CRISIS, Mistake, mistakes
from tests.scenario.spoil import Spoil, spoils

# What may hide another fault, and why; the page of errors says so too.
HIDING = {
    "an unknown version",  # in a later version every word may mean something else
    "years that are none",  # nobody can tell which years a series has
    "a series without years",
    "a choice with one state",  # which states it should have, nobody can tell
    "a scale that is none",  # nor what lies on its scale
    "no mechanism",  # nor what kind of answer it has
    "two comparisons in a row",  # a formula that cannot be read has no kind either
    "a list where words are needed",  # who decides is not said, so what he knew is not asked
    "somebody unknown who knows",
}
# What takes away, or turns into another thing, what some other mistake is about.
REMOVING = {
    "two readings of one name",
    "a name that conditions cannot hold",
    "a series that reads itself in the same year",
    "a push with the name of a state",
    "a belief of somebody else",
}
FREE = [each for each in mistakes() if each.answer[:1] == "E" and each.title not in HIDING | REMOVING]
CUBA = catalog.find("cuba")[1]
Said = set[tuple[int, str, str]]


def said(text: str) -> Said:
    found = examine(text, file="many", load=catalog.find)[1]
    return {
        (each.span.line if each.span else 0, each.code, each.message)
        for each in found
        if each.severity is Severity.ERROR
    }


def lines(text: str, start: int, taken: str) -> set[int]:
    first = text.count("\n", 0, start)
    return set(range(first, first + taken.count("\n") + 1))


@pytest.mark.parametrize("seed", range(12))
def test_of_twenty_five_mistakes_none_hides_another(seed: int) -> None:
    chosen: list[Mistake] = []
    used: set[int] = set()
    for each in Random(seed).sample(FREE, len(FREE)):
        own = lines(CRISIS, CRISIS.index(each.taken), each.taken)
        if not own & used and len(chosen) < 25:
            used |= own
            chosen.append(each)
    text = CRISIS
    for each in sorted(chosen, key=lambda each: -CRISIS.index(each.taken)):
        start = CRISIS.index(each.taken)
        text = text[:start] + each.put + text[start + len(each.taken) :]
    together = {(code, _anywhere(message)) for _, code, message in said(text)}
    for each in chosen:
        alone = {(code, _anywhere(message)) for _, code, message in said(each.text)}
        assert alone <= together, each.title
    assert len(chosen) == 25


def _anywhere(message: str) -> str:
    return re.sub(r"line \d+", "line", message)


# What names things elsewhere is judged only where those can be read.
NAMING = (".actors", ".what_if", ".camps")


def apart(text: str, many: int, seed: int) -> list[Spoil]:
    """Some ways to spoil a text, each on a line and in an entry of its own."""
    random, every = Random(seed), [each for each in spoils(text) if not each.path.startswith(NAMING)]
    chosen: list[Spoil] = []
    used: set[int] = set()
    entries: set[str] = set()
    for each in random.sample(every, len(every)):
        own, entry = lines(text, each.start, text[each.start : each.end]), ".".join(re.split(r"[.:!\[]", each.path)[:3])
        if len(own) == 1 and not own & used and entry not in entries:
            used |= own
            entries.add(entry)
            chosen.append(each)
    return chosen[:many]


@pytest.mark.parametrize(("text", "many", "seed"), [*((CRISIS, 15, seed) for seed in range(40)), (CUBA, 40, 1962)])
def test_of_many_spoiled_parts_each_is_named_and_nothing_else(text: str, many: int, seed: int) -> None:
    chosen = apart(text, many, seed)
    spoiled = text
    for each in sorted(chosen, key=lambda each: -each.start):
        spoiled = each.of(spoiled)
    alone: Said = set().union(*(said(each.of(text)) for each in chosen))
    assert len(chosen) == many and len(alone) > many / 2
    assert said(spoiled) == alone
