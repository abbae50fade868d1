"""The commonest histories as a picture (SVG): a tree that grows with time, each branch as thick as it is common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jonbar.sensitivity.branching import Branching, Course
from jonbar.views.drawing import BOLD, SMALL, WIDE, Picture, breadth, fit, heading, short, spot, text
from jonbar.views.lines import clean
from jonbar.views.rounding import say_chance, say_range

LEADING, ROW_GAP, BEND = 14.0, 12.0, 14.0
THIN, THICK = 1.5, 18.0  # of a branch that no world takes, and of one that all take
MARK = 3.5
ANSWER_LINES = 3
LEAST_REST = 0.005  # a smaller rest is told and not drawn


@dataclass(frozen=True)
class Twig:
    """A branch on its way to paper: its words, the room that they take, and what grows from it."""

    course: Course
    words: tuple[str, ...]
    share: str
    really: bool
    onward: tuple[Twig, ...]

    @property
    def thick(self) -> float:
        return THIN + (THICK - THIN) * self.course.share.value

    @property
    def above(self) -> float:
        """How far its label stands above the middle of its line."""
        return max(self.thick / 2, MARK + 1.5) + 4

    @property
    def own(self) -> float:
        """The height of its label and line."""
        return LEADING * (len(self.words) + 1) + self.above + self.thick / 2

    @property
    def height(self) -> float:
        return max(self.own + ROW_GAP, sum(each.height for each in self.onward))


def draw_branching(found: Branching, *, width: int = WIDE) -> Picture:
    """A tree of the commonest sequences of answers, from left to right by date."""
    title = f"The commonest histories: {clean(found.says or found.reading)}"
    if not found.forks:
        note = "The change moves no question that parts one history from another."
        parts, y = heading(title, [note], width)
        return Picture(title, note, width, y + 8, tuple(parts))
    parts, y = heading(title, [], width)
    key, y = _key(found, width, y)
    columns = _ends(found, width)
    twigs = tuple(_twig(found, each, columns) for each in _shown(found, ()))
    for number, left in enumerate(columns[:-1], start=1):
        parts.append(text(left + BEND + 2, y + 12, str(number), "quiet"))
    y += 24
    drawn: list[str] = []
    for twig in twigs:
        drawn += _drawn(twig, columns, y, None)
        y += twig.height
    foot: list[str] = []
    y += 4
    for note in _notes(found):
        for line in fit(note, width - 32, SMALL):
            y += 16
            foot.append(text(16, y, line, "quiet"))
    asked = " ".join(f"{number}. {clean(fork.ask)}" for number, fork in enumerate(found.forks, start=1))
    ends = [each for each in found.courses if each.rest or not found.onward(each.answers)]
    told = f"{asked} The answers in this order, and how often they come together: {'. '.join(map(_aloud, ends))}"
    return Picture(title, f"{told}.", width, y + 14, (*parts, *key, *drawn, *foot))


def _notes(found: Branching) -> list[str]:
    error = 100 * max(each.share.error for each in found.courses)
    rest = " Others: all rarer histories, together." if any(each.rest for each in found.courses) else ""
    return [
        "Each number: in how many of all worlds all answers up to there come together; in brackets the range that nine "
        f"in ten ways of filling in what is open give. Sampling error: {error:.1f} points at most.{rest} "
        "Circle: so it really was."
    ]


def _key(found: Branching, width: int, y: float) -> tuple[list[str], float]:
    """The questions by number, which head the columns."""
    parts = []
    for number, fork in enumerate(found.forks, start=1):
        said = fit(f"{fork.when.partition('/')[2] or fork.when}: {clean(fork.ask)}", width - 52, SMALL)
        parts.append(text(16, y + 12, str(number), "quiet"))
        for line in said:
            parts.append(text(36, y + 12, line))
            y += 16
    return parts, y + 10


def _shown(found: Branching, answers: tuple[str, ...]) -> list[Course]:
    return [each for each in found.onward(answers) if not each.rest or each.share.value >= LEAST_REST]


def _ends(found: Branching, width: int) -> list[float]:
    """Where each column begins, and where the last ends: as broad as its longest word needs, the rest shared out."""
    needed = [0.0] * len(found.forks)
    for each in found.courses:
        words = [*_words(each).split(), say_chance(each.share.value, each.share.error)]
        at = _column(each)
        needed[at] = max(needed[at], BEND + 8 + max(breadth(word, SMALL * BOLD) for word in words))
    spare = max(0.0, width - 32 - sum(needed)) / len(needed)
    ends = [16.0]
    for least in needed:
        ends.append(ends[-1] + min(least, (width - 32) / 2) + spare)
    return [min(end, width - 16.0) for end in ends]


def _column(course: Course) -> int:
    return len(course.answers) - (not course.rest)


def _words(course: Course) -> str:
    return "others" if course.rest else clean(course.answers[-1]).replace("_", " ")


def _twig(found: Branching, course: Course, ends: Sequence[float]) -> Twig:
    at = _column(course)
    room = ends[at + 1] - ends[at] - BEND - 6
    share = say_chance(course.share.value, course.share.error)
    ranged = f"{share} ({say_range(course.share)})"
    onward = () if course.rest else tuple(_twig(found, each, ends) for each in _shown(found, course.answers))
    share = ranged if not onward and breadth(ranged, SMALL * BOLD) <= room else share
    words = fit(_words(course), room, SMALL, most=ANSWER_LINES)
    really = not course.rest and bool(found.forks[at].really) and course.answers[-1] == found.forks[at].really
    return Twig(course, tuple(words), share, really, onward)


def _drawn(twig: Twig, ends: Sequence[float], top: float, stem: tuple[float, float] | None) -> list[str]:
    """A branch and all that grows from it; `stem` is where it leaves the branch before."""
    y = top + (twig.height + twig.own) / 2 - twig.thick / 2 - 2
    at, rest = _column(twig.course), twig.course.rest
    start, end = ends[at] + BEND, ends[at + 1] - 4
    dash = ' stroke-dasharray="2 4"' if rest else ""
    line = f"M{spot(start, y)}H{short(end)}"
    if stem is not None:
        bent = f"C{spot(stem[0] + BEND / 2, stem[1])} {spot(start - BEND / 2, y)} {spot(start, y)}"
        line = f"M{spot(stem[0], stem[1])}{bent}H{short(end)}"
    kind = "arrow" if rest else "course"
    parts = [f'<path class="{kind}" stroke-width="{short(twig.thick)}"{dash} d="{line}"/>']
    foot = y - twig.above
    for number, words in enumerate(reversed((*twig.words, twig.share))):
        style = "quiet" if rest else "here" if number == 0 else ""
        parts.append(text(start + 2, foot - LEADING * number, words, style))
    if twig.really:
        parts.append(f'<circle class="fact" cx="{short(start + 4)}" cy="{short(y)}" r="{MARK}"/>')
    below = top + (twig.height - sum(each.height for each in twig.onward)) / 2
    for each in twig.onward:
        parts += _drawn(each, ends, below, (end, y))
        below += each.height
    return parts


def _aloud(course: Course) -> str:
    answers = [clean(answer).replace("_", " ") for answer in (*course.answers, *(["others"] if course.rest else []))]
    share = f"{say_chance(course.share.value, course.share.error)} ({say_range(course.share)})"
    return f"{', '.join(answers)} {share}"
