"""A debate that nobody prepared a scenario for, from text to verdicts as the pages say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from jonbar.claims.verdicts import Judged, Verdict, judge
from jonbar.cli.reviewing import go_through
from jonbar.discussion.ledger import Status, as_claims, by_hand, open_ledger
from jonbar.discussion.recognise import read_thread
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import ClaimKind
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from tests.discussion.debate import ARMADA
from tests.discussion.forms import bare

FILE = Path(__file__).parent / "files" / "armada.jonbar.yaml"
# what a person pressed, post by post
KEYS = (
    "x 1 fn 1", "1 d11 n", "c n", "x 11 fn", "d1 c r n", "1 n", "fn 1 n", "x dfn g1osiege\rd1", "fn 1n", "n fn 1",
    "w v v", "1 n", "fn dorevolt\r1 r", "n", "w n 1osiege\r1",
)  # fmt: skip


@pytest.fixture(scope="module")
def judged() -> tuple[Judged, ...]:
    text = FILE.read_text(encoding="utf-8")
    scenario = read_scenario(text, file=FILE.name)
    keys = iter("".join(KEYS).replace(" ", ""))
    ledger = open_ledger(read_thread(bare(ARMADA)), scenario)
    ledger = go_through(ledger, scenario, lambda: next(keys), lambda _: None)
    assert next(keys, "") == "" and not any(each.status is Status.PROPOSED for each in ledger.entries)
    assert by_hand(ledger) == 2
    debate = read_scenario(as_claims(ledger, scenario, "ashore"), file="debate", load=lambda _: (FILE.name, text))
    model = compile_model(debate)
    return judge(model, assimilate(model, seed=1588, draws=500, tellings=50))


def test_every_claim_of_a_debate_has_a_verdict_of_its_kind(judged: tuple[Judged, ...]) -> None:
    assert len(judged) == 38
    for each in judged:
        if each.claim.kind in (ClaimKind.VALUE, ClaimKind.DEFINITION):
            assert (each.verdict, each.answer) == (Verdict.VALUE, None)
        if each.claim.kind is ClaimKind.UNCOVERED:
            assert (each.verdict, each.answer) == (Verdict.CANNOT, None)


def test_claims_that_are_given_something_are_judged_given_it(judged: tuple[Judged, ...]) -> None:
    by_name = {each.claim.name: each for each in judged}
    assert by_name["post_15_3"].claim.test == "chance of london_falls under ashore given siege_train"
    supplied, landed = by_name["post_15_3"].answer, by_name["post_1_2"].answer
    assert supplied is not None and landed is not None and supplied.value > landed.value + 3.0 * supplied.error
    assert by_name["post_8_3"].claim.test == "chance of rochester under ashore given not siege_train"


def test_most_of_it_is_no_matter_of_chance(judged: tuple[Judged, ...]) -> None:
    counts = Counter(each.verdict for each in judged)
    assert counts[Verdict.CANNOT] > counts[Verdict.HOLDS] + counts[Verdict.DEPENDS]
    assert counts[Verdict.VALUE] == 4
