"""The review of a debate's claims: one at a time, by single keys, each answer kept before the next claim is asked.

A key says what sort of statement a claim is, and which question it is about. Kinds that no chance fits end there; what
compares, explains or measures has two sides, and its test is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import typer

from jonbar.cli.terminal import painter, say, width
from jonbar.discussion.ledger import Entry, Ledger, Status, condition_of
from jonbar.discussion.linking import Linker
from jonbar.scenario.terms import ClaimKind, Scenario
from jonbar.views.debate import show_entry
from jonbar.views.lines import paragraph

Key = Callable[[], str]
ENDS = ("q", "\x03", "\x04", "")  # q, Ctrl-C, Ctrl-D, no more input
HELP = (
    "1-5 it is about that; o find others by words of yours; n a claim about none of them; x no claim. First, if need "
    "be: d turn yes and no; f it says what happened; p it only says what was possible; g it supposes something. Or: v "
    "a matter of value; w what a word means; r what somebody said; c it compares, explains or measures. s later; "
    "u undo; q stop"
)
ENDED_BY = {
    "v": ClaimKind.VALUE,
    "w": ClaimKind.DEFINITION,
    "r": ClaimKind.UTTERANCE,
    "c": ClaimKind.COMPARISON,
}
TURNED_BY = {"f": ClaimKind.FACT, "p": ClaimKind.POSSIBILITY, "g": ClaimKind.CONDITIONAL}
SUPPOSING = "1-5 supposing that; o find others; d turn yes and no; i it is the what-if itself; n none of them"
ENTER, RUBOUT = ("\r", "\n"), ("\x7f", "\b")


class Stopped(Exception):
    """A person stopped in the middle of an answer, which then is none."""


def go_through(ledger: Ledger, scenario: Scenario, key: Key, keep: Callable[[Ledger], None]) -> Ledger:
    """Ask about each claim that nobody has looked at; `keep` is called after every answer, so that none is lost.

    `key` waits for one key. Stopping at any point loses nothing: the next review takes up where this one ended.
    """
    waiting = [each.proposal.key for each in ledger.entries if each.status is Status.PROPOSED]
    done: list[Entry] = []
    linker = Linker(scenario)
    say(paragraph(HELP, width()))
    at = 0
    while at < len(waiting):
        entry = next(each for each in ledger.entries if each.proposal.key == waiting[at])
        say(f"\n{at + 1} of {len(waiting)}")
        say("\n".join(show_entry(entry, width(), painter())))
        _list(entry.about, scenario)
        pressed = key()
        if pressed in ENDS:
            break
        if pressed == "u" and done:
            before = done.pop()
            ledger, at = ledger.decide(before.proposal.key, before), at - 1
            keep(ledger)
        elif pressed == "s":
            done.append(entry)
            at += 1
        elif turned := _turned(entry, pressed, linker, key):
            ledger = ledger.decide(entry.proposal.key, turned)
            keep(ledger)
        else:
            try:
                decided = _decided(entry, pressed, linker, key)
            except Stopped:
                break
            if decided is None:
                say(paragraph(HELP, width()))
                continue
            if decided.status is Status.CONFIRMED:
                say(f"  taken as: {_say(decided, scenario)}; u takes it back")
            done.append(entry)
            ledger, at = ledger.decide(entry.proposal.key, decided), at + 1
            keep(ledger)
    return ledger


def _list(names: tuple[str, ...], scenario: Scenario) -> None:
    for number, name in enumerate(names[:5], start=1):
        say(paragraph(f"{number}  {name}: {scenario.variables[name].ask}", width(), "  ", "     "))


def _turned(entry: Entry, pressed: str, linker: Linker, key: Key) -> Entry | None:
    """The entry with one thing the other way round, which another press turns back, or with other questions."""
    if pressed == "o":
        return replace(entry, about=_others(linker, key, entry.about))
    if pressed == "d":
        return replace(entry, denies=not entry.denies)
    if pressed in TURNED_BY:
        kind = TURNED_BY[pressed]
        return replace(entry, kind=ClaimKind.CHANCE if entry.kind is kind else kind)
    return None


def _others(linker: Linker, key: Key, names: tuple[str, ...]) -> tuple[str, ...]:
    """The questions that fit some words, typed and ended by Enter, best; the same as before where none does."""
    say("  which words? Enter ends them.")
    typed = ""
    while (pressed := key()) not in ENTER:
        if pressed in ("\x03", "\x04", ""):
            return names
        if pressed in RUBOUT and typed:
            typed = typed[:-1]
            typer.echo("\b \b", nl=False)
        elif pressed.isprintable():
            typed += pressed
            typer.echo(pressed, nl=False)
    say("")
    named = linker.named(typed)
    found = (*named, *(each.variable for each in linker.rank(typed) if each.variable not in named))
    return found[:5] or names


def _say(entry: Entry, scenario: Scenario) -> str:
    what = "" if entry.variable is None else entry.condition_of(scenario.variables[entry.variable])
    kind = "" if entry.kind is ClaimKind.CHANCE else f"{entry.kind}: " if entry.variable else entry.kind
    return f"{kind}{what or entry.variable or ''}" + (f", given {entry.given}" if entry.given else "")


def _decided(entry: Entry, pressed: str, linker: Linker, key: Key) -> Entry | None:
    """The entry with the answer that a key gives, or None where it gives none."""
    if pressed == "x":
        return entry.aside(Status.REJECTED)
    if pressed in ENDED_BY:
        return entry.aside(Status.CONFIRMED, ENDED_BY[pressed])
    if pressed == "n":
        fact = entry.kind is ClaimKind.FACT  # that records settle
        return entry.aside(Status.CONFIRMED, ClaimKind.FACT) if fact else entry.aside(Status.UNCOVERED)
    chosen = _chosen(entry.about, pressed, linker.scenario, key)
    if chosen is None:
        return None
    confirmed = replace(entry, status=Status.CONFIRMED, variable=chosen[0], state=chosen[1], given=None)
    if entry.kind is ClaimKind.CONDITIONAL or (entry.kind is ClaimKind.CHANCE and entry.proposal.condition):
        return _supposing(confirmed, linker, key)
    return confirmed


def _chosen(names: tuple[str, ...], pressed: str, scenario: Scenario, key: Key) -> tuple[str, str | None] | None:
    """The question that a number stands for, and which of its states where it has some."""
    if not pressed.isdigit() or not 1 <= int(pressed) <= min(5, len(names)):
        return None
    name = names[int(pressed) - 1]
    if not scenario.variables[name].states:
        return name, None
    states = [each.name for each in scenario.variables[name].states][:9]
    say("  which? " + ", ".join(f"{number} {each}" for number, each in enumerate(states, start=1)))
    choice = key()
    if choice in ENDS:
        raise Stopped
    if not choice.isdigit() or not 1 <= int(choice) <= len(states):
        return None
    return name, states[int(choice) - 1]


def _supposing(entry: Entry, linker: Linker, key: Key) -> Entry | None:
    """What a claim supposes; a condition that no question covers leaves the claim uncovered, not unconditional."""
    denies, names, variables = False, entry.supposable or entry.about, linker.scenario.variables
    condition = " ".join((entry.proposal.condition or entry.proposal.text).split())
    while True:
        say(paragraph(f"supposing{' not' if denies else ''}: {condition}", width(), "  ", "    "))
        _list(names, linker.scenario)
        pressed = key()
        if pressed == "i":
            return replace(entry, kind=ClaimKind.CHANCE)
        if pressed == "n":
            return entry.aside(Status.UNCOVERED)
        if pressed == "d":
            denies = not denies
            continue
        if pressed == "o":
            names = _others(linker, key, names)
            continue
        if pressed in ENDS:
            raise Stopped
        if pressed == "u":
            return None
        chosen = _chosen(names, pressed, linker.scenario, key)
        given = chosen and condition_of(variables[chosen[0]], chosen[1], denies=denies, text=condition)
        if not given:
            say(paragraph(SUPPOSING, width(), "  "))
            continue
        return replace(entry, kind=ClaimKind.CONDITIONAL, given=given)
