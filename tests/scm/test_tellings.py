"""Laws of the tellings that each draw keeps: whom they stand for, how noisy they say they are, and what is kept."""

from __future__ import annotations

import numpy as np
import pytest

from jonbar.scenario.expressions import Expression, Name
from jonbar.scenario.terms import Scenario
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.exact import Exact
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import join, question
from tests.oracles.small import NO, YES, event, quantity, scenario

DRAWS = 3_000
PLAN = Plan(
    {"really": Branch(), "here": Branch({"act": "yes"})},
    {f"{branch}: {name}": Probe(branch, Name(name)) for branch in ("really", "here") for name in ("plot", "war")},
)


def plot() -> Scenario:
    """A plot that nobody saw, which two records speak of; the act and the plot bring war about."""
    told: dict[str, tuple[float, Expression | None]] = {"plot": (20.0, Name("plot"))}
    return scenario(
        event("plot", 1960, (0.1, 0.4)),
        event("other", 1960, 0.5),
        event("rumour", 1961, 0.1, pushes=told, fact=YES),
        event("arrests", 1962, 0.2, pushes={**told, "other": (3.0, Name("other"))}, fact=YES),
        event("act", 1963, 0.5, fact=NO),
        event("war", 1964, 0.2, pushes={"plot": (6.0, Name("plot")), "act": (3.0, Name("act"))}),
    )


@pytest.mark.parametrize("tellings", [4, 12, 50])
def test_what_is_kept_stands_for_the_posterior_and_is_as_noisy_as_it_says(tellings: int) -> None:
    """Against luck summed out, draw by draw; each of 12 comparisons fails by chance less than once in 10,000."""
    model = compile_model(plot())
    posterior = assimilate(model, seed=5, draws=DRAWS, tellings=tellings)
    assert posterior.told is not None
    exact = Exact(model, PLAN).answers(posterior.whole.first(1))
    assert exact.keys() == PLAN.probes.keys()
    for name, (mean, noise) in _sampled(model, posterior).items():
        off = mean - exact[name].value / exact[name].weight
        assert abs(off.mean()) < 4.3 * off.std() / np.sqrt(DRAWS)
        assert (off**2).mean() == pytest.approx(noise.mean(), rel=0.25 if tellings == 4 else 0.12)


def _sampled(model: Model, posterior: Posterior) -> dict[str, tuple[Array, Array]]:
    parts = [(each, question(each, model, PLAN, posterior.level)) for each in posterior.blocks(len(model.steps))]
    return {name: join([(block, found[name]) for block, found in parts]).shares() for name in PLAN.probes}


def test_fewer_of_them_are_the_first_of_them_and_still_count_as_one() -> None:
    model = compile_model(plot())
    whole = assimilate(model, seed=5, draws=40, tellings=12).whole
    few = whole.first(5)
    assert np.array_equal(few.tellings, np.asarray(whole.tellings)[:, :5])
    for block in (whole, few, whole.first(1), whole.some(10, 20)):
        assert block.weight is not None
        np.testing.assert_allclose(block.weight.sum(axis=1), 1.0)
        assert np.all(np.asarray(block.repeated) >= 1.0)


def test_fewer_draws_or_tellings_of_a_posterior_are_the_first_of_them() -> None:
    posterior = assimilate(compile_model(plot()), seed=5, draws=40, tellings=12)
    few = posterior.first(10, 5)
    assert (few.draws, few.tellings) == (10, 5) == few.whole.shape
    assert np.array_equal(few.whole.tellings, np.asarray(posterior.whole.tellings)[:10, :5])
    assert posterior.first().whole.shape == (40, 12)


def test_where_no_record_hears_hidden_luck_tellings_are_what_they_were() -> None:
    """Every telling agrees as well as any other: none is picked."""
    model = compile_model(scenario(event("war", 1960, (0.2, 0.4), fact=YES), quantity("cost", 1961, (0.0, 1.0), 2.0)))
    assert assimilate(model, seed=1, draws=50, tellings=20).told is None
