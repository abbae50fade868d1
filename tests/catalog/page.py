"""The generated parts of the Cuban page: `python -m tests.catalog.page` writes them, tests keep them.

Each part stands between two comments, `<!-- begin NAME -->` and `<!-- end NAME -->`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from jonbar.query.answering import Answer, Scope, answer, measure
from jonbar.scenario import catalog
from jonbar.scenario.expressions import Name
from jonbar.scenario.numbers import Count, Estimate
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, Backing, Scenario
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "explanation" / "cuba-1962.md"
COVERAGE = DOCS / "reference" / "cuba-coverage.md"
READINGS = (
    "backed_down",
    "fig_leaf",
    "never_raised",
    "open_trade",
    "no_deployment",
    "exposed_at_once",
    "found_late_and_ready",
    "strike",
    "invasion",
)
CHAIN = (
    "defeat_share",
    "approval_after_crisis",
    "approval_november_1963",
    "net_approval_june_1964",
    "incumbent_share",
)
CHAINED = (
    "backed_down",
    "frightened_off",
    "fig_leaf",
    "never_raised",
    "kept_quiet",
    "exposed_at_once",
    "open_trade",
    "found_late_and_ready",
    "strike",
    "no_deployment",
)
QUESTIONS = (
    "missiles_remain",
    "ends_violently",
    "seen_as_defeat",
    "congress_condemns",
    "impeachment_filed",
    "house_impeaches",
    "kennedy_killed",
    "goldwater_president",
    "khrushchev_ousted by 1964",
    "jupiters_out by 1965",
    "test_ban by 1964",
    "berlin_challenge by 1965",
    "cuba_invaded by 1972",
    "civil_rights_act by 1966",
    "combat_brigades",
    "another_ally_out by 1972",
)


def backed_numbers(scenario: Scenario) -> Iterator[tuple[str, Estimate | None, Backing]]:
    """Every base number and every push with what it rests on."""
    for variable in scenario.variables.values():
        yield variable.name, variable.base, variable.backing
        for push in variable.pushes:
            yield f"{variable.name}.{push.name}", push.size, push.backing


def ask(
    model: Model, posterior: Posterior, readings: tuple[str, ...], questions: tuple[str, ...]
) -> Mapping[tuple[str, str], Answer]:
    """The chance of each condition under each reading, by (reading, condition)."""
    scenario = model.scenario
    conditions = {text: parse_condition(text, scenario) for text in questions}
    known = scenario.readings()
    branches = {name: Branch(known[name].do, known[name].luck or KEEP) for name in readings}
    pairs = [(name, text) for name in readings for text in questions]
    probes = {f"{name}|{text}": Probe(name, conditions[text]) for name, text in pairs}
    sums = survey(model, posterior, Plan(branches, probes))
    return {
        (name, text): answer(
            sums[f"{name}|{text}"], Scope(model, posterior, branches[name], text), conditions[text], "chance"
        )
        for name, text in pairs
    }


def percent(share: float) -> str:
    """Rounded to what is known: five points, or one below five."""
    value = 100 * share
    return str(round(value)) if value < 4 else str(5 * round(value / 5))


def happened(scenario: Scenario, text: str) -> str:
    """What really happened to a condition of the table, as yes or no."""
    name, _, year = text.partition(" by ")
    fact = scenario.variables[name].fact
    assert fact is not None
    if fact.state is not None:
        return fact.state
    return "yes" if fact.when is not None and fact.when.start.year <= int(year) else "no"


def chances(model: Model, posterior: Posterior) -> str:
    """The chance of each outcome under each reading, beside what really happened."""
    found = ask(model, posterior, READINGS, QUESTIONS)
    lines = [f"| question | really | {' | '.join(READINGS)} |", f"|---|---|{'---|' * len(READINGS)}"]
    for text in QUESTIONS:
        cells = " | ".join(percent(found[name, text].value) for name in READINGS)
        lines.append(f"| {text} | {happened(model.scenario, text)} | {cells} |")
    return "\n".join(lines)


def chain(model: Model, posterior: Posterior) -> str:
    """The way from a defeat seen to Goldwater's election under each reading: means, then his chance and its range."""
    scenario = model.scenario
    known = scenario.readings()
    branches = {name: Branch(known[name].do, known[name].luck or KEEP) for name in CHAINED}
    last = parse_condition("goldwater_president", scenario)
    probes = {f"{name}|{link}": Probe(name, Name(link)) for name in CHAINED for link in CHAIN}
    probes |= {f"{name}|goldwater": Probe(name, last) for name in CHAINED}
    sums = survey(model, posterior, Plan(branches, probes))
    lines = [f"| reading | {' | '.join(CHAIN)} | goldwater_president | range |", f"|---|{'---|' * len(CHAIN)}---|---|"]
    for name in CHAINED:
        means = " | ".join(f"{measure(sums[f'{name}|{link}'], 'number').value:.0f}" for link in CHAIN)
        found = measure(sums[f"{name}|goldwater"], "chance")
        low, high = found.ends
        lines.append(f"| {name} | {means} | {percent(found.value)} | {percent(low)} to {percent(high)} |")
    return "\n".join(lines)


