"""How the model sees what happened, as text: surprise fact by fact, and how inevitable an outcome looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jonbar.history.curve import INEVITABLE, Curve, Point
from jonbar.history.surprise import Surprise, Surprises
from jonbar.views.lines import Paint, clean, paragraph, plain, row, warned
from jonbar.views.rounding import say_chance, say_chances

IN_SAMPLE = (
    "In-sample: who wrote the scenario knew these facts, so a small surprise is no foresight. A state counts as "
    "itself; a number as the 90 % interval of its measurement, or the interval that rounds to it; what may happen at "
    "any time as its recorded days, with all the days before on which it did not."
)
LEVELS = "▁▂▃▄▅▆▇█"
BAR = 20
HARDLY = 0.01  # a change of a chance that is not worth a line


def show_surprises(
    found: Surprises, *, title: str, width: int = 80, paint: Paint = plain, most: int | None = None
) -> str:
    """Each fact with its surprise given those before it, given all others, by its base rate, and by a coin."""
    facts = sorted(found.facts, key=lambda each: -each.bits)[:most] if most else found.facts
    order = f"the {len(facts)} most surprising facts first" if most else "by date"
    head = paint("strong", paragraph(f"How the model sees what happened: {clean(title)}", width, hang="  "))
    settings = paragraph(
        f"Surprise in bits, {order}: given the facts before it (before), given all the others (others), by the base "
        "rate alone (base), and if every state were equally likely (coin). One bit is one toss of a coin, ten are one "
        f"chance in a thousand. {found.draws:,} draws, seed {found.seed}.",
        width,
    )
    widths = (10, 6, 6, 6, 6, width - 38)
    lines = row(("", "before", "others", " base", " coin", ""), widths, ("quiet",) * 6, painter=paint)
    for each in facts:
        really = clean(each.really).replace("_", " ")
        what = f"{clean(each.variable)}: {really}" if width < 100 else f"{clean(each.ask)} {really}"
        cells = (each.when, *map(_bits, (each.bits, each.others, each.base, each.coin)), what)
        lines += row(cells, widths, ("", "change" if each.bits >= 3 else "", "", "quiet", "quiet"), painter=paint)
    parts = ["\n".join((head, settings)), "\n".join(lines), paragraph(_totals(found.facts), width)]
    worst = max((max(each.error, each.others_error) for each in found.facts), default=0.0)
    parts.append(paragraph(f"Monte Carlo error of one figure at most {worst:.2g} bits. {IN_SAMPLE}", width))
    return "\n\n".join(parts)


def _bits(value: float | None) -> str:
    if value is None:
        return "     -"
    return "   inf" if value == float("inf") else f"{value:6.1f}"


def _totals(facts: Sequence[Surprise]) -> str:
    said = [
        f"{len(facts)} facts, {sum(each.bits for each in facts):.1f} bits in all; given all the others "
        f"{sum(each.others for each in facts):.1f}."
    ]
    for name, rule, kind in (("base", "the base rate", "a base rate"), ("coin", "a coin", "states")):
        with_it = [each for each in facts if getattr(each, name) is not None]
        ruled = [getattr(each, name) for each in with_it]
        if with_it:
            bits = sum(each.bits for each in with_it)
            said.append(
                f"On the {len(with_it)} facts with {kind}: {bits:.1f} bits ({bits / len(with_it):.2f} a fact), "
                f"by {rule} {sum(ruled):.1f} ({sum(ruled) / len(with_it):.2f})."
            )
    return " ".join(said)


def show_curves(curves: Sequence[Curve], *, ask: str = "", width: int = 80, paint: Paint = plain) -> str:
    """How likely an outcome looked, date by date: a line of blocks, a table, and when it was settled."""
    first = curves[0]
    title = f"How it looked at the time: {clean(first.outcome)}" + (f" ({clean(ask)})" if ask else "")
    head = paint("strong", paragraph(title, width, hang="  "))
    who = "the public" if first.observer == "public" else first.observer
    known = "everything that had happened" if first.observer == "historian" else f"what {who} knew"
    settings = paragraph(
        f"Its chance on each date, given {clean(known)} by then and nothing later. "
        f"For each date {first.draws:,} draws of what the file leaves open, each with {first.tellings:,} runs of luck; "
        f"seed {first.seed}.",
        width,
    )
    parts = ["\n".join((head, settings))]
    for each in curves:
        parts.append("\n".join(_one(each, width, paint)))
    return "\n\n".join(parts)


def _one(found: Curve, width: int, paint: Paint) -> list[str]:
    line = "".join(LEVELS[min(7, int(8 * point.value))] for point in found.points)
    name = f"if {found.reading}, changed on {found.changed}" if found.reading else "in our history"
    lines = [f"{paint('strong', clean(name))}  {line[: width - len(name) - 2]}"]
    widths = (10, 5, 9, BAR, max(10, width - 48))
    lines += row(("", "    %", "90%", "", "became known"), widths, ("quiet",) * 5, painter=paint)
    after = [point for point in found.points if found.changed and point.day >= found.changed]
    for still, point in _telling(found.points[: len(found.points) - len(after) + 1] if after else found.points):
        if still:
            dates = "1 date" if still == 1 else f"{still} dates"
            lines.append(paint("quiet", f"{'':11}{dates} on which it hardly moved"))
        if point:
            lines += row(_cells(point), widths, ("", "change", "quiet", "change"), painter=paint)
    if len(after) > 1:
        lines.append(paragraph("So it stays: what happened after the change is not known in its world.", width))
    lines.append(paragraph(say_settled(found), width))
    return [*lines, *warned(found.warnings, width)]


def _telling(points: Sequence[Point]) -> Iterator[tuple[int, Point | None]]:
    """The first date and those on which a chance moved, each with how many dates before it are left out."""
    still, shown = 0, None
    for point in points:
        if shown is None or abs(point.value - shown) > max(HARDLY, point.error):
            yield still, point
            still, shown = 0, point.value
        else:
            still += 1
    yield still, None


def _cells(point: Point) -> tuple[str, str, str, str, str]:
    news = ", ".join(map(clean, point.news))
    chance, between = say_chance(point.value, point.error), say_chances(point.low, point.high, point.error)
    return point.day, f"{chance:>5}", between, "#" * round(BAR * point.value), news


def say_settled(found: Curve) -> str:
    """From when on it looked settled, and how sure that is."""
    error = max(each.error for each in found.points)
    least = f"Monte Carlo error at most {max(0.1, 100 * error):.1g} points."
    if found.warnings:
        return f"After {found.points[-1].day} there is no number. {least}"
    if found.settled is None:
        return f"It never looked settled for good ({100 * INEVITABLE:.0f}% sure, one way or the other). {least}"
    way = "certain" if found.points[-1].value > 0.5 else "out of reach"
    sure = f"{100 * INEVITABLE:.0f} % sure"
    return f"From {found.settled} on it looked all but {way} ({sure}): no return after that. {least}"
