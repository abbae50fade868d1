"""One variable of a file: its kind, its mechanism, its pushes and what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from jonbar.errors import Diagnostic
from jonbar.scenario.dates import Interval, parse_interval
from jonbar.scenario.document import Listing, Node, Table, Text
from jonbar.scenario.expressions import And, Compare, Expression, Is, Literal, Mode, Name, Not, Or, names_of
from jonbar.scenario.gather import Gatherer
from jonbar.scenario.grammar import parse_expression
from jonbar.scenario.keys import FITS, PUSH, VARIABLE
from jonbar.scenario.meaning import a_kind
from jonbar.scenario.number_forms import MOST
from jonbar.scenario.numbers import Count, Estimate, Number, Point, Role, Scale
from jonbar.scenario.read_facts import MEASURED, FactReader, number_of
from jonbar.scenario.terms import Kind, Push, State, Variable

BASES = {"chance": Kind.EVENT, "states": Kind.CHOICE, "centre": Kind.QUANTITY, "hazard": Kind.HAZARD}
ROLES = {"chance": Role.CHANCE, "centre": Role.VALUE, "start": Role.VALUE, "hazard": Role.RATE}


class VariableReader:
    """Reads variables with the words and years of their file."""

    def __init__(self, gather: Gatherer, years: tuple[int, int] | None) -> None:
        self.gather, self.years = gather, years
        section = gather.node("variables")
        self.tables = {key.text: value for key, value in section.entries} if isinstance(section, Table) else {}
        self.settled = False  # whether the variable being read follows from a formula
        self.premises = frozenset(gather.declared("premises"))
        self.whether: dict[str, bool] = {}  # which formulas say yes or no, as far as it was asked

    def read(self, key: Text, table: Table) -> Variable | None:
        """A variable, or None where too much is wrong with it to go on."""
        gather = self.gather
        gather.allow(table, VARIABLE, f"`{key.text}`")
        formula = gather.expression(table, "is")
        kind = self._kind(key, table, formula)
        self.settled = formula is not None
        when = self._when(table, kind, key)
        if kind is None or when is None:
            self._pushes(table, kind, self._scale(table))  # for the sake of their own faults
            return None
        name = key.text
        self._fitting(table, kind)
        scale = self._scale(table)
        spread = gather.number(table.get("spread"), Role.SPREAD, "`spread`", scale)
        base_key = "start" if kind is Kind.SERIES else next((each for each in ROLES if BASES.get(each) is kind), "")
        base = gather.number(table.get(base_key), ROLES[base_key], f"`{base_key}`", scale) if base_key else None
        if base is not None:
            base = replace(base, rivals=self._rivals(table, base.role, scale))
        elif (
            table.get("rivals") is not None and table.get(base_key) is None and kind not in (Kind.CHOICE, Kind.ORDERED)
        ):
            message = "`rivals` stand beside a base number, and there is none."
            gather.report("E308", message, (table.key("rivals") or key).span)
        if kind is Kind.SERIES and table.get("start") is None and (formula is None or _looks_back(formula)):
            missing = "`start` or `is`" if formula is None else "`start`, the value in its first year"
            gather.report("E303", f"`{name}` lacks {missing}.", key.span, suggestion="start: 30 to 50")
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
            drift=gather.number(table.get("drift"), Role.ADD, "`drift`", scale),
            formula=formula,
            where=MappingProxyType(self._coefficients(table)),
            spread=spread,
            pushes=self._pushes(table, kind, scale),
            only_if=gate,
            otherwise=self._otherwise(table, kind, gate, key, scale),
            fact=FactReader(gather, self.years).read(table, kind),
            known=self._known(table),
            belief_of=gather.text(table, "belief of") or None,
            about=gather.expression(table, "about"),
            after=tuple(each.text for each in gather.names(table, "after")),
            luck=gather.luck(table),
            luck_because=gather.text(table, "luck because"),
            backing=gather.backing(table),
            note=gather.text(table, "note"),
            also_called=tuple(each.text for each in gather.names(table, "also called")),
            span=key.span,
        )

    def _kind(self, key: Text, table: Table, formula: Expression | None) -> Kind | None:
        found = [each for each in BASES if table.get(each) is not None]
        if table.get("each") is not None:
            each = self.gather.text(table, "each")
            if each != "year":
                place = table.get("each")
                message = f"`each: {each[:40]}` is not known."
                self.gather.report("E306", message, place.span if place else key.span, expected="each: year")
            found.append("each")
        elif table.get("is") is not None:
            found.append("is")
        if len(found) != 1:
            listed = " and ".join(f"`{each}`" for each in found) or "none"
            place = table.key(found[1]) if found else None
            self.gather.report(
                "E306",
                f"`{key.text}` must say in one way how its answer comes about; it has {listed}.",
                place.span if place else key.span,
                expected="one of chance, states, centre, hazard, each: year, is",
                suggestion="chance: 20% to 40%" if not found else f"keep `{found[0]}` only",
            )
            return None
        if found[0] == "each":
            return Kind.SERIES
        if found[0] == "is":
            if formula is None:
                return None  # its own fault is noted
            return Kind.EVENT if self._says_whether(formula, {key.text}) else Kind.QUANTITY
        kind = BASES[found[0]]
        return Kind.ORDERED if kind is Kind.CHOICE and self.gather.flag(table, "ordered") else kind

    def _says_whether(self, formula: Expression, seen: set[str]) -> bool:
        """Whether a formula says yes or no, and not how much; one bare name is of the kind of what it names."""
        tree: Expression | None = formula
        passed: list[str] = []
        while isinstance(tree, Name):
            if tree.name in self.premises or tree.mode in (Mode.BY, Mode.WITHIN):
                return self._remember(passed, True)
            if tree.name in self.whether:
                return self._remember(passed, self.whether[tree.name])
            table = self.tables.get(tree.name)
            if not isinstance(table, Table) or tree.name in seen or table.get("each") is not None:
                return self._remember(passed, False)
            if table.get("chance") is not None or table.get("hazard") is not None:
                return self._remember(passed, True)
            seen.add(tree.name)
            passed.append(tree.name)
            inner = table.get("is")
            read = parse_expression(inner.text, inner.span) if isinstance(inner, Text) else None
            tree = None if isinstance(read, Diagnostic) else read
        return self._remember(passed, tree is not None and is_condition(tree))

    def _remember(self, passed: list[str], answer: bool) -> bool:
        self.whether.update(dict.fromkeys(passed, answer))
        return answer

    def _fitting(self, table: Table, kind: Kind) -> None:
        """Keys that belong to another kind of variable, or to another key that is not there."""
        fits = FITS[kind.value]
        others = {"otherwise": "only if", "about": "belief of", "luck because": "luck", "where": "is"}
        for key, _ in table.entries:
            if key.text in VARIABLE and key.text not in fits:
                kinds = " or ".join(each for each, keys in FITS.items() if key.text in keys and each != "ordered")
                message = (
                    f"`{key.text}` belongs to {'an' if kinds[0] in 'aeiou' else 'a'} {kinds}; this is {a_kind(kind)}."
                )
                self.gather.report("E308", message, key.span)
            elif key.text in others and _is_missing(table.get(others[key.text])):
                message = f"`{key.text}` says nothing without `{others[key.text]}`."
                self.gather.report("E308", message, key.span, suggestion=f"{others[key.text]}: ...")

    def _when(self, table: Table, kind: Kind | None, key: Text) -> Interval | None:
        node = table.get("when")
        if isinstance(node, Text):
            found = self.gather.keep(parse_interval(node.text, node.span))
            if found and kind is Kind.SERIES and self.years:
                first, last = self.years
                if found.start.year > last or found.end.year < first:
                    message = f"`{key.text}` has no year within the file's years {first}..{last}."
                    self.gather.report("E204", message, node.span, suggestion="leave `when` out")
                    return None
            return found
        if node is None and kind is Kind.SERIES and self.years:
            first, last = self.years
            return Interval(date(first, 1, 1), date(last, 12, 31), f"{first}/{last}")
        if node is None and kind is Kind.SERIES and self.gather.node("years") is not None:
            return None  # its own fault is noted
        if node is None:
            message = f"`{key.text}` lacks `when`: its date, or the interval it may fall in."
            suggestion = "when: 1962-10"
            if kind is Kind.SERIES:
                message = f"`{key.text}` has a value every year, and the file does not say which years."
                suggestion = "years: 1962..1973"
            self.gather.report("E303", message, key.span, suggestion=suggestion)
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

    def _rivals(self, table: Table, role: Role, scale: Scale) -> tuple[Number, ...]:
        found = []
        node = table.get("rivals")
        items = node.items if isinstance(node, Listing) else (node,) if node is not None else ()
        for item in items:
            estimate = self.gather.number(item, role, "A rival", scale)
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
        counts = [state.weight.number for state in found if isinstance(state.weight.number, Count)]
        if counts and (len(counts) < len(found) or len({(each.of, each.reference_class) for each in counts}) > 1):
            message = "Counted states are counted together: all of them, of one number of cases of one class."
            expected = "{a: 12 of 87 (class), b: 75 of 87 (class)}"
            gather.report("E307", message, node.span if node else None, expected=expected)
        if found and all(state.weight.number == Point(0.0) for state in found):
            gather.report("E307", "Some state must be possible.", node.span if node else None)
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

    def _pushes(self, table: Table, kind: Kind | None, scale: Scale = Scale.LINEAR) -> tuple[Push, ...]:
        def read(key: Text, entry: Table) -> Push | None:
            return self._push(key, entry, kind, scale)

        return tuple(self.gather.each(table.get("pushes"), "`pushes`", read).values())

    def _push(self, key: Text, table: Table, kind: Kind | None, scale: Scale) -> Push | None:
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
                f"`{other}` moves {'a chance' if other == 'odds' else 'a quantity'}; this is {a_kind(kind)}.",
                table.get(other).span,  # type: ignore[union-attr]
                suggestion=f"{wanted}: ...",
            )
        elif node is None:
            gather.report("E303", f"The push `{key.text}` lacks `{wanted}`.", key.span, suggestion=f"{wanted}: ...")
        if kind is Kind.EVENT and self.settled:
            message = f"A formula settles the answer; the push `{key.text}` would move nothing."
            gather.report("E308", message, key.span, suggestion="a condition in the formula, or `chance` in its place")
        if kind is Kind.CHOICE and not toward:
            message = f"The push `{key.text}` does not say which states it favours."
            gather.report("E303", message, key.span, suggestion="toward: [STATE]")
        if kind is not Kind.CHOICE and toward:
            place = table.key("toward") or key
            gather.report("E308", f"`toward` belongs to a choice; this is {a_kind(kind)}.", place.span)
        size = gather.number(node, Role.ADD if number else Role.ODDS, f"`{wanted}`", scale)
        if size is None:
            return None
        rivals = self._rivals(table, size.role, scale)
        return Push(key.text, replace(size, rivals=rivals), condition, toward, backing, key.span)

    def _otherwise(
        self, table: Table, kind: Kind, gate: Expression | None, key: Text, scale: Scale
    ) -> str | float | None:
        gather, node = self.gather, table.get("otherwise")
        numeric = kind in (Kind.QUANTITY, Kind.SERIES)
        if node is None:
            if gate is not None and (numeric or kind in (Kind.CHOICE, Kind.ORDERED)):
                message = f"`{key.text}` has `only if` but not its answer where that fails."
                gather.report("E303", message, key.span, suggestion=f"otherwise: {'0' if numeric else 'none'}")
            return None
        written = gather.text(table, "otherwise")
        if numeric:
            match = MEASURED.match(written)
            value = number_of(match[1]) if match else None
            if value is None or not value > -MOST or not value < MOST:
                gather.report("E304", "`otherwise` of a quantity is a number.", node.span, read=written)
                return None
            if (scale is Scale.LOG and value <= 0) or (scale is Scale.LOGIT and not 0 < value < 100):
                gather.report("E224", f"`{written}` is not on a {scale} scale.", node.span, read=written)
            return value
        if kind in (Kind.EVENT, Kind.HAZARD):
            if written not in ("yes", "no") or (kind is Kind.HAZARD and written == "yes"):
                expected = "yes or no" if kind is Kind.EVENT else "no, or nothing: what cannot happen does not"
                gather.report("E304", f"`{written}` is no answer of {a_kind(kind)}.", node.span, expected=expected)
                return None
            return written
        if isinstance(node, Text) and not gather.is_name(node):
            return None
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


def is_condition(tree: Expression) -> bool:
    """Whether a formula is a condition by its form (a bare name is settled when names are resolved)."""
    return isinstance(tree, Is | Not | And | Or | Compare) or (
        isinstance(tree, Literal) and isinstance(tree.value, bool)
    )


def _looks_back(formula: Expression) -> bool:
    """Whether a formula reads what a first year does not have."""
    return any(name.mode is Mode.LAST for name in names_of(formula))


def _is_missing(node: Node | None) -> bool:
    return node is None or (isinstance(node, Text) and not node.text.strip())
