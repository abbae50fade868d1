"""What the pages about the audit show is what a reader gets: every block is run."""

from __future__ import annotations

import doctest
import re
import shlex
from functools import partial
from pathlib import Path

import pytest

from jonbar.cli import guard
from jonbar.cli.app import app

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "how-to" / "audit-a-what-if.md", DOCS / "explanation" / "six-criteria.md"]
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_a_page_does_what_it_says(
    page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks
    for kind, block in blocks:
        if kind == "python":
            exec(compile(block, page.name, "exec"), {})
            continue
        typed, _, shown = block.partition("\n")
        words = shlex.split(typed.removeprefix("$ jonbar "))
        assert guard(partial(app, words, prog_name="jonbar", standalone_mode=False)) == 0
        said = capsys.readouterr().out
        assert doctest.OutputChecker().check_output(shown, said, doctest.ELLIPSIS), said
