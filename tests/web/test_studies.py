"""Laws of what the page shows before it answers, of what is asked by hand, and of what a store keeps of answers."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from jonbar.claims.recounting import recounted
from jonbar.claims.verdicts import Judged, ask_for_claims, judge_answered
from jonbar.errors import QuestionError
from jonbar.query.answers import question_in
from jonbar.report.arguing import WORTH_A_GLANCE, Desk, Wish
from jonbar.report.build import Settings
from jonbar.report.keeping import (
    KEPT,
    Shelves,
    keep_grounds,
    keep_held,
    keep_timelines,
    kept_grounds,
    kept_held,
    kept_timelines,
)
from jonbar.report.studying import study_claims, study_crux, study_curves, study_dossier
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import RE_ROLL, Luck, Scenario
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.views.before import show_compared, show_entered, show_waiting
from jonbar.views.desk import show_standoff, show_turn
from jonbar.views.dossier.compose import compose
from jonbar.views.dossier.figures import data_json
from jonbar.views.dossier.html import write_html
from jonbar.views.dossier.sections import choose
from jonbar.views.looking import show_curves, show_quarrel
from jonbar.views.rounding import say_value
from tests.memory import Memory
from tests.test_claims import FILE
from tests.test_judging import CLAIMS
from tests.views.made_up import BATTLE

CAMPS = """
claims:
  sooner: {says: He would win., who: somebody, kind: chance, test: chance of french_victory under dry_night}
camps:
  bold: {says: He was the better general., french_victory.chance: 70% to 90%}
  sober: {says: The numbers decide., french_victory.chance: 20% to 50%}
