"""Verdicts and a crux as a post for a forum, with the reference of every record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jonbar.claims.verdicts import Judged, Verdict
from jonbar.crux.gap import READING, Crux, Share, Side
from jonbar.report.build import Report
from jonbar.scenario.terms import Scenario
from jonbar.views.crux import say_error, say_gap, say_method, say_name
from jonbar.views.markup import MARKUP, Form, Markup, Notes
from jonbar.views.rounding import say_range, say_value
from jonbar.views.verdicts import say_claims, say_meant, say_number


def post_verdicts(scenario: Scenario, judged: Sequence[Judged], form: Form) -> str:
    """Every claim with its verdict, by who made it, and the records for and against."""
    markup = MARKUP[form]
    notes = Notes(scenario.sources, markup)
    lines = [markup.heading.format(markup.words(scenario.title or scenario.name)), ""]
    for who in dict.fromkeys(each.claim.who for each in judged):
        lines.append(markup.bold.format(markup.words(who)))
        lines += ["", *markup.items([_verdict(each, markup, notes) for each in judged if each.claim.who == who]), ""]
    counted = Counter(each.verdict for each in judged)
    said = ", ".join(f"{counted[each]} {each}" for each in Verdict if counted[each])
    lines.append(markup.words(f"{say_claims(len(judged))}: {said}."))
    return "\n".join([*lines, *_references(notes)])


def _verdict(judged: Judged, markup: Markup, notes: Notes) -> str:
    claim = judged.claim
    parts = [markup.words(claim.says), markup.italic.format(markup.words(f"{judged.verdict.value}."))]
    number, meant = say_number(judged), say_meant(judged) if claim.meant else ""
    if number:
        parts.append(markup.words(f"{number}{f'; {meant}' if meant else ''}."))
    parts.append(markup.words(claim.because or judged.why))
    marked = [(word, notes.marks(names)) for word, names in (("for", claim.supporting), ("against", claim.against))]
    records = "; ".join(f"{word} it{marks}" for word, marks in marked if marks)
    return " ".join([*parts, *([f"Records {records}."] if records else [])])


def post_crux(report: Report, form: Form, *, ask: str = "") -> str:
    """Two camps, the gap between them and what makes it, and the records behind each argument."""
    found, markup = report.crux, MARKUP[form]
    assert found is not None
    notes = Notes(report.scenario.sources, markup)
    lines = [markup.heading.format(markup.words(ask or found.question)), ""]
    lines += markup.items([_camp(side, markup) for side in (found.one, found.other)])
    gap = f"A gap of {say_gap(found)}, with an error of {say_error(found.error, found.unit)}."
    lines += ["", markup.words(f"{gap} {found.refused}".strip())]
    if found.shares:
        lines += ["", *markup.items([_share(each, found, report.scenario, markup, notes) for each in found.shares])]
    lines += ["", markup.words(say_method(found))]
    return "\n".join([*lines, *_references(notes)])


def _camp(side: Side, markup: Markup) -> str:
    answer = f"{say_value(side.answer)} ({say_range(side.answer)})"
    who = f" ({', '.join(side.camp.who)})" if side.camp.who else ""
    said = f"{side.camp.says}{who} It means {side.reading.name}: {side.reading.says}".strip()
    return f"{markup.bold.format(markup.words(side.camp.name))} {markup.words(answer)}: {markup.words(said)}"


def _share(share: Share, found: Crux, scenario: Scenario, markup: Markup, notes: Notes) -> str:
    part = f"{100 * share.part:.0f}% ±{100 * abs(share.error / found.gap):.0f}"
    held = f"{found.one.camp.name}: {share.one}; {found.other.camp.name}: {share.other}."
    reason, names = reason_of(share, scenario)
    said = " ".join(each for each in (reason, held) if each)
    name = markup.bold.format(markup.words(say_name(share.assumption)))
    return f"{markup.words(part)} {name}: {markup.words(said)}{notes.marks(names)}"


def reason_of(share: Share, scenario: Scenario) -> tuple[str, tuple[str, ...]]:
    """Why a difference should matter, as the file says, and the records behind it."""
    owner, _, part = share.assumption.partition(".")
    if share.assumption == READING:
        return "", ()
    if owner in scenario.premises:
        premise = scenario.premises[owner]
        return premise.ask, (*premise.supporting, *premise.against)
    variable = scenario.variables.get(owner)
    for push in variable.pushes if variable is not None else ():
        if push.name == part:
            return push.backing.because, (*push.backing.measured, *push.backing.asserted)
    return ("", ()) if variable is None else (variable.ask, (*variable.backing.measured, *variable.backing.asserted))


def _references(notes: Notes) -> list[str]:
    lines = notes.lines()
    return ["", *lines] if lines else []
