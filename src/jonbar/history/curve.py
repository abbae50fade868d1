"""Inevitability curves: the chance of an outcome as it looked on each date, to somebody who knew what they then knew.

Chains are followed through history; on each date the worlds that agree with what the observer knew run forward, and
nothing later is imposed. Under a what-if, facts count up to the earlier of the date and the change; then the change is
done. (Experts drew such curves by hand for October 1962: Tetlock & Lebow 2001.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from datetime import date

from jonbar.errors import QuestionError
from jonbar.history.lessons import days_of_news, lessons
from jonbar.query.answering import Answer, Scope, answer
from jonbar.query.starving import no_number, warnings_about
from jonbar.query.wording import say_estimand, under
from jonbar.scenario.expressions import Expression
from jonbar.scenario.knowledge import facts_known
from jonbar.scenario.notation import write_expression
from jonbar.scenario.terms import Luck, Reading
from jonbar.scm.assimilate import Posterior, Progress, as_kept, as_posterior, assimilate
from jonbar.scm.conditions import day_of
from jonbar.scm.course import Lesson
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.sequential import blocks_of, follow, passages
from jonbar.scm.store import Store, key_of, pack, unpack
from jonbar.scm.survey import survey

INEVITABLE = 0.95
AN_HOUR = 1 / 365 / 24


@dataclass(frozen=True)
class Point:
    """A chance as it looked at the end of one day, and what had become known that day."""

    day: str
    news: tuple[str, ...]
    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True)
class Curve:
    """How likely an outcome looked, date by date; `reading` is empty for history itself.

    `settled` is the first day from which it never looks less than 95 % sure again, one way or the other. Where a fact
    starves the draws from some day on, the curve ends before that day and `warnings` say why.
    """

    outcome: str
    observer: str
    reading: str
    changed: str  # the day of the change
    points: tuple[Point, ...]
    seed: int
    draws: int
    tellings: int
    warnings: tuple[str, ...] = ()

    @property
    def settled(self) -> str | None:
        """From when on it looked settled, and stayed so."""
        found = None
        if self.warnings:
            return None
        for point in reversed(self.points):
            if max(point.value, 1.0 - point.value) < INEVITABLE or (
                found is not None and (point.value > 0.5) is not (self.points[-1].value > 0.5)
            ):
                break
            found = point.day
        return found


@dataclass(frozen=True)
class Size:
    """How many worlds, and which dice."""

    seed: int
    draws: int
    tellings: int


@dataclass(frozen=True)
class Wanted:
    """What a curve is about: a condition and its words, an observer, perhaps a what-if, and which days."""

    outcome: Expression
    text: str
    observer: str
    reading: Reading | None
    luck: Luck
    first: date | None = None
    last: date | None = None


def curve(
    model: Model,
    wanted: Wanted,
    *,
    meaning: str,
    size: Size,
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Curve:
    """The chance of an outcome on every day on which an observer learned something.

    Unless a last day is named it ends when all of the outcome is known to them: nothing later can move it.

    Errors: E516 if the scenario has no such observer, E517 if the observer learned nothing within the days asked for,
    E413 if a fact starves it from the first day on.
    """
    wanted = wanted if wanted.last else replace(wanted, last=_on_record(model, wanted))
    days = [day for day in days_of_news(model, wanted.observer) if _within(day, wanted)]
    if not days:
        advice = "Give a wider --from and --to, or another --observer."
        raise QuestionError("E517", f"Nothing became known to `{wanted.observer}` in that time.", advice)
    reading = wanted.reading
    do = dict(reading.do) if reading else {}
    asked = (wanted.text, wanted.observer, do, wanted.luck, days[0], days[-1])
    key = key_of("curve", meaning, *asked, size)
    known = unpack(store.read(key)) if store else None
    changed = day_of(model.act(do)[1].moment + AN_HOUR) if do else None  # a day's first moment is that day
    learned = lessons(model, wanted.observer, days[-1])
    if known is None:
        points, warnings = _points(model, wanted, days, learned, changed, meaning, size, store, executor, progress)
        if store:
            store.write(key, pack([[asdict(each) for each in points], warnings]))
    else:
        points = [Point(**{**each, "news": tuple(each["news"])}) for each in known[0]]
        warnings = tuple(known[1])
    return Curve(
        wanted.text,
        wanted.observer,
        reading.name if reading else "",
        changed.isoformat() if changed else "",
        tuple(points),
        size.seed,
        size.draws,
        size.tellings,
        warnings,
    )


def _on_record(model: Model, wanted: Wanted) -> date | None:
    """The first day on which an observer knows all that an outcome mentions; None if it is not all recorded."""
    recorded = {name: each.fact for name, each in model.scenario.variables.items()}
    named = {name: recorded[name] for name in model.mentioned(wanted.outcome) if name in recorded}
    if not named or any(fact is None or fact.disputed or fact.likelihood for fact in named.values()):
        return None
    for day in days_of_news(model, wanted.observer):
        known = facts_known(model.scenario, wanted.observer, day)
        if all(known.get(name) == fact for name, fact in named.items()):
            return day
    return None


def _within(day: date, wanted: Wanted) -> bool:
    return (wanted.first is None or day >= wanted.first) and (wanted.last is None or day <= wanted.last)


def _points(
    model: Model,
    wanted: Wanted,
    days: Sequence[date],
    learned: Sequence[Lesson],
    changed: date | None,
    meaning: str,
    size: Size,
    store: Store | None,
    executor: Executor | None,
    progress: Progress | None,
) -> tuple[list[Point], tuple[str, ...]]:
    before = [lesson.day for lesson in learned if changed is None or lesson.day < changed]
    posteriors = _followed(model, wanted.observer, learned, meaning, size, store, executor, progress)
    news: dict[date, list[str]] = {}
    for lesson in learned:
        if lesson.node:
            news.setdefault(lesson.day, []).append(lesson.node.replace("@", " in "))
    answers: dict[date | None, Answer] = {}
    found: list[Point] = []
    for number, day in enumerate(days, start=1):
        known_by = max((each for each in before if each <= day), default=None)
        if known_by not in answers:
            answers[known_by] = _ask(model, wanted, known_by, changed, posteriors, size)
        each = answers[known_by]
        if each.starved and known_by:
            if not found:
                raise no_number(posteriors[known_by], each.starved)
            return found, warnings_about(posteriors[known_by])
        value, low, high = (min(1.0, max(0.0, chance)) for chance in (each.value, each.low, each.high))
        found.append(
            Point(day.isoformat(), tuple(news.get(day, ()) if day == known_by else ()), value, low, high, each.error)
        )
        if progress:
            progress(number / len(days))
    return found, ()


def _ask(
    model: Model,
    wanted: Wanted,
    day: date | None,
    changed: date | None,
    posteriors: Mapping[date, Posterior],
    size: Size,
) -> Answer:
    """The outcome in worlds that agree with what was known by a day, and with nothing later."""
    then = model.knowing(facts_known(model.scenario, wanted.observer, day) if day else {})
    posterior = posteriors[day] if day else assimilate(then, seed=size.seed, draws=size.draws, tellings=size.tellings)
    branch = Branch(wanted.reading.do, wanted.luck) if wanted.reading else Branch()
    sums = survey(then, posterior, Plan({"": branch}, {"": Probe("", wanted.outcome)}))[""]
    looked = f"as it looked to {wanted.observer} on {day or 'no date'}"
    history = under(wanted.reading.name if wanted.reading else None)
    said = say_estimand("chance", write_expression(wanted.outcome), history, looked)
    return answer(sums, Scope(then, posterior, branch, said), wanted.outcome, "chance")


def _followed(
    model: Model,
    observer: str,
    learned: Sequence[Lesson],
    meaning: str,
    size: Size,
    store: Store | None,
    executor: Executor | None,
    progress: Progress | None,
) -> Mapping[date, Posterior]:
    """The posterior of each day: kept in one entry, in which what did not move from day to day stands once."""
    key = key_of("days", meaning, observer, size)
    days = {lesson.day.isoformat(): lesson.day for lesson in learned}
    known = unpack(store.read(key)) if store else None
    if known is not None and days.keys() <= known.keys():
        return {day: as_posterior(known[text]) for text, day in days.items()}
    kept = passages(store, key_of("days", meaning, observer, size, len(learned))) if store else None
    found = follow(
        model,
        learned,
        seed=size.seed,
        draws=size.draws,
        tellings=size.tellings,
        kept=kept,
        executor=executor,
        progress=progress,
    ).posteriors
    if store and kept:
        store.write(key, pack({day.isoformat(): as_kept(each) for day, each in found.items()}))
        kept.forget(blocks_of(size.draws))
    return found
