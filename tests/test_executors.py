"""Who works the blocks off does not matter: the same bytes come back, and nothing is lost with whoever goes away."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from jonbar.cli import guard
from jonbar.cli.app import app
from jonbar.cli.terminal import workers
from jonbar.query.answering import questions_of
from jonbar.scenario.read import read_scenario
from jonbar.scm import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from jonbar.scm.workers import as_they_come, work_off
from tests.views.made_up import BATTLE

ROOT = Path(__file__).parent.parent
DRAWS, TELLINGS = 240, 50


def learnt(executor: Executor | None, *, killing: bool = False) -> bytes:
    """All that a run of several blocks finds out, with every process of a pool killed on the way if asked."""
    model = compile_model(read_scenario(BATTLE.read_bytes(), file=BATTLE.name))

    def kill(share: float) -> None:
        for each in multiprocessing.active_children():
            each.kill()

    posterior = assimilate.assimilate(
        model, seed=5, draws=DRAWS, tellings=TELLINGS, executor=executor,
        progress=kill if killing else None,
    )  # fmt: skip
    questions = questions_of(model)
    probes = {f"{each.key} {label}": Probe("really", tree) for each in questions for label, tree in each.parts}
    sums = survey(model, posterior, Plan({"really": Branch()}, probes), executor=executor)
    arrays = [posterior.held[name] for name in sorted(posterior.held)]
    arrays += [getattr(sums[name], part) for name in sorted(sums) for part in type(sums[name]).__dataclass_fields__]
    return b"".join(np.ascontiguousarray(each).tobytes() for each in arrays)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that a short run has several of each kind."""
    monkeypatch.setattr(assimilate, "DRAWS_A_CHAIN_BLOCK", 50)
    monkeypatch.setattr(assimilate, "LUCK_A_BLOCK", 1)


def slowly(number: int) -> int:
    time.sleep(0.2)
    return 2 * number


def fatal(parent: int, number: int) -> int:
    """Takes the process along that works it off, unless that is the one who asked."""
    if number == 3 and os.getpid() != parent:
        os._exit(1)
    return 2 * number


def faulty(number: int) -> int:
    raise ArithmeticError(number)


@pytest.mark.usefixtures("small_blocks")
def test_one_process_and_four_give_the_same_bytes_also_when_all_of_them_are_killed() -> None:
    alone = learnt(None)
    with workers(4, None) as pool:
        assert learnt(pool) == alone
    with workers(4, None) as pool:
        assert learnt(pool, killing=True) == alone


def test_what_a_dying_process_had_not_finished_is_worked_off_here() -> None:
    with workers(2, None) as pool:
        assert dict(as_they_come(pool, fatal, [(os.getpid(), number) for number in range(8)])) == doubled(range(8))
        assert dict(as_they_come(pool, slowly, [(number,) for number in range(3)])) == doubled(
            range(3)
        )  # a broken pool


@pytest.mark.parametrize("count", [1, 2])
def test_a_fault_of_the_task_itself_is_not_hidden(count: int) -> None:
    with workers(count, None) as pool, pytest.raises(ArithmeticError):
        list(work_off(pool, faulty, [(1,)]))


def doubled(numbers: range) -> dict[int, int]:
    return {position: 2 * number for position, number in enumerate(numbers)}


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler of its own and two workers on this machine; its address, and the process of the scheduler."""
    told = folder / "scheduler.json"
    env = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    worker = ["dask_worker", "--no-nanny", "--nthreads", "1", "--local-directory", str(folder)]
    with (folder / "log").open("wb") as log:
        started = [
            subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *words, "--host", "127.0.0.1", "--no-dashboard",
                 "--scheduler-file", str(told)],
                env=env, cwd=ROOT, stdout=log, stderr=log,
            )
            for program, *words in (["dask_scheduler", "--port", "0"], worker, worker)
        ]  # fmt: skip
        try:
            patience = time.monotonic() + 240
            while not told.exists() or not told.read_text():
                assert time.monotonic() < patience, (folder / "log").read_text()
                time.sleep(0.05)
            yield json.loads(told.read_text())["address"], started[0]
        finally:
            for each in started:
                each.kill()
                each.wait()


@pytest.mark.usefixtures("small_blocks")
def test_a_cluster_gives_the_same_bytes_and_nothing_is_lost_with_a_worker_or_the_whole_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    question = ["run", str(BATTLE), "--draws", "60", "--tellings", "20", "--no-store", "--json"]

    def asked(*words: str) -> tuple[str, str]:
        assert guard(lambda: app([*question, *words], prog_name="jonbar", standalone_mode=False)) == 0
        said = capfd.readouterr()
        return said.out, said.err

    with cluster(tmp_path) as (address, scheduler):
        alone, here = learnt(None), asked("--workers", "1")
        with workers(1, address) as there:
            assert learnt(there) == alone
            assert dict(as_they_come(there, fatal, [(os.getpid(), number) for number in range(8)])) == doubled(range(8))
        assert asked("--cluster", address) == here == (here[0], "")
        with workers(1, address) as there:
            coming = as_they_come(there, slowly, [(number,) for number in range(50, 62)])
            found = dict([next(coming)])
            scheduler.kill()
            assert found | dict(coming) == doubled(range(50, 62))
            assert learnt(there) == alone
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        assert "The cluster went away" in said.err


def test_a_pool_that_is_shut_down_leaves_nobody_waiting() -> None:
    with ThreadPoolExecutor(1) as pool:
        found = as_they_come(pool, slowly, [(number,) for number in range(6)])
        first = next(found)
        pool.shutdown(wait=False, cancel_futures=True)
        assert dict([first, *found]) == doubled(range(6))
