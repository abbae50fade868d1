"""A file may be as long as it likes: what is asked of it is not asked by calls within calls."""

from __future__ import annotations

from jonbar.scenario.expressions import Name
from jonbar.scenario.read import read_scenario
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey

LONG = 700  # more than half as many as Python lets calls lie within calls


def test_the_end_of_a_long_chain_is_asked_for_first_and_answered_exactly() -> None:
    first = "jonbar: 1\nscenario: chain\nvariables:\n  v0: {ask: Is it 0?, when: 1900-01, chance: 50%}\n"
    rest = (
        f"  v{at}: {{ask: Is it {at}?, when: 1900-01, after: v{at - 1}, chance: 50%,"
        f" pushes: {{on: {{odds: x3, if: v{at - 1}}}}}}}\n"
        for at in range(1, LONG)
    )
    model = compile_model(read_scenario(first + "".join(rest), file="chain"))
    posterior = assimilate(model, seed=1, draws=4, tellings=4)
    asked = {"end": Probe("other", Name(f"v{LONG - 1}"))}
    sums = survey(model, posterior, Plan({"other": Branch({"v0": "no"})}, asked))["end"]
    chance = 0.0
    for _ in range(LONG - 1):  # half, or three to one where the one before is so
        chance = 0.5 + 0.25 * chance
    assert sums.exact and abs(float(sums.value[0] / sums.weight[0]) - chance) < 1e-9
