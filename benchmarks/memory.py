"""Peak memory of a whole survey: assimilate the facts, ask one question of so many worlds, in a process of its own.

The question has an exact answer; here it is sampled all the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

TELLINGS = 1_000


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a survey of so many worlds took: peak resident memory, seconds, and the answer it gave."""

    worlds: int
    megabytes: float
    seconds: float
    answer: float


def footprint(size: int, worlds: int, *, seed: int) -> Footprint:
    """Run `python -m benchmarks.memory` and read what it reports."""
    command = [sys.executable, "-m", "benchmarks.memory", str(size), str(worlds), str(seed)]
    return Footprint(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _survey(size: int, worlds: int, seed: int) -> Footprint:
    from benchmarks.chronology import name, random_chronology
    from benchmarks.jonbar_peer import changes, compiled
    from jonbar.scenario.expressions import Name
    from jonbar.scm.assimilate import assimilate
    from jonbar.scm.questions import Branch, Plan, Probe
    from jonbar.scm.survey import join, question

    started = time.perf_counter()
    chronology = random_chronology(size, seed=seed)
    model = compiled(chronology)
    posterior = assimilate(model, seed=seed, draws=worlds // TELLINGS, tellings=TELLINGS)
    plan = Plan({"twin": Branch(changes(chronology))}, {"asked": Probe("twin", Name(name(chronology.asked)))})
    blocks = posterior.blocks(len(model.steps))
    parts = [(block, question(block, model, plan, posterior.level)["asked"]) for block in blocks]
    sums = join(parts)
    answer = float(sums.value.sum() / sums.weight.sum())
    return Footprint(worlds, _peak(), time.perf_counter() - started, answer)


def _peak() -> float:
    """Megabytes this process has held at most; `getrusage` would count what its parent held, too."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    from dataclasses import asdict

    print(json.dumps(asdict(_survey(*map(int, sys.argv[1:4])))))
