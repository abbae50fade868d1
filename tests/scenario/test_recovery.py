"""A fault breeds no other and hides no name: what is spoiled in one place is answered there and nowhere else."""

from __future__ import annotations

import pytest

from jonbar.errors import Diagnostic, Severity
from jonbar.scenario.mend import as_name, is_name
from jonbar.scenario.read import examine
from tests.scenario.faults import CRISIS, edit
from tests.scenario.spoil import Spoil, spoils

# sound by themselves: the actors that were there are gone, and nothing says that they were
ANOTHER_LIST = {".actors: [a]", ".actors.Washington: [a]", ".actors.Kremlin: [a]"}
PARTS = [each for each in spoils(CRISIS) if each.path not in ANOTHER_LIST]


def errors(text: str) -> list[Diagnostic]:
    return [each for each in examine(text, file="spoiled")[1] if each.severity is Severity.ERROR]


def test_there_are_many_ways_to_spoil_a_file() -> None:
    assert len(PARTS) > 600 and sum(bool(errors(each.of(CRISIS))) for each in PARTS) > 500


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.path)
def test_what_is_spoiled_is_answered_once_and_where_it_stands(part: Spoil) -> None:
    found = errors(part.of(CRISIS))
    assert [each.message for each in found[1:]] == []
    assert all(each.span is not None and each.span.line == part.line(CRISIS) for each in found)


@pytest.mark.parametrize(
    ("defined", "spoiled", "read"),
    [
        ("{pledge: 10% to 25%", "{pledge: 10 to 25", "reply is pledge"),
        ("{pledge: 10% to 25%", "{pledge: few", "do: {reply: pledge"),
        ("{pledge: 10%", "{pledge!: 10%", "reply is pledge"),
        (" strike: 10% to 30%", " strike: [a]", "toward: [strike"),
        ("{low: 20%", "{low: few", "chance of mood is low"),
        ("  seen_as_defeat:\n", "  seen_as_defeat!:\n", "add: -20 to -2, if: seen_as_defeat"),
        ("    chance: 5% to 15%\n", "", "add: -20 to -2, if: seen_as_defeat"),
        ("    when: 1962-11\n", "    when: soon\n", "add: -20 to -2, if: seen_as_defeat"),
        ("credence: 30%", "credence: about 30%", "pledge and resolve_travels"),
        (" pledged: {says", " pledged!: {says", "reads: pledged"),
        ("do: {reply: pledge}", "do: {}", "reads: pledged"),
        (" tapes: {author", " tapes!: {author", "measured: [tapes"),
        (" Kremlin: [", " Kremlin!: [", "known: {Kremlin"),
        ("{slope: 0.1", "{slope: steep 0.1", "is: 40 + slope"),
    ],
)
def test_a_name_with_a_fault_of_its_own_is_still_offered(defined: str, spoiled: str, read: str) -> None:
    name = read.split()[-1].strip("[{")
    found = errors(edit(CRISIS, (defined, spoiled), (read, read[:-1])))
    misread = [each for each in found if each.read == name[:-1]]
    assert [each.suggestion for each in misread] == [name] and name in f"{misread[0].expected} {misread[0].message}"


@pytest.mark.parametrize(
    ("taken", "put", "offered"),
    [
        ("    ask: The vote\n", "    question: The vote\n", "ask"),
        ("    when: 1964-11\n", "    date: November 1964\n", "when"),
        ("    when: 1963-06\n", "    when: summer 1963\n", "1963-06/1963-08"),
        ("when: 1962-10-27/1962-10-28", "when: 27 October 1962 to 28 October 1962", "1962-10-27/1962-10-28"),
        ("    otl: secret_trade\n", "    actual: secret_trade\n", "otl"),
        ("        odds: x0.2 to x0.6\n", "        effect: x0.2 to x0.6\n", "odds"),
        ("add: -20 to -2", "effect: -20 to -2", "add"),
        ("    states: {pledge", "    options: {pledge", "states"),
        ("    chance: 5% to 15%\n", "    probability: 5-15%\n", "chance"),
        ("hazard: 8% to 15% a year", "hazard: 8-15%", "8% to 15% a year"),
        ("what_if:\n", "what if:\n", "what_if"),
        ("kind: survey", "kind: poll", "survey"),
        (
            "actors:\n  Washington: [Kennedy, ExComm]\n  Kremlin: [Khrushchev]\n",
            "actors: Kennedy, Kremlin\n",
            "[Kennedy, Kremlin]",
        ),
    ],
)
def test_what_a_newcomer_writes_is_answered_with_how_it_is_written_here(taken: str, put: str, offered: str) -> None:
    assert errors(edit(CRISIS, (taken, put)))[0].suggestion == offered


def test_a_list_of_named_lines_is_read_as_the_entries_that_are_meant() -> None:
    found = errors(edit(CRISIS, ("      weak: {odds: x1.5", "      - weak: {odds: 1.5")))
    assert [each.code for each in found] == ["E301", "E220"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("heavy rain", "heavy_rain"),
        ("Heavy Rain!", "Heavy_Rain"),
        ("1962 crisis", "crisis_1962"),
        ("1962", "n1962"),
        ("Élysée", "Elysee"),
        ("last", "last_"),
        ("??", "name"),
    ],
)
def test_the_name_that_is_offered_is_one(written: str, name: str) -> None:
    assert as_name(written) == name and is_name(name) and not is_name(written)
