"""Laws of what is kept of claims and cruxes: it is what working it out gives, and of nothing but the same question."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import jonbar.report.judging
import jonbar.report.quarrelling
from jonbar.claims.estimands import Asked
from jonbar.claims.verdicts import Verdict, ask_for_claims, judge
from jonbar.cli.files import load
from jonbar.crux.gap import crux
from jonbar.errors import QuestionError
from jonbar.query.answering import two_timelines
from jonbar.report.judging import asked_for_claims, judge_claims, key_of_asked, key_of_verdicts
from jonbar.report.keeping import keep_timelines, recall
from jonbar.report.quarrelling import find_crux, key_of_crux
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, RE_ROLL, Luck, Scenario
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from tests.memory import Memory
from tests.test_claims import FILE

CLAIMS = """
  sure: {says: There is a feast., who: somebody, kind: chance, test: chance of feast}
  likely: {says: No market., who: somebody, kind: chance, test: chance of not market under wet, meant: likely}
  more: {says: Less is taken., who: she, kind: comparison, test: mean of takings under wet < mean of takings}
  scarcer:
    {says: Likelier., who: she, kind: comparison, test: chance of takings < 80 under wet > chance of takings < 80}
  by_rain: {says: Rain did it., who: he, kind: causal, test: chance of not feast under wet because rain}
  could: {says: It could be., who: he, kind: possibility, test: possible not feast under wet}
  split: {says: No market., who: somebody, kind: chance, test: chance of market under wet}
  granted: {says: No., who: he, kind: chance, test: chance of not market under wet, presupposes: not market}
  never: {says: No., who: he, kind: conditional, test: chance of feast under wet given not rain}
  well: {says: It was well., who: she, kind: value}
  told: {says: It is told., who: he, kind: utterance, for: [log], against: [letter]}
  wet_it_was: {says: It rained., who: she, kind: fact, test: fact rain}
camps:
  bold: {says: It matters little., rain_matters.credence: 10%, fair.chance: 15% to 20%, reads: wet}
  sober: {says: It matters much., rain_matters.credence: 90%, fair.chance: 10% to 12%, reads: wet}
