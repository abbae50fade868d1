"""What a person has said of a debate's claims: a file that can be read, changed by hand, compared and taken up again.

Reading the same thread again keeps every decision whose sentence still stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from jonbar.discussion.claims import Proposal, propose
from jonbar.discussion.hedging import Hedge
from jonbar.discussion.linking import Likeness, Linker
from jonbar.discussion.posts import Thread
from jonbar.errors import Diagnostic, ScenarioError, Severity
from jonbar.scenario.document import Document, Node, Table, Text, parse_document
from jonbar.scenario.layout import Flow, Value, write
from jonbar.scenario.notation import write_percent
from jonbar.scenario.terms import ClaimKind, Kind, Scenario, Variable

VERSION = "1"
_YEAR = re.compile(r"\b[12]\d{3}\b")
LEAST = 0.001  # how near to 0 or 100 % the range of a claim may come


class Status(StrEnum):
    """How far a claim has been looked at."""

    PROPOSED = "proposed"  # by rules; nobody has looked
    CONFIRMED = "confirmed"  # a claim, about the variable named
    UNCOVERED = "uncovered"  # a claim, about nothing that the scenario asks
    REJECTED = "rejected"  # no claim


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim, the questions it may be about (likeliest first), and what a person has said of it.

    `supposable` are the questions that its condition may be about. `given` is what a person took its condition for, as
    a scenario writes it.
    """

    proposal: Proposal
    about: tuple[str, ...] = ()
    supposable: tuple[str, ...] = ()
    status: Status = Status.PROPOSED
    kind: ClaimKind = ClaimKind.CHANCE
    variable: str | None = None
    state: str | None = None  # of a choice or ordered variable
    denies: bool = False
    given: str | None = None

    def aside(self, status: Status, kind: ClaimKind = ClaimKind.CHANCE) -> Entry:
        """The same, about no question of the scenario."""
        return replace(self, status=status, kind=kind, variable=None, state=None, given=None)

    def condition_of(self, variable: Variable) -> str:
        """What it says of the variable that it is about, as a scenario writes it."""
        claimed = (
            self.proposal.text.replace(self.proposal.condition, " ") if self.proposal.condition else self.proposal.text
        )
        return condition_of(variable, self.state, denies=self.denies, text=claimed)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A debate's claims in the order of the thread. `scenario` is the name of the file they are linked to."""

    thread: Thread
    scenario: str | None
    entries: tuple[Entry, ...]

    def decide(self, key: str, entry: Entry) -> Ledger:
        """The same ledger with one entry replaced."""
        return replace(self, entries=tuple(entry if each.proposal.key == key else each for each in self.entries))


def open_ledger(
    thread: Thread,
    scenario: Scenario | None,
    kept: Mapping[str, Entry] | None = None,
    likeness: Likeness | None = None,
) -> Ledger:
    """A ledger of a thread: every claim proposed and linked, with what was decided before.

    `kept` holds the entries of an earlier ledger by key; one whose sentence has changed is proposed anew. `likeness`
    helps to link claims by their meaning.
    """
    linker = Linker(scenario, likeness) if scenario is not None else None
    entries = []
    for proposal in propose(thread):
        about = tuple(each.variable for each in linker.rank(proposal.text)) if linker else ()
        supposable = _supposable(linker, proposal.condition) if linker and proposal.condition else ()
        before = (kept or {}).get(proposal.key)
        entry = Entry(proposal, about, supposable, denies=proposal.denies)
        if before is not None and before.proposal.text == proposal.text:
            known = scenario is None or before.variable is None or before.variable in scenario.variables
            if known:
                entry = replace(before, proposal=proposal, about=about or before.about, supposable=supposable)
        entries.append(entry)
    return Ledger(thread, scenario.name if scenario else None, tuple(entries))


