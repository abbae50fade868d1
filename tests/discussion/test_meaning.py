"""Claims linked by their meaning: a model built on the spot, in which words that mean the same have one vector."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from typer.testing import CliRunner

from jonbar.cli.app import app
from jonbar.cli.vectors import FILES, Meaning, load_meaning
from jonbar.discussion.ledger import open_ledger
from jonbar.discussion.linking import MEANING, Linker
from jonbar.discussion.recognise import read_thread
from jonbar.errors import QuestionError
from jonbar.scenario import catalog
from jonbar.scenario.read import read_scenario

CUBA = read_scenario(catalog.find("cuba-1962")[1], file="cuba")
SAME = (("ban", "moratorium"), ("test", "detonation", "explosion"), ("open", "roofless"), ("car", "automobile"))
DEBATE = (
    b"# What if?\n\n## Anna\nA moratorium upon any detonation follows.\n\n## Bert\nHe takes no roofless automobile.\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = ["[UNK]", *(word for group in SAME for word in group)]
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), Whitespace()
    vectors = np.zeros((len(words), len(SAME)), dtype=np.float32)
    for axis, group in enumerate(SAME):
        for word in group:
            vectors[words.index(word), axis] = 1.0
    path = tmp_path_factory.mktemp("models") / "small"
    StaticModel(vectors, tokenizer).save_pretrained(path)
    return path


def test_words_that_mean_the_same_link_a_claim_to_its_question(folder: Path) -> None:
    claim = "A moratorium upon any detonation follows."
    assert "test_ban" not in [each.variable for each in Linker(CUBA).rank(claim)]
    assert Linker(CUBA, load_meaning(folder)).rank(claim)[0].variable == "test_ban"


def test_a_score_is_half_words_and_half_meaning(folder: Path) -> None:
    claim = "The open car is left at home."
    meaning = load_meaning(folder)
    by_words = {each.variable: each.score for each in Linker(CUBA).rank(claim, most=1000)}
    both = {each.variable: each.score for each in Linker(CUBA, meaning).rank(claim, most=1000)}
    for name, score in both.items():
        variable = CUBA.variables[name]
        alike = max(meaning(claim, (variable.ask, *variable.also_called)))
        assert score == pytest.approx((1.0 - MEANING) * by_words.get(name, 0.0) + MEANING * max(0.0, alike), abs=1e-6)


def test_without_a_model_nothing_changes() -> None:
    thread = read_thread(DEBATE)
    assert open_ledger(thread, CUBA) == open_ledger(thread, CUBA, None, None)


def test_likeness_is_a_cosine(folder: Path) -> None:
    meaning = load_meaning(folder)
    found = meaning("test ban", ("detonation moratorium", "test", "car", "zebra"))
    assert list(found) == pytest.approx([1.0, 0.5**0.5, 0.0, 0.0])
    assert list(meaning("zebra", ("test",))) == [0.0]
    opposite = Meaning(lambda texts: np.array([[1.0, 0.0] if each == "yes" else [-2.0, 0.0] for each in texts]))
    assert list(opposite("yes", ("no", "yes"))) == [-1.0, 1.0]


def run(tmp_path: Path, *more: str) -> str:
    thread = tmp_path / "debate.md"
    thread.write_bytes(DEBATE)
    result = CliRunner().invoke(app, ["read", str(thread), *more])
    if isinstance(result.exception, QuestionError):
        return str(result.exception)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_the_command_links_by_a_model_in_a_folder(tmp_path: Path, folder: Path) -> None:
    told = run(tmp_path, "--scenario", "cuba", "--model", str(folder))
    assert "about? test_ban" in told and "about? texas_trip" in told
    assert "about? test_ban" not in run(tmp_path, "--scenario", "cuba")


def test_a_model_that_is_not_there_is_a_fault_and_nothing_is_fetched(tmp_path: Path, folder: Path) -> None:
    for_cuba = ("--scenario", "cuba", "--model")
    assert run(tmp_path, *for_cuba, "owner/model").startswith("E532 There is no folder `owner/model`.")
    half = tmp_path / "half"
    half.mkdir()
    (half / FILES[0]).write_bytes((folder / FILES[0]).read_bytes())
    assert run(tmp_path, *for_cuba, str(half)).startswith(f"E532 `{half}` lacks tokenizer.json, config.json.")
    for name in FILES:
        (half / name).write_text("{", encoding="utf-8")
    assert run(tmp_path, *for_cuba, str(half)).startswith("E532 The model in")


def test_a_model_without_a_scenario_is_refused(tmp_path: Path, folder: Path) -> None:
    assert run(tmp_path, "--model", str(folder)).startswith("E524")


def test_where_model2vec_is_not_installed_it_is_said(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "model2vec", None)
    assert run(tmp_path, "--scenario", "cuba", "--model", str(folder)).startswith("E509")
