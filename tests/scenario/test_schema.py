"""Laws of the schema that editors use: what reads well is valid, what is plainly broken is not, and names complete."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml

from jonbar.scenario import catalog
from jonbar.scenario.dump import dump
from jonbar.scenario.keys import SECTIONS
from jonbar.scenario.read import read_scenario
from jonbar.scenario.schema import json_schema
from tests.scenario.authors import random_scenario

SEEDS = range(25)


class Core(yaml.SafeLoader):
    """YAML 1.2's own idea of numbers, true, false and null: what an editor's server sees."""


Core.yaml_implicit_resolvers = {}
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
FLOAT = re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$")
Core.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+0123456789."))


def data(text: str) -> Any:
    return names(yaml.load(text, Core))


def names(value: Any) -> Any:
    """Keys are names, whatever they look like."""
    if isinstance(value, dict):
        return {str(key): names(each) for key, each in value.items()}
    return [names(each) for each in value] if isinstance(value, list) else value


def faults(schema: dict[str, Any], text: str) -> list[str]:
    found = jsonschema.Draft7Validator(schema).iter_errors(data(text))
    return [f"{'.'.join(map(str, each.path))}: {each.message[:200]}" for each in found]


@cache
def shipped() -> tuple[dict[str, Any], str]:
    file, text = catalog.find("cuba")
    return json_schema(read_scenario(text, file=file)), text


@pytest.mark.parametrize("seed", SEEDS)
def test_every_scenario_fits_its_own_schema_and_the_general_one(seed: int) -> None:
    scenario = random_scenario(seed)
    text = dump(scenario)
    assert faults(json_schema(scenario), text) == []
    assert faults(json_schema(None), text) == []
    assert faults(json_schema(scenario, overlay=True), text) == []


@pytest.mark.parametrize("name", catalog.names())
def test_every_shipped_file_fits_its_own_schema(name: str) -> None:
    file, text = catalog.find(name)
    scenario = read_scenario(text, file=file, load=catalog.find)
    overlay = "\nextends:" in text
    assert faults(json_schema(scenario, overlay=overlay), text) == []
    assert faults(json_schema(None, overlay=overlay), text) == []


def test_the_schemas_are_valid_draft_7() -> None:
    for schema in (json_schema(None), shipped()[0], json_schema(None, overlay=True)):
        jsonschema.Draft7Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("jonbar: 1", "jonbar: 9"),
        ("otl: quarantine", "otl: quarantin"),
        ("otl: 55 ± 8", "otl: about 55"),
        ("toward: [silence, private_word]", "toward: [silense]"),
        ("who: Kennedy\n", "who: Kenedy\n"),
        ("kind: record", "kind: papers"),
        ("chance: 60% to 90%", "chance: 0.6 to 0.9"),
        ("odds: x1.5 to x5", "odds: 1.5 to 5"),
        ("do: {deploy: arms_only}", "do: {deploy: no_arms}"),
        ("do: {deploy: arms_only}", "do: {deplyo: arms_only}"),
        ("brought_about_by: {kennedy_will: low}", "brought_about_by: {kennedy_will: weak}"),
        ("when: 1962-08/1962-09-03", "when: August 1962"),
        ("luck: 1 year", "luck: some"),
        ("test: chance of congress_condemns", "test: probability of congress_condemns"),
        ("known: {Kremlin: 1962-05", "known: {Kremli: 1962-05"),
        ("measured: [suh_2022", "measured: [suh_2023"),
        ("ordered: yes", "orderd: yes"),
        ("scale: log\n", "scale: logarithm\n"),
    ],
)
def test_what_is_plainly_broken_does_not_fit(old: str, new: str) -> None:
    schema, text = shipped()
    assert old in text
    assert faults(schema, text.replace(old, new, 1))


def test_a_variable_without_its_question_does_not_fit() -> None:
    text = "jonbar: 1\nscenario: s\nvariables: {rain: {when: 1914, chance: 20%}}\n"
    assert faults(json_schema(None), text) == ["variables.rain: 'ask' is a required property"]
    assert faults(json_schema(None, overlay=True), text.replace("20%", "null")) == []


def test_every_key_of_the_language_is_described() -> None:
    schema = json_schema(None)
    places = {"file": schema} | {name.replace("-", "_"): each for name, each in schema["definitions"].items()}
    for section, keys in SECTIONS.items():
        known = places.get(section.replace("-", "_"))
        if known is not None:
            assert {name: each["description"] for name, each in known["properties"].items()} == {
                name: key.meaning for name, key in keys.items()
            }
