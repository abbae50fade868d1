"""The scenario that `jonbar new` starts: small, whole, and already runs."""

from __future__ import annotations

import re
from pathlib import Path

from jonbar.errors import QuestionError

STARTER = """\
jonbar: 1
scenario: {name}
title: What if it had not rained before Waterloo?
note: A first scenario to write over. Its numbers are guesses for practice; replace each with one that you can back.
years: 1815..1816

actors:
  Allies: [Wellington, Bluecher]
  French: [Napoleon]

sources:
  campaign_history: {{author: put an author here, title: and a title, year: 1990, where: chapter 3, kind: study}}

variables:
  rain:  # an EVENT: yes or no
    ask: Does heavy rain soak the field in the night of 17 June?
    when: 1815-06-17/1815-06-18
    otl: yes  # what happened
    chance: 30% to 50%  # how likely it looked, as a 90 % range
    because: Summer storms were common that month.

  attack:  # a CHOICE: exactly one state
    ask: When does Napoleon open the main attack?
    when: 1815-06-18
    who: Napoleon
    otl: noon
    states: {{morning: 50% to 70%, noon: 20% to 40%, afternoon: 5% to 15%}}
    because: He meant to begin early.
    pushes:
      mud:  # one named argument
        odds: x4 to x12
        toward: [noon, afternoon]
        if: rain
        because: Guns could not be moved until the ground had dried.
        asserted: [campaign_history]

  prussians_in_time:
    ask: Do the Prussians reach the field while the battle is undecided?
    when: 1815-06-18
    after: attack  # the same day: say which comes first
    otl: yes
    chance: 75% to 92%
    because: Bluecher had promised to come, and was on the road by morning.
    pushes:
      early_start:
        odds: x0.1 to x0.4
        if: attack is morning
        because: Four hours earlier the Prussians were still far away.

  french_victory:
    ask: Does Napoleon win the day?
    when: 1815-06-18
    after: prussians_in_time
    otl: no
    chance: 45% to 70%
    because: Without the Prussians the two armies were about equal.
    pushes:
      two_armies:
        odds: x0.05 to x0.2
        if: prussians_in_time
        because: A third of his army had to turn to the east.

  abdication:  # a HAZARD: at most once, at any time
    ask: When does Napoleon abdicate?
    when: 1815-06-19/1816-12-31
    otl: 1815-06-22
    hazard: 85% to 97% a year
    because: Paris was weary and the Allies were many.
    pushes:
      won:
        odds: x0.05 to x0.4
        if: french_victory
        because: A victor keeps his friends in the Chambers for a while.

what_if:
  dry_night:
    says: It does not rain before Waterloo.
    do: {{rain: no}}
    luck: keep  # or re-roll, 60%, 2 years
"""


def start(named: str) -> tuple[Path, str]:
    """The path and text of a new scenario; `named` is a name or a path that ends in `.jonbar.yaml`.

    Errors: E515 a name that cannot be one.
    """
    path = Path(named if named.endswith((".yaml", ".yml")) else f"{named}.jonbar.yaml")
    name = path.name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".jonbar")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", name) or re.fullmatch(r"[\d.]+", name):
        advice = "Write letters, digits and hyphens, such as waterloo-1815."
        raise QuestionError("E515", f"`{named}` is no name for a scenario.", advice)
    return path, STARTER.format(name=name)