def _supposable(linker: Linker, condition: str) -> tuple[str, ...]:
    variables = linker.scenario.variables
    ranked = (each.variable for each in linker.rank(condition))
    return tuple(name for name in ranked if not variables[name].kind.numeric)


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
    if entry.kind is not ClaimKind.CHANCE:
        said["kind"] = entry.kind.value
    if entry.variable:
        said["variable"] = entry.variable
    if entry.state:
        said["state"] = entry.state
    if entry.given:
        said["given"] = entry.given
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
        kind = said.get("kind")
        if not isinstance(says, Text) or not isinstance(status, Text) or status.text not in set(Status):
            wrong.append(
                _fault(document, status or node, f"The claim `{key.text}` has no `says`, or no known `status`.")
            )
            continue
        if kind is not None and (not isinstance(kind, Text) or kind.text not in set(ClaimKind)):
            wrong.append(_fault(document, kind, f"The claim `{key.text}` has no known `kind`.", ClaimKind))
            continue
        proposal = Proposal(key.text, key.text.rpartition(".")[0], says.text, 0, None)
        found[key.text] = Entry(
            proposal,
            status=Status(status.text),
            kind=ClaimKind(kind.text) if isinstance(kind, Text) else ClaimKind.CHANCE,
            variable=_word(said.get("variable")),
            state=_word(said.get("state")),
            denies=_word(said.get("denies")) == "yes",
            given=_word(said.get("given")),
        )
    if wrong:
        raise ScenarioError(tuple(wrong))
    return found


def _word(node: Node | None) -> str | None:
    return node.text if isinstance(node, Text) else None


def _fault(document: Document, node: Node, message: str, among: type[StrEnum] = Status) -> Diagnostic:
    expected = f"a {'status' if among is Status else 'kind'} of {', '.join(among)}"
    return Diagnostic("E523", message, node.span, None, expected, None, document.snippet(node.span), Severity.ERROR)


def as_claims(ledger: Ledger, scenario: Scenario, reading: str | None) -> str:
    """Confirmed claims, and those that no question covers, as a file that extends the scenario and checks as it stands.

    What people wrote stands there word for word: whoever publishes it puts it in words of their own.
    """
    claims: dict[str, Value] = {}
    authors = {post.key: post.author for post in ledger.thread.posts}
    for entry in ledger.entries:
        proposal, test = entry.proposal, _test(entry, scenario, reading)
        confirmed = entry.status is Status.CONFIRMED and (bool(test) or entry.variable is None)
        if not confirmed and entry.status is not Status.UNCOVERED:
            continue
        said: dict[str, Value] = {
            "says": " ".join(proposal.text.split()),
            "who": authors.get(proposal.post) or proposal.post,
            "kind": (entry.kind if confirmed else ClaimKind.UNCOVERED).value,
        }
        if test:
            said["test"] = test
            if proposal.hedge is not None and entry.kind is not ClaimKind.FACT:
                said["meant"] = _open(proposal.hedge)
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
    confirmed = [each for each in ledger.entries if each.status is Status.CONFIRMED and each.variable]
    return tuple(dict.fromkeys(each.variable or "" for each in confirmed if not _test(each, scenario, None)))


def by_hand(ledger: Ledger) -> int:
    """How many confirmed claims wait for a test that only a person can write: they compare, explain or measure."""
    kinds = (ClaimKind.COMPARISON, ClaimKind.CAUSAL, ClaimKind.DEGREE)
    return sum(each.status is Status.CONFIRMED and each.kind in kinds for each in ledger.entries)


def _open(hedge: Hedge) -> str:
    """A hedge as the range of a claim: what reaches 0 or 100 % is written a little short of it."""
    low, high = max(hedge.low, LEAST), min(hedge.high, 1.0 - LEAST)
    return f"{write_percent(low)} to {write_percent(high)}"


def _test(entry: Entry, scenario: Scenario, reading: str | None) -> str:
    """The test that a confirmed claim comes down to; empty where its variable has no chance to ask for."""
    variable = scenario.variables.get(entry.variable or "")
    condition = entry.condition_of(variable) if variable is not None else ""
    if not condition:
        return ""
    if entry.kind is ClaimKind.FACT:
        return f"fact {condition}"
    what = "possible" if entry.kind is ClaimKind.POSSIBILITY else "chance of"
    given = f" given {entry.given}" if entry.given else ""
    return f"{what} {condition}" + (f" under {reading}" if reading else "") + given


def condition_of(variable: Variable, state: str | None, *, denies: bool, text: str = "") -> str:
    """What is said of a variable, as a scenario writes it; empty where it has no yes and no, or lacks its state.

    Of what may happen at any time it is the last year that the text names, or else the end of its time.
    """
    if variable.kind.numeric:
        return ""
    if variable.states:
        return f"{variable.name} is {'not ' if denies else ''}{state}" if state is not None else ""
    condition = variable.name
    if variable.kind is Kind.HAZARD:
        first, last = variable.when.start.year, variable.when.end.year
        named = [int(each) for each in _YEAR.findall(text) if first <= int(each) <= last]
        condition = f"{variable.name} by {max(named, default=last)}"
    return f"not {condition}" if denies else condition
