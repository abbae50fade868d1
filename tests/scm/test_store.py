"""The posterior store: a run that was stopped goes on as if it had not been, and what is damaged is made again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from jonbar.cli import files
from jonbar.cli.files import Folder
from jonbar.history.lessons import lessons
from jonbar.report.build import Settings, history
from jonbar.report.keeping import meaning
from jonbar.scenario.read import read_scenario
from jonbar.scm import assimilate as room
from jonbar.scm import sequential, workers
from jonbar.scm.assimilate import Posterior, chains_on_their_way, load_posterior, save_posterior
from jonbar.scm.chains import settle
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.sequential import follow, passages
from jonbar.scm.store import pack, unpack
from tests.memory import Memory
from tests.views.made_up import BATTLE

SETTINGS = Settings(7, 45, 10)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.setattr(room, "DRAWS_A_CHAIN_BLOCK", 20)
    monkeypatch.setattr(sequential, "DRAWS_A_BLOCK", 20)
    return compile_model(read_scenario(BATTLE.read_bytes(), file=BATTLE.name))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The position of each job that is worked off."""
    made: list[int] = []
    real = workers.as_they_come

    def counting(*arguments: object) -> object:
        for position, result in real(*arguments):  # type: ignore[arg-type, var-annotated]
            made.append(position)
            yield position, result

    monkeypatch.setattr(workers, "as_they_come", counting)
    return made


def stopping(after: int) -> Callable[[float], None]:
    """Somebody who loses patience after so many pieces."""
    left = iter(range(after))

    def watch(share: float) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return watch


def same(one: Posterior, other: Posterior) -> bool:
    return save_posterior(one) == save_posterior(other)


@pytest.mark.parametrize("after", [0, 2, 4])
def test_history_that_was_stopped_half_way_is_taken_in_as_if_it_had_not_been(
    model: Model, done: list[int], after: int
) -> None:
    whole, _ = history(model, SETTINGS)
    needed, store = len(done), Memory()
    with pytest.raises(KeyboardInterrupt):
        history(model, SETTINGS, store=store, progress=stopping(after))
    assert len(store.entries) == after + 1
    found, warm = history(model, SETTINGS, store=store)
    assert same(found, whole) and not warm
    assert len(done) == 2 * needed  # nothing that was kept is made twice
    assert len(store.entries) == 1  # what is whole needs no pieces
    again, warm = history(model, SETTINGS, store=store)
    assert same(again, whole) and warm and len(done) == 2 * needed


def test_history_that_is_followed_day_by_day_goes_on_where_it_was(model: Model, done: list[int]) -> None:
    learned = lessons(model)
    whole = follow(model, learned, seed=7, draws=45, tellings=10, hold_out=True)
    needed, kept = len(done), passages(Memory(), "battle")
    with pytest.raises(KeyboardInterrupt):
        follow(model, learned, seed=7, draws=45, tellings=10, hold_out=True, kept=kept, progress=stopping(1))
    found = follow(model, learned, seed=7, draws=45, tellings=10, hold_out=True, kept=kept)
    assert len(done) == 2 * needed
    assert found.records == whole.records
    assert all(same(found.posteriors[day], each) for day, each in whole.posteriors.items())


def test_a_piece_that_is_damaged_is_made_again(model: Model) -> None:
    whole, store = history(model, SETTINGS)[0], Memory()
    with pytest.raises(KeyboardInterrupt):
        history(model, SETTINGS, store=store, progress=stopping(3))
    store.entries = {key: entry[:-1] for key, entry in store.entries.items()}
    assert same(history(model, SETTINGS, store=store)[0], whole)


def test_pieces_of_another_seed_or_scenario_are_not_taken(model: Model) -> None:
    store, piece = Memory(), (range(20), (0, 2))
    name = meaning(model.scenario)
    kept = chains_on_their_way(store, name, 7)
    kept.keep(piece, settle(model, 7, range(20), range(2)))
    assert kept.find(piece) is not None
    assert chains_on_their_way(store, name, 8).find(piece) is None
    assert chains_on_their_way(store, "other", 7).find(piece) is None


numbers = arrays(
    st.sampled_from([np.float64, np.int64, np.bool_]), array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
)


@given(st.recursive(numbers | st.text() | st.none(), lambda inner: st.dictionaries(st.text("abc"), inner)))
def test_what_is_packed_comes_out_as_it_went_in(value: object) -> None:
    def check(one: object, other: object) -> None:
        if isinstance(one, dict):
            assert isinstance(other, dict) and one.keys() == other.keys()
            for key in one:
                check(one[key], other[key])
        elif isinstance(one, np.ndarray):
            assert isinstance(other, np.ndarray) and one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other

    check(value, unpack(pack({"value": value}))["value"])


def test_an_array_that_stands_in_an_entry_twice_is_written_once() -> None:
    each = np.linspace(0.0, 1.0, 1000)
    assert len(pack([each, each.copy()])) < len(pack([each])) + 100


def test_an_entry_that_is_damaged_anywhere_is_none(model: Model) -> None:
    entry = save_posterior(history(model, SETTINGS)[0])
    assert load_posterior(entry) is not None
    for at in (0, 40, 200, len(entry) // 2, len(entry) - 1):
        assert load_posterior(entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :]) is None
    assert load_posterior(entry[:-5]) is None and load_posterior(b"") is None and load_posterior(None) is None


def test_a_store_makes_room_for_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_KEPT", 25)
    store = Folder(tmp_path / "store")
    for number, key in enumerate("abcd"):
        store.write(key, b"0123456789")
        os.utime(store.path / key, (number, number))
        assert store.read(key) is not None or key == "d"
        os.utime(store.path / key, (number, number))
        if key == "b":
            os.utime(store.path / "a", (9, 9))  # used since
    assert [key for key in "abcd" if store.read(key)] == ["a", "d"]


def test_a_command_that_is_killed_leaves_pieces_and_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jonbar", "run", str(BATTLE), "--json", "--draws", "3000", "--workers", "1"]

    def environment(name: str) -> dict[str, str]:
        return {**os.environ, "XDG_CACHE_HOME": str(tmp_path / name)}

    expected = subprocess.run(command, env=environment("whole"), capture_output=True, check=True).stdout
    kept = tmp_path / "killed" / "jonbar" / "posteriors"
    with subprocess.Popen(command, env=environment("killed"), stdout=subprocess.DEVNULL) as running:
        while running.poll() is None and not (kept.is_dir() and any(kept.iterdir())):
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
    assert any(kept.iterdir())
    assert subprocess.run(command, env=environment("killed"), capture_output=True, check=True).stdout == expected
