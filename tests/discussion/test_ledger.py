"""What a person has said of claims is never lost, and what is confirmed stands in a scenario as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jonbar.cli.app import app
from jonbar.cli.reviewing import go_through
from jonbar.discussion.ledger import (
    Entry,
    Ledger,
    Status,
    as_claims,
    by_hand,
    left_out,
    open_ledger,
    read_entries,
    write_ledger,
)
from jonbar.discussion.recognise import read_thread
from jonbar.errors import QuestionError, ScenarioError
from jonbar.scenario import catalog
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import ClaimKind, Kind
from tests.discussion.forms import bare, xenforo_2

CUBA = read_scenario(catalog.find("cuba-1962")[1], file="cuba")
DEBATE = b"""What if he had backed down?

Goldwater probably wins the election of 1964.
Khrushchev is not ousted by anybody in 1964. The Republicans nominate Goldwater all the same!
A trip to Texas in an open car is very unlikely.
"""


def opened() -> Ledger:
    return open_ledger(read_thread(DEBATE), CUBA)


def pressing(keys: str) -> Iterator[str]:
    yield from keys
    yield "q"


def reviewed(ledger: Ledger, keys: str) -> tuple[Ledger, list[Ledger]]:
    kept: list[Ledger] = []
    waiting = pressing(keys)
    return go_through(ledger, CUBA, lambda: next(waiting), kept.append), kept


def test_a_ledger_is_read_back_as_it_was_written() -> None:
    ledger = open_ledger(read_thread(xenforo_2()), CUBA)
    decided = replace(ledger.entries[0], status=Status.CONFIRMED, variable="test_ban", denies=True)
    ledger = ledger.decide(decided.proposal.key, decided)
    text = write_ledger(ledger)
    again = open_ledger(read_thread(xenforo_2()), CUBA, read_entries(text, file="ledger"))
    assert again == ledger
    assert write_ledger(again) == text


def test_a_claim_whose_sentence_has_changed_is_proposed_anew() -> None:
    ledger, _ = reviewed(opened(), "x")
    kept = read_entries(write_ledger(ledger), file="ledger")
    changed = open_ledger(read_thread(DEBATE.replace(b"probably", b"certainly")), CUBA, kept)
    assert (ledger.entries[0].status, changed.entries[0].status) == (Status.REJECTED, Status.PROPOSED)


def test_every_answer_is_kept_before_the_next_claim_is_asked() -> None:
    ledger, kept = reviewed(opened(), "1nx")
    assert [each.status for each in ledger.entries[:3]] == [Status.CONFIRMED, Status.UNCOVERED, Status.REJECTED]
    assert len(kept) == 3 and kept[-1] == ledger


def test_a_review_takes_up_where_the_last_one_ended() -> None:
    once, _ = reviewed(opened(), "1n")
    twice, _ = reviewed(open_ledger(once.thread, CUBA, read_entries(write_ledger(once), file="ledger")), "xx")
    straight, _ = reviewed(opened(), "1nxx")
    assert twice == straight


def test_a_review_says_how_an_answer_was_taken(capsys: pytest.CaptureFixture[str]) -> None:
    ledger, _ = reviewed(opened(), "1")
    first = ledger.entries[0]
    assert f"taken as: {'not ' if first.denies else ''}{first.variable}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("v", ClaimKind.VALUE),
        ("w", ClaimKind.DEFINITION),
        ("r", ClaimKind.UTTERANCE),
        ("c", ClaimKind.COMPARISON),
        ("fn", ClaimKind.FACT),
    ],
)
def test_a_single_key_says_what_no_chance_fits(key: str, kind: ClaimKind) -> None:
    ledger, _ = reviewed(opened(), f"{key}xxx")
    assert (ledger.entries[0].status, ledger.entries[0].kind) == (Status.CONFIRMED, kind)
    kept = read_entries(write_ledger(ledger), file="ledger")
    assert open_ledger(ledger.thread, CUBA, kept) == ledger
    claim = read_scenario(as_claims(ledger, CUBA, "backed_down"), file="debate", load=catalog.find).claims["post_1_1"]
    assert (claim.kind, claim.test, claim.meant) == (kind, "", "")
    assert by_hand(ledger) == (kind is ClaimKind.COMPARISON)


@pytest.mark.parametrize(
    ("key", "kind", "test"),
    [
        ("f", ClaimKind.FACT, "fact {}"),
        ("p", ClaimKind.POSSIBILITY, "possible {} under backed_down"),
        ("ff", ClaimKind.CHANCE, "chance of {} under backed_down"),
        ("fp", ClaimKind.POSSIBILITY, "possible {} under backed_down"),
    ],
)
def test_a_key_before_the_number_says_of_what_sort_it_is(key: str, kind: ClaimKind, test: str) -> None:
    ledger = opened()
    first = replace(ledger.entries[0], about=("goldwater_president",))
    ledger, _ = reviewed(ledger.decide(first.proposal.key, first), f"{key}1xxx")
    scenario = read_scenario(as_claims(ledger, CUBA, "backed_down"), file="debate", load=catalog.find)
    claim = scenario.claims["post_1_1"]
    assert (claim.kind, claim.test) == (kind, test.format("goldwater_president"))


CONDITIONAL = b"# What if?\n\n## Anna\nIf Goldwater is nominated in 1964, a test ban is unlikely.\n"


@pytest.mark.parametrize(
    ("keys", "test", "kind"),
    [
        ("11", "chance of test_ban by 1969 under backed_down given republican_nominee is goldwater", "conditional"),
        (
            "1d1",
            "chance of test_ban by 1969 under backed_down given republican_nominee is not goldwater",
            "conditional",
        ),
        ("1i", "chance of test_ban by 1969 under backed_down", "chance"),
        ("1n", "", "uncovered"),
    ],
)
def test_what_a_claim_supposes_stands_in_its_test_or_it_has_none(keys: str, test: str, kind: str) -> None:
    ledger = open_ledger(read_thread(CONDITIONAL), CUBA)
    entry = replace(ledger.entries[0], about=("test_ban",), supposable=("republican_nominee",))
    states = [each.name for each in CUBA.variables["republican_nominee"].states]
    pressed = keys + (str(states.index("goldwater") + 1) if keys[-1] == "1" else "")
    ledger, _ = reviewed(ledger.decide(entry.proposal.key, entry), pressed)
    claims = read_scenario(as_claims(ledger, CUBA, "backed_down"), file="debate", load=catalog.find).claims
    assert (claims["post_1_1"].test, claims["post_1_1"].kind) == (test, kind)
    kept = read_entries(write_ledger(ledger), file="ledger")
    assert open_ledger(ledger.thread, CUBA, kept).entries[0].given == ledger.entries[0].given


def test_a_key_says_that_a_claim_supposes_something_where_no_rule_saw_it() -> None:
    thread = read_thread(b"# What if?\n\n## Anna\nWith Goldwater on the ticket a test ban is unlikely.\n")
    ledger = open_ledger(thread, CUBA)
    entry = replace(ledger.entries[0], about=("test_ban", "goldwater_president"))
    assert not entry.proposal.condition
    ledger, _ = reviewed(ledger.decide(entry.proposal.key, entry), "g12")
    found = ledger.entries[0]
    assert (found.kind, found.variable, found.given) == (ClaimKind.CONDITIONAL, "test_ban", "goldwater_president")


@pytest.mark.parametrize("typed", ["civil rights act\r", "civil_rigt\x7f\x7fhts_act\n"])
def test_a_question_that_is_not_listed_is_found_by_words(typed: str) -> None:
    ledger, _ = reviewed(opened(), f"o{typed}1xxx")
    assert ledger.entries[0].variable == "civil_rights_act" and ledger.entries[0].status is Status.CONFIRMED


def test_a_year_that_a_claim_names_stands_in_its_test() -> None:
    thread = read_thread(b"# What if?\n\n## Anna\nA test ban comes by 1965.\n\n## Bert\nA test ban comes by 2065.\n")
    ledger = open_ledger(thread, CUBA)
    for entry in ledger.entries:
        decided = replace(entry, status=Status.CONFIRMED, variable="test_ban")
        ledger = ledger.decide(entry.proposal.key, decided)
    claims = read_scenario(as_claims(ledger, CUBA, None), file="debate", load=catalog.find).claims
    assert claims["post_1_1"].test == "chance of test_ban by 1965"
    assert claims["post_2_1"].test == "chance of test_ban by 1969"  # beyond it nothing is asked


def test_a_condition_is_linked_by_its_own_words() -> None:
    entry = open_ledger(read_thread(CONDITIONAL), CUBA).entries[0]
    assert entry.proposal.condition == "If Goldwater is nominated in 1964" and "test_ban" not in entry.supposable
    assert all(CUBA.variables[name].kind not in (Kind.QUANTITY, Kind.SERIES) for name in entry.supposable)


def test_stopping_at_a_condition_decides_nothing() -> None:
    ledger = open_ledger(read_thread(CONDITIONAL), CUBA)
    entry = replace(ledger.entries[0], about=("test_ban",))
    ledger = ledger.decide(entry.proposal.key, entry)
    assert reviewed(ledger, "1u")[0] == ledger and reviewed(ledger, "1")[0] == ledger


def test_claims_about_a_number_are_left_out_by_name() -> None:
    ledger = opened()
    entry = replace(ledger.entries[0], status=Status.CONFIRMED, variable="approval_after_crisis")
    ledger = ledger.decide(entry.proposal.key, entry)
    assert left_out(ledger, CUBA) == ("approval_after_crisis",)
    assert left_out(opened(), CUBA) == ()


def test_an_answer_can_be_taken_back() -> None:
    assert reviewed(opened(), "xu")[0] == opened()
    assert reviewed(opened(), "dd")[0] == opened()


def test_keys_that_mean_nothing_change_nothing() -> None:
    assert reviewed(opened(), "0zZ!\n")[0] == opened()


def test_confirmed_claims_stand_in_a_scenario_that_checks() -> None:
    ledger = opened()
    about = {"post-1.1": ("goldwater_president", None), "post-2.1": ("khrushchev_ousted", None),
             "post-2.2": ("republican_nominee", "goldwater"), "post-3.1": ("texas_trip", None)}  # fmt: skip
    for entry in ledger.entries:
        variable, state = about[entry.proposal.key]
        decided = replace(entry, status=Status.CONFIRMED, variable=variable, state=state)
        ledger = ledger.decide(entry.proposal.key, decided)
    written = as_claims(ledger, CUBA, "backed_down")
    scenario = read_scenario(written, file="debate.jonbar.yaml", load=catalog.find)
    tests = {name: claim.test for name, claim in scenario.claims.items() if name.startswith("post_")}
    assert tests == {
        "post_1_1": "chance of goldwater_president under backed_down",
        "post_2_1": "chance of not khrushchev_ousted by 1964 under backed_down",
        "post_2_2": "chance of republican_nominee is goldwater under backed_down",
        "post_3_1": "chance of texas_trip under backed_down",
    }
    assert scenario.claims["post_1_1"].meant == "51.3% to 80.5%"


def test_what_no_question_covers_and_what_is_certain_stand_in_a_scenario_that_checks_too() -> None:
    thread = read_thread(
        b"# What if?\n\n## Anna\nHe certainly goes to Dallas that year.\n\n## Bert\nIt rained in Boston.\n"
    )
    ledger = open_ledger(thread, CUBA)
    sure, aside = ledger.entries
    ledger = ledger.decide(sure.proposal.key, replace(sure, status=Status.CONFIRMED, variable="texas_trip"))
    ledger = ledger.decide(aside.proposal.key, replace(aside, status=Status.UNCOVERED))
    scenario = read_scenario(as_claims(ledger, CUBA, None), file="debate.jonbar.yaml", load=catalog.find)
    certain, rain = scenario.claims["post_1_1"], scenario.claims["post_2_1"]
    assert (certain.who, certain.meant) == ("Anna", "80% to 99.9%")
    assert (rain.who, rain.kind, rain.test) == ("Bert", ClaimKind.UNCOVERED, "")


@pytest.mark.parametrize(
    "text",
    [
        "ledger: 2\nclaims: {}\n",
        "a: [",
        "ledger: 1\nclaims: {x: {status: maybe, says: y}}\n",
        "ledger: 1\nclaims: {x: {status: confirmed, says: y, kind: guess}}\n",
        "",
        "- 1\n",
    ],
)
def test_a_ledger_that_cannot_be_read_is_a_fault_with_a_place(text: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        read_entries(text, file="ledger.yaml")
    assert all(each.span is not None for each in raised.value.diagnostics)


def test_the_command_reads_keeps_and_writes(tmp_path: Path) -> None:
    thread, ledger, claims = (tmp_path / name for name in ("debate.txt", "kept.yaml", "claims.jonbar.yaml"))
    thread.write_bytes(DEBATE)
    words = ["read", str(thread), "--scenario", "cuba", "-o", str(ledger), "--claims", str(claims), "--no-next"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    output = " ".join(result.output.split())
    assert "3 posts" in output and "4 claims" in output
    text = ledger.read_text(encoding="utf-8")
    assert read_entries(text, file="ledger")["post-1.1"].proposal.text.startswith("Goldwater probably wins")
    ledger.write_text(text.replace("status: proposed", "status: rejected", 1), encoding="utf-8")
    assert CliRunner().invoke(app, [*words[:-3], "--json"]).exit_code == 0
    assert read_entries(ledger.read_bytes(), file="ledger")["post-1.1"].status is Status.REJECTED
    assert (
        read_scenario(claims.read_text(encoding="utf-8"), file="claims", load=catalog.find).name == "cuba-1962-debate"
    )


def test_a_spreadsheet_is_never_given_a_formula(tmp_path: Path) -> None:
    thread = tmp_path / "debate.txt"
    thread.write_text("=SUM(A1) is what the clerk wrote down.\n\n", encoding="utf-8")
    assert "'=SUM" in CliRunner().invoke(app, ["read", str(thread), "--csv"]).output


def test_a_review_without_a_place_to_keep_it_is_refused(tmp_path: Path) -> None:
    thread = tmp_path / "debate.txt"
    thread.write_bytes(bare())
    result = CliRunner().invoke(app, ["read", str(thread), "--review"])
    assert isinstance(result.exception, QuestionError) and result.exception.code == "E524"


def test_an_entry_about_a_question_that_is_gone_is_proposed_anew() -> None:
    ledger = opened()
    first = replace(ledger.entries[0], status=Status.CONFIRMED, variable="no_such_question")
    kept = {first.proposal.key: first}
    assert open_ledger(ledger.thread, CUBA, kept).entries[0] == Entry(
        first.proposal, ledger.entries[0].about, denies=ledger.entries[0].denies
    )
