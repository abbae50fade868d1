"""The page of commands, from the definitions that the command line itself is made of."""

from __future__ import annotations

import inspect

import typer.main
from typer.core import TyperArgument, TyperGroup, TyperOption

from jonbar.cli.app import app

INTRODUCTION = """\
# Commands

`jonbar COMMAND SCENARIO ...`, where the scenario is the name of one that is shipped (`cuba`), the path of a file, or `-` for standard input. `jonbar COMMAND --help` says the same as this page, which is written from the same definitions.

- **Exit codes**: 0 all is well; 1 a claim marked `must` failed; 2 the file or the question is wrong; 130 stopped by you; 70 a fault of the program's own.
- **Answers** go to standard output, complaints and progress to standard error. Every complaint has a [code](errors.md).
- **The same seed gives the same answer**, whatever the number of processes; each answer says its seed, draws and tellings.
- **What history taught** is kept between runs in your cache folder, and may be deleted at any time; `--no-store` does without.
- **Colour** is used on a terminal that has it; `NO_COLOR=1` turns it off. `COLUMNS` sets the width.
- **Completion**: `jonbar --install-completion` lets your shell complete commands, scenarios, readings and variables.
"""


def commands_page() -> str:
    """docs/reference/commands.md, whole."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return "\n".join([INTRODUCTION, *(_section(name, group) for name in group.commands)])


def _section(name: str, group: TyperGroup) -> str:
    command = group.commands[name]
    arguments = [each for each in command.params if isinstance(each, TyperArgument)]
    options = [each for each in command.params if isinstance(each, TyperOption)]
    words = [each.metavar or each.name or "" for each in arguments]
    usage = " ".join(
        [
            f"jonbar {name}",
            *(word if each.required else f"[{word}]" for word, each in zip(words, arguments, strict=True)),
        ]
    )
    lines = [f"## jonbar {name}", "", inspect.cleandoc(command.help or ""), "", f"    {usage} [OPTIONS]", ""]
    rows = [(f"`{word}`", _said(each)) for word, each in zip(words, arguments, strict=True)]
    rows += [(_written(each), _said(each)) for each in options]
    lines += ["| | |", "|---|---|", *(f"| {left} | {right} |" for left, right in rows), ""]
    return "\n".join(lines)


def _written(option: TyperOption) -> str:
    metavar = "" if option.is_flag else f" {option.metavar or 'N'}"
    return ", ".join(f"`{each}{metavar}`" for each in option.opts)


def _said(parameter: TyperArgument | TyperOption) -> str:
    text = (parameter.help or "").replace("|", "\\|").replace("<", "&lt;")
    plain = parameter.default
    shown = plain is not None and not isinstance(plain, bool) and not callable(plain) and "[default:" not in text
    return f"{text} [default: {plain}]" if shown and isinstance(plain, int | str) else text
