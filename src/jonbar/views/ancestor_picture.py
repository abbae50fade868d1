"""What leads to an outcome, as a picture (SVG): questions in boxes, causes above, arrows as heavy as they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from jonbar.query.answering import Line, Timelines
from jonbar.report.build import happened
from jonbar.scenario.terms import Scenario, variable_in
from jonbar.sensitivity.arguments import KnockOut
from jonbar.views.ancestors import EACH, Ancestry, Arrow, ancestry, raises, say_size
from jonbar.views.drawing import BOLD, SMALL, WIDE, Picture, breadth, fit, heading, lines, short, spot, text
from jonbar.views.layers import Knot, Setting, set_in_layers
from jonbar.views.lines import clean
from jonbar.views.rounding import say_chance, say_difference, say_range, say_value

MOST, MOST_NARROW = 18, 9  # boxes
BOX, GAP, PAD, LEADING = 148.0, 18.0, 8.0, 15.0
LANES = 20.0  # room beside two boxes, for arrows that pass them
ASK_LINES, STATE_LINES = 5, 2
CHIP, STEM = 15.0, 22.0  # a label's height; the straight end of an arrow
CHIP_SIZE = 11.0
THIN, THICK = 1.2, 5.0
PLAIN, AGAINST, DEFINED = "arrow", "arrow against", "arrow part"  # how an arrow is drawn


@dataclass(frozen=True)
class Box:
    """One question: its words, what became of it, and how it is drawn."""

    name: str
    ask: tuple[str, ...]
    states: tuple[tuple[str, str], ...]  # a line and its style
    style: str
    whole: str  # all of its words, where they did not fit

    @property
    def height(self) -> float:
        return 2 * PAD + LEADING * (len(self.ask) + len(self.states))


def draw_ancestors(
    scenario: Scenario,
    outcome: str,
    found: Sequence[KnockOut],
    *,
    state: str = "",
    do: Mapping[str, str] | None = None,
    timelines: Timelines | None = None,
    most: int = MOST,
    width: int = WIDE,
) -> Picture:
    """The ancestors of a variable whose arguments carry most of its answer; `found` are its knock-outs.

    `state` is the answer that they bear on, `do` the act. With `timelines` each box also says what the model expects of
    its question. No more than `most` boxes are drawn, and half as many where it is narrow.
    """
    acts = do or {}
    most = most if width >= WIDE else min(most, MOST_NARROW)
    picked = ancestry(scenario, outcome, found, acts, most=most)
    inner = width - 32.0
    box = min(BOX, (inner - GAP - LANES) / 2)
    boxes = {name: _box(scenario, name, outcome, acts, timelines, box - 2 * PAD) for name in picked.names}
    answer = found[0].answer if found else None
    title = f"What leads to: {clean(scenario.variables[outcome].ask)}{f' ({_words(state)})' if state else ''}"
    parts, y = heading(title, _notes(picked, answer is not None and answer.unit == "chance"), width)
    setting = set_in_layers(
        picked.names, [(each.source, each.target) for each in picked.arrows], box=box, gap=GAP, width=inner
    )
    tops, y = _tops(setting, boxes, picked, box, y)
    drawn = _Drawn(picked, boxes, setting, tops, box)
    parts += [*drawn.arrows(), *drawn.boxes_drawn()]
    told = ". ".join(_aloud(scenario, each, found) for each in sorted(picked.arrows, key=lambda each: -each.weight))
    legend, y = _legend(picked, y, width)
    return Picture(title, f"{told}." if told else "Nothing in the file leads to it.", width, y, (*parts, *legend))


def _notes(picked: Ancestry, chance: bool) -> list[str]:
    rest = []
    if picked.left_out:
        rest.append(f"{picked.left_out} other cause{'s' if picked.left_out > 1 else ''}")
    if picked.arrows_left_out:
        rest.append(f"{picked.arrows_left_out} lighter arrow{'s' if picked.arrows_left_out > 1 else ''}")
    least = f" Left out: {' and '.join(rest)}, which tell less or nothing." if rest else ""
    carries = "chance" if chance else "answer"
    return [f"Causes stand above. The heavier an arrow, the more the {carries} changes without it.{least}"]


def _box(
    scenario: Scenario, name: str, outcome: str, acts: Mapping[str, str], timelines: Timelines | None, inner: float
) -> Box:
    variable = scenario.variables[name]
    lines_ = [each for each in (timelines.lines if timelines else ()) if each.name == name]
    line = lines_[-1] if lines_ else None
    done = next((value for key, value in acts.items() if variable_in(key) == name), None)
    states = []
    if done is not None:
        states += [(each, "here") for each in fit(f"set: {_words(done)}", inner, SMALL * BOLD, most=STATE_LINES)]
    elif line is not None:
        states += [(each, "here") for each in fit(_expected(line), inner, SMALL * BOLD, most=STATE_LINES)]
    really = line.really if line is not None else happened(variable)
    if really:
        states += [(each, "really") for each in fit(f"really: {_words(really)}", inner, SMALL, most=STATE_LINES)]
    style = "act" if done is not None else "asked" if name == outcome else "box"
    ask = fit(variable.ask or name, inner, SMALL, most=ASK_LINES)
    whole = variable.ask if ask[-1].endswith("…") else ""
    return Box(name, tuple(ask), tuple(states), style, whole)


def _words(state: str) -> str:
    return clean(state).replace("_", " ")


def _expected(line: Line) -> str:
    label, answer = line.leading
    said = say_value(answer)
    year = f" in {line.variable.partition(' in ')[2]}" if " in " in line.variable else ""
    if label in ("yes", answer.unit):
        return f"here: {said} ({say_range(answer)}){year}" if not answer.starved else f"here: {said}"
    return f"here: {_words(label)} {said}"


def _tops(
    setting: Setting, boxes: Mapping[str, Box], picked: Ancestry, box: float, y: float
) -> tuple[list[tuple[float, float]], float]:
    """Where each layer begins and ends, with room above it for the labels of the arrows that lead into it."""
    found = []
    for number, layer in enumerate(setting.layers):
        rows = max((_rows(picked, setting, knot, box) for knot in layer if isinstance(knot, str)), default=0)
        y += (STEM + 16 + CHIP * rows) if number else 6
        height = max((boxes[knot].height for knot in layer if isinstance(knot, str)), default=20.0)
        found.append((y, y + height))
        y += height
    return found, y


def _inward(picked: Ancestry, setting: Setting, name: str) -> list[Arrow]:
    """The arrows into a box, from left to right as they come."""
    found = [each for each in picked.arrows if each.target == name]
    return sorted(found, key=lambda each: setting.middle[setting.routes[each.source, each.target][-2]])


def _labels(inward: Sequence[Arrow], box: float) -> list[tuple[str, float, float, int]]:
    """The label of each arrow into a box: its words, left end, breadth and row, so that none touches another.

    They stay within the breadth of their box; the lowest row stands at the box.
    """
    found: list[tuple[str, float, float, int]] = []
    for number, each in enumerate(inward):
        words = f"unless {say_size(each)}" if each.unless else say_size(each)
        needed = breadth(words, CHIP_SIZE) + 6
        left = min(max(box * (number + 0.5) / len(inward) - needed / 2, 0.0), box - needed)
        taken = {row for _, other, broad, row in found if left < other + broad and other < left + needed}
        row = next(each for each in range(len(found) + 1) if each not in taken)
        found.append((words, left, needed, row))
    return found


def _rows(picked: Ancestry, setting: Setting, name: str, box: float) -> int:
    return 1 + max((row for *_, row in _labels(_inward(picked, setting, name), box)), default=-1)


@dataclass(frozen=True)
class _Drawn:
    """A graph on its way to paper."""

    picked: Ancestry
    boxes: Mapping[str, Box]
    setting: Setting
    tops: Sequence[tuple[float, float]]
    box: float

    def at(self, knot: Knot) -> tuple[float, float, float]:
        """The middle, top and foot of a box, or of the layer that a lane passes."""
        number = next(each for each, layer in enumerate(self.setting.layers) if knot in layer)
        top, foot = self.tops[number]
        return 16 + self.setting.middle[knot], top, top + self.boxes[knot].height if isinstance(knot, str) else foot

    def boxes_drawn(self) -> list[str]:
        """Every box with its words."""
        parts = []
        for name, box in self.boxes.items():
            middle, top, foot = self.at(name)
            left = middle - self.box / 2
            whole = f"<title>{escape(clean(box.whole))}</title>" if box.whole else ""
            parts.append(
                f'<g>{whole}<rect class="{box.style}" x="{short(left)}" y="{short(top)}" '
                f'width="{self.box:.0f}" height="{foot - top:.0f}" rx="{0 if box.style == "act" else 6}"/>'
            )
            parts += lines(left + PAD, top + PAD + 11, box.ask, leading=LEADING)
            for number, (words, style) in enumerate(box.states, start=len(box.ask)):
                parts.append(text(left + PAD, top + PAD + 11 + LEADING * number, words, style))
            parts.append("</g>")
        return parts

    def arrows(self) -> list[str]:
        """Every arrow, then every label, so that no line runs over a label."""
        heaviest = max((each.weight for each in self.picked.arrows), default=0.0)
        drawn: dict[str, list[str]] = {PLAIN: [], AGAINST: [], DEFINED: []}
        tips, labels = [], []
        for target in self.picked.names:
            inward = _inward(self.picked, self.setting, target)
            middle, top, _ = self.at(target)
            said = _labels(inward, self.box)
            bend = top - STEM - CHIP * (1 + max((row for *_, row in said), default=0))
            for number, (each, (words, left, broad, row)) in enumerate(zip(inward, said, strict=True)):
                share = (each.weight / heaviest) ** 0.5 if heaviest > 0.0 else 0.0
                x = middle - self.box / 2 + self.box * (number + 0.5) / len(inward)
                kind = _kind(each)
                weight = THIN + (THICK - THIN) * share
                weight = min(weight, 3.0) if each.push is None else weight
                drawn[kind].append(f'<path stroke-width="{short(weight)}" d="{self._path(each, x, bend)}"/>')
                tips.append((kind == AGAINST, x, top))
                left, foot = middle - self.box / 2 + left, top - 12 - CHIP * row
                labels.append(
                    f'<rect x="{short(left)}" y="{short(foot - 11)}" width="{short(broad)}" height="14" rx="3"/>'
                )
                labels.append(text(left + broad / 2, foot, words))
        lines_ = [f'<g class="{kind}">{"".join(paths)}</g>' for kind, paths in drawn.items() if paths]
        return [*lines_, *_tips(tips), *(['<g class="chips">', *labels, "</g>"] if labels else [])]

    def _end(self, arrow: Arrow, place: int) -> float:
        return self.setting.middle[self.setting.routes[arrow.source, arrow.target][place]]

    def _path(self, arrow: Arrow, x: float, bend: float) -> str:
        """The way of an arrow from its source to just above its target, where its tip stands."""
        route = self.setting.routes[arrow.source, arrow.target]
        onward = sorted(
            (each for each in self.picked.arrows if each.source == arrow.source), key=lambda each: self._end(each, 1)
        )
        start, _, foot = self.at(arrow.source)
        start += (onward.index(arrow) + 0.5 - len(onward) / 2) * min(24.0, self.box / (len(onward) + 1))
        path = [f"M{spot(start, foot)}"]
        here, y = start, foot
        for knot in route[1:-1]:
            middle, top, end = self.at(knot)
            path.append(f"C{spot(here, (y + top) / 2)} {spot(middle, (y + top) / 2)} {spot(middle, top)}")
            path.append(f"V{short(end)}")
            here, y = middle, end
        _, top, _ = self.at(arrow.target)
        path.append(f"C{spot(here, (y + bend) / 2)} {spot(x, (y + bend) / 2)} {spot(x, bend)}V{short(top - 7)}")
        return "".join(path)


def _kind(arrow: Arrow) -> str:
    return AGAINST if raises(arrow) is False else DEFINED if arrow.push is None else PLAIN


def _tips(found: Sequence[tuple[bool, float, float]]) -> list[str]:
    """The ends of arrows: a bar where one speaks against its target, else a point."""
    bars = "".join(f"M{spot(x - 7, top - 5)}h14" for against, x, top in found if against)
    points = "".join(f"M{spot(x - 5, top - 9)}h10l-5 8z" for against, x, top in found if not against)
    return [
        *([f'<path class="arrow" stroke-width="3" d="{bars}"/>'] if bars else []),
        *([f'<path class="tip" d="{points}"/>'] if points else []),
    ]


def _legend(picked: Ancestry, y: float, width: int) -> tuple[list[str], float]:
    """What dashes, ends and labels mean; only what is drawn."""
    kinds = {raises(each) if each.push is not None else "defined" for each in picked.arrows}
    said = [
        (each in kinds, kind, words)
        for each, kind, words in (
            (True, PLAIN, "speaks for it"),
            (False, AGAINST, "speaks against it"),
            ("defined", DEFINED, "part of what it is"),
        )
    ]
    parts, x = [], 16.0
    y += 28
    for shown, kind, words in said:
        if not shown:
            continue
        needed = 38 + breadth(words, SMALL) + 22
        if x > 16.0 and x + needed > width:
            x, y = 16.0, y + 18
        parts.append(f'<path class="{kind}" stroke-width="2.5" d="M{x:.0f} {y - 4:.0f}h24"/>')
        parts.append(
            f'<path class="arrow" stroke-width="3" d="M{x + 26:.0f} {y - 10:.0f}v12"/>'
            if kind == AGAINST
            else f'<path class="tip" d="M{x + 24:.0f} {y - 9:.0f}v10l8 -5z"/>'
        )
        parts.append(text(x + 38, y, words))
        x += needed
    sizes = [say_size(each) for each in picked.arrows if each.push is not None]
    said_of = [
        *(
            ["×3–8 on an arrow: the argument multiplies the odds by 3 to 8."]
            if any("×" in each for each in sizes)
            else []
        ),
        *(["“each”: so much for every unit of the cause."] if any(EACH in each for each in sizes) else []),
    ]
    for words in said_of:
        for line in fit(words, width - 32, SMALL):
            y += 18
            parts.append(text(16, y, line, "quiet"))
    return parts, y + 18


def _aloud(scenario: Scenario, arrow: Arrow, found: Sequence[KnockOut]) -> str:
    source, target = (scenario.variables[each].ask or each for each in (arrow.source, arrow.target))
    if arrow.push is None:
        how = "is needed for" if arrow.requires else "is part of"
        return f"{source} {how}: {target}"
    known = next((each for each in found if each.push == f"{arrow.target}.{arrow.push.name}"), None)
    speaks = {True: "speaks for", False: "speaks against", None: "bears on"}[raises(arrow)]
    carried = ""
    if known is not None:
        bare = (
            say_chance(known.without.value, known.error) if known.without.unit == "chance" else say_value(known.without)
        )
        carried = f"; without it {bare} ({say_difference(-known.difference, known.answer.unit, known.error)})"
    unless = " (where it is not so)" if arrow.unless else ""
    return f"{source}{unless} {speaks}: {target} {say_size(arrow)}{carried}"
