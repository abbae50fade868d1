"""What the coupling of both worlds leaves open, in plain sentences: how much of an answer is convention."""

from __future__ import annotations

from jonbar.query.answering import Answer, Timelines
from jonbar.views.lines import clean
from jonbar.views.rounding import say_chances

LEAST_WIDTH = 0.02  # a narrower attained range says that the convention hardly matters


def attained_width(answer: Answer) -> float | None:
    """How wide its attained range is; None where it has not been worked out."""
    if answer.attained_low is None or answer.attained_high is None:
        return None
    return answer.attained_high - answer.attained_low


def stable_width(answer: Answer) -> float | None:
    """How wide its range over stable couplings is; None where it has not been worked out."""
    if answer.stable_low is None or answer.stable_high is None:
        return None
    return answer.stable_high - answer.stable_low


def crosses_half(answer: Answer) -> bool:
    """Whether other couplings with the same chances were found on the other side of one half."""
    low, high = answer.attained_low, answer.attained_high
    return low is not None and high is not None and low < 0.5 < high


def say_unsettled(timelines: Timelines) -> str:
    """One sentence on the chances of a run that other couplings move; empty where none was looked at."""
    looked, wide, stable, unknown, undecided = 0, [], [], [], []
    for line in timelines.lines:
        for state, answer in line.here:
            width = attained_width(answer)
            if width is None:
                continue
            looked += 1
            name = line.variable if state == "yes" else f"{line.variable} is {state}"
            if width >= LEAST_WIDTH:
                wide.append((width, f"{name} {say_range_of(answer)}"))
                unknown += [name] if stable_width(answer) is None else []
            if (stable_width(answer) or 0.0) >= LEAST_WIDTH:
                stable.append((width, f"{name} {say_stable_range_of(answer)}"))
            if crosses_half(answer):
                undecided.append(name)
    if not looked:
        return ""
    which = "chance" if looked == 1 else f"{looked} chances"
    told = "How luck carries over into the changed world is a convention that no record settles. "
    if wide:
        told += f"Of the {which} that moved furthest, other mechanisms with the same chances give at least: "
        told += f"{_widest_first(wide)}."
    else:
        told += f"Other mechanisms with the same chances were not found to move the {which} that moved furthest "
        told += "by two points."
    if stable:
        said = _widest_first(stable)
        told += f" Of these, stable ones, which give up nothing that became likelier, give at least: {said}."
    if unknown:
        which = "" if stable else " among them, which give up nothing that became likelier,"
        told += f" How far the stable ones{which} go is not worked out for {', '.join(unknown)}."
    if undecided:
        told += f" On which side of one half {', '.join(undecided)} lies, this convention decides."
    return clean(told)


def _widest_first(named: list[tuple[float, str]]) -> str:
    return ", ".join(each for _, each in sorted(named, key=lambda each: -each[0]))


def say_range_of(answer: Answer) -> str:
    """An attained range in percent."""
    assert answer.attained_low is not None and answer.attained_high is not None
    return _in_percent(answer.attained_low, answer.attained_high, answer.attained_low_error, answer.attained_high_error)


def say_stable_range_of(answer: Answer) -> str:
    """A stable range in percent."""
    assert answer.stable_low is not None and answer.stable_high is not None
    return _in_percent(answer.stable_low, answer.stable_high, answer.stable_low_error, answer.stable_high_error)


def _in_percent(low: float, high: float, *errors: float | None) -> str:
    said = say_chances(low, high, max(each or 0.0 for each in errors))
    return said if said.endswith("%") else f"{said}%"


def say_ends(low_error: float | None, high_error: float | None) -> str:
    """The Monte Carlo errors of both ends of a range, in points; empty where they are not known."""
    if low_error is None or high_error is None:
        return ""
    return f"Monte Carlo error {100 * low_error:.1f} and {100 * high_error:.1f} points"


def say_convention(answer: Answer) -> str:
    """How much of one answer is model and how much convention; empty where that has not been worked out."""
    attained = attained_width(answer)
    if attained is None:
        return ""
    ends = say_ends(answer.attained_low_error, answer.attained_high_error)
    moves = f"spreads it over at least {say_range_of(answer)}"
    if attained < LEAST_WIDTH:
        moves = "was not found to move it by two points"
    told = (
        f"What the file leaves open makes it {say_chances(answer.low, answer.high)}% (model); how luck carries over, "
        f"which no record settles, {moves} (convention{f'; {ends}' if ends else ''})."
    )
    width = stable_width(answer)
    if width is None and attained >= LEAST_WIDTH:
        told += " How much of that is left to stable ways alone is not worked out."
    elif width is not None and width >= LEAST_WIDTH:
        ends = say_ends(answer.stable_low_error, answer.stable_high_error)
        told += (
            " Stable ways alone, which give up nothing that became likelier, spread it over at least "
            f"{say_stable_range_of(answer)}{f' ({ends})' if ends else ''}."
        )
    if crosses_half(answer):
        told += " Which side of one half it lies on, the convention decides."
    return told
