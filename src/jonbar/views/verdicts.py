"""The answer to `claims`: one line a claim with its verdict, and a page for a single one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from jonbar.claims.verdicts import Judged, Verdict
from jonbar.query.answers import COUPLINGS
from jonbar.report.build import Report
from jonbar.scenario.terms import ClaimKind, Source
from jonbar.views.data import head_of, table, to_json
from jonbar.views.lines import Paint, clean, paragraph, plain, row
from jonbar.views.rounding import UNNAMED, say_chances, say_difference, say_part, say_range, say_value
from jonbar.views.unsettled import LEAST_WIDTH, say_ends, say_range_of, say_stable_range_of, stable_width

SHORT = {
    Verdict.HOLDS: "holds",
    Verdict.FAILS: "fails",
    Verdict.DEPENDS: "depends",
    Verdict.FALSE: "false",
    Verdict.LITTLE: "too little",
    Verdict.CANNOT: "cannot say",
    Verdict.VALUE: "value",
}
ROLES = {Verdict.HOLDS: "up", Verdict.FAILS: "down", Verdict.FALSE: "down", Verdict.DEPENDS: "change"}


def show_verdicts(judged: Sequence[Judged], *, width: int = 80, paint: Paint = plain) -> str:
    """Every claim of a scenario on one page, in the order of the file."""
    if not judged:
        return "The scenario holds no claims."
    who = min(14, max(len(clean(each.claim.who)) for each in judged))
    numbers, verdict, meant = 16, 10, 13
    says = max(16, width - verdict - who - meant - numbers - 4)
    widths = [verdict, who, says, meant, numbers]
    lines = row(["", "who", "what was said", "how it was meant", "computed"], widths, ["quiet"] * 5, painter=paint)
    for each in judged:
        cells = [
            SHORT[each.verdict],
            clean(each.claim.who)[:who],
            clean(each.claim.says),
            say_meant(each),
            say_number(each),
        ]
        lines += row(cells, widths, [ROLES.get(each.verdict, "quiet")], painter=paint)
        if each.verdict is Verdict.DEPENDS and each.hangs_on:
            on = ", ".join(hinge.assumption for hinge in each.hangs_on)
            lines.append(paint("quiet", paragraph(f"on: {clean(on)}", width, " " * (verdict + who + 2))))
        if each.failed:
            lines.append(
                paint("fault", paragraph("This claim must hold, and does not.", width, " " * (verdict + who + 2)))
            )
    counted = Counter(each.verdict for each in judged)
    said = ", ".join(f"{counted[each]} {each}" for each in Verdict if counted[each])
    lines += ["", paragraph(f"{say_claims(len(judged))}: {said}.", width)]
    return "\n".join(lines)


def say_meant(judged: Judged) -> str:
    """What a claim asserts: the range that was meant, or that it is unhedged."""
    if judged.meant is not None and judged.meant[1] >= 1.0:
        return f"meant {100 * judged.meant[0]:.0f}% or more"
    if judged.meant is not None:
        return f"meant {say_chances(*judged.meant)}%"
    settled_by_records = judged.claim.kind in (
        ClaimKind.FACT,
        ClaimKind.UTTERANCE,
        ClaimKind.VALUE,
        ClaimKind.DEFINITION,
        ClaimKind.UNCOVERED,
    )
    return "" if settled_by_records else "unhedged"


def say_claims(count: int) -> str:
    """How many claims, in words."""
    return f"{count} claim{'' if count == 1 else 's'}"


def say_number(judged: Judged) -> str:
    """What was computed: a chance with its range, or how far the two sides of a comparison are apart."""
    if judged.verdict in (Verdict.VALUE, Verdict.FALSE) or judged.answer is None:
        return ""
    unit = judged.answer.unit
    named = "" if unit in UNNAMED else f" {clean(unit)}"
    if judged.difference is not None and judged.other is not None:
        return f"{say_difference(judged.difference, unit, judged.answer.error)}{named}"
    return f"{say_value(judged.answer)}{named} ({say_range(judged.answer)})"


def show_verdict(judged: Judged, sources: Mapping[str, Source], *, width: int = 80, paint: Paint = plain) -> str:
    """One claim: what was said and meant, what was computed, what would change it, and the records."""
    claim = judged.claim
    lines = [
        paint("strong", paragraph(f"{clean(claim.says)} ({clean(claim.who)})", width)),
        paint(ROLES.get(judged.verdict, "quiet"), f"{judged.verdict.value.capitalize()}."),
        paragraph(clean(judged.why), width),
        "",
    ]
    lines += _fields(judged, width)
    if judged.hangs_on:
        lines.append("")
        lines.append("What would change the verdict:")
        for hinge in judged.hangs_on:
            direction = "holds sooner the higher it is" if hinge.rises else "holds sooner the lower it is"
            said = f"{hinge.assumption}: makes {say_part(hinge.share, hinge.error)} of the uncertainty; {direction}"
            lines.append(paragraph(clean(said), width, "  ", "    "))
    for heading, names in (("For it:", claim.supporting), ("Against it:", claim.against)):
        if names:
            lines += ["", heading]
            lines += [paragraph(clean(_cite(name, sources)), width, "  ", "    ") for name in names]
    return "\n".join(lines)


def _fields(judged: Judged, width: int) -> list[str]:
    claim, answer = judged.claim, judged.answer
    told = [
        ("kind", claim.kind.value),
        ("meant", f"{claim.meant}, {say_meant(judged)}" if claim.meant else say_meant(judged)),
    ]
    told += [("test", claim.test), ("yardstick", claim.yardstick), ("because", claim.because)]
    if claim.presupposes is not None:
        from jonbar.scenario.notation import write_expression

        told.append(("supposing", write_expression(claim.presupposes)))
    if answer is not None and judged.verdict is not Verdict.VALUE:
        told.append(("computed", f"{answer.estimand}: {say_value(answer)} (90% range {say_range(answer)})"))
        if judged.other is not None:
            other = judged.other
            told.append(("against", f"{other.estimand}: {say_value(other)} (90% range {say_range(other)})"))
        if answer.attained_low is not None and answer.attained_high is not None:
            ends = say_ends(answer.attained_low_error, answer.attained_high_error)
            bound = f"an inner bound{f'; {ends}' if ends else ''}"
            told.append(("attained", f"{say_range_of(answer)} over other couplings of the two histories ({bound})"))
        if (stable_width(answer) or 0.0) >= LEAST_WIDTH:
            told.append(("stable", f"{say_stable_range_of(answer)} over those that are stable (an inner bound)"))
        if judged.share is not None:
            told.append(("so in", f"{100 * judged.share:.0f}% of the assumption draws"))
    return [paragraph(clean(f"{name:<10} {text}"), width, "  ", " " * 13) for name, text in told if text]


def _cite(name: str, sources: Mapping[str, Source]) -> str:
    source = sources.get(name)
    if source is None:
        return name
    parts = [part for part in (source.author, source.title, source.year, source.where) if part]
    return f"{name}: {', '.join(parts)}. {source.kind.capitalize()}."


HEADS = [
    "claim",
    "who",
    "says",
    "kind",
    "meant_low",
    "meant_high",
    "verdict",
    "why",
    "value",
    "low",
    "high",
    "error",
    "unit",
    *COUPLINGS,
    "other",
    "difference",
    "share",
    "hangs_on",
    "must",
]


def verdicts_json(report: Report) -> str:
    """Every claim with its verdict, in full."""
    return to_json({**head_of(report), "claims": verdicts_plain(report.judged)})


def verdicts_csv(report: Report) -> str:
    """One row a claim."""
    rows = []
    for each in report.judged:
        answer = each.answer
        numbers: list[Any] = [""] * (5 + len(COUPLINGS))
        if answer is not None:
            numbers = [answer.value, answer.low, answer.high, answer.error, answer.unit]
            numbers += [getattr(answer, name) for name in COUPLINGS]
        meant = each.meant or ("", "")
        other = each.other.value if each.other else None
        cells = [each.claim.name, each.claim.who, each.claim.says, each.claim.kind.value, *meant, each.verdict.value,
                 each.why, *numbers, other, each.difference, each.share,
                 " ".join(hinge.assumption for hinge in each.hangs_on), each.claim.must]  # fmt: skip
        rows.append(cells)
    return table(HEADS, rows)


def verdicts_plain(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Every claim with its verdict as plain values."""
    return [
        {
            "claim": each.claim.name,
            "who": each.claim.who,
            "says": each.claim.says,
            "kind": each.claim.kind.value,
            "test": each.claim.test or None,
            "must": each.claim.must,
            "meant": list(each.meant) if each.meant else None,
            "verdict": each.verdict.value,
            "why": each.why,
            "answer": asdict(each.answer) if each.answer else None,
            "other": asdict(each.other) if each.other else None,
            "difference": each.difference,
            "share": each.share,
            "hangs_on": [asdict(hinge) for hinge in each.hangs_on],
            "for": list(each.claim.supporting),
            "against": list(each.claim.against),
        }
        for each in judged
    ]
