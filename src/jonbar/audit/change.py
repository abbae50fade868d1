"""What a reading changes: which of its parts depart from what happened, which only hold it, and from when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jonbar.scenario.recorded import happened_so
from jonbar.scenario.terms import Reading, variable_in
from jonbar.scm.conditions import day_of
from jonbar.scm.model import Model


@dataclass(frozen=True)
class Change:
    """The parts of a reading, by variable (or `X in 1964`), and the date on which the first departure begins.

    A part departs from what is recorded, or from what the record leaves open: only what it settles can be held.
    """

    departs: Mapping[str, str]
    holds: Mapping[str, str]  # the same as what happened: set all the same, so that nothing else may undo it
    begins: float  # decimal year
    date: str

    @property
    def variables(self) -> frozenset[str]:
        """Everything that is set by hand."""
        return frozenset(variable_in(key) for key in (*self.departs, *self.holds))


def change_of(model: Model, reading: Reading) -> Change:
    """The parts of a reading. One that changes nothing is taken to begin with its first part.

    A part that follows from another part does not begin the change, however early its date may begin.
    """
    holds = {
        key: value
        for key, value in reading.do.items()
        if happened_so(model.scenario.variables[variable_in(key)], key, value)
    }
    departs = {key: value for key, value in reading.do.items() if key not in holds}
    parts = departs or dict(reading.do)
    named = {key: variable_in(key) for key in parts}
    first = {
        key: value
        for key, value in parts.items()
        if (model.lineage[named[key]] - {named[key]}).isdisjoint(named.values())
    }
    begins = model.act(first or parts)[1].moment
    return Change(departs, holds, begins, day_of(begins + 1e-6).isoformat())
