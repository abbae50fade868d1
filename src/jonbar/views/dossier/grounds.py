"""What a report stands on: real history, claims, single tellings, every argument with its source, and its making."""

from __future__ import annotations

from jonbar.claims.verdicts import Judged, Verdict
from jonbar.crux.gap import READING, Crux, Share, Side
from jonbar.history.surprise import Surprise
from jonbar.report.dossier import Dossier
from jonbar.report.dossier import Told as Picked
from jonbar.scenario.notation import write_estimate, write_expression
from jonbar.scenario.numbers import Scale
from jonbar.scenario.settings import standing
from jonbar.scenario.terms import Kind, Push, Scenario, Variable
from jonbar.sensitivity.arguments import Entry
from jonbar.views.branching_picture import draw_branching
from jonbar.views.crux import say_gap
from jonbar.views.dossier.answers import range_of, value_of
from jonbar.views.dossier.blocks import (
    Block,
    Cite,
    Code,
    Drawing,
    Figure,
    Folded,
    Heading,
    Listing,
    Paragraph,
    Quiet,
    Section,
    Strong,
    Table,
    Told,
    Words,
)
from jonbar.views.dossier.counts import counts, joined, many, verdicts
from jonbar.views.drawing import NARROW, WIDE
from jonbar.views.headline import how_far
from jonbar.views.naming import note_of, question_of, said_of, say_push
from jonbar.views.prose import mechanism
from jonbar.views.rounding import UNNAMED, say_chance, say_difference
from jonbar.views.verdicts import SHORT

FACTS_SHOWN = 8
ENTRIES_SHOWN = 24
TURNS = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED, Kind.HAZARD)  # what makes a story; quantities do not


def real_history(dossier: Dossier) -> Section | None:
    """How the model sees what really happened: what surprised it, where that was worked out."""
    found = dossier.surprises
    if found is None:
        return None
    ruled = [each for each in found.facts if each.coin is not None]  # an exact day is always a surprise
    ranked = sorted(ruled or found.facts, key=lambda each: -each.bits)[:FACTS_SHOWN]
    bits = sum(each.bits for each in ruled)
    coin = sum(each.coin or 0.0 for each in ruled)
    worst = max(max(each.error, each.others_error) for each in found.facts)
    blocks: list[Block] = [
        Paragraph((
            "A model that finds what happened astonishing deserves little trust about what did not. Surprise is "
            "counted in bits: one bit is a coin that came up as it did. On the ",
            Figure(str(len(ruled)), len(ruled)), " facts with named answers this model was surprised by ",
            Figure(f"{bits:.0f}", bits), " bits; giving every answer the same chance, by ", Figure(f"{coin:.0f}", coin),
            ". Its author knew these facts, so a small surprise is no foresight.",
        )),
        Table(
            ("When", "Question", "What happened", "bits"),
            tuple(_surprise(each) for each in ranked), "surprises",
            "What surprised the model most, of questions with named answers",
        ),
        Paragraph((
            "Each fact is foreseen from those before it, in ", Figure(f"{found.draws:,}", found.draws),
            " draws; Monte Carlo error of one figure at most ", Figure(f"{worst:.2g}", worst), " bits.",
        ), "note"),
    ]  # fmt: skip
    holds = joined(many(len(ruled), "fact"), (Figure(f"{bits:.0f}", bits), " bits of surprise"))
    return Section("history", "How the model sees real history", tuple(blocks), holds)


def _surprise(found: Surprise) -> tuple[Words, ...]:
    really = Told(found.really.replace("_", " "))
    return (found.when,), (Told(found.ask),), (really,), (Figure(f"{found.bits:.1f}", found.bits),)


def claims(dossier: Dossier) -> Section | None:
    """What people said, each with its verdict."""
    judged = dossier.report.judged
    if not judged:
        return None
    blocks: list[Block] = [
        Paragraph((
            "A claim holds or fails if at least nine draws of ten say so; where it depends, it says on what. Nobody "
            "who said a thing flatly is taken to have been nearly certain.",
        )),
        Table(
            ("", "Who", "What was said", "What was meant", "What is computed"),
            tuple(_claim(each, dossier.report.scenario) for each in judged), "claims", "The claims ledger",
        ),
    ]  # fmt: skip
    holds: Words = (*many(len(judged), "claim"), ": ", *verdicts(dossier))
    return Section("claims", "What people said", tuple(blocks), holds)


