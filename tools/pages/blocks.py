"""What the documentation shows, run: every fenced block of README.md and docs/, in order, in a folder of its own.

- `python` blocks of a page share their names, as if they were one program.
- `console` blocks hold commands after `$ ` and what they print, on 80 columns. `jonbar` runs for real; `...` stands for
  anything, and the seconds that something took are not compared. `cat` shows a file. Whatever else a page may tell its
  reader to type is a target of the Makefile, or one of `OTHERS`.
- In a tutorial, `yaml` blocks change the file that its reader has begun, one after the other.
- Elsewhere `yaml` blocks with `variables:` are scenarios, completed with the lines that every file begins with, and must have no
  fault. Where the first line is a comment that names a file, the block is that file from then on; `with a fault` after
  the name says that it has one. Others are comments and fragments.
"""

from __future__ import annotations

import contextlib
import difflib
import doctest
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from sybil import Document, Example
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

from jonbar.cli import guard
from jonbar.errors import Severity
from jonbar.scenario.read import examine
from tests.tutorial.edits import edit, overwrite

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if page.exists()]
EXECUTED, SHOWN = ("python", "console", "yaml"), ("text", "json", "bash")
OTHERS = ("git clone ", "cd ", "pip install ", "python -m ", ".venv/bin/", "chmod ")
HEAD = "jonbar: 1\nscenario: example\n"
ANYTHING = "..."
TOOK = re.compile(r"\b\d+(?:\.\d+)? s\b")
TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@dataclass(frozen=True)
class Typed:
    """One command of a console block and what it is said to print."""

    command: str
    printed: str


def parse_console(block: str) -> list[Typed]:
    """The commands of a console block; a line that ends in a backslash goes on."""
    found: list[Typed] = []
    lines = iter(block.rstrip("\n").split("\n"))
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command = f"{command[:-1].rstrip()} {next(lines).strip()}"
            found.append(Typed(command.partition("  # ")[0].strip(), ""))
        else:
            assert found, "a console block begins with a command: `$ jonbar ...`"
            last = found.pop()
            found.append(Typed(last.command, f"{last.printed}{line}\n"))
    return found


def run(command: str) -> str:
    """What a command prints in this folder, complaints after answers; nothing for one that is not ours to run."""
    words = shlex.split(command)
    if words[0] == "cat":
        return Path(words[1]).read_text(encoding="utf-8")
    if words[0] == "make":
        assert set(words[1:]) <= set(TARGETS), f"the Makefile has no target {words[1:]}"
        return ""
    if words[0] != "jonbar":
        assert command.startswith(OTHERS), f"`{command}` is no command that a page may give"
        return ""
    from jonbar.cli.app import app

    answer, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(answer), contextlib.redirect_stderr(complaint):
        guard(lambda: app(words[1:], prog_name="jonbar", standalone_mode=False))
    return answer.getvalue() + complaint.getvalue()


def agrees(shown: str, printed: str) -> bool:
    """Whether a page shows what a command prints."""
    want, got = (
        "\n".join(line.rstrip() for line in TOOK.sub("0 s", text).rstrip().split("\n")) for text in (shown, printed)
    )
    return doctest.OutputChecker().check_output(f"{want}\n", f"{got}\n", doctest.ELLIPSIS)


def console(example: Example) -> str | None:
    """What differs from the page, if anything does."""
    for typed in parse_console(example.parsed):
        printed = run(typed.command)
        runs = typed.command.split()[0] in ("jonbar", "cat")
        if runs and not agrees(typed.printed, printed):
            shown, now = typed.printed.splitlines(), printed.splitlines()
            difference = "\n".join(difflib.unified_diff(shown, now, "on the page", "printed now", lineterm=""))
            return f"$ {typed.command}\n{difference}\n(make docs writes pages anew)"
    return None


