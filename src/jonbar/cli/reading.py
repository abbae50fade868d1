"""The command that takes a debate in: read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jonbar.cli import choose
from jonbar.cli.options import WORDS, All, Figures, Force, NoNext
from jonbar.cli.output import TERMINAL
from jonbar.cli.terminal import suggest, width

if TYPE_CHECKING:
    from jonbar.discussion.ledger import Ledger
    from jonbar.scenario.terms import Scenario

MOST_BYTES = 20_000_001  # one more than a thread may have: the reader says so


Thread = Annotated[str, typer.Argument(metavar="THREAD", help="A saved page, feed, mail or text, or - for input.")]
LinkedTo = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        metavar="SCENARIO",
        help="Link claims to its questions.",
        autocompletion=choose.complete_scenario,
    ),
]
LedgerFile = Annotated[
    Path | None, typer.Option("-o", "--ledger", metavar="FILE", help="Keep claims, and what was said of them.")
]
Review = Annotated[bool, typer.Option("--review", help="Go through the claims with single keys; needs -o.")]
Split = Annotated[list[int] | None, typer.Option(metavar="LINE", min=1, help="A post begins at this line.")]
Join = Annotated[list[int] | None, typer.Option(metavar="LINE", min=1, help="No post begins at this line.")]
ClaimsFile = Annotated[
    Path | None,
    typer.Option("--claims", metavar="FILE", help="Write confirmed claims as a file that extends the scenario."),
]
AskedUnder = Annotated[
    str | None, typer.Option("--if", metavar="READING", help="The reading that --claims asks about.")
]
ModelFolder = Annotated[
    Path | None,
    typer.Option("--model", metavar="FOLDER", help="A model of meaning, saved by model2vec, to link claims by."),
]


def read(
    thread: Thread,
    scenario: LinkedTo = None,
    ledger: LedgerFile = None,
    review: Review = False,
    split: Split = None,
    join: Join = None,
    claims: ClaimsFile = None,
    reading: AskedUnder = None,
    model: ModelFolder = None,
    everything: All = False,
    figures: Figures = WORDS,
    force: Force = False,
    no_next: NoNext = False,
) -> None:
    """Take a debate in: its posts, who answers whom, what each claims.

    Nothing is decided by it.
    """
    from jonbar.cli.files import load, write
    from jonbar.cli.reviewing import go_through
    from jonbar.cli.vectors import load_meaning
    from jonbar.discussion.ledger import open_ledger, read_entries, write_ledger
    from jonbar.discussion.recognise import read_thread
    from jonbar.views.debate import debate_csv, debate_json, show_debate

    found = load(scenario) if scenario else None
    _go_together(found, ledger, review, claims, model)
    chosen = choose.reading_of(found, reading).name if found is not None and found.readings() else None
    kept = read_entries(ledger.read_bytes(), file=str(ledger)) if ledger is not None and ledger.exists() else {}
    likeness = load_meaning(model) if model is not None else None
    opened = open_ledger(read_thread(_bytes(thread), starts=split or (), joins=join or ()), found, kept, likeness)
    if review and ledger is not None and found is not None:
        path = ledger
        opened = go_through(opened, found, typer.getchar, lambda now: write(path, write_ledger(now), force=True))
    if ledger is not None:
        write(ledger, write_ledger(opened), force=True)
        typer.echo(f"Kept in {ledger}.", err=True)
    if claims is not None and found is not None:
        _write_claims(claims, opened, found, chosen, force=force)
    if figures.wanted:
        TERMINAL.put(figures.of(opened, debate_json, debate_csv))
        return
    TERMINAL.put(show_debate(opened, width=width(), paint=TERMINAL.paint, everything=everything))
    suggest(_next(thread, scenario, ledger, claims), no_next)


def _go_together(
    found: Scenario | None, ledger: Path | None, review: bool, claims: Path | None, model: Path | None
) -> None:
    """Refuse an option without another that it needs (E524)."""
    from jonbar.errors import QuestionError

    add = "Add --scenario SCENARIO."
    kept = "Add -o FILE, where every answer is kept at once, and --scenario SCENARIO."
    for missing, needs, advice in (
        (review and (ledger is None or found is None), "A review needs a ledger and a scenario.", kept),
        (claims is not None and found is None, "Claims need a scenario to be about.", add),
        (model is not None and found is None, "A model links claims to a scenario.", add),
    ):
        if missing:
            raise QuestionError("E524", needs, advice)


def _write_claims(path: Path, opened: Ledger, found: Scenario, reading: str | None, *, force: bool) -> None:
    """Write what was confirmed as a file that extends the scenario, and say what is left to do by hand."""
    from jonbar.cli.files import write
    from jonbar.discussion.ledger import as_claims, by_hand, left_out

    write(path, as_claims(opened, found, reading), force=force)
    typer.echo(f"Claims written to {path}; put them in words of your own before you publish them.", err=True)
    if numbers := left_out(opened, found):
        test = f"test: mean of {numbers[0]} under {reading or 'READING'} < 6"
        about = f"Left out are claims about a number ({', '.join(numbers)})"
        typer.echo(f"{about}: write what they compare, as in `{test}`.", err=True)
    if many := by_hand(opened):
        typer.echo(f"{many} compare, explain or measure: write their `test:` by hand.", err=True)


def _bytes(named: str) -> bytes:
    import sys

    from jonbar.cli.files import STANDARD_INPUT
    from jonbar.errors import QuestionError

    if named == STANDARD_INPUT:
        return sys.stdin.buffer.read(MOST_BYTES)
    try:
        with Path(named).open("rb") as stream:
            return stream.read(MOST_BYTES)
    except FileNotFoundError:
        raise QuestionError(
            "E504", f"There is no file `{named}`.", "Save the page, or copy its text into a file."
        ) from None
    except IsADirectoryError:
        raise QuestionError("E504", f"`{named}` is a folder.", "Name a file in it.") from None


def _next(thread: str, scenario: str | None, ledger: Path | None, claims: Path | None) -> str:
    if claims is not None:
        return f"jonbar check {claims}"
    if scenario is None:
        return f"jonbar read {thread} --scenario SCENARIO"
    return f"jonbar read {thread} --scenario {scenario} -o {ledger or 'debate.ledger.yaml'} --review"
