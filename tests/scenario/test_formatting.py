"""Laws of laying a file out: nothing said changes, nothing said beside it is lost, and once is enough."""

from __future__ import annotations

import re
from random import Random

import pytest
import yaml

from jonbar.errors import ScenarioError
from jonbar.scenario import catalog
from jonbar.scenario.dump import dump
from jonbar.scenario.formatting import format_text
from jonbar.scenario.layout import VARIABLE_ORDER
from jonbar.scenario.read import read_scenario
from tests.scenario.authors import random_scenario

SEEDS = range(40)


def untidy(seed: int) -> str:
    """A random scenario in another hand: other indents, other orders, other quotes, and comments everywhere."""
    random = Random(seed)
    data = yaml.load(dump(random_scenario(seed)), yaml.BaseLoader)
    text = yaml.safe_dump(
        data,
        indent=random.choice([2, 3, 4]),
        width=10**6,
        sort_keys=random.random() < 0.5,
        default_flow_style=random.choice([False, None]),
        allow_unicode=random.random() < 0.5,
        default_style=random.choice([None, "'", '"']),
    )
    lines = []
    for number, line in enumerate(text.split("\n")):
        if random.random() < 0.1:
            indent = random.choice([0, 2, 4, len(line) - len(line.lstrip())])
            lines.append(f"{' ' * indent}# note {number}: x")
        if random.random() < 0.05:
            lines.append("")
        lines.append(f"{line}  # beside {number}" if line and random.random() < 0.1 else line)
    return "\n".join(lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_formatting_never_changes_what_a_file_says(seed: int) -> None:
    text = untidy(seed)
    assert read_scenario(format_text(text), file="laid out") == read_scenario(text, file="untidy")


@pytest.mark.parametrize("seed", SEEDS)
def test_formatting_keeps_every_comment(seed: int) -> None:
    text = untidy(seed)

    def comments(lines: str) -> list[str]:
        return sorted(re.findall(r"# (?:note|beside) \d+.*", lines))

    assert comments(format_text(text)) == comments(text)


@pytest.mark.parametrize("seed", SEEDS)
def test_formatting_twice_is_formatting_once(seed: int) -> None:
    once = format_text(untidy(seed))
    assert format_text(once) == once


@pytest.mark.parametrize("seed", SEEDS)
def test_every_untidy_file_is_laid_out(seed: int) -> None:
    laid_out = format_text(untidy(seed))
    read = yaml.load(laid_out, yaml.BaseLoader)
    place = {key: number for number, key in enumerate(VARIABLE_ORDER)}
    for variable in read["variables"].values():
        assert list(variable) == sorted(variable, key=place.__getitem__)
    assert all((len(line) - len(line.lstrip(" "))) % 2 == 0 for line in laid_out.split("\n") if ">-" not in line)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_dumped_is_laid_out_already(seed: int) -> None:
    text = dump(random_scenario(seed))
    assert format_text(text) == text


@pytest.mark.parametrize("name", catalog.names())
def test_a_shipped_file_keeps_its_meaning_and_is_stable(name: str) -> None:
    file, text = catalog.find(name)
    once = format_text(text, file=file)
    assert read_scenario(once, file=file, load=catalog.find) == read_scenario(text, file=file, load=catalog.find)
    assert format_text(once) == once


def test_a_comment_moves_with_the_key_that_it_stands_above_or_beside() -> None:
    text = """# the file
jonbar: 1
scenario: s
variables:
    a:
        chance: 20%   # beside the chance
        # above the date
        when: 1962-10
        ask: 'Is it so?'
        # the last word on a
    # about b
    b: {ask: Why?, when: 1963,
        # inside
        chance: 5% to 15%}
# the end
"""
    assert (
        format_text(text)
        == """# the file
jonbar: 1
scenario: s
variables:
  a:
    ask: 'Is it so?'
    # above the date
    when: 1962-10
    chance: 20%  # beside the chance
    # the last word on a
  # about b
  b:
    ask: Why?
    when: 1963
    # inside
    chance: 5% to 15%
# the end
"""
    )


def test_long_reasons_are_folded_and_blocks_of_text_keep_their_lines() -> None:
    text = f"because: {'word ' * 40}end\nnote: |\n      one\n        two\n\n      three\n"
    laid_out = format_text(text)
    assert laid_out.startswith("because: >-\n  word word")
    assert "note: |\n  one\n    two\n\n  three\n" in laid_out
    assert max(map(len, laid_out.split("\n"))) <= 120


def test_a_file_that_is_not_yaml_is_refused_with_its_faults() -> None:
    with pytest.raises(ScenarioError):
        format_text("a: b: c\n")


def test_an_entry_that_is_taken_away_stays_taken_away() -> None:
    text = 'extends: cuba\nvariables:\n    deploy: null\n    reply:\n        states: {a: ~, b: "null"}   # gone\n'
    assert format_text(text) == (
        'extends: cuba\nvariables:\n  deploy: null\n  reply:\n    states: {a: ~, b: "null"}  # gone\n'
    )
