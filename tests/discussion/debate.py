"""Two debates written for the tests, of fifteen posts each, with what a careful reader finds in them marked by hand.

The second was written and marked before the rules knew how people say that they are fairly sure.

In a file a line of `===` says who wrote the next post, when, how many of its sentences assert something, and which
paragraph of which post it quotes. A hedge is marked `{words|sort}`, as a person would underline it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parent / "files"
HEAD = re.compile(
    r"^=== (?P<author>[^,]+), (?P<date>[^,]+), (?P<claims>\d+) claims(?:, quotes (?P<quotes>.+))?$", re.MULTILINE
)
MARK = re.compile(r"\{([^|{}]+)\|([a-z ]+)\}")


@dataclass(frozen=True)
class Written:
    """One post as its author wrote it."""

    author: str
    date: str
    paragraphs: tuple[str, ...]
    quotes: tuple[tuple[int, int], ...]  # (post, paragraph), both counted from 1
    claims: int
    hedges: tuple[tuple[str, str], ...]  # (words, sort)


@dataclass(frozen=True)
class Debate:
    """A thread as its authors wrote it."""

    title: str
    posts: tuple[Written, ...]

    def quoted(self, quote: tuple[int, int]) -> str:
        """The paragraph that a quote repeats."""
        post, paragraph = quote
        return self.posts[post - 1].paragraphs[paragraph - 1]


def written(name: str) -> Debate:
    """The debate that a file holds."""
    text = (FILES / name).read_text(encoding="utf-8")
    heads = list(HEAD.finditer(text))
    ends = [*(each.start() for each in heads[1:]), len(text)]
    found = []
    for head, end in zip(heads, ends, strict=True):
        marked = text[head.end() : end].strip()
        quotes = tuple((int(post), int(part)) for post, part in re.findall(r"(\d+)\.(\d+)", head["quotes"] or ""))
        own = tuple(MARK.sub(r"\1", marked).split("\n\n"))
        hedges = tuple((words, sort) for words, sort in MARK.findall(marked))
        found.append(Written(head["author"], head["date"], own, quotes, int(head["claims"]), hedges))
    return Debate(text[: heads[0].start()].strip(), tuple(found))


JULY, ARMADA = written("july-1914.txt"), written("armada-1588.txt")
DEBATES = (JULY, ARMADA)
