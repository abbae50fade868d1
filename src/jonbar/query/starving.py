"""What is said where the draws could not honestly be brought to agree with a fact: its name, and no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jonbar.errors import QuestionError
from jonbar.scenario.expressions import Expression
from jonbar.scenario.terms import variable_in
from jonbar.scm.assimilate import Posterior
from jonbar.scm.model import Model, variable_of
from jonbar.scm.settling import CONTRADICTED, UNREACHED, UNSETTLED

FEWEST_EFFECTIVE = 100.0  # draws in effect, below which an answer comes with a warning
SAID: Mapping[str, tuple[str, str, str]] = {  # by the way in which a fact starves: code, what is wrong, what to do
    UNREACHED: (
        "W411",
        "Few draws came to agree with the fact `{}`: what comes before it hardly lets it happen.",
        "Say what brought it about, widen the chances of its causes, or write `otl: disputed`.",
    ),
    UNSETTLED: (
        "W412",
        "The draws had not settled on the fact `{}` when they were stopped.",
        "Give its record a larger error, or narrow the ranges that it settles.",
    ),
    CONTRADICTED: (
        "W413",
        "The model all but rules out the fact `{}`: its chance is below one in a million, or some assumption would "
        "have to lie far outside its range.",
        "Widen the ranges behind it, add the cause that is missing, check the record, or write `otl: disputed`.",
    ),
}


def warnings_about(posterior: Posterior) -> tuple[str, ...]:
    """What was wrong with taking history in, fact by fact, and what to do about it."""
    found = []
    for fact, why in posterior.starving.items():
        code, wrong, advice = SAID[why]
        found.append(f"{code} {wrong.format(_named(fact))} There is no number for what leans on it. {advice}")
    if not found and posterior.effective < FEWEST_EFFECTIVE:
        found.append(
            f"W411 Only {posterior.effective:.0f} of {posterior.draws:,} assumption draws agree with the facts: "
            "read ranges as rough."
        )
    return tuple(found)


def starved_by(
    model: Model, posterior: Posterior, asked: Iterable[Expression | None], do: Mapping[str, str]
) -> tuple[str, ...]:
    """The starving facts that what is asked or supposed leans on; none where the change itself sets all of it."""
    if not posterior.starving:
        return ()
    variables = model.mentioned(*asked)
    if set(map(variable_in, do)).issuperset(variables):
        return ()
    connected = model.connected(frozenset(variables))
    return tuple(fact for fact in posterior.starving if variable_of(fact) in connected)


def no_number(posterior: Posterior, starved: Sequence[str]) -> QuestionError:
    """The fault of an answer that leans on facts that starve (E413)."""
    wrong = (SAID[posterior.starving[fact]][1].format(_named(fact)) for fact in starved)
    return QuestionError("E413", f"There is no number. {' '.join(wrong)}", SAID[posterior.starving[starved[0]]][2])


def _named(fact: str) -> str:
    return fact.replace("@", " in ")
