"""The answer to `why --necessary`: was the act necessary, was it enough, and how much of that is convention."""

from __future__ import annotations

from jonbar.audit.necessity import Bounded, Necessity
from jonbar.report.build import Report
from jonbar.views.audit_words import item, lines_of, say_fine, say_parts
from jonbar.views.lines import Paint, clean, paragraph, plain
from jonbar.views.rounding import say_chance, say_chances


def show_necessity(report: Report, *, ask: str, width: int = 80, paint: Paint = plain) -> str:
    """The whole page: what is compared, three chances with their bounds, and what they mean."""
    found = report.necessity
    assert found is not None
    act, rather = say_parts(found.act), say_parts(found.rather)
    lines = [paint("strong", paragraph(clean(ask or found.outcome), width))]
    lines.append(paragraph(clean(f"The act: {act}. Rather than: {rather}."), width, hang="  "))
    known = f"{len(found.known)} recorded facts that neither could have brought about"
    lines.append(paragraph(f"All luck is kept; known are {known}, and that one of the two was done.", width))
    widths = [11, 7, 10, 14, width - 48]
    lines += ["", *lines_of(["", "chance", "90%", "any coupling", ""], widths)]
    rows = (
        ("necessary", found.necessary, "with the act it came; with the other it would not have"),
        ("enough", found.enough, "with the other it did not come; with the act it would have"),
        ("both", found.both, "it comes with the act, and not with the other"),
    )
    for name, each, meaning in rows:
        lines += lines_of([name, *_cells(each), meaning], widths)
    seen = found.seen
    lines += [
        "",
        item(
            f"{clean(found.outcome)} comes with a chance of {say_chance(seen.done)} if the act is done, and of "
            f"{say_chance(seen.undone)} if the other is. Of the two, the act had a chance of "
            f"{say_fine(seen.act_and_outcome + seen.act_alone)}.",
            width,
        ),
        item(_convention(found), width),
    ]
    return "\n".join(lines)


def _cells(found: Bounded | None) -> list[str]:
    if found is None:
        return ["-", "-", "-"]
    point = found.point
    return [
        say_chance(point.value, point.error),
        say_chances(point.low, point.high, point.error),
        say_chances(found.least, found.most),
    ]


def _convention(found: Necessity) -> str:
    """One sentence: how much of it is model and how much is convention."""
    shown = [each for each in (found.necessary, found.enough) if each is not None]
    widest = max((each.most - each.least for each in shown), default=0.0)
    if widest < 0.05:
        return "Whatever the coupling of the two worlds, it comes to much the same: this is model, not convention."
    return (
        f"With another coupling of the two worlds one of these could lie anywhere within {100 * widest:.0f} points: so "
        "much of it is convention (luck is shared by the rules of the engine), and the rest is model."
    )
