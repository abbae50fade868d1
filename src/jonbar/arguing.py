"""A scenario on the desk of somebody who argues with it: each question answered from what is kept, or worked out.

What a person holds otherwise is weighed in the draws that are there. Only what weighing cannot tell is worked out:
another act, other luck, something supposed, an argument taken out, or history anew where too few draws would be left.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

import numpy as np

from jonbar.claims import Judged, ask_for_claims, judge_answered
from jonbar.dossier import FEW_DRAWS, reasons_for, target_of
from jonbar.errors import QuestionError
from jonbar.estimands import Asked
from jonbar.identification import with_attained
from jonbar.query import Question, Timelines, say_luck, two_timelines
from jonbar.report import Report, Settings, history
from jonbar.scenario.expressions import Expression
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import KEEP, Luck, Reading, Scenario
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch
from jonbar.scm.store import Store
from jonbar.sensitivity import Chronicle, KnockOut, tell
from jonbar.starving import starved_by
from jonbar.weighing.bearing import Bearing, bearings, worths
from jonbar.weighing.dials import Dial, dials
from jonbar.weighing.held import FEWEST, Held, Weighed, hold, questions_of

KEPT = 8  # answers of each kind that are kept
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Wish:
    """What a person asks: the act, the luck, what they suppose, what they take out, and what they hold otherwise.

    `luck` None is the scenario's. `fresh` runs history anew for the settings instead of weighing the draws there are.
    """

    reading: str
    seed: int
    luck: Luck | None = None
    given: str = ""
    without: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    fresh: bool = False


@dataclass(frozen=True, eq=False)
class Turn:
    """The answer to a wish: every outcome weighed, and beside it what the file alone says of the same act and luck.

    `weighed` is None where too few draws are left, or where they cannot be weighed for what is held; `effective` says
    how many are left.
    """

    wish: Wish
    report: Report
    weighed: Mapping[str, Weighed] | None
    file: Mapping[str, Weighed]
    effective: float


@dataclass(frozen=True, eq=False)
class Ground:
    """A scenario that has learnt from history."""

    model: Model
    posterior: Posterior
    warm: bool


@dataclass(eq=False)
class Desk:
    """One scenario, and what has been worked out about it; the oldest is forgotten first."""

    scenario: Scenario
    size: Settings
    store: Store | None = None
    executor: Executor | None = None
    kept: dict[str, OrderedDict[Hashable, object]] = field(default_factory=dict)

    def ready(self, wish: Wish) -> bool:
        """Whether a wish can be answered from what is kept, at once."""
        plain = self._plain(wish)
        return all(key in self.kept.get(name, ()) for name, key in (
            ("ground", self._ground_key(wish)), ("timelines", self._act_key(wish)), ("held", self._held_key(wish)),
            ("held", self._held_key(plain)),
        ))  # fmt: skip

    def answer(self, wish: Wish, progress: Progress | None = None) -> Turn:
        """The answer to a wish.

        Errors: E505 no such reading, E412 if what is supposed never happens, E510 where it cannot be read, E501 and
        E502 for what is held otherwise.
        """
        reading = self.reading(wish)
        held = self.held(wish, progress)
        file = self.held(self._plain(wish), progress).plain
        ratio = self.log_ratio(held, wish)
        weighed = held.weigh(ratio) if ratio is not None else None
        effective = min((each.effective for each in weighed.values()), default=0.0) * held.worth if weighed else 0.0
        report = Report(
            self.ground(wish).model.scenario, replace(self.size, seed=wish.seed, assumptions=wish.settings), reading,
            say_luck(self.luck(wish)), wish.given, self.timelines(wish, progress), "", (), None, effective, True,
        )  # fmt: skip
        moved = bool(wish.settings) and not wish.fresh
        return Turn(wish, report, None if moved and effective < FEWEST else weighed, file, effective)

    def log_ratio(self, held: Held, wish: Wish) -> Array | None:
        """How much each draw counts for what a person holds."""
        if wish.fresh or not wish.settings:
            return np.zeros(held.posterior.draws)
        return held.log_ratio(dict(wish.settings))

    def claims(self, wish: Wish, progress: Progress | None = None) -> tuple[Judged, ...]:
        """Every claim judged for what a person holds; a claim has its own act and luck."""
        ground = self.ground(wish, progress)
        key = self._ground_key(wish)
        asked = self._keep("claims", key, lambda: ask_for_claims(
            ground.model, ground.posterior, executor=self.executor, progress=progress
        ))  # fmt: skip
        ratio = self.log_ratio(self.held(self._plain(wish)), wish)
        if ratio is None:
            return ()
        if wish.settings and not wish.fresh:
            asked = {name: _reweighed(each, ratio) for name, each in asked.items()}
        return judge_answered(ground.model, ground.posterior, asked)

    def why(
        self, wish: Wish, outcome: str, progress: Progress | None = None
    ) -> tuple[tuple[Bearing, ...], tuple[KnockOut, ...]]:
        """What an outcome hangs on, and the answer without each of its arguments, as the file has it."""
        plain = self._plain(wish)
        ground, held = self.ground(plain, progress), self.held(plain, progress)
        if outcome not in held.outcomes:
            raise QuestionError("E513", "There is no such outcome.")

        def work() -> tuple[tuple[Bearing, ...], tuple[KnockOut, ...]]:
            found = bearings(held, (outcome,))
            targets = {outcome: target_of({each.key: each for each in questions_of(ground.model)}, outcome)}
            some = ground.posterior.first(FEW_DRAWS)
            branch = Branch(self.reading(wish).do, self.luck(wish))
            reasons = reasons_for(ground.model, some, branch, targets, found, executor=self.executor, progress=progress)
            return tuple(found[outcome]), reasons[outcome]

        return self._keep("why", (self._act_key(plain), outcome), work)

    def tell(self, wish: Wish, number: int) -> Chronicle:
        """One telling of the act."""
        ground = self.ground(wish)
        return tell(ground.model, ground.posterior, self.reading(wish), luck=self.luck(wish), number=number)

    def dials(self, outcomes: Sequence[str], wish: Wish) -> list[tuple[Dial, float]]:
        """Every assumption that can be moved, those that move these outcomes most first."""
        held = self.held(self._plain(wish))
        worth = worths(held, [each for each in outcomes if each in held.outcomes])
        found = []
        for name, dial in dials(held.model).items():
            found.append((dial, worth.get(dial.theory or name, 0.0)))
        return sorted(found, key=lambda pair: -pair[1])

    def ground(self, wish: Wish, progress: Progress | None = None) -> Ground:
        """The scenario, with a person's settings where history runs anew for them."""

        def work() -> Ground:
            settings = wish.settings if wish.fresh else ()
            model = compile_model(with_settings(self.scenario, dict(settings)))
            chosen = replace(self.size, seed=wish.seed, assumptions=settings)
            posterior, warm = history(model, chosen, store=self.store, executor=self.executor, progress=progress)
            return Ground(model, posterior, warm)

        return self._keep("ground", self._ground_key(wish), work)

    def timelines(self, wish: Wish, progress: Progress | None = None) -> Timelines:
        """The two timelines of an act, as the file has them."""
        ground, reading, luck = self.ground(wish, progress), self.reading(wish), self.luck(wish)

        def work() -> Timelines:
            found = two_timelines(
                ground.model, ground.posterior, reading, luck=luck, executor=self.executor, progress=progress
            )
            return with_attained(ground.model, ground.posterior, reading, luck, found)

        return self._keep("timelines", self._act_key(wish), work)

    def held(self, wish: Wish, progress: Progress | None = None) -> Held:
        """Draws and their answers for an act, a supposition and an argument taken out."""
        ground = self.ground(wish, progress)

        def work() -> Held:
            branch = Branch(self.reading(wish).do, self.luck(wish), without=wish.without or None)
            given = parse_condition(wish.given, ground.model.scenario) if wish.given else None
            questions = [each for each in questions_of(ground.model) if not self._starved(ground, each, branch, given)]
            return hold(
                ground.model,
                ground.posterior,
                branch,
                questions,
                given=given,
                executor=self.executor,
                progress=progress,
            )

        return self._keep("held", self._held_key(wish), work)

    def _starved(self, ground: Ground, question: Question, branch: Branch, given: Expression | None) -> bool:
        """Whether there is no number for a question: a fact that it leans on starves the draws."""
        asked = (*(expression for _, expression in question.parts), given)
        return bool(starved_by(ground.model, ground.posterior, asked, branch.do))

    def reading(self, wish: Wish) -> Reading:
        """The act.

        Errors: E505 there is none of that name.
        """
        readings = self.scenario.readings()
        if wish.reading not in readings:
            raise QuestionError("E505", f"There is no reading `{wish.reading}`.", f"There are {', '.join(readings)}.")
        return readings[wish.reading]

    def luck(self, wish: Wish) -> Luck:
        """How much of history's luck survives."""
        return wish.luck or self.reading(wish).luck or KEEP

    def _plain(self, wish: Wish) -> Wish:
        return Wish(wish.reading, wish.seed, wish.luck)

    def _ground_key(self, wish: Wish) -> Hashable:
        return wish.seed, wish.settings if wish.fresh else ()

    def _act_key(self, wish: Wish) -> Hashable:
        return self._ground_key(wish), wish.reading, wish.luck

    def _held_key(self, wish: Wish) -> Hashable:
        return self._act_key(wish), wish.given, wish.without

    def _keep(self, name: str, key: Hashable, work: Callable[[], Kept]) -> Kept:
        shelf = self.kept.setdefault(name, OrderedDict())
        if key not in shelf:
            shelf[key] = work()
            while len(shelf) > KEPT:
                shelf.popitem(last=False)
        else:
            shelf.move_to_end(key)
        return cast(Kept, shelf[key])


def _reweighed(asked: Asked | QuestionError, log_ratio: Array) -> Asked | QuestionError:
    """What was asked for a claim, for draws that count anew."""
    if isinstance(asked, QuestionError):
        return asked
    ratio = np.exp(log_ratio - log_ratio.max())
    weights = asked.weights * ratio
    weights = weights / weights.sum()
    anew = replace(asked, weights=weights)
    here = weights > 0.0
    drawn, kept = anew.settled()[here], weights[here]
    value = float(kept @ asked.shares[here])
    order = np.argsort(drawn)
    middle = np.cumsum(kept[order]) - 0.5 * kept[order]
    low, high = (float(each) for each in np.interp((0.05, 0.95), middle, drawn[order]))
    error = float(np.sqrt(kept**2 @ (asked.shares[here] - value) ** 2))
    said = replace(asked.answer, value=value, low=low, high=high, error=error, effective=1.0 / float(kept @ kept))
    return replace(anew, answer=said.alone)
