"""Which causes of an outcome are worth a box, and which arrows lead to it: chosen from what each argument carries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jonbar.report.build import happened
from jonbar.scenario.expressions import And, Expression, Is, Not, Or, names_in
from jonbar.scenario.notation import write_decimal
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import Push, Scenario, Variable, variable_in
from jonbar.sensitivity.arguments import KnockOut
from jonbar.views.naming import span_of
from jonbar.views.reasons import tells

EACH = " each"  # of an argument that counts for every unit of its cause
ARROWS_EACH = 4  # that lead to one box: the heaviest


@dataclass(frozen=True)
class Arrow:
    """What leads from a cause to an effect: an argument of the effect (its heaviest), or its own definition.

    `weight` is how much of the outcome goes with it, `shift` that with its sign; `others` counts further arguments.
    """

    source: str
    target: str
    push: Push | None
    requires: bool  # `only if`
    unless: bool  # it counts where the cause does not hold
    weight: float
    others: int = 0


@dataclass(frozen=True)
class Ancestry:
    """An outcome with the ancestors that tell most, causes first, and how much was left out."""

    outcome: str
    names: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    left_out: int  # ancestors
    arrows_left_out: int


def ancestry(
    scenario: Scenario,
    outcome: str,
    found: Sequence[KnockOut],
    acts: Mapping[str, str] | None = None,
    *,
    most: int = 20,
) -> Ancestry:
    """The act, the way from it to the outcome, and the other ancestors whose arguments carry most of the answer."""
    carried = {each.push: abs(each.difference) if tells(each) else 0.0 for each in found}
    acted = {variable_in(each): value for each, value in (acts or {}).items()}
    changed = [name for name, value in acted.items() if happened(scenario.variables[name]) != value.replace("_", " ")]
    into = _arrows(scenario, outcome, carried, acted)
    every = _lineage(outcome, into)
    order = {name: at for at, name in enumerate(_causes_first(every, into))}
    into = {name: tuple(each for each in into[name] if order[each.source] < order[name]) for name in every}
    chosen = [outcome]
    for act in (name for name in changed if name in every):
        way = _heaviest_way(act, outcome, into, every)
        chosen += [name for name in way if name not in chosen][: max(0, most - len(chosen))]
    while len(chosen) < most:
        offered = [each for name in chosen for each in into[name] if each.source not in chosen and each.weight > 0.0]
        if not offered:
            break
        chosen.append(max(offered, key=lambda each: each.weight).source)
    kept: list[Arrow] = []
    for name in chosen:
        inward = sorted((each for each in into[name] if each.source in chosen), key=lambda each: -each.weight)
        telling = [each for each in inward if each.weight > 0.0 or each.push is None]
        kept += telling[:ARROWS_EACH]
    for name in chosen:  # none is left without a way on
        if name != outcome and not any(each.source == name for each in kept):
            onward = [each for other in chosen for each in into[other] if each.source == name]
            kept.append(max(onward, key=lambda each: each.weight))
    between = sum(each.source in chosen for name in chosen for each in into[name])
    names = tuple(name for name in order if name in chosen)
    return Ancestry(outcome, names, tuple(kept), len(every) - len(chosen), between - len(kept))


def _arrows(
    scenario: Scenario, outcome: str, carried: Mapping[str, float], acted: Collection[str]
) -> dict[str, tuple[Arrow, ...]]:
    """The arrows into each ancestor; none lead into an act, which is set."""
    found: dict[str, tuple[Arrow, ...]] = {}
    weights: dict[str, float] = {}

    def upstream(name: str) -> float:
        """The most that any argument of a variable or of its ancestors carries."""
        if name not in weights:
            weights[name] = 0.0  # a circle over years ends here
            own = [carried.get(f"{name}.{push.name}", 0.0) for push in scenario.variables[name].pushes]
            above = [upstream(each) for each in _reads(scenario, scenario.variables[name])]
            weights[name] = max([*own, *above], default=0.0) if name not in acted else 0.0
        return weights[name]

    waiting = [outcome]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        variable = scenario.variables[name]
        sources = [] if name in acted and name != outcome else _reads(scenario, variable)
        found[name] = tuple(_arrow(variable, source, carried, upstream(source)) for source in sources)
        waiting += sources
    return found


def _reads(scenario: Scenario, variable: Variable) -> list[str]:
    """The questions that a variable's answer looks at."""
    said = [*_conditions(variable), variable.only_if, variable.formula]
    names = [name for each in said if each is not None for name in sorted(names_in(each))]
    known = scenario.variables.keys() - {variable.name}
    return [name for name in dict.fromkeys(names) if name in known and name not in variable.where]


