"""Posts from what forums send to programs: Discourse's and Reddit's JSON."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from jonbar.discussion.marked import split_quotes
from jonbar.discussion.pages import DISCOURSE, read_fragment
from jonbar.discussion.posts import LONGEST_POST, MOST_POSTS, Post, Quote, Thread, name, resolve

Json = Any


def read_feed(data: Json) -> Thread | None:
    """A thread from parsed JSON, or None where it is neither Discourse's nor Reddit's."""
    if isinstance(data, Mapping) and isinstance(data.get("post_stream"), Mapping):
        return _discourse(data)
    listings = data if isinstance(data, list) else [data]
    if listings and all(isinstance(each, Mapping) and each.get("kind") == "Listing" for each in listings):
        return _reddit(listings)
    return None


def _discourse(data: Mapping[str, Json]) -> Thread:
    stream = data["post_stream"]
    posts: list[Post] = []
    for entry in _mappings(stream.get("posts"))[:MOST_POSTS]:
        own, quotes = read_fragment(_text(entry.get("cooked"))[: 2 * LONGEST_POST], DISCOURSE)
        parent = entry.get("reply_to_post_number")
        answers = (f"post-{parent}",) if isinstance(parent, int) else ()
        key = f"post-{entry.get('post_number', len(posts) + 1)}"
        posts.append(
            Post(key, own[:LONGEST_POST], name(_text(entry.get("username"))), _text(entry.get("created_at")) or None,
                 quotes, answers)
        )  # fmt: skip
    listed = stream.get("stream")
    missing = len(listed) - len(posts) if isinstance(listed, list) else 0
    notes = (
        (f"The file lists {missing} more posts than it holds: fetch them and join the files.",) if missing > 0 else ()
    )
    return Thread(name(_text(data.get("title"))) or "", "Discourse", resolve(posts), notes=notes)


def _reddit(listings: Sequence[Mapping[str, Json]]) -> Thread:
    posts: list[Post] = []
    title, missing = "", 0
    waiting = [each for listing in reversed(listings) for each in reversed(_children(listing))]
    while waiting:
        thing = waiting.pop()
        data = thing.get("data")
        if not isinstance(data, Mapping):
            continue
        if thing.get("kind") == "more":
            missing += int(data.get("count") or 0) if isinstance(data.get("count"), int) else 0
            continue
        if thing.get("kind") not in ("t1", "t3"):
            continue
        if thing["kind"] == "t3":
            title = title or name(html.unescape(_text(data.get("title")))) or ""
        if len(posts) < MOST_POSTS:
            posts.append(_comment(data, thing["kind"]))
        waiting += reversed(_children(data.get("replies")))
    notes = (f"{missing} comments are named in the file and not in it.",) if missing else ()
    return Thread(title, "Reddit", resolve(posts), notes=notes)


def _comment(data: Mapping[str, Json], kind: str) -> Post:
    body = html.unescape(_text(data.get("body") if kind == "t1" else data.get("selftext")))[: 2 * LONGEST_POST]
    own, quotes = split_quotes(body)
    key = _text(data.get("name")) or f"{kind}_{_text(data.get('id'))}"
    parent = _text(data.get("parent_id"))
    quotes = tuple(Quote(each.text, parent or None, each.author) for each in quotes)
    return Post(key, own[:LONGEST_POST], name(_text(data.get("author"))), _when(data.get("created_utc")), quotes,
                (parent,) if parent else ())  # fmt: skip


def _when(seconds: Json) -> str | None:
    try:
        return datetime.fromtimestamp(float(seconds), UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _children(listing: Json) -> list[Mapping[str, Json]]:
    data = listing.get("data") if isinstance(listing, Mapping) else None
    return _mappings(data.get("children")) if isinstance(data, Mapping) else []


def _mappings(values: Json) -> list[Mapping[str, Json]]:
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
