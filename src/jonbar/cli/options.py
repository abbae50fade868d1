"""The words that commands share, each with one meaning."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from jonbar.cli import choose

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
Seed = Annotated[
    int,
    typer.Option(min=0, max=2**63 - 1, metavar="NUMBER", help="Names the dice: the same number gives the same answer."),
]
Draws = Annotated[
    int, typer.Option(min=1, max=1_000_000, metavar="NUMBER", help="How often to draw what the file leaves open.")
]
Tellings = Annotated[int, typer.Option(min=1, max=10_000_000, metavar="NUMBER", help="Runs of luck for each draw.")]
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


@dataclass(frozen=True)
class Sample:
    """With which dice history is drawn, and how often."""

    seed: Seed = SEED
    draws: Draws = DRAWS
    tellings: Tellings = TELLINGS


@dataclass(frozen=True)
class Effort:
    """Who shares the work, and whether anything of it is kept."""

    count: Workers = None
    cluster: Cluster = None
    no_store: NoStore = False


SAMPLE, EFFORT = Sample(), Effort()
SAMPLE_A_DAY = Sample(draws=500, tellings=50)  # of history as it stood on each day: weighed and not picked
WORLDS_WORTH_A_PROCESS = 20_000  # where history is not known yet
ANSWERS_WORTH_A_PROCESS = 10_000_000  # worlds times variables where it is: about a second's work
