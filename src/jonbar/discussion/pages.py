"""Posts from saved pages of forums: XenForo 1 and 2, vBulletin 4, phpBB 3, and the HTML inside other forms.

Each forum is a row of selectors. Scripts and styles are never text; a page is parsed, never run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jonbar.discussion.posts import LONGEST_POST, MOST_POSTS, Post, Quote, Thread, name, resolve, tidy
from jonbar.errors import QuestionError

Element = Any  # a node of selectolax, which has no types of its own for what a selector finds
PARAGRAPHS = frozenset(["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"])
BLOCKS = PARAGRAPHS.union(
    ["address", "article", "aside", "body", "br", "dd", "div", "dl", "dt", "figure", "footer", "header", "hr", "li"],
    ["main", "section", "td", "th", "tr"],
)
SILENT = "script, style, noscript, template, head, iframe, object, svg, math, textarea, select, button"
DEEPEST = 200  # ancestors looked at
DEEPEST_PAGE = 2_000
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|p|li|td|tr|th|dd|dt|option"
_NESTING = re.compile(rf"<(/)?(?!(?:{_VOID})\b)[a-z][^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forum:
    """Where a forum's pages keep things."""

    name: str
    post: str
    key: Callable[[Element], str]
    author: Callable[[Element], str | None]
    date: Callable[[Element], str | None]
    body: str
    quote: str
    words: str  # of a quote, inside it
    source: Callable[[Element], tuple[str | None, str | None]]  # key of the post, author
    left_out: str = ""  # inside a body: signatures, links that unfold a quote


def _attribute(element: Element, selector: str, *attributes: str) -> str | None:
    found = element.css_first(selector) if selector else element
    if found is None:
        return None
    return next((found.attributes.get(each) for each in attributes if found.attributes.get(each)), None)


def _text(element: Element, selector: str) -> str | None:
    found = element.css_first(selector)
    return found.text(deep=True) if found is not None else None


def _number(text: str | None) -> str | None:
    """`post-17` from whatever holds a post's number last."""
    found = re.findall(r"\d+", text or "")
    return f"post-{found[-1]}" if found else None


