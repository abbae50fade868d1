"""The words that commands share, each with one meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from jonbar.cli import choose

Found = TypeVar("Found")
ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A shipped scenario (cuba), a file, or - for standard input.",
        autocompletion=choose.complete_scenario,
    ),
]
If = Annotated[
    str | None,
    typer.Option(
        "--if", metavar="READING", help="A what-if or one of its readings.", autocompletion=choose.complete_reading
    ),
]
Question = Annotated[
    str,
    typer.Argument(
        metavar="QUESTION",
        help="A variable or a condition, such as 'first_course is silence'.",
        autocompletion=choose.complete_variable,
    ),
]
Seed = Annotated[
    int,
    typer.Option(min=0, metavar="NUMBER", help="Names the dice: the same number gives the same answer."),
]


def draws_up_to(most: int) -> Any:
    """`--draws NUMBER`, the same for every command that draws."""
    return typer.Option(min=1, max=most, metavar="NUMBER", help="How often to draw what the file leaves open.")


def tellings_up_to(most: int) -> Any:
    """`--tellings NUMBER`, the same for every command that runs history."""
    return typer.Option(min=1, max=most, metavar="NUMBER", help="Runs of luck for each draw.")


Luck = Annotated[
    str | None,
    typer.Option(
        metavar="LUCK",
        help="How much of history's luck survives: keep, re-roll, 60%, or a half-life such as '4 years'. "
        "[default: the scenario's]",
    ),
]
Given = Annotated[
    str | None,
    typer.Option(metavar="CONDITION", help="Keep only changed worlds in which this holds, such as 'not war'."),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=NUMBER",
        help="Set an assumption, such as war.provoked=x3; may be repeated.",
        autocompletion=choose.complete_setting,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Exact figures as JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Exact figures as CSV.")]
NoNext = Annotated[bool, typer.Option("--no-next", help="Leave out the line that says what to do next.")]
All = Annotated[bool, typer.Option("--all", help="List everything, also what hardly changes.")]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        max=256,
        metavar="NUMBER",
        help="Processes to share the work. [default: one a core, where that helps]",
    ),
]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")]
NoStore = Annotated[bool, typer.Option("--no-store", help="Neither use nor keep what history taught in earlier runs.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the answer to a file.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]

SEED, DRAWS, TELLINGS = 1962, 2000, 16
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Sample:
    """With which dice history is drawn, and how often."""

    seed: Seed = SEED
    draws: Annotated[int, draws_up_to(1_000_000)] = DRAWS
    tellings: Annotated[int, tellings_up_to(10_000_000)] = TELLINGS

    def __post_init__(self) -> None:
        """A seed is kept in eight bytes."""
        if self.seed > LARGEST_SEED:
            raise typer.BadParameter(f"Write a number up to {LARGEST_SEED:,}.", param_hint="--seed")


@dataclass(frozen=True)
class KeptSample(Sample):
    """The same where every draw is kept with its answers, to be weighed anew: fewer fit."""

    draws: Annotated[int, draws_up_to(20_000)] = DRAWS
    tellings: Annotated[int, tellings_up_to(10_000)] = TELLINGS


@dataclass(frozen=True)
class Figures:
    """Exact figures in place of words: as JSON, or as CSV."""

    json: Json = False
    csv: Csv = False

    def __post_init__(self) -> None:
        """One form at a time."""
        if self.json and self.csv:
            raise typer.BadParameter("Choose one of --json and --csv.")

    @property
    def wanted(self) -> bool:
        """Whether figures were asked for, and not words."""
        return self.json or self.csv

    def of(self, found: Found, as_json: Callable[[Found], str], as_csv: Callable[[Found], str]) -> str:
        """What was found, in the form that was asked for."""
        return as_json(found) if self.json else as_csv(found)


@dataclass(frozen=True)
class Effort:
    """Who shares the work, and whether anything of it is kept."""

    count: Workers = None
    cluster: Cluster = None
    no_store: NoStore = False


WORDS, SAMPLE, EFFORT, KEPT_SAMPLE = Figures(), Sample(), Effort(), KeptSample()
SAMPLE_A_DAY = Sample(draws=500, tellings=50)  # of history as it stood on each day: weighed and not picked
