"""One variable of a file: its kind, its mechanism, its pushes and what happened."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from jonbar.scenario.dates import Interval, parse_interval
from jonbar.scenario.document import Listing, Node, Table, Text
from jonbar.scenario.expressions import And, Compare, Expression, Is, Literal, Not, Or
from jonbar.scenario.gather import Gatherer
from jonbar.scenario.keys import FACT, PUSH, VARIABLE
from jonbar.scenario.numbers import Estimate, Number, Role, Scale
from jonbar.scenario.terms import Backing, Fact, Kind, Push, State, Variable

BASES = {"chance": Kind.EVENT, "states": Kind.CHOICE, "centre": Kind.QUANTITY, "hazard": Kind.HAZARD}
ROLES = {"chance": Role.CHANCE, "centre": Role.VALUE, "start": Role.VALUE, "hazard": Role.RATE}
_MEASURED = re.compile(r"^([+\-−]?[\d,]+(?:\.\d+)?)(?:\s*(?:±|\+-|\+/-)\s*([\d,]+(?:\.\d+)?))?$")
_ADD_PERCENT = re.compile(r"\s*%")


class VariableReader:
    """Reads variables with the words and years of their file."""

    def __init__(self, gather: Gatherer, years: tuple[int, int] | None) -> None:
        self.gather, self.years = gather, years

    def read(self, key: Text, table: Table) -> Variable | None:
        """A variable, or None where too much is wrong with it to go on."""
        gather = self.gather
        gather.allow(table, VARIABLE, f"`{key.text}`")
        formula = gather.expression(table, "is")
        kind = self._kind(key, table, formula)
        when = self._when(table, kind, key)
        if kind is None or when is None:
            self._pushes(table, kind)  # for the sake of their own faults
            return None
        name = key.text
        scale = self._scale(table)
        spread = self._shift(table.get("spread"), Role.SPREAD, "`spread`")
        base_key = "start" if kind is Kind.SERIES else next((each for each in ROLES if BASES.get(each) is kind), "")
        base = gather.number(table.get(base_key), ROLES[base_key], f"`{base_key}`") if base_key else None
        rivals = self._rivals(table, base.role if base else Role.WEIGHT)
        if base is not None and rivals:
            base = replace(base, rivals=rivals)
        if kind is Kind.SERIES and base is None and formula is None:
            gather.report("E303", f"`{name}` lacks `start` or `is`.", key.span, suggestion="start: 30 to 50")
        who = gather.text(table, "who") or None
        gate = gather.expression(table, "only if")
        return Variable(
            name=name,
            kind=kind,
            ask=gather.text(table, "ask"),
            when=when,
            who=who,
            unit=gather.text(table, "unit") or None,
            scale=scale,
            states=self._states(table),
            base=base,
            drift=self._shift(table.get("drift"), Role.ADD, "`drift`"),
            formula=formula,
            where=MappingProxyType(self._coefficients(table)),
            spread=spread,
            pushes=self._pushes(table, kind),
            only_if=gate,
            otherwise=self._otherwise(table, kind, gate, key),
            fact=self._fact(table, kind),
            known=self._known(table),
            belief_of=gather.text(table, "belief of") or None,
            about=gather.expression(table, "about"),
            after=tuple(each.text for each in gather.names(table, "after")),
            luck=gather.luck(table),
            luck_because=gather.text(table, "luck because"),
            backing=gather.backing(table),
            note=gather.text(table, "note"),
            span=key.span,
        )

    def _kind(self, key: Text, table: Table, formula: Expression | None) -> Kind | None:
        found = [each for each in BASES if table.get(each) is not None]
        series = table.get("each") is not None
        if table.get("is") is not None and not series:
            found.append("is")
        if series:
            each = self.gather.text(table, "each")
            if each != "year":
                self.gather.report("E306", f"`each: {each}` is not known.", key.span, expected="each: year")
            found.append("each")
        if len(found) != 1:
            listed = " and ".join(f"`{each}`" for each in found) or "none"
            self.gather.report(
                "E306",
                f"`{key.text}` must say in one way how its answer comes about; it has {listed}.",
                key.span,
                expected="one of chance, states, centre, hazard, each: year, is",
                suggestion="chance: 20% to 40%" if not found else f"keep `{found[0]}` only",
            )
            return None
        if series:
            return Kind.SERIES
        if found[0] == "is":
            return Kind.EVENT if formula is not None and is_condition(formula) else Kind.QUANTITY
        kind = BASES[found[0]]
        return Kind.ORDERED if kind is Kind.CHOICE and self.gather.flag(table, "ordered") else kind

    def _when(self, table: Table, kind: Kind | None, key: Text) -> Interval | None:
        node = table.get("when")
        if isinstance(node, Text):
            return self.gather.keep(parse_interval(node.text, node.span))
        if node is None and kind is Kind.SERIES and self.years:
            first, last = self.years
            return Interval(date(first, 1, 1), date(last, 12, 31), f"{first}/{last}")
        if node is None:
            message = f"`{key.text}` lacks `when`: its date, or the interval it may fall in."
            self.gather.report("E303", message, key.span, suggestion="when: 1962-10")
        else:
            self.gather.report("E304", "`when` is a date.", node.span, expected="1962-10-16/1962-10-22")
        return None

    def _scale(self, table: Table) -> Scale:
        written = self.gather.text(table, "scale", "linear")
        if written not in tuple(Scale):
            node = table.get("scale")
            expected = "linear, log or logit"
            self.gather.report("E304", f"`{written}` is not a scale.", node.span if node else None, expected=expected)
            return Scale.LINEAR
        return Scale(written)

    def _shift(self, node: Node | None, role: Role, what: str) -> Estimate | None:
        """A shift or spread; on a logarithmic scale it may be written as a multiplier (`x1.1`)."""
        if isinstance(node, Text) and role is Role.ADD and node.text.strip()[:1] in ("x", "×"):
            role = Role.ODDS
        return self.gather.number(node, role, what)

    def _rivals(self, table: Table, role: Role) -> tuple[Number, ...]:
        found = []
        node = table.get("rivals")
        items = node.items if isinstance(node, Listing) else (node,) if node is not None else ()
        for item in items:
            estimate = self.gather.number(item, role, "A rival")
            if estimate is not None:
                found.append(estimate.number)
        return tuple(found)

    def _states(self, table: Table) -> tuple[State, ...]:
        gather, node = self.gather, self.gather.table(table.get("states"), "`states`")
        found = []
        for key, value in node.entries if node else ():
            if gather.is_name(key):
                weight = gather.number(value, Role.WEIGHT, f"`{key.text}`")
                if weight is not None:
                    found.append(State(key.text, weight, key.span))
        if node is not None and len(node.entries) < 2:
            gather.report("E307", "A choice has at least two states.", node.span, expected="states: {a: 30%, b: 70%}")
        if len(found) > 64:
            gather.report("E307", "A choice has at most 64 states.", node.span if node else None)
        return tuple(found[:64])

    def _coefficients(self, table: Table) -> dict[str, Estimate]:
        gather, node = self.gather, self.gather.table(table.get("where"), "`where`")
        found: dict[str, Estimate] = {}
        for key, value in node.entries if node else ():
            estimate = gather.number(value, Role.VALUE, f"`{key.text}`") if gather.is_name(key) else None
            if estimate is not None:
                found[key.text] = estimate
        return found

    def _pushes(self, table: Table, kind: Kind | None) -> tuple[Push, ...]:
        found = self.gather.each(table.get("pushes"), "`pushes`", lambda key, entry: self._push(key, entry, kind))
        return tuple(found.values())

    def _push(self, key: Text, table: Table, kind: Kind | None) -> Push | None:
        gather = self.gather
        gather.allow(table, PUSH, f"The push `{key.text}`")
        number = kind in (Kind.QUANTITY, Kind.SERIES)
        wanted, other = ("add", "odds") if number else ("odds", "add")
        condition, backing = gather.expression(table, "if"), gather.backing(table)
        toward = tuple(each.text for each in gather.names(table, "toward"))
        node = table.get(wanted)
        if kind is None:
            return None
        if table.get(other) is not None:
            gather.report(
                "E308",
                f"`{other}` moves {'a chance' if other == 'odds' else 'a quantity'}; this is a {kind.value}.",
                table.get(other).span,  # type: ignore[union-attr]
                suggestion=f"{wanted}: ...",
            )
        elif node is None:
            gather.report("E303", f"The push `{key.text}` lacks `{wanted}`.", key.span, suggestion=f"{wanted}: ...")
        if kind is Kind.CHOICE and not toward:
            message = f"The push `{key.text}` does not say which states it favours."
            gather.report("E303", message, key.span, suggestion="toward: [STATE]")
        if kind is not Kind.CHOICE and toward:
            gather.report("E308", f"`toward` belongs to a choice; this is a {kind.value}.", key.span)
        size = self._shift(node, Role.ADD if number else Role.ODDS, f"`{wanted}`")
        if size is None:
            return None
        rivals = self._rivals(table, size.role)
        return Push(key.text, replace(size, rivals=rivals), condition, toward, backing, key.span)

    def _otherwise(self, table: Table, kind: Kind, gate: Expression | None, key: Text) -> str | float | None:
        gather, node = self.gather, table.get("otherwise")
        if node is None:
            if gate is not None and kind in (Kind.CHOICE, Kind.ORDERED, Kind.QUANTITY, Kind.SERIES):
                example = "none" if kind in (Kind.CHOICE, Kind.ORDERED) else "0"
                message = f"`{key.text}` has `only if` but not its answer where that fails."
                gather.report("E303", message, key.span, suggestion=f"otherwise: {example}")
            return None
        written = gather.text(table, "otherwise")
        if kind in (Kind.QUANTITY, Kind.SERIES):
            match = _MEASURED.match(written)
            if match is None:
                gather.report("E304", "`otherwise` of a quantity is a number.", node.span, read=written)
                return None
            return _float(match[1])
        return written

    def _known(self, table: Table) -> tuple[tuple[str, Interval], ...]:
        gather, node = self.gather, self.gather.table(table.get("known"), "`known`")
        found = []
        for key, value in node.entries if node else ():
            if isinstance(value, Text):
                when = gather.keep(parse_interval(value.text, value.span))
                if when is not None:
                    found.append((key.text, when))
            else:
                gather.report("E304", "`known` says from when.", key.span, expected="known: {Kremlin: 1962-10}")
        return tuple(found)

    def _fact(self, table: Table, kind: Kind) -> Fact | None:
        gather, node = self.gather, table.get("otl")
        if node is None:
            return None
        backing = Backing()
        if isinstance(node, Table) and node.key("is") is not None:
            gather.allow(node, FACT, "`otl`")
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
            gather.report("E309", "`otl` is what happened, not a list.", node.span)
            return None
        written = node.text.strip()
        if kind is Kind.QUANTITY:
            match = _MEASURED.match(_ADD_PERCENT.sub("", written))
            if match is None:
                gather.report("E309", "This fact should be a number.", node.span, read=written, expected="74 ± 3")
                return None
            return Fact(value=_float(match[1]), error=_float(match[2] or "0"))
        if kind is Kind.HAZARD:
            if written == "never":
                return Fact(never=True)
            when = gather.keep(parse_interval(written, node.span))
            return None if when is None else Fact(when=when)
        if kind is Kind.EVENT and written not in ("yes", "no"):
            gather.report("E309", "What happened to an event is yes or no.", node.span, read=written)
            return None
        return Fact(state=written)

    def _series_fact(self, node: Node) -> Fact | None:
        gather = self.gather
        if not isinstance(node, Table):
            expected = "otl: {1962: 36 ± 10, 1963: 99}"
            gather.report("E309", "What happened to a series is a number a year.", node.span, expected=expected)
            return None
        rows = []
        for key, value in node.entries:
            match = _MEASURED.match(_ADD_PERCENT.sub("", value.text.strip())) if isinstance(value, Text) else None
            if not re.fullmatch(r"\d{4}", key.text) or match is None:
                gather.report("E309", "This should be a year and a number.", key.span, expected="1962: 36 ± 10")
                continue
            if self.years and not self.years[0] <= int(key.text) <= self.years[1]:
                message = f"{key.text} is outside the file's years {self.years[0]}..{self.years[1]}."
                gather.report("E309", message, key.span)
                continue
            rows.append((int(key.text), _float(match[1]), _float(match[2] or "0")))
        return Fact(values=tuple(sorted(rows)))

    def _evidence(self, node: Table, kind: Kind) -> Fact | None:
        gather = self.gather
        ratios = []
        for key, value in node.entries:
            estimate = gather.number(value, Role.CHANCE, f"`{key.text}`")
            if estimate is not None:
                ratios.append((key.text, getattr(estimate.number, "value", 0.0)))
        if kind in (Kind.QUANTITY, Kind.HAZARD):
            gather.report("E309", f"Evidence for and against fits states, not a {kind.value}.", node.span)
            return None
        if not any(ratio > 0 for _, ratio in ratios):
            gather.report("E309", "Evidence must leave something possible.", node.span, expected="{yes: 60%, no: 40%}")
            return None
        return Fact(likelihood=tuple(ratios))


def is_condition(tree: Expression) -> bool:
    """Whether a formula is a condition by its form (a bare name is settled when names are resolved)."""
    return isinstance(tree, Is | Not | And | Or | Compare) or (
        isinstance(tree, Literal) and isinstance(tree.value, bool)
    )


def _float(written: str) -> float:
    return float(written.replace("−", "-").replace(",", ""))
