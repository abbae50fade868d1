"""What a person has said of a debate's claims: a file that can be read, changed by hand, compared and taken up again.

Reading the same thread again keeps every decision whose sentence still stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from jonbar.discussion.claims import Proposal, propose
from jonbar.discussion.hedging import Hedge
from jonbar.discussion.linking import Linker
from jonbar.discussion.posts import Thread
from jonbar.errors import Diagnostic, ScenarioError, Severity
from jonbar.scenario.document import Document, Node, Table, Text, parse_document
from jonbar.scenario.layout import Flow, Value, write
from jonbar.scenario.notation import write_percent
from jonbar.scenario.terms import Kind, Scenario

VERSION = "1"
LEAST = 0.001  # how near to 0 or 100 % the range of a claim may come


class Status(StrEnum):
    """How far a claim has been looked at."""

    PROPOSED = "proposed"  # by rules; nobody has looked
    CONFIRMED = "confirmed"  # a claim, about the variable named
    UNCOVERED = "uncovered"  # a claim, about nothing that the scenario asks
    REJECTED = "rejected"  # no claim


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim, the questions it may be about (likeliest first), and what a person has said of it."""

    proposal: Proposal
    about: tuple[str, ...] = ()
    status: Status = Status.PROPOSED
    variable: str | None = None
    state: str | None = None  # of a choice or ordered variable
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """A debate's claims in the order of the thread. `scenario` is the name of the file they are linked to."""

    thread: Thread
    scenario: str | None
    entries: tuple[Entry, ...]

    def decide(self, key: str, entry: Entry) -> Ledger:
        """The same ledger with one entry replaced."""
        return replace(self, entries=tuple(entry if each.proposal.key == key else each for each in self.entries))


def open_ledger(thread: Thread, scenario: Scenario | None, kept: Mapping[str, Entry] | None = None) -> Ledger:
    """A ledger of a thread: every claim proposed and linked, with what was decided before.

    `kept` holds the entries of an earlier ledger by key; one whose sentence has changed is proposed anew.
    """
    linker = Linker(scenario) if scenario is not None else None
    entries = []
    for proposal in propose(thread):
        about = tuple(each.variable for each in linker.rank(proposal.text)) if linker else ()
        before = (kept or {}).get(proposal.key)
        entry = Entry(proposal, about, denies=proposal.denies)
        if before is not None and before.proposal.text == proposal.text:
            known = scenario is None or before.variable is None or before.variable in scenario.variables
            if known:
                entry = replace(before, proposal=proposal, about=about or before.about)
        entries.append(entry)
    return Ledger(thread, scenario.name if scenario else None, tuple(entries))


def write_ledger(ledger: Ledger) -> str:
    """A ledger as the text of its file; a debate told twice is written alike, so that two ledgers can be compared."""
    thread: dict[str, Value] = {"title": ledger.thread.title, "form": ledger.thread.form}
    posts: dict[str, Value] = {}
    for post in ledger.thread.posts:
        told: dict[str, Value] = {}
        if post.author:
            told["author"] = post.author
        if post.date:
            told["date"] = post.date
        if post.line is not None:
            told["line"] = str(post.line)
        if post.answers:
            told["answers"] = list(post.answers)
        posts[post.key] = Flow(told)
    top: dict[str, Value] = {"ledger": VERSION, "thread": thread}
    if ledger.scenario:
        top["scenario"] = ledger.scenario
    top["posts"] = posts
    top["claims"] = {entry.proposal.key: _claim(entry) for entry in ledger.entries}
    return "\n".join(write(top)) + "\n"


def _claim(entry: Entry) -> Mapping[str, Value]:
    proposal = entry.proposal
    said: dict[str, Value] = {"says": " ".join(proposal.text.split())}
    if proposal.hedge is not None:
        said["hedge"] = proposal.hedge.words
        said["meant"] = meant(proposal) + ("" if proposal.hedge.surveyed else " (judgement)")
    if proposal.condition:
        said["if"] = proposal.condition
    if entry.denies:
        said["denies"] = "yes"
    if entry.about:
        said["about"] = list(entry.about)
    said["status"] = entry.status.value
    if entry.variable:
        said["variable"] = entry.variable
    if entry.state:
        said["state"] = entry.state
    return said


def meant(proposal: Proposal) -> str:
    """The range of chance that a claim's hedge stands for, as a scenario writes it; empty where it is unhedged."""
    hedge = proposal.hedge
    return f"{write_percent(hedge.low)} to {write_percent(hedge.high)}" if hedge else ""