def _moment(seconds: str | None) -> str | None:
    try:
        return datetime.fromtimestamp(float(seconds or ""), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _xenforo_1_date(post: Element) -> str | None:
    return _moment(_attribute(post, ".DateTime", "data-time")) or _attribute(post, ".DateTime", "title")


def _said_in(quote: Element, link: str) -> str | None:
    return _number(_attribute(quote, link, "data-post-id", "href"))


_ATTRIBUTION = re.compile(r"(?is)^\s*Originally posted by\s+|\s+(?:said|wrote):?.*$|[:↑]\s*$")


def _writer(text: str | None) -> str | None:
    """`Anna` from `Anna wrote:` or `Originally posted by Anna`."""
    return name(re.sub(_ATTRIBUTION, "", text or ""))


FORUMS = (
    Forum(
        "XenForo 2",
        "article.message--post",
        lambda post: _number(_attribute(post, "", "data-content", "id")) or "",
        lambda post: _attribute(post, "", "data-author"),
        lambda post: _attribute(post, "time.u-dt", "datetime"),
        ".message-body .bbWrapper",
        "blockquote.bbCodeBlock--quote",
        ".bbCodeBlock-expandContent",
        lambda quote: (_number(_attribute(quote, "", "data-source")), _attribute(quote, "", "data-quote")),
        ".bbCodeBlock-expandLink, .message-signature, .message-lastEdit",
    ),
    Forum(
        "XenForo 1",
        "li.message",
        lambda post: _number(_attribute(post, "", "id")) or "",
        lambda post: _attribute(post, "", "data-author"),
        _xenforo_1_date,
        "blockquote.messageText",
        ".bbCodeQuote",
        ".quote",
        lambda quote: (_said_in(quote, "a.AttributionLink"), _attribute(quote, "", "data-author")),
        ".quoteExpand, .signature, .messageTextEndMarker",
    ),
    Forum(
        "vBulletin 4",
        "li[id^=post_]",
        lambda post: _number(_attribute(post, "", "id")) or "",
        lambda post: _text(post, "a.username"),
        lambda post: name(_text(post, "span.date")),
        "blockquote.postcontent",
        ".bbcode_quote",
        ".message",
        lambda quote: (_said_in(quote, "a[href*='#post']"), _text(quote, ".bbcode_postedby strong")),
        ".signature",
    ),
    Forum(
        "phpBB 3",
        "div.post[id^=p]",
        lambda post: _number(_attribute(post, "", "id")) or "",
        lambda post: _text(post, ".author a.username, .author .username, .author a.username-coloured"),
        lambda post: _attribute(post, "time", "datetime"),
        ".content",
        "blockquote",
        "div",
        lambda quote: (_said_in(quote, "a[data-post-id]"), _writer(_text(quote, "cite"))),
        "cite, .signature",
    ),
)


def forum_of(page: Element) -> Forum | None:
    """Which forum made a parsed page."""
    return next((forum for forum in FORUMS if page.css_first(f"{forum.post} {forum.body}") is not None), None)


def parse(text: str) -> Element:
    """A page as a tree.

    Errors: E520 a page nested deeper than any forum's.
    """
    from selectolax.lexbor import LexborHTMLParser

    depth = deepest = 0
    for tag in _NESTING.finditer(text):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > DEEPEST_PAGE:
        raise QuestionError("E520", "The page is nested deeper than any forum's.", "Copy its text into a file.")

    return LexborHTMLParser(text)


def read_page(text: str) -> Thread | None:
    """A thread from a saved page, or None where no known forum made it."""
    page = parse(text)
    forum = forum_of(page)
    if forum is None:
        return None
    heading = _text(page, "h1") or _text(page, "title")
    notes = []
    elements = page.css(forum.post)
    if len(elements) > MOST_POSTS:
        notes.append(f"Only the first {MOST_POSTS:,} of {len(elements):,} posts were read.")
    posts: list[Post] = []
    for element in elements[:MOST_POSTS]:
        body = element.css_first(forum.body)
        if body is None:
            continue
        key = forum.key(element) or f"post-{len(posts) + 1}"
        author, date = name(forum.author(element)), name(forum.date(element))
        own, quotes, cut = own_words(body, forum)
        if cut:
            notes.append(f"{key} was longer than {LONGEST_POST:,} characters and was cut.")
        posts.append(Post(key, own, author, date, quotes))
    if page.css_first(".pageNav-jump--next, .PageNav a.text, a[rel=next], .pagination .arrow.next") is not None:
        notes.append("The page says that the thread goes on on another page, which is not in this file.")
    return Thread(name(heading) or "", forum.name, resolve(posts), notes=tuple(notes))


def own_words(body: Element, forum: Forum) -> tuple[str, tuple[Quote, ...], bool]:
    """A post's own words, its outermost quotes, and whether it was cut."""
    every = body.css(forum.quote)
    known = {each.mem_id for each in every}
    outermost = [each for each in every if not _inside(each, known, body)]
    quotes = []
    for element in outermost:
        source, author = forum.source(element)
        words = element.css_first(forum.words) or element
        _take_out(words, f"{forum.quote}, {forum.left_out}")
        quotes.append(Quote(visible(words)[:LONGEST_POST], source, name(author)))
    for element in outermost:
        element.decompose()
    _take_out(body, forum.left_out)
    own = visible(body)
    return own[:LONGEST_POST], tuple(each for each in quotes if each.text), len(own) > LONGEST_POST


def _take_out(element: Element, selector: str) -> None:
    """Remove what a selector finds inside an element, and not the element."""
    found = [each for each in element.css(selector) if each.mem_id != element.mem_id]
    known = {each.mem_id for each in found}
    for each in [each for each in found if not _inside(each, known, element)]:
        each.decompose()


def _inside(element: Element, known: set[int], top: Element) -> bool:
    """Whether an element lies in one of those known, below the top."""
    above = element.parent
    for _ in range(DEEPEST):
        if above is None or above.mem_id == top.mem_id:
            return False
        if above.mem_id in known:
            return True
        above = above.parent
    return True


def visible(element: Element) -> str:
    """The text that a reader sees, with blocks on lines of their own."""
    _take_out(element, SILENT)
    parts: list[str] = []
    block = None
    for node in element.traverse(include_text=True):
        if node.tag == "br":
            parts.append("\n")
        if node.tag != "-text":
            continue
        here, gap = _block(node, element)
        if block is not None and here != block:
            parts.append(gap)
        block = here
        parts.append(re.sub(r"\s+", " ", node.text_content or ""))
    return tidy("".join(parts))


def _block(node: Element, top: Element) -> tuple[int, str]:
    """The block that a text stands in, and the break that a change of block makes."""
    above = node.parent
    for _ in range(DEEPEST):
        if above is None or above.mem_id == top.mem_id or above.tag in BLOCKS:
            break
        above = above.parent
    if above is None:
        return 0, "\n"
    return above.mem_id, "\n\n" if above.tag in PARAGRAPHS else "\n"


DISCOURSE = Forum(
    "Discourse",
    "body",
    lambda post: "",
    lambda post: None,
    lambda post: None,
    "body",
    "aside.quote",
    "blockquote",
    lambda quote: (_number(_attribute(quote, "", "data-post")), _attribute(quote, "", "data-username")),
    ".title, .quote-controls",
)


def read_fragment(text: str, forum: Forum) -> tuple[str, tuple[Quote, ...]]:
    """Own words and quotes of a piece of HTML that stands for one post's body."""
    body = parse(text).css_first("body")
    if body is None:
        return "", ()
    own, quotes, _ = own_words(body, forum)
    return own, quotes
