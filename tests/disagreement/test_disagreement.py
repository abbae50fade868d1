"""Laws of disagreement: what is planted in a synthetic debate is found, and where all speak of one truth nothing is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from typer.testing import CliRunner

from jonbar.cli.app import app
from jonbar.disagreement.find import Disagreement, disagreement
from jonbar.disagreement.situations import Situation, holds, situations_of
from jonbar.scenario.expressions import Expression
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import Scenario

FILE = """
jonbar: 1
scenario: debate
title: What if it had rained?
years: 1914..1920
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  feast: {ask: Is there a feast?, when: 1914-08, otl: yes, chance: 50%}
  fair: {ask: Is there a fair?, when: 1914-09, chance: 50%}
  mayor: {ask: What does the mayor do?, when: 1914-09, who: Mayor, states: {wait: 30%, act: 30%, resign: 40%}}
  flood: {ask: When is the flood?, when: 1914/1920, hazard: 10% a year}
  takings: {ask: What is taken?, unit: crowns, when: 1914-10, centre: 100, spread: 20}
actors: {Town: [Mayor]}
what_if:
  weather:
    says: It rains.
    readings:
      wet: {says: It rains., do: {rain: yes}}
      storm: {says: It storms., do: {rain: yes, fair: no}}
claims:
"""
CONDITIONS = (
    "feast", "fair", "feast and fair", "feast or fair", "mayor is wait", "mayor is act", "mayor is not resign",
    "flood by 1915", "flood by 1917", "flood in 1916", "flood", "takings > 90", "takings < 120",
    "takings > 110 and feast",
)  # fmt: skip
HEDGES = {"probably": (0.513, 0.805), "unlikely": (0.051, 0.303), "almost certain": (0.847, 0.99), "never": (0.0, 0.05)}


def scenario_of(claims: str) -> Scenario:
    return read_scenario(FILE + (claims or "  none: {says: Nothing., who: a, kind: value}\n"), file="debate")


def claim(name: str, who: str, test: str, meant: str = "", **more: str) -> str:
    kind = "fact" if test.startswith("fact") else "comparison" if " > " in test.partition(" under ")[2] else "chance"
    parts = {"says": f"{name} is so.", "who": who, "kind": kind, "test": test, **more}
    text = ", ".join(f"{key}: {value}" for key, value in parts.items())
    return f"  {name}: {{{text}{f', meant: {meant!r}' if meant else ''}}}\n"


def found_in(*claims: str) -> Disagreement:
    return disagreement(scenario_of("".join(claims)))


@dataclass(frozen=True)
class Truth:
    """Distributions over situations, one a reading: all that is said about them agrees."""

    scenario: Scenario
    situations: list[Situation]
    chances: dict[str, np.ndarray]

    def chance(self, condition: str, reading: str, given: str | None = None) -> float:
        """How likely a condition is there."""
        supposed = self._where(given) if given else np.ones(len(self.situations))
        both = self._where(condition) * supposed
        return float(self.chances[reading] @ both / (self.chances[reading] @ supposed))

    def _where(self, condition: str) -> np.ndarray:
        tree = parse_condition(condition, self.scenario)
        return np.array([holds(tree, each, self.scenario) for each in self.situations], dtype=float)


def truth(random: np.random.Generator) -> Truth:
    scenario = scenario_of("")
    trees: list[Expression] = [parse_condition(each, scenario) for each in CONDITIONS]
    situations = situations_of(trees, scenario)
    assert situations is not None
    chances = {reading: random.dirichlet(np.full(len(situations), 0.05)) for reading in ("wet", "storm")}
    return Truth(scenario, situations, chances)


def around(chance: float, width: float) -> str:
    """A range about a chance, as a file may write it."""
    return f"{100 * max(0.0001, chance - width):.4f}% to {100 * min(0.9999, chance + width):.4f}%"


def a_debate(random: np.random.Generator, size: int = 12) -> tuple[Truth, list[str]]:
    """Claims that are all true of one pair of distributions."""
    true = truth(random)
    claims = []
    for number in range(size):
        condition, other = random.choice(CONDITIONS, size=2, replace=False)
        reading = str(random.choice(["wet", "storm"]))
        given = other if random.random() < 0.25 and true.chance(other, reading) > 0.01 else None
        chance = true.chance(condition, reading, given)
        under = f"under {reading}" + (f" given {given}" if given else "")
        fitting = [word for word, (low, high) in HEDGES.items() if low <= chance <= high]
        who, name = f"p{number % 5}", f"c{number}"
        if random.random() < 0.3 and not given:
            here, there = true.chance(condition, "wet"), true.chance(condition, "storm")
            if abs(here - there) > 1e-3:
                more, less = ("wet", "storm") if here > there else ("storm", "wet")
                claims.append(
                    claim(name, who, f"chance of {condition} under {more} > chance of {condition} under {less}")
                )
                continue
        if fitting and random.random() < 0.6:
            claims.append(claim(name, who, f"chance of {condition} {under}", str(random.choice(fitting))))
        elif chance > 0.502:
            claims.append(claim(name, who, f"chance of {condition} {under}"))
        elif chance > 0.001:
            claims.append(claim(name, who, f"chance of {condition} {under}", around(chance, 0.1)))
    return true, claims


@pytest.mark.parametrize("seed", range(40))
def test_a_debate_that_speaks_of_one_truth_holds_no_contradiction(seed: int) -> None:
    _, claims = a_debate(np.random.default_rng([40, seed]))
    assert found_in(*claims).contradictions == ()


@pytest.mark.parametrize("seed", range(40))
def test_what_contradicts_the_truth_that_the_others_state_is_found(seed: int) -> None:
    """A claim is planted beside one that pins the same number down: both are found, and nothing else is."""
    random = np.random.default_rng([41, seed])
    true, claims = a_debate(random)
    condition, reading = str(random.choice(CONDITIONS)), str(random.choice(["wet", "storm"]))
    chance = true.chance(condition, reading)
    pinned = claim("pinned", "p1", f"chance of {condition} under {reading}", around(chance, 0.05))
    elsewhere = chance + 0.2 if chance < 0.5 else chance - 0.2
    turned = random.random() < 0.5
    text, told = (f"not ({condition})", 1.0 - elsewhere) if turned else (condition, elsewhere)
    planted = claim("planted", "p9", f"chance of {text} under {reading}", around(told, 0.05))
    found = found_in(*claims, pinned, planted).contradictions
    assert any({"pinned", "planted"} == {each.name for each in one.claims} for one in found)
    assert all("planted" in {each.name for each in one.claims} for one in found)


OTHERS = {
    "the opposite, flatly": ("chance of feast under wet", "", "chance of not feast under wet", ""),
    "hedges that do not meet": ("chance of feast under wet", "probably", "chance of feast under wet", "unlikely"),
    "two states at once": ("chance of mayor is act under wet", "", "chance of mayor is wait under wet", ""),
    "sooner likelier than later": (
        "chance of flood by 1915 under wet",
        "probably",
        "chance of flood by 1917 under wet",
        "unlikely",
    ),
    "a part likelier than the whole": (
        "chance of feast and fair under wet",
        "likely",
        "chance of fair under wet",
        "unlikely",
    ),
    "more and less": (
        "chance of feast under wet > chance of feast",
        "",
        "chance of feast > chance of feast under wet",
        "",
    ),
    "means both ways": (
        "mean of takings under wet > mean of takings",
        "",
        "mean of takings > mean of takings under wet",
        "",
    ),
    "a mean on both sides of a line": ("mean of takings under wet > 90", "", "mean of takings under wet < 80", ""),
    "a fact and its denial": ("fact feast", "", "fact not feast", ""),
    "supposing the same": ("chance of fair under wet given feast", "", "chance of not fair under wet given feast", ""),
    "almost all and half of it": (
        "chance of not fair under wet given feast",
        "almost certain",
        "chance of fair and feast under wet",
        "likely",
    ),
    "a line and a number": (
        "chance of takings > 120 under wet",
        "likely",
        "chance of takings < 90 under wet",
        "likely",
    ),
}


@pytest.mark.parametrize("case", sorted(OTHERS))
def test_two_that_cannot_both_be_so_are_found(case: str) -> None:
    one, meant, other, also = OTHERS[case]
    (found,) = found_in(claim("one", "a", one, meant), claim("other", "b", other, also)).contradictions
    assert {each.name for each in found.claims} == {"one", "other"} and not found.with_oneself


def test_what_one_person_says_twice_otherwise_is_said_to_be_with_oneself() -> None:
    (found,) = found_in(
        claim("one", "a", "chance of feast under wet"), claim("other", "a", "chance of not feast under wet")
    ).contradictions
    assert found.with_oneself


def test_three_of_which_any_two_agree_are_found_together() -> None:
    shares = [
        claim(state, state, f"chance of mayor is {state} under wet", "40% to 50%")
        for state in ("wait", "act", "resign")
    ]
    (found,) = found_in(*shares, claim("apart", "b", "chance of feast under wet")).contradictions
    assert {each.name for each in found.claims} == {"wait", "act", "resign"} and found.about == ("mayor",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("chance of feast under wet", ""), ("chance of not feast", "")),  # another world
        (("chance of feast under wet", "could happen"), ("chance of not feast under wet", "could happen")),
        (("chance of feast under wet", ""), ("chance of fair under wet", "unlikely")),
        (("chance of feast under wet given fair", ""), ("chance of not feast under wet given not fair", "")),
        (("chance of flood by 1915 under wet", "unlikely"), ("chance of flood by 1917 under wet", "likely")),
        (("chance of takings > 90 under wet", ""), ("chance of takings < 120 under wet", "")),
    ],
)
def test_two_that_can_both_be_so_are_left_alone(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not found_in(claim("one", "a", *one), claim("other", "b", *other)).contradictions


def test_who_speaks_of_another_act_or_on_another_condition_crosses_and_does_not_contradict() -> None:
    acts = found_in(
        claim("one", "a", "chance of feast under wet"), claim("other", "b", "chance of not feast under storm")
    )
    conditions = found_in(
        claim("one", "a", "chance of feast under wet", presupposes="fair"),
        claim("other", "b", "chance of not feast under wet given not fair"),
    )
    for found, differ in ((acts, True), (conditions, False)):
        (crossing,) = found.crossings
        assert not found.contradictions and crossing.acts is differ and crossing.about == ("feast",)


def test_every_claim_is_in_its_place() -> None:
    found = found_in(
        claim("one", "a", "chance of feast under wet"),
        claim("two", "b", "chance of feast under wet", "likely"),
        claim("three", "b", "chance of fair under wet"),
        "  value: {says: A pity., who: c, kind: value}\n",
        "  said: {says: He said so., who: c, kind: utterance}\n",
        "  beyond: {says: The king would have come., who: c, kind: uncovered}\n",
        "  guarded: {says: It might be more., who: c, kind: comparison, meant: could happen, "
        "test: mean of takings under wet > mean of takings}\n",
    )
    assert (found.claims, found.speakers, found.agreed, found.alone) == (7, 3, ("feast",), ("fair",))
    for names, part in (
        ("value", found.values),
        ("said", found.recorded),
        ("beyond", found.uncovered),
        ("guarded", found.noncommittal),
    ):
        assert [each.name for each in part] == [names]


def test_the_page_says_who_contradicts_whom() -> None:
    text = (
        FILE
        + claim("one", "anna", "chance of feast under wet")
        + claim("other", "bert", "chance of not feast under wet")
    )
    result = CliRunner().invoke(app, ["disagree", "-"], input=text)
    assert result.exit_code == 0 and "On feast these cannot both be so" in result.stdout
    assert "anna: one is so. (one)" in result.stdout and "1 contradiction," in result.stdout
    csv = CliRunner().invoke(app, ["disagree", "-", "--csv"], input=text)
    assert csv.stdout.splitlines()[1].endswith(",other")


def test_what_denies_another_by_its_own_words_is_told_once() -> None:
    found = found_in(
        "  one: {says: That is a retreat., who: a, kind: definition}\n",
        "  other: {says: It is none., who: b, kind: definition, denies: one}\n",
        claim("aye", "a", "chance of feast under wet"),
        claim("nay", "b", "chance of not feast under wet", denies="aye"),
    )
    assert [{each.name for each in one.claims} for one in found.contradictions] == [{"aye", "nay"}, {"one", "other"}]
    assert [one.declared for one in found.contradictions] == [False, True]
