"""A page made into a PDF by a browser of the Chromium family, if there is one: it sets pages better than we could."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from jonbar.errors import QuestionError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome")
PATIENCE = 120  # seconds


def browser() -> str:
    """A browser that prints.

    Errors: E530 there is none.
    """
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise QuestionError(
            "E530",
            "A PDF is printed by a browser, and none of the Chromium family was found.",
            "Install Chromium, or make FILE.html, open it and print it from your own browser.",
        )
    return found


def to_pdf(page: str) -> bytes:
    """An HTML page as a PDF, printed with no network and a profile that is thrown away.

    Errors: E530 the browser did not print.
    """
    program = browser()
    with tempfile.TemporaryDirectory(prefix="jonbar-") as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(page, encoding="utf-8")
        alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # it refuses root otherwise
        words = [
            program, "--headless", "--disable-gpu", *alone, f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer", "--generate-pdf-document-outline", "--disable-background-networking",
            f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(words, capture_output=True, timeout=PATIENCE, check=True)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError):
            advice = "Make FILE.html instead, open it and print it from your own browser."
            raise QuestionError("E530", f"`{program}` did not print the report.", advice) from None
