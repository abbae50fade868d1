"""Laws of building a scenario from a program."""

from __future__ import annotations

import doctest

import pytest

import jonbar.scenario.builder
from jonbar.errors import ScenarioError
from jonbar.scenario.builder import Builder
from jonbar.scenario.dump import dump
from jonbar.scenario.numbers import Point, Range
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import Fact, Kind, Luck, Scenario


def built() -> Builder:
    """Every sort of entry once."""
    new = Builder("storm", title="What if: it had stayed dry?", years="1914..1916", note="A note # with a mark.")
    new.words(clearly="x2 to x5")
    new.actor("Town", "Mayor")
    new.source("diary", title="A diary", kind="record", year=1914)
    new.source("talk", title="Talk", kind="opinion")
    new.premise("rain_makes_sad", ask="Does rain make sad?", credence="30% to 70%", for_=["diary"], learn=False)
    new.school("poets", weight="50%", rain_makes_sad="90%")
    new.school("others", weight="50%", rain_makes_sad="20%")
    new.event("rain", ask="Does it rain?", when="1914-06", chance="20% to 40%", otl=True, measured="diary")
    new.choice("answer", ask="What is done?", when="1914-07", who="Mayor", states={"wait": "60%", "dam": "20% to 40%"})
    new.push("answer.wet", odds="clearly", toward=["dam"], if_="rain", because="He saw it: it rained.")
    levels = {"low": "4 of 9 (days)", "high": "5 of 9 (days)"}
    new.ordered("mood", ask="How is the mood?", when="1914-08", states=levels, only_if="rain", otherwise="low")
    new.quantity("level", ask="How high is the river?", when="1914-09", unit="cm", centre=80.5, spread=4, otl="79 ± 2")
    new.push("level.rain", add=-0.00001, if_="rain and mood is low")
    new.series("harvest", ask="How much corn?", start="3 to 5", drift=0, spread=1, otl={1914: "4 ± 1", 1915: 4.5})
    new.hazard("flood", ask="When is the flood?", when="1914/1916", hazard="5% a year", otl="never")
    new.what_if("dry", says="It stays dry.", do={"rain": False, "harvest in 1915": 7}, luck="4 years")
    new.what_if("calm", says="All is calm.")
    new.reading("quiet", of="calm", says="Nobody acts.", do={"answer": "wait"}, brought_about_by={"rain": False})
    new.claim("wetter", says="It floods.", who="somebody", kind="chance", test="chance of flood under dry", must=True)
    new.camp("gloomy", {"rain.chance": "60% to 80%", "rain_makes_sad.credence": "90%"}, reads="dry", says="It rains.")
    return new


def test_what_is_built_is_what_its_dump_reads() -> None:
    scenario = built().build()
    assert read_scenario(dump(scenario), file="dumped") == scenario


def test_what_is_built_is_what_its_text_reads() -> None:
    assert read_scenario(built().text(), file="text") == built().build()


def test_every_part_arrives() -> None:
    scenario: Scenario = built().build()
    kinds = {each.kind for each in scenario.variables.values()}
    assert kinds == set(Kind)
    assert scenario.variables["rain"].fact == Fact(state="yes")
    assert scenario.variables["rain"].base is not None
    assert scenario.variables["rain"].base.number == Range(0.2, 0.4)
    assert scenario.variables["level"].pushes[0].size.number == Point(-0.00001)
    assert scenario.variables["harvest"].fact == Fact(values=((1914, 4.0, 1.0), (1915, 4.5, 0.0)))
    assert scenario.premises["rain_makes_sad"].learn is False
    assert scenario.readings()["dry"].luck == Luck(half_life_years=4.0)
    assert dict(scenario.readings()["dry"].do) == {"rain": "no", "harvest in 1915": "7"}
    assert scenario.note == "A note # with a mark."
    assert scenario.claims["wetter"].must


def test_a_fault_of_a_program_is_told_as_a_fault_of_a_file() -> None:
    new = built()
    new.event("snow", ask="Does it snow?", when="1915-01", chanse="5%", only_if="raim")
    with pytest.raises(ScenarioError) as caught:
        new.build()
    found = {each.code: each for each in caught.value.diagnostics}
    assert found["E302"].suggestion == "chance"
    assert found["E302"].span is not None and "chanse: 5%" in new.text().split("\n")[found["E302"].span.line - 1]


def test_nothing_is_replaced_in_silence() -> None:
    new = built()
    with pytest.raises(ValueError, match="`rain` is already there"):
        new.event("rain", ask="Again?", when="1914", chance="5%")
    with pytest.raises(ValueError, match=r"`answer\.wet` is already there"):
        new.push("answer.wet", odds="x2", toward="dam")
    with pytest.raises(KeyError):
        new.push("nobody.wet", odds="x2")


def test_the_lesson_in_the_module_runs() -> None:
    found = doctest.testmod(jonbar.scenario.builder)
    assert found.attempted > 5 and not found.failed
