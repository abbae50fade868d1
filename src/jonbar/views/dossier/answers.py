"""Answers in words with their numbers bound: each figure that is shown knows the exact value it was rounded from."""

from __future__ import annotations

from jonbar.query.answering import Answer, Line
from jonbar.scenario.terms import Kind
from jonbar.views.dossier.blocks import Chance, Facing, Figure, Quiet, Strong, Told, Words
from jonbar.views.reasons import verdict
from jonbar.views.rounding import NO_NUMBER, UNNAMED, ends_of, say_chance, say_number, say_value, step_of
from jonbar.views.timelines import CHANGED, HELD, LEAST_STATE, STATES_SHOWN


def value_of(answer: Answer) -> Figure:
    """The value alone."""
    return Figure(say_value(answer), answer.value)


def range_of(answer: Answer) -> Words:
    """The 90 % range over what the file leaves open: `44-94`."""
    low, high = ends_of(answer)
    if answer.unit == "chance":
        ends = [say_chance(each, answer.error).rstrip("%") for each in (low, high)]
    else:
        step = step_of((answer.value, low, high), answer.error)
        ends = [say_number(each, step) for each in (low, high)]
    if ends[0] == ends[1]:
        return (Figure(ends[0], low),)
    plain = not ends[0].startswith("-") and not ends[1].startswith((">", "-"))
    return Figure(ends[0], low), "–" if plain else " to ", Figure(ends[1], high)


def answer_words(line: Line, label: str, answer: Answer) -> Words:
    """An answer as it follows its question: `Probably: 86% (66-97)`."""
    number: Words = (value_of(answer), " (", *range_of(answer), ")")
    if answer.unit != "chance":
        named = answer.unit in UNNAMED or answer.unit.lower() in line.ask.lower()
        unit: Words = () if named else (" ", Told(answer.unit))
        return Strong(("About ", value_of(answer), *unit)), " (", *range_of(answer), ")"
    if label != "yes":
        word = label.replace("_", " ")
        return Strong((Told(f"{word[:1].upper()}{word[1:]}"),)), ", ", *number
    if line.kind is Kind.HAZARD:
        when = line.when.partition("/")[2] or line.when
        return Strong(("By ", Told(when), f", {verdict(answer).lower()}")), ", ", *number
    return Strong((verdict(answer),)), ", ", *number


def question_words(line: Line) -> Words:
    """A line's question."""
    return (Told(line.ask if line.ask.endswith("?") else f"{line.ask}:"),)


def item_of(line: Line) -> Words:
    """One question with its answer and what happened, as one item."""
    label, answer = line.leading
    really: Words = (Quiet((" In our history: ", Told(line.really.replace("_", " ")), ".")),) if line.really else ()
    return (*question_words(line), " ", *answer_words(line, label, answer), ".", *really)


def facing_rows(line: Line, fixed: str = "") -> list[Facing]:
    """The rows of the two timelines that a question fills; `fixed` is what the act makes of it, if it does."""
    end = line.when.partition("/")[2] or line.when
    when = f"by {end}" if line.kind is Kind.HAZARD else end
    really: Words = (Told(line.really.replace("_", " ")),) if line.really else ()
    ask: Words = (Told(line.ask),)
    answers = list(line.here)
    label, answer = line.leading
    if fixed:
        held = HELD if line.really == fixed else CHANGED
        return [Facing(when, ask, really, (Told(fixed.replace("_", " ")),), (held,), None, "", held == CHANGED, True)]
    if answer.starved:
        return [Facing(when, ask, really, (NO_NUMBER,), (), None, "", False, True)]
    if answer.unit != "chance":
        unit: Words = () if answer.unit in UNNAMED else (" ", Told(answer.unit))
        return [
            Facing(
                when, ask, really, (value_of(answer), *unit), range_of(answer), None, line.outcome(label), False, True
            )
        ]
    if label == "yes" and len(answers) == 1:
        chance = Chance(answer.value, answer.low, answer.high, line.was(label))
        here: Words = (value_of(answer), " by then" if line.kind is Kind.HAZARD else " yes")
        return [Facing(when, ask, really, here, range_of(answer), chance, line.outcome(label), False, True)]
    ranked = sorted(answers, key=lambda each: -each[1].value)
    shown_states = [each for each in ranked[:STATES_SHOWN] if each[1].value >= LEAST_STATE] or ranked[:1]
    return [
        Facing(
            when if number == 0 else "",
            ask if number == 0 else (),
            really if number == 0 else (),
            (value_of(each), " ", Told(state.replace("_", " "))),
            range_of(each),
            Chance(each.value, each.low, each.high, line.was(state)),
            line.outcome(state),
            False,
            number == 0,
        )
        for number, (state, each) in enumerate(shown_states)
    ]