def scenario(example: Example) -> str | None:
    """What is wrong with a scenario that a page shows."""
    text = str(example.parsed)
    named = re.match(r"# ([\w-]+\.jonbar\.yaml)( with a fault)?\n", text)
    if named and named[2]:
        Path(named[1]).write_text(text, encoding="utf-8")
        return None if examine(text, file=named[1], load=_beside)[1] else "this was to have a fault"
    keys = re.findall(r"^([a-z_]+):", text, re.MULTILINE)
    if not keys:
        return None
    if "variables" not in keys and "jonbar" not in keys:
        return None
    whole = text if "jonbar" in keys else HEAD + text
    if named:
        Path(named[1]).write_text(whole, encoding="utf-8")
    _, found = examine(whole, file=named[1] if named else "page.jonbar.yaml", load=_beside)
    faults = [each for each in found if each.severity is Severity.ERROR]
    return "\n".join(f"{each.code} {each.span}: {each.message}" for each in faults) or None


def _beside(name: str) -> tuple[str, str]:
    from jonbar.cli.files import loader

    return loader(Path("page.jonbar.yaml"))(name)


def followed(example: Example) -> None:
    """A step of a tutorial: the reader's one file, with what a block says in it."""
    (file,) = Path().glob("*.jonbar.yaml")
    change = edit if "begun" in example.namespace else overwrite
    example.namespace["begun"] = True
    file.write_text(change(file.read_text(encoding="utf-8"), str(example.parsed)), encoding="utf-8")


def parsers_of(page: Path) -> tuple[PythonCodeBlockParser | CodeBlockParser, ...]:
    """What becomes of each kind of block on a page."""
    steps = followed if "tutorial" in page.parts else scenario
    return PythonCodeBlockParser(), CodeBlockParser("console", console), CodeBlockParser("yaml", steps)


@contextlib.contextmanager
def reading(store: Path) -> Iterator[None]:
    """An empty folder on a terminal of 80 columns, for the time of one page."""
    settings = {"COLUMNS": "80", "NO_COLOR": "1", "XDG_CACHE_HOME": str(store)}
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, settings),
        mock.patch.object(os, "cpu_count", return_value=1),
    ):
        yield


def renew(page: Path, store: Path) -> bool:
    """Write a page anew with what its commands print now; whether anything changed."""
    document = Document.parse(str(page), *parsers_of(page))
    text, changes = document.text, []
    with reading(store):
        for example in document.examples():
            if example.region.evaluator is not console:
                example.evaluate()
                continue
            start = example.region.start + example.parsed.offset
            parts = []
            for typed in parse_console(example.parsed):
                printed = run(typed.command)
                same = agrees(typed.printed, printed)
                parts.append((typed.printed, typed.printed if same else elide(typed.printed, printed)))
            block, at = str(example.parsed), 0
            for old, new in parts:
                if old:
                    at = block.index(old.rstrip("\n"), at)
                    block = block[:at] + new.rstrip("\n") + block[at + len(old.rstrip("\n")) :]
                    at += len(new.rstrip("\n"))
            changes.append((start, start + len(example.parsed), block))
    for start, end, block in reversed(changes):
        text = text[:start] + block + text[end:]
    if text == document.text:
        return False
    page.write_text(text, encoding="utf-8")
    return True


def elide(shown: str, printed: str) -> str:
    """What is printed now, with what the page left out left out again."""
    old, new = shown.rstrip("\n").split("\n"), printed.rstrip("\n").split("\n")
    if not any(line.strip() == ANYTHING for line in old):
        return printed
    kept: list[str] = []
    at, after_gap = 0, False
    for line in old:
        if line.strip() == ANYTHING:
            kept.append(line)
            after_gap = True
            continue
        if after_gap:
            close = difflib.get_close_matches(line, new[at:], 1, 0.5)
            at = new.index(close[0], at) if close else at
        if at < len(new):
            kept.append(new[at])
            at += 1
        after_gap = False
    if after_gap is False and kept[-1] != new[-1] and old[-1].strip() != ANYTHING:
        kept.append(ANYTHING)
    return "\n".join(kept)
