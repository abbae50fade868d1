"""What happened: the `otl:` of a variable, in the form of its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from jonbar.errors import Remedy
from jonbar.scenario.dates import parse_interval
from jonbar.scenario.document import Node, Table, Text
from jonbar.scenario.gather import Gatherer
from jonbar.scenario.meaning import a_kind
from jonbar.scenario.number_forms import number_of
from jonbar.scenario.numbers import Estimate, Point, Role
from jonbar.scenario.terms import Backing, Fact, Kind

MEASURED = re.compile(r"^([+\-−]?[\d,]+(?:\.\d+)?)(?:\s*(?:±|\+-|\+/-)\s*([\d,]+(?:\.\d+)?))?$")
_ADD_PERCENT = re.compile(r"\s*%")
FORMS: Mapping[Kind, str] = {  # of what happened
    Kind.EVENT: "yes or no, or disputed",
    Kind.CHOICE: "one of its states, or disputed",
    Kind.ORDERED: "one of its states, or disputed",
    Kind.QUANTITY: "a number such as 74, or 74 ± 3 with its error of measurement",
    Kind.HAZARD: "a date such as 1964-10-14, or never",
    Kind.SERIES: "a number for some of its years, as in {1962: 36 ± 10, 1963: 99}",
}
ANSWERS = dict.fromkeys(("yes", "true", "y", "on", "happened"), "yes")
ANSWERS |= dict.fromkeys(("no", "false", "n", "off", "never", "none"), "no")


class FactReader:
    """Reads facts with the years of their file."""

    def __init__(self, gather: Gatherer, years: tuple[int, int] | None) -> None:
        self.gather, self.years = gather, years

    def read(self, table: Table, kind: Kind) -> Fact | None:
        """What happened, in the form of the variable's kind; None where nothing is said or it does not fit."""
        gather, node = self.gather, table.get("otl")
        if node is None:
            return None
        backing = Backing()
        if isinstance(node, Table) and node.key("is") is not None:
            backing = gather.backing(node)
            inner = node.get("is")
            assert inner is not None
            fact = self._plain_fact(inner, kind)
        else:
            fact = self._plain_fact(node, kind)
        if fact is None:
            return None
        return replace(fact, backing=backing, span=node.span)

    def _plain_fact(self, node: Node, kind: Kind) -> Fact | None:
        gather = self.gather
        if isinstance(node, Text) and node.text.strip() == "disputed":
            return Fact(disputed=True)
        if kind is Kind.SERIES:
            return self._series_fact(node)
        if isinstance(node, Table):
            return self._evidence(node, kind)
        if not isinstance(node, Text):
            gather.report("E309", "`otl` is what happened, not a list.", node.span, expected=FORMS[kind])
            return None
        written = node.text.strip()
        if kind is Kind.QUANTITY:
            match = MEASURED.match(_ADD_PERCENT.sub("", written))
            if match is None:
                message = "This fact should be a number."
                gather.report("E309", message, node.span, read=written, expected=FORMS[kind])
                return None
            return Fact(value=number_of(match[1]), error=number_of(match[2] or "0"))
        if kind is Kind.HAZARD:
            if written == "never":
                return Fact(never=True)
            when = gather.keep(parse_interval(written, node.span))
            return None if when is None else Fact(when=when)
        if kind is Kind.EVENT and written not in ("yes", "no"):
            meant = ANSWERS.get(written.lower())
            message = "What happened to an event is yes or no."
            gather.report("E309", message, node.span, read=written, expected=FORMS[kind], suggestion=meant)
            return None
        return Fact(state=written)

    def _series_fact(self, node: Node) -> Fact | None:
        gather = self.gather
        if not isinstance(node, Table):
            message = "What happened to a series is a number a year."
            gather.report("E309", message, node.span, expected=FORMS[Kind.SERIES])
            return None
        rows = []
        years = self.years
        for key, value in node.entries:
            match = MEASURED.match(_ADD_PERCENT.sub("", value.text.strip())) if isinstance(value, Text) else None
            if not re.fullmatch(r"\d{4}", key.text) or match is None:
                place = value.span if match is None else key.span
                gather.report("E309", "This should be a year and a number.", place, expected="1962: 36 ± 10")
                continue
            if years and not years[0] <= int(key.text) <= years[1]:
                message = f"{key.text} is outside the file's years {years[0]}..{years[1]}."
                advice = "take it out, or widen the file's `years`"
                gather.report("E309", message, key.span, suggestion=advice, remedy=Remedy.DO)
                continue
            rows.append((int(key.text), number_of(match[1]), number_of(match[2] or "0")))
        return Fact(values=tuple(sorted(rows)))

    def _evidence(self, node: Table, kind: Kind) -> Fact | None:
        gather = self.gather
        if kind in (Kind.QUANTITY, Kind.HAZARD):
            message = f"Evidence for and against fits states; this is {a_kind(kind)}."
            gather.report("E309", message, node.span, expected=FORMS[kind])
            return None
        ratios = []
        for key, value in node.entries:
            estimate = gather.number(value, Role.CHANCE, f"`{key.text}`")
            if estimate is not None and not isinstance(estimate.number, Point):
                gather.report(
                    "E309", "Evidence is one share for each state.", value.span, expected="{yes: 60%, no: 40%}"
                )
                return None
            if isinstance(estimate, Estimate) and isinstance(estimate.number, Point):
                ratios.append((key.text, estimate.number.value))
        if len(ratios) == len(node.entries) and not any(ratio > 0 for _, ratio in ratios):
            gather.report("E309", "Evidence must leave something possible.", node.span, expected="{yes: 60%, no: 40%}")
            return None
        return Fact(likelihood=tuple(ratios))
