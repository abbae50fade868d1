"""Posts from mail and Usenet: a message, or many in an mbox. Their dates lie, so threads follow references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from jonbar.discussion.marked import split_quotes
from jonbar.discussion.pages import DISCOURSE, read_fragment
from jonbar.discussion.posts import LONGEST_POST, MOST_POSTS, Post, Thread, name, resolve

POSTMARK = re.compile(rb"^From [^\n]*\n(?=[!-9;-~]+:)", re.MULTILINE)
HEADER = re.compile(
    rb"^(?:From [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:message-id|references|subject):", re.IGNORECASE
)


def is_mail(data: bytes) -> bool:
    """Whether a file begins as a message does."""
    head = data[:20_000].replace(b"\r\n", b"\n")
    return bool(HEADER.match(head)) and re.search(rb"^from:", head, re.IGNORECASE | re.MULTILINE) is not None


def read_mail(data: bytes) -> Thread:
    """A thread from a message or an mbox, in the order of the file, each tied to what it refers to."""
    posts: list[Post] = []
    title, notes = "", []
    for raw in _messages(data.replace(b"\r\n", b"\n")):
        if len(posts) == MOST_POSTS:
            notes.append(f"Only the first {MOST_POSTS:,} messages were read.")
            break
        message = message_from_bytes(raw, policy=policy.default)
        if not isinstance(message, EmailMessage):
            continue
        title = title or re.sub(r"^(?:\s*(?:re|aw|fwd?)\s*:)+\s*", "", _header(message, "Subject"), flags=re.IGNORECASE)
        posts.append(_post(message, len(posts) + 1))
    return Thread(name(title) or "", "mail", resolve(posts), notes=tuple(notes))


def _messages(data: bytes) -> Iterator[bytes]:
    starts = [found.start() for found in POSTMARK.finditer(data)]
    if not starts or starts[0] != 0:
        starts = [0, *starts]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        part = data[start:end]
        if part.startswith(b"From "):
            part = part.partition(b"\n")[2]
        if part.strip():
            yield re.sub(rb"^>(>*From )", rb"\1", part, flags=re.MULTILINE)


def _post(message: EmailMessage, number: int) -> Post:
    own, quotes = split_quotes(_body(message)[: 2 * LONGEST_POST])
    key = _identity(_header(message, "Message-ID")) or f"message-{number}"
    named = re.findall(r"<[^<>\s]+>", f"{_header(message, 'In-Reply-To')} {_header(message, 'References')}")
    parent = _identity(_header(message, "In-Reply-To")) or (_identity(named[-1]) if named else None)
    writer, address = parseaddr(_header(message, "From"))
    author = name(writer) or name(address.partition("@")[0])
    return Post(key, own[:LONGEST_POST], author, _date(message), quotes, (parent,) if parent else ())


def _identity(text: str) -> str | None:
    found = re.search(r"<([^<>\s]+)>", text)
    return name(found[1]) if found else None


def _header(message: EmailMessage, key: str) -> str:
    try:
        return str(message.get(key, ""))
    except Exception:  # a header that the standard library cannot read is no header
        return ""


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(message, "Date")).isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _body(message: EmailMessage) -> str:
    try:
        part = message.get_body(("plain", "html"))
    except Exception:
        part = None
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, ValueError, KeyError):  # an encoding that nobody knows
        raw = part.get_payload(decode=True)
        content = raw.decode("latin-1") if isinstance(raw, bytes) else ""
    text = content if isinstance(content, str) else ""
    return read_fragment(text, DISCOURSE)[0] if part.get_content_type() == "text/html" else text
