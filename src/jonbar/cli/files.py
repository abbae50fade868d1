"""Scenarios by name or path, outputs written whole or not at all, and the posterior store on disk."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jonbar.errors import Diagnostic, QuestionError, ScenarioError, Severity
from jonbar.scenario import catalog
from jonbar.scenario.terms import Scenario

MOST_BYTES = 4_000_001  # one more than a scenario may have: the reader says so
MOST_KEPT = 1 << 30  # bytes in the posterior store
STANDARD_INPUT = "-"


def read(named: str) -> tuple[str, str | bytes, Path | None]:
    """A scenario's file name, its text, and its path if it is not from the catalogue.

    Errors: E503 no such scenario, E504 a file that cannot be read.
    """
    if named == STANDARD_INPUT:
        return "standard input", sys.stdin.buffer.read(MOST_BYTES), None
    path = Path(named)
    looks_like_a_file = os.sep in named or "/" in named or path.suffix.lower() in (".yaml", ".yml")
    if not looks_like_a_file and not path.is_file():
        file, text = catalog.find(named)
        return file, text, None
    return named, _bytes(path), path


def path_if_file(named: str) -> Path | None:
    """The path of a scenario that is a file of the user's own; None for a shipped one and for standard input."""
    return None if named == STANDARD_INPUT else read(named)[2]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES)
    except FileNotFoundError:
        raise QuestionError("E504", f"There is no file `{path}`.", "`jonbar new NAME` starts one.") from None
    except IsADirectoryError:
        raise QuestionError("E504", f"`{path}` is a folder.", "Name a file in it.") from None
    except PermissionError:
        raise QuestionError("E504", f"`{path}` may not be read by you.", "Ask its owner, or copy it.") from None


def loader(path: Path | None) -> Callable[[str], tuple[str, str]]:
    """What `extends:` finds: a file beside this one, or a shipped scenario; never one elsewhere."""

    def load(name: str) -> tuple[str, str]:
        if path is not None and Path(name).name == name and name not in ("", ".", ".."):
            for beside in (path.parent / name, path.parent / f"{name}{catalog.SUFFIX}"):
                if beside.is_file():
                    return str(beside), _bytes(beside).decode("utf-8", "replace")
        return catalog.find(name)

    return load


def examine(named: str) -> tuple[str, Scenario | None, tuple[Diagnostic, ...]]:
    """A scenario with every fault and warning of its file."""
    from jonbar.scenario.read import examine as examine_text

    file, text, path = read(named)
    scenario, found = examine_text(text, file=file, load=loader(path))
    return file, scenario, found


def load(named: str) -> Scenario:
    """A scenario that can be used.

    Errors: ScenarioError with every fault of the file; E503, E504.
    """
    _, scenario, found = examine(named)
    if scenario is None:
        raise ScenarioError(tuple(each for each in found if each.severity is Severity.ERROR))
    return scenario


def path_of(named: str) -> tuple[Path, str]:
    """Where a new scenario goes and what it is called: from a name, or a path that ends in `.jonbar.yaml`.

    Errors: E515 a name that cannot be one.
    """
    from jonbar.scenario.mend import UNNAMED, as_name

    path = Path(named if named.endswith((".yaml", ".yml")) else f"{named}{catalog.SUFFIX}")
    name = path.name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".jonbar")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,79}", name):
        like = as_name(name).replace("_", "-").strip("-").lower()
        advice = f"Write letters, digits and hyphens, such as {like if like != UNNAMED else 'july-1914'}."
        raise QuestionError("E515", f"`{named}` is no name for a scenario.", advice)
    return path, name


def write(path: Path, text: str, *, force: bool) -> None:
    """Write a file whole or not at all; one that is there is left alone unless asked.

    Errors: E508 there is a file of that name.
    """
    write_bytes(path, text.encode("utf-8"), force=force)


def write_bytes(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file that is no text, whole or not at all.

    Errors: E508 there is a file of that name.
    """
    if path.exists() and not force:
        raise QuestionError("E508", f"`{path}` is there already and was left as it is.", "Add --force to replace it.")
    _replace(path, content)


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            Path(name).chmod(path.stat().st_mode & 0o777)
        else:
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


@dataclass(frozen=True)
class Folder:
    """The posterior store: files that may be deleted at any time. What cannot be kept is worked out again."""

    path: Path

    def has(self, key: str) -> bool:
        """Whether an entry is there."""
        try:
            return (self.path / key).is_file()
        except OSError:
            return False

    def read(self, key: str) -> bytes | None:
        """An entry, or None."""
        try:
            found = (self.path / key).read_bytes()
            os.utime(self.path / key)
            return found
        except OSError:
            return None

    def write(self, key: str, entry: bytes) -> None:
        """Keep an entry, if there is room and leave to; those longest unused make room for it."""
        with contextlib.suppress(OSError):
            self.path.mkdir(parents=True, exist_ok=True)
            _replace(self.path / key, entry)
            self._make_room()

    def forget(self, key: str) -> None:
        """Let an entry go."""
        with contextlib.suppress(OSError):
            (self.path / key).unlink()

    def _make_room(self) -> None:
        found = [(each, each.stat()) for each in self.path.iterdir()]
        total = sum(stat.st_size for _, stat in found)
        for each, stat in sorted(found, key=lambda one: one[1].st_mtime):
            if total <= MOST_KEPT:
                break
            each.unlink()
            total -= stat.st_size


def store() -> Folder:
    """Where posteriors are kept between commands."""
    from platformdirs import user_cache_dir

    return Folder(Path(user_cache_dir("jonbar")) / "posteriors")
