"""A server of the page and a browser to open it in, for the time of a check."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 30.0  # seconds
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


@dataclass
class Found:
    """What was seen: each law by name, and whether it holds."""

    failed: int = 0
    heard: list[str] = field(default_factory=list)  # console messages and requests that nobody should hear

    def law(self, name: str, holds: object, *more: object) -> None:
        """Note one law."""
        self.failed += not holds
        print(f"{'ok' if holds else 'not ok':7s} {name}", *(more if not holds or len(more) == 1 else ()), flush=True)


@contextmanager
def served(scenario: str, store: Path, folder: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`jonbar open` for a scenario; gives its address and its process."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(store), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "jonbar", "open", scenario, "--no-browser", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split(" is at ")[1].strip(), server
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def browser() -> Iterator[Any]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        raise SystemExit("This check needs Chromium: apt-get install chromium")
    with sync_playwright() as tool:
        opened = tool.chromium.launch(executable_path=program, args=QUIET)
        try:
            yield opened
        finally:
            opened.close()


def axe_source() -> str:
    """The program that checks whether everybody can use a page, as published."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder / name)
        install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"]
        subprocess.run(install, cwd=folder, check=True)
        return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def listened(page: Any, address: str, found: Found) -> Any:
    """A page whose console and requests are listened to."""
    host = "/".join(address.split("/")[:3])

    def request(asked: Any) -> None:
        if not asked.url.startswith((host, "blob:", "data:")):
            found.heard.append(f"request {asked.url[:80]}")

    page.on("console", lambda said: found.heard.append(f"console {said.text}") if said.type != "info" else None)
    page.on("pageerror", lambda fault: found.heard.append(f"error {fault}"))
    page.on("request", request)
    return page


def until(holds: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether something comes to hold in time; asked from outside, for the page's policy lets no test run in it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.03)
    return False


def axe(page: Any, source: str) -> list[str]:
    """What stands in somebody's way on a page."""
    page.evaluate(source)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:160]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]
