"""Hedges, conditions, denials and links: what a sentence says of itself, and what it may be about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jonbar.discussion.claims import read_claim
from jonbar.discussion.hedging import Sort, markers
from jonbar.discussion.linking import Linker
from jonbar.discussion.sentences import sentences
from jonbar.scenario import catalog
from jonbar.scenario.hedges import SURVEYED
from jonbar.scenario.read import read_scenario


@pytest.mark.parametrize(
    ("sentence", "low", "high", "surveyed"),
    [
        ("Vienna probably waits for another year.", *SURVEYED["probably"], True),
        ("He probably does not wait for the harvest.", *SURVEYED["probably"], True),
        ("He probably doesn't wait for the harvest.", *SURVEYED["probably not"], True),
        ("It is very unlikely that they march.", *SURVEYED["highly unlikely"], True),
        ("There is a very real chance of a revolt.", *SURVEYED["real possibility"], True),
        ("They might even win the next election.", *SURVEYED["might happen"], True),
        ("There is a 30% chance of a revolt.", 0.3, 0.3, True),
        ("There is a 30 to 40 percent chance of a revolt.", 0.3, 0.4, True),
        ("Nine times out of ten the staff gets its way.", 0.9, 0.9, True),
        ("I fully expect him to resign over it.", 0.8, 1.0, False),
        ("I doubt that he resigns over it.", 0.06, 0.407, False),
        ("I am fairly certain that he resigns over it.", *SURVEYED["very good chance"], False),
        ("I'm pretty sure he resigns over it.", *SURVEYED["very good chance"], False),
        ("Pretty sure he resigns over it.", *SURVEYED["very good chance"], False),
        ("I feel reasonably confident that he resigns.", *SURVEYED["very good chance"], False),
        ("I'm confident that he resigns over it.", *SURVEYED["certain"], False),
        ("I am absolutely convinced that he resigns.", *SURVEYED["certain"], False),
        ("I'm almost certain that he resigns over it.", *SURVEYED["almost certain"], True),
        ("I am not convinced that he resigns over it.", *SURVEYED["we doubt"], False),
        ("I can't see him resigning over it.", *SURVEYED["we doubt"], False),
        ("I am inclined to think that he resigns.", *SURVEYED["we believe"], False),
        ("My hunch is that he resigns over it.", *SURVEYED["we believe"], False),
        ("I'd be surprised if he resigned over it.", *SURVEYED["unlikely"], False),
        ("I wouldn't be surprised if he resigned over it.", *SURVEYED["real possibility"], False),
        ("A resignation cannot be ruled out in the autumn.", *SURVEYED["possible"], False),
        ("He rarely resigns over a thing like that.", *SURVEYED["rarely"], True),
        ("It can hardly be called a retreat, in my opinion.", 0.0, 0.2, False),
        ("I think they might win the next election.", SURVEYED["might happen"][0], 0.923, False),
    ],
)
def test_a_hedge_is_read_as_what_readers_take_it_for(sentence: str, low: float, high: float, surveyed: bool) -> None:
    found = read_claim("k", "p", sentence).hedge
    assert found is not None
    assert (found.low, found.high, found.surveyed) == (low, high, surveyed)


@pytest.mark.parametrize(
    "sentence",
    [
        "The archduke is home for supper.",
        "They could have raided the coast instead.",  # an option, not a chance
        "It happened in May 1914 at the latest.",
        "She would have had her way in the end.",
        "According to one count it was half of them.",
        "I am not at all sure that he resigns over it.",
        "It is far from certain that he resigns over it.",
        "He was pretty sure of his office in that year.",  # how sure he was, not the writer
    ],
)
def test_a_claim_without_a_hedge_of_its_own_is_unhedged(sentence: str) -> None:
    assert read_claim("k", "p", sentence).hedge is None


def test_of_hedges_that_overlap_the_longest_counts() -> None:
    assert [each.words for each in markers("It is almost certain, more or less.")] == ["almost certain", "more or less"]


def test_no_hedge_is_found_inside_another_word() -> None:
    assert markers("The unlikelihood of maybes in Maytown mightily surprised Hardly-on-Sea's dayboats.") == ()


@pytest.mark.parametrize(
    ("sentence", "denies"),
    [
        ("The army does not march in July.", True),
        ("No one in Berlin wanted to wait.", True),
        ("He does not just stay: he grows stronger.", False),
        ("The army marches if nobody stops it.", False),  # the condition is negated, not the claim
        ("He probably doesn't go to the theatre.", False),  # the hedge has taken the negation up
        ("There is no ultimatum without the funeral.", True),
    ],
)
def test_a_denial_is_of_the_claim_and_not_of_its_hedge_or_condition(sentence: str, denies: bool) -> None:
    assert read_claim("k", "p", sentence).denies is denies


@pytest.mark.parametrize(
    ("sentence", "condition"),
    [
        ("If Budapest refuses, the army marches.", "If Budapest refuses"),
        ("The army marches unless Budapest gives way.", "unless Budapest gives way"),
        ("If, however, he waits a year, nothing happens.", "If, however, he waits a year"),
        ("The army marches on Budapest.", ""),
        ("I suppose it depends on the weather.", ""),
        ("Had he waited, the army would march.", "Had he waited"),
        ("The army would march, had he not waited.", "had he not waited"),
        ("The fort had no garrison worth the name.", ""),
        ("He had not seen Budapest in twenty years.", ""),
        ("Nobody in Vienna had planned past the spring.", ""),
        ("I'd be surprised if the army marched on Budapest.", ""),  # the hedge's own
        ("I'd be surprised if it marched unless it had to.", "unless it had to"),
    ],
)
def test_a_condition_is_kept_apart(sentence: str, condition: str) -> None:
    assert read_claim("k", "p", sentence).condition == condition


def test_sentences_end_at_marks_that_no_abbreviation_explains() -> None:
    text = 'Mr. Grey met the U.S. envoy at 3 p.m. on Tuesday. He waited... and waited! "Why?" asked no one; they left.'
    assert [each.text for each in sentences(text)] == [
        "Mr. Grey met the U.S. envoy at 3 p.m. on Tuesday.",
        "He waited... and waited!",
        '"Why?" asked no one',
        "they left.",
    ]


def test_every_sentence_stands_where_it_says() -> None:
    text = "  One stands here.\n\nTwo stands there!  Three; and four."
    for each in sentences(text):
        assert text[each.start :].startswith(each.text)


def test_questions_and_short_cries_assert_nothing() -> None:
    asserted = [
        each.text for each in sentences("Not good. Why would he do that? He goes home at once.") if each.asserts
    ]
    assert asserted == ["He goes home at once."]


def test_every_sort_of_hedge_has_a_marker() -> None:
    text = "Probably. It may be. I think so. It can hardly be. Definitely. According to him. Roughly so."
    assert {each.sort for each in markers(text)} == set(Sort)


CUBA = read_scenario(catalog.find("cuba-1962")[1], file="cuba")


@pytest.mark.parametrize("name", ["khrushchev_ousted", "goldwater_president", "test_ban", "texas_trip"])
def test_a_question_is_ranked_first_for_its_own_words(name: str) -> None:
    assert Linker(CUBA).rank(CUBA.variables[name].ask)[0].variable == name


def test_a_misspelt_name_is_linked_all_the_same() -> None:
    assert "khrushchev_ousted" in [each.variable for each in Linker(CUBA).rank("Kruschev keeps his power.")]


def test_words_that_no_question_has_are_linked_to_nothing() -> None:
    assert Linker(CUBA).rank("Zebras zigzag quixotically.") == ()


def test_what_people_call_a_question_links_their_claims_to_it() -> None:
    bare = replace(CUBA.variables["test_ban"], also_called=())
    without = replace(CUBA, variables={**CUBA.variables, "test_ban": bare})
    assert "test_ban" not in [each.variable for each in Linker(without).rank("There is no thaw.")]
    assert Linker(CUBA).rank("There is no thaw.")[0].variable == "test_ban"
