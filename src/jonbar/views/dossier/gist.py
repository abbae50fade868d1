"""Why an answer is as it is and what it hangs on, in a sentence or three that stand beside it; all numbers bound."""

from __future__ import annotations

from dataclasses import dataclass

from jonbar.crux.gap import READING, Crux
from jonbar.query.answering import Answer, Line
from jonbar.report.explaining import Grounds
from jonbar.scenario.expressions import And, Compare, Expression, Is, Name, Not
from jonbar.scenario.notation import write_estimate, write_expression
from jonbar.scenario.terms import Kind, Scenario, Variable
from jonbar.sensitivity.arguments import KnockOut
from jonbar.views.dossier.answers import value_of
from jonbar.views.dossier.blocks import Figure, Piece, Told, Words
from jonbar.views.naming import ends_of, factor_of, lead_of, note_of, speaks_for
from jonbar.views.reasons import tells
from jonbar.views.rounding import UNNAMED, say_chance, say_difference, say_number, step_of
from jonbar.weighing.bearing import Bearing

TELLING = 0.05  # of a chance, by which kept luck is worth a word
AS_GOOD_AS_SURE = 0.95  # what an outcome waits for is not worth a word
UNLIKELY = 0.4
MOSTLY, SELDOM = 0.8, 0.3  # of the worlds, in which an argument counts
LARGE, PLAIN = 0.2, 2.0  # a share of a gap that is worth a word; errors, beyond which a share is told apart from chance
LISTED = (Kind.CHOICE, Kind.ORDERED)
MOST, SOME, ALSO = 0.5, 0.15, 0.1  # of an answer's uncertainty, that one assumption makes
BEFORE = {
    "chance": "the chance before any argument",
    "hazard": "the rate before any argument",
    "centre": "the number before any argument",
    "start": "the number at the start",
    "spread": "how much luck plays",
    "drift": "how fast it moves by itself",
}


@dataclass(frozen=True)
class About:
    """One answer of one question of a scenario."""

    scenario: Scenario
    line: Line
    label: str

    @property
    def variable(self) -> Variable:
        """The question as the file has it."""
        return self.scenario.variables[self.line.name]

    @property
    def text(self) -> str:
        """It as the file writes it: `goldwater_president`, `reply is strike`."""
        plain = self.label == "yes" or self.answer.unit != "chance"
        return self.line.variable if plain else f"{self.line.variable} is {self.label}"

    @property
    def answer(self) -> Answer:
        """The answer in the changed history."""
        return dict(self.line.here)[self.label]


@dataclass(frozen=True)
class Part:
    """A head and what follows it: `Why:`, `It hangs on`."""

    head: str
    words: Words


def gist(about: About, grounds: Grounds) -> tuple[Part, ...]:
    """Why an answer is as it is and what it hangs on; a part is left out where nothing can be told from noise."""
    why = _joined(stages(about, grounds) or _begins(about), *_carried(about, grounds))
    found = (Part("Why:", why), _hinge(about, grounds))
    return tuple(each for each in found if each is not None and each.words)


def _joined(*parts: Words) -> Words:
    return tuple(piece for each in parts if each for piece in (" ", *each))[1:]


def _begins(about: About) -> Words:
    """The chance that an answer has before any argument, as the file has it, and what luck makes of it."""
    variable = about.variable
    weights = {each.name: each.weight for each in variable.states}
    begins = weights.get(about.label) if variable.kind in LISTED else variable.base
    said = write_estimate(begins, variable.scale) if begins is not None else ""
    if variable.kind not in (Kind.EVENT, Kind.HAZARD, *LISTED) or not ("%" in said or " of " in said):
        return ()
    because = variable.backing.because.rstrip(".")
    told: Words = (": ", Told(because)) if because else ()
    return ("Before any argument its chance is ", Told(said), *told, ".", *_luck(about))


def _luck(about: About) -> Words:
    """What history's luck, as far as it is kept, makes of an answer: beside the same with the dice re-rolled."""
    rerolled, really = dict(about.line.rerolled)[about.label], about.line.answered
    if not really or abs(about.answer.value - rerolled.value) < TELLING:
        return ()
    happened = "happened" if really == about.label else "did not happen"
    here = bare(about.answer.value, about.answer.unit)
    return (" With all arguments it is ", value_of(rerolled), " if the dice are re-rolled; it ", happened,
            " in our history, and with the part of that luck that is carried over it is ", here, ".")  # fmt: skip


