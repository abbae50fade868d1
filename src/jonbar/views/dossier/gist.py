"""Why an answer is as it is and what it hangs on, in a sentence or three that stand beside it; all numbers bound."""

from __future__ import annotations

from dataclasses import dataclass

from jonbar.explaining import Grounds
from jonbar.query import Answer, Line
from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Name, Not, names_in
from jonbar.scenario.notation import write_estimate, write_expression
from jonbar.scenario.terms import Kind, Scenario, Variable
from jonbar.views.dossier.answers import UNNAMED, value_of
from jonbar.views.dossier.blocks import Figure, Strong, Told, Words
from jonbar.views.naming import note_of
from jonbar.views.reasons import tells
from jonbar.views.rounding import say_chance, say_number, step_of
from jonbar.weighing.bearing import Bearing

AS_GOOD_AS_SURE = 0.95  # what an outcome waits for is not worth a word
BEFORE = {
    "chance": "the chance before any argument",
    "hazard": "the rate before any argument",
    "centre": "the number before any argument",
    "start": "the number at the start",
    "spread": "how much luck plays",
    "drift": "how fast it moves by itself",
}


@dataclass(frozen=True)
class Gist:
    """What an answer passes through and the argument that carries most of it; the assumption that it hangs on most."""

    why: Words
    hangs_on: Words

    @property
    def parts(self) -> tuple[Words, ...]:
        """Each of them as it stands below a sentence."""
        named = (("Why:", self.why), ("It hangs on", self.hangs_on))
        return tuple((Strong((head,)), " ", *words) for head, words in named if words)


def gist(scenario: Scenario, line: Line, grounds: Grounds) -> Gist:
    """The grounds of an answer in a sentence or three; either part is empty where nothing can be told from noise."""
    variable = scenario.variables[line.variable.partition(" in ")[0]]
    passed, carried = stages(scenario, line, grounds) or _begins(variable), _carried(grounds)
    return Gist((*passed, *((" ",) if passed and carried else ()), *carried), _hinge(scenario, line, grounds))


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
    settled = _settled(scenario, line.variable, dict(grounds.settled_by))
    return (*told, *((" ",) if told and settled else ()), *settled)


def _settled(scenario: Scenario, name: str, found: dict[str, Answer]) -> Words:
    """Which comparison of quantities is an outcome's definition, each with its mean."""
    variable = scenario.variables.get(name)
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
    return ("It is so where “", Told(asks[0]), "” is ", signs[formula.operator], " “", Told(asks[1]),
            "”: on average they are ", one, " and ", other, *unit, ".")  # fmt: skip


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


def _carried(grounds: Grounds) -> Words:
    """The argument without which the answer would be furthest from what it is."""
    first = next((each for each in grounds.arguments if tells(each)), None)
    if first is None:
        return ()
    chance, up = first.answer.unit == "chance", first.difference > 0
    way = ("speaks most for it", "speaks most against it") if chance else ("raises it most", "lowers it most")
    return (f"What {way[0 if up else 1]} is ", *_argument(first.push, first.because), " Without that: ",
            bare(first.without.value, first.without.unit), ".")  # fmt: skip


def _argument(push: str, because: str) -> Words:
    """An argument by its name and its paraphrase."""
    name = push.partition(".")[2].replace("_", " ")
    return ("“", Told(name), "”", *((": ", Told(because)) if because else (".",)))


def _hinge(scenario: Scenario, line: Line, grounds: Grounds) -> Words:
    """The open assumption that it goes with most, and what it would be either way."""
    if not grounds.hangs_on:
        return ()
    first, unit = grounds.hangs_on[0], dict(line.here)[line.leading[0]].unit
    low, high = bare(first.low, unit), bare(first.high, unit)
    if first.theory:
        return ("a quarrel of scholars: ", Told(scenario.premises[first.assumption].ask), " If not, ", low, "; if so, ",
                high, ".")  # fmt: skip
    carried = next((each.push for each in grounds.arguments if tells(each)), None)
    same = carried == first.assumption
    named: Words = ("how much that argument counts",) if same else assumed(scenario, first, line.variable)
    return (*named, ": ", low, " where that is low, ", high, " where it is high.")


def assumed(scenario: Scenario, found: Bearing, outcome: str) -> Words:
    """An assumption in words that need no file: what a theory asks, how much an argument or a cause counts."""
    if found.theory:
        return (Told(scenario.premises[found.assumption].ask),)
    owner, _, part = found.assumption.partition(".")
    variable = scenario.variables.get(owner)
    if variable is None:
        return (Told(note_of(scenario, found.assumption)),)
    push = next((each for each in variable.pushes if each.name == part), None)
    if push is not None:
        because = push.backing.because.rstrip(".")
        counts: Words = ("how much “", Told(part.replace("_", " ")), "” counts")
        return (*counts, " (", Told(because), ")") if because else counts
    factor = _factor(variable.formula, part) if variable.formula is not None else None
    about = scenario.variables.get(factor or "")
    if about is not None:
        return "how much “", Told(about.ask), "” counts for “", Told(variable.ask), "”"
    said = BEFORE.get(part, f"the number “{part.replace('_', ' ')}”")
    return Told(said), *(() if owner == outcome else (" of “", Told(variable.ask), "”"))


def _factor(tree: Expression, coefficient: str) -> str | None:
    """The question whose answer a coefficient multiplies in a formula."""
    if not isinstance(tree, Arithmetic):
        return None
    for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
        if tree.operator == "*" and isinstance(one, Name) and one.name == coefficient:
            return next(iter(sorted(names_in(other))), None)
    return _factor(tree.left, coefficient) or _factor(tree.right, coefficient)


def bare(value: float, unit: str) -> Figure:
    """A value without its range."""
    if unit == "chance":
        return Figure(say_chance(value), value)
    return Figure(say_number(value, step_of((value, 0.0, 0.0), 0.0)), value)


def _lower(ask: str) -> str:
    return ask[:1].lower() + ask[1:]