def _claim(judged: Judged, scenario: Scenario) -> tuple[Words, ...]:
    hinge = _hinges(judged, scenario) if judged.verdict is Verdict.DEPENDS and judged.hangs_on else ()
    return (
        (Strong((SHORT[judged.verdict],)),),
        (Told(judged.claim.who),),
        (Told(judged.claim.says), *hinge),
        _meant(judged),
        _computed(judged),
    )


def _hinges(judged: Judged, scenario: Scenario) -> Words:
    """On what a verdict depends: what it depends on most in words, the rest by name."""
    first, *rest = (each.assumption for each in judged.hangs_on)
    names = [piece for each in rest for piece in (", ", Code(each))][1:]
    also = ("; and on ", *names) if rest else ()
    return (Quiet((" It depends on this: ", Told(note_of(scenario, first).rstrip(".")), " ", Code(first), *also, ".")),)


def _meant(judged: Judged) -> Words:
    if judged.meant is not None and judged.meant[1] >= 1.0:
        return Figure(f"{100 * judged.meant[0]:.0f}%", judged.meant[0]), " or more"
    if judged.meant is not None:
        low, high = (Figure(say_chance(each), each) for each in judged.meant)
        return (low,) if low == high else (low, " to ", high)
    return ("unhedged",) if judged.answer is not None else ()


def _computed(judged: Judged) -> Words:
    answer = judged.answer
    if judged.verdict in (Verdict.VALUE, Verdict.FALSE) or answer is None:
        return ()
    unit: Words = () if answer.unit in UNNAMED else (" ", Told(answer.unit))
    if judged.difference is not None and judged.other is not None:
        return (Figure(say_difference(judged.difference, answer.unit, answer.error), judged.difference), *unit)
    return value_of(answer), *unit, Quiet((" (", *range_of(answer), ")"))


def quarrel(dossier: Dossier) -> Section | None:
    """What parts two camps on one question, and what would bring them together."""
    found = dossier.crux
    if found is None:
        return None
    sides = [_camp(each, found) for each in (found.one, found.other)]
    gap: Words = (Figure(say_gap(found), found.gap),)
    blocks: list[Block] = [
        Paragraph(("Two camps, and what each comes to on “", Told(found.question.replace("_", " ")), "”:")),
        Listing(tuple(sides)),
    ]
    holds: Words = ("two camps ", *gap, " apart on one question, and what parts them")
    if found.refused:
        return Section("crux", "The crux", (*blocks, Paragraph((Told(found.refused),), "note")), holds)
    rows = tuple(_share_of(each, found, dossier) for each in found.shares if abs(each.points) > 2.0 * each.error)
    heads = ("Assumption", found.one.camp.name, found.other.camp.name, "of the gap")
    blocks += [
        Paragraph(("They are ", *gap, " apart. This is what parts them, and how much of the gap each makes:")),
        Table(heads, rows, "crux", "What the quarrel hinges on"),
        Paragraph(
            ("Shapley shares: each assumption is given to the other camp in every order in which that may be done.",),
            "note",
        ),
    ]
    return Section("crux", "The crux", tuple(blocks), holds)


def _camp(side: Side, found: Crux) -> Words:
    number: Words = (value_of(side.answer), " (", *range_of(side.answer), ")")
    meaning: Words = (Quiet((" It means: ", Told(side.reading.says))),)
    return (Strong((Told(side.camp.name),)), ": ", *number, ". ", Told(side.camp.says),
            *(meaning if found.one.reading != found.other.reading else ()))  # fmt: skip


def _share_of(share: Share, found: Crux, dossier: Dossier) -> tuple[Words, ...]:
    if share.assumption == READING:
        named: Words = ("What the what-if means",)
    else:
        named = _named(dossier.report.scenario, share.assumption)
    part = Figure(f"{100 * share.part:.0f}%", share.part)
    return named, (Told(share.one),), (Told(share.other),), (part,)


def _named(scenario: Scenario, name: str) -> Words:
    """An assumption: its question, what is said of it, and small its name."""
    return Told(question_of(scenario, name)), Quiet((" ", Told(said_of(scenario, name)), " ", Code(name)))


