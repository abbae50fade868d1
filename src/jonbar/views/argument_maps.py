"""Claims and a crux as argument maps, for the programs that draw them: Argdown and the Argument Interchange Format.

Argdown's syntax is that of version 1.7 (argdown.org); the JSON form of the Argument Interchange Format is that of AIFdb
(Lawrence, Bex, Reed and Snaith 2012).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jonbar.claims.verdicts import Judged, Verdict
from jonbar.report.build import Report
from jonbar.scenario.terms import Scenario
from jonbar.views.crux import say_gap, say_name
from jonbar.views.lines import clean
from jonbar.views.posting import reason_of
from jonbar.views.prose import cite
from jonbar.views.rounding import say_range, say_value
from jonbar.views.verdicts import say_number

SUPPORT, ATTACK, CONFLICT = "support", "attack", "conflict"
BEARS = {Verdict.HOLDS: SUPPORT, Verdict.FAILS: ATTACK, Verdict.FALSE: ATTACK}


@dataclass(frozen=True)
class Statement:
    """Something that is said; `argument` if it is there only to bear on something else."""

    key: str
    text: str
    who: str = ""
    argument: bool = False


@dataclass(frozen=True)
class Link:
    """One statement for another, against it, or (both ways) in conflict with it."""

    source: str
    target: str
    sort: str


@dataclass(frozen=True)
class ArgumentMap:
    """Statements and what bears on what."""

    title: str
    statements: tuple[Statement, ...]
    links: tuple[Link, ...]


def map_claims(scenario: Scenario, judged: Sequence[Judged]) -> ArgumentMap:
    """Every claim with the records for and against it, what was found of it, and the claims that it denies."""
    statements = [Statement(each.claim.name, each.claim.says, each.claim.who) for each in judged]
    links: list[Link] = []
    cited: dict[str, None] = {}
    present = {each.claim.name for each in judged}
    for each in judged:
        claim = each.claim
        verdict = f"verdict: {claim.name}"
        text = " ".join(part for part in (f"{each.verdict.value.capitalize()}:", say_number(each), each.why) if part)
        statements.append(Statement(verdict, text, "Jonbar", argument=True))
        if each.verdict in BEARS:
            links.append(Link(verdict, claim.name, BEARS[each.verdict]))
        for names, sort in ((claim.supporting, SUPPORT), (claim.against, ATTACK)):
            for name in names:
                if name in scenario.sources:
                    cited[name] = None
                    links.append(Link(f"source: {name}", claim.name, sort))
        links += [Link(claim.name, name, CONFLICT) for name in claim.denies if name in present]
    statements += [Statement(f"source: {name}", cite(scenario.sources[name]), argument=True) for name in cited]
    return ArgumentMap(scenario.title or scenario.name, tuple(statements), tuple(links))


def map_crux(report: Report, *, ask: str = "") -> ArgumentMap:
    """Two camps in conflict, and each difference as what moves one and the other."""
    found = report.crux
    assert found is not None
    statements, links = [], []
    for side in (found.one, found.other):
        answer = f"{say_value(side.answer)} ({say_range(side.answer)})"
        statements.append(Statement(side.camp.name, f"{side.camp.says} {answer}".strip(), ", ".join(side.camp.who)))
    links.append(Link(found.one.camp.name, found.other.camp.name, CONFLICT))
    for share in found.shares:
        reason, _ = reason_of(share, report.scenario)
        for side, held in ((found.one, share.one), (found.other, share.other)):
            key = f"{side.camp.name}: {say_name(share.assumption)}"
            part = f"{100 * share.part:.0f}% of a gap of {say_gap(found)}."
            text = " ".join(each for each in (f"{held}.", reason, part) if each)
            statements.append(Statement(key, text, argument=True))
            links.append(Link(key, side.camp.name, SUPPORT))
    return ArgumentMap(ask or found.question, tuple(statements), tuple(links))


SIGNS = {SUPPORT: "+", ATTACK: "-", CONFLICT: "><"}


def argdown(found: ArgumentMap) -> str:
    """The map as Argdown: statements in brackets, arguments in angles, what bears on them indented below."""
    lines = ["===", f"title: {json.dumps(clean(found.title), ensure_ascii=False)}", "==="]
    by_key = {each.key: each for each in found.statements}
    for each in found.statements:
        who = f" #({re.sub(r'[()#]', ' ', clean(each.who))})" if each.who else ""
        lines += ["", f"{_title(each)}: {_text(each.text)}{who}"]
        for link in found.links:
            if link.target == each.key:
                lines.append(f"  {SIGNS[link.sort]} {_title(by_key[link.source])}")
    return "\n".join(lines)


def _title(statement: Statement) -> str:
    name = re.sub(r"[\[\]<>{}#@|\\*_]", " ", clean(statement.key)).strip()
    return f"<{name}>" if statement.argument else f"[{name}]"


def _text(text: str) -> str:
    """Words in which nothing is Argdown, on one line."""
    return re.sub(r"([\\*_\[\]<>{}#@|])", r"\\\1", " ".join(clean(text).split()))


NODES = {SUPPORT: ("RA", "Default Inference"), ATTACK: ("CA", "Default Conflict"), CONFLICT: ("CA", "Default Conflict")}


def aif(found: ArgumentMap) -> str:
    """The map in the Argument Interchange Format: what is said, who asserts it, inferences and conflicts."""
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    locutions: list[dict[str, Any]] = []
    speakers = dict.fromkeys(each.who for each in found.statements if each.who)
    people = {who: str(number) for number, who in enumerate(speakers, start=1)}
    numbers: dict[str, str] = {}

    def node(text: str, sort: str) -> str:
        number = str(len(nodes) + 1)
        nodes.append({"nodeID": number, "text": text, "type": sort, "timestamp": ""})
        return number

    def edge(source: str, target: str) -> None:
        edges.append({"edgeID": str(len(edges) + 1), "fromID": source, "toID": target, "formEdgeID": None})

    for each in found.statements:
        numbers[each.key] = node(clean(each.text), "I")
        if each.who:
            said, asserts = node(f"{clean(each.who)}: {clean(each.text)}", "L"), node("Asserting", "YA")
            edge(said, asserts)
            edge(asserts, numbers[each.key])
            spoken = {"nodeID": said, "personID": people[each.who], "timestamp": "", "start": None, "end": None}
            locutions.append(spoken)
    for source, target, sort in _ways(found.links):
        kind, text = NODES[sort]
        number = node(text, kind)
        edge(numbers[source], number)
        edge(number, numbers[target])
    participants = [{"participantID": number, "firstname": clean(who), "surname": ""} for who, number in people.items()]
    body = {"nodes": nodes, "edges": edges, "locutions": locutions, "participants": participants}
    return json.dumps(body, ensure_ascii=True, indent=2)


def _ways(links: Sequence[Link]) -> Iterator[tuple[str, str, str]]:
    """Every link, a conflict both ways."""
    for each in links:
        yield each.source, each.target, each.sort
        if each.sort == CONFLICT:
            yield each.target, each.source, each.sort


MAPS: Mapping[str, Callable[[ArgumentMap], str]] = {"argdown": argdown, "aif": aif}
