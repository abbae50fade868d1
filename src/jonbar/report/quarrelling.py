"""What parts two camps, worked out once: the crux is in the store for who asks again."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import asdict
from typing import Any

from jonbar.crux.camps import two_camps
from jonbar.crux.evidence import Evidence, Fall
from jonbar.crux.gap import Crux, Share, Side, Together, crux
from jonbar.report.keeping import Placed, digest, leave, meaning, placed_answers, recall, recipe
from jonbar.scenario.expressions import Expression
from jonbar.scenario.notation import write_luck
from jonbar.scenario.terms import Luck, Scenario
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.model import Model
from jonbar.scm.store import Store, key_of


def find_crux(
    model: Model,
    posterior: Posterior,
    question: tuple[str, Expression],
    between: tuple[str, str] | None = None,
    *,
    luck: Luck | None = None,
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Crux:
    """What parts two camps on a question, from the store if somebody left that there; as `crux.gap` has it.

    Errors: E412, E413 and E526 to E528 for camps that cannot be compared.
    """
    key = key_of_crux(model.scenario, question, between, luck, *posterior.size)
    known = kept_crux(store, key, model.scenario)
    if known is not None:
        return known
    found = crux(model, posterior, question, between, luck=luck, executor=executor, progress=progress)
    keep_crux(store, key, found)
    return found


def key_of_crux(
    scenario: Scenario,
    question: tuple[str, Expression],
    between: tuple[str, str] | None,
    luck: Luck | None,
    *size: int,
) -> str:
    """The name of a crux: it changes with the meaning of the file and of its acts, and with what the two camps hold.

    Errors: E526 there is no such camp, or only one; E527 the two are one.
    """
    camps = [(each.name, each.reads, each.settings) for each in two_camps(scenario, between)]
    acts = {name: (each.do, each.luck) for name, each in scenario.readings().items()}
    dial = write_luck(luck) if luck is not None else ""
    return key_of("crux", recipe(), meaning(scenario), digest(*camps, acts, question), dial, *size)


def keep_crux(store: Store | None, key: str, found: Crux) -> None:
    """Write a crux into a store; what the camps and their readings say stays in the file."""
    placed = Placed()

    def side(each: Side) -> dict[str, Any]:
        named = {"camp": each.camp.name, "reading": each.reading.name}
        return {**vars(each), **named, "answer": placed.at(each.answer)}

    lists = {name: [asdict(each) for each in getattr(found, name)] for name in ("shares", "together", "evidence")}
    plain = {**vars(found), **lists, "one": side(found.one), "other": side(found.other)}
    leave(store, key, [plain, *placed.plain()])


def kept_crux(store: Store | None, key: str, scenario: Scenario) -> Crux | None:
    """A crux from a store, or None where it is to be worked out."""
    known = recall(store, key)
    if known is None:
        return None
    plain, rows, lists = known
    answers, readings = placed_answers(rows, lists), scenario.readings()

    def side(each: Mapping[str, Any]) -> Side:
        named = {"camp": scenario.camps[each["camp"]], "reading": readings[each["reading"]]}
        return Side(**{**each, **named, "answer": answers[each["answer"]]})

    def evidence(each: Mapping[str, Any]) -> Evidence:
        gap = None if each["gap"] is None else Fall(**each["gap"])
        return Evidence(each["assumption"], gap, Fall(**each["one"]), Fall(**each["other"]))

    told: dict[str, Any] = {
        "one": side(plain["one"]),
        "other": side(plain["other"]),
        "shares": tuple(Share(**each) for each in plain["shares"]),
        "together": tuple(Together(**each) for each in plain["together"]),
        "idle": tuple(plain["idle"]),
        "evidence": tuple(map(evidence, plain["evidence"])),
    }
    return Crux(**{**plain, **told})