def read_entries(text: str | bytes, *, file: str) -> Mapping[str, Entry]:
    """What an earlier ledger decided, by the key of each claim.

    Errors: ScenarioError with every fault: E1 of its YAML, E523 where it is no ledger or an entry cannot be read.
    """
    document, faults = parse_document(text, file=file)
    if document is None or faults:
        raise ScenarioError(tuple(faults))
    version, claims = document.root.get("ledger"), document.root.get("claims")
    if not isinstance(version, Text) or version.text != VERSION or not isinstance(claims, Table):
        raise ScenarioError((_fault(document, document.root, "This file is no ledger of claims."),))
    found: dict[str, Entry] = {}
    wrong: list[Diagnostic] = []
    for key, node in claims.entries:
        said = {name.text: value for name, value in node.entries} if isinstance(node, Table) else {}
        status, says = said.get("status"), said.get("says")
        if not isinstance(says, Text) or not isinstance(status, Text) or status.text not in set(Status):
            wrong.append(
                _fault(document, status or node, f"The claim `{key.text}` has no `says`, or no known `status`.")
            )
            continue
        proposal = Proposal(key.text, key.text.rpartition(".")[0], says.text, 0, None)
        found[key.text] = Entry(
            proposal,
            status=Status(status.text),
            variable=_word(said.get("variable")),
            state=_word(said.get("state")),
            denies=_word(said.get("denies")) == "yes",
        )
    if wrong:
        raise ScenarioError(tuple(wrong))
    return found


def _word(node: Node | None) -> str | None:
    return node.text if isinstance(node, Text) else None


def _fault(document: Document, node: Node, message: str) -> Diagnostic:
    expected = f"a status of {', '.join(Status)}"
    return Diagnostic("E523", message, node.span, None, expected, None, document.snippet(node.span), Severity.ERROR)


def as_claims(ledger: Ledger, scenario: Scenario, reading: str | None) -> str:
    """Confirmed claims, and those that no question covers, as a file that extends the scenario and checks as it stands.

    What people wrote stands there word for word: whoever publishes it puts it in words of their own.
    """
    claims: dict[str, Value] = {}
    authors = {post.key: post.author for post in ledger.thread.posts}
    for entry in ledger.entries:
        proposal, test = entry.proposal, _test(entry, scenario, reading)
        covered = entry.status is Status.CONFIRMED and bool(test)
        if not covered and entry.status is not Status.UNCOVERED:
            continue
        said: dict[str, Value] = {
            "says": " ".join(proposal.text.split()),
            "who": authors.get(proposal.post) or proposal.post,
            "kind": "chance" if covered else "uncovered",
        }
        if covered:
            said["test"] = test
            said |= {"meant": _open(proposal.hedge)} if proposal.hedge is not None else {}
        claims[proposal.key.replace("-", "_").replace(".", "_")] = said
    top: dict[str, Value] = {
        "jonbar": "1",
        "scenario": f"{scenario.name}-debate",
        "extends": scenario.name,
        "title": ledger.thread.title or scenario.title,
        "claims": claims,
    }
    return "\n".join(write(top)) + "\n"


def left_out(ledger: Ledger, scenario: Scenario) -> tuple[str, ...]:
    """Questions of confirmed claims that `as_claims` cannot write: a number has no chance, it needs a comparison."""
    confirmed = (each for each in ledger.entries if each.status is Status.CONFIRMED and not _test(each, scenario, None))
    return tuple(dict.fromkeys(each.variable or "" for each in confirmed))


def _open(hedge: Hedge) -> str:
    """A hedge as the range of a claim: what reaches 0 or 100 % is written a little short of it."""
    low, high = max(hedge.low, LEAST), min(hedge.high, 1.0 - LEAST)
    return f"{write_percent(low)} to {write_percent(high)}"


def _test(entry: Entry, scenario: Scenario, reading: str | None) -> str:
    """The test that a confirmed claim comes down to; empty where its variable has no chance to ask for."""
    variable = scenario.variables.get(entry.variable or "")
    if variable is None or variable.kind in (Kind.QUANTITY, Kind.SERIES):
        return ""
    condition = variable.name
    if variable.states:
        if entry.state is None:
            return ""
        condition = f"{variable.name} is {'not ' if entry.denies else ''}{entry.state}"
    else:
        condition = f"{variable.name} by {variable.when.end.year}" if variable.kind is Kind.HAZARD else condition
        condition = f"not {condition}" if entry.denies else condition
    return f"chance of {condition}" + (f" under {reading}" if reading else "")
