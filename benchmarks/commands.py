"""How long a person waits for a command: each run as a process of its own, start-up included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

QUESTION = ("run", "cuba", "--if", "backed_down")


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds on the clock, and seconds of processor time of the command and the processes it started."""

    clock: float
    processor: float


def waits(rounds: int) -> Mapping[str, Wait | None]:
    """Median waits for each command; None where it does not run here."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            "python -c pass": _wait(["-c", "pass"], rounds),
            "import jonbar": _wait(["-c", "import jonbar"], rounds),
            "jonbar --help": _wait(["-m", "jonbar", "--help"], rounds),
            "jonbar check cuba": _wait(["-m", "jonbar", "check", "cuba"], rounds),
            "jonbar run cuba --if backed_down, cold": _wait(["-m", "jonbar", *QUESTION], min(rounds, 2), store=None),
            "jonbar run cuba --if backed_down, warm": _wait(["-m", "jonbar", *QUESTION], rounds, store=folder),
        }


def _wait(command: Sequence[str], rounds: int, *, store: str | None = "") -> Wait | None:
    """After one run that is not counted; without a `store` each run starts with an empty one, and all are counted."""
    found: list[Wait] = []
    for _ in range(rounds + (store is not None)):
        with tempfile.TemporaryDirectory() as empty:
            once = _once(command, {"XDG_CACHE_HOME": empty if store is None else store} if store != "" else {})
        if once is None:
            return None
        found.append(once)
    counted = found[store is not None :]
    return Wait(median(each.clock for each in counted), median(each.processor for each in counted))


def _once(command: Sequence[str], environment: Mapping[str, str]) -> Wait | None:
    started, before = time.perf_counter(), os.times()
    try:
        done = subprocess.run(
            [sys.executable, *command], env={**os.environ, **environment}, capture_output=True, timeout=300
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    spent, after = time.perf_counter() - started, os.times()
    processor = after.children_user - before.children_user + after.children_system - before.children_system
    return Wait(spent, processor) if done.returncode == 0 else None
