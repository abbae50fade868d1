"""The page of error codes: what each means, and the smallest file or command that gives it with what is then printed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml

from jonbar.errors import CODES
from tools.pages.blocks import reading, run

SAYINGS: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text(encoding="utf-8"))
RAIN = """\
# rain.jonbar.yaml
jonbar: 1
scenario: rain
variables:
  rain: {ask: Does it rain in June?, when: 1914-06, otl: yes, chance: 20% to 40%}
  answer: {ask: What does the town do?, when: 1914-07, otl: wait, states: {wait: 60%, build: 40%}}
what_if:
  dry: {says: It stays dry in June., do: {rain: no}}
"""
INTRODUCTION = f"""\
# Errors and warnings

Every complaint has a code, says where and what was expected, and ends with a line that leads to this page. What follows `write` belongs in place of what is marked, to the letter; what follows `add` is a line that the marked entry lacks; `do` says what to do where no one text would be right. A code that begins with W warns; the file can be used.

All faults of a file come at once. A misspelt key or name is read on as the one that is offered, a number or date that cannot be read is stood in for, and where a rule of YAML is broken that place is passed over; so one fault seldom hides another, and breeds none. These may still hide some:

- a file that is no text, is too large, or holds a second document (E101, E102, E107, E108), one of a later version (E112), and one that extends what cannot be found (E113);
- a rule of YAML that is broken so that nobody can tell where the text goes on, such as a list that turns into entries, or that is broken in more than thirty places (E103);
- a part that cannot be read hides what depends on it: the kind, the states, the scale or the formula of a variable, the years of series, the names of a section;
- the second of two entries with one name (E104) is not read;
- warnings come when there is no fault left, and more than a thousand faults are not shown.

Below, each code is shown with the smallest file that gives it. Commands that ask something ask it of this file:

```yaml
{RAIN}```
"""
CHAPTERS = {
    "E1": "The file and its YAML",
    "E2": "Dates and numbers",
    "E3": "Names, kinds, order, and who could know",
    "W3": "Warnings of a check",
    "E4": "While it runs",
    "W4": "Warnings of a run",
    "E5": "Questions and settings",
    "E9": "The program itself",
}


def faults_page() -> str:
    """docs/reference/errors.md, whole: every example is run."""
    parts, chapter = [INTRODUCTION], ""
    with tempfile.TemporaryDirectory() as store, reading(Path(store)):
        Path("rain.jonbar.yaml").write_text(RAIN, encoding="utf-8")
        for code in CODES:
            if code[:2] != chapter:
                chapter = code[:2]
                parts.append(f"## {CHAPTERS[chapter]}\n")
            parts.append(_section(code))
    return "\n".join(parts)


def _section(code: str) -> str:
    said = SAYINGS[code]
    lines = [f"### {code}", "", f"**{CODES[code]}.** {said['means'].strip()}", ""]  # a heading that every viewer links
    if "unseen" in said:
        return "\n".join([*lines, said["unseen"], ""])
    command = said.get("ask", "jonbar check example.jonbar.yaml --no-next")
    if "file" in said:
        text = f"# example.jonbar.yaml with a fault\n{said['file']}" if "ask" not in said else said["file"]
        text = text if "ask" not in said else f"# example.jonbar.yaml\n{text}"
        Path("example.jonbar.yaml").write_text(text, encoding="utf-8")
        lines += ["```yaml", text.rstrip("\n"), "```", ""]
    printed = _first(run(command)) if code[0] == "W" else run(command).rstrip()
    assert code in printed, f"{code} is not what `{command}` answers:\n{printed}"
    return "\n".join([*lines, "```console", f"$ {command}", *printed.split("\n"), "```", ""])


def _first(printed: str) -> str:
    """A warning, and a sign that what the file holds comes after it."""
    return printed.partition("\n\n")[0] + "\n..."
