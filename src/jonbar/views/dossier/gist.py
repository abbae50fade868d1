"""Why an answer is as it is and what it hangs on, in a sentence or three that stand beside it; all numbers bound."""

from __future__ import annotations

from dataclasses import dataclass

from jonbar.explaining import Grounds
from jonbar.query import Line
from jonbar.scenario.expressions import And, Compare, Expression, Is, Name, Not
from jonbar.scenario.notation import write_estimate, write_expression
from jonbar.scenario.terms import Kind, Scenario, Variable
from jonbar.sensitivity import KnockOut
from jonbar.views.dossier.answers import value_of
from jonbar.views.dossier.blocks import Figure, Told, Words
from jonbar.views.naming import ends_of, factor_of, note_of, reason_of
from jonbar.views.reasons import tells
from jonbar.views.rounding import UNNAMED, say_chance, say_number, step_of
from jonbar.weighing.bearing import Bearing

AS_GOOD_AS_SURE = 0.95  # what an outcome waits for is not worth a word
UNLIKELY = 0.4
MOSTLY, SELDOM = 0.8, 0.3  # of the worlds, in which an argument counts
MUCH = 0.15  # of how an answer differs, that goes with one assumption
BEFORE = {
    "chance": "the chance before any argument",
    "hazard": "the rate before any argument",
    "centre": "the number before any argument",
    "start": "the number at the start",
    "spread": "how much luck plays",
    "drift": "how fast it moves by itself",
}


@dataclass(frozen=True)
class Part:
    """A head and what follows it: `Why:`, `It hangs on`."""

    head: str
    words: Words


def gist(scenario: Scenario, line: Line, grounds: Grounds) -> tuple[Part, ...]:
    """Why an answer is as it is and what it hangs on; a part is left out where nothing can be told from noise."""
    variable = scenario.variables[line.name]
    why = _joined(stages(scenario, line, grounds) or _begins(variable), *_carried(scenario, line, grounds))
    found = (Part("Why:", why), _hinge(scenario, line, grounds))
    return tuple(each for each in found if each is not None and each.words)


def _joined(*parts: Words) -> Words:
    return tuple(piece for each in parts if each for piece in (" ", *each))[1:]


def _begins(variable: Variable) -> Words:
    """The chance that an event has before any argument, as the file has it."""
    if variable.kind is not Kind.EVENT or variable.base is None:
        return ()
    because = variable.backing.because.rstrip(".")
    told: Words = (" (", Told(because), ")") if because else ()
    return ("Before any argument its chance is ", Told(write_estimate(variable.base, variable.scale)), *told, ".")


def stages(scenario: Scenario, line: Line, grounds: Grounds) -> Words:
    """What an outcome waits for and how likely it is from there; which quantities settle it. Empty where neither is."""
    stage = grounds.stage
    told: Words = ()
    if stage is not None and stage.chance.value < AS_GOOD_AS_SURE:
        told = (
            "It takes ", *_condition(scenario, stage.condition), " (", value_of(stage.chance), "); from there it is ",
            value_of(stage.then), ".",
        )  # fmt: skip
    settled = _settled(scenario, line.variable, grounds)
    return (*told, *((" ",) if told and settled else ()), *settled)


def _settled(scenario: Scenario, name: str, grounds: Grounds) -> Words:
    """Which comparison of quantities is an outcome's definition, each with its mean."""
    variable, found = scenario.variables.get(name), dict(grounds.settled_by)
    formula = variable.formula if variable is not None else None
    if not found or not isinstance(formula, Compare):
        return ()
    signs = {"<": "below", "<=": "at most at", ">": "above", ">=": "at least at"}
    ends = (formula.left, formula.right)
    if not all(isinstance(each, Name) and each.name in found for each in ends):
        return ()
    named = [each.name for each in ends if isinstance(each, Name)]
    asks, answers = [_lower(scenario.variables[each].ask) for each in named], [found[each] for each in named]
    step = max(step_of((each.value, each.low, each.high), each.error) for each in answers)
    one, other = (Figure(say_number(each.value, step), each.value) for each in answers)
    unit: Words = () if answers[0].unit in UNNAMED else (" ", Told(answers[0].unit))
    average = "on average they are then " if grounds.stage is not None else "on average they are "
    return ("For it “", Told(asks[0]), "” has to be ", signs[formula.operator], " “", Told(asks[1]), "”; ", average,
            one, " and ", other, *unit, ".")  # fmt: skip


