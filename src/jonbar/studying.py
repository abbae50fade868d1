"""What somebody at a desk asks for that may take a while: claims, a crux, curves of the past, a tree of histories."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jonbar.arguing import Desk, Wish, parted
from jonbar.branching import Branching, branching
from jonbar.claims import Judged, judge_answered
from jonbar.dossier import Chosen, Dossier, compile_dossier
from jonbar.errors import QuestionError
from jonbar.following import Curve, Size, Wanted, look_back
from jonbar.judging import asked_for_claims, kept_verdicts, key_of_verdicts, work_out_verdicts
from jonbar.quarrelling import find_crux
from jonbar.recounting import recounted
from jonbar.report import Report
from jonbar.scm.assimilate import Progress

DRAWS_A_DAY, TELLINGS_A_DAY = 500, 50  # of history as it stood on each day, as the command line has them
OBSERVER = "historian"


def study_claims(desk: Desk, wish: Wish, progress: Progress | None = None) -> tuple[Judged, ...]:
    """Every claim judged for what a person holds; a claim has its own act and luck.

    Empty where draws cannot be weighed for what is held. As the file has it, verdicts that are in the store need no
    history.
    """
    if not wish.settings:
        return desk.kept.get("verdicts", desk.ground_key(wish), lambda: _file_verdicts(desk, wish, progress))
    ground, left = desk.grounded(wish, progress)
    asked = desk.kept.get("claims", desk.ground_key(wish), lambda: asked_for_claims(
        ground.model, ground.posterior, store=desk.store, executor=desk.executor, progress=left
    ))  # fmt: skip
    if not wish.fresh:
        ratio = desk.log_ratio(desk.held(desk.plain(wish)), wish)
        if ratio is None:
            return ()
        asked = recounted(asked, ratio)
    return judge_answered(ground.model, ground.assumed, asked)


def _file_verdicts(desk: Desk, wish: Wish, progress: Progress | None) -> tuple[Judged, ...]:
    key = key_of_verdicts(desk.scenario, None, wish.seed, desk.size.draws, desk.size.tellings)
    known = kept_verdicts(desk.store, key, desk.scenario)
    if known is not None:
        return known
    ground, left = desk.grounded(desk.plain(wish), progress)
    how: dict[str, Any] = {"store": desk.store, "executor": desk.executor, "progress": left}
    return work_out_verdicts(ground.model, ground.posterior, key=key, **how)


def study_crux(
    desk: Desk, wish: Wish, outcome: str, between: tuple[str, str], progress: Progress | None = None
) -> Report:
    """What parts two camps on an outcome; each has its own numbers and its own reading of the what-if.

    Errors: E513 no such outcome; E412, E413 and E526 to E528 for camps that cannot be compared.
    """
    plain = desk.plain(wish)
    ground = desk.ground(plain, progress)
    question, label = desk.target(outcome)

    def work() -> Report:
        target = (question.text(label), question.part(label))
        found = find_crux(ground.model, ground.posterior, target, between, luck=wish.luck, store=desk.store,
                          executor=desk.executor, progress=progress)  # fmt: skip
        size, effective = replace(desk.size, seed=wish.seed), ground.posterior.effective
        scenario = ground.model.scenario
        return Report(scenario, size, None, "", "", None, target[0], (), None, effective, True, crux=found)

    return desk.kept.get("crux", (desk.ground_key(plain), wish.luck, outcome, between), work)


def study_curves(desk: Desk, wish: Wish, outcome: str, progress: Progress | None = None) -> tuple[Curve, ...]:
    """How likely an outcome looked on each date, in our history and under the act, as the file has it.

    Errors: E513 no such outcome, or none that has a chance; E413 if a fact starves it from the first day on.
    """
    question, label = desk.target(outcome)
    if question.unit != "chance":
        raise QuestionError("E513", "A curve shows a chance.", "Ask for an outcome that happens or does not.")

    def work() -> tuple[Curve, ...]:
        size = Size(wish.seed, min(desk.size.draws, DRAWS_A_DAY), TELLINGS_A_DAY)
        found: list[Curve] = []
        for reading, part in zip((None, desk.reading(wish)), parted(progress, 0.5), strict=True):
            wanted = Wanted(question.part(label), question.text(label), OBSERVER, reading, desk.luck(wish))
            found += look_back(
                desk.scenario, [wanted], size, store=desk.store, executor=desk.executor, progress=part or _silent
            )
        return tuple(found)

    return desk.kept.get("curves", (wish.seed, wish.reading, wish.luck, outcome), work)


def study_branching(desk: Desk, wish: Wish, progress: Progress | None = None) -> Branching:
    """The commonest histories after the act, in the worlds of this history or of one that was run anew."""
    ground = desk.ground(wish, progress)

    def work() -> Branching:
        return branching(ground.model, ground.posterior, desk.reading(wish), luck=desk.luck(wish),
                         executor=desk.executor, progress=progress)  # fmt: skip

    return desk.kept.get("branching", (desk.ground_key(wish), wish.reading, wish.luck), work)


def study_dossier(desk: Desk, wish: Wish, choose: Chosen, progress: Progress | None = None) -> Dossier:
    """Everything for a report to send, for the numbers that a person holds: as `jonbar report` makes it."""
    size = replace(desk.size, seed=wish.seed, assumptions=wish.settings)
    return compile_dossier(
        desk.scenario, size, desk.reading(wish), desk.luck(wish), choose, store=desk.store, executor=desk.executor,
        progress=progress,
    )  # fmt: skip


def _silent(share: float) -> None:
    """Progress that nobody watches."""
