"""Damaged files, by the thousand: each is read or answered, never with a traceback, never late, never out of memory.

`python -m tests.proof.fuzz --count 20000 --seed 1` runs them in processes of their own with a bound on memory, and
prints each seed that breaks a law; `--only SEED` shows what one of them does.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from types import FrameType

from jonbar.errors import CODES, Diagnostic, ScenarioError, Severity
from jonbar.scenario import catalog
from jonbar.scenario.dump import dump
from jonbar.scenario.read import examine, read_scenario
from jonbar.scenario.terms import Scenario
from tests.proof.mutate import damaged, seeds

SLOWEST = 2.0  # seconds of processor time for one file
MOST_MEMORY = 500_000_000  # bytes in use, the interpreter included
LONGEST_MESSAGE = 600
BATCH = 250


def broken_laws(text: str | bytes) -> list[str]:
    """What is wrong with how a file was answered; empty if all is well."""
    start = time.process_time()
    try:
        scenario, found = examine(text, file="damaged", load=catalog.find)
    except Exception:
        return [f"a traceback: {traceback.format_exc().strip()[-1500:]}"]
    seconds = time.process_time() - start
    broken = [f"slow: {seconds:.1f} s"] if seconds > SLOWEST else []
    lines = (text.decode("utf-8", "replace") if isinstance(text, bytes) else text).count("\n") + 1
    broken += [law for each in found for law in _broken_by(each, lines)]
    errors = [each for each in found if each.severity is Severity.ERROR]
    if scenario is None and not errors:
        broken.append("refused without a reason")
    if scenario is not None and not errors:
        broken += _not_the_same(scenario)
    return broken


def _broken_by(found: Diagnostic, lines: int) -> list[str]:
    span, broken = found.span, []
    if found.code not in CODES:
        broken.append(f"{found.code} has no name")
    if not found.message.strip() or len(found.message) > LONGEST_MESSAGE:
        broken.append(f"{found.code} has no message, or a very long one: {found.message[:80]}")
    if span is None:
        broken.append(f"{found.code} has no place: {found.message[:80]}")
    elif span.file == "damaged" and not (1 <= span.line <= lines and span.column >= 1):
        broken.append(f"{found.code} stands outside the file: {span}")
    elif found.snippet is None and lines > 1 and found.code not in ("E101", "E102", "E109"):
        broken.append(f"{found.code} shows no line: {found.message[:80]}")
    for shown in (found.snippet, found.read, found.suggestion):
        if shown is not None and len(shown) > LONGEST_MESSAGE:
            broken.append(f"{found.code} shows too much: {shown[:80]}")
    return broken


def _not_the_same(scenario: Scenario) -> list[str]:
    try:
        again = read_scenario(dump(scenario), file="dumped")
    except ScenarioError as error:
        return [f"sound, but not when it is written out: {error}"]
    except Exception:
        return [f"a traceback on writing it out: {traceback.format_exc().strip()[-1500:]}"]
    return [] if again == scenario else ["sound, but another scenario when it is written out and read"]


def _too_late(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError("still running after 20 s: " + "".join(traceback.format_stack(frame)[-3:]))


def batch(first: int, count: int) -> tuple[list[tuple[int, str]], Counter[str], int]:
    """Some damaged files in this process: the seeds that broke a law, the codes that were seen, the most memory."""
    signal.signal(signal.SIGALRM, _too_late)
    resource.setrlimit(resource.RLIMIT_AS, (4 * MOST_MEMORY, 4 * MOST_MEMORY))
    texts, broken, seen = seeds(), [], Counter[str]()
    for seed in range(first, first + count):
        text = damaged(seed, texts)
        signal.alarm(20)
        laws = broken_laws(text)
        signal.alarm(0)
        broken += [(seed, law) for law in laws]
        seen.update({each.code for each in examine(text, file="damaged", load=catalog.find)[1]} if not laws else ())
    return broken, seen, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> int:
    """The proof, from the command line: exit code 1 if a law was broken."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", type=int)
    chosen = options.parse_args()
    if chosen.only is not None:
        text = damaged(chosen.only, seeds())
        for each in examine(text, file="damaged", load=catalog.find)[1]:
            print(each)
        print(*broken_laws(text), sep="\n")
        return 0
    starts = range(chosen.seed, chosen.seed + chosen.count, BATCH)
    sizes = [min(BATCH, chosen.seed + chosen.count - start) for start in starts]
    failures, seen, memory = 0, Counter[str](), 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for broken, codes, most in pool.map(batch, starts, sizes):
            seen += codes
            memory = max(memory, most)
            failures += len(broken)
            for seed, law in broken:
                print(f"seed {seed}: {law}", flush=True)
    if memory > MOST_MEMORY:
        print(f"{memory:,} bytes of memory were used, of at most {MOST_MEMORY:,}")
    never = sorted(code for code in CODES if code[:2] in ("E1", "E2", "E3") and code not in seen)
    print(f"{chosen.count:,} damaged files, {failures} laws broken, {memory / 1e6:.0f} MB at most.")
    print("Answers: " + ", ".join(f"{code} {many}" for code, many in sorted(seen.items())))
    print("Never seen: " + (", ".join(never) or "none"))
    return 1 if failures or memory > MOST_MEMORY else 0


if __name__ == "__main__":
    raise SystemExit(main())
