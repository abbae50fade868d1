"""A post's words as sentences, and which of them assert something."""

from __future__ import annotations

import re
from dataclasses import dataclass

FEWEST_WORDS = 4
MOST_SENTENCES = 2_000  # of one post

_SHORT = (
    "mr mrs ms dr prof st gen col maj capt lt sgt adm sen rep gov pres jr sr vs etc cf no vol p pp fig approx ca "
    "e.g i.e u.s u.k u.n a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec"
)
_ABBREVIATIONS = frozenset(_SHORT.split())
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+|$)|;(?=\s)|\n+")
_QUESTION = re.compile(r"\?[\"'”’)\]]*\s*$")
_OPENS = re.compile(r"^[\"'“‘(\[]*[A-ZÀ-ÞЀ-Я0-9]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as written, and where it begins in its post."""

    text: str
    start: int

    @property
    def question(self) -> bool:
        """Whether it asks."""
        return bool(_QUESTION.search(self.text))

    @property
    def asserts(self) -> bool:
        """Whether it is taken for a claim: four words or more, and no question."""
        return not self.question and len(re.findall(r"\w[\w’'-]*", self.text)) >= FEWEST_WORDS


def sentences(text: str) -> tuple[Sentence, ...]:
    """A text cut where sentences end: at marks that no abbreviation and no number explains, and at line ends."""
    found: list[Sentence] = []
    begin = 0
    for mark in _END.finditer(text):
        if not _ends(text, begin, mark):
            continue
        _add(found, text, begin, mark.end())
        begin = mark.end()
        if len(found) == MOST_SENTENCES:
            return tuple(found)
    _add(found, text, begin, len(text))
    return tuple(found)


def _ends(text: str, begin: int, mark: re.Match[str]) -> bool:
    after = text[mark.end() : mark.end() + 80].lstrip()
    if mark[0].strip() == "" or not after:
        return True
    if mark[0][0] in "!?…" and after[0].islower():
        return False
    if mark[0].startswith("."):
        word = re.search(r"(\S+)$", text[begin : mark.start()])
        before = (word[1] if word else "").strip("\"'“‘(").lower()
        if before in _ABBREVIATIONS or re.fullmatch(r"[a-z]", before):
            return False
        if mark[0].startswith("...") and not _OPENS.match(after):
            return False
    return True


def _add(found: list[Sentence], text: str, begin: int, end: int) -> None:
    part = text[begin:end]
    words = part.strip().rstrip(";").rstrip()
    if words:
        found.append(Sentence(words, begin + len(part) - len(part.lstrip())))
