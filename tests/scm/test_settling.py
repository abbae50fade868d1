"""Whether draws agree with history is said honestly: what they are worth, and which fact starves them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from types import MappingProxyType

import numpy as np
import pytest
from scipy.stats import kstest

from jonbar.audit.build import audit
from jonbar.claims.estimands import ask
from jonbar.claims.verdicts import Verdict, judge
from jonbar.errors import QuestionError
from jonbar.query.answering import Timelines, two_timelines
from jonbar.scenario.expressions import Compare, Literal, Name
from jonbar.scenario.terms import KEEP, Claim, ClaimKind, Fact, Reading, Scenario, Variable
from jonbar.scm.assimilate import Posterior, assimilate, load_posterior, save_posterior
from jonbar.scm.chains import Chains
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.settling import CONTRADICTED, UNREACHED, Settling
from jonbar.scm.worlds import Block
from tests.oracles.answers import FAILURE_RATE
from tests.oracles.rows import Array
from tests.oracles.small import YES, event, hazard, quantity, scenario, year

DRAWS = 500
REST = (
    event("war", 1961, (0.2, 0.4), fact=YES),
    event("rain", 1964, (0.3, 0.5), pushes={"smoke": (3.0, Name("war"))}),
)


def answers(written: Scenario) -> tuple[Posterior, Timelines]:
    model = compile_model(written)
    posterior = assimilate(model, seed=7, draws=DRAWS, tellings=20)
    return posterior, two_timelines(model, posterior, Reading("r", "", {"war": "no"}), luck=KEEP)


@cache
def starved(name: str) -> tuple[Posterior, Timelines]:
    return answers(starved_scenarios()[name][0])


@pytest.mark.parametrize("width", [10.0, 100.0, 1000.0])
def test_a_fact_that_leaves_a_thousandth_of_a_range_is_learnt_as_well_as_a_loose_one(width: float) -> None:
    """A centre of `0 to width`, recorded exactly under a spread of 1: normal again, in closed form."""
    model = compile_model(scenario(quantity("q", 1961, (0.0, width), 1.0, fact=Fact(value=0.4 * width))))
    posterior = assimilate(model, seed=7, draws=DRAWS, tellings=2)
    drawn = np.asarray(model.draw(Block(7, range(DRAWS), range(1), posterior.held))["q.centre"]).ravel()
    half = 1.6448536269514722
    prior, luck = (width / 2 / half) ** -2, (1.0 / half) ** -2
    variance = 1.0 / (prior + luck)
    mean = variance * (0.5 * width * prior + 0.4 * width * luck)
    assert posterior.starving == {}
    assert kstest((drawn - mean) / np.sqrt(variance), "norm").pvalue > FAILURE_RATE


def starved_scenarios() -> dict[str, tuple[Scenario, set[str], str]]:
    """Each with what starves, and how."""
    plot = event("plot", 1959, (0.005, 0.02))
    cell = replace(event("cell", 1960, (0.02, 0.06)), only_if=Name("plot"))
    coup = replace(hazard("coup", 1961, 1969, 0.02, fact=Fact(when=year(1964))), only_if=Name("cell"))
    far = quantity("q", 1962, (50.0, 54.0), 3.0, fact=Fact(value=95.0))
    after = Compare(">", Name("q"), Literal(55.0))
    crisis = event("crisis", 1960, (0.4, 0.6))
    alarm = event("alarm", 1961, 1e-7, pushes={"crisis": (1e13, Name("crisis"))}, fact=YES)
    calm = event("calm", 1962, 1.0 - 1e-7, pushes={"crisis": (1e-15, Name("crisis"))}, fact=YES)
    rare = event("q", 1960, (1e-9, 1e-8), fact=YES)
    return {
        "nearly impossible given the others": (
            scenario(rare, event("late", 1965, 0.4, pushes={"q": (3.0, Name("q"))}), *REST),
            {"q"},
            CONTRADICTED,
        ),
        "in conflict": (
            scenario(crisis, alarm, calm, event("late", 1965, 0.4, pushes={"c": (3.0, Name("crisis"))}), *REST),
            {"alarm", "calm"},
            CONTRADICTED,
        ),
        "ten spreads off": (
            scenario(far, event("late", 1965, 0.4, pushes={"q": (3.0, after)}), *REST), {"q"}, CONTRADICTED
        ),
        "a hazard that happened in a hidden state": (
            scenario(plot, cell, coup, event("late", 1969, 0.4, pushes={"c": (3.0, Name("cell"))}), *REST),
            {"coup"},
            UNREACHED,
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", starved_scenarios())
def test_a_starving_fact_is_named_and_what_leans_on_it_has_no_number(name: str) -> None:
    _, facts, why = starved_scenarios()[name]
    posterior, found = starved(name)
    assert len(found.warnings) == len(facts)
    for fact in facts:
        assert any(f"`{fact}`" in warning and warning.startswith("W4") for warning in found.warnings)
    assert dict(posterior.starving) == dict.fromkeys(facts, why)
    late = next(line for line in found.lines if line.variable == "late")
    for _, answer in (*late.here, *late.modelled, *late.rerolled):
        assert set(answer.starved) == facts
        assert all(np.isnan(each) for each in (answer.value, answer.low, answer.high, answer.error))


@pytest.mark.parametrize("name", starved_scenarios())
def test_what_does_not_lean_on_a_starving_fact_has_the_number_it_would_have_without_it(name: str) -> None:
    found, without = starved(name)[1], answers(scenario(*REST))[1]
    one, other = (
        dict(next(line for line in each.lines if line.variable == "rain").here)["yes"] for each in (found, without)
    )
    assert one.starved == ()
    assert abs(one.value - other.value) < 6.0 * other.error
    assert abs(one.high - other.high) < 0.03
    assert found.effective > DRAWS / 2


def in_doubt(*facts: Variable) -> Model:
    """Something of which the record is not sure, and records that tell more of it."""
    doubtful = event("said", 1960, 0.5, fact=Fact(likelihood=(("no", 0.5), ("yes", 1.0))))
    polled = quantity("polled", 1960, 50.0, 5.0, fact=Fact(value=52.0, error=5.0))
    return compile_model(scenario(doubtful, polled, *facts))


@pytest.mark.parametrize("told", [Name("said"), Compare(">", Name("polled"), Literal(51.0))], ids=["doubt", "error"])
def test_what_is_recorded_with_doubt_leans_on_every_fact_that_tells_of_it(told: Name | Compare) -> None:
    question = "chance of said" if isinstance(told, Name) else "chance of polled > 51"
    model = in_doubt(event("rare", 1961, (1e-9, 1e-8), pushes={"by": (2.0, told)}, fact=YES))
    posterior = assimilate(model, seed=7, draws=DRAWS, tellings=20)
    assert dict(posterior.starving) == {"rare": CONTRADICTED}
    assert ask(model, posterior, question).starved == ("rare",)
    model = in_doubt(event("heard", 1961, 0.3, pushes={"by": ((1.5, 20.0), told)}, fact=YES))
    answer = ask(model, assimilate(model, seed=7, draws=DRAWS, tellings=20), question)
    assert answer.high - answer.low > 0.05  # what is open is how much was heard of it


@pytest.mark.parametrize("name", starved_scenarios())
def test_what_is_supposed_may_lean_on_a_starving_fact_too(name: str) -> None:
    model, (posterior, _) = compile_model(starved_scenarios()[name][0]), starved(name)
    assert ask(model, posterior, "chance of rain given war").starved == ()
    for question in ("chance of rain given late", "chance of rain given really late"):
        assert set(ask(model, posterior, question).starved) == starved_scenarios()[name][1]


@pytest.mark.parametrize("name", starved_scenarios())
def test_a_claim_that_leans_on_a_starving_fact_is_not_judged(name: str) -> None:
    model, (posterior, _) = compile_model(starved_scenarios()[name][0]), starved(name)
    claims = {each: Claim(each, "So.", "a", ClaimKind.CHANCE, test=f"chance of {each}") for each in ("late", "rain")}
    model = compile_model(replace(model.scenario, claims=MappingProxyType(claims)))
    refused, answered = judge(model, posterior)
    assert refused.verdict is Verdict.CANNOT and refused.answer is None
    assert all(f"`{fact}`" in refused.why for fact in starved_scenarios()[name][1])
    assert answered.answer is not None


@pytest.mark.parametrize("name", starved_scenarios())
def test_an_audit_counts_nothing_that_leans_on_a_starving_fact(name: str) -> None:
    model, (posterior, _) = compile_model(starved_scenarios()[name][0]), starved(name)
    reading = Reading("r", "", {"war": "no"})
    learn = partial(assimilate, seed=7, draws=DRAWS, tellings=20)
    found = audit(model, posterior, reading, luck=KEEP, learn=learn)
    assert {each.difference.question for each in found.outcomes} == {"rain"}
    assert all(each.recorded_before + each.recorded_after == 0 for each in found.rewrites.values())
    with pytest.raises(QuestionError, match="E413"):
        audit(model, posterior, reading, luck=KEEP, learn=learn, about=("late", Name("late")))


def test_a_surprise_of_ten_bits_is_taken_in_without_a_warning() -> None:
    assert answers(scenario(event("q", 1960, (5e-4, 2e-3), fact=YES), *REST))[1].warnings == ()


def test_what_starves_is_kept_with_the_posterior() -> None:
    posterior, _ = starved("ten spreads off")
    kept = load_posterior(save_posterior(posterior))
    assert kept is not None
    assert kept.starving == posterior.starving
    assert all(np.array_equal(kept.held[name], each) for name, each in posterior.held.items())


# What draws are worth


def walked(memory: float, offset: float, seed: int) -> Settling:
    """Chains of a known kind: from the start to half-way, and from there to the end, each keeps a share `memory`."""
    random = np.random.default_rng(seed)

    def walk(before: Array) -> Array:
        return np.asarray(memory * before + np.sqrt(1.0 - memory**2) * random.normal(size=len(before)))

    middle = walk(offset + random.normal(size=DRAWS))
    fits = {"x": np.zeros(DRAWS)}
    return Settling(*(Chains({"s": each}, fits, fits, fits) for each in (middle, walk(middle))))


@pytest.mark.parametrize("memory", [0.0, 0.2, 0.5, 0.8])
@pytest.mark.parametrize("offset", [0.0, 1.0, 5.0])
def test_the_effective_size_is_the_variance_over_the_squared_error(memory: float, offset: float) -> None:
    """What is left of the start makes the mean wrong by offset times memory squared; the rest is chance."""
    bias = offset * memory**2
    truth = 1.0 / (1.0 / DRAWS + bias**2)
    said = np.array([walked(memory, offset, seed).effective(["s"]) for seed in range(60)])
    assert 0.6 * truth < np.median(said) < 1.4 * truth


def test_chains_that_have_not_settled_go_on() -> None:
    assert walked(0.1, 1.0, 3).settled
    assert not walked(0.9, 1.0, 3).settled
