"""Surprise: how unlikely each fact was, in bits, given those before it and given all the others.

A bit is a fair coin that came up as it did. The surprises of all facts add up to the evidence for the model, unless a
premise may not learn. They are in-sample: the scenario's author knew the facts.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from math import log

from jonbar.history.lessons import lessons
from jonbar.query.wording import say_fact
from jonbar.scm.assimilate import Progress
from jonbar.scm.model import Model, variable_of
from jonbar.scm.sequential import Foreseen, Foresight, blocks_of, follow, passages
from jonbar.scm.store import Store, key_of, pack, unpack
from jonbar.showing import Shown


@dataclass(frozen=True)
class Surprise:
    """One fact, with its surprise given those before it, and by three other lights; all in bits.

    `others` is given all the other facts, `coin` if every state were equally likely, `base` by the mechanism's base
    with no argument bearing; None where there is no such thing. Errors are Monte Carlo standard errors.
    """

    variable: str
    when: str
    ask: str
    really: str
    bits: float
    error: float
    others: float
    others_error: float
    coin: float | None
    base: float | None


@dataclass(frozen=True)
class Surprises(Shown):
    """How the model sees what happened, fact by fact, in order of date."""

    facts: tuple[Surprise, ...]
    seed: int
    draws: int

    @property
    def bits(self) -> float:
        """The surprise of all facts together."""
        return sum(each.bits for each in self.facts)


def surprises_key(meaning: str, seed: int, draws: int) -> str:
    """The name of the surprises of a scenario in a store."""
    return key_of("surprises", meaning, seed, draws)


def surprises(
    model: Model,
    *,
    meaning: str,
    seed: int,
    draws: int,
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Surprises:
    """Every recorded fact of a scenario, foreseen by the model.

    `meaning` names the scenario's content in the store.
    """
    key = surprises_key(meaning, seed, draws)
    known = unpack(store.read(key)) if store else None
    if known is not None:
        return Surprises(tuple(Surprise(**each) for each in known), seed, draws)
    kept = passages(store, key) if store else None
    followed = follow(
        model,
        lessons(model),
        seed=seed,
        draws=draws,
        tellings=1,
        hold_out=True,
        kept=kept,
        executor=executor,
        progress=progress,
    )
    found = Surprises(tuple(_surprise(model, each) for each in followed.records), seed, draws)
    if store and kept:
        store.write(key, pack([asdict(each) for each in found.facts]))
        kept.forget(blocks_of(draws))
    return found


def _surprise(model: Model, record: Foreseen) -> Surprise:
    name, _, year = record.node.partition("@")
    variable = model.scenario.variables[variable_of(record.node)]
    fact = variable.fact
    assert fact is not None and record.others is not None
    by_year = {str(each): f"{value:g}" for each, value, _ in fact.values}
    really = by_year[year] if year else say_fact(fact, variable)
    label = f"{name} in {year}" if year else name
    return Surprise(
        label,
        record.day.isoformat(),
        variable.ask,
        really,
        *_bits(record.before),
        *_bits(record.others),
        None if record.coin is None else -record.coin / log(2),
        None if record.base_rate is None else -record.base_rate / log(2),
    )


def _bits(foresight: Foresight) -> tuple[float, float]:
    return max(0.0, -foresight.log_chance / log(2)), foresight.error / log(2)