def _conditions(variable: Variable) -> Iterator[Expression]:
    for push in variable.pushes:
        if push.condition is not None:
            yield push.condition
        if push.size.per is not None:
            yield push.size.per.of


def _arrow(variable: Variable, source: str, carried: Mapping[str, float], upstream: float) -> Arrow:
    pushes = [each for each in variable.pushes if source in each.reads]
    weights = {each.name: carried.get(f"{variable.name}.{each.name}", 0.0) for each in pushes}
    defined = any(each is not None and source in names_in(each) for each in (variable.only_if, variable.formula))
    heaviest = max(pushes, key=lambda each: weights[each.name], default=None)
    weight = max([*weights.values(), upstream if defined else 0.0])
    if heaviest is None or (defined and weight > weights[heaviest.name]):
        requires = variable.only_if is not None and source in names_in(variable.only_if)
        return Arrow(source, variable.name, None, requires, False, weight, len(pushes))
    unless = heaviest.condition is not None and _denied(heaviest.condition, source)
    return Arrow(source, variable.name, heaviest, False, unless, weight, len(pushes) - 1 + defined)


def _denied(tree: Expression, name: str, *, under: bool = False) -> bool:
    """Whether a condition asks that something is not so."""
    match tree:
        case Not():
            return _denied(tree.operand, name, under=not under)
        case Is():
            return tree.subject.name == name and (tree.negated or tree.state == "no") != under
        case And() | Or():
            parts = [each for each in tree.operands if name in names_in(each)]
            return bool(parts) and all(_denied(each, name, under=under) for each in parts)
        case _:
            return under and name in names_in(tree)


def _lineage(outcome: str, into: Mapping[str, Sequence[Arrow]]) -> list[str]:
    found, waiting = [], [outcome]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += [each.source for each in into[name]]
    return found


def _heaviest_way(act: str, outcome: str, into: Mapping[str, Sequence[Arrow]], every: Sequence[str]) -> list[str]:
    """The way from the act to the outcome whose lightest arrow is heaviest; of those the shortest. Ends at the act."""
    best: dict[str, tuple[float, int, list[str]]] = {outcome: (float("inf"), 0, [outcome])}
    for _ in every:
        for name in list(best):
            width, length, way = best[name]
            for each in into[name]:
                offered = (min(width, each.weight), length - 1, [*way, each.source])
                if each.source not in way and offered[:2] > best.get(each.source, (-1.0, 0, []))[:2]:
                    best[each.source] = offered
    return best[act][2]


def _causes_first(every: Sequence[str], into: Mapping[str, Sequence[Arrow]]) -> list[str]:
    """Ancestors in an order in which arrows run forward; of two that read each other over the years, one does not."""
    found: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name not in found:
            for each in into[name]:
                if each.source not in above:
                    visit(each.source, (*above, name))
            found[name] = None

    visit(every[0], ())
    return list(found)


def say_size(arrow: Arrow) -> str:
    """The size of an arrow in signs: `×8–80`, `+2–8`, or what it is in words."""
    if arrow.push is None:
        return "only if" if arrow.requires else "follows"
    estimate = arrow.push.size
    low, high = span_of(estimate)
    sign = "×" if estimate.role is Role.ODDS else "+" if low >= 0.0 else ""
    first, last = (write_decimal(float(f"{each:.3g}")) for each in (low, high))
    ends = first if low == high else f"{first}–{last}" if low >= 0.0 else f"{first} to {last}"
    return f"{sign}{ends.replace('-', '−')}{EACH if estimate.per is not None else ''}"


def raises(arrow: Arrow) -> bool | None:
    """Whether an argument speaks for its answer; None where its range or its nature says neither."""
    if arrow.push is None:
        return None
    low, high = span_of(arrow.push.size)
    middle = 1.0 if arrow.push.size.role is Role.ODDS else 0.0
    return True if low >= middle else False if high <= middle else None
