"""The command `crux`, from what is typed to what is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jonbar.cli.app import app
from tests.crux.test_crux import EIGHT

FEW = ("--draws", "300", "--tellings", "5", "--no-store")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["crux", "-", *arguments, *FEW], input=EIGHT)


def test_shares_are_told_and_the_same_as_exact_figures() -> None:
    told, exact = run("feast", "--between", "gloomy", "cheerful"), run("feast", "--json")
    assert told.exit_code == exact.exit_code == 0, told.output
    figures = json.loads(exact.stdout)
    first = figures["shares"][0]
    assert f"{100 * first['part']:.0f}%" in told.stdout
    assert sum(each["points"] for each in figures["shares"]) == pytest.approx(figures["gap"])
    assert [each["camp"] for each in figures["camps"]] == ["gloomy", "cheerful"]
    assert "Next: jonbar why - feast --if blew" in told.stdout


def test_the_camps_change_sides_and_the_gap_its_sign() -> None:
    one, other = (
        json.loads(run("feast", "--json", "--between", *pair).stdout)
        for pair in (("gloomy", "cheerful"), ("cheerful", "gloomy"))
    )
    assert one["gap"] == pytest.approx(-other["gap"])
    assert {each["assumption"]: pytest.approx(-each["points"]) for each in one["shares"]} == {
        each["assumption"]: each["points"] for each in other["shares"]
    }


def test_others_working_on_it_change_no_figure() -> None:
    assert run("feast", "--json").stdout == run("feast", "--json", "--workers", "2").stdout


def test_a_picture_is_drawn_beside(tmp_path: Path) -> None:
    result = run("feast", "--picture", str(tmp_path / "crux.svg"))
    assert result.exit_code == 0 and (tmp_path / "crux.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "code"), [(("feast", "--between", "gloomy", "glad"), "E526"), (("fest",), "E511")]
)
def test_what_cannot_be_asked_is_said_under_a_code(arguments: tuple[str, ...], code: str) -> None:
    from jonbar.errors import QuestionError

    result = run(*arguments)
    assert isinstance(result.exception, QuestionError) and result.exception.code == code
