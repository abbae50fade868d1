"""What somebody at a desk asks for that may take a while: claims, a crux, curves of the past, a tree of histories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jonbar.claims.estimands import Asked
from jonbar.claims.recounting import recounted
from jonbar.claims.verdicts import Judged, judge_answered
from jonbar.errors import QuestionError
from jonbar.report.arguing import Desk, Ground, Wish, parted
from jonbar.report.build import Report
from jonbar.report.dossier import Chosen, Dossier, compile_dossier
from jonbar.report.following import Curve, Size, Wanted, look_back
from jonbar.report.judging import asked_for_claims, keep_verdicts, kept_verdicts, key_of_verdicts, with_claims
from jonbar.report.quarrelling import find_crux
from jonbar.scenario.settings import with_settings
from jonbar.scm.assimilate import Progress
from jonbar.sensitivity.branching import Branching, branching

DRAWS_A_DAY, TELLINGS_A_DAY = 500, 50  # of history as it stood on each day, as the command line has them
OBSERVER = "historian"


def study_claims(desk: Desk, wish: Wish, progress: Progress | None = None) -> tuple[Judged, ...]:
    """Every claim judged for what a person holds; a claim has its own act and luck.

    Empty where draws cannot be weighed for what is held. Verdicts that are in the store need no history.
    """
    wish = replace(wish, glance=False)
    if wish.fresh or not wish.settings:
        return desk.kept.get("verdicts", desk.ground_key(wish), lambda: _verdicts(desk, wish, progress))
    ground, asked = _asked(desk, wish, progress)
    plain = desk.plain(wish)
    ratio = desk.log_ratio(desk.held(plain), wish)
    if ratio is None:
        return ()
    anew = recounted(asked, ratio)
    moved = {side.rpartition("/")[0] for side, each in anew.items() if each is not asked[side]}
    found = judge_answered(with_claims(ground.model, moved), ground.assumed, anew) if moved else ()
    now = {each.claim.name: each for each in (*study_claims(desk, plain), *found)}
    return tuple(now.values())


def _verdicts(desk: Desk, wish: Wish, progress: Progress | None) -> tuple[Judged, ...]:
    """Every claim judged as the file has it, or by history that was run anew."""
    scenario = with_settings(desk.scenario, dict(wish.settings))
    key = key_of_verdicts(scenario, None, wish.seed, desk.size.draws, desk.size.tellings)
    known = kept_verdicts(desk.store, key, scenario)
    if known is not None:
        return known
    ground, asked = _asked(desk, wish, progress)
    found = judge_answered(ground.model, ground.assumed, asked)
    keep_verdicts(desk.store, key, found)
    return found


def _asked(desk: Desk, wish: Wish, progress: Progress | None) -> tuple[Ground, Mapping[str, Asked | QuestionError]]:
    """A history that has been learnt from, and what its claims asked of it."""
    ground, left = desk.grounded(wish, progress)
    return ground, desk.kept.get("claims", desk.ground_key(wish), lambda: asked_for_claims(
        ground.model, ground.posterior, store=desk.store, executor=desk.executor, progress=left
    ))  # fmt: skip


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