def _condition(scenario: Scenario, tree: Expression) -> Words:
    """A condition by the questions that it asks: `“Whom do they nominate?” to be goldwater`."""
    match tree:
        case Name() if tree.name in scenario.variables:
            ever = scenario.variables[tree.name].kind is Kind.HAZARD
            return (*_asked(scenario, tree.name), " ever to happen" if ever else " to be yes")
        case Is() if tree.subject.name in scenario.variables:
            state = tree.state.replace("_", " ")
            return (*_asked(scenario, tree.subject.name), " not to be " if tree.negated else " to be ", Told(state))
        case Not(operand=Name(name=name)) if name in scenario.variables:
            ever = scenario.variables[name].kind is Kind.HAZARD
            return (*_asked(scenario, name), " never to happen" if ever else " to be no")
        case And():
            parts = [_condition(scenario, each) for each in tree.operands]
            return tuple(piece for at, each in enumerate(parts) for piece in (*((" and ",) if at else ()), *each))
        case _:
            return (Told(write_expression(tree).replace("_", " ")),)


def _asked(scenario: Scenario, name: str) -> Words:
    return "“", Told(scenario.variables[name].ask), "”"


def _carried(scenario: Scenario, line: Line, grounds: Grounds) -> tuple[Words, ...]:
    """The arguments that carry most for an answer and against it; of what is unlikely those against it come first."""
    telling = [each for each in grounds.arguments if tells(each)]
    up, down = ([each for each in telling if (each.difference > 0) is raises][:1] for raises in (True, False))
    answer = line.leading[1]
    unlikely = answer.unit == "chance" and answer.value < UNLIKELY
    ordered = (*down, *up) if unlikely else (*up, *down)
    return tuple(_argument(scenario, each, grounds) for each in ordered)


def _argument(scenario: Scenario, found: KnockOut, grounds: Grounds) -> Words:
    chance, up = found.answer.unit == "chance", found.difference > 0
    way = ("Most for it", "Most against it") if chance else ("What raises it most", "What lowers it most")
    said = reason_of(scenario, found.push).rstrip(".")
    return (f"{way[0 if up else 1]}: ", Told(said), " (without that ", bare(found.without.value, found.without.unit),
            ").", *in_real_history(found, grounds))  # fmt: skip


def in_real_history(found: KnockOut, grounds: Grounds) -> Words:
    """Why an argument that hardly counts here bears on the answer: it is behind what really happened."""
    really, here = grounds.counts.get(found.push, (0.0, 0.0))
    if really < MOSTLY or here > SELDOM:
        return ()
    return (" That one is behind what really happened and seldom counts here (", Figure(say_chance(here), here),
            "); without it, what happened would have had other causes, which would be at work here too.")  # fmt: skip


def _hinge(scenario: Scenario, line: Line, grounds: Grounds) -> Part | None:
    """The open assumption that an answer goes with most, and what it would be either way."""
    if not grounds.hangs_on:
        return None
    first, unit = grounds.hangs_on[0], dict(line.here)[line.leading[0]].unit
    (one, low), (other, high) = either_way(scenario, first)
    words: Words = (*assumed(scenario, first, line.variable), ": ", bare(low, unit), f" {one}, ", bare(high, unit),
                    f" {other}.")  # fmt: skip
    return Part("It hangs on" if first.share >= MUCH else "Nothing decides it alone; it goes most with", words)


def either_way(scenario: Scenario, found: Bearing) -> tuple[tuple[str, float], tuple[str, float]]:
    """What an answer would be at either end of an assumption, where it counts little or is false before the other."""
    low, high = ends_of(scenario, found.assumption)
    ends = (low, found.low), (high, found.high)
    return (ends[1], ends[0]) if "much" in low else ends


def assumed(scenario: Scenario, found: Bearing, outcome: str) -> Words:
    """An assumption in words that need no file: what a theory asks, how much an argument or a cause counts."""
    if found.theory:
        return "a quarrel of scholars, “", Told(scenario.premises[found.assumption].ask), "”"
    owner, _, part = found.assumption.partition(".")
    variable = scenario.variables.get(owner)
    if variable is None:
        return (Told(note_of(scenario, found.assumption)),)
    if any(each.name == part for each in variable.pushes):
        return "how much this counts, “", Told(reason_of(scenario, found.assumption)), "”"
    factor = factor_of(scenario, found.assumption)
    if factor is not None:
        return "how much “", Told(scenario.variables[factor].ask), "” counts for “", Told(variable.ask), "”"
    said = BEFORE.get(part, f"the number “{part.replace('_', ' ')}”")
    return Told(said), *(() if owner == outcome else (" of “", Told(variable.ask), "”"))


def bare(value: float, unit: str) -> Figure:
    """A value without its range."""
    if unit == "chance":
        return Figure(say_chance(value), value)
    return Figure(say_number(value, step_of((value, 0.0, 0.0), 0.0)), value)


def _lower(ask: str) -> str:
    return ask[:1].lower() + ask[1:]
