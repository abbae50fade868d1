"""The command that opens a page to argue with."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jonbar.cli.options import KEPT_SAMPLE, KeptSample, NoStore, ScenarioName, Workers
from jonbar.cli.terminal import leave, say, workers
from jonbar.cli.working import processes, settings_of

if TYPE_CHECKING:
    from jonbar.web.app import House

HERE = "127.0.0.1"
# Products of matrices are small here; threads that share one wait for each other, on a busy machine for a second.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
LOOK_AGAIN = 0.5  # seconds between looks at the file


def open(  # noqa: A001 - the word that is typed
    scenario: ScenarioName,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the file as you write it; faults are shown at their line.")
    ] = False,
    blind: Annotated[
        bool, typer.Option("--blind", help="A reader enters chances of their own before the page shows any answer.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="NUMBER", help="A port of this machine. [default: a free one]")
    ] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address; open nothing.")] = False,
    sample: KeptSample = KEPT_SAMPLE,
    count: Workers = None,
    no_store: NoStore = False,
) -> None:
    """Open a page to argue with: move a dial and see history change.

    The page is on this machine, and nobody else can reach it.
    """
    from jonbar.cli.files import load, path_if_file, store
    from jonbar.errors import QuestionError

    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    found = load(scenario)
    if not found.readings():
        raise QuestionError("E514", f"`{found.name}` has no what-if.", "Add one under `what_if:`.")
    path = path_if_file(scenario)
    if watch and path is None:
        raise QuestionError("E531", f"`{scenario}` is no file that could be watched.", "Name a file.")
    from jonbar.report.arguing import Desk
    from jonbar.web.app import House

    with workers(count or processes(), None) as executor:
        if executor is not None:
            executor.submit(int).result()  # its processes start before any thread does, and inherit no socket
        bound = _bind(port)
        for each in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            signal.signal(each, lambda *_: sys.exit(0))  # the processes that were started here end with us
        kept = None if no_store else store()
        desk = Desk(found, settings_of(sample, None), kept, executor)
        house = House(desk, scenario, path.name if path else found.name, blind)
        if watch and path is not None:
            threading.Thread(target=_watch, args=(house, scenario, path), daemon=True).start()
        with suppress(SystemExit, KeyboardInterrupt):
            _serve(house, bound, no_browser)
        leave()


def _bind(port: int) -> socket.socket:
    """A socket that only this machine can reach.

    Errors: E531 the port is taken.
    """
    from jonbar.errors import QuestionError

    # Named as TCP, for asyncio lets only such a socket send at once; else each answer's end waits 40 ms for an echo.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HERE, port))
        bound.listen(64)
    except OSError:
        bound.close()
        raise QuestionError("E531", f"Port {port} cannot be used.", "Leave --port out: a free one is found.") from None
    return bound


def _serve(house: House, bound: socket.socket, no_browser: bool) -> None:
    import uvicorn

    from jonbar.web.app import make_app
    from jonbar.web.guard import Guard, new_token

    token, port = new_token(), int(bound.getsockname()[1])
    address = f"http://{HERE}:{port}/{token}/"
    app = Guard(make_app(house, token), token, port)
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, lifespan="off", ws="none", server_header=False,
        timeout_graceful_shutdown=1, h11_max_incomplete_event_size=32_000,
    )  # fmt: skip
    say(f"The page is at {address}\nOnly this machine can open it. Press Ctrl+C to stop.")
    house.slow.submit(house.desk.prepare)  # while the browser comes up
    if not no_browser:
        threading.Timer(0.1, webbrowser.open, [address]).start()
    uvicorn.Server(config).run(sockets=[bound])


def _watch(house: House, scenario: str, path: Path) -> None:
    """Follow a file: what it becomes, or its faults beside what it was."""
    import time

    from jonbar.cli.files import examine
    from jonbar.errors import JonbarError, Severity
    from jonbar.report.arguing import Desk

    seen = _stamp(path)
    while True:
        time.sleep(LOOK_AGAIN)
        now = _stamp(path)
        if now == seen or now is None:
            continue
        seen = now
        try:
            _, found, diagnostics = examine(scenario)
        except (JonbarError, OSError):
            continue
        faults = tuple(each for each in diagnostics if each.severity is Severity.ERROR)
        desk = house.desk
        anew = Desk(found, desk.size, desk.store, desk.executor) if found is not None and found.readings() else None
        house.renew(anew, faults)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