PICKED = {
    "ordinary": ("The most ordinary", "the one whose turns are likeliest, taken together"),
    "strangest": ("The strangest", "the one whose turns are least likely, taken together"),
    "closest": ("The closest to our own", "the one that departs from what happened in the fewest lines"),
}


def tellings(dossier: Dossier) -> Section:
    """The commonest histories as a tree, and three single runs of luck as stories."""
    blocks: list[Block] = []
    if dossier.histories is not None and dossier.histories.forks:
        blocks += [
            Paragraph((
                "Answers that are likely one by one need not be likely together. Here whole sequences are counted, "
                "over the questions that tell most about how everything else goes.",
            )),
            Drawing(*(draw_branching(dossier.histories, width=width) for width in (WIDE, NARROW))),
        ]  # fmt: skip
    blocks += [
        Paragraph((
            "A chance is an average over many runs of luck. These are single ones, picked from many by a rule; they "
            "show how things hang together, and none of them is a forecast.",
        ))
    ]  # fmt: skip
    commonest: Words = ("the commonest as a tree",) if len(blocks) > 1 else ()
    holds = joined(commonest, many(len(dossier.tellings), "history told by itself", "histories told one by one"))
    for each in dossier.tellings:
        blocks += _telling(each, dossier)
    return Section("tellings", "Whole histories", tuple(blocks), holds)


def _telling(picked: Picked, dossier: Dossier) -> list[Block]:
    title, rule = PICKED[picked.what]
    told = picked.chronicle
    departed = [each for each in told.entries if each.departed]
    assert dossier.report.timelines is not None
    turns = {line.variable: how_far(line) for line in dossier.report.timelines.lines if line.kind in TURNS}
    telling = sorted((each for each in departed if each.variable in turns), key=lambda each: -turns[each.variable])
    number = told.number
    items = tuple(_entry(each) for each in sorted(telling[:ENTRIES_SHOWN], key=_day))
    rest = len(departed) - len(items)
    more: list[Block] = []
    if rest > 0:
        more = [
            Paragraph(
                (
                    Figure(str(rest), rest),
                    " other lines depart from our history.",
                ),
                "note",
            )
        ]
    named: Words = (title, Quiet((f": {rule}; telling ", Figure(str(number), number))))
    return [Folded(named, (Listing(items, "chronicle"), *more), open=picked.what == "ordinary")]


def _day(entry: Entry) -> str:
    return entry.when.partition("/")[2] or entry.when


def _entry(entry: Entry) -> Words:
    when = _day(entry)
    really: Words = (Quiet((" In our history: ", Told(entry.really.replace("_", " ")), ".")),) if entry.really else ()
    return Quiet((Told(when),)), " ", Told(entry.ask), " ", Strong((Told(entry.here.replace("_", " ")),)), ".", *really


def arguments(dossier: Dossier) -> Section:
    """Every question of the file with what stands behind it, and every argument with its sources."""
    scenario = dossier.report.scenario
    blocks: list[Block] = [
        Paragraph((
            "Everything that the file says, by question. A size is measured only where a study or a record measured "
            "it, which is then said; an opinion is a reason and no number.",
        ))
    ]  # fmt: skip
    if scenario.premises:
        items = tuple(
            (
                Told(each.ask), Quiet((" Held true with ", Told(write_estimate(each.credence, Scale.LINEAR)), ".")),
                *((" For: ", Cite(each.supporting)) if each.supporting else ()),
                *((" Against: ", Cite(each.against)) if each.against else ()),
            )
            for each in scenario.premises.values()
        )  # fmt: skip
        blocks += [Heading(("Theories that scholars dispute",)), Listing(items)]
    blocks.append(Heading(("Questions",)))
    by_year: dict[str, list[Block]] = {}
    for variable in scenario.variables.values():
        by_year.setdefault(variable.when.text[:4], []).append(_question(scenario, variable))
    for year, asked in sorted(by_year.items()):
        blocks += (
            [Folded((Told(year), ": ", *many(len(asked), "question")), tuple(asked))] if len(by_year) > 1 else asked
        )
    known = counts(dossier)
    disputed = many(known["theories"], "theory in dispute", "theories in dispute") if scenario.premises else ()
    holds = joined(many(known["questions"], "question"), many(known["arguments"], "argument"), disputed)
    return Section("arguments", "Every argument", tuple(blocks), holds)


