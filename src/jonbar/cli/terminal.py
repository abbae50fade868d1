"""What a person sees: width, colour, progress, complaints, and the line that says what to do next."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import NoReturn

from jonbar.errors import JonbarError, QuestionError, ScenarioError
from jonbar.views.lines import Paint, clean, paragraph, plain

NARROWEST, WIDEST = 40, 140
COLOURS = {"fact": "36", "change": "33", "up": "32", "down": "31", "quiet": "2", "strong": "1", "fault": "31;1"}


def width() -> int:
    """The columns of the page: those of the terminal, or 80."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def painter(stream: object = None) -> Paint:
    """Colour on a terminal that has it; NO_COLOR is heeded."""
    to = sys.stdout if stream is None else stream
    dumb = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if dumb or not getattr(to, "isatty", lambda: False)():
        return plain
    return lambda role, text: f"\x1b[{COLOURS[role]}m{text}\x1b[0m" if role in COLOURS and text else text


def say(text: str) -> None:
    """Write an answer; what the terminal's encoding lacks is written as escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def complain(fault: JonbarError | str) -> None:
    """Say what is wrong, on standard error."""
    from jonbar.views.diagnostics import PAGE, show_diagnostics

    if isinstance(fault, ScenarioError):
        text = show_diagnostics(fault.diagnostics, width(), painter(sys.stderr))
    elif isinstance(fault, QuestionError):
        text = paragraph(clean(str(fault)), width(), hang="  ") + f"\n  see: {PAGE}#{fault.code.lower()}"
    else:
        text = paragraph(clean(str(fault)), width(), hang="  ")
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def suggest(text: str, quiet: bool) -> None:
    """The last line: what to do next."""
    if not quiet:
        say(f"\nNext: {clean(text)}")


class Progress:
    """A bar on standard error for anything over a second; silent where nobody watches."""

    def __init__(self, label: str) -> None:
        self.label, self.began, self.share, self.shown = label, time.monotonic(), 0.0, False
        self.over = threading.Event()
        self.clock = threading.Thread(target=self._tick, daemon=True)
        if sys.stderr.isatty():
            self.clock.start()

    def __call__(self, share: float) -> None:
        """Note how much is done."""
        self.share = share

    def _tick(self) -> None:
        """Redraw until it is over: the work itself may be silent for long."""
        wait = 1.0
        while not self.over.wait(wait):
            wait, passed = 0.25, time.monotonic() - self.began
            left = f", about {passed / self.share - passed:.0f} s left" if self.share > 0.05 else ""
            done = "#" * round(24 * min(1.0, self.share))
            bar = f"{self.label} [{done:<24}] {100 * min(1.0, self.share):3.0f}%, {passed:.0f} s{left}"
            sys.stderr.write(f"\r{bar}\x1b[K")
            sys.stderr.flush()
            self.shown = True

    def close(self) -> None:
        """Take the bar away."""
        self.over.set()
        if self.clock.is_alive():
            self.clock.join()
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A progress bar for the time of a block."""
    bar = Progress(label)
    try:
        yield bar
    finally:
        bar.close()


@contextmanager
def workers(count: int, cluster: str | None) -> Iterator[Executor | None]:
    """Whoever works the blocks off: this process, more processes, or a Dask cluster.

    Errors: E509 if the cluster extra is not installed or no cluster answers.
    """
    if cluster is not None:
        with _cluster(cluster) as executor:
            yield executor
        return
    if count <= 1:
        yield None
        return
    import signal
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(count, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield pool
    except BaseException:
        out_of_workers()  # what they were doing is wanted no more
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    import logging

    try:
        from distributed import Client  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        advice = "Install it with `pip install 'jonbar[cluster]'`, or use --workers."
        raise QuestionError("E509", "A cluster needs Dask, which is not installed.", advice) from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError):
        raise QuestionError("E509", f"No Dask scheduler answers at `{address}`.", "Write tcp://HOST:8786.") from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL + 1)  # of a lost scheduler we tell ourselves
    try:
        executor = client.get_executor(pure=False)
        executor.lost = lambda: client.status != "running"
        yield executor
        if client.status != "running":
            complain("The cluster went away. What it had not finished was worked out here.")
    finally:
        client.close()


def out_of_workers() -> None:
    """End the processes that were started here, so that stopping stops."""
    import multiprocessing

    for each in multiprocessing.active_children():
        each.terminate()


def leave() -> NoReturn:
    """End this process and those it started, at once: whatever a thread still works out is wanted no more."""
    import multiprocessing

    out_of_workers()
    for each in multiprocessing.active_children():
        each.join(1.0)
    sys.stdout.flush()
    os._exit(0)
