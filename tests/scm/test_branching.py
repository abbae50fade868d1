"""The commonest histories against enumeration: how often answers come together, and that nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from jonbar.scenario.terms import Reading
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.sensitivity.branching import ENDS, FORKS, Branching, branching
from tests.oracles.answers import Exact, bound
from tests.oracles.check import usable_cases
from tests.scm.test_answers import check_calibration, in_errors, states_asked


def grown(uncertain: bool, first: int, cases: int = 25) -> Iterator[tuple[Branching, Exact]]:
    for seed, case, _, exact in usable_cases(cases, uncertain=uncertain, first=first):
        model = compile_model(case.scenario)
        posterior = assimilate(model, seed=seed, draws=300, tellings=60)
        found = branching(model, posterior, Reading("r", "", case.do), luck=case.luck)
        if found.forks:
            yield found, exact


@pytest.mark.parametrize("uncertain", [False, True], ids=["bare", "uncertain"])
def test_sequences_are_as_common_as_enumeration_says(uncertain: bool) -> None:
    errors, compared = [], 0
    for found, exact in grown(uncertain, 2600, 25 if uncertain else 70):
        rows = {(name, state): each.of_rows("there").astype(float) for name, state, each in states_asked(exact)}
        names = [each.variable for each in found.forks]
        if not all((name, "yes") in rows or any(known == name for known, _ in rows) for name in names):
            continue  # a hazard, whose dates the oracle lists in another form
        for course in found.courses:
            together = np.ones(len(exact.weight))
            for name, state in zip(names, course.answers, strict=False):
                yes = rows.get((name, "yes"))
                together = together * (rows[name, state] if (name, state) in rows else 1.0 - np.asarray(yes))
            truth = float(exact.weight @ together)
            compared += 1
            if course.rest:
                truth -= sum(each.share.value for each in found.onward(course.answers) if not each.rest)
                assert abs(course.share.value - truth) < 6.0 * max(course.share.error, 1e-3)
            elif (off := in_errors(course.share, truth)) is not None:
                errors.append(off)
    assert compared > 30
    if uncertain:
        check_calibration(errors, 40, 1.3)
    else:  # luck is summed out of most
        assert all(each < bound(len(errors)) for each in errors)


def test_what_goes_on_from_a_beginning_has_its_share_together() -> None:
    for found, _ in grown(True, 2700):
        shares = {each.answers: each.share.value for each in found.courses if not each.rest} | {(): 1.0}
        for answers, share in shares.items():
            onward = found.onward(answers)
            if onward:
                assert sum(each.share.value for each in onward) == pytest.approx(share, abs=1e-6)
        ends = [each for each in shares if not found.onward(each)]
        assert len(found.forks) <= FORKS
        assert len(ends) <= ENDS


def test_the_same_seed_grows_the_same_tree() -> None:
    one, other = ([found.courses for found, _ in grown(False, 2600)] for _ in range(2))
    assert one == other
