"""What was asked, from the words of the command line: reading, luck, conditions, targets; and their completion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jonbar.errors import QuestionError, did_you_mean

if TYPE_CHECKING:
    from jonbar.scenario.expressions import Expression
    from jonbar.scenario.terms import Luck, Reading, Scenario

HISTORY = "history"


def reading_of(scenario: Scenario, named: str | None) -> Reading:
    """A reading by its own name or its what-if's (then the first); without a name the file's first.

    Errors: E505 no such reading, E514 the scenario has no what-if.
    """
    readings = scenario.readings()
    if not readings:
        advice = "Add one under `what_if:`, for example NAME: {do: {VARIABLE: STATE}}."
        raise QuestionError("E514", f"`{scenario.name}` has no what-if.", advice)
    if named is None:
        return next(iter(readings.values()))
    if named in readings:
        return readings[named]
    what_if = scenario.what_ifs.get(named)
    if what_if is not None:
        return what_if.readings[0]
    known = [*readings, *scenario.what_ifs]
    advice = did_you_mean(named, known, f"There are {', '.join(readings)}.")
    raise QuestionError("E505", f"There is no what-if or reading `{named}`.", advice)


def reading_or_history(scenario: Scenario, named: str | None) -> Reading | None:
    """The same, or None where `history` is asked about and no reading is called so.

    Errors: as of `reading_of`.
    """
    return None if named == HISTORY and HISTORY not in scenario.readings() else reading_of(scenario, named)


def luck_of(reading: Reading | None, written: str | None) -> Luck:
    """How much of history's luck survives: as written, else as the scenario says, else all of it.

    Errors: E506 it cannot be read.
    """
    from jonbar.scenario.gather import LUCK_FORMS, parse_luck
    from jonbar.scenario.terms import KEEP

    if written is None:
        return (reading.luck if reading else None) or KEEP
    luck = parse_luck(written)
    if luck is None:
        raise QuestionError("E506", f"`{written}` is no setting of the luck dial.", f"Write {LUCK_FORMS}.")
    return luck


def check_necessity(reading: Reading | None, necessary: bool, rather_than: str | None, luck: str | None) -> None:
    """That necessity is asked of an act, with all luck kept, and that nothing is compared where it is not asked."""
    import typer

    if rather_than is not None and not necessary:
        raise typer.BadParameter("It belongs to --necessary.", param_hint="--rather-than")
    if necessary and luck is not None and luck != "keep":
        raise typer.BadParameter("Necessity is asked with all luck kept.", param_hint="--luck")
    if necessary and reading is None:
        raise typer.BadParameter("Necessity is that of an act: name a what-if.", param_hint="--if")


def settings_of(written: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """`variable.push=x2`, one assumption each.

    Errors: E507 there is no `=`.
    """
    found = []
    for each in written:
        name, sign, value = each.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise QuestionError(
                "E507", f"`{each}` sets nothing.", "Write --set variable.push=x2, or variable.push='x2 to x4'."
            )
        found.append((name.strip(), value.strip()))
    return tuple(found)


@dataclass(frozen=True)
class Target:
    """What is asked about: a condition as it was written and read, the question of its variable and what is recorded.

    Question and record are empty where it is about more than one, and the record where there is none.
    """

    text: str
    condition: Expression
    ask: str = ""
    happened: str = ""


def target_of(scenario: Scenario, written: str) -> Target:
    """What is asked about, from the words of the command line.

    Errors: E510 and E511 as for any condition; E512 a choice without a state, or a series without a year.
    """
    from jonbar.report.build import happened
    from jonbar.scenario.expressions import Is, Name
    from jonbar.scenario.questions import parse_condition
    from jonbar.scenario.terms import Kind

    variable = scenario.variables.get(written.strip())
    if variable is not None and variable.states:
        states = [state.name for state in variable.states]
        advice = f"Ask for one, such as '{written.strip()} is {states[0]}'; there are {', '.join(states)}."
        raise QuestionError("E512", f"`{written.strip()}` is a choice.", advice)
    if variable is not None and variable.kind is Kind.SERIES:
        advice = f"Ask for one, such as '{written.strip()} in {scenario.years[1]}'."
        raise QuestionError("E512", f"`{written.strip()}` has a value for every year.", advice)
    tree = parse_condition(written, scenario)
    subject = tree.subject if isinstance(tree, Is) else tree if isinstance(tree, Name) else None
    asked = scenario.variables.get(subject.name) if subject is not None else None
    if asked is None or subject is None:
        return Target(written, tree)
    really = happened(asked, subject.when.end.year if subject.when is not None else None)
    return Target(written, tree, asked.ask, really)


def example_of(scenario: Scenario, named: str) -> str:
    """A target about a variable, as it is typed at the command line; empty where there is nothing to ask."""
    variable = scenario.variables.get(named)
    if variable is None or not scenario.readings():
        return ""
    year = f" in {scenario.years[1]}" if variable.kind == "series" else ""
    asked = f"'{named} is {variable.states[0].name}'" if variable.states else f"'{named}{year}'" if year else named
    free = [
        reading.name for reading in scenario.readings().values() if not {named, f"{named}{year}"} & reading.do.keys()
    ]
    return f"{asked} --if {free[0] if free else HISTORY}"


def variable_of(scenario: Scenario, named: str) -> str:
    """A variable or premise by name.

    Errors: E513 there is none of that name.
    """
    known = [*scenario.variables, *scenario.premises]
    if named in known:
        return named
    advice = did_you_mean(named, known, "`jonbar show` lists them.")
    raise QuestionError("E513", f"There is no variable or premise `{named}`.", advice)


def quantity_of(scenario: Scenario, named: str) -> str:
    """A quantity or series by name.

    Errors: E513 there is none of that name.
    """
    known = [name for name, each in scenario.variables.items() if each.kind.numeric]
    if named in known:
        return named
    advice = did_you_mean(named, known, f"There are {', '.join(known)}." if known else "")
    raise QuestionError("E513", f"There is no quantity or series `{named}`.", advice)


def claim_of(scenario: Scenario, named: str) -> str:
    """A claim by name.

    Errors: E525 there is none of that name.
    """
    if named in scenario.claims:
        return named
    advice = did_you_mean(named, scenario.claims, "`jonbar claims` lists them.")
    raise QuestionError("E525", f"There is no claim `{named}`.", advice)


def complete_claim(ctx: Any, incomplete: str) -> list[tuple[str, str]]:
    """Claims of the scenario named before, with what they say."""
    scenario = _scenario(ctx)
    if scenario is None:
        return []
    return [(name, each.says) for name, each in scenario.claims.items() if name.startswith(incomplete)]


def complete_scenario(incomplete: str) -> Iterator[str]:
    """Shipped scenarios, and files beside."""
    from pathlib import Path

    from jonbar.scenario import catalog

    yield from (name for name in catalog.names() if name.startswith(incomplete))
    folder = Path(incomplete).parent if "/" in incomplete else Path()
    yield from (str(each) for each in folder.glob(f"*{catalog.SUFFIX}") if str(each).startswith(incomplete))


def _scenario(context: Any) -> Scenario | None:
    from jonbar.cli.files import load

    typed = [context.params.get("scenario"), *context.args]  # an option without its value yet leaves it in `args`
    try:
        return load(next(each for each in typed if each and not each.startswith("-")))
    except Exception:  # a completion that fails stays silent
        return None


def complete_reading(ctx: Any, incomplete: str) -> list[tuple[str, str]]:
    """What-ifs and readings of the scenario named before."""
    scenario = _scenario(ctx)
    if scenario is None:
        return []
    said = {name: reading.says for name, reading in scenario.readings().items()}
    said |= {name: what_if.says for name, what_if in scenario.what_ifs.items()}
    return [(name, says) for name, says in said.items() if name.startswith(incomplete)]


def complete_variable(ctx: Any, incomplete: str) -> list[tuple[str, str]]:
    """Variables of the scenario named before, with their questions."""
    scenario = _scenario(ctx)
    if scenario is None:
        return []
    return [(name, each.ask) for name, each in scenario.variables.items() if name.startswith(incomplete)]


def complete_setting(ctx: Any, incomplete: str) -> list[str]:
    """Assumptions of the scenario named before."""
    from jonbar.scenario.settings import assumptions

    scenario = _scenario(ctx)
    return [f"{name}=" for name in assumptions(scenario) if name.startswith(incomplete)] if scenario else []
