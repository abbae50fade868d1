"""Door one: files, clock, environment and exit codes. No traceback leaves it.

Exit codes: 0 fine, 1 a claim marked `must` failed, 2 the file or the question is wrong, 130 stopped by the user, 70 a
fault of the program itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

STOPPED, UNEXPECTED = 130, 70


def main() -> None:
    """The command `jonbar`."""
    from jonbar.cli.app import app

    sys.exit(guard(lambda: app(prog_name="jonbar", standalone_mode=False)))


def guard(task: Callable[[], object]) -> int:
    """Run a task so that whatever goes wrong becomes a sentence and an exit code."""
    import typer

    from jonbar.cli.terminal import complain
    from jonbar.errors import JonbarError

    try:
        code = task()
        sys.stdout.flush()
    except typer.Exit as stop:
        code = stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except JonbarError as fault:
        complain(fault)
        return 2
    except OSError as fault:
        named = f"`{fault.filename}`: " if fault.filename else ""
        complain(f"E504 {named}{(fault.strerror or str(fault)).lower()}.")
        return 2
    except Exception as fault:
        show = getattr(fault, "show", None)
        if show is not None and hasattr(fault, "exit_code"):  # a word of the command line that does not fit
            show()
            return 2
        if os.environ.get("JONBAR_DEBUG"):
            raise
        complain(
            f"E999 Something went wrong inside jonbar ({type(fault).__name__}). This is a fault of the program, not of "
            "your file. Please report it with the file and the command; JONBAR_DEBUG=1 before the command prints "
            "the details."
        )
        return UNEXPECTED
    if code == STOPPED:
        complain("Stopped. No file was changed. Unless --no-store was asked, the same command goes on from here.")
    return code if isinstance(code, int) else 0
