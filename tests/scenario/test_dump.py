"""Laws of writing a scenario back as text."""

from __future__ import annotations

from random import Random

import pytest
import yaml

from jonbar.scenario import catalog
from jonbar.scenario.document import Listing, Text, parse_document
from jonbar.scenario.dump import dump
from jonbar.scenario.layout import foldable, plain, quote, quoted
from jonbar.scenario.read import read_scenario
from tests.scenario.authors import TEXTS, random_scenario

SCENARIOS = 150


@pytest.mark.parametrize("seed", range(SCENARIOS))
def test_a_scenario_that_is_dumped_and_read_is_the_same_scenario(seed: int) -> None:
    scenario = random_scenario(seed)
    assert read_scenario(dump(scenario), file="dumped") == scenario


@pytest.mark.parametrize("seed", range(0, SCENARIOS, 10))
def test_dumping_what_was_dumped_changes_no_letter(seed: int) -> None:
    text = dump(random_scenario(seed))
    assert dump(read_scenario(text, file="dumped")) == text


@pytest.mark.parametrize("name", catalog.names())
def test_every_shipped_scenario_survives_a_dump(name: str) -> None:
    file, text = catalog.find(name)
    scenario = read_scenario(text, file=file, load=catalog.find)
    assert read_scenario(dump(scenario), file="dumped") == scenario


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_never_cut_or_retyped_whatever_reads_the_yaml(text: str) -> None:
    words = " ".join(text.split())
    assert yaml.safe_load(f"key: {quote(words, prose=True)}") == {"key": words}
    assert yaml.safe_load(f"[{quote(words, flow=True, prose=True)}, b]") == [words, "b"]
    assert yaml.safe_load(quoted(words)) == words


def test_plain_words_stand_without_quotes() -> None:
    assert plain("Kennedy lifts the blockade; the missiles stay (see p. 90).")
    assert foldable("two words") and not foldable("two  words")


MARKS = list(" :#-,[]{}&*!|>'\"%@`?=.~+0129eExXynoYtT\\/_<\u200b\u00e9\u6226\u2028\u0085\u0301\ufeffabc")


@pytest.mark.parametrize("seed", range(20))
def test_any_string_of_marks_is_read_back_letter_for_letter(seed: int) -> None:
    random = Random(seed)
    for _ in range(100):
        words = " ".join("".join(random.choice(MARKS) for _ in range(random.randint(1, 9))).split()) or "x"
        assert yaml.safe_load(f"key: {quote(words, prose=True)}") == {"key": words}
        assert yaml.safe_load(f"[{quote(words, flow=True, prose=True)}, b]") == [words, "b"]
        document, faults = parse_document(f"key: {quote(words)}\nother: [{quote(words, flow=True)}]\n", file="marks")
        assert document is not None and faults == []
        value, listed = (entry for _, entry in document.root.entries)
        assert isinstance(value, Text) and isinstance(listed, Listing)
        assert value.text == words
        assert [each.text for each in listed.items if isinstance(each, Text)] == [words]
