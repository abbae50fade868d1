"""A scenario on the desk of somebody who argues with it: each question answered from what is kept, or worked out.

What a person holds otherwise is weighed in the draws that are there. Only what weighing cannot tell is worked out:
another act, other luck, something supposed, an argument taken out, or history anew where too few draws would be left.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from jonbar.errors import QuestionError
from jonbar.query.answering import Question, Timelines, say_luck
from jonbar.query.answers import filed, label_in, question_in
from jonbar.report.build import Report, Settings, history, stretch
from jonbar.report.explaining import Grounds, Target
from jonbar.report.keeping import (
    Shelves,
    grounds_of_act,
    held_of_act,
    kept_grounds,
    kept_timelines,
    key_of_act,
    meaning,
    questions_fed,
    work_out_timelines,
)
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import KEEP, Luck, Reading, Scenario
from jonbar.scm.assimilate import Posterior, Progress, posterior_key
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch
from jonbar.scm.store import Store, pack, unpack
from jonbar.sensitivity.arguments import Chronicle, tell
from jonbar.sensitivity.hinges import Assumed, drawn
from jonbar.weighing.bearing import worths
from jonbar.weighing.dials import Dial, every_dial
from jonbar.weighing.held import FEWEST, Held, Weighed, hold, questions_of

MOST_OF_HISTORY = 0.85  # of the work of running history anew; the rest are answers
GLANCE, WORTH_A_GLANCE = 200, 1500  # draws of a first look, and of a whole that is worth one


@dataclass(frozen=True)
class Wish:
    """What a person asks: the act, the luck, what they suppose, what they take out, and what they hold otherwise.

    `luck` None is the scenario's. `fresh` runs history anew for the settings instead of weighing the draws there are.
    `glance` takes fewer draws, for a first look while the whole is on its way.
    """

    reading: str
    seed: int
    luck: Luck | None = None
    given: str = ""
    without: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    fresh: bool = False
    glance: bool = False


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

    @cached_property
    def assumed(self) -> Assumed:
        """What its draws assume."""
        return Assumed(drawn(self.model, self.posterior))


@dataclass(eq=False)
class Desk:
    """One scenario, and what has been worked out about it; the oldest is forgotten first."""

    scenario: Scenario
    size: Settings
    store: Store | None = None
    executor: Executor | None = None
    kept: Shelves = field(default_factory=Shelves)

    def ready(self, wish: Wish) -> bool:
        """Whether a wish can be answered from what is kept, at once."""
        wanted = [("timelines", self._act_key(wish)), *([("ground", self.ground_key(wish))] if wish.settings else [])]
        if self._bare(wish):
            wanted.append(("timelines", self._act_key(self.plain(wish))))
        else:
            wanted += [("held", self._held_key(each)) for each in (wish, self.plain(wish))]
        return all(self.kept.has(*each) for each in wanted)

    def prepare(self) -> None:
        """Have at hand what a page asks for first: what is kept, or else the history of a first look."""
        self.dials()
        self.questions()
        first = next(iter(self.scenario.readings()), None)
        if first is None:
            return
        wish = Wish(first, self.size.seed)
        known = kept_timelines(self.store, self._stored(wish, ""))
        if known is not None:
            self.kept.get("timelines", self._act_key(wish), lambda: known)
        elif self.worth_a_glance(wish):
            self.ground(replace(wish, glance=True))

    def worth_a_glance(self, wish: Wish) -> bool:
        """Whether a first look at a wish would be there much sooner than the whole."""
        if self.size.draws < WORTH_A_GLANCE or not self._bare(wish) or self.ready(wish):
            return False
        if self.kept.has("ground", self.ground_key(wish)):
            return False
        settings = wish.settings if wish.fresh else ()
        name = meaning(with_settings(self.scenario, dict(settings)))
        key = posterior_key(name, seed=wish.seed, draws=self.size.draws, tellings=self.size.tellings)
        return self.store is None or not self.store.has(key)

    def answer(self, wish: Wish, progress: Progress | None = None) -> Turn:
        """The answer to a wish.

        Errors: E505 no such reading, E412 if what is supposed never happens, E510 where it cannot be read, E501 and
        E502 for what is held otherwise.
        """
        reading = self.reading(wish)
        if self._bare(wish):
            return self._bare_answer(wish, progress)
        held = self.held(wish, progress)
        file = self.held(self.plain(wish), progress).plain
        ratio = self.log_ratio(held, wish)
        weighed = held.weigh(ratio) if ratio is not None else None
        effective = min((each.effective for each in weighed.values()), default=0.0) * held.worth if weighed else 0.0
        report = Report(
            self.ground(wish).model.scenario, replace(self.size, seed=wish.seed, assumptions=wish.settings), reading,
            say_luck(self.luck(wish)), wish.given, self.timelines(wish, progress), "", (), None, effective, True,
        )  # fmt: skip
        moved = bool(wish.settings) and not wish.fresh
        return Turn(wish, report, None if moved and effective < FEWEST else weighed, file, effective)

    def _bare(self, wish: Wish) -> bool:
        """Whether the two timelines alone answer a wish: nothing is weighed, supposed or taken out."""
        return not wish.given and not wish.without and (wish.fresh or not wish.settings)

    def _bare_answer(self, wish: Wish, progress: Progress | None) -> Turn:
        scenario, plain = self.scenario, self.plain(wish)
        if wish.settings:
            before, anew = parted(progress, 1.0 - MOST_OF_HISTORY)
            file, found = _as_weighed(self.timelines(plain, before)), self.timelines(wish, anew)
            scenario = self.ground(wish).model.scenario
        else:
            found = self.timelines(wish, progress)
            file = _as_weighed(found)
        report = Report(
            scenario, replace(self.size, seed=wish.seed, assumptions=wish.settings), self.reading(wish),
            say_luck(self.luck(wish)), "", found, "", (), None, found.effective, True,
        )  # fmt: skip
        return Turn(wish, report, _as_weighed(found), file, found.effective)

    def log_ratio(self, held: Held, wish: Wish) -> Array | None:
        """How much each draw counts for what a person holds."""
        if wish.fresh or not wish.settings:
            return np.zeros(held.posterior.draws)
        return held.log_ratio(dict(wish.settings))

    def why(self, wish: Wish, outcomes: Sequence[str], progress: Progress | None = None) -> Mapping[str, Grounds]:
        """What stands behind some outcomes, as the file has it.

        Errors: E513 no such outcome.
        """
        plain, targets = self.plain(wish), {each: self.target(each) for each in outcomes}
        known = self.kept.get("why", self._act_key(plain), dict[str, Grounds])
        missing = {each: target for each, target in targets.items() if each not in known}
        if missing:
            known.update(self._grounds(plain, missing, progress))
        return {each: known[each] for each in outcomes if each in known}

    def _grounds(self, wish: Wish, targets: Mapping[str, Target], progress: Progress | None) -> Mapping[str, Grounds]:
        """What stands behind outcomes: of the file's own luck from the store, if it is there."""
        stored = self._stored(wish, filed("why", *targets)) if wish.luck is None else ""
        known = kept_grounds(self.store, stored, self.model()) if stored else None
        if known is not None:
            return known
        ground, held = self.ground(wish, progress), self.held(wish, progress)
        return grounds_of_act(
            ground.model, ground.posterior, self.reading(wish), targets, held,
            luck=self.luck(wish), store=self.store if stored else None, executor=self.executor, progress=progress,
        )  # fmt: skip

    def tell(self, wish: Wish, number: int) -> Chronicle:
        """One telling of the act."""
        ground = self.ground(wish)
        return tell(ground.model, ground.posterior, self.reading(wish), luck=self.luck(wish), number=number)

    def target(self, outcome: str) -> tuple[Question, str]:
        """The question and the state that an outcome is.

        Errors: E513 there is none such.
        """
        questions = {each.key: each for each in self.questions()}
        key, label = question_in(outcome), label_in(outcome)
        if key not in questions or label not in dict(questions[key].parts):
            raise QuestionError("E513", "There is no such outcome.")
        return questions[key], label

    def questions(self) -> list[Question]:
        """Every line of the dated list, unanswered."""
        return self.kept.get("questions", (), lambda: questions_of(self.model()))

    def model(self) -> Model:
        """The scenario as the file has it, before it has learnt anything."""
        return self.kept.get("model", (), lambda: compile_model(self.scenario))

    def dials(self) -> list[Dial]:
        """Every assumption that can be moved, in the order of the file."""
        return self.kept.get("dials", (), lambda: list(every_dial(self.model()).values()))

    def order(self, wish: Wish, outcomes: Sequence[str], progress: Progress | None = None) -> list[str]:
        """The names of all dials, those that move these outcomes most first; afterwards draws are there to be weighed.

        What the first act of a page was ordered by is kept in the store.
        """
        held = self.held(self.plain(wish), progress)
        worth = worths(held, {each: 1.0 for each in outcomes if each in held.outcomes})
        found = sorted(self.dials(), key=lambda each: -worth.get(each.theory or each.name, 0.0))
        names = [each.name for each in found]
        if self.store is not None and wish.luck is None:
            self.store.write(self._stored(wish, "order"), pack(names))
        return names

    def known_order(self, wish: Wish) -> list[str]:
        """The order of the dials that was found earlier for an act; empty where none was."""
        known = unpack(self.store.read(self._stored(wish, "order"))) if self.store is not None else None
        return list(map(str, known or ()))

    def ground(self, wish: Wish, progress: Progress | None = None) -> Ground:
        """The scenario, with a person's settings where history runs anew for them."""

        def work() -> Ground:
            settings = wish.settings if wish.fresh else ()
            model = compile_model(with_settings(self.scenario, dict(settings)))
            draws = min(GLANCE, self.size.draws) if wish.glance else self.size.draws
            chosen = replace(self.size, seed=wish.seed, draws=draws, assumptions=settings)
            posterior, warm = history(model, chosen, store=self.store, executor=self.executor, progress=progress)
            return Ground(model, posterior, warm)

        return self.kept.get("ground", self.ground_key(wish), work)

    def grounded(self, wish: Wish, progress: Progress | None) -> tuple[Ground, Progress | None]:
        """A history that has been learnt from, and the progress of what is left to do with it."""
        if self.kept.has("ground", self.ground_key(wish)):
            return self.ground(wish), progress
        first, left = parted(progress, MOST_OF_HISTORY)
        return self.ground(wish, first), left

    def timelines(self, wish: Wish, progress: Progress | None = None) -> Timelines:
        """The two timelines of an act, as the file has them."""
        reading, luck = self.reading(wish), self.luck(wish)
        store = self.store if wish.luck is None and not wish.settings and not wish.glance else None

        def work() -> Timelines:
            key = self._stored(wish, "")
            known = kept_timelines(store, key)
            if known is not None:
                return known
            ground, left = self.grounded(wish, progress)
            return work_out_timelines(
                ground.model,
                ground.posterior,
                reading,
                luck=luck,
                store=store,
                key=key,
                executor=self.executor,
                progress=left,
            )

        return self.kept.get("timelines", self._act_key(wish), work)

    def _stored(self, wish: Wish, part: str) -> str:
        size = (wish.seed, self.size.draws, self.size.tellings, part)
        return key_of_act(self.scenario, self.reading(wish), self.luck(wish), *size)

    def held(self, wish: Wish, progress: Progress | None = None) -> Held:
        """Draws and their answers for an act, a supposition and an argument taken out."""
        ground, left = self.grounded(wish, progress)

        def work() -> Held:
            reading, luck = self.reading(wish), self.luck(wish)
            how: dict[str, Any] = {"assumed": ground.assumed, "executor": self.executor, "progress": left}
            if self._held_key(wish) == self._held_key(Wish(wish.reading, wish.seed)):  # the file's own
                return held_of_act(ground.model, ground.posterior, reading, luck=luck, store=self.store, **how)
            branch = Branch(reading.do, luck, without=wish.without or None)
            given = parse_condition(wish.given, ground.model.scenario) if wish.given else None
            questions = questions_fed(ground.model, ground.posterior, branch, given)
            return hold(ground.model, ground.posterior, branch, questions, given=given, **how)

        return self.kept.get("held", self._held_key(wish), work)

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

    def plain(self, wish: Wish) -> Wish:
        """The same act and luck as the file has them."""
        return Wish(wish.reading, wish.seed, wish.luck)

    def ground_key(self, wish: Wish) -> Hashable:
        """What a history that has been learnt from is kept under."""
        return wish.seed, wish.settings if wish.fresh else (), wish.glance

    def _act_key(self, wish: Wish) -> Hashable:
        return self.ground_key(wish), wish.reading, wish.luck

    def _held_key(self, wish: Wish) -> Hashable:
        return self._act_key(wish), wish.given, wish.without


def _as_weighed(found: Timelines) -> Mapping[str, Weighed]:
    """The answers of two timelines by outcome; those that have no number are not among them."""
    return {
        line.outcome(label): Weighed(each.value, each.low, each.high, each.error, each.effective)
        for line in found.lines
        for label, each in line.here
        if not each.starved
    }


def parted(progress: Progress | None, share: float) -> tuple[Progress | None, Progress | None]:
    """Progress of a work in two parts, the first of which takes this share of it."""
    return stretch(progress, 0.0, share), stretch(progress, share, 1.0)
