"""Every fault says where, what, and what instead; and whoever does what it says has one fault less and no new one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from jonbar.errors import Diagnostic, Remedy, Severity
from jonbar.scenario import catalog
from jonbar.scenario.read import examine
from tests.scenario.faults import CRISIS, edit, mistakes
from tests.scenario.remedies import followed
from tests.scenario.spoil import spoils

ROOT = Path(__file__).parents[2]
PAGE = yaml.safe_load((ROOT / "tools" / "pages" / "faults.yaml").read_text(encoding="utf-8"))
EXAMPLES = {code: f"# example\n{said['file']}" for code, said in PAGE.items() if "file" in said}
MISTAKES = {mistake.title: mistake.text for mistake in mistakes()}
SPOILED = {each.path: each.of(CRISIS) for each in spoils(CRISIS)}
YAML = {
    text: f"jonbar: 1\nscenario: example\nvariables:\n{text}"
    for text in (
        "  rain: {ask: He said: no, when: 1914, chance: 5%}\n",
        "  rain: {ask: Is it, when: 1914, chance: 5%\n  hail: {ask: Is it, when: 1914, chance: 5%}\n",
        "  rain: {ask: Is it, when: 1914, chance: 5%]\n",
        "  rain: {ask: Is it, when: 1914]}\n",
        "  rain: {ask: Is it the #1, when: 1914}\n",
        '  rain: {ask: "He" said, when: 1914}\n',
        "  rain: {ask: x,, when: 1914}\n",
        "  rain: {ask: ? is it, when: 1914}\n",
        "  rain: }\n",
        "  rain:\n    ask: x\n     when: 1914\n    chance: 5%\n",
        "  rain:\n    ask: x\n   when: 1914\n    chance: 5%\n",
        "  rain:\n\task: x\n\twhen: 1914\n",
        '  rain:\n    ask: "Is it\n    when: 1914\n',
        "  rain:\n    ask: 'Is it\n    when: 1914\n",
        "  rain:\n    ask: %x\n    when: 1914\n",
        "  rain:\n    ask: @x\n    when: 1914\n",
        "  rain:\n    ask: `x`\n    when: 1914\n",
        "  rain:\n    ask: * x\n    when: 1914\n",
        "  rain:\n    ask: - x\n    when: 1914\n",
        "  rain:\n    ask: ? x\n    when: 1914\n",
        '  rain:\n    ask: "He" said\n    when: 1914\n',
        "  rain:\n    ask: [a] b\n    when: 1914\n",
        "  rain:\n    ask\n    when: 1914\n",
        "  rain:\n    ask x\n    when: 1914\n",
        "  rain:\n    ask:x\n    when: 1914\n",
        '  rain:\n    ask: "a\\qb"\n    when: 1914\n',
        "  rain:\n    - a\n    when: 1914\n",
        "  rain: |x\n   e\n",
    )
}
MOVING = re.compile(r"(line) \d+|(?<=reads `)(?:last )?(\w+)[^`]*")


def found(text: str) -> tuple[Diagnostic, ...]:
    return examine(text, file="wrong", load=catalog.find)[1]


def said(faults: tuple[Diagnostic, ...]) -> set[tuple[str, str]]:
    """Faults without the numbers of lines, which move, and however what is too late is read."""
    return {(each.code, MOVING.sub(r"\1\2", each.message)) for each in faults if _wrong(each)}


def _wrong(fault: Diagnostic) -> bool:
    return fault.severity is Severity.ERROR


def bare(faults: tuple[Diagnostic, ...]) -> list[str]:
    return [
        f"{each.code} {each.message}"
        for each in faults
        if each.span is None or not each.snippet or not (each.expected or each.suggestion)
    ]


def broken_by(text: str) -> list[str]:
    """What goes wrong when each fault's text is written where it says."""
    before, broken = found(text), []
    for fault in before:
        if fault.suggestion is None or fault.remedy is Remedy.DO:
            continue
        after = found(followed(text, fault))
        if fault in after:
            broken.append(f"{fault.suggestion} leaves {fault.message}")
        broken += [f"{fault.suggestion} gives {code} {message}" for code, message in said(after) - said(before)]
    return broken


