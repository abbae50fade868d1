"""What is kept of answers: on a desk while it is open, and in a store what a page shows first, to be there tomorrow."""

from __future__ import annotations

import hashlib
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from functools import cache
from importlib.resources import files
from itertools import compress
from threading import Lock, RLock
from typing import Any, TypeVar, cast

import numpy as np

from jonbar.identification import with_attained
from jonbar.query.answering import Answer, Credence, Line, Question, Timelines, questions_of, two_timelines
from jonbar.query.answers import filed, question_in
from jonbar.query.starving import starved_by
from jonbar.query.wording import under
from jonbar.report.explaining import Grounds, Stage, Target, explain
from jonbar.scenario.expressions import Expression
from jonbar.scenario.notation import write_luck
from jonbar.scenario.terms import Kind, Luck, Reading, Scenario
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch
from jonbar.scm.store import Store, key_of, pack, unpack
from jonbar.sensitivity.arguments import knock_out
from jonbar.sensitivity.hinges import Assumed, drawn
from jonbar.weighing.bearing import Bearing, bearings
from jonbar.weighing.held import Held, Outcome, believed, hold

KEPT = 8  # answers of each kind
Kept = TypeVar("Kept")
BRANCHES = ("modelled", "here", "rerolled")
NO_ANSWERS = frozenset({"catalog", "cli", "disagreement", "discussion", "views", "web"})  # rooms that make none
ANSWER = tuple(each.name for each in fields(Answer))


@dataclass(eq=False)
class Shelves:
    """What a desk has worked out, by kind and key; of each kind the oldest is forgotten first."""

    shelves: dict[str, OrderedDict[Hashable, object]] = field(default_factory=dict)
    working: defaultdict[Hashable, RLock] = field(default_factory=lambda: defaultdict(RLock))
    looking: Lock = field(default_factory=Lock)

    def has(self, kind: str, key: Hashable) -> bool:
        """Whether something is there."""
        return key in self.shelves.get(kind, ())

    def get(self, kind: str, key: Hashable, work: Callable[[], Kept]) -> Kept:
        """What is kept under a key, worked out first where it is not: once, however many ask for it at a time."""
        with self.looking:
            mine, shelf = self.working[kind, key], self.shelves.setdefault(kind, OrderedDict())
        with mine:
            with self.looking:
                if key in shelf:
                    shelf.move_to_end(key)
                    return cast(Kept, shelf[key])
            found = work()
            with self.looking:
                shelf[key] = found
                while len(shelf) > KEPT:
                    self.working.pop((kind, shelf.popitem(last=False)[0]), None)
            return found


def key_of_act(scenario: Scenario, reading: Reading, luck: Luck, *size: object) -> str:
    """The name of what an act answers: it changes with whatever the answer depends on, the words it holds included."""
    words = "\x1f".join(each.ask for each in scenario.variables.values())
    act = (reading.name, reading.says, sorted(reading.do.items()), sorted(reading.brought_about_by.items()))
    return key_of("timelines", recipe(), meaning(scenario), words, act, write_luck(luck), *size)


@cache
def recipe() -> str:
    """A digest of the code that makes answers out of worlds, so that nobody has to remember that it changed."""
    root = files("jonbar")
    rooms = [each for each in root.iterdir() if each.is_dir() and each.name not in NO_ANSWERS]
    made_by = sorted((each for room in (root, *rooms) for each in room.iterdir() if each.name.endswith(".py")), key=str)
    return hashlib.blake2b(b"".join(each.read_bytes() for each in made_by), digest_size=16).hexdigest()


