"""What a page can do without: nothing here changes what a browser makes of it, and a third of its bytes go.

A report is sent by mail, so its weight is that of every copy. HTML lets go of quotes that hold one word and of end tags
that the next tag implies; the colours of pictures, written out for light, dark and paper, are told once as variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

TAG = re.compile(r"<[^>]*>")
ONE_WORD = re.compile(r'="([^\s"\'=<>`/]+)"')
IMPLIED = re.compile(r"</(?:li|td|th|tr|tbody|thead|caption)>")
ENDS_PARAGRAPH = re.compile(r"</p>(?=</|<(?:details|div|figure|h[1-6]|nav|ol|p|section|table|ul)\b)")
BOUND = re.compile(r"</?data\b[^>]*>")
SVG = ' xmlns="http://www.w3.org/2000/svg"'
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SCRIPT = re.compile(r'("(?:\\.|[^"\\\n])*"|`[^`]*`)|//[^\n]*| *([={}(),;?:*|&<>]) *')
STRING_OR_SPACE = re.compile(r'("[^"]*")|\s*([{};,>])\s*|:\s+|\s+')


def lighter(markup: str) -> str:
    """The same elements and words in fewer letters; what numbers were rounded from is left to the data of the page.

    No text may have a bare `<` or `>` in it, and no break between two tags may mean a space: both hold of a report.
    """
    markup = BOUND.sub("", markup.replace(SVG, "")).replace(">\n<", "><")
    markup = TAG.sub(lambda tag: _unquoted(tag[0]), markup)
    return IMPLIED.sub("", ENDS_PARAGRAPH.sub("", markup))


def _unquoted(tag: str) -> str:
    tag = ONE_WORD.sub(r"=\1", tag)
    return f"{tag[:-2]} />" if tag.endswith("/>") and tag[-3] not in '" ' else tag


def lighter_style(style: str) -> str:
    """A style sheet without the spaces that are for us."""

    def kept(found: re.Match[str]) -> str:
        return found[1] or found[2] or (":" if found[0][0] == ":" else " ")

    return STRING_OR_SPACE.sub(kept, style).replace(";}", "}").strip()


def lighter_script(script: str) -> str:
    """A script without comments and spaces that are for us; its breaks stay, since they may end a statement."""
    bare = SCRIPT.sub(lambda found: found[1] or found[2] or "", script)
    return "\n".join(line for line in map(str.strip, bare.splitlines()) if line)


def pictures_in_page(style: str) -> str:
    """The style of pictures for a page that holds no other SVG text: each colour once, as it is by day and by night.

    Paper has the colours of the day.
    """
    day, _, night = style.partition("@media (prefers-color-scheme:dark){")
    dark = {(selector, name): value for selector, name, value in _declared(night)}
    pairs: dict[tuple[str, str], str] = {}
    rules: dict[str, list[str]] = {}
    for selector, name, value in _declared(day):
        other = dark.get((selector, name))
        if other is not None:
            value = f"var({pairs.setdefault((value, other), f'--p{len(pairs)}')})"
        rules.setdefault(selector, []).append(f"{name}:{value}")
    by_day, by_night = (";".join(f"{name}:{pair[at]}" for pair, name in pairs.items()) for at in (0, 1))
    written = "".join(f"{selector}{{{';'.join(each)}}}" for selector, each in rules.items())
    written = written.replace(".jonbar-picture ", "svg ")
    return f":root{{{by_day}}}@media screen and (prefers-color-scheme:dark){{:root{{{by_night}}}}}{written}"


def _declared(style: str) -> Iterator[tuple[str, str, str]]:
    """Every declaration of a style sheet: selector, name and value."""
    for selectors, body in RULE.findall(style):
        for selector in selectors.strip().split(","):
            for each in body.split(";"):
                name, _, value = each.partition(":")
                yield selector, name, value
