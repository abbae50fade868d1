"""What is asked of history as the model sees it, from a scenario to the values that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from jonbar.history.curve import Curve, Size, Wanted, curve
from jonbar.history.surprise import Surprises, surprises
from jonbar.report.keeping import meaning
from jonbar.scenario.terms import Scenario
from jonbar.scm.assimilate import Progress
from jonbar.scm.compile import compile_model
from jonbar.scm.store import Store


def foresee(
    scenario: Scenario, seed: int, draws: int, *, store: Store | None, executor: Executor | None, progress: Progress
) -> Surprises:
    """How surprising each fact of a scenario was."""
    return surprises(
        compile_model(scenario),
        meaning=meaning(scenario),
        seed=seed,
        draws=draws,
        store=store,
        executor=executor,
        progress=progress,
    )


def look_back(
    scenario: Scenario,
    wanted: Sequence[Wanted],
    size: Size,
    *,
    store: Store | None,
    executor: Executor | None,
    progress: Progress,
) -> tuple[Curve, ...]:
    """How likely outcomes looked, date by date."""
    model, name = compile_model(scenario), meaning(scenario)
    return tuple(
        curve(model, each, meaning=name, size=size, store=store, executor=executor, progress=progress)
        for each in wanted
    )


__all__ = ["Curve", "Size", "Surprises", "Wanted", "foresee", "look_back"]
