"""The tutorial in a notebook: it runs from its first cell to its last, and is kept without what it showed."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parent.parent.parent / "docs" / "tutorial" / "notebook.ipynb"
PATIENCE = 120  # seconds a cell


def read() -> Any:
    import nbformat

    return nbformat.read(NOTEBOOK, as_version=4)


@cache
def run(folder: Path) -> Any:
    """The notebook after all of its cells, each with what it showed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the machinery that runs it
        from nbclient import NotebookClient

        found = read()
        NotebookClient(found, timeout=PATIENCE, resources={"metadata": {"path": str(folder)}}).execute()
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the notebook writes."""
    return tmp_path_factory.mktemp("notebook")


def test_it_is_kept_without_what_it_showed() -> None:
    for cell in read().cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


def test_every_cell_runs_and_shows_what_it_ends_in(folder: Path) -> None:
    shown: set[str] = set()
    for cell in run(folder).cells:
        if cell.cell_type == "code":
            assert not [each for each in cell.outputs if each.output_type in ("error", "stream")], cell.source
            results = [each for each in cell.outputs if each.output_type == "execute_result"]
            assert len(results) == 1, cell.source
            shown |= set(results[0].data)
    assert {"text/html", "image/svg+xml"} <= shown
    assert (folder / "missiles.svg").read_text(encoding="utf-8").startswith("<svg")


def test_what_a_cell_shows_runs_nothing_but_the_chart(folder: Path) -> None:
    for cell in run(folder).cells:
        for each in cell.get("outputs", ()):
            for form in ("text/html", "image/svg+xml"):
                said = str(each.get("data", {}).get(form, ""))
                assert ("<script" in said) == (".plot()" in cell.source and form == "text/html")


def test_every_answer_says_how_it_was_obtained(folder: Path) -> None:
    answers = [
        each.data["text/html"]
        for cell in run(folder).cells
        for each in cell.get("outputs", ())
        if "ask(" in cell.source and each.output_type == "execute_result"
    ]
    assert len(answers) == 3
    assert all('<table class="settings">' in each and "Monte Carlo error" in each for each in answers)
