"""What all pictures share: one frame, one style, and text that is measured before it is set.

A picture is SVG with no outside parts. Alone, in a file, it carries its style. Within a page it does not: the page's
own style sheet holds `STYLE`, so that a content security policy may name it. Shape, dash and words carry the meaning;
colour only repeats it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from jonbar.views.lines import clean

WIDE, NARROW = 720, 350  # of a picture on a desk and on a telephone
SIZE, SMALL = 14, 12  # of letters
LEADING = 17  # from one line of text to the next
BOLD = 1.08  # how much broader bold letters are
NARROW_LETTERS, SLIM_LETTERS, BROAD_LETTERS = "iljI.,:;'|!·’", 'ftr ()[]-/\\"', "mwMWQO%@×+±<>=~"
STYLE = """
.jonbar-picture text{font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#1f2430}
.jonbar-picture .quiet{fill:#5b6472}.jonbar-picture .large{font-size:14px}
.jonbar-picture .chips rect{fill:#fffdf8}.jonbar-picture .chips text{font-size:11px;text-anchor:middle}
.jonbar-picture .title{font-size:19px;font-weight:600}
.jonbar-picture .title.slim{font-size:16px}
.jonbar-picture .here{fill:#8a3b00;font-weight:600}.jonbar-picture .really{fill:#1d5c85}
.jonbar-picture .fact{fill:#fffdf8;stroke:#1d5c85;stroke-width:2}.jonbar-picture .paper{fill:#fffdf8}
.jonbar-picture .bar{fill:#a84300}.jonbar-picture .span{fill:#efb27f}.jonbar-picture .track{fill:#ece7de}
.jonbar-picture .rule{stroke:#e3ddd1}.jonbar-picture .line{fill:none;stroke:#c4590a;stroke-width:2.5}
.jonbar-picture .band{fill:#c4590a;opacity:.16}.jonbar-picture .other .line{stroke:#2b5c8a}
.jonbar-picture .other .band{fill:#2b5c8a}.jonbar-picture .box{fill:#f7f2e8;stroke:#8a8578}
.jonbar-picture .act{fill:#fdebd7;stroke:#a84300;stroke-width:2}
.jonbar-picture .asked{fill:#fffdf8;stroke:#1f2430;stroke-width:3}
.jonbar-picture .arrow{fill:none;stroke:#5b6472}.jonbar-picture .against{stroke-dasharray:6 4}
.jonbar-picture .part{stroke-dasharray:.1 6;stroke-linecap:round}.jonbar-picture .tip{fill:#5b6472}
.jonbar-picture .course{fill:none;stroke:#c4590a}
@media (prefers-color-scheme:dark){.jonbar-picture text{fill:#e8e6e1}
.jonbar-picture .quiet{fill:#a3abb8}.jonbar-picture .here{fill:#ffb070}
.jonbar-picture .really{fill:#8cc4f0}.jonbar-picture .fact{fill:#171b21;stroke:#8cc4f0}
.jonbar-picture .paper,.jonbar-picture .chips rect{fill:#171b21}
.jonbar-picture .bar{fill:#ffa35c}.jonbar-picture .span{fill:#8a4d1c}
.jonbar-picture .track{fill:#2b313b}.jonbar-picture .rule{stroke:#2b313b}.jonbar-picture .line{stroke:#e8873a}
.jonbar-picture .band{fill:#e8873a}.jonbar-picture .other .line{stroke:#7fb2e0}
.jonbar-picture .other .band{fill:#7fb2e0}.jonbar-picture .box{fill:#1f252d;stroke:#7c8593}
.jonbar-picture .act{fill:#3a2c1d;stroke:#ffa35c}.jonbar-picture .asked{fill:#171b21;stroke:#e8e6e1}
.jonbar-picture .arrow{stroke:#a3abb8}.jonbar-picture .tip{fill:#a3abb8}.jonbar-picture .course{stroke:#e8873a}}
""".strip()


@dataclass(frozen=True)
class Picture:
    """A drawing before it is written: its title, itself in words for who cannot see it, its size and its parts."""

    title: str
    told: str
    width: int
    height: float
    parts: tuple[str, ...]

    @property
    def alone(self) -> str:
        """The picture as a file of its own."""
        return self._written(self._named(f"<style>{STYLE}</style>\n"), self.name)

    @property
    def within(self) -> str:
        """The picture as part of a page that holds `STYLE`."""
        return self._written(self._named(""), self.name)

    def beside(self, other: Picture) -> str:
        """The same picture in another size on the page that holds `other`, whose title and words it shares."""
        return self._written("", other.name)

    @property
    def name(self) -> str:
        """What tells it from every other picture on a page."""
        said = "\n".join((self.title, self.told, *self.parts))
        return "p" + hashlib.sha256(said.encode()).hexdigest()[:10]

    def _repr_svg_(self) -> str:
        return self.alone

    def _named(self, style: str) -> str:
        return (
            f'<title id="{self.name}-title">{escape(clean(self.title), quote=False)}</title>\n'
            f'<desc id="{self.name}-told">{escape(clean(self.told), quote=False)}</desc>\n{style}'
        )

    def _written(self, head: str, name: str) -> str:
        size = f"{self.width} {self.height:.0f}"
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="jonbar-picture" viewBox="0 0 {size}" '
            f'width="{self.width}" height="{self.height:.0f}" role="img" aria-labelledby="{name}-title {name}-told">\n'
            f'{head}<rect class="paper" width="100%" height="100%" rx="8"/>\n{body}\n</svg>'
        )


def text(x: float, y: float, words: str, style: str = "", *, anchor: str = "") -> str:
    """One line of text, escaped; `y` is its foot, `anchor` where `x` is (start, middle or end)."""
    kind = f' class="{style}"' if style else ""
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.0f}" y="{y:.0f}"{kind}{placed}>{escape(clean(words), quote=False)}</text>'


def short(place: float) -> str:
    """A place to a tenth of a pixel, without a nought that says nothing."""
    return f"{place:.1f}".removesuffix(".0")


def spot(x: float, y: float) -> str:
    """A place in a path."""
    return f"{short(x)} {short(y)}"


def lines(x: float, y: float, words: Iterable[str], style: str = "", *, leading: float = LEADING) -> list[str]:
    """Lines of text below each other."""
    return [text(x, y + leading * number, line, style) for number, line in enumerate(words) if line]


def breadth(words: str, size: float = SIZE) -> float:
    """About how many pixels a line of text takes, rather too many than too few: fonts differ."""
    return size * sum(_breadth(letter) for letter in words)


def _breadth(letter: str) -> float:
    if letter in NARROW_LETTERS:
        return 0.34
    if letter in SLIM_LETTERS:
        return 0.43
    if letter in BROAD_LETTERS:
        return 0.97
    if letter.isascii():
        return 0.76 if letter.isupper() else 0.645
    if unicodedata.combining(letter):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(letter) in "WF" else 0.8


def fit(words: str, width: float, size: float = SIZE, *, most: int | None = None) -> list[str]:
    """Words in lines no broader than `width`; what does not fit into `most` lines ends in an ellipsis."""
    found: list[str] = []
    line, taken, blank = "", 0.0, breadth(" ", size)
    for word in clean(words).split():
        needed = breadth(word, size)
        if not line or taken + blank + needed <= width:
            line, taken = (f"{line} {word}", taken + blank + needed) if line else (word, needed)
        else:
            found.append(line)
            line, taken = word, needed
        if taken > width:
            *broken, line = _broken(line, width, size)
            found += broken
            taken = breadth(line, size)
        if most is not None and len(found) > most:
            break
    found += [line] if line or not found else []
    if most is None or len(found) <= most:
        return found
    last = found[most - 1][: int(width)]
    while last and breadth(f"{last}…", size) > width:
        last = last[:-1]
    return [*found[: most - 1], f"{last.rstrip()}…"]


def _broken(word: str, width: float, size: float) -> list[str]:
    """A word that is broader than its room, in pieces; none is empty."""
    pieces, taken = [""], 0.0
    for letter in word:
        needed = size * _breadth(letter)
        if pieces[-1] and taken + needed > width:
            pieces.append("")
            taken = 0.0
        pieces[-1] += letter
        taken += needed
    return pieces


def legend(entries: Iterable[tuple[str, str, str]], width: int, y: float) -> tuple[list[str], float]:
    """What each line is: its group, its dashes and its words; beside each other, or below where they do not fit."""
    parts: list[str] = []
    x = 16.0
    for group, dashes, words in entries:
        said = fit(words, width - 68, SMALL, most=1)[0]
        needed = 36 + breadth(said, SMALL) + 20
        if x > 16.0 and x + needed > width:
            x, y = 16.0, y + 17
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(f'<g class="{group}"><path class="line"{dash} d="M{x:.0f} {y + 8:.0f}h28"/></g>')
        parts.append(text(x + 36, y + 12, said))
        x += needed
    return parts, y + 18


def heading(title: str, notes: Sequence[str], width: int) -> tuple[list[str], float]:
    """A title and quiet lines under it, and how far down they reach."""
    size, style = (19, "title") if width > 500 else (16, "title slim")
    parts, y = [], 8.0
    for line in fit(title, width - 32, size * BOLD):
        y += size + 5
        parts.append(text(16, y, line, style))
    y += 5
    for note in notes:
        for line in fit(note, width - 32, SMALL):
            y += 16
            parts.append(text(16, y, line, "quiet"))
    return parts, y + 8
