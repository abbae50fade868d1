"""The claims of a file judged once: what they asked and what became of them is in the store for who asks again.

What they asked is kept apart from their verdicts. It says what each assumption draw answers, a few numbers a draw and
claim, and so serves who holds other numbers, and a claim that is meant otherwise than before; verdicts are a page of
text, there at once and without any history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, replace
from typing import Any

from jonbar.claims.estimands import Apart, Asked
from jonbar.claims.verdicts import Judged, Verdict, ask_for_claims, judge_answered
from jonbar.errors import QuestionError
from jonbar.query.answering import Answer
from jonbar.query.comparing import Parted
from jonbar.report.keeping import Placed, digest, leave, meaning, placed_answers, recall, recipe
from jonbar.scenario.notation import write_luck
from jonbar.scenario.terms import Luck, Scenario
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.model import Model
from jonbar.scm.store import Store, key_of
from jonbar.sensitivity.hinges import Assumed, Hinge, drawn


def judge_claims(
    model: Model,
    posterior: Posterior,
    *,
    luck: Luck | None = None,
    only: str = "",
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Judged, ...]:
    """The claims of a scenario judged, in the order of the file, from the store if somebody left that there.

    `only` names one of them: of nothing else is anything asked.
    """
    key = key_of_verdicts(model.scenario, luck, *posterior.size)
    how: dict[str, Any] = {"luck": luck, "store": store, "executor": executor, "progress": progress}
    known = kept_verdicts(store, key, model.scenario)
    if known is not None:
        return tuple(each for each in known if only in ("", each.claim.name))
    if only:
        return judge_claims(with_claims(model, [only]), posterior, **how)
    asked = asked_for_claims(model, posterior, **how)
    found = judge_answered(model, Assumed(drawn(model, posterior)), asked)
    keep_verdicts(store, key, found)
    return found


def with_claims(model: Model, names: Collection[str]) -> Model:
    """A model of the same history and no other claims than these."""
    claims = {name: each for name, each in model.scenario.claims.items() if name in names}
    return replace(model, scenario=replace(model.scenario, claims=claims))


def asked_for_claims(
    model: Model,
    posterior: Posterior,
    *,
    luck: Luck | None = None,
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Asked | QuestionError]:
    """What the claims of a scenario need to know, by claim and side; from the store if somebody left it there."""
    key = key_of_asked(model.scenario, luck, *posterior.size)
    known = kept_asked(store, key)
    if known is not None:
        return known
    found = ask_for_claims(model, posterior, luck=luck, executor=executor, progress=progress)
    keep_asked(store, key, found)
    return found


def key_of_asked(scenario: Scenario, luck: Luck | None, *size: int) -> str:
    """The name of what claims asked: it changes with the meaning of the file, of its acts and of its claims' tests."""
    tests = {name: (each.kind, each.test, each.presupposes) for name, each in scenario.claims.items()}
    acts = {name: (each.do, each.luck) for name, each in scenario.readings().items()}
    dial = write_luck(luck) if luck is not None else ""
    return key_of("asked", recipe(), meaning(scenario), digest(tests, acts), dial, *size)


def key_of_verdicts(scenario: Scenario, luck: Luck | None, *size: int) -> str:
    """The name of verdicts: it changes with what was asked, with what each claim meant, and with its records."""
    meant = {name: (each.meant, each.supporting, each.against) for name, each in scenario.claims.items()}
    records = {name: each.kind for name, each in scenario.sources.items()}
    return key_of("verdicts", key_of_asked(scenario, luck, *size), digest(meant, records))


def keep_asked(store: Store | None, key: str, found: Mapping[str, Asked | QuestionError]) -> None:
    """Write what claims asked into a store."""
    placed = Placed()

    def plain(each: Asked | QuestionError) -> Any:
        if isinstance(each, QuestionError):
            return [each.code, each.message, each.suggestion]
        apart = each.apart and {**vars(each.apart), "parted": each.apart.parted and vars(each.apart.parted)}
        return {**vars(each), "answer": placed.at(each.answer), "apart": apart}

    sides = {name: plain(each) for name, each in found.items()}
    leave(store, key, [sides, *placed.plain()])


def kept_asked(store: Store | None, key: str) -> Mapping[str, Asked | QuestionError] | None:
    """What claims asked, from a store, or None where it is to be asked."""
    known = recall(store, key)
    if known is None:
        return None
    sides, rows, lists = known
    answers = placed_answers(rows, lists)

    def asked(each: Any) -> Asked | QuestionError:
        match each:
            case [code, message, suggestion]:
                return QuestionError(code, message, suggestion)
        apart = each["apart"]
        if apart is not None:
            apart = Apart(**{**apart, "parted": apart["parted"] and Parted(**apart["parted"])})
        return Asked(**{**each, "answer": answers[each["answer"]], "apart": apart})

    return {name: asked(each) for name, each in sides.items()}


def keep_verdicts(store: Store | None, key: str, found: tuple[Judged, ...]) -> None:
    """Write verdicts into a store; what a claim says stays in the file."""
    placed = Placed()

    def at(answer: Answer | None) -> int | None:
        return None if answer is None else placed.at(answer)

    plain = [
        {
            **vars(each),
            "claim": each.claim.name,
            "answer": at(each.answer),
            "other": at(each.other),
            "hangs_on": [asdict(hinge) for hinge in each.hangs_on],
        }
        for each in found
    ]
    leave(store, key, [plain, *placed.plain()])


def kept_verdicts(store: Store | None, key: str, scenario: Scenario) -> tuple[Judged, ...] | None:
    """Verdicts from a store, or None where they are to be worked out."""
    known = recall(store, key)
    if known is None:
        return None
    plain, rows, lists = known
    answers = placed_answers(rows, lists)

    def judged(each: Mapping[str, Any]) -> Judged:
        numbers = {name: None if each[name] is None else answers[each[name]] for name in ("answer", "other")}
        words = {"claim": scenario.claims[each["claim"]], "verdict": Verdict(each["verdict"])}
        meant, hangs_on = each["meant"], tuple(Hinge(**hinge) for hinge in each["hangs_on"])
        return Judged(**{**each, **numbers, **words, "meant": meant and tuple(meant), "hangs_on": hangs_on})

    return tuple(map(judged, plain))