"""
SIZE = 5, 300, 20


@cache
def ground(text: str = FILE + CLAIMS) -> tuple[Model, Posterior]:
    model = compile_model(read_scenario(text, file="verdicts"))
    return model, assimilate(model, seed=SIZE[0], draws=SIZE[1], tellings=SIZE[2])


def scenario(old: str = "", new: str = "") -> Scenario:
    text = FILE + CLAIMS
    assert old in text
    return read_scenario(text.replace(old, new), file="verdicts")


def refuse(*anything: Any, **more: Any) -> Any:
    raise AssertionError("what is kept is not worked out again")


@pytest.mark.parametrize("luck", [None, KEEP, RE_ROLL, Luck(half_life_years=2.0)])
def test_verdicts_that_are_kept_are_those_that_judging_gives(
    luck: Luck | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, expected = Memory(), judge(*ground(), luck=luck)
    assert repr(judge_claims(*ground(), luck=luck, store=store)) == repr(expected)
    monkeypatch.setattr(jonbar.report.judging, "ask_for_claims", refuse)
    monkeypatch.setattr(jonbar.report.judging, "judge_answered", refuse)
    assert repr(judge_claims(*ground(), luck=luck, store=store)) == repr(expected)
    assert len({each.verdict for each in expected}) > 4 and any(each.hangs_on for each in expected)


def arrays(asked: Asked) -> dict[str, Array]:
    """Everything that an estimand says of each draw, by name."""
    parts = [asked, asked.apart, asked.apart and asked.apart.parted]
    every = {f"{at} {name}": each for at, part in enumerate(parts) if part for name, each in vars(part).items()}
    return {name: each for name, each in every.items() if isinstance(each, np.ndarray)}


def test_what_claims_asked_comes_out_of_a_store_as_it_went_in() -> None:
    store, expected = Memory(), ask_for_claims(*ground())
    for _ in range(2):
        found = asked_for_claims(*ground(), store=store)
        assert list(found) == list(expected)
        for name, each in expected.items():
            other = found[name]
            if isinstance(each, QuestionError):
                assert repr(other) == repr(each)
                continue
            assert isinstance(other, Asked) and repr(other.answer) == repr(each.answer)
            mine, kept = arrays(each), arrays(other)
            assert mine.keys() == kept.keys()
            assert all(np.array_equal(kept[name], array, equal_nan=True) for name, array in mine.items())
    assert any(isinstance(each, QuestionError) for each in expected.values())
    assert any(isinstance(each, Asked) and each.apart and each.apart.parted for each in expected.values())


def test_one_claim_alone_is_judged_as_among_all_of_them_and_nothing_else_is_asked_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, store = judge(*ground()), Memory()
    (alone,) = judge_claims(*ground(), only="likely", store=store)
    (among,) = (each for each in whole if each.claim.name == "likely")
    assert (alone.verdict, alone.why, alone.hangs_on) == (among.verdict, among.why, among.hangs_on)
    judge_claims(*ground(), store=store)
    monkeypatch.setattr(jonbar.report.judging, "ask_for_claims", refuse)
    for each in whole:
        assert repr(judge_claims(*ground(), only=each.claim.name, store=store)) == repr((each,))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("chance: 97%", "chance: 96%"),  # what history is
        ("do: {rain: yes}", "do: {rain: no}"),  # what an act is
        ("do: {rain: yes}}", "do: {rain: yes}, luck: re-roll}"),
        ("test: chance of feast}", "test: chance of fair}"),  # what is asked
        ("presupposes: not market", "presupposes: market"),
    ],
)
def test_what_claims_asked_goes_by_another_name_where_it_would_be_something_else(old: str, new: str) -> None:
    for key in (key_of_asked, key_of_verdicts):
        assert key(scenario(old, new), None, *SIZE) != key(scenario(), None, *SIZE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("meant: likely", "meant: unlikely"),
        ("for: [log], against: [letter]", "for: [letter], against: [log]"),
        ("kind: memoir", "kind: record"),
    ],
)
def test_who_meant_something_else_or_has_other_records_is_judged_anew_and_nothing_is_asked(old: str, new: str) -> None:
    assert key_of_verdicts(scenario(old, new), None, *SIZE) != key_of_verdicts(scenario(), None, *SIZE)
    assert key_of_asked(scenario(old, new), None, *SIZE) == key_of_asked(scenario(), None, *SIZE)


def test_another_wording_is_judged_alike_and_stands_in_the_words_that_the_file_has_now() -> None:
    store = Memory()
    judge_claims(*ground(), store=store)
    model, posterior = ground()
    reworded = replace(model, scenario=scenario("There is a feast.", "They feast."))
    store.looked_up.clear()
    found = judge_claims(reworded, posterior, store=store)
    assert found[0].claim.says == "They feast." and len(store.looked_up) == 1


@pytest.mark.parametrize("key", [key_of_asked, key_of_verdicts])
def test_seed_draws_tellings_and_luck_are_part_of_the_name(key: Any) -> None:
    sizes = [SIZE, (6, 300, 20), (5, 301, 20), (5, 300, 21)]
    dials = [None, KEEP, RE_ROLL, Luck(half_life_years=2.0)]
    names = {key(scenario(), dial, *size) for size in sizes for dial in dials}
    assert len(names) == len(sizes) * len(dials)


OTHERS = {
    "cut short": lambda entry: entry[:-3],
    "of other numbers": lambda entry: entry.replace(b"1", b"2"),
    "empty": lambda entry: b"",
    "of something else": lambda entry: other_entry(),
}


def other_entry() -> bytes:
    store = Memory()
    model, posterior = ground()
    keep_timelines(store, "key", two_timelines(model, posterior, model.scenario.readings()["wet"], luck=KEEP))
    return store.entries["key"]


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_an_entry_that_is_damaged_or_another_one_is_worked_out_anew_and_mended(change: Any) -> None:
    store, model = Memory(), ground()[0]
    question = ("fair", parse_condition("fair", model.scenario))
    whole = judge_claims(*ground(), store=store), find_crux(*ground(), question, store=store)
    entries = dict(store.entries)
    assert len(entries) == 3  # what was asked, the verdicts, the crux
    store.entries = {key: change(entry) for key, entry in entries.items()}
    again = judge_claims(*ground(), store=store), find_crux(*ground(), question, store=store)
    assert repr(again) == repr(whole) and store.entries == entries


def test_an_entry_under_the_name_of_another_is_none() -> None:
    entry = other_entry()
    assert recall(Memory({"key": entry}), "key") is not None
    assert recall(Memory({"other": entry}), "other") is None and recall(None, "key") is None


@pytest.mark.parametrize("asked", ["fair", "market", "rain"])
def test_a_crux_that_is_kept_is_the_one_that_is_found(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, model = Memory(), ground()[0]
    question = (asked, parse_condition(asked, model.scenario))
    expected = crux(*ground(), question)
    assert repr(find_crux(*ground(), question, store=store)) == repr(expected)
    assert bool(expected.shares) == (asked != "rain")
    monkeypatch.setattr(jonbar.report.quarrelling, "crux", refuse)
    assert repr(find_crux(*ground(), question, store=store)) == repr(expected)
    assert repr(find_crux(*ground(), question, ("bold", "sober"), store=store)) == repr(expected)


def test_a_crux_goes_by_another_name_where_it_would_be_another() -> None:
    def key(one: Scenario, asked: str = "fair", between: Any = None, luck: Luck | None = None, size: Any = SIZE) -> str:
        return key_of_crux(one, (asked, parse_condition(asked, one)), between, luck, *size)

    plain = scenario()
    changed = [
        ("chance: 97%", "chance: 96%"),
        ("fair.chance: 15% to 20%", "fair.chance: 15% to 25%"),
        ("do: {rain: yes}", "do: {rain: no}"),
    ]
    names = [
        key(plain),
        key(plain, "market"),
        key(plain, "not fair"),
        key(plain, between=("sober", "bold")),
        key(plain, luck=RE_ROLL),
        key(plain, size=(6, 300, 20)),
        key(plain, size=(5, 301, 20)),
        key(plain, size=(5, 300, 21)),
        *(key(scenario(*each)) for each in changed),
    ]
    assert len(set(names)) == len(names)
    assert key(plain, between=("bold", "sober")) == key(plain) == key(scenario("It matters much.", "It does."))
    with pytest.raises(QuestionError, match="E526"):
        key(plain, between=("bold", "nobody"))


def test_the_verdicts_on_cuba_are_the_same_kept_or_not() -> None:
    model = compile_model(load("cuba"))
    posterior, store = assimilate(model, seed=1962, draws=120, tellings=4), Memory()
    worked_out, kept = (judge_claims(model, posterior, store=store) for _ in range(2))
    assert repr(kept) == repr(worked_out) == repr(judge(model, posterior))
    assert sum(each.verdict is not Verdict.CANNOT for each in kept) > 30
