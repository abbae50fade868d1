"""A file that extends another holds only what differs, and its faults are found where they were written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jonbar.errors import QuestionError
from jonbar.scenario.numbers import Point
from jonbar.scenario.read import examine, read_scenario
from jonbar.scenario.terms import Scenario
from tests.scenario.faults import CRISIS, edit

HEAD = "jonbar: 1\nscenario: other\nextends: crisis\n"


def library(**texts: str) -> Callable[[str], tuple[str, str]]:
    def load(name: str) -> tuple[str, str]:
        if name not in texts:
            raise QuestionError("E503", f"There is no scenario `{name}`.")
        return f"{name}.jonbar.yaml", texts[name]

    return load


def overlaid(body: str) -> Scenario:
    return read_scenario(HEAD + body, file="other.jonbar.yaml", load=library(crisis=CRISIS))


def test_an_overlay_without_differences_means_what_it_extends() -> None:
    below = read_scenario(CRISIS, file="crisis")
    above = overlaid("")
    assert above.name == "other" and above.variables == below.variables and above.claims == below.claims


def test_mappings_are_joined_and_everything_else_is_replaced() -> None:
    above = overlaid("variables: {seen_as_defeat: {chance: 30%}, reply: {pushes: {fear: {toward: [pledge]}}}}\n")
    base = above.variables["seen_as_defeat"].base
    assert base is not None and base.number == Point(0.3)
    assert above.variables["seen_as_defeat"].pushes  # what is not said again stays
    assert above.variables["reply"].pushes[0].toward == ("pledge",)


@pytest.mark.parametrize("nothing", ["~", "null"])
def test_an_entry_can_be_taken_away(nothing: str) -> None:
    assert "alarmed" not in overlaid(f"camps: {{alarmed: {nothing}}}\n").camps
    text = f"variables: {{approval: {{pushes: {{shame: {nothing}}}}}}}\n"
    assert overlaid(text).variables["approval"].pushes == ()


def test_a_variable_can_become_of_another_kind() -> None:
    above = overlaid("variables: {wins: {is: ~, chance: 40%}}\n")
    assert above.variables["wins"].formula is None and above.variables["wins"].base is not None


def test_its_text_counts_in_the_digest_as_well_as_what_it_extends() -> None:
    digests = {overlaid("").digest, overlaid("note: x\n").digest, read_scenario(CRISIS, file="crisis").digest}
    assert len(digests) == 3


def test_each_fault_is_shown_in_the_file_it_was_written_in() -> None:
    below = edit(CRISIS, ("otl: secret_trade", "otl: secret_trad"))
    text = f"{HEAD}variables: {{seen_as_defeat: {{chance: 30}}}}\n"
    found = examine(text, file="other.jonbar.yaml", load=library(crisis=below))[1]
    shown = {(fault.span.file, fault.code, fault.snippet) for fault in found if fault.span is not None}
    assert shown == {
        ("other.jonbar.yaml", "E220", "variables: {seen_as_defeat: {chance: 30}}"),
        ("crisis.jonbar.yaml", "E323", "    otl: secret_trad"),
    }


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({}, "E113"),
        ({"crisis": "jonbar: 1\nscenario: crisis\nextends: other\n", "other": HEAD}, "E113"),
        ({"crisis": "jonbar: 1\nscenario: crisis\nextends: crisis\n"}, "E113"),
        ({"crisis": "jonbar: 2\n"}, "E112"),
        ({"crisis": "a: [\n"}, "E103"),
    ],
    ids=["not there", "a circle", "itself", "another version", "not YAML"],
)
def test_what_cannot_be_extended_is_a_fault(texts: dict[str, str], code: str) -> None:
    scenario, found = examine(HEAD, file="other", load=library(**texts))
    assert scenario is None and code in [fault.code for fault in found]


def test_a_tower_of_overlays_is_bounded() -> None:
    texts = {f"s{level}": f"jonbar: 1\nscenario: s{level}\nextends: s{level + 1}\n" for level in range(40)}
    found = examine("jonbar: 1\nscenario: top\nextends: s0\n", file="top", load=library(**texts))[1]
    assert "E113" in [fault.code for fault in found]


def test_a_file_on_its_own_cannot_extend_what_nobody_can_look_up() -> None:
    scenario, found = examine(HEAD, file="other")
    assert scenario is None and [fault.code for fault in found] == ["E113"]