@pytest.mark.parametrize("text", [*EXAMPLES.values(), *MISTAKES.values()], ids=[*EXAMPLES, *MISTAKES])
def test_every_fault_says_where_and_what_instead(text: str) -> None:
    assert bare(found(text)) == []


UNSEEN: dict[str, str | bytes] = {  # what the page of errors has no room to show
    "E101": "jonbar: 1\nnote: " + "long " * 800_001,
    "E102": b"jonbar: 1\nnote: \xff\n",
    "E107": "jonbar: 1\nnote: " + "[" * 40 + "]" * 40,
    "E211": edit(CRISIS, ("is: vote > 50", f"is: {'not ' * 60}vote > 50")),
}


@pytest.mark.parametrize("code", UNSEEN)
def test_what_the_page_of_errors_cannot_show_says_where_and_what_instead_as_well(code: str) -> None:
    faults = examine(UNSEEN[code], file="wrong")[1]
    assert code in [each.code for each in faults]
    assert all(each.span and (each.expected or each.suggestion) for each in faults)


@pytest.mark.parametrize("text", [*EXAMPLES.values(), *MISTAKES.values()], ids=[*EXAMPLES, *MISTAKES])
def test_what_a_fault_says_to_write_mends_it_and_nothing_else_breaks(text: str) -> None:
    assert broken_by(text) == []


@pytest.mark.parametrize("text", SPOILED.values(), ids=SPOILED.keys())
def test_whatever_is_spoiled_says_what_instead_and_that_mends_it(text: str) -> None:
    assert bare(found(text)) == []
    assert broken_by(text) == []


@pytest.mark.parametrize("text", YAML.values(), ids=YAML.keys())
def test_a_broken_rule_of_yaml_is_one_fault_in_plain_words(text: str) -> None:
    faults = [each for each in found(text) if each.code in ("E103", "E111")]
    assert len({each.span.line for each in faults if each.span}) == len(faults) == (2 if "\t" in text else 1)
    words = " ".join(each.message for each in faults)
    assert not re.search(r"token|scalar|flow|parsing|scanning|node|mapping|sequence|anchor", words)
    assert bare(found(text)) == [] and broken_by(text) == []


NAMES = ["seen_as_defeat", "reply", "approval", "icbm", "ousted", "mood", "vote", "wins", "resolve_travels", "slope"]
WAYS = [
    "{}",
    "last {}",
    "{} in 1963",
    "{} in 1980",
    "{} by 1963",
    "{} within 1 year",
    "{} is yes",
    "{} is pledg",
    "last {} is yes",
    "{} within 1 year and resolve_travels",
    "{} > 3",
    "3 < {} in 1963",
    "{} within 1 year > 3",
    "not {}",
    "{} + 1 > 3",
    "{} by 1963 + 1 > 3",
]
READERS = {
    "an event": ("if: reply is pledge and resolve_travels", "if: {}"),
    "a quantity": ("if: seen_as_defeat, because: Losers", 'if: "{}", because: Losers'),
    "a series": ("if: seen_as_defeat, because: He wants", "if: '{}', because: He wants"),
    "a hazard": ("if: reply is strike", "if: {}"),
    "an event that follows": ("is: vote > 50 and not ousted by 1963", "is: {}"),
    "a quantity that follows": ("is: 40 + slope * approval + 3 * last icbm / 100", "is: {}"),
    "a condition": ("chance: 5% to 15%\n", "chance: 5% to 15%\n    only if: {}\n"),
    "a chance": ("test: chance of not wins under", "test: chance of {} under"),
    "a mean": ("test: chance of not wins under", "test: mean of {} under"),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("way", WAYS)
def test_whatever_is_read_wrongly_is_read_rightly_as_it_is_offered(reader: str, way: str) -> None:
    taken, put = READERS[reader]
    for name in [each for each in NAMES if not (each == "wins" and reader == "an event that follows")]:
        text = edit(CRISIS, (taken, put.format(way.format(name))))
        assert (bare(found(text)), broken_by(text)) == ([], []), name
