"""How long a person waits for a command: each run as a process of its own, start-up included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

QUESTION = ("run", "cuba", "--if", "backed_down")


def waits(rounds: int) -> Mapping[str, float | None]:
    """Median seconds of each command; None where it does not run here."""
    jonbar = str(Path(sys.executable).with_name("jonbar"))
    with tempfile.TemporaryDirectory() as folder:
        warm = {"XDG_CACHE_HOME": folder}
        return {
            "python -c pass": _median([sys.executable, "-c", "pass"], {}, rounds),
            "import jonbar": _median([sys.executable, "-c", "import jonbar"], {}, rounds),
            "jonbar --help": _median([jonbar, "--help"], {}, rounds),
            "jonbar check cuba": _median([jonbar, "check", "cuba"], {}, rounds),
            "jonbar run cuba --if backed_down, cold": _cold([jonbar, *QUESTION], min(rounds, 3)),
            "jonbar run cuba --if backed_down, warm": _median([jonbar, *QUESTION], warm, min(rounds, 5), skip=1),
        }


def _median(command: list[str], environment: Mapping[str, str], rounds: int, *, skip: int = 1) -> float | None:
    spent = [_wait(command, environment) for _ in range(rounds + skip)][skip:]
    known = [each for each in spent if each is not None]
    return median(known) if len(known) == len(spent) else None


def _cold(command: list[str], rounds: int) -> float | None:
    """Each time with an empty posterior store."""
    spent = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            spent.append(_wait(command, {"XDG_CACHE_HOME": folder}))
    known = [each for each in spent if each is not None]
    return median(known) if len(known) == len(spent) else None


def _wait(command: list[str], environment: Mapping[str, str]) -> float | None:
    started = time.perf_counter()
    try:
        done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return time.perf_counter() - started if done.returncode == 0 else None
