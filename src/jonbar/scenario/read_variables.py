"""One variable of a file: its kind, its mechanism, its pushes and what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from jonbar.errors import Diagnostic, Remedy
from jonbar.scenario.dates import ANY_TIME, Interval, parse_interval
from jonbar.scenario.document import Listing, Node, Table, Text, is_blank
from jonbar.scenario.expressions import And, Compare, Expression, Is, Literal, Mode, Name, Not, Or, names_of
from jonbar.scenario.gather import Gatherer, stand_in
from jonbar.scenario.grammar import parse_expression
from jonbar.scenario.keys import FITS, VARIABLE
from jonbar.scenario.meaning import a_kind
from jonbar.scenario.mend import A_NAME, as_name, is_name
from jonbar.scenario.number_forms import MOST, number_of
from jonbar.scenario.numbers import Count, Estimate, Number, Point, Role, Scale
from jonbar.scenario.read_facts import MEASURED, FactReader
from jonbar.scenario.terms import Kind, Push, State, Variable

BASES = {"chance": Kind.EVENT, "states": Kind.CHOICE, "centre": Kind.QUANTITY, "hazard": Kind.HAZARD}
MOST_STATES = 64
ROLES = {"chance": Role.CHANCE, "centre": Role.VALUE, "start": Role.VALUE, "hazard": Role.RATE}


class VariableReader:
    """Reads variables with the words and years of their file."""

    def __init__(self, gather: Gatherer, years: tuple[int, int] | None) -> None:
        self.gather, self.years = gather, years
        section = gather.node("variables")
        self.tables = {key.text: value for key, value in section.entries} if isinstance(section, Table) else {}
        self.name = ""  # of the variable being read
        self.settled = False  # whether the variable being read follows from a formula
        self.premises = frozenset(gather.declared("premises"))
        self.whether: dict[str, bool] = {}  # which formulas say yes or no, as far as it was asked

    def read(self, key: Text, table: Table) -> Variable | None:
        """A variable, or None where too much is wrong with it to go on."""
        gather, name = self.gather, key.text
        self.name = name
        gather.require(table, "variable", key)
        formula = gather.expression(table, "is")
        ways = self._ways(key, table)
        table = _without(table, ways[1:])
        kind = self._kind(key, table, formula)
        self.settled = formula is not None
        when = self._when(table, kind, key)
        scale = self._scale(table)
        if kind is None:
            gather.vague.add(name)
            pushes, gate = self._pushes(table, kind, scale), gather.expression(table, "only if")
            return Variable(
                name, Kind.EVENT, gather.text(table, "ask"), when, pushes=pushes, only_if=gate, span=key.span
            )
        self._fitting(table, kind)
        if kind is Kind.SERIES:
            self._grows_from(key, table, formula)
        gate = gather.expression(table, "only if")
        return Variable(
            name=name,
            kind=kind,
            ask=gather.text(table, "ask"),
            when=when,
            who=gather.text(table, "who") or None,
            unit=gather.text(table, "unit") or None,
            scale=scale,
            states=self._states(table),
            base=self._base(key, table, kind, scale, noted=not ways),
            drift=gather.number(table.get("drift"), Role.ADD, "`drift`", scale),
            formula=formula,
            where=MappingProxyType(self._coefficients(table)),
            spread=gather.number(table.get("spread"), Role.SPREAD, "`spread`", scale),
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

    def _base(self, key: Text, table: Table, kind: Kind, scale: Scale, *, noted: bool) -> Estimate | None:
        """The number that a variable begins with, and its rivals; stood in for where a fault of its own is noted.

        None where it has none: a choice has its states, and a formula needs no number.
        """
        name = "start" if kind is Kind.SERIES else next((each for each in ROLES if BASES.get(each) is kind), None)
        if name is None:
            return None
        node, role = table.get(name), ROLES[name]
        base = self.gather.number(node, role, f"`{name}`", scale)
        if base is not None:
            return replace(base, rivals=self._rivals(table, base.role, scale))
        if noted or node is not None:
            return stand_in(role, scale)
        if table.get("rivals") is not None:
            message = "`rivals` stand beside a base number, and there is none."
            self.gather.report("E308", message, (table.key("rivals") or key).span)
        return None

    def _grows_from(self, key: Text, table: Table, formula: Expression | None) -> None:
        """Note a series that goes on from year to year, and does not say where it begins."""
        goes_on = table.get("is") is None or (formula is not None and _looks_back(formula))
        if goes_on and table.get("start") is None:
            missing = "`start`, the value in its first year" + ("" if table.get("is") else ", or `is`")
            message, example = f"`{key.text}` lacks {missing}.", "start: 30 to 50"
            self.gather.report("E303", message, key.span, suggestion=example, remedy=Remedy.ADD)

    def _ways(self, key: Text, table: Table) -> list[str]:
        """The keys that say how a variable's answer comes about: there should be one, and the first counts."""
        found = [each for each in BASES if table.get(each) is not None]
        if table.get("each") is not None:
            found.append("each")
        elif table.get("is") is not None:
            found.append("is")
        if len(found) == 1:
            return found
        listed = " and ".join(f"`{each}`" for each in found) or "none"
        place = table.key(found[1]) if found else None
        self.gather.report(
            "E306",
            f"`{key.text}` must say in one way how its answer comes about; it has {listed}.",
            (place or key).span,
            expected="one of chance, states, centre, hazard, each: year, is",
            suggestion="chance: 20% to 40%" if not found else f"keep `{found[0]}`, and take `{found[1]}` out",
            remedy=Remedy.DO if found else Remedy.ADD,
        )
        return found

    def _kind(self, key: Text, table: Table, formula: Expression | None) -> Kind | None:
        """What kind of variable this is; None where its faults leave that open."""
        for name, kind in BASES.items():
            if table.get(name) is not None and table.get("each") is None:
                return Kind.ORDERED if kind is Kind.CHOICE and self.gather.flag(table, "ordered") else kind
        each = table.get("each")
        if each is not None:
            if not isinstance(each, Text) or each.text != "year":
                read = each.text[:40] if isinstance(each, Text) else None
                message = "A series has a value for each year."
                near = "year" if read is not None else None
                self.gather.report("E306", message, each.span, read=read, expected="each: year", suggestion=near)
            return Kind.SERIES
        if formula is not None:
            return Kind.EVENT if self._says_whether(formula, {key.text}) else Kind.QUANTITY
        if any(table.get(number) is not None for number in ("unit", "scale", "spread")):
            return Kind.QUANTITY
        return Kind.EVENT if self.gather.said(table, "otl") in ("yes", "no") else None

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
                advice = f"take `{key.text}` out"
                self.gather.report("E308", message, key.span, suggestion=advice, remedy=Remedy.DO)
            elif key.text in others and _is_missing(table.get(others[key.text])):
                message = f"`{key.text}` says nothing without `{others[key.text]}`."
                advice = f"add `{others[key.text]}: ...`, or take `{key.text}` out"
                self.gather.report("E308", message, key.span, suggestion=advice, remedy=Remedy.DO)

    def _when(self, table: Table, kind: Kind | None, key: Text) -> Interval:
        """When it happens; at any time, where its own fault is noted, so that nothing seems too early or too late."""
        gather, node = self.gather, table.get("when")
        years = self.years if kind is Kind.SERIES else None
        if kind is Kind.SERIES and years is None:
            self._no_years(key)
        if isinstance(node, Text):
            found = gather.keep(parse_interval(node.text, node.span))
            if found is None or years is None or (found.start.year <= years[1] and found.end.year >= years[0]):
                return found or ANY_TIME
            message = f"`{key.text}` has no year within the file's years {years[0]}..{years[1]}."
            advice = "take `when` out, or widen the file's `years`"
            gather.report("E204", message, node.span, suggestion=advice, remedy=Remedy.DO)
        elif node is not None:
            gather.report("E304", "`when` is a date.", node.span, expected="when: 1962-10-16/1962-10-22")
        elif kind is not Kind.SERIES:
            message = f"`{key.text}` lacks `when`: its date, or the interval it may fall in."
            gather.report("E303", message, key.span, suggestion="when: 1962-10", remedy=Remedy.ADD)
        return Interval(date(years[0], 1, 1), date(years[1], 12, 31), f"{years[0]}/{years[1]}") if years else ANY_TIME

    def _no_years(self, key: Text) -> None:
        """A series in a file whose `years` are not said, which is noted once, or cannot be read."""
        if not self.gather.vague_years and self.gather.node("years") is None:
            message = f"`{key.text}` has a value every year, and the file does not say which years."
            root = self.gather.node()
            span = root.span if root is not None else key.span
            self.gather.report("E303", message, span, suggestion="years: 1962..1973", remedy=Remedy.ADD)
        self.gather.vague_years = True
        self.gather.vague.add(key.text)

    def _scale(self, table: Table) -> Scale:
        """The scale that is written; where it cannot be read, the one that the spread is written for."""
        gather, node = self.gather, table.get("scale")
        written = gather.text(table, "scale", "linear")
        if written in tuple(Scale):
            return Scale(written) if not isinstance(node, Listing | Table) else self._scale_of(table)
        assert node is not None
        gather.unknown("E304", f"`{written[:60]}` is not a scale.", written, tuple(Scale), node.span)
        return self._scale_of(table)

    def _scale_of(self, table: Table) -> Scale:
        return Scale.LOG if self.gather.said(table, "spread")[:1] in ("x", "×") else Scale.LINEAR

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
        found, read = [], []
        for key, value in node.entries if node else ():
            weight = gather.number(value, Role.WEIGHT, f"`{key.text}`")
            found.append(State(key.text, weight or stand_in(Role.WEIGHT), key.span))
            read += [weight.number] if weight is not None else []
        if node is None:
            return ()
        if len(node.entries) < 2:
            expected = "states: {a: 30%, b: 70%}"
            gather.report("E307", "A choice has at least two states.", node.span, expected=expected)
        counts = [each for each in read if isinstance(each, Count)]
        if counts and (len(counts) < len(read) or len({(each.of, each.reference_class) for each in counts}) > 1):
            message = "Counted states are counted together: all of them, of one number of cases of one class."
            expected = "{a: 12 of 87 (class), b: 75 of 87 (class)}"
            gather.report("E307", message, node.span, expected=expected)
        if len(read) == len(found) > 0 and all(each == Point(0.0) for each in read):
            gather.report("E307", "Some state must be possible.", node.span, expected="a share above 0% for some state")
        if len(found) > MOST_STATES:
            advice = "say as one state what need not be told apart"
            message = f"A choice has at most {MOST_STATES} states."
            gather.report("E307", message, node.span, suggestion=advice, remedy=Remedy.DO)
        return tuple(found)

    def _coefficients(self, table: Table) -> dict[str, Estimate]:
        gather, node = self.gather, self.gather.table(table.get("where"), "`where`")
        entries = node.entries if node else ()
        return {
            key.text: gather.number(value, Role.VALUE, f"`{key.text}`") or stand_in(Role.VALUE)
            for key, value in entries
        }

    def _pushes(self, table: Table, kind: Kind | None, scale: Scale = Scale.LINEAR) -> tuple[Push, ...]:
        def read(key: Text, entry: Table) -> Push | None:
            return self._push(key, entry, kind, scale)

        return tuple(self.gather.each(table.get("pushes"), "`pushes`", read).values())

    def _push(self, key: Text, table: Table, kind: Kind | None, scale: Scale) -> Push | None:
        gather = self.gather
        number = kind is not None and kind.numeric
        wanted, other = ("add", "odds") if number else ("odds", "add")
        condition, backing = gather.expression(table, "if"), gather.backing(table)
        toward = tuple(each.text for each in gather.names(table, "toward"))
        node = table.get(wanted)
        role = Role.ADD if number else Role.ODDS
        if kind is None:  # nobody can tell what it should move
            return Push(key.text, stand_in(role), condition, toward, backing, key.span)
        misplaced = table.get(other)
        if misplaced is not None:
            moves = "a chance" if other == "odds" else "a quantity"
            example = "x2 to x4" if wanted == "odds" else "x1.1 to x1.3" if scale is Scale.LOG else "+2 to +8"
            advice = f"write `{wanted}: {example}`, say, in place of `{other}`"
            message = f"`{other}` moves {moves}; this is {a_kind(kind)}."
            gather.report("E308", message, misplaced.span, suggestion=advice, remedy=Remedy.DO)
        elif node is None:
            example = "odds: x2 to x4" if not number else f"add: {'x1.1 to x1.3' if scale is Scale.LOG else '+2 to +8'}"
            message = f"The push `{key.text}` lacks `{wanted}`: by how much it moves {'it' if number else 'the odds'}."
            gather.report("E303", message, key.span, suggestion=example, remedy=Remedy.ADD)
        if kind is Kind.EVENT and self.settled:
            message = f"A formula settles the answer; the push `{key.text}` would move nothing."
            advice = "make it a condition in the formula, or write `chance` in place of `is`"
            gather.report("E308", message, key.span, suggestion=advice, remedy=Remedy.DO)
        favoured = table.get("toward")
        if kind is Kind.CHOICE and (favoured is None or (isinstance(favoured, Listing) and not favoured.items)):
            message = f"The push `{key.text}` does not say which states it favours."
            states = gather.declared("variables", self.name, "states")
            example = f"toward: [{next(iter(states), 'STATE')}]"
            place, remedy = (key, Remedy.ADD) if favoured is None else (favoured, Remedy.DO)
            advice = example if favoured is None else f"name one, as in `{example}`"
            gather.report("E303", message, place.span, suggestion=advice, remedy=remedy)
        if kind is not Kind.CHOICE and toward:
            place = table.key("toward") or key
            message = f"`toward` belongs to a choice; this is {a_kind(kind)}."
            gather.report("E308", message, place.span, suggestion="take `toward` out", remedy=Remedy.DO)
        size = gather.number(node, role, f"`{wanted}`", scale) or stand_in(role)
        rivals = self._rivals(table, size.role, scale)
        return Push(key.text, replace(size, rivals=rivals), condition, toward, backing, key.span)

    def _otherwise(
        self, table: Table, kind: Kind, gate: Expression | None, key: Text, scale: Scale
    ) -> str | float | None:
        gather, node = self.gather, table.get("otherwise")
        numeric = kind.numeric
        if node is None:
            if gate is not None and (numeric or kind in (Kind.CHOICE, Kind.ORDERED)):
                message = f"`{key.text}` has `only if` but not its answer where that fails."
                number = {Scale.LINEAR: "0", Scale.LOG: "1", Scale.LOGIT: "50"}[scale]
                example = f"otherwise: {number if numeric else 'none'}"
                gather.report("E303", message, key.span, suggestion=example, remedy=Remedy.ADD)
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
        if isinstance(node, Text) and not is_name(written):
            message = f"`{written[:60]}` cannot be used as a name in conditions."
            gather.report("E305", message, node.span, expected=A_NAME, suggestion=as_name(written))
            return as_name(written)
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


def _without(table: Table, keys: list[str]) -> Table:
    return Table(tuple(entry for entry in table.entries if entry[0].text not in keys), table.span) if keys else table


def _is_missing(node: Node | None) -> bool:
    return node is None or is_blank(node)