"""
VICTORY, WISH = "french_victory\x1fyes", Wish("dry_night", 1)


@cache
def scenario(old: str = "", new: str = "") -> Scenario:
    return read_scenario(BATTLE.read_text(encoding="utf-8").replace(old or CAMPS, new) + CAMPS, file=BATTLE.name)


@cache
def desk() -> Desk:
    return Desk(scenario(), Settings(1, 400, 20), Memory())


def test_what_is_shown_before_anything_is_answered_needs_no_history_and_says_nothing_of_the_model() -> None:
    own = Desk(scenario(), Settings(1, 400, 20))
    reading = own.reading(WISH)
    rows = show_waiting(own.scenario, reading, own.questions())
    entered = show_entered(own.scenario, reading, own.questions())
    assert not own.kept.shelves.keys() & {"ground", "timelines", "held"}
    assert {row["outcome"] for row in rows} == {"", VICTORY}  # what was done, and what a claim asks about
    assert all(row["chance"] is None and (row["set"] or row["here"] == "") for row in rows)
    assert [each["outcome"] for each in entered] == ["prussians_in_time\x1fyes", VICTORY, "abdication\x1fyes"]
    assert "%" not in json.dumps([rows, entered])


def test_a_question_is_found_by_other_words_for_it_and_else_by_its_arguments() -> None:
    text = BATTLE.read_text(encoding="utf-8").replace(
        "  french_victory:", "  french_victory:\n    also called: [triumph]"
    )
    own = Desk(read_scenario(text + CAMPS, file=BATTLE.name), Settings(1, 100, 20))
    turn = own.answer(WISH)

    def found(words: str) -> set[str]:
        return {question_in(row["outcome"]) for row in show_turn(turn, words)["rows"]}

    assert found("Triumph") == {"french_victory"}
    assert found("bluecher promised") == {"prussians_in_time"}  # as a reason there says
    assert found("prussians") == {"prussians_in_time"}  # though reasons of others speak of them as well
    assert found("bluecher triumph") == set()


def test_what_draws_assume_is_there_once_however_many_acts_are_asked_about() -> None:
    acts = [desk().held(each) for each in (WISH, replace(WISH, luck=RE_ROLL), replace(WISH, without="attack.mud"))]
    assert len({id(each.drawn) for each in acts}) == 1 and len({id(each) for each in acts}) == 3


def test_what_a_reader_is_asked_does_not_depend_on_what_the_model_answers() -> None:
    text = BATTLE.read_text(encoding="utf-8").replace("x0.05 to x0.2", "x5 to x20") + CAMPS
    other = Desk(read_scenario(text, file=BATTLE.name), Settings(1, 400, 20))
    entered = [show_entered(each.scenario, each.reading(WISH), each.questions()) for each in (desk(), other)]
    assert entered[0] == entered[1]


def test_what_a_reader_said_is_laid_beside_the_answer_that_the_page_gives() -> None:
    turn = desk().answer(WISH)
    (compared,) = show_compared(turn, [VICTORY, "no such\x1foutcome"])
    row = next(each for each in show_turn(turn)["rows"] if each["outcome"] == VICTORY)
    assert f"{compared['said']} yes" == row["here"] and compared["range"] == row["range"]
    assert compared["low"] <= compared["value"] <= compared["high"]


def test_two_timelines_come_out_of_a_store_as_they_went_in() -> None:
    store = Memory()
    found = desk().timelines(WISH)
    keep_timelines(store, "key", found)
    assert repr(kept_timelines(store, "key")) == repr(found)  # a number that is missing is equal to nothing
    store.entries["key"] = store.entries["key"][:-3]
    assert kept_timelines(store, "key") is None and kept_timelines(None, "key") is None


def test_a_dial_that_moves_asks_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = replace(WISH, settings=(("french_victory.two_armies", "x0.1 to x0.2"),))
    desk().answer(moved)
    monkeypatch.setattr("jonbar.report.arguing.key_of_act", None)  # it digests the whole file
    assert desk().answer(moved).weighed is not None


def test_where_two_camps_part_stands_in_a_sentence_with_what_each_comes_to() -> None:
    found = study_crux(desk(), WISH, VICTORY, ("bold", "sober"))
    assert found.crux is not None
    (told,) = show_standoff(scenario(), desk().timelines(WISH), VICTORY, found)
    sides = [
        f"the {side.camp.name} (“{side.camp.says.rstrip('.')}”) come to {say_value(side.answer)}"
        for side in (found.crux.one, found.crux.other)
    ]
    assert told["head"] == "Two camps part here:" and told["text"].startswith(
        "; ".join(sides), len("with numbers of their own, ")
    )
    assert "of the gap" in told["text"]
    assert show_standoff(scenario(), desk().timelines(WISH), VICTORY, replace(found, crux=None)) == []


def test_grounds_come_out_of_a_store_as_they_went_in_with_the_words_that_the_file_has_now() -> None:
    store = Memory()
    found = desk().why(WISH, [VICTORY])
    keep_grounds(store, "key", found)
    assert repr(kept_grounds(store, "key", desk().model())) == repr(found)
    reworded = compile_model(scenario("A third of his army had to turn to the east", "He had to turn"))
    (grounds,) = (kept_grounds(store, "key", reworded) or {}).values()
    assert any(each.because.startswith("He had to turn") for each in grounds.arguments)
    store.entries["key"] = store.entries["key"][:-3]
    assert kept_grounds(store, "key", desk().model()) is None and kept_grounds(None, "key", desk().model()) is None


def test_draws_and_their_answers_come_out_of_a_store_as_they_went_in() -> None:
    store, found, ground = Memory(), desk().held(WISH), desk().ground(WISH)
    keep_held(store, "key", found)
    kept = kept_held(store, "key", ground.model, ground.posterior, ground.assumed)
    assert kept is not None and list(kept.outcomes) == list(found.outcomes)
    for name, outcome in found.outcomes.items():
        assert repr(kept.outcomes[name]) == repr(replace(outcome, leans_on=kept.outcomes[name].leans_on))
        assert kept.outcomes[name].leans_on == outcome.leans_on
        for each in ("shares", "noise", "weights"):
            numbers = getattr(kept.outcomes[name], each)
            assert np.array_equal(numbers, getattr(outcome, each)) and numbers.flags.aligned
    assert all(np.array_equal(kept.assumed[name], each) for name, each in found.assumed.items())
    assert all(np.array_equal(kept.credences[name], each) for name, each in found.credences.items())
    store.entries["key"] = store.entries["key"][:-3]
    assert kept_held(store, "key", ground.model, ground.posterior, ground.assumed) is None


def test_a_page_that_opens_again_weighs_draws_at_once_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = replace(WISH, settings=(("french_victory.chance", "50% to 75%"),))
    expected = desk().answer(moved).weighed
    monkeypatch.setattr("jonbar.report.keeping.hold", None)
    again = Desk(scenario(), Settings(1, 400, 20), desk().store)
    assert expected is not None and again.answer(moved).weighed == expected


@pytest.mark.parametrize(
    "wish",
    [
        replace(WISH, luck=Luck(share=0.5)),
        replace(WISH, given="prussians_in_time"),
        replace(WISH, without="french_victory.two_armies"),
        replace(WISH, settings=(("french_victory.chance", "50% to 75%"),), fresh=True),
        replace(WISH, glance=True),
        replace(WISH, seed=2),
    ],
)
def test_only_draws_of_the_act_as_the_file_has_it_are_kept_and_taken_for_it(wish: Wish) -> None:
    expected = Desk(scenario(), Settings(1, 400, 20)).held(wish).plain
    store = Memory()
    own = Desk(scenario(), Settings(1, 400, 20), store)
    own.held(WISH)
    entries = len(store.entries)
    assert own.held(wish).plain == expected
    assert len(store.entries) - entries == (2 if wish.seed != 1 else 1 if wish.settings or wish.glance else 0)


def test_a_desk_that_opens_again_answers_from_its_store_and_a_changed_word_or_number_is_asked_anew() -> None:
    desk().answer(WISH)
    desk().order(WISH, [VICTORY])
    again = Desk(scenario(), Settings(1, 400, 20), desk().store)
    again.prepare()
    assert again.ready(WISH) and "ground" not in again.kept.shelves
    assert repr(again.answer(WISH).report.timelines) == repr(desk().answer(WISH).report.timelines)
    assert again.known_order(WISH) == desk().order(WISH, [VICTORY])
    for old, new in (("Does Napoleon win the day?", "Does he win?"), ("45% to 70%", "45% to 71%")):
        changed = read_scenario(BATTLE.read_text(encoding="utf-8").replace(old, new) + CAMPS, file=BATTLE.name)
        other = Desk(changed, Settings(1, 400, 20), desk().store)
        other.prepare()
        assert not other.kept.has("timelines", other._act_key(WISH))


def test_an_answer_from_the_two_timelines_is_that_of_the_draws_that_dials_weigh() -> None:
    turn, held = desk().answer(WISH), desk().held(WISH).plain
    assert turn.weighed is not None and turn.weighed.keys() == held.keys()
    for name, answer in turn.weighed.items():
        assert answer.value == pytest.approx(held[name].value, abs=1e-9)


def test_history_that_was_run_for_a_camp_is_kept_and_answers_the_next_wish_for_it() -> None:
    settings = (("french_victory.chance", "70% to 90%"), ("french_victory.two_armies", "x0.5 to x0.9"))
    anew = Wish("dry_night", 1, settings=settings, fresh=True)
    assert not desk().ready(anew)
    shares: list[float] = []
    desk().answer(anew, shares.append)
    assert desk().ready(anew) and shares == sorted(shares) and shares[-1] == 1.0


def test_a_first_look_is_taken_only_where_the_whole_is_far_and_agrees_with_it() -> None:
    own = Desk(scenario(), Settings(1, WORTH_A_GLANCE, 20), Memory())
    assert own.worth_a_glance(WISH) and not desk().worth_a_glance(WISH)  # that is quick anyway
    glance = own.answer(replace(WISH, glance=True)).file[VICTORY]
    assert own.worth_a_glance(WISH) and not own.ready(WISH)
    whole = own.answer(WISH).file[VICTORY]
    assert abs(glance.value - whole.value) < 4.3 * np.hypot(glance.error, whole.error)
    assert glance.error > whole.error and not own.worth_a_glance(WISH)
    assert not Desk(scenario(), Settings(1, WORTH_A_GLANCE, 20), own.store).worth_a_glance(WISH)  # it is in the store


def test_the_history_of_a_first_look_is_run_before_a_page_asks_for_it() -> None:
    store = Memory()
    own, again = (Desk(scenario(), Settings(1, WORTH_A_GLANCE, 20), store) for _ in range(2))
    own.prepare()
    assert list(own.kept.shelves["ground"]) == [own.ground_key(replace(WISH, glance=True))] and own.worth_a_glance(WISH)
    own.answer(WISH)
    again.prepare()
    assert "ground" not in again.kept.shelves


def test_whether_a_first_look_is_worth_while_is_told_without_reading_what_is_kept() -> None:
    store = Memory()
    Desk(scenario(), Settings(1, WORTH_A_GLANCE, 20), store).answer(WISH)
    again = Desk(scenario(), Settings(1, WORTH_A_GLANCE, 20), store)
    store.looked_up.clear()
    assert not again.worth_a_glance(WISH) and not store.looked_up


def test_what_is_kept_is_looked_up_once() -> None:
    store = Memory()
    for prepared in (False, True, False):  # nothing is there; it is wanted before it is asked for; it is there
        own = Desk(scenario(), Settings(1, 400, 20), store)
        store.looked_up.clear()
        if prepared:
            own.prepare()
        own.answer(WISH)
        assert sorted(store.looked_up) == sorted(set(store.looked_up))


def test_history_that_is_damaged_in_the_store_is_run_again_and_meanwhile_there_is_a_first_look() -> None:
    store = Memory()
    whole = Desk(scenario(), Settings(1, WORTH_A_GLANCE, 20), store).answer(WISH)
    store.entries = {key: entry[:-5] for key, entry in store.entries.items()}
    damaged, own = dict(store.entries), Desk(scenario(), Settings(1, WORTH_A_GLANCE, 20), store)
    shares: list[float] = []
    meanwhile: list[bool] = []

    def progress(share: float) -> None:
        shares.append(share)
        meanwhile.append(own.worth_a_glance(WISH))

    again = own.answer(WISH, progress)
    assert repr(again.report.timelines) == repr(whole.report.timelines)
    assert shares == sorted(shares) and shares[-1] == 1.0 and meanwhile[0]
    assert not own.worth_a_glance(WISH) and all(store.entries[key] != entry for key, entry in damaged.items())


def test_a_crux_is_told_in_words_with_its_picture_and_without_a_gap_there_are_no_shares() -> None:
    found = show_quarrel(study_crux(desk(), WISH, VICTORY, ("bold", "sober")), "Does Napoleon win the day?")
    assert [each["name"] for each in found["shares"]] == ["french_victory.chance"] and not found["refused"]
    assert found["picture"]["svg"].startswith("<svg") and "<style" not in found["picture"]["svg"]
    nothing = show_quarrel(study_crux(desk(), WISH, "prussians_in_time\x1fyes", ("bold", "sober")), "")
    assert nothing["refused"] and not nothing["shares"] and nothing["picture"] is None


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("held", [(), (("rain_matters.credence", "80%"),), (("fair.chance", "20% to 30%"),)])
def test_claims_for_who_holds_other_numbers_are_the_same_kept_or_not(
    held: tuple[tuple[str, str], ...], fresh: bool
) -> None:
    file, size, store = read_scenario(FILE + CLAIMS, file="verdicts"), Settings(1, 300, 20), Memory()
    wish = Wish("wet", 1, settings=held, fresh=fresh and bool(held))
    expected = study_claims(Desk(file, size), wish)
    kept = [study_claims(Desk(file, size, store), wish) for _ in range(2)]
    assert [repr(each) for each in kept] == [repr(expected)] * 2


def test_only_claims_that_a_dial_moves_are_judged_anew_and_all_are_judged_as_by_all_of_their_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Desk(read_scenario(FILE + CLAIMS, file="verdicts"), Settings(1, 300, 20), Memory())
    wish = Wish("wet", 1, settings=(("rain_matters.credence", "90%"),))
    ground, ratio = own.ground(wish), own.log_ratio(own.held(own.plain(wish)), wish)
    assert ratio is not None
    asked = ask_for_claims(ground.model, ground.posterior)
    anew = recounted(asked, ratio)
    expected = judge_answered(ground.model, ground.assumed, anew)
    study_claims(own, own.plain(wish))
    judged: list[str] = []

    def judge(model: Model, *others: Any) -> tuple[Judged, ...]:
        judged.extend(model.scenario.claims)
        return judge_answered(model, *others)

    monkeypatch.setattr("jonbar.report.studying.judge_answered", judge)
    assert repr(study_claims(own, wish)) == repr(expected)
    assert set(judged) == {side.partition("/")[0] for side in asked if repr(anew[side]) != repr(asked[side])}
    assert 0 < len(judged) < len(expected)


def test_a_page_that_opens_again_has_verdicts_and_the_quarrel_before_any_claim_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, again = (Desk(scenario(), Settings(1, 400, 20), desk().store) for _ in range(2))
    judged, parted = study_claims(own, WISH), study_crux(own, WISH, VICTORY, ("bold", "sober"))
    monkeypatch.setattr("jonbar.report.judging.ask_for_claims", None)
    monkeypatch.setattr("jonbar.report.quarrelling.crux", None)
    assert repr(study_claims(again, WISH)) == repr(judged) and "ground" not in again.kept.shelves
    assert repr(study_crux(again, WISH, VICTORY, ("bold", "sober"))) == repr(parted)
    moved = replace(WISH, settings=(("french_victory.chance", "70% to 80%"),))
    assert study_claims(again, moved)  # by what was asked


def test_a_report_takes_what_a_page_has_worked_out_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def report(at: Desk) -> tuple[str, str]:
        found = study_dossier(at, WISH, choose)
        return write_html(compose(found), data_json(found)), repr(found.grounds)

    expected = report(Desk(scenario(), Settings(1, 400, 20)))
    own = Desk(scenario(), Settings(1, 400, 20), Memory())
    study_claims(own, WISH)
    own.why(WISH, [each["outcome"] for each in show_turn(own.answer(WISH))["headline"]])
    for each in ("judging.ask_for_claims", "keeping.two_timelines", "keeping.hold", "keeping.explain"):
        monkeypatch.setattr(f"jonbar.report.{each}", None)
    assert report(own) == expected


def test_curves_show_our_history_and_the_act_and_are_kept() -> None:
    shares: list[float] = []
    curves = study_curves(desk(), WISH, VICTORY, shares.append)
    assert [each.reading for each in curves] == ["", "dry_night"] and max(shares) == 1.0
    assert study_curves(desk(), WISH, VICTORY) is curves
    told = show_curves(curves)
    assert len(told["said"]) == 2 and "<style" not in told["picture"]["svg"]


@pytest.mark.parametrize("outcome", ["", "nowhere\x1fyes", "french_victory\x1fno such", "attack"])
def test_no_other_outcome_can_be_studied(outcome: str) -> None:
    with pytest.raises(QuestionError):
        study_curves(desk(), WISH, outcome)
    with pytest.raises(QuestionError):
        study_crux(desk(), WISH, outcome, ("bold", "sober"))


def test_of_each_kind_the_oldest_is_forgotten_and_what_is_kept_is_worked_out_once() -> None:
    shelves, worked = Shelves(), list[Any]()
    for each in (*range(KEPT + 1), KEPT):
        shelves.get("kind", each, lambda each=each: worked.append(each))  # type: ignore[misc]
    assert worked == list(range(KEPT + 1)) and not shelves.has("kind", 0) and shelves.has("kind", 1)
