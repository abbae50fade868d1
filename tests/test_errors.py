"""Laws of error codes: each that the program can give has a name, and each name is given somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jonbar.errors
from jonbar.errors import CODES

SOURCE = Path(jonbar.errors.__file__).parent
WRITTEN = re.compile(r"[\"']([EW][1-9][0-9]{2})[\"' ]")


def given() -> set[str]:
    files = (path for path in SOURCE.rglob("*.py") if path.name != "errors.py")
    return {code for path in files for code in WRITTEN.findall(path.read_text(encoding="utf-8"))}


def test_every_code_that_the_program_gives_has_a_name() -> None:
    assert given() - CODES.keys() == set()


def test_every_code_with_a_name_is_given_somewhere() -> None:
    assert CODES.keys() - given() == set()


def test_every_question_that_cannot_be_answered_is_told_what_to_ask_instead() -> None:
    """The page asks its own questions, and so does what it alone calls."""
    without = [
        f"{path.relative_to(SOURCE)}: {ast.unparse(each)}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.parent.name != "web" and path.name != "arguing.py"
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "QuestionError"
        if len(each.args) < 3 and not each.keywords
    ]
    assert without == []


def test_no_two_codes_have_one_name() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert all(name == name.strip() and name[0].isupper() and not name.endswith(".") for name in CODES.values())
