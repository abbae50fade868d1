"""The debate as each form would save it, so that every reader can be compared with what was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from tests.discussion.debate import JULY, Debate, Written

Form = Callable[[Debate], bytes]
BREAK = "<br />\n<br />"
NOISE = "<script>alert('no text')</script><style>.x{color:red}</style>"


def _paragraphs(post: Written, separator: str) -> str:
    return separator.join(escape(each) for each in post.paragraphs)


def _page(debate: Debate, posts: str, heading: str = "h1") -> bytes:
    page = f"<!DOCTYPE html><html><head><title>{debate.title}</title>{NOISE}</head><body>"
    return f"{page}<{heading}>{escape(debate.title)}</{heading}>{posts}</body></html>".encode()


def xenforo_2(debate: Debate = JULY) -> bytes:
    found = []
    for number, post in enumerate(debate.posts, start=1):
        quotes = "".join(
            f'<blockquote class="bbCodeBlock bbCodeBlock--expandable bbCodeBlock--quote js-expandWatch" '
            f'data-attributes="member: 7" data-quote="{debate.posts[source - 1].author}" data-source="post: {source}">'
            f'<div class="bbCodeBlock-title"><a class="bbCodeBlock-sourceJump">{debate.posts[source - 1].author} said:'
            f'</a></div><div class="bbCodeBlock-content"><div class="bbCodeBlock-expandContent">'
            f"{escape(debate.quoted((source, part)))}</div>"
            f'<div class="bbCodeBlock-expandLink"><a>Click to expand...</a></div></div></blockquote>'
            for source, part in post.quotes
        )
        found.append(
            f'<article class="message message--post js-post" data-author="{post.author}" data-content="post-{number}" '
            f'id="js-post-{number}"><header><time class="u-dt" datetime="{post.date}">then</time></header>'
            f'<div class="message-body"><div class="bbWrapper">{quotes}{_paragraphs(post, BREAK)}{NOISE}</div></div>'
            f'<aside class="message-signature"><div class="bbWrapper">My timeline: part 12!</div></aside></article>'
        )
    return _page(debate, "".join(found))


def xenforo_1(debate: Debate = JULY) -> bytes:
    found = []
    for number, post in enumerate(debate.posts, start=1):
        seconds = int(datetime.fromisoformat(post.date).timestamp())
        quotes = "".join(
            f'<div class="bbCodeBlock bbCodeQuote" data-author="{debate.posts[source - 1].author}"><aside>'
            f'<div class="attribution type">{debate.posts[source - 1].author} said: '
            f'<a href="goto/post?id={source}#post-{source}" class="AttributionLink">&uarr;</a></div>'
            f'<blockquote class="quoteContainer"><div class="quote">{escape(debate.quoted((source, part)))}</div>'
            f'<div class="quoteExpand">Click to expand...</div></blockquote></aside></div>'
            for source, part in post.quotes
        )
        found.append(
            f'<li id="post-{number}" class="message" data-author="{post.author}"><div class="messageContent"><article>'
            f'<blockquote class="messageText SelectQuoteContainer ugc baseHtml">{quotes}'
            f'{_paragraphs(post, BREAK)}<div class="messageTextEndMarker">&nbsp;</div></blockquote></article></div>'
            f'<abbr class="DateTime" data-time="{seconds}">then</abbr></li>'
        )
    return _page(debate, f"<ol>{''.join(found)}</ol>")


def vbulletin_4(debate: Debate = JULY) -> bytes:
    found = []
    for number, post in enumerate(debate.posts, start=1):
        quotes = "".join(
            f'<div class="bbcode_container"><div class="bbcode_quote"><div class="quote_container">'
            f'<div class="bbcode_quote_container"></div><div class="bbcode_postedby">Originally Posted by '
            f"<strong>{debate.posts[source - 1].author}</strong> "
            f'<a href="showthread.php?p={source}#post{source}">View</a>'
            f"</div>"
            f'<div class="message">{escape(debate.quoted((source, part)))}</div></div></div></div>'
            for source, part in post.quotes
        )
        found.append(
            f'<li class="postbitlegacy postbit" id="post_{number}"><span class="date">{post.date}</span>'
            f'<a class="username offline popupctrl" href="member.php?u=1"><strong>{post.author}</strong></a>'
            f'<div id="post_message_{number}"><blockquote class="postcontent restore">{quotes}'
            f"{_paragraphs(post, '<br /><br />')}</blockquote></div></li>"
        )
    return _page(debate, f"<ol id='posts'>{''.join(found)}</ol>")


def phpbb_3(debate: Debate = JULY) -> bytes:
    found = []
    for number, post in enumerate(debate.posts, start=1):
        quotes = "".join(
            f'<blockquote><div><cite><a href="./memberlist.php">{debate.posts[source - 1].author}</a> wrote: '
            f'<a href="./viewtopic.php?p={source}#p{source}" data-post-id="{source}">&uarr;</a>'
            f'<span class="responsive-hide">then</span></cite>{escape(debate.quoted((source, part)))}'
            "</div></blockquote>"
            for source, part in post.quotes
        )
        found.append(
            f'<div id="p{number}" class="post has-profile bg2"><p class="author">by <strong>'
            f'<a class="username" href="./memberlist.php">{post.author}</a></strong> '
            f'<time datetime="{post.date}">then</time></p><div class="content">{quotes}{_paragraphs(post, BREAK)}</div>'
            f'<div class="signature">sig</div></div>'
        )
    return _page(debate, "".join(found), "h2")


def discourse(debate: Debate = JULY) -> bytes:
    posts = []
    for number, post in enumerate(debate.posts, start=1):
        quotes = "".join(
            f'<aside class="quote no-group" data-username="{debate.posts[source - 1].author}" data-post="{source}" '
            f'data-topic="9"><div class="title">{debate.posts[source - 1].author}:</div>'
            f"<blockquote><p>{escape(debate.quoted((source, part)))}</p></blockquote></aside>"
            for source, part in post.quotes
        )
        posts.append(
            {
                "post_number": number,
                "username": post.author,
                "created_at": post.date,
                "reply_to_post_number": post.quotes[0][0] if post.quotes else None,
                "cooked": quotes + "".join(f"<p>{escape(each)}</p>\n" for each in post.paragraphs),
            }
        )
    stream = list(range(1, len(debate.posts) + 1))
    return json.dumps({"title": debate.title, "post_stream": {"posts": posts, "stream": stream}}).encode()


def reddit(debate: Debate = JULY) -> bytes:
    """The first post is the submission; posts that quote hang under what they quote, the others under the first."""
    things: list[dict[str, object]] = []
    replies: list[list[object]] = [[] for _ in debate.posts]
    for number, post in enumerate(debate.posts, start=1):
        quotes = "".join(f"> {debate.quoted(each)}\n\n" for each in post.quotes)
        body = escape(quotes + "\n\n".join(post.paragraphs), quote=False)
        seconds = datetime.fromisoformat(post.date).timestamp()
        data: dict[str, object] = {"author": post.author, "created_utc": seconds, "name": f"t1_{number}"}
        if number == 1:
            things.append({"kind": "t3", "data": {**data, "name": "t3_1", "title": debate.title, "selftext": body}})
            continue
        parent = post.quotes[0][0] if post.quotes else 1
        under = "t3_1" if parent == 1 else f"t1_{parent}"
        listing = {"kind": "Listing", "data": {"children": replies[number - 1]}}
        comment = {"kind": "t1", "data": {**data, "body": body, "parent_id": under, "replies": listing}}
        replies[parent - 1].append(comment)
    first = {"kind": "Listing", "data": {"children": things}}
    return json.dumps([first, {"kind": "Listing", "data": {"children": replies[0]}}]).encode()


def mbox(debate: Debate = JULY) -> bytes:
    found = []
    for number, post in enumerate(debate.posts, start=1):
        message = EmailMessage()
        message["From"] = f"{post.author} <{number}@example.org>"
        message["Subject"] = debate.title if number == 1 else f"Re: {debate.title}"
        message["Message-ID"] = f"<{number}@example.org>"
        message["Date"] = format_datetime(datetime.fromisoformat(post.date))
        if post.quotes:
            message["References"] = f"<1@example.org> <{post.quotes[0][0]}@example.org>"
        lines = []
        for source, part in post.quotes:
            lines.append(f"{debate.posts[source - 1].author} wrote:")
            lines.append("> " + debate.quoted((source, part)))
        message.set_content("\n".join(lines) + "\n\n" + "\n\n".join(post.paragraphs) + "\n\n-- \nMy timeline\n")
        body = message.as_bytes().replace(b"\nFrom ", b"\n>From ")
        found.append(b"From anna@example.org Mon Mar  1 09:12:00 2021\n" + body)
    return b"\n".join(found)


def markdown(debate: Debate = JULY) -> bytes:
    found = [f"# {debate.title}\n"]
    for post in debate.posts:
        found.append(f"## {post.author}\n")
        for source, part in post.quotes:
            found.append(f"{debate.posts[source - 1].author} wrote:\n> {debate.quoted((source, part))}\n")
        found.append("\n\n".join(post.paragraphs) + "\n")
    return "\n".join(found).encode()


def separated(debate: Debate = JULY) -> bytes:
    found = []
    for post in debate.posts:
        quotes = "".join(f"> {debate.quoted(each)}\n\n" for each in post.quotes)
        found.append(f"**By {post.author}**\n\n{quotes}" + "\n\n".join(post.paragraphs))
    return (f"# {debate.title}\n\n" + "\n\n---\n\n".join(found) + "\n").encode()


def bare(debate: Debate = JULY) -> bytes:
    """As copied from a page: quotes are passages that stand there again, replies follow them at once."""
    found = [debate.title, ""]
    for post in debate.posts:
        found += [debate.quoted(each) for each in post.quotes]
        found.append("\n\n".join(post.paragraphs))
    return ("\n".join(found) + "\n").encode()


FORMS: Mapping[str, Form] = {
    "XenForo 2": xenforo_2,
    "XenForo 1": xenforo_1,
    "vBulletin 4": vbulletin_4,
    "phpBB 3": phpbb_3,
    "Discourse": discourse,
    "Reddit": reddit,
    "mail": mbox,
    "marked text": markdown,
    "separated text": separated,
    "bare text": bare,
}