def extent(scenario: Scenario) -> str:
    """How large the scenario is and what its numbers rest on."""
    grades = {"counted": 0, "measured": 0, "argued": 0}
    for _, estimate, backing in backed_numbers(scenario):
        if estimate is not None:
            measured = "measured" if backing.measured else "argued"
            grades["counted" if isinstance(estimate.number, Count) else measured] += 1
    pushes = sum(len(each.pushes) for each in scenario.variables.values())
    readings = scenario.readings()
    return (
        f"{len(scenario.variables)} dated questions, {pushes} arguments, {len(scenario.premises)} disputed theories in "
        f"{len(scenario.schools)} schools, {len(scenario.sources)} sources, {len(readings)} readings of "
        f"{len(scenario.what_ifs)} what-ifs, {len(scenario.claims)} claims. Of its base numbers and arguments "
        f"{grades['counted']} are counted, {grades['measured']} measured and {grades['argued']} argued."
    )


def rows(name: str) -> list[dict[str, str]]:
    """One of the tables that stand beside the scenario: `headings` or `subjects`."""
    text = (files("jonbar.catalog") / "cuba-1962" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def coverage(name: str, columns: tuple[str, ...]) -> str:
    """A table of what the scenario covers, each variable by its name."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for row in rows(name):
        cells = {**row, "variables": ", ".join(f"`{each}`" for each in row["variables"].split())}
        lines.append(f"| {' | '.join(cells[column] for column in columns)} |")
    return "\n".join(lines)


def coverages() -> dict[str, str]:
    """Both tables of the reference page on coverage."""
    return {
        "headings": coverage("headings", ("number", "heading", "variables", "note")),
        "subjects": coverage("subjects", ("claim", "post", "subject", "variables")),
    }


def put(page: str, name: str, part: str) -> str:
    """A page with one of its generated parts written anew."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    assert page.count(begin) == page.count(end) == 1, name
    return re.sub(rf"{begin}.*?{end}", lambda _: f"{begin}\n{part}\n{end}", page, flags=re.DOTALL)


def part_of(page: str, name: str) -> str:
    """One generated part of a page, as it stands."""
    return page.partition(f"<!-- begin {name} -->\n")[2].partition(f"\n<!-- end {name} -->")[0]


def main() -> None:
    """Write every generated part anew."""
    file, text = catalog.find("cuba-1962")
    scenario = read_scenario(text, file=file)
    model = compile_model(scenario)
    posterior = assimilate(model, seed=1962, draws=600, tellings=60)
    page = PAGE.read_text(encoding="utf-8")
    page = put(page, "extent", extent(scenario))
    page = put(page, "chances", chances(model, posterior))
    page = put(page, "chain", chain(model, posterior))
    PAGE.write_text(page, encoding="utf-8")
    page = COVERAGE.read_text(encoding="utf-8")
    for name, part in coverages().items():
        page = put(page, name, part)
    COVERAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