def timelines_of_act(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    *,
    luck: Luck,
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Timelines:
    """The two timelines of an act with their ranges over couplings, from the store if somebody left them there."""
    key = key_of_act(model.scenario, reading, luck, *posterior.size, "")
    how: dict[str, Any] = {"luck": luck, "executor": executor, "progress": progress}
    return kept_timelines(store, key) or work_out_timelines(model, posterior, reading, store=store, key=key, **how)


def work_out_timelines(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    *,
    luck: Luck,
    store: Store | None,
    key: str,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Timelines:
    """The two timelines of an act that nobody left in the store under this key; there they are afterwards."""
    found = two_timelines(model, posterior, reading, luck=luck, executor=executor, progress=progress)
    found = with_attained(model, posterior, reading, luck, found)
    keep_timelines(store, key, found)
    return found


def keep_timelines(store: Store | None, key: str, found: Timelines) -> None:
    """Write two timelines into a store: each answer once, and once what many answers lean on."""
    placed = Placed()

    def plain(line: Line) -> dict[str, Any]:
        branches = {name: [[label, placed.at(one)] for label, one in getattr(line, name)] for name in BRANCHES}
        return {**vars(line), **branches}

    lines = {
        name: each and list(map(plain, each)) for name, each in (("lines", found.lines), ("enabled", found.enabled))
    }
    rest = {**vars(found), **lines, "premises": [asdict(each) for each in found.premises]}
    leave(store, key, [rest, *placed.plain()])


def leave(store: Store | None, key: str, value: Any) -> None:
    """Leave a value in a store, with its name in it: no other entry can be taken for it."""
    if store is not None:
        store.write(key, pack([key, value]))


def recall(store: Store | None, key: str) -> Any:
    """What was left in a store under a name; None where nothing was, where it is damaged, or where it is another."""
    match unpack(store.read(key)) if store is not None else None:
        case [name, value] if name == key:
            return value
    return None


@dataclass(eq=False)
class Placed:
    """Answers as rows, each of them once, and once what many answers lean on."""

    answers: dict[int, tuple[int, Answer]] = field(default_factory=dict)

    def at(self, answer: Answer) -> int:
        """The row of an answer."""
        return self.answers.setdefault(id(answer), (len(self.answers), answer))[0]

    def plain(self) -> tuple[list[list[Any]], list[tuple[str, ...]]]:
        """The rows, and what they lean on."""
        leant_on: dict[tuple[str, ...], int] = {}
        rows = [
            [
                leant_on.setdefault(answer.leans_on, len(leant_on)) if each == "leans_on" else getattr(answer, each)
                for each in ANSWER
            ]
            for _, answer in self.answers.values()
        ]
        return rows, list(leant_on)


def placed_answers(rows: list[list[Any]], lists: list[list[str]]) -> list[Answer]:
    """The answers that rows are."""
    leant_on = [tuple(each) for each in lists]
    return [_answer(row, leant_on) for row in rows]


def kept_timelines(store: Store | None, key: str) -> Timelines | None:
    """Two timelines from a store, or None where they are to be worked out."""
    known = recall(store, key)
    if known is None:
        return None
    rest, rows, lists = known
    answers = placed_answers(rows, lists)

    def line(each: Mapping[str, Any]) -> Line:
        branches = {name: tuple((label, answers[at]) for label, at in each[name]) for name in BRANCHES}
        return Line(**{**each, **branches, "kind": Kind(each["kind"])})

    lines = {name: rest[name] and tuple(map(line, rest[name])) for name in ("lines", "enabled")}
    premises = tuple(Credence(**each) for each in rest["premises"])
    return Timelines(**{**rest, **lines, "premises": premises, "warnings": tuple(rest["warnings"])})


def _answer(row: list[Any], leant_on: list[tuple[str, ...]]) -> Answer:
    known = dict(zip(ANSWER, row, strict=True))
    return Answer(**{**known, "leans_on": leant_on[known["leans_on"]], "starved": tuple(known["starved"])})


def keep_grounds(store: Store | None, key: str, found: Mapping[str, Grounds]) -> None:
    """Write what stands behind some outcomes into a store; what the file says of it stays in the file."""
    placed = Placed()
    plain = {
        outcome: {
            "stage": each.stage and [placed.at(one) for one in (each.stage.chance, each.stage.then) if one is not None],
            "settled_by": [[name, placed.at(one)] for name, one in each.settled_by],
            "arguments": [
                [one.push, placed.at(one.answer), placed.at(one.without), one.error] for one in each.arguments
            ],
            "hangs_on": [asdict(one) for one in each.hangs_on],
            "counts": {push: list(shares) for push, shares in each.counts.items()},
        }
        for outcome, each in found.items()
    }
    leave(store, key, [plain, *placed.plain()])


def kept_grounds(store: Store | None, key: str, model: Model) -> Mapping[str, Grounds] | None:
    """What stands behind some outcomes, from a store, or None where it is to be worked out."""
    known = recall(store, key)
    if known is None:
        return None
    plain, rows, lists = known
    answers = placed_answers(rows, lists)
    return {
        outcome: Grounds(
            _stage(model, outcome, *(answers[at] for at in each["stage"])) if each["stage"] else None,
            tuple((name, answers[at]) for name, at in each["settled_by"]),
            tuple(
                knock_out(model.scenario, push, answers[whole], answers[bare], error)
                for push, whole, bare, error in each["arguments"]
            ),
            tuple(Bearing(**one) for one in each["hangs_on"]),
            {push: (really, here) for push, (really, here) in each["counts"].items()},
        )
        for outcome, each in plain.items()
    }


def _stage(model: Model, outcome: str, chance: Answer, then: Answer | None = None) -> Stage:
    name = question_in(outcome)
    condition = model.scenario.variables[name].only_if
    assert condition is not None
    return Stage(condition, chance, then)


def grounds_of_act(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    targets: Mapping[str, Target],
    held: Held,
    *,
    luck: Luck,
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Grounds]:
    """What stands behind some outcomes of an act, from the store if somebody left it there.

    `held` is what each draw answers there; an outcome that it has no answer to has no grounds.
    """
    part = filed("why", *targets)
    key = key_of_act(model.scenario, reading, luck, *posterior.size, part)
    known = kept_grounds(store, key, model)
    if known is not None:
        return known
    asked = {each: target for each, target in targets.items() if each in held.outcomes}
    found = explain(
        model, posterior, Branch(reading.do, luck), asked, bearings(held, tuple(asked)),
        history=under(reading.name), executor=executor, progress=progress,
    )  # fmt: skip
    keep_grounds(store, key, found)
    return found


def held_of_act(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    *,
    luck: Luck,
    assumed: Assumed | None = None,
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Held:
    """What each draw answers to the whole dated list after an act, from the store if somebody left it there."""
    key = key_of_act(model.scenario, reading, luck, *posterior.size, "held")
    assumed = assumed or Assumed(drawn(model, posterior))
    known = kept_held(store, key, model, posterior, assumed)
    if known is not None:
        return known
    branch = Branch(reading.do, luck)
    questions = questions_fed(model, posterior, branch)
    found = hold(model, posterior, branch, questions, assumed=assumed, executor=executor, progress=progress)
    keep_held(store, key, found)
    return found


def questions_fed(
    model: Model, posterior: Posterior, branch: Branch, given: Expression | None = None
) -> list[Question]:
    """The questions of the dated list that have numbers: no fact that they lean on starves the draws."""

    def starved(question: Question) -> bool:
        asked = (*(expression for _, expression in question.parts), given)
        return bool(starved_by(model, posterior, asked, branch.do))

    return [each for each in questions_of(model) if not starved(each)]


def keep_held(store: Store | None, key: str, found: Held) -> None:
    """Write into a store what each draw answers; what it assumes is drawn again."""
    names = sorted(frozenset[str]().union(*(each.leans_on for each in found.outcomes.values())))
    leaning = np.array([[one in each.leans_on for one in names] for each in found.outcomes.values()], dtype=bool)
    plain = {name: {**vars(each), "leans_on": at} for at, (name, each) in enumerate(found.outcomes.items())}
    leave(store, key, [plain, names, leaning])  # truths last: they would put numbers out of line in memory


def kept_held(store: Store | None, key: str, model: Model, posterior: Posterior, assumed: Assumed) -> Held | None:
    """What each draw answers, from a store, or None where it is to be asked."""
    known = recall(store, key)
    if known is None:
        return None
    plain, names, leaning = known
    outcomes = {
        name: Outcome(**{**each, "leans_on": frozenset(compress(names, leaning[each["leans_on"]]))})
        for name, each in plain.items()
    }
    return Held(model, posterior, assumed, believed(model, posterior), outcomes)


def meaning(scenario: Scenario) -> str:
    """A digest of all that history depends on: not of its wording, its what-ifs, or where things stand in the file."""
    return digest(scenario.years, scenario.variables, scenario.premises, scenario.schools)


def digest(*values: object) -> str:
    """A digest of what frozen values mean, whatever prose is in them."""
    return hashlib.blake2b("\x1f".join(_said(values)).encode(), digest_size=20).hexdigest()


PROSE = frozenset({"ask", "note", "also_called", "backing", "luck_because"})


def _said(value: object) -> Iterator[str]:
    if is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__
        for each in fields(value):
            if each.compare and each.name not in PROSE:
                yield each.name
                yield from _said(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield f"{key}:"
            yield from _said(entry)
    elif isinstance(value, tuple):
        yield f"({len(value)}"
        for entry in value:
            yield from _said(entry)
    else:
        yield repr(value)
