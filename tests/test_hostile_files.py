"""Files from strangers: each is read or refused with a reason and a place, never with a traceback, never late."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from jonbar.errors import CODES, ScenarioError, Severity
from jonbar.scenario.read import examine, read_scenario
from tests.proof import fuzz, mutate

DAMAGED = 1000
BATCHES = 10
HEAD = "jonbar: 1\nscenario: s\ntitle: t\n"
SOUND = HEAD + "variables:\n  v: {ask: Does it?, when: 1962, chance: 5%}\n"
MANY = 4900


def many(line: str, head: str = "variables:\n") -> str:
    return HEAD + head + "".join(line.format(at=at, before=at - 1) for at in range(MANY))


BOMBS = {
    "a billion laughs": "a: &a [x, x]\n" + "".join(f"b{at}: &b{at} [*a, *a, *a]\n" for at in range(30)),
    "a tag that would run a program": "jonbar: !!python/object/apply:os.system ['true']\n",
    "a binary": "jonbar: !!binary aGVsbG8=\n",
    "a merge": SOUND + "<<: {a: b}\n",
    "brackets": "a: " + "[" * 1_000_000,
    "braces": "a: " + "{a: " * 300_000,
    "dashes": "a:\n  " + "- " * 500_000,
    "questions": "? " * 500_000,
    "documents": "---\n" * 300_000,
    "colons": "a: " + "b: " * 300_000,
    "one line": "a: " + "x" * 3_900_000,
    "an open quotation": 'a: "' + "x\n" * 500_000,
    "escapes": 'a: "' + "\\x41" * 500_000 + '"',
    "empty lines": "\n" * 3_900_000,
    "a long list": "a: [" + "b, " * 1_000_000 + "]",
    "many keys": "".join(f"k{at}: v\n" for at in range(300_000)),
    "one key many times": "k: v\n" * 500_000,
    "too large by far": "a: " + "x" * 50_000_000,
    "a chain of names": many("  v{at}: {{ask: Does it?, when: 1962, is: v{before}}}\n"),
    "a circle of names": HEAD + "variables:\n" + "".join(
        f"  v{at}: {{ask: Does it?, when: 1962, is: v{(at + 1) % MANY}}}\n" for at in range(MANY)
    ),
    "a chain of actors": many("  a{at}: [a{before}]\n", "actors:\n"),
    "many states": HEAD + "variables: {v: {states: {" + "".join(f"s{at}: 1%, " for at in range(MANY)) + "}}}\n",
    "many pushes": HEAD + "variables: {v: {pushes: {" + "".join(f"p{at}: {{}}, " for at in range(MANY)) + "}}}\n",
    "many unknown names": many("  v{at}: {{ask: Does it?, when: 1962, is: w{at} and u{at}}}\n"),
    "many yearly values": HEAD + "years: 1800..2000\nvariables:\n" + "".join(
        f"  v{at}: {{ask: How many?, each: year, start: 1, drift: 1, spread: 1}}\n" for at in range(MANY)
    ),
    "a deep condition": SOUND + "  w: {ask: Does it?, when: 1963, is: " + "(" * 900 + "v" + ")" * 900 + "}\n",
    "nothing": "", "a null": "\x00", "a surrogate": "a: \ud800", "a directive": "%YAML 9.9\n---\na: b\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_politely_and_soon(name: str) -> None:
    start = time.process_time()
    _, found = examine(BOMBS[name], file="damaged")
    assert time.process_time() - start < fuzz.SLOWEST
    assert all(each.code in CODES and each.span is not None and each.span.line >= 1 for each in found)
    if name not in ("a chain of names", "a chain of actors"):
        assert any(each.severity is Severity.ERROR for each in found)
        with pytest.raises(ScenarioError):
            read_scenario(BOMBS[name], file="damaged")


@pytest.mark.parametrize("name", ["too large by far", "brackets", "nothing"])
def test_bytes_are_refused_as_text_is(name: str) -> None:
    assert [each.code for each in examine(BOMBS[name].encode(), file="damaged")[1]] == [
        each.code for each in examine(BOMBS[name], file="damaged")[1]
    ]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_damaged_file_is_read_or_answered_by_every_law(batch: int) -> None:
    texts, size = mutate.seeds(), DAMAGED // BATCHES
    broken = {seed: fuzz.broken_laws(mutate.damaged(seed, texts)) for seed in range(batch * size, (batch + 1) * size)}
    assert {seed: laws for seed, laws in broken.items() if laws} == {}


def test_the_same_seed_makes_the_same_damage() -> None:
    texts = mutate.seeds()
    assert [mutate.damaged(seed, texts) for seed in range(20)] == [mutate.damaged(seed, texts) for seed in range(20)]


def test_damage_reaches_every_part_of_the_reader() -> None:
    texts, seen = mutate.seeds(), Counter[str]()
    for seed in range(300):
        seen.update({each.code for each in examine(mutate.damaged(seed, texts), file="damaged")[1]})
    assert len(seen) >= 25, seen


def test_the_laws_notice_a_fault_without_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        raise KeyError("planted")

    monkeypatch.setattr(fuzz, "examine", broken)
    assert "a traceback" in fuzz.broken_laws(SOUND)[0]
