"""Laws of history as it stood on a date: what was known counts, what was not stays open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pytest
from scipy.stats import kstest

from jonbar.errors import QuestionError
from jonbar.query.answering import questions_about, two_timelines
from jonbar.scenario.expressions import Mode, Name
from jonbar.scenario.knowledge import HISTORIAN, facts_known
from jonbar.scenario.recorded import happened_so, held
from jonbar.scenario.terms import KEEP, Fact, Reading, Scenario
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, twin
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from jonbar.views.timelines import entries_of
from tests.oracles.answers import Comparison, Exact
from tests.oracles.check import LEAST_EFFECTIVE, compare_case, disagreements
from tests.oracles.random_scenarios import FIRST, LAST, Case, day, random_case
from tests.oracles.rows import Unlisted
from tests.oracles.small import NO, YES, choice, event, hazard, quantity, scenario, year

FAILURE_RATE = 2e-5
CASES, WORLDS = 50, 12_000


def cases_as_they_stood(count: int) -> Iterator[tuple[int, Case, Exact, Exact]]:
    """Random cases on a random day, with the exact answers before and after what was known by then."""
    seed = 7000
    while count:
        seed += 1
        case = random_case(seed)
        by = date(FIRST, 6, 1) + timedelta(days=int(np.random.default_rng(seed).integers(365 * (LAST - FIRST))))
        facts = facts_known(case.scenario, HISTORIAN, by)
        if not any(each.never and each.when for each in facts.values()) and count % 3:
            continue  # two in three have something that may still happen
        then = replace(case, scenario=compile_model(case.scenario).knowing(facts).scenario)
        try:
            before, after = Exact(then.scenario), Exact(then.scenario, then.facts, then.do, then.luck)
        except Unlisted:
            continue
        if after.effective_share >= LEAST_EFFECTIVE:
            yield seed, then, before, after
            count -= 1


def test_chances_and_twins_as_they_stood_agree_with_enumeration() -> None:
    found: list[tuple[int, Comparison]] = [
        (seed, each)
        for seed, case, before, after in cases_as_they_stood(CASES)
        for each in compare_case(seed, case, before, after, WORLDS)
    ]
    assert len(found) > 2_000
    assert disagreements(found) == []


def waiting(fact: Fact | None) -> Scenario:
    """Something that may happen in the sixties, twice as likely in the later half."""
    pushed = {"later": (3.0, Name("door"))}
    return scenario(
        event("door", 1964, 0.999999, fact=YES),
        hazard("rain", 1960, 1969, 0.2, pushes=pushed, fact=fact),
    )


def not_by(last: date) -> Fact:
    return Fact(never=True, when=replace(day(date(1960, 1, 1)), end=last))


def test_surviving_so_far_has_its_closed_form_and_leaves_the_rest_as_it_was() -> None:
    model = compile_model(waiting(not_by(date(1966, 12, 31))))
    worlds = abduct(model, seed=5, draws=1, tellings=200_000)
    early, late = -np.log(0.8), np.log1p(3.0 * 0.25)  # hazards a year: chances of 20 %, and of odds three times as long
    likelihood = worlds.evidence["rain#0"].copy()
    for part, each in worlds.evidence.items():
        if part.startswith("rain#") and part != "rain#0":
            likelihood = likelihood + each
    assert likelihood.item() == pytest.approx(-(5 * early + 2 * late), abs=1e-6)
    waited = worlds.full("rain").ravel() - 1967.0
    assert (waited > 0.0).all()
    share, expected = float((waited <= 3.0).mean()), float(-np.expm1(-late * 3.0))
    assert kstest(waited[waited <= 3.0], lambda years: -np.expm1(-late * years) / expected).pvalue > FAILURE_RATE
    assert abs(share - expected) < 4.3 * np.sqrt(expected * (1 - expected) / waited.size)


def test_luck_given_survival_is_the_hazard_so_far_and_a_fresh_wait() -> None:
    model = compile_model(waiting(not_by(date(1962, 6, 30))))
    worlds = abduct(model, seed=6, draws=1, tellings=50_000)
    same = twin(model, worlds, do={"door": "yes"})
    assert np.array_equal(same.full("rain"), worlds.full("rain"))  # doing what happened changes nothing
    threshold = worlds.noise["rain"][0] if "rain" in worlds.noise else None
    assert threshold is not None
    so_far = -np.log(0.8) * (2 + 181 / 365)
    assert kstest(threshold.ravel() - so_far, "expon").pvalue > FAILURE_RATE


def record() -> Scenario:
    whole = scenario(
        event("seen", 1961, 0.5, fact=YES),
        replace(event("secret", 1962, 0.5, fact=YES), known=(("Kremlin", year(1962)), ("public", year(1965)))),
        replace(event("felt", 1962, 0.5, fact=NO), belief_of="Washington"),
        replace(event("chosen", 1963, 0.5, fact=NO), who="Kennedy", known=(("Kremlin", year(1964)),)),
        event("argued", 1961, 0.5, fact=Fact(disputed=True)),
        hazard("ousted", 1962, 1969, 0.1, fact=Fact(when=day(date(1964, 10, 14)))),
        hazard("war", 1963, 1969, 0.1, fact=Fact(never=True)),
    )
    actors = MappingProxyType({"Washington": ("Kennedy",), "Kremlin": ("Khrushchev",)})
    return replace(whole, actors=actors)


@pytest.mark.parametrize(
    ("observer", "by", "known"),
    [
        (HISTORIAN, date(1961, 12, 30), set()),  # a year is over when its last day is
        (HISTORIAN, date(1961, 12, 31), {"seen", "argued"}),
        (HISTORIAN, date(1963, 1, 1), {"seen", "argued", "secret", "felt", "ousted", "war"}),
        ("public", date(1963, 1, 1), {"seen", "argued", "ousted", "war"}),
        ("public", date(1965, 1, 1), {"seen", "argued", "ousted", "war", "secret"}),
        ("Khrushchev", date(1964, 1, 1), {"seen", "argued", "ousted", "war", "secret", "chosen"}),
        ("Washington", date(1963, 12, 31), {"seen", "argued", "ousted", "war", "felt"}),
        ("Kennedy", date(1963, 12, 31), {"seen", "argued", "ousted", "war", "felt", "chosen"}),
    ],
)
def test_a_fact_counts_once_it_is_over_and_its_observer_could_know(observer: str, by: date, known: set[str]) -> None:
    assert set(facts_known(record(), observer, by)) == known


def test_what_had_not_happened_yet_is_known_not_to_have() -> None:
    before, after = (facts_known(record(), "public", date(1964, 10, each)) for each in (13, 14))
    assert before["ousted"].never and before["ousted"].when is not None
    assert before["ousted"].when.end == date(1964, 10, 13)
    assert after["ousted"] == Fact(when=day(date(1964, 10, 14)))
    assert after["war"].never and after["war"].when is not None
    assert facts_known(record(), "public", date(1969, 12, 31))["war"] == Fact(never=True)


def test_of_a_vague_date_only_what_came_before_it_is_known_while_it_lasts() -> None:
    vague = scenario(hazard("ousted", 1962, 1969, 0.1, fact=Fact(when=year(1964))))
    known = facts_known(vague, HISTORIAN, date(1964, 7, 1))["ousted"]
    assert known.never and known.when is not None and known.when.end == date(1963, 12, 31)


def test_an_unknown_observer_is_told_who_there_is() -> None:
    with pytest.raises(QuestionError, match=r"E516 .*Did you mean Kremlin"):
        facts_known(record(), "Kremlim", date(1963, 1, 1))


def test_a_posterior_of_history_as_it_stood_imposes_nothing_later() -> None:
    whole = compile_model(waiting(Fact(when=day(date(1968, 5, 1)))))
    model = whole.knowing(facts_known(whole.scenario, HISTORIAN, date(1966, 12, 31)))
    posterior = assimilate(model, seed=7, draws=4, tellings=25_000)
    asked = Name("rain", Mode.BY, year(1968))
    sums = survey(model, posterior, Plan({"": Branch()}, {"": Probe("", asked)}))[""]
    chance, expected = float(sums.value.sum() / sums.weight.sum()), float(-np.expm1(-2 * np.log1p(0.75)))
    assert abs(chance - expected) < 4.3 * np.sqrt(expected * (1 - expected) / 100_000)


RECORDS = {
    "never": Fact(never=True),
    "not by 1961": Fact(never=True, when=replace(year(1961), start=date(1960, 1, 1))),
    "not by 1969": Fact(never=True, when=replace(year(1969), start=date(1960, 1, 1))),
    "in 1964": Fact(when=year(1964)),
    "on a day of 1964": Fact(when=day(date(1964, 10, 14))),
}


@pytest.mark.parametrize("record", RECORDS)
def test_what_a_record_settles_is_so_in_every_world_that_agrees_with_it_or_in_none(record: str) -> None:
    model = compile_model(waiting(RECORDS[record]))
    rain = model.scenario.variables["rain"]
    times = abduct(model, seed=8, draws=1, tellings=20_000).full("rain").ravel()

    def agrees(said: bool | None, so: np.ndarray) -> bool:
        return bool(so.all() if said else not so.any() if said is False else True)

    assert agrees(happened_so(rain, "rain", "never"), np.isinf(times))
    assert agrees(held(Name("rain"), model.scenario), ~np.isinf(times))
    for number in (1961, 1964, 1966):
        there = (times > number) & (times <= number + 1)
        assert agrees(happened_so(rain, "rain", str(number)), there)
        assert agrees(held(Name("rain", Mode.IN, year(number)), model.scenario), there)
        assert agrees(held(Name("rain", Mode.BY, year(number)), model.scenario), times <= number + 1)


def test_a_record_of_a_part_of_its_time_leaves_the_rest_open() -> None:
    whole = waiting(RECORDS["not by 1961"])
    rain = whole.variables["rain"]
    assert happened_so(rain, "rain", "never") is held(Name("rain"), whole) is None
    assert happened_so(rain, "rain", "1961") is held(Name("rain", Mode.BY, year(1961)), whole) is False
    assert happened_so(rain, "rain", "1962") is held(Name("rain", Mode.BY, year(1962)), whole) is None
    assert happened_so(replace(rain, fact=RECORDS["not by 1969"]), "rain", "never") is True


@pytest.mark.parametrize(
    ("fact", "value", "so"),
    [
        (Fact(value=50.0), "50", True),
        (Fact(value=50.0), "51", False),
        (Fact(value=50.0, error=3.0), "50", True),
        (Fact(value=50.0, error=3.0), "52", None),
        (Fact(value=50.0, error=3.0), "58", False),
        (Fact(disputed=True), "50", None),
        (None, "50", None),
    ],
)
def test_a_number_within_the_error_of_the_record_is_neither_borne_out_nor_contradicted(
    fact: Fact | None, value: str, so: bool | None
) -> None:
    assert happened_so(quantity("share", 1960, 50.0, 4.0, fact=fact), "share", value) is so


@pytest.mark.parametrize(
    ("fact", "yes", "no"),
    [
        (YES, 1.0, 0.0),
        (NO, 0.0, 1.0),
        (Fact(disputed=True), None, None),
        (Fact(likelihood=(("no", 0.4), ("yes", 0.6))), None, None),
        (None, None, None),
    ],
)
def test_a_line_says_what_happened_only_where_the_record_settles_it(
    fact: Fact | None, yes: float | None, no: float | None
) -> None:
    model = compile_model(scenario(event("sung", 1960, 0.5, fact=fact), event("done", 1961, 0.5)))
    posterior = assimilate(model, seed=3, draws=4, tellings=4)
    reading = Reading("r", "", {"done": "yes"})
    found = two_timelines(model, posterior, reading, luck=KEEP)
    assert (found.lines[0].was("yes"), found.lines[0].was("no")) == (yes, no)
    entries, _ = entries_of(found, reading, everything=True)
    assert entries[0].was == yes


def test_a_question_that_was_not_asked_was_answered_so() -> None:
    """What a choice is where its `only if` fails is an answer that history may have given."""
    way = choice("way", 1961, {"walk": 0.5, "ride": 0.5}, fact=Fact(state="none"))
    model = compile_model(scenario(event("sung", 1960, 0.5), replace(way, only_if=Name("sung"), otherwise="none")))
    (question,) = questions_about(model, model.scenario.variables["way"])
    assert question.answered == "none"


@pytest.mark.parametrize(
    ("record", "answered"),
    [("never", "no"), ("not by 1961", ""), ("not by 1969", "no"), ("in 1964", "yes"), ("on a day of 1964", "yes")],
)
def test_what_had_not_happened_by_a_day_is_drawn_neither_as_done_nor_as_left_undone(record: str, answered: str) -> None:
    model = compile_model(waiting(RECORDS[record]))
    (question,) = (each for each in questions_about(model, model.scenario.variables["rain"]))
    assert question.answered == answered
