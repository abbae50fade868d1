"""Posts from text that marks its parts: Markdown, text with separator lines, and `>` quotes.

A heading or a separator line begins a post; a line that begins with `>` (or with somebody's initials and `>`) is
quoted; a line such as `Anna wrote:` before it says whom.
"""

from __future__ import annotations

import re

from jonbar.discussion.posts import Post, Quote, Thread, name, resolve, tidy

SEPARATOR = re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,}|={3,}|(?:[-*_] ){2,}[-*_])\s*$")
HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
QUOTED = re.compile(r"^\s{0,3}(?:[A-Z]{1,4})?((?:>\s?)+)(.*)$")
ATTRIBUTION = re.compile(
    r"^(?:On\b.{0,200}?,\s*)?(?:in article \S+,?\s*)?(?P<who>[^,:<>]{1,80}?)\s*(?:<[^>]*>|\([^)]*\))?"
    r"\s+(?:wrote|writes|said|schrieb|a écrit)\s*:?\s*$",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"^\s*(?:\*\*|__)?(?:From|Author|By|Posted by)\s*:?\s+(?P<who>[^*]{1,80}?)(?:\*\*|__)?\s*$", re.IGNORECASE
)
SIGNATURE = re.compile(r"^-- ?$")


def is_marked(text: str) -> bool:
    """Whether lines mark posts or quotes, so that repeated passages need not be looked for."""
    lines = text.splitlines()
    inner = [each for each in lines[1:-1] if each.strip()]
    return any(SEPARATOR.match(each) or QUOTED.match(each) for each in inner) or (
        sum(bool(HEADING.match(each)) for each in lines) >= 2
    )


def read_marked(text: str) -> Thread:
    """A thread from Markdown or from text with separator lines.

    With separators, each stretch between them is a post and a heading in it names its author; without them, headings
    begin posts. A heading of the first level before the first post is the title.
    """
    lines = text.splitlines()
    separated = any(SEPARATOR.match(each) for each in lines)
    title = ""
    stretches: list[tuple[int, str | None, list[str]]] = [(1, None, [])]
    for number, line in enumerate(lines, start=1):
        heading = HEADING.match(line)
        if heading and not title and heading[1] == "#" and not any(part[2] for part in stretches):
            title = name(heading[2]) or ""
        elif SEPARATOR.match(line):
            stretches.append((number + 1, None, []))
        elif heading and (not separated or not "".join(stretches[-1][2]).strip()):
            stretches.append((number + 1, heading[2], []))
        else:
            stretches[-1][2].append(line)
    if separated and _each_names_its_author([part for _, _, part in stretches]):
        title, stretches = _with_authors(title, stretches)
    posts: list[Post] = []
    for start, author, part in stretches:
        own, quotes = split_quotes("\n".join(part))
        if not own and not quotes:
            continue
        signed = BYLINE.match(own.split("\n", 1)[0]) if author is None and own else None
        if signed is not None:
            author, own = signed["who"], tidy(own.partition("\n")[2])
        skipped = next((each for each, line in enumerate(part) if line.strip()), 0)
        posts.append(Post(f"post-{len(posts) + 1}", own, name(author), quotes=quotes, line=start + skipped))
    return Thread(title, "marked text", resolve(posts))


def _each_names_its_author(parts: list[list[str]]) -> bool:
    """Whether posts begin with `Anna wrote:`, so that this is no word about a quote."""
    spoken = [[line for line in part if line.strip()] for part in parts]
    return sum(_opening(lines) is not None for lines in spoken) > len([each for each in spoken if each]) / 2


def _opening(lines: list[str]) -> int | None:
    """Where among its first two lines a post says who wrote it: first, or below a title."""
    return next((at for at, line in enumerate(lines[:2]) if ATTRIBUTION.match(line)), None)


def _with_authors(
    title: str, stretches: list[tuple[int, str | None, list[str]]]
) -> tuple[str, list[tuple[int, str | None, list[str]]]]:
    found: list[tuple[int, str | None, list[str]]] = []
    for start, author, part in stretches:
        said = [number for number, line in enumerate(part) if line.strip()]
        at = _opening([part[number] for number in said])
        above = 1 if not found and not title else 0  # only the first post may have a title over it
        if author is None and at is not None and at <= above:
            title = name(part[said[0]]) or "" if at == 1 else title
            opening = ATTRIBUTION.match(part[said[at]])
            author = opening["who"] if opening else None
            start, part = start + said[at] + 1, part[said[at] + 1 :]
        found.append((start, author, part))
    return title, found


def split_quotes(text: str) -> tuple[str, tuple[Quote, ...]]:
    """A post's own words, and what it quotes with `>`, one quote a run of quoted lines.

    Only the outermost level is a quote; what is quoted inside it belongs to an earlier post and is left out.
    """
    own: list[str] = []
    quotes: list[Quote] = []
    run: list[str] = []
    author: str | None = None

    def close() -> None:
        nonlocal author
        words = tidy("\n".join(run))
        if words:
            quotes.append(Quote(words, author=author))
        run.clear()
        author = None

    for line in text.splitlines():
        found = QUOTED.match(line)
        if found is None:
            if run and line.strip():
                close()
            if SIGNATURE.match(line):
                break
            own.append(line)
            continue
        if not run:
            author = _attributed(own)
        if found[1].count(">") == 1 and not ATTRIBUTION.match(found[2]):
            run.append(found[2])
    close()
    return tidy("\n".join(own)), tuple(quotes)


def _attributed(own: list[str]) -> str | None:
    """Who is quoted, from the line before, which is then no part of the post."""
    while own and not own[-1].strip():
        own.pop()
    found = ATTRIBUTION.match(own[-1]) if own else None
    if found is None:
        return None
    own.pop()
    return name(found["who"])
