"""What the coupling of both worlds leaves open, in plain sentences: how much of an answer is convention."""

from __future__ import annotations

from jonbar.query import Answer, Timelines
from jonbar.views.page import clean
from jonbar.views.rounding import say_chances

LEAST_WIDTH = 0.02  # a narrower attained range says that the convention hardly matters


def attained_width(answer: Answer) -> float | None:
    """How wide its attained range is; None where it has not been worked out."""
    if answer.attained_low is None or answer.attained_high is None:
        return None
    return answer.attained_high - answer.attained_low


def crosses_half(answer: Answer) -> bool:
    """Whether other couplings with the same chances were found on the other side of one half."""
    low, high = answer.attained_low, answer.attained_high
    return low is not None and high is not None and low < 0.5 < high


def say_unsettled(timelines: Timelines) -> str:
    """One sentence on the chances of a run that other couplings move; empty where none was looked at."""
    looked, wide, undecided = 0, [], []
    for line in timelines.lines:
        for state, answer in line.here:
            width = attained_width(answer)
            if width is None:
                continue
            looked += 1
            name = line.variable if state == "yes" else f"{line.variable} is {state}"
            if width >= LEAST_WIDTH:
                wide.append((width, f"{name} {say_range_of(answer)}"))
            if crosses_half(answer):
                undecided.append(name)
    if not looked:
        return ""
    wide.sort(key=lambda each: -each[0])
    said = ", ".join(each for _, each in wide) or "none of them differs by two points"
    which = "chance" if looked == 1 else f"{looked} chances"
    told = (
        "How luck carries over into the changed world is a convention that no record settles. Of the "
        f"{which} that moved furthest, other mechanisms with the same chances give at least: {said}."
    )
    if undecided:
        told += f" On which side of one half {', '.join(undecided)} lies, this convention decides."
    return clean(told)


def say_range_of(answer: Answer) -> str:
    """An attained range in percent."""
    assert answer.attained_low is not None and answer.attained_high is not None
    said = say_chances(answer.attained_low, answer.attained_high)
    return said if said.endswith("%") else f"{said}%"


def say_convention(answer: Answer) -> str:
    """How much of one answer is model and how much convention; empty where that has not been worked out."""
    if attained_width(answer) is None:
        return ""
    told = (
        f"What the file leaves open makes it {say_chances(answer.low, answer.high)}% (model); how luck carries over, "
        f"which no record settles, makes it at least {say_range_of(answer)} (convention)."
    )
    if crosses_half(answer):
        told += " Which side of one half it lies on, the convention decides."
    return told
