"""The values of a debate: who wrote what, quoting whom. Frozen, in the order of the thread."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_POSTS = 10_000
LONGEST_POST = 200_000  # characters; what is beyond is left out and said so
LONGEST_NAME = 120

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, bidirectional overrides, lone surrogates


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a post repeats. `post` is the key of the post they come from, where that is known."""

    text: str
    post: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What one person wrote at one time, without what it quotes.

    `answers` holds the keys of the posts that it quotes or replies to, as far as the form says so: without a quote or a
    reference the parent of a post is not guessed. `line` is where its own words begin, in forms that have lines.
    """

    key: str
    text: str
    author: str | None = None
    date: str | None = None  # as ISO 8601, where the form gives one
    quotes: tuple[Quote, ...] = ()
    answers: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place where the reader had to choose, and why; `--join` and `--split` choose otherwise."""

    line: int
    post: str
    reason: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A whole debate. `notes` say what could not be had: pages that are missing, text that was cut."""

    title: str
    form: str
    posts: tuple[Post, ...]
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()

    def post(self, key: str) -> Post | None:
        """A post by its key."""
        return next((each for each in self.posts if each.key == key), None)


def tidy(text: str) -> str:
    """Text as it is kept: one space between words, a blank line between paragraphs, nothing unseen."""
    seen = "".join(
        each if each == "\n" else " " if each.isspace() else "" if unicodedata.category(each) in _UNSEEN else each
        for each in text.replace("\r\n", "\n").replace("\r", "\n")
    )
    paragraphs = [re.sub(r" +", " ", part).strip() for part in re.split(r"\n", seen)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(paragraphs)).strip()


def name(text: str | None) -> str | None:
    """A person's name or a title, on one line and of a bounded length; None where nothing is left."""
    short = " ".join(tidy(text or "").split())
    return (short if len(short) <= LONGEST_NAME else short[: LONGEST_NAME - 1] + "…") or None


def resolve(posts: list[Post]) -> tuple[Post, ...]:
    """Posts with each quote tied to the post it comes from, by words where the form does not say.

    A reference to a post that is not in the thread is dropped; a quote without a reference is looked for in what came
    before, the latest first.
    """
    known = {post.key: position for position, post in enumerate(posts)}
    plain = [squeeze(post.text) for post in posts]
    found = []
    for position, post in enumerate(posts):
        quotes = tuple(_tie(quote, position, posts, plain, known) for quote in post.quotes)
        named = [each for each in post.answers if each in known and known[each] != position]
        quoted = [each.post for each in quotes if each.post is not None]
        answers = tuple(dict.fromkeys([*quoted, *named]))
        found.append(Post(post.key, post.text, post.author, post.date, quotes, answers, post.line))
    return tuple(found)


def _tie(quote: Quote, position: int, posts: list[Post], plain: list[str], known: dict[str, int]) -> Quote:
    if quote.post is not None and known.get(quote.post, position) != position:
        return quote
    words = unended(squeeze(quote.text))
    if len(words) >= 12:
        for earlier in range(position - 1, -1, -1):
            writer = posts[earlier].author
            if words in plain[earlier] and quote.author in (None, writer):
                return Quote(quote.text, posts[earlier].key, quote.author or writer)
    return Quote(quote.text, None, quote.author)


def unended(words: str) -> str:
    """Words without the stop at their end: a quote that breaks off ends its sentence where it likes."""
    return words.rstrip(".!?…")


def squeeze(text: str) -> str:
    """A text for comparing: folded case, plain quotation marks, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.translate(_PLAIN_MARKS).split())


_PLAIN_MARKS = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})
