"""`python -m tools.pages [PAGE ...]`: write the reference pages, then what the commands of every page print now."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tools.pages.blocks import PAGES, ROOT, reading, renew
from tools.pages.written import PICTURES, WRITTEN, draw


def main() -> None:
    """Write whatever is not as it would be written now, and say which pages those are."""
    wanted = [Path(each).resolve() for each in sys.argv[1:]] or sorted({*PAGES, *WRITTEN, *PICTURES})
    with tempfile.TemporaryDirectory() as store:
        for page in wanted:
            before = page.read_text(encoding="utf-8") if page.exists() else ""
            if page in WRITTEN:
                page.write_text(WRITTEN[page](before), encoding="utf-8")
            elif page in PICTURES:
                with reading(Path(store)):
                    page.write_text(draw(PICTURES[page]), encoding="utf-8")
            else:
                renew(page, Path(store))
            if page.read_text(encoding="utf-8") != before:
                print(f"{page.relative_to(ROOT)} is written anew.")


if __name__ == "__main__":
    main()
