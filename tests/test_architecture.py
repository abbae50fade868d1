"""Laws of the house: who may import whom, how long a module may be, and how little is loaded to open the door.

The table of rooms is read from docs/explanation/architecture.md, so that the page cannot say anything else.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import jonbar

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "jonbar"
PAGE = ROOT / "docs" / "explanation" / "architecture.md"
HEART, LONGEST_HEART, LONGEST = "scm.counterfactual", 300, 400


@dataclass(frozen=True)
class Room:
    """A row of the table: whose modules may import what."""

    name: str
    modules: tuple[str, ...]
    within: frozenset[str]
    outside: frozenset[str]


@dataclass(frozen=True)
class Import:
    """One import statement: of a module of ours (without `jonbar.`), or of a package of others."""

    module: str
    line: int
    ours: bool
    loading: bool  # needed while the module is loaded, not only inside a function or for types


@cache
def rooms() -> tuple[Room, ...]:
    table = PAGE.read_text(encoding="utf-8").partition("## The rooms")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")
    ]
    return tuple(
        Room(name, tuple(re.findall(r"`([\w.]+)`", modules)), _listed(within), _listed(outside))
        for name, modules, within, outside, _ in rows[2:]
    )


def _listed(cell: str) -> frozenset[str]:
    return frozenset() if cell == "-" else frozenset(each.strip() for each in cell.split(","))


@cache
def modules() -> dict[str, Path]:
    """Every module by its name without `jonbar.`; the package itself is `__init__`."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)] = path
    return found


def room_of(module: str) -> Room | None:
    """The room that names a module most closely."""
    fitting = [(len(named), room) for room in rooms() for named in room.modules if f"{module}.".startswith(f"{named}.")]
    return max(fitting, key=lambda each: each[0])[1] if fitting else None


@cache
def imports(module: str) -> tuple[Import, ...]:
    return tuple(_imports(ast.parse(modules()[module].read_text(encoding="utf-8")), loading=True))


def _imports(node: ast.AST, *, loading: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for name in child.names:
                yield _import(name.name, child.lineno, loading)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0 and child.module is not None, "imports name the whole path"
            below = [f"{child.module}.{each.name}" for each in child.names]
            named = [each for each in below if each.removeprefix("jonbar.") in modules()]
            for each in named or [child.module]:
                yield _import(each, child.lineno, loading)
        else:
            lazy = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            yield from _imports(child, loading=loading and not lazy and not typing)


def _import(name: str, line: int, loading: bool) -> Import:
    if name == "jonbar":
        return Import("__init__", line, True, loading)
    if name.startswith("jonbar."):
        return Import(name.removeprefix("jonbar."), line, True, loading)
    return Import(name.partition(".")[0], line, False, loading)


def test_every_module_loads_without_a_warning() -> None:
    names = [f"jonbar.{each}" for each in modules() if each not in ("__init__", "__main__")]
    program = f"import importlib\nfor each in {names}: importlib.import_module(each)"
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=120)


def test_every_module_has_its_room_and_every_room_its_modules() -> None:
    homeless = sorted(name for name in modules() if room_of(name) is None)
    assert not homeless, f"give these a row in {PAGE.relative_to(ROOT)}: {homeless}"
    for room in rooms():
        for named in room.modules:
            assert any(f"{name}.".startswith(f"{named}.") for name in modules()), (
                f"no module `{named}` is there any more"
            )


def test_the_table_runs_in_one_direction() -> None:
    seen = set[str]()
    for room in rooms():
        assert room.within <= seen, f"{room.name} imports what comes after it"
        seen.add(room.name)


@pytest.mark.parametrize("module", sorted(modules()))
def test_no_import_goes_through_a_wall(module: str) -> None:
    room = room_of(module)
    assert room is not None
    for each in imports(module):
        where = f"{module}, line {each.line}: `{each.module}`"
        if each.ours:
            other = room_of(each.module)
            assert other is not None, where
            assert other in (room, *FREE) or other.name in room.within, f"{where} is in {other.name}"
        elif each.module not in sys.stdlib_module_names:
            assert each.module in room.outside, f"{where} is none of {sorted(room.outside)}"


