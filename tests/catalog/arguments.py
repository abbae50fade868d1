"""Does each argument of the Cuban scenario do what its size says? `python -m tests.catalog.arguments` writes the table.

Each push is taken out of worlds on which no fact is imposed, first of history and then, where nothing is seen, of the
what-ifs, until its own answer moves by more than 4.3 standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from jonbar.audit.outcomes import mean_of
from jonbar.errors import Diagnostic, Span
from jonbar.scenario import catalog
from jonbar.scenario.dates import parse_interval
from jonbar.scenario.expressions import Expression, Is, Mode, Name, Or
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, Kind, Push, Scenario, Variable
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from jonbar.scm.worlds import Block
from jonbar.sensitivity.arguments import paired_error
from tests.catalog.page import DOCS, put

PAGE = DOCS / "reference" / "cuba-arguments.md"
PLACE = Span("made", 1, 1, 1, 5)
DRAWS, TELLINGS, SEED = 80, 80, 62
WHERE = (
    "",
    "backed_down",
    "invasion",
    "open_trade",
    "found_late_and_ready",
    "exposed_at_once",
    "fig_leaf",
    "secret_trade_leaks",
    "frightened_off",
    "open_deployment",
    "kept_quiet",
    "jupiters_cancelled",
)


@dataclass(frozen=True)
class Found:
    """What happened to an argument's own answer: with it, and without it."""

    where: str
    whole: float
    bare: float


def target(variable: Variable, push: Push) -> Expression:
    """The answer that a push is written to move."""
    if push.toward:
        parts = tuple(Is(Name(variable.name), state) for state in push.toward)
        return parts[0] if len(parts) == 1 else Or(parts)
    if variable.kind is Kind.ORDERED:
        return Is(Name(variable.name), variable.states[-1].name)
    if variable.kind is Kind.SERIES:
        year = parse_interval("1966", PLACE)
        assert not isinstance(year, Diagnostic)
        return Name(variable.name, Mode.IN, year)
    return Name(variable.name)


def expected(model: Model, name: str, push: Push) -> str:
    """The way that the written size points."""
    if push.size.per is not None:
        return "by degree"
    share = float((np.asarray(model.draw(Block(SEED, range(DRAWS), range(1)))[name]) > 0).mean())
    return "up" if share > 0.9 else "down" if share < 0.1 else "either way"


def knocked(model: Model, posterior: Posterior, scenario: Scenario) -> dict[str, Found]:
    """Each push's own answer with and without it, in the first place where the difference is seen."""
    pushes = {f"{v.name}.{push.name}": (v, push) for v in model.scenario.variables.values() for push in v.pushes}
    found: dict[str, Found] = {}
    for where in WHERE:
        do = scenario.readings()[where].do if where else {}
        names = [name for name in pushes if name not in found and name.partition(".")[0] not in do]
        branches = {"whole": Branch(do, KEEP)} | {name: Branch(do, KEEP, without=name) for name in names}
        probes = {f"with|{name}": Probe("whole", target(*pushes[name])) for name in names}
        probes |= {f"without|{name}": Probe(name, target(*pushes[name])) for name in names}
        sums = survey(model, posterior, Plan(branches, probes))
        for name in names:
            whole, bare = sums[f"with|{name}"], sums[f"without|{name}"]
            values = mean_of(whole), mean_of(bare)
            if abs(values[0] - values[1]) > max(1e-9, 4.3 * paired_error(whole, bare)):
                found[name] = Found(where or "history", *values)
    return found


def table(model: Model, found: dict[str, Found]) -> str:
    """Every argument: where it points, what its own answer does, and where that was seen."""
    lines = ["| argument | its size says | found | with it | without it | seen under |", "|---|---|---|---|---|---|"]
    for variable in model.scenario.variables.values():
        times = 1.0 if variable.kind in (Kind.QUANTITY, Kind.SERIES) else 100.0
        unit = "" if times == 1.0 else " %"
        for push in variable.pushes:
            name = f"{variable.name}.{push.name}"
            one = found.get(name)
            way = expected(model, name, push)
            if one is None:
                lines.append(f"| `{name}` | {way} | nothing seen | | | |")
                continue
            moved = "up" if one.whole > one.bare else "down"
            numbers = f"{times * one.whole:.3g}{unit} | {times * one.bare:.3g}{unit}"
            lines.append(f"| `{name}` | {way} | {moved} | {numbers} | {one.where} |")
    return "\n".join(lines)


def without_facts(scenario: Scenario) -> Scenario:
    """The scenario before anything is known to have happened."""
    free = {name: replace(variable, fact=None) for name, variable in scenario.variables.items()}
    return replace(scenario, variables=MappingProxyType(free))


def main() -> None:
    """Write the table anew."""
    file, text = catalog.find("cuba-1962")
    scenario = read_scenario(text, file=file)
    model = compile_model(without_facts(scenario))
    posterior = assimilate(model, seed=SEED, draws=DRAWS, tellings=TELLINGS)
    found = knocked(model, posterior, scenario)
    PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), "arguments", table(model, found)), encoding="utf-8")


if __name__ == "__main__":
    main()
