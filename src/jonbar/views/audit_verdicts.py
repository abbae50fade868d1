"""One line for each criterion: what a reader should carry away if he reads nothing else."""

from __future__ import annotations

from jonbar.audit.build import Audit
from jonbar.views.audit_words import CAUSED, is_chance, say_bits, say_fine, say_fine_range
from jonbar.views.lines import say_count
from jonbar.views.rounding import say_difference

RARITY = (
    (0.001, "All but out of reach"),
    (0.01, "Far-fetched"),
    (0.1, "Unlikely"),
    (0.5, "Within reach"),
    (2.0, "As likely as not, or more"),
)
ERRORS_TO_TELL = 3.0  # of the rival that moves an answer most, one of many


def verdicts(audit: Audit) -> tuple[tuple[str, str], ...]:
    """The criteria in Tetlock and Belkin's order, each with its line."""
    return (
        ("Clarity", _clarity(audit)),
        ("Cotenability", _cotenability(audit)),
        ("Minimal rewrite", _rewrite(audit)),
        ("Theory", _theory(audit)),
        ("Base rates", _bases(audit)),
        ("Projectability", _placebos(audit)),
    )


def reach(audit: Audit) -> str:
    """Whether history comes back to itself."""
    last = audit.last_apart
    if last is None:
        return "Nothing can be told apart from what it was, luck kept."
    apart, questions = (sum(getattr(each, name) for each in audit.years) for name in ("keep", "questions"))
    return (
        f"At kept luck {apart} of {questions} questions can be told apart from what they were, the last "
        f"({last.text}) dated {last.when}."
    )


def sums(audit: Audit) -> str:
    """Whether branches and claims are coherent."""
    found = audit.together
    branches = "Branches add up to the whole"
    if not found.claims:
        return f"{branches}; no claim can be tested draw by draw."
    if found.all_of_them == 0.0:
        return f"{branches}; the file's {say_count(len(found.claims), 'testable claim')} cannot all hold."
    many = say_count(len(found.claims), "testable claim")
    return f"{branches}; in {say_fine(found.all_of_them)} of draws all {many} of the file hold."


def _clarity(audit: Audit) -> str:
    found = audit.clarity
    if not found.links and not found.consequents:
        return "Named, and nothing follows from it by any link."
    lacking = [
        f"{len(names)} without a {what}"
        for what, names in (("reason", found.without_reason), ("source", found.without_source))
        if names
    ]
    lack = f"; {', '.join(lacking)}" if lacking else "; each has a reason and a source"
    return f"{say_count(found.links, 'link')} to {say_count(found.consequents, 'consequent')}, all named{lack}."


def _cotenability(audit: Audit) -> str:
    found = audit.cotenability
    chance = found.chance.value
    said = (
        f"{say_fine(chance)} ({say_fine_range(found.chance)}), {say_bits(chance)} bits, as it looked on {found.as_of}"
    )
    if found.cause is None:
        return f"A miracle: nothing in the file brings it about, it just happens. {said}."
    if chance == 0.0:
        return f"Ruled out: no history to {found.as_of} leaves it a chance."
    how = next(words for limit, words in RARITY if chance < limit)
    warned = ", and its cause also acts by other paths" if found.cause.elsewhere else ""
    return f"{how}: {said}{warned}."


def _rewrite(audit: Audit) -> str:
    kept = audit.rewrites["keep"]
    before = "none moves" if kept.before == 0.0 else f"{kept.before:.1f} move"
    others = [f"{each.after:.0f} at {name}" for name, each in audit.rewrites.items() if name not in ("keep", CAUSED)]
    luck = f", {' and '.join(others)}" if others else ""
    hand = say_count(len(audit.change.departs), "fact is", "facts are")
    after = f"of {kept.recorded_after} after it {kept.after:.0f} move at kept luck{luck}"
    return f"{hand} set by hand; of {kept.recorded_before} before it {before}; {after}."


def _theory(audit: Audit) -> str:
    asked = audit.outcome
    if asked is None:
        return "No open outcome hangs on it."
    weighted = asked.weighted or asked.shares
    if not weighted:
        return f"{asked.difference.text} follows without any argued link."
    measured = weighted.get("measured", 0.0) + weighted.get("counted", 0.0)
    disputed = weighted.get("disputed", 0.0)
    rest = f", {say_fine(disputed)} on disputed theories" if disputed else ""
    return (
        f"Of the links that move {asked.difference.text}, {say_fine(measured)} by weight rest on measurements or "
        f"counts, {say_fine(weighted.get('argued', 0.0))} on arguments{rest}."
    )


def _bases(audit: Audit) -> str:
    if not audit.bases:
        return f"No counted number bears on {audit.asked}." if audit.asked else "No counted number bears on it."
    rivals = [each for each in audit.bases if len(each.readings) > 1]
    if not rivals:
        return f"{say_count(len(audit.bases), 'counted number')}, without a rival class."
    most = rivals[0]
    sure = most.moves > ERRORS_TO_TELL * most.error
    moved = say_difference(most.moves, "chance").lstrip("+") if is_chance(audit) else f"{most.moves:.3g}"
    said = (
        f"between rival classes {audit.asked} moves by at most {moved}"
        if sure
        else "no rival class moves the answer beyond noise"
    )
    return f"{say_count(len(audit.bases), 'number')} with a class or a rival; {said}."


def _placebos(audit: Audit) -> str:
    if not audit.placebos:
        return "The file names no placebo: mark a what-if that should move nothing with `placebo: yes`."
    faulty = [each for each in audit.placebos if each.moved]
    touching = [each for each in audit.placebos if any(share > 0.0 for _, share in each.touched)]
    many = say_count(len(audit.placebos), "placebo")
    if faulty:
        return f"{many}; {faulty[0].reading} moves what it cannot reach, which is a fault of the program."
    if touching:
        return f"{many}; {touching[0].reading} moves {touching[0].touched[0][0]}, which it touches."
    return f"{many}, and none moves anything."
