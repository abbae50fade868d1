"""From measurements to the page: tables in Markdown, the machine described without a name."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.commands import Wait
from benchmarks.contraction import Contractions
from benchmarks.growth import Growth
from benchmarks.memory import Footprint
from benchmarks.speed import FLOOR, JONBAR, RANGES, Agreement, Speed

LIBRARIES = ("numpy", "scipy", "chirho", "pyro-ppl", "torch", "pyagrum")


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one run measured; speeds and agreements by number of variables."""

    waits: Mapping[str, Wait | None]
    speeds: Mapping[int, Mapping[str, Speed]]
    agreements: Mapping[int, Agreement]
    variables: Growth
    worlds: Growth
    footprints: tuple[Footprint, ...]
    exact: Mapping[int, Contractions]


HEAD = """\
# Benchmarks

Written by `make bench`; do not edit. What is measured, and how the other programs were written, is told in the
`README.md` of `benchmarks/`. Only ratios within this run mean anything.

Measured on {machine}.

## The question

A random chronology of yes/no events, each with three parents among the six before it; three in ten are facts. One
fact is reversed, and the chance of a later event in the changed world is asked for, with all luck kept. Every program
weighs its worlds by the same facts, on one thread.
"""

SPEED = """\
Worlds a second of processor time: medians over rounds in which the programs took turns, each in a process of its own
and with the block size it ran best with. In brackets, the least and the most of any round. The noise floor draws and
transforms the luck of our own world with jonbar's functions, and does nothing else.
"""

EXACT = """\
Luck summed out at fixed assumptions, processor time, medians. *Made in*: the network of jonbar from its model, and the
twin network of pair tables for pyAgrum. *2,000 draws*: the same where every number is a range, all draws together.
*Sampled to 0.002*: processor time and worlds until plain weighting has that standard error. Aims: exact within twice
pyAgrum's time, 2,000 draws of 60 variables in 20 s, sampled in 1 s at 60 variables and in 5 s at 200.
"""

AGREEMENT = """\
*Effective* is how many equally weighted worlds the weighted ones are worth (Kish). Where it is small, as at 200
variables, plain weighting is the wrong method in every program here, and the errors are too small. *Raw share* (the
answer before weighting) and *log weight* (its mean) have no such trouble: they show that the programs make the same
worlds.
"""


def render(results: Results) -> str:
    """The reference page, whole."""
    parts = [
        HEAD.format(machine=machine()),
        "## Worlds a second",
        _speeds(results.speeds),
        SPEED,
        "\n".join(_verdicts(results)),
        "## The same answer",
        _agreements(results.agreements),
        AGREEMENT,
        "## Exact answers",
        _contractions(results.exact),
        EXACT,
        "## Memory",
        _footprints(results.footprints),
        "A whole survey of 60 variables in a process of its own, libraries included.",
        "## Growth",
        _growth("Variables", results.variables),
        _growth("Worlds", results.worlds),
        f"Time grows as the number of variables to the power {results.variables.power:.2f}, and as the number of "
        f"worlds to the power {results.worlds.power:.2f}.",
        "## Waiting for a command",
        _table(
            ("Command", "Seconds", "Processor seconds"),
            [(f"`{name}`", *_wait(each)) for name, each in results.waits.items()],
        ),
        "Medians, process start included. A cold run starts with an empty posterior store and shares its work among "
        "the cores; where the clock shows more than the processor did, something else wanted the machine.",
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _contractions(found: Mapping[int, Contractions]) -> str:
    rows = [
        (
            str(size),
            f"{1e3 * each.jonbar.seconds:.1f} ms",
            f"{1e3 * each.pyagrum.seconds:.1f} ms",
            f"{each.jonbar.seconds / each.pyagrum.seconds:.1f}",
            f"{1e3 * each.jonbar.made:.0f} and {1e3 * each.pyagrum.made:.0f} ms",
            f"{each.jonbar.chance:.6f} and {each.pyagrum.chance:.6f}",
            f"{each.many:.1f} s",
            f"{each.sampled[0]:.2f} s, {each.sampled[1]:,} worlds, {each.sampled[2]:.4f}",
        )
        for size, each in found.items()
    ]
    head = ("Variables", "jonbar", "pyAgrum", "Ratio", "Made in", "Chance", "2,000 draws", "Sampled to 0.002")
    return _table(head, rows)


def _footprints(footprints: Iterable[Footprint]) -> str:
    rows = [
        (f"{each.worlds:,}", f"{each.megabytes:.0f} MB", f"{each.seconds:.1f}", f"{each.answer:.4f}")
        for each in footprints
    ]
    return _table(("Worlds", "Peak memory", "Seconds", "Answer"), rows)


def _growth(what: str, growth: Growth) -> str:
    rows = [
        (f"{size:,}", f"{spent:.4f}", f"{1e6 * spent / size:.3g}")
        for size, spent in zip(growth.sizes, growth.seconds, strict=True)
    ]
    return _table((what, "Seconds", "Microseconds each"), rows)


def machine() -> str:
    """Cores, processor, Python and libraries; no name and no place."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in _lines(Path("/proc/cpuinfo"))
            if line.lower().startswith("model name")
        ),
        platform.machine(),
    )
    libraries = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores of an {model}, Python {platform.python_version()}, {libraries}"


def _lines(path: Path) -> Iterable[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else ()


def _version(library: str) -> str:
    try:
        return version(library).partition("+")[0]
    except PackageNotFoundError:
        return "absent"


def _speeds(speeds: Mapping[int, Mapping[str, Speed]]) -> str:
    rows = []
    for size, programs in speeds.items():
        for name, speed in programs.items():
            ratio = ""
            if name not in (JONBAR, RANGES, FLOOR):
                middle, least, most = programs[JONBAR].ratio(speed)
                ratio = f"{middle:.1f} times ({least:.1f} to {most:.1f})"
            rows.append((str(size), name, f"{speed.rate:,.0f}", f"{speed.block:,}", ratio))
    return _table(("Variables", "Program", "Worlds a second", "Block", "jonbar is faster by"), rows)


def _verdicts(results: Results) -> list[str]:
    """What was aimed at, and whether it was reached."""
    lines = []
    for size, programs in results.speeds.items():
        over = programs[FLOOR].ratio(programs[JONBAR])[0]
        lines.append(f"- {size} variables: {over:.1f} times the cost of drawing the noise alone (aim: at most 3).")
        for peer in ("ChiRho", "ChiRho, tuned"):
            times = programs[JONBAR].ratio(programs[peer])[0]
            lines.append(f"- {size} variables: {times:.1f} times as fast as {peer} (aim at 60 and 200: 5).")
    return lines


def _agreements(agreements: Mapping[int, Agreement]) -> str:
    rows: list[Sequence[str]] = []
    for size, agreement in agreements.items():
        rows.append((str(size), "exact", f"{agreement.exact:.4f}", "", "", "", ""))
        for name, estimate in agreement.estimates.items():
            rows.append(
                (
                    str(size),
                    name,
                    f"{estimate.chance:.4f}",
                    f"{estimate.error:.4f}",
                    f"{estimate.effective:,.0f} of {estimate.worlds:,}",
                    f"{estimate.unweighted:.4f}",
                    f"{estimate.mean_log_weight:.3f}",
                )
            )
    return _table(("Variables", "Program", "Chance", "Error", "Effective", "Raw share", "Log weight"), rows)


def _wait(wait: Wait | None) -> tuple[str, str]:
    return ("did not run", "") if wait is None else (f"{wait.clock:.2f}", f"{wait.processor:.2f}")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
