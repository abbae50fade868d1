"""The audit of a what-if: one line for each of the six criteria, the figures behind it, how far it reaches."""

from __future__ import annotations

from jonbar.audit.build import Audit
from jonbar.audit.outcomes import Figure, Outcome
from jonbar.report.build import Report
from jonbar.views.audit_figures import figures
from jonbar.views.audit_verdicts import reach, sums, verdicts
from jonbar.views.audit_words import item, say_fine, say_list
from jonbar.views.lines import Paint, clean, paragraph, plain, row, say_count, warned
from jonbar.views.rounding import say_chance, say_chances, say_number, step_of
from jonbar.views.timelines import say_change

SHOWN = 8


def show_audit(report: Report, *, width: int = 80, paint: Paint = plain, everything: bool = False) -> str:
    """The whole page: what was asked, six verdicts, then each criterion's figures."""
    audit = report.audit
    assert audit is not None
    most = None if everything else SHOWN
    said = verdicts(audit)
    head = [paint("strong", paragraph(f"An audit. {say_change(report)}", width, hang="  "))]
    head.append(paragraph(_settings(audit), width))
    table = []
    for number, (name, verdict) in enumerate(said, start=1):
        table += row([f"{number} {name}", clean(verdict)], [17, width - 18], ["strong"], painter=paint)
    for name, verdict in (("Reach", reach(audit)), ("Sums", sums(audit))):
        table += row([f"  {name}", clean(verdict)], [17, width - 18], ["strong"], painter=paint)
    parts = ["\n".join(head), "\n".join(table)]
    for number, ((name, _), lines) in enumerate(zip(said, figures(audit, width, most), strict=True), start=1):
        parts.append("\n".join([paint("strong", f"{number} {name}"), *lines]))
    parts.append("\n".join([paint("strong", "  Reach"), *_reach(audit, width)]))
    parts.append("\n".join([paint("strong", "  Sums"), *_sums(audit, width, most)]))
    return "\n\n".join([*parts, *warned(report.warnings, width)])


def _settings(audit: Audit) -> str:
    luck = "history's luck is kept" if audit.luck == "kept" else f"luck {audit.luck}"
    return (
        f"The change begins on {audit.change.date}; {luck}. {audit.draws:,} draws of what the file leaves open (worth "
        f"{audit.effective:,.0f} independent ones), each with {audit.tellings:,} runs of luck; seed {audit.seed}."
    )


def _reach(audit: Audit, width: int) -> list[str]:
    lines = []
    for each in audit.outcomes:
        steps = [f"{stage.text} {_stage(stage.unit, stage.here)}" for stage in each.chain]
        lines.append(
            item(f"{each.difference.text}: change > {' > '.join(steps)}" if steps else each.difference.text, width)
        )
        said = f"{say_count(len(each.chain), 'step')} on its main chain, {each.longest} uncertain on its longest; "
        lines.append(paragraph(clean(f"{said}{_until(each, audit.luck)}."), width, "    ", "    "))
    years = ", ".join(
        f"{each.year} {each.keep}" + (f" ({each.here})" if each.here != each.keep else "") + f" of {each.questions}"
        for each in audit.years
    )
    fading = "" if audit.luck == "kept" else f" (in brackets at {audit.luck})"
    lines.append(
        item(f"Questions that can be told apart from what they were, by year, at kept luck{fading}: {years}.", width)
    )
    return lines


def _stage(unit: str, figure: Figure) -> str:
    if unit == "chance":
        if figure.low == figure.high and round(figure.value, 9) in (0.0, 1.0):
            return "certain" if figure.value > 0.5 else "ruled out"
        return f"{say_chance(figure.value)} ({say_chances(figure.low, figure.high)})"
    step = step_of((figure.value, figure.low, figure.high), figure.error)
    return f"{say_number(figure.value, step)} ({say_number(figure.low, step)} to {say_number(figure.high, step)})"


def _until(found: Outcome, luck: str) -> str:
    kept, here = found.apart
    if kept is None or here is None:
        return "it is asked once"
    end = found.difference.when.rpartition("/")[2][:4]
    said, other = (f"until {each}{', the end' if each == end else ''}" if each else "never" for each in (kept, here))
    return f"the timelines are apart {said}, luck kept" + ("" if kept == here else f" ({other} at {luck})")


def _sums(audit: Audit, width: int, most: int | None) -> list[str]:
    lines = []
    for each in audit.unpacked:
        parts = " + ".join(f"{say_fine(chance)} ({state})" for state, chance in each.branches)
        lines.append(
            item(
                f"{each.text} {say_fine(each.whole)}; unpacked by {each.by}: {parts} = {say_fine(each.total)}. "
                "Branches are shares of the same worlds: unlike the guesses of experts they cannot add up to more than "
                "the whole.",
                width,
            )
        )
    found = audit.together
    if found.claims:
        lines.append(
            item(
                f"{say_count(len(found.claims), 'claim')} can be tested draw by draw: all hold together in "
                f"{say_fine(found.all_of_them)} of draws.",
                width,
            )
        )
        never = [each.claim for each in found.claims if each.share == 0.0]
        if never:
            lines.append(item(f"Holds in no draw by itself: {say_list(never, most)}.", width))
        if found.never:
            pairs = [f"{one} with {other}" for one, other in found.never]
            lines.append(item(f"Never hold together: {say_list(pairs, most)}.", width))
    return lines or [item("No open outcome to unpack, and no claim to test.", width)]