def _question(scenario: Scenario, variable: Variable) -> Block:
    backing = variable.backing
    cited = (*backing.measured, *backing.asserted)
    because: Words = (
        (" ", Told(backing.because), *((Cite(cited),) if cited else ())) if backing.because or cited else ()
    )
    words: list[Block] = [Paragraph((Quiet((Told(" ".join(mechanism(scenario, variable))),)), *because))]
    if variable.pushes:
        words.append(Listing(tuple(_push(scenario, variable, each) for each in variable.pushes)))
    head: Words = (Told(variable.ask), " ", Code(f"{variable.name} {variable.when.text}"))
    return Folded(head, tuple(words))


def _push(scenario: Scenario, variable: Variable, push: Push) -> Words:
    cited = (*push.backing.measured, *push.backing.asserted)
    toward = f" toward {', '.join(push.toward)}" if push.toward else ""
    condition = f" if {write_expression(push.condition)}" if push.condition is not None else ""
    size = write_estimate(push.size, variable.scale, scenario.words)
    because = push.backing.because or say_push(scenario, push)
    rests = standing(push.size, push.backing)
    how = "" if rests == "argued" else f", {rests}"
    said = f"{push.name.replace('_', ' ')}{how}: {size}{toward}{condition}."
    return Told(because), *((Cite(cited),) if cited else ()), " ", Quiet((Told(said),))


def _unseen(dossier: Dossier) -> tuple[Block, ...]:
    """Where it was not worked out how surprising the model finds what happened: how to have it."""
    facts = any(each.fact and not each.fact.disputed for each in dossier.report.scenario.variables.values())
    if dossier.surprises is not None or not facts:
        return ()
    return (
        Paragraph((
            "How surprising the model finds what really happened takes minutes to work out, and was not asked for. ",
            Code(f"jonbar history {dossier.report.scenario.name}"), " works it out and keeps it; a report of the same "
            "file then has it.",
        )),
    )  # fmt: skip


def methods(dossier: Dossier, command: str) -> Section:
    """How the numbers came about, how far they go, and how to get them again."""
    report = dossier.report
    timelines = report.timelines
    assert timelines is not None
    exact, every = timelines.exact
    settings = report.settings
    rows: list[tuple[Words, ...]] = [
        (("Scenario",), (Told(report.scenario.title), " ", Code(report.scenario.name))),
        (("Digest of the file",), (Code(report.scenario.digest),)),
        (("Luck",), (report.luck,)),
        (("Seed",), (Figure(str(settings.seed), settings.seed),)),
        (("Draws of what is left open",), (Figure(f"{settings.draws:,}", settings.draws),)),
        (("Runs of luck in each",), (Figure(f"{settings.tellings:,}", settings.tellings),)),
        (("Draws in effect",), (Figure(f"{report.effective:,.0f}", report.effective),)),
        (("Answers without noise of luck",), (Figure(f"{exact / max(every, 1):.0%}", exact / max(every, 1)),)),
        (("To ask again",), (Code(command),)),
    ]
    if settings.assumptions:
        chosen = ", ".join(f"{name} = {value}" for name, value in settings.assumptions)
        rows.append((("Set by hand",), (Told(chosen),)))
    blocks: list[Block] = [
        Paragraph((
            "The file is a structural causal model: dated questions, each with a base chance and named arguments that "
            "push its odds. What nobody knows is drawn from its range; what is recorded conditions the draws; the act "
            "then rewrites its question and nothing else, and history is run again with its own luck. A chance is "
            "taken inside each draw; the range is over draws, so that luck and ignorance are never mixed.",
        )),
        Paragraph((
            "What it cannot do: it knows no question that its author did not ask; a long chain of uncertain links "
            "makes an answer weak; and no record says how the luck of one history goes over into another. These "
            "numbers are what the file's arguments come to, not what would have happened.",
        )),
        *_unseen(dossier),
        Table(("", ""), tuple(rows), "settings", "How to get the same numbers again"),
    ]  # fmt: skip
    return Section(
        "methods", "How it was made", tuple(blocks), ("its method, its limits, and how to get the same numbers",)
    )
