"""Which pages a program writes, each from the text that stands there now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.pages.blocks import ROOT, run
from tools.pages.commands import commands_page
from tools.pages.faults import faults_page
from tools.pages.language import fill_in

PLACE = ROOT / "docs" / "pictures"
REFERENCE = ROOT / "docs" / "reference"
WRITTEN: Mapping[Path, Callable[[str], str]] = {
    REFERENCE / "commands.md": lambda _: commands_page(),
    REFERENCE / "errors.md": lambda _: faults_page(),
    REFERENCE / "language.md": fill_in,
}
PICTURES: Mapping[Path, str] = {
    PLACE / "backed-down.svg": "jonbar run cuba --if backed_down --rows 12 --no-next",
    PLACE / "goldwater.svg": "jonbar why cuba goldwater_president --if backed_down --no-next",
    PLACE / "histories.svg": "jonbar tell cuba --if backed_down --no-next",
    PLACE / "missiles.svg": "jonbar run cuba --if backed_down --of soviet_icbm --no-next",
}


def draw(command: str) -> str:
    """A picture as its command draws it now."""
    run(f"{command} --picture drawn.svg --force")
    return Path("drawn.svg").read_text(encoding="utf-8")
