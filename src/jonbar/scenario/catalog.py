"""The shipped scenarios: data inside the package, found by name."""

from __future__ import annotations

from importlib.resources import files

from jonbar.errors import QuestionError, did_you_mean

SUFFIX = ".jonbar.yaml"


def names() -> tuple[str, ...]:
    """The names of the shipped scenarios."""
    root = files("jonbar.catalog")
    return tuple(
        sorted(each.name for each in root.iterdir() if each.is_dir() and (each / f"{each.name}{SUFFIX}").is_file())
    )


def find(name: str) -> tuple[str, str]:
    """A shipped scenario's file name and text, by its name or the part of it before the year (`cuba` is `cuba-1962`).

    Errors: E503 no such scenario (with the nearest name).
    """
    known = names()
    matches = [each for each in known if each == name or each.rpartition("-")[0] == name]
    if not matches:
        advice = did_you_mean(name, known, f"There are {', '.join(known)}; or name a file.")
        raise QuestionError("E503", f"There is no scenario `{name}`.", advice)
    found = files("jonbar.catalog") / matches[0] / f"{matches[0]}{SUFFIX}"
    return f"{matches[0]}{SUFFIX}", found.read_text(encoding="utf-8")
