"""Commands about a file as it is written: new, check, fmt, diff, show."""

from __future__ import annotations

from typing import Annotated

import typer

from jonbar.cli import choose
from jonbar.cli.options import WORDS, All, Figures, Force, Json, NoNext, ScenarioName
from jonbar.cli.output import TERMINAL, Place
from jonbar.cli.terminal import say, suggest, width
from jonbar.views.lines import clean, paragraph


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, or a path that ends in .jonbar.yaml.")],
    title: Annotated[str, typer.Option(metavar="TEXT", help="The what-if, as a question.")] = "What if?",
    date: Annotated[
        str, typer.Option(metavar="DATE", help="When the two histories part: 1914, 1914-07, 1914-07-28.")
    ] = "1914-07",
    force: Force = False,
    no_next: NoNext = False,
) -> None:
    """Start a scenario that already runs, to be written over."""
    from jonbar.cli.files import path_of, write
    from jonbar.scenario.starting import new_scenario

    path, named = path_of(name)
    Place(path, force).free()
    write(path, new_scenario(named, title, date), force=force)
    written = f"Written to {path}: a small scenario that already runs, to be written over."
    say(paragraph(clean(written), width(), hang="  "))
    suggest(f"jonbar run {path}", no_next)


def check(
    scenario: ScenarioName,
    echo: Annotated[bool, typer.Option("--echo", help="Say in words how each number was read.")] = False,
    figures: Figures = WORDS,
    everything: All = False,
    place: Place = TERMINAL,
    no_next: NoNext = False,
) -> None:
    """Say all that is wrong with a file, or what its numbers rest on."""
    from jonbar.cli.files import examine
    from jonbar.scenario.settings import status
    from jonbar.views.diagnostics import show_diagnostics
    from jonbar.views.summary import show_echo, show_summary

    place.free()
    file, found, faults = examine(scenario)
    counts = status(found) if found else None
    if figures.wanted:
        from jonbar.views import data

        place.put(figures.of(faults, lambda each: data.check_json(file, each, counts), data.check_csv))
        raise typer.Exit(0 if found else 2)
    if found is None or counts is None:
        place.put(show_diagnostics(faults, width(), place.paint))
        raise typer.Exit(2)
    parts = [show_diagnostics(faults, width(), place.paint)] if faults else []
    parts.append(show_summary(found, counts, width=width(), paint=place.paint, everything=everything))
    if echo:
        parts.append(show_echo(found, width=width()))
    place.put("\n\n".join(parts))
    suggest(f"jonbar run {scenario}" if found.readings() else f"jonbar show {scenario}", no_next)


def fmt(
    scenario: Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or - for standard input.")],
    check_only: Annotated[bool, typer.Option("--check", help="Only say whether it would change.")] = False,
) -> None:
    """Set a file in its standard form; its comments are kept."""
    from jonbar.cli.files import read, write
    from jonbar.errors import QuestionError
    from jonbar.scenario.formatting import format_text

    file, text, path = read(scenario)
    before = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if path is None and scenario != "-":
        raise QuestionError("E504", f"`{scenario}` is shipped and is not changed.", "Name a file of your own.")
    after = format_text(before, file=file)
    if check_only:
        say(f"{file} {'is in its standard form' if after == before else 'would change'}.")
        raise typer.Exit(0 if after == before else 2)
    if path is None:
        typer.echo(after, nl=False)
    elif after == before:
        say(f"{file} is in its standard form already.")
    else:
        write(path, after, force=True)
        say(f"{file} is in its standard form.")


def diff(
    before: ScenarioName,
    after: Annotated[
        str, typer.Argument(metavar="OTHER", help="Another scenario; or a reading, where another follows.")
    ],
    other: Annotated[
        str | None, typer.Argument(metavar="READING", help="A second reading of the same scenario.")
    ] = None,
    json: Json = False,
    no_next: NoNext = False,
) -> None:
    """Compare two files, or two readings of one, by what they mean."""
    from jonbar.cli.files import load
    from jonbar.scenario.difference import compare
    from jonbar.views.lines import clean, paragraph

    first = load(before)
    if other is None:
        found = compare(first, load(after))
    else:
        found = compare(choose.reading_of(first, after), choose.reading_of(first, other))
    if json:
        from dataclasses import asdict

        from jonbar.views.data import to_json

        say(to_json([asdict(each) for each in found]))
        return
    for each in found:
        say(paragraph(clean(str(each)), width(), hang="  "))
    say(f"{len(found)} difference{'s' if len(found) != 1 else ''}." if found else "They mean the same.")
    suggest(f"jonbar run {before} --if {other}" if other else f"jonbar show {after}", no_next)


def schema(
    scenario: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="A scenario whose own names to complete.")
    ] = None,
    overlay: Annotated[bool, typer.Option("--overlay", help="For a file that extends another.")] = False,
    place: Place = TERMINAL,
) -> None:
    """Write the schema by which an editor completes a scenario."""
    from json import dumps

    from jonbar.cli.files import load
    from jonbar.scenario.schema import json_schema

    place.free()
    found = json_schema(load(scenario) if scenario else None, overlay=overlay)
    place.put(dumps(found, ensure_ascii=False, indent=2))


def show(
    scenario: ScenarioName,
    variable: Annotated[
        str | None,
        typer.Argument(
            metavar="VARIABLE", help="One question, with its sources.", autocompletion=choose.complete_variable
        ),
    ] = None,
    json: Json = False,
    place: Place = TERMINAL,
    no_next: NoNext = False,
) -> None:
    """A scenario in words, or one of its questions with its sources."""
    from jonbar.cli.files import load
    from jonbar.views.prose import show_scenario, show_variable

    place.free()
    found = load(scenario)
    named = choose.variable_of(found, variable) if variable else None
    if json:
        from jonbar.views.data import scenario_json

        place.put(scenario_json(found, named))
        return
    text = (
        show_variable(found, named, width=width(), paint=place.paint)
        if named
        else show_scenario(found, width=width(), paint=place.paint)
    )
    place.put(text)
    if named:
        example = choose.example_of(found, named)
        suggest(f"jonbar why {scenario} {example}", no_next or not example)
    else:
        suggest(f"jonbar show {scenario} {next(iter(found.variables))}", no_next)
