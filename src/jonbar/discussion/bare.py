"""Posts from bare text, where quotes are only passages that stand there again.

The rules, each with the doubt that it leaves:

- a line that repeats an earlier one (exactly, as a part of it, or nearly) is a quote, and what follows is the reply;
- quoted lines that stand together belong to one post; a quote after a post's own words starts a new post;
- one line break between own lines starts a post, a blank line only starts a paragraph;
- a short fragment without a full stop is the beginning of the line that follows it.

A person corrects what the rules get wrong by line number: `starts` begins a post there, `joins` does not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from jonbar.discussion.posts import Doubt, Post, Quote, Thread, name, resolve, squeeze, tidy, unended

ALIKE = 92.0  # of 100, rapidfuzz's ratio of two lines
SHORTEST_PART = 24  # characters: a shorter line is a quote only as a whole sentence
FRAGMENT = 4  # words
MOST_COMPARED = 3_000  # earlier lines that a line is compared with for likeness


@dataclass
class _Draft:
    """A post while it is being read."""

    line: int
    own: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)


def read_bare(text: str, *, starts: Collection[int] = (), joins: Collection[int] = ()) -> Thread:
    """A thread from plain lines; the first line is its title where a blank line follows it.

    `starts` and `joins` are line numbers, counted from 1, at which a person has said otherwise than the rules.
    """
    lines = [tidy(each) for each in text.splitlines()]
    first = next((number for number, each in enumerate(lines) if each), None)
    if first is None:
        return Thread("", "bare text", ())
    titled = first + 1 < len(lines) and not lines[first + 1] and any(lines[first + 1 :])
    drafts, doubts = _posts(lines, first + 1 if titled else first, starts, joins)
    posts = [
        Post(
            f"post-{number}",
            tidy("\n\n".join(draft.own)),
            quotes=tuple(Quote(each) for each in _runs(draft.quoted)),
            line=draft.line,
        )
        for number, draft in enumerate(drafts, start=1)
    ]
    keys = {draft.line: post.key for draft, post in zip(drafts, posts, strict=True)}
    said = tuple(Doubt(line, _owner(keys, line), reason) for line, reason in sorted(doubts.items()))
    title = name(lines[first]) if titled else None
    return Thread(title or "", "bare text", resolve(posts), said)


def _owner(keys: dict[int, str], line: int) -> str:
    return keys[max((start for start in keys if start <= line), default=min(keys))]


def _posts(
    lines: Sequence[str], first: int, starts: Collection[int], joins: Collection[int]
) -> tuple[list[_Draft], dict[int, str]]:
    drafts: list[_Draft] = []
    doubts: dict[int, str] = {}
    earlier: list[str] = []
    held = ""  # a fragment that waits for its line
    held_at = 0
    after_blank = True
    for number in range(first, len(lines)):
        line, at = lines[number], number + 1
        if not line:
            after_blank = True
            continue
        draft = drafts[-1] if drafts else None
        if not held and _repeats(line, earlier) and at not in starts:
            if draft is None or (draft.own and at not in joins):
                draft = _Draft(at)
                drafts.append(draft)
            draft.quoted.append(line)
        else:
            begins, reason = _begins(draft, after_blank=after_blank)
            begins = (begins or at in starts) and at not in joins and not held
            if begins or draft is None:
                draft = _Draft(at)
                drafts.append(draft)
            if reason and at not in starts and at not in joins and not held:
                doubts[at] = reason
            if not draft.own:
                draft.line = held_at or at
            if not held and _fragment(line) and number + 1 < len(lines) and lines[number + 1]:
                held, held_at = line, at
                doubts[at] = "A short line without a full stop is read as the beginning of the next."
            else:
                draft.own.append(f"{held} {line}".strip())
                held, held_at = "", 0
        earlier.append(squeeze(line))
        after_blank = False
    return [each for each in drafts if each.own or each.quoted], doubts


def _begins(draft: _Draft | None, *, after_blank: bool) -> tuple[bool, str]:
    """Whether an own line begins a post, and what is doubtful about that."""
    if draft is None:
        return True, ""
    if not draft.own:  # the reply to what was quoted
        return False, ""
    if after_blank:
        return False, "A blank line is read as a new paragraph of the same post."
    return True, "A line break without a quote is read as the beginning of a post."


def _fragment(line: str) -> bool:
    return len(line.split()) <= FRAGMENT and not line.endswith((".", "!", "?", "…", ":", '"', "”"))


def _repeats(line: str, earlier: Sequence[str]) -> bool:
    """Whether a line stands earlier: as a line, as a part of one, or nearly."""
    words = squeeze(line)
    if words in earlier:
        return len(words) >= SHORTEST_PART or len(words.split()) > 1
    if len(words) < SHORTEST_PART:
        return False
    begun = unended(words)
    if len(begun) >= SHORTEST_PART and any(begun in each for each in earlier):
        return True
    from rapidfuzz import fuzz, process

    nearest = process.extractOne(words, earlier[-MOST_COMPARED:], scorer=fuzz.ratio, score_cutoff=ALIKE)
    return nearest is not None


def _runs(lines: Sequence[str]) -> list[str]:
    """Quoted lines of one post: paragraphs of one quote."""
    return ["\n\n".join(lines)] if lines else []
