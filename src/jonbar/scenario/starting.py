"""The scenario that `jonbar new` writes: small, complete, and a lesson to read and then to overwrite."""

from __future__ import annotations

from jonbar.errors import Diagnostic, QuestionError, Span
from jonbar.scenario.dates import WRITE_A_DATE, Interval, parse_interval
from jonbar.scenario.layout import quote

_LESSON = """\
# A scenario for Jonbar. Overwrite the example with your own; then
#   jonbar check FILE    says what is wrong, and what every number means
#   jonbar run FILE      re-runs history with the change
# Nothing here is code: dates, questions, numbers with their reasons, and who said what.
jonbar: 1
scenario: {name}
title: {title}

# Who decides, knows or believes. A group knows less than its members: what one of them alone knows stays with them.
actors:
  Government: [Minister]

# What backs a number. Only a record, study, survey or reference may stand under `measured`.
sources:
  chronicle:
    title: A record of what happened
    kind: record
  study:
    title: A study that counted such cases
    kind: study
  critic:
    title: A book that doubts it
    kind: study

# A theory that scholars dispute is true or false as a whole, once for each way the world may be.
premises:
  firmness_deters:
    ask: Does firmness make the other side more careful?
    credence: 30% to 70%
    for: [study]
    against: [critic]

# Dated questions. Each says how its answer comes about; `otl` is what happened in our timeline.
variables:
  answer:
    ask: What does the government decide?
    when: {when}
    who: Minister
    otl: refuse
    # Ranges are what we are unsure of: nine times in ten the truth is inside
    states: {{refuse: 40% to 60%, bargain: 25% to 45%, yield: 5% to 15%}}
    because: The minutes show all three were argued for.
    measured: [chronicle]

  war:
    ask: Is there war in the year that follows?
    when: {year}
    otl: no
    chance: 6 of 48 (disputes of this sort that led to war)
    pushes:
      # A push moves the odds while its condition holds; without it, the chance above stands
      provoked:
        odds: x1.5 to x4
        if: answer is refuse and not firmness_deters
        because: The other side feels cornered.
        asserted: [critic]
      emboldened:
        odds: x1.2 to x3
        if: answer is yield and firmness_deters
        because: The other side asks for more.

  approval:
    ask: Share who approve of the government a year later
    unit: percent
    scale: logit
    when: {year}-12
    otl: 55 ± 3
    centre: 48 to 56
    spread: 8  # luck: nine times in ten it is within this of its middle
    because: Governments of the time stood between 40 and 65.
    pushes:
      shame:
        add: -12 to -2
        if: answer is yield
        because: To yield is to look weak at home.
      bombs:
        add: -10 to +10
        if: war
        because: War rallies some and frightens others.

# The change to history, and the act that its words stand for
what_if:
  government_yields:
    says: The government gives way.
    readings:
      yields:
        says: It accepts every demand at once.
        do: {{answer: yield}}
        luck: 2 years  # half of history's luck is left two years on; `keep` keeps all, `re-roll` none

# What people say would follow, as something that can be tested
claims:
  peace:
    says: There would probably have been no war.
    who: a reader
    kind: chance
    meant: probably
    test: chance of not war under yields
  disgrace:
    says: The government would have been less liked.
    who: a reader
    kind: comparison
    test: mean of approval under yields < mean of approval

# Who believes what: the same scenario with some numbers set otherwise
camps:
  hawks:
    says: To yield invites more demands.
    reads: yields
    firmness_deters.credence: 90%
    war.emboldened: x2 to x6
"""


def new_scenario(name: str, title: str, date: str) -> str:
    """The text of a new scenario around a decision on a date (EDTF): it reads without a fault and runs as it is.

    Errors: QuestionError E201 to E203 if the date is none, or leaves no year to follow.
    """
    when = parse_interval(date, Span("date", 1, 1, 1, len(date) + 1))
    if isinstance(when, Diagnostic):
        raise QuestionError(when.code, when.message, f"Write {when.suggestion or when.expected}.")
    if not _usable(when):
        raise QuestionError("E201", f"`{date}` leaves no year after it.", f"Write {WRITE_A_DATE}.")
    year = when.end.year + 1
    words = {"name": " ".join(name.split()) or "untitled", "title": " ".join(title.split()) or "What if?"}
    quoted = {key: quote(text, prose=True) for key, text in words.items()}
    return _LESSON.format(**quoted, when=when.text, year=f"{year:04d}")


def _usable(when: Interval) -> bool:
    return when.end.year < 9998
