"""Laws of the documentation: every block that a reader may copy does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sybil import Document

from tools.pages.blocks import EXECUTED, PAGES, ROOT, SHOWN, agrees, elide, parse_console, parsers_of, reading
from tools.pages.written import PICTURES, draw

FENCE = re.compile(r"^(?:```|~~~)(\S*)", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#\s]*)(#[^)\s]+)?\)")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One posterior store for all pages: what history teaches is worked out once."""
    return tmp_path_factory.mktemp("store")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_a_page_does_what_the_page_says(page: Path, store: Path) -> None:
    document = Document.parse(str(page), *parsers_of(page))
    with reading(store):
        for example in document.examples():
            example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_is_executed_or_is_of_a_kind_that_cannot_be(page: Path) -> None:
    opening = FENCE.findall(page.read_text(encoding="utf-8"))[::2]
    assert [each for each in opening if each not in (*EXECUTED, *SHOWN) and not each.startswith("{")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target, _ in LINK.findall(page.read_text(encoding="utf-8")):
        if target and "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_what_its_command_draws(picture: Path, store: Path) -> None:
    with reading(store):
        assert draw(PICTURES[picture]) == picture.read_text(encoding="utf-8"), "run `make docs` and look at it"


def test_a_page_that_shows_something_else_is_found_out() -> None:
    assert agrees("a\n...\nc\n", "a\nb\nb\nc\n") and agrees("Done, 0.3 s.\n", "Done, 12 s.\n")
    assert not agrees("a\nc\n", "a\nb\nc\n") and not agrees("a\n...\nd\n", "a\nb\nc\n")
    assert [each.command for each in parse_console("$ jonbar a \\\n    b  # why\nx\n\n$ jonbar c\n")] == [
        "jonbar a b",
        "jonbar c",
    ]
    assert elide("1 x\n...\n3 z\n", "1 y\n2 w\n3 v\n") == "1 y\n...\n3 v"
