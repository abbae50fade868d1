"""What a report says about one what-if: the answer, its readings, two timelines, and what they hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jonbar.query.answering import Line
from jonbar.query.answers import label_in
from jonbar.report.build import Report
from jonbar.report.dossier import Dossier
from jonbar.scenario.terms import Kind, Reading, Scenario, variable_in, year_in
from jonbar.sensitivity.arguments import KnockOut
from jonbar.views.ancestor_picture import draw_ancestors
from jonbar.views.dossier.answers import answer_words, facing_rows, item_of, question_words, value_of
from jonbar.views.dossier.blocks import (
    Argue,
    Below,
    Block,
    Cite,
    Code,
    Drawing,
    Facing,
    Figure,
    Folded,
    Heading,
    Listing,
    Paragraph,
    Quiet,
    Section,
    Strong,
    Table,
    Timeline,
    Told,
    Words,
)
from jonbar.views.dossier.counts import (
    HANGS_ON,
    ROWS,
    SHOWN_REASONS,
    at_once,
    counts,
    joined,
    listed,
    many,
    shown,
)
from jonbar.views.dossier.gist import About, Part, absent, bare, detour, either_way, gist, stages, standoff, way_of
from jonbar.views.drawing import NARROW, WIDE
from jonbar.views.headline import LEAST_MOVED, headline, how_far
from jonbar.views.naming import note_of
from jonbar.views.reasons import tells
from jonbar.views.rounding import say_chances, say_part
from jonbar.views.series_picture import draw_series, drawable
from jonbar.views.timelines import entries_of
from jonbar.views.unsettled import LEAST_WIDTH, attained_width

CAUSES = 14  # in the graph
READINGS_ABREAST = 7  # on a telephone


def choose(report: Report) -> tuple[list[str], list[str]]:
    """Which questions stand in the list of a report, by date, and which are its headline."""
    assert report.timelines is not None and report.reading is not None
    entries, _ = entries_of(report.timelines, report.reading, most=ROWS)
    wanted = {each.variable for each in entries}
    first = headline(report)
    asked = [each.variable for each in (*first.moved, *first.still)]
    keys = [each.variable for each in report.timelines.lines if shown(each, wanted)]
    return list(dict.fromkeys([*keys, *asked])), asked or keys[:1]


def lead(dossier: Dossier) -> tuple[Block, ...]:
    """The question and its answer, in a few sentences."""
    report = dossier.report
    assert report.reading is not None and report.timelines is not None
    says = report.reading.says or (dossier.what_if.says if dossier.what_if else report.reading.name)
    blocks: list[Block] = [
        Paragraph((Told(says),), "change"),
        Paragraph((
            "Nobody knows what would have happened. This is what follows from the arguments that one file gives, each "
            "with its source below. Behind them stand many numbers that nobody knows either: in brackets is the range "
            "that nine in ten ways of filling them in would give.",
        ), "note"),
    ]  # fmt: skip
    found = headline(report)
    if not found.moved:
        blocks.append(Paragraph(("Nothing that was asked about changes by more than a few points.",)))
    for title, lines in (("What changes most", found.moved), ("What hardly changes", found.still)):
        if lines:
            blocks += [Heading((title,), 2), Listing(tuple(_sentence(dossier, each) for each in lines), "answers")]
    return tuple(blocks)


def _sentence(dossier: Dossier, line: Line) -> Words:
    """One question with its answer, why it is so, what it hangs on, and where two camps part on it."""
    label, _ = line.leading
    grounds, about = dossier.grounds.get(line.outcome(label)), About(dossier.report.scenario, line, label)
    parts: list[Part | None] = [*gist(about, grounds)] if grounds is not None else []
    if dossier.crux is not None and about.text == dossier.crux.question:
        parts.append(standoff(about, dossier.crux))
    return (*item_of(line), *(Below((Strong((each.head,)), " ", *each.words)) for each in parts if each is not None))


def _convention(report: Report) -> Words:
    """How far the answers are convention, where other couplings were looked at."""
    assert report.timelines is not None
    wide: list[Words] = []
    looked = 0
    for line in report.timelines.lines:
        for label, answer in line.here:
            width = attained_width(answer)
            looked += width is not None
            if width is not None and width >= LEAST_WIDTH:
                low, high = answer.attained_low or 0.0, answer.attained_high or 0.0
                ends = say_chances(low, high).replace(" to ", "-").split("-")
                first: Words = (Figure(ends[0], low), "–") if len(ends) > 1 else ()
                asked: Words = ("“", Told(line.ask), "” ", "yes" if label == "yes" else Told(label.replace("_", " ")))
                wide.append((*asked, " ", *first, Figure(f"{ends[-1]}%", high)))
    if not looked:
        return ()
    told = "By which rule the luck of one history goes over into another no record says. "
    if not wide:
        return (told, "Of the chances that moved furthest, other rules move none by two points.")
    joined = [piece for at, each in enumerate(wide) for piece in (*(("; ",) if at else ()), *each)]
    return (told, "Other rules with the same chances would give at least these ranges: ", *joined, ".")


def readings(dossier: Dossier) -> Section:
    """What exactly is changed, and what else the same words may mean."""
    report = dossier.report
    assert report.reading is not None
    blocks: list[Block] = []
    says = dossier.what_if.says if dossier.what_if else report.reading.says
    if dossier.what_if and len(dossier.what_if.readings) > 1:
        blocks.append(
            Paragraph((
                "The words “", Told(says), "” may mean different acts. This report is about one of them, ",
                Code(report.reading.name), "; the others stand beside it, with the same questions.",
            ))
        )  # fmt: skip
    did = tuple(_said(report.scenario, *each) for each in report.reading.do.items())
    blocks += [Paragraph(("What is changed, and nothing else:",)), Listing(did)]
    if report.reading.brought_about_by:
        causes = tuple(_said(report.scenario, *each) for each in report.reading.brought_about_by.items())
        blocks += [
            Paragraph(("The act is laid on history from outside. What would have brought it about by itself:",)),
            Listing(causes),
        ]
    if dossier.elsewhere:
        blocks += _elsewhere(dossier, report.reading)
    others = many(counts(dossier)["readings"], "other reading") if dossier.elsewhere else ()
    beside: Words = (" and ", *others, " of the same words") if others else ()
    return Section("readings", "What is asked", tuple(blocks), ("the act", *beside))


def _elsewhere(dossier: Dossier, reading: Reading) -> list[Block]:
    """Every reading by its number, and what each answers: few enough to a table that a telephone has room for it."""
    acts = [(Strong((Code(each.name),)), " ", Told(each.says))
            for each in (reading, *(one.reading for one in dossier.elsewhere))]  # fmt: skip
    answers = [dossier.answer, *(each.answers.__getitem__ for each in dossier.elsewhere)]
    blocks: list[Block] = [Listing(tuple(acts), "numbered")]
    for first in range(0, len(acts), READINGS_ABREAST):
        abreast = range(first, min(first + READINGS_ABREAST, len(acts)))
        rows = []
        for outcome in dossier.headline:
            values = [value_of(answers[at](outcome)) for at in abreast]
            said: list[Words] = [
                (value,) if at else (Strong((value,)),) for at, value in zip(abreast, values, strict=True)
            ]
            rows.append((_question(dossier.line(outcome), label_in(outcome)), *said))
        heads = ("", *(str(at + 1) for at in abreast))
        blocks.append(Table(heads, tuple(rows), "readings", "The same questions under each reading"))
    return blocks


def _said(scenario: Scenario, name: str, value: str) -> Words:
    """One thing that an act does, as a question with its answer."""
    year = year_in(name)
    when = f" ({year})" if year else ""
    return Told(f"{scenario.variables[variable_in(name)].ask}{when}"), " ", Strong((Told(value.replace("_", " ")),))


def _question(line: Line, label: str) -> Words:
    """A question, with the answer that is meant where there are several."""
    alone = label in ("yes", line.here[0][1].unit)
    return (Told(line.ask), *(() if alone else (" ", Strong((Told(label.replace("_", " ")),)))))


def timelines(dossier: Dossier) -> Section:
    """What happened and what happens here, as one dated list."""
    report = dossier.report
    found, reading = report.timelines, report.reading
    assert found is not None and reading is not None
    _, folded = entries_of(found, reading, most=ROWS)
    groups = listed(dossier)
    first = at_once(dossier, groups)
    now = [name for name in groups if name in first]
    later = [name for name in groups if name not in first]
    rest: Words = (
        "Of the other questions, ", Figure(str(folded.less), folded.less), " changed less and ",
        Figure(str(folded.same), folded.same), " are as they were.",
    )  # fmt: skip
    explained = (
        "First what happened, then how likely each answer is, had the act been done. Many numbers behind "
        "it are open; nine in ten ways of filling them in give a chance within the range. The ring is what happened."
    )
    rows = Timeline(_rows(groups, now, reading), "The act, and what it moves furthest")
    more: list[Block] = [Timeline(_rows(groups, later, reading), "What else it moves")] if later else []
    more.append(Paragraph(rest, "note"))
    rerolled = _differing(dossier)
    if rerolled:
        more.append(Paragraph(("With the dice re-rolled instead of history's own luck: ", *rerolled, "."), "note"))
    convention = _convention(report)
    more += [Paragraph(convention, "note")] if convention else []
    name = furthest_series(dossier)
    if name:
        more.append(Paragraph(("One quantity in both histories: the one that moves furthest.",)))
        more.append(Drawing(*(draw_series(found, name, width=width) for width in (WIDE, NARROW))))
    inside = joined(
        many(counts(dossier)["rows"], "more question") if later else (),
        ("other ways of luck",) if rerolled or convention else (),
        ("a picture of what moves furthest",) if name else (),
    )
    summary: Words = inside or ("what is left out",)
    warned = [Paragraph((Told(each),), "warning") for each in found.warnings]
    return Section("timelines", "Two timelines", (Paragraph((explained,)), rows, *warned, Folded(summary, tuple(more))))


def _rows(groups: Mapping[str, Sequence[Line]], names: Sequence[str], reading: Reading) -> tuple[Facing, ...]:
    """The rows of some questions by date; of a long series its first, middle and last year."""
    pairs: list[tuple[str, Facing]] = []
    for name in names:
        lines = groups[name]
        for line in lines if len(lines) < 3 else (lines[0], lines[len(lines) // 2], lines[-1]):
            rows = facing_rows(line, reading.do.get(line.variable, reading.do.get(name, "")))
            pairs += [(rows[0].when.removeprefix("by "), each) for each in rows]
    pairs.sort(key=lambda each: each[0])
    return tuple(each for _, each in pairs)


def furthest_series(dossier: Dossier) -> str:
    """The quantity that the change moves furthest: a series if one moves, else a single one; empty if none does."""
    timelines = dossier.report.timelines
    assert timelines is not None
    known = drawable(timelines)
    moved: dict[str, tuple[bool, float]] = {}
    for line in timelines.lines:
        name = line.name
        if name in known and how_far(line) >= LEAST_MOVED:
            moved[name] = max(moved.get(name, (False, 0.0)), (line.kind is Kind.SERIES, how_far(line)))
    return max(moved, key=lambda name: moved[name], default="")


def _differing(dossier: Dossier) -> Words:
    """The chances that re-rolled dice move most."""
    report = dossier.report
    assert report.timelines is not None and report.reading is not None
    found: list[tuple[float, Words]] = []
    for line in report.timelines.lines:
        there = dict(line.rerolled)
        for label, here in line.here:
            gap = abs(there[label].value - here.value)
            if here.unit == "chance" and gap >= LEAST_MOVED and line.variable not in report.reading.do:
                found.append(
                    (gap, ("“", *_question(line, label), "” ", value_of(there[label]), " (here ", value_of(here), ")"))
                )
    found.sort(key=lambda each: -each[0])
    return tuple(piece for at, (_, words) in enumerate(found[:4]) for piece in (*(("; ",) if at else ()), *words))


def why(dossier: Dossier) -> Section:
    """The arguments behind each headline answer, and the answer without each."""
    blocks: list[Block] = [
        Paragraph((
            "Each argument is taken out of our history and of the changed one alike, and history is weighed anew "
            "without it. What then remains of the answer says how much it carries.",
        ))
    ]  # fmt: skip
    for outcome in dossier.headline:
        line = dossier.line(outcome)
        label = label_in(outcome)
        telling = [each for each in dossier.grounds[outcome].arguments if tells(each)][:SHOWN_REASONS]
        words = answer_words(line, label, dossier.answer(outcome))
        passed = stages(About(dossier.report.scenario, line, label), dossier.grounds[outcome])
        blocks += [Heading(question_words(line)), Paragraph((*words, ".", *((" ", *passed) if passed else ())))]
        if telling:
            blocks.append(Listing(tuple(_reason(dossier, outcome, each) for each in telling), "reasons"))
        else:
            blocks.append(Paragraph(("No single argument moves it by more than can be told from noise.",), "note"))
        if outcome == dossier.explained and dossier.causes:
            blocks.append(_causes(dossier, line, label))
    known = counts(dossier)
    drawn: Words = ("a picture of what leads to one of them",) if dossier.causes else ()
    holds = joined(
        many(known["answers"], "answer"),
        many(known["reasons"], "argument that carries them", "arguments that carry them"),
        drawn,
    )
    return Section("why", "Why", tuple(blocks), holds)


def _causes(dossier: Dossier, line: Line, label: str) -> Drawing:
    """What leads to the headline that is furthest from the act."""
    report = dossier.report
    assert report.reading is not None
    name, state = line.name, label if line.kind in (Kind.CHOICE, Kind.ORDERED) else ""
    drawn = [
        draw_ancestors(
            report.scenario, name, dossier.causes, state=state, do=report.reading.do, timelines=report.timelines,
            most=CAUSES, width=width,
        )
        for width in (WIDE, NARROW)
    ]  # fmt: skip
    return Drawing(*drawn)


def _reason(dossier: Dossier, outcome: str, found: KnockOut) -> Words:
    because: Words = (" ", Told(found.because)) if found.because else ()
    sources: Words = (Cite(found.sources),) if found.sources else ()
    about = About(dossier.report.scenario, dossier.line(outcome), label_in(outcome))
    aside = detour(about, found, dossier.grounds[outcome])
    missing = " by being absent " if absent(found, dossier.grounds[outcome]) else " "
    standing = {"counted": "Counted.", "measured": "Measured.", "argued": "Argued.", "bare": "No reason is given."}
    return (
        Strong((Told(found.push.partition(".")[2].replace("_", " ")),)), Quiet((missing, *way_of(found), ".")),
        *because, *sources,
        Quiet((f" {standing[found.status]} Without it: ", bare(found.without.value, found.without.unit), ".",
               *((" ", *aside) if aside else ()))),
    )  # fmt: skip


def argue(dossier: Dossier) -> Section:
    """What the answers hang on: the assumptions that would move them, were they known, and dials to hold others."""
    rows: list[tuple[Words, ...]] = []
    for outcome in dossier.headline:
        answer, line = dossier.answer(outcome), dossier.line(outcome)
        for at, each in enumerate(dossier.grounds[outcome].hangs_on[:HANGS_ON]):
            asked: Words = question_words(line) if at == 0 else ()
            note = note_of(dossier.report.scenario, f"{each.assumption}.credence" if each.theory else each.assumption)
            named: Words = (Told(note), Quiet((" ", Code(each.assumption))))
            ends: tuple[Words, ...] = tuple(
                (bare(value, answer.unit), Quiet((f" {where}",)))
                for where, value in either_way(dossier.report.scenario, each)
            )
            rows.append((asked, named, *ends, (Figure(say_part(each.share, each.error), each.share),)))
    blocks: list[Block] = [
        Paragraph((
            "Nobody knows the numbers in this model exactly; each stands in it as a range. Some of them hardly matter "
            "here. These do: beside each question stand the assumptions that its answer hangs on most, and what the "
            "answer would be, were it known to be at either end. That is also the evidence that would change this "
            "report's mind. What one makes of the uncertainty is its part of how draws differ, luck left out, and "
            "shared fairly where assumptions work together (its Shapley effect, with its standard error); where all "
            "parts are small, nothing decides the question alone.",
        )),
        Table(
            ("Question", "Assumption", "at one end", "at the other", "makes"),
            tuple(rows), "evidence", "What would change the answer",
        ),
        Argue(),
    ]  # fmt: skip
    holds: Words = (*many(counts(dossier)["assumptions"], "assumption"), " that would change the answers")
    return Section("argue", "What it hangs on", tuple(blocks), holds)