def stages(about: About, grounds: Grounds) -> Words:
    """What an outcome waits for and how likely it is from there; which quantities settle it. Empty where neither is."""
    stage = grounds.stage
    told: Words = ()
    if stage is not None and stage.chance.value < AS_GOOD_AS_SURE:
        then: Words = ("; of such histories ", value_of(stage.then), " lead to it") if stage.then is not None else ()
        waits = _condition(about.scenario, stage.condition)
        told = ("It takes ", *waits, " (", value_of(stage.chance), ")", *then, ".")
    settled = _settled(about, grounds)
    return (*told, *((" ",) if told and settled else ()), *settled)


def _settled(about: About, grounds: Grounds) -> Words:
    """Which comparison of quantities is an outcome's definition, each with its mean."""
    formula, found = about.variable.formula, dict(grounds.settled_by)
    if not found or not isinstance(formula, Compare):
        return ()
    signs = {"<": "below", "<=": "at most at", ">": "above", ">=": "at least at"}
    ends = (formula.left, formula.right)
    if not all(isinstance(each, Name) and each.name in found for each in ends):
        return ()
    named = [each.name for each in ends if isinstance(each, Name)]
    asks, answers = [_lower(about.scenario.variables[each].ask) for each in named], [found[each] for each in named]
    step = max(step_of((each.value, each.low, each.high), each.error) for each in answers)
    unit: Words = () if answers[0].unit in UNNAMED else (" ", Told(answers[0].unit))
    one, other = (_average(each, step) for each in answers)
    then = "is then" if grounds.stage is not None else "is"
    return ("For that, “", Told(asks[0]), "” has to be ", signs[formula.operator], " “", Told(asks[1]),
            f"”: on average the first {then} ", *one, " and the second ", *other, *unit, ".")  # fmt: skip


def _average(answer: Answer, step: float) -> Words:
    """A quantity's mean, and between which ends luck brings it nine times in ten."""
    mean = Figure(say_number(answer.value, step), answer.value)
    if answer.predictive_low is None or answer.predictive_high is None:
        return (mean,)
    low, high = (Figure(say_number(each, step), each) for each in (answer.predictive_low, answer.predictive_high))
    return (mean,) if low.text == high.text else (mean, " (", low, " to ", high, " as luck has it)")


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


def _carried(about: About, grounds: Grounds) -> tuple[Words, ...]:
    """The arguments that carry most for an answer and against it; of what is unlikely those against it come first.

    One that moves it by a detour is no reason that is understood in passing: it stands with all the others.
    """
    telling = [each for each in grounds.arguments if tells(each)]
    plain = [each for each in telling if absent(each, grounds) or not detour(about, each, grounds)]
    up, down = ([each for each in plain if (each.difference > 0) is raises][:1] for raises in (True, False))
    unlikely = about.answer.unit == "chance" and about.answer.value < UNLIKELY
    ordered = (*down, *up) if unlikely else (*up, *down)
    return tuple(_argument(about, each, grounds) for each in ordered)


def _argument(about: About, found: KnockOut, grounds: Grounds) -> Words:
    chance, up = found.answer.unit == "chance", found.difference > 0
    way = (("Most for it", "Most against it") if chance else ("What raises it most", "What lowers it most"))[not up]
    said, bare_answer = lead_of(about.scenario, found.push), bare(found.without.value, found.without.unit)
    if absent(found, grounds):
        _, here = grounds.counts[found.push]
        where: Words = (" (at work in our history, here in ", Figure(say_chance(here), here), " of histories).")
        return f"{way}, by being absent: ", Told(said), *where
    return f"{way}: ", Told(said), " (without this argument, ", bare_answer, ")."


def way_of(found: KnockOut) -> Words:
    """Which way an argument moves an answer, and how far: `makes it likelier by 13 points`."""
    if found.answer.unit == "chance":
        way = "makes it likelier" if found.difference > 0 else "makes it less likely"
    else:
        way = "raises it" if found.difference > 0 else "lowers it"
    size = abs(found.difference)
    said = say_difference(size, found.answer.unit, found.error).removeprefix("+")
    return f"{way} by ", Figure(said, size)


def absent(found: KnockOut, grounds: Grounds) -> bool:
    """Whether an argument was at work in our history and seldom is here, so that it moves an answer by being absent."""
    really, here = grounds.counts.get(found.push, (0.0, 0.0))
    return really >= MOSTLY and here <= SELDOM


