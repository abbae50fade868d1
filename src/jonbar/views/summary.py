"""The answer to `check` where there is no fault: what the file holds and what its numbers rest on."""

from __future__ import annotations

from jonbar.scenario.numbers import Scale
from jonbar.scenario.settings import Status, assumptions
from jonbar.scenario.terms import Scenario
from jonbar.scenario.words import echo
from jonbar.views.lines import Paint, clean, paragraph, plain, say_count

BARE_SHOWN = 12


def show_summary(
    scenario: Scenario, status: Status, *, width: int = 80, paint: Paint = plain, everything: bool = False
) -> str:
    """Counts, shares, and the numbers that nothing backs."""
    readings = len(scenario.readings())
    lines = [
        paint("strong", paragraph(clean(scenario.title or scenario.name), width)),
        paint("up", "No fault."),
        paragraph(
            f"{say_count(status.variables, 'variable')}, {say_count(status.pushes, 'push', 'pushes')}, "
            f"{say_count(status.premises, 'premise')}, {say_count(status.sources, 'source')}, "
            f"{say_count(readings, 'reading')} of {say_count(len(scenario.what_ifs), 'what-if')}, "
            f"{say_count(len(scenario.claims), 'claim')}.",
            width,
        ),
        "",
        f"What its {status.numbers} numbers rest on:",
    ]
    rows = (
        ("counted", status.counted, "cases of a named class"),
        ("measured", status.measured, "a cited measurement"),
        ("argued", status.argued, "a reason, no measurement"),
        ("bare", len(status.bare), "nothing yet"),
    )
    for name, number, meaning in rows:
        share = 100 * number / status.numbers if status.numbers else 0.0
        said = "<1%" if 0 < share < 0.5 else f"{share:.0f}%"
        lines.append(f"  {name:<9}{number:>5} {said:>5}  {meaning}")
    if status.bare:
        shown = status.bare if everything else status.bare[:BARE_SHOWN]
        rest = len(status.bare) - len(shown)
        more = f" and {rest} more (--all lists them)" if rest else ""
        lines += ["", paragraph(f"Bare: {clean(', '.join(shown))}{more}.", width, hang="  ")]
    return "\n".join(lines)


def show_echo(scenario: Scenario, *, width: int = 80) -> str:
    """How each number of the file was read, in words."""
    lines = ["How its numbers were read:"]
    for name, estimate in assumptions(scenario).items():
        variable = scenario.variables.get(name.partition(".")[0])
        scale = variable.scale if variable is not None else Scale.LINEAR
        lines.append(paragraph(clean(f"{name}: {echo(estimate, scale)}"), width, "  ", "    "))
    return "\n".join(lines)
