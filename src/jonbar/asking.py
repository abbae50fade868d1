"""One question in words, put to a model that has learnt from history: the verb `ask` of the Python interface."""

from __future__ import annotations

from concurrent.futures import Executor

from jonbar.errors import QuestionError
from jonbar.estimands import branch_of
from jonbar.query import Answer, Scope, answer
from jonbar.scenario.questions import Estimand, parse_test
from jonbar.scm.assimilate import Posterior
from jonbar.scm.model import Model
from jonbar.scm.questions import Plan, Probe
from jonbar.scm.survey import survey
from jonbar.sensitivity import unit_of

ONE_NUMBER = "Write `chance of A under W` or `mean of Q under W`, perhaps with `given B` or `given really B`."


def ask(model: Model, posterior: Posterior, question: str, *, executor: Executor | None = None) -> Answer:
    """How likely something is, or how much, in a changed history or in ours: `chance of flood by 1915 under dry`.

    The question is a test as claims have it, of one number. Without `under`, it is about our own history. What stands
    after `given` is supposed in the same worlds, after `given really` in ours; supposing does nothing.

    Errors: E510 what cannot be read or is no single number, E412 if no world agrees with what is supposed.
    """
    test = parse_test(question, model.scenario)
    if not isinstance(test, Estimand) or test.what == "possible" or test.because is not None:
        raise QuestionError("E510", f"`{question}` does not ask for one number.", ONE_NUMBER)
    branch = branch_of(model, test)
    plan = Plan({"asked": branch}, {"asked": Probe("asked", test.of, test.given, test.given_really)})
    sums = survey(model, posterior, plan, executor=executor)
    unit = "chance" if test.what == "chance" else unit_of(model, test.of)
    scope = Scope(model, posterior, branch, " ".join(question.split()), (test.given, test.given_really))
    return answer(sums["asked"], scope, test.of, unit)
