"""Bytes of any of the forms -> a thread. A file from a stranger is text, or is refused with a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from jonbar.discussion.bare import read_bare
from jonbar.discussion.feeds import read_feed
from jonbar.discussion.mail import is_mail, read_mail
from jonbar.discussion.marked import is_marked, read_marked
from jonbar.discussion.pages import read_page
from jonbar.discussion.posts import Thread
from jonbar.errors import QuestionError

LARGEST = 20_000_000  # bytes
DEEPEST_JSON = 500


def read_thread(data: bytes, *, starts: Collection[int] = (), joins: Collection[int] = ()) -> Thread:
    """A thread from a saved page, a feed, mail, Markdown or bare text.

    Errors: E520 the file is too large; E521 it holds no text; E522 no post was found in it.
    """
    if len(data) > LARGEST:
        raise QuestionError(
            "E520", f"The thread is larger than {LARGEST // 1_000_000} MB.", "Save it in parts, a page or two each."
        )
    text = decode(data)
    thread = _read(data, text, starts, joins)
    if not any(post.text or post.quotes for post in thread.posts):
        raise QuestionError("E522", "No post was found in the thread.", "Save the page whole, or copy its text.")
    return thread


def _read(data: bytes, text: str, starts: Collection[int], joins: Collection[int]) -> Thread:
    opening = text.lstrip("\ufeff \t\r\n")[:2000]
    if opening.startswith(("{", "[")) and _shallow(text):
        try:
            feed = read_feed(json.loads(text))
        except (ValueError, RecursionError):
            feed = None
        if feed is not None:
            return feed
    if is_mail(data):
        return read_mail(data)
    if re.search(r"<(?:!doctype html|html|head|body|article|div|li)\b", opening, re.IGNORECASE):
        page = read_page(text)
        if page is None:
            raise QuestionError(
                "E522",
                "The page is of no forum that is known here.",
                "XenForo, vBulletin and phpBB are; or copy its text into a file.",
            )
        return page
    if not starts and not joins and is_marked(text):
        return read_marked(text)
    return read_bare(text, starts=starts, joins=joins)


def decode(data: bytes) -> str:
    """Text in whatever encoding: UTF-8 or UTF-16 where marked or sound, else as Western Windows writes it.

    Errors: E521 for what is no text at all.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if text.count("\x00") > len(text) // 100:
        raise QuestionError("E521", "The file holds no text.", "Save the thread as a page or as plain text.")
    return text


def _shallow(text: str) -> bool:
    """Whether brackets nest no deeper than any thread does."""
    depth = deepest = 0
    for each in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        mark = each[0]
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest <= DEEPEST_JSON