def detour(about: About, found: KnockOut, grounds: Grounds) -> Words:
    """Why an argument moves an answer the other way than it speaks: by what it did in the history that happened.

    Either it was at work there and seldom is here, or it accounts for a record that luck would have to without it.
    """
    if absent(found, grounds):
        _, here = grounds.counts[found.push]
        return "It was at work in our history, and here in ", Figure(say_chance(here), here), "."
    speaks = speaks_for(about.scenario, found.push, about.line.name, about.label)
    if speaks is None or speaks is (found.difference > 0) or not about.line.answered:
        return ()
    return (f"By itself it speaks {'for' if speaks else 'against'} it. But without it what really happened would be "
            "owed to luck alone, and part of that luck is carried over to here.",)  # fmt: skip


def _hinge(about: About, grounds: Grounds) -> Part | None:
    """The open assumption that an answer hangs on most, what it would be either way, and perhaps the next one."""
    if not grounds.hangs_on:
        return None
    first, *rest = grounds.hangs_on
    unit = about.answer.unit
    (one, low), (other, high) = either_way(about.scenario, first)
    words: Words = (*assumed(about, first.assumption), ": ", bare(low, unit), f" {one}, ", bare(high, unit),
                    f" {other} (", _part_of(first), " of the uncertainty)")  # fmt: skip
    if first.share < MOST and rest and rest[0].share >= ALSO:
        words = (*words, "; then on ", *assumed(about, rest[0].assumption), " (", _part_of(rest[0]), ")")
    head = "It hangs on" if first.share >= MOST else "It hangs most on"
    return Part(head if first.share >= SOME else "Nothing decides it alone; it hangs most on", (*words, "."))


def _part_of(found: Bearing) -> Figure:
    return Figure(f"{100 * found.share:.0f}%", found.share)


def either_way(scenario: Scenario, found: Bearing) -> tuple[tuple[str, float], tuple[str, float]]:
    """What an answer would be at either end of an assumption, where it counts little or is false before the other."""
    low, high = ends_of(scenario, found.assumption)
    ends = (low, found.low), (high, found.high)
    return (ends[1], ends[0]) if "much" in low else ends


def standoff(about: About, found: Crux) -> Part | None:
    """What two camps come to on an answer, and what makes most of the gap; None where they cannot be told apart."""
    telling = [each for each in found.shares if each.part >= LARGE and abs(each.points) > PLAIN * each.error]
    if not telling:
        return None
    words: list[Piece] = []
    for side in (found.one, found.other):
        holds: Words = (" (“", Told(side.camp.says.rstrip(".")), "”)") if side.camp.says else ()
        name = Told(side.camp.name.replace("_", " "))
        opens = "; the " if words else "with numbers of their own, the "
        words += [opens, name, *holds, " come to ", value_of(side.answer)]
    words.append(". What parts them most is ")
    for at, each in enumerate(sorted(telling, key=lambda one: -one.part)[:2]):
        named: Words = ("what the what-if means",) if each.assumption == READING else assumed(about, each.assumption)
        words += [" and " if at else "", *named, " (", Figure(f"{100 * each.part:.0f}%", each.part), " of the gap)"]
    return Part("Two camps part here:", (*words, "."))


def assumed(about: About, name: str) -> Words:
    """An assumption in words that need no file: what a theory asks, how much an argument or a cause counts."""
    scenario, outcome = about.scenario, about.line.name
    owner, _, part = name.partition(".")
    if owner in scenario.premises:
        return "a quarrel of scholars, “", Told(scenario.premises[owner].ask), "”"
    variable = scenario.variables.get(owner)
    if variable is None:
        return (Told(note_of(scenario, name)),)
    if scenario.push(name):
        moves: Words = (
            ("how much this counts",) if owner == outcome else ("how far this moves “", Told(variable.ask), "”")
        )
        return *moves, ": “", Told(lead_of(scenario, name)), "”"
    factor = factor_of(scenario, name)
    if factor is not None:
        return "how strongly “", Told(scenario.variables[factor].ask), "” moves “", Told(variable.ask), "”"
    said = BEFORE.get(part, f"the number “{part.replace('_', ' ')}”")
    return Told(said), *(() if owner == outcome else (" of “", Told(variable.ask), "”"))


def bare(value: float, unit: str) -> Figure:
    """A value without its range."""
    if unit == "chance":
        return Figure(say_chance(value), value)
    return Figure(say_number(value, step_of((value, 0.0, 0.0), 0.0)), value)


def _lower(ask: str) -> str:
    return ask[:1].lower() + ask[1:]