def test_nothing_is_allowed_that_nobody_needs() -> None:
    for room in rooms():
        mine = [each for module in modules() if room_of(module) == room for each in imports(module)]
        within = {other.name for each in mine if each.ours and (other := room_of(each.module)) is not None}
        outside = {each.module for each in mine if not each.ours}
        assert room.within - within == set(), room.name
        assert room.outside - outside == set(), room.name


def test_no_module_needs_itself_to_load() -> None:
    needs = {name: {each.module for each in imports(name) if each.ours and each.loading} for name in modules()}
    done = set[str]()
    while True:
        ready = {name for name, each in needs.items() if name not in done and each - {"__init__"} <= done}
        if not ready:
            break
        done |= ready
    assert needs.keys() - done == set()


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_is_short(module: str) -> None:
    lines = len(modules()[module].read_text(encoding="utf-8").splitlines())
    assert lines <= (LONGEST_HEART if module == HEART else LONGEST)


WORLD = re.compile(
    r"(?<!def )(?<![.\w])"
    r"(?:open\(|os\.environ|time\.time|time\.monotonic|datetime\.now|date\.today|write_text|urllib|socket)"
)


@pytest.mark.parametrize("module", sorted(modules()))
def test_only_a_door_touches_the_world(module: str) -> None:
    room = room_of(module)
    assert room is not None
    if room.name not in DOORS:
        assert not WORLD.search(modules()[module].read_text(encoding="utf-8"))


DOORS = ("terminal", "page")
FREE = tuple(room for room in rooms() if room.name in ("errors", "front"))  # everybody may import these
ASK = "from jonbar.cli import guard; from jonbar.cli.app import app; guard(lambda: app({!r}, standalone_mode=False)); "
ALL_OF_SCENARIO = "; ".join(f"import jonbar.{name}" for name in sorted(modules()) if name.startswith("scenario")) + "; "
HEAVY = {"numpy", "scipy", "rich", "distributed"}


@pytest.mark.parametrize(
    ("task", "refused"),
    [
        ("import jonbar; ", HEAVY | {"yaml", "typer", "click", "platformdirs"}),
        (ALL_OF_SCENARIO, HEAVY | {"typer"}),
        (ASK.format(["--help"]), HEAVY | {"yaml"}),
        (ASK.format(["check", "cuba"]), HEAVY),
        (ASK.format(["run", "nowhere"]), HEAVY),
    ],
    ids=["import jonbar", "all of scenario", "--help", "check", "a question that cannot be asked"],
)
def test_a_door_opens_without_what_it_does_not_need(task: str, refused: set[str]) -> None:
    script = f"{task}import sys; print('loaded', *{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "loaded" in loaded
    assert loaded & refused == set()


def test_the_front_names_are_where_they_are_said_to_be_and_are_documented() -> None:
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    promised = {
        alias.asname
        for node in ast.walk(ast.parse(modules()["__init__"].read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("jonbar")
        for alias in node.names
    }
    assert promised == set(jonbar._PLACES)
    for name in promised:
        assert getattr(jonbar, str(name)) is getattr(import_module(jonbar._PLACES[str(name)]), str(name))
        assert str(name) in page
    assert {each for each in dir(jonbar) if not each.startswith("_")} == promised
    with pytest.raises(AttributeError):
        jonbar.nothing  # noqa: B018


def test_the_laws_that_the_page_names_are_there() -> None:
    named = re.findall(r"`((?:tests|src|docs)/[\w./-]+)`", PAGE.read_text(encoding="utf-8"))
    assert named
    for each in named:
        assert (ROOT / each).exists(), each
