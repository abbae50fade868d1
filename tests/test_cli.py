"""The door: what each command prints, which exit code it gives, and that no traceback ever leaves it."""

from __future__ import annotations

import contextlib
import csv
import http.client
import io
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from jonbar import __version__
from jonbar.cli import guard
from jonbar.cli.app import COMMANDS, app
from jonbar.cli.drawing import to_png
from jonbar.views.drawing import Picture, text
from tests.views.made_up import BATTLE

SMALL = ["--draws", "60", "--tellings", "20", "--workers", "1"]
Said = tuple[int, str, str]
Ask = Callable[..., Said]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command in an empty folder with a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: str) -> Said:
        capsys.readouterr()
        code = guard(lambda: app(list(words), prog_name="jonbar", standalone_mode=False))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "E999" not in said.err
        return code, said.out, said.err

    return run


@pytest.fixture
def battle(ask: Ask) -> str:
    """A small scenario in this folder."""
    shutil.copy(BATTLE, BATTLE.name)
    return BATTLE.name


def test_the_list_of_commands_says_whole_sentences_on_a_page_of_eighty_columns(ask: Ask) -> None:
    code, said, _ = ask("--help")
    listed = said.partition("Commands:")[2].splitlines()[1:]
    assert code == 0 and len(listed) == len(COMMANDS)
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


def test_a_new_scenario_has_no_fault_is_laid_out_and_already_runs(ask: Ask) -> None:
    code, said, _ = ask("new", "july-1914", "--title", "What if nobody had marched?", "--date", "1914-07")
    assert code == 0 and said.rstrip().endswith("Next: jonbar run july-1914.jonbar.yaml")
    code, said, _ = ask("check", "july-1914.jonbar.yaml")
    assert code == 0 and "No fault." in said and "What if nobody had marched?" in said
    assert ask("fmt", "july-1914.jonbar.yaml", "--check")[0] == 0
    code, said, _ = ask("run", "july-1914.jonbar.yaml", *SMALL)
    assert code == 0 and "With the dice re-rolled instead:" in said
    assert ask("new", "august", "--date", "yesterday")[0] == 2


def test_a_seed_is_any_number_that_fits_eight_bytes(ask: Ask, battle: str) -> None:
    assert ask("run", battle, *SMALL, "--seed", str(2**63 - 1))[0] == 0
    for seed in (str(2**63), "-1"):
        code, _, complaint = ask("run", battle, *SMALL, "--seed", seed)
        assert code == 2 and "--seed" in complaint
    assert ask("run", battle, "--json", "--csv")[0] == 2


def test_a_file_that_is_there_is_never_replaced_unasked(ask: Ask, battle: str) -> None:
    Path(battle).write_text("mine", encoding="utf-8")
    code, _, complaint = ask("new", "battle")
    assert code == 2 and "E508" in complaint and Path(battle).read_text(encoding="utf-8") == "mine"
    assert ask("new", "battle", "--force")[0] == 0 and Path(battle).read_text(encoding="utf-8") != "mine"
    assert ask("show", battle, "-o", battle)[0] == 2
    assert "jonbar: 1" in Path(battle).read_text(encoding="utf-8")


def test_an_answer_can_be_written_to_a_file_and_leaves_nothing_else(ask: Ask, battle: str) -> None:
    assert ask("run", battle, *SMALL, "-o", "answer.txt", "--picture", "answer.svg")[0] == 0
    assert "What if" in Path("answer.txt").read_text(encoding="utf-8")
    assert Path("answer.svg").read_text(encoding="utf-8").startswith("<svg")
    assert {each.name for each in Path().iterdir()} == {battle, "answer.txt", "answer.svg", "cache"}


PICTURED = [
    ["run", "battle.jonbar.yaml"],
    ["why", "battle.jonbar.yaml", "french_victory"],
    ["why", "battle.jonbar.yaml", "attack is noon", "--if", "history"],
    ["tell", "battle.jonbar.yaml"],
]


@pytest.mark.parametrize("words", PICTURED, ids=" ".join)
def test_a_picture_is_drawn_in_the_form_that_its_name_asks_for(ask: Ask, battle: str, words: list[str]) -> None:
    plain = ask(*words, *SMALL, "--csv")[1]
    code, said, told = ask(*words, *SMALL, "--csv", "--picture", "it.svg")
    assert code == 0 and "Drawn in it.svg." in told
    assert said == plain, "a picture beside an answer changes nothing in it"
    assert ElementTree.parse("it.svg").getroot().tag.endswith("svg")
    assert ask(*words, *SMALL, "--picture", "it.PNG")[0] == 0
    pixels = Path("it.PNG").read_bytes()
    assert pixels.startswith(b"\x89PNG\r\n") and len(pixels) > 4000


def test_a_picture_of_causes_shows_the_numbers_that_were_set_by_hand(ask: Ask, battle: str) -> None:
    setting = "french_victory.two_armies=x0.125"
    assert ask("why", battle, "french_victory", *SMALL, "--set", setting, "--picture", "it.svg")[0] == 0
    assert "×0.125" in Path("it.svg").read_text(encoding="utf-8")


def test_a_picture_that_cannot_be_made_is_refused_before_the_work(
    ask: Ask, battle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = ["why", battle, "french_victory"]
    assert "ends in .svg or .png" in ask(*why, "--picture", "it.gif")[2]
    assert "one question" in ask("why", battle, "rain and french_victory", "--picture", "it.svg")[2]
    assert ask(*why, "--necessary", "--picture", "it.svg")[0] == 2
    code, _, told = ask("run", battle, "--of", "rain", "--picture", "it.svg")
    assert code == 2 and "E513" in told
    Path("it.svg").write_text("mine", encoding="utf-8")
    code, _, told = ask(*why, "--picture", "it.svg")
    assert code == 2 and "E508" in told
    monkeypatch.setattr("jonbar.cli.drawing.FONTS", ())
    code, _, told = ask(*why, "--picture", "it.png")
    assert code == 2 and "E509" in told and "font" in told
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    code, _, told = ask(*why, "--picture", "it.png")
    assert code == 2 and "E509" in told and "jonbar[png]" in told
    assert not Path("it.png").exists()


def test_letters_appear_in_pixels() -> None:
    one, other = (to_png(Picture("a", "b", 200, 60, (text(10, 40, said),))) for said in ("mmmm", "iiii"))
    assert one != other


@pytest.mark.parametrize(
    "words",
    [
        ["check", "battle.jonbar.yaml"],
        ["show", "battle.jonbar.yaml"],
        ["show", "battle.jonbar.yaml", "attack"],
        ["run", "battle.jonbar.yaml", *SMALL],
        ["why", "battle.jonbar.yaml", "french_victory", *SMALL],
        ["tell", "battle.jonbar.yaml", *SMALL],
        ["audit", "battle.jonbar.yaml", *SMALL],
    ],
)
def test_the_last_line_says_what_to_do_next_and_can_be_left_out(ask: Ask, battle: str, words: list[str]) -> None:
    code, said, _ = ask(*words)
    last = said.rstrip().splitlines()[-1]
    assert code == 0 and last.startswith("Next: jonbar ")
    following = shlex.split(last.removeprefix("Next: jonbar "))
    assert ask(*following, *(SMALL if following[0] in ("run", "why", "tell", "audit") else []))[0] == 0
    assert "Next:" not in ask(*words, "--no-next")[1]


def test_the_same_seed_prints_the_same_figures_with_and_without_the_store(ask: Ask, battle: str) -> None:
    first = ask("run", battle, *SMALL, "--json")[1]
    assert ask("run", battle, *SMALL, "--json")[1] == first
    assert ask("run", battle, *SMALL, "--json", "--no-store")[1] == first
    assert ask("run", battle, *SMALL, "--json", "--seed", "0")[1] != first


def test_the_store_may_be_damaged_or_deleted(ask: Ask, battle: str) -> None:
    first = ask("run", battle, *SMALL, "--json")[1]
    entries = list(Path("cache/jonbar/posteriors").iterdir())
    assert len(entries) == 2  # what history taught, and the answers
    for entry in entries:
        for damage in (b"", b"nonsense", entry.read_bytes()[:-20]):
            entry.write_bytes(damage)
            assert ask("run", battle, *SMALL, "--json")[1] == first
            assert entry.read_bytes() != damage
    for entry in entries:
        entry.unlink()
    assert ask("run", battle, *SMALL, "--json", "--no-store")[1] == first
    assert not list(Path("cache/jonbar/posteriors").iterdir())


def test_a_comment_or_a_reason_does_not_empty_the_store(ask: Ask, battle: str) -> None:
    ask("run", battle, *SMALL)
    text = Path(battle).read_text(encoding="utf-8")
    Path(battle).write_text(
        "# a comment\n" + text.replace("He meant to begin early.", "He was in haste."), encoding="utf-8"
    )
    ask("run", battle, *SMALL)
    assert len(list(Path("cache/jonbar/posteriors").iterdir())) == 2
    ask("run", battle, *SMALL, "--set", "attack.mud=x2")
    assert len(list(Path("cache/jonbar/posteriors").iterdir())) == 4


def test_exact_figures_say_how_they_were_obtained(ask: Ask, battle: str) -> None:
    found = json.loads(ask("run", battle, *SMALL, "--json", "--luck", "2 years", "--set", "attack.mud=x2")[1])
    assert (found["seed"], found["draws"], found["tellings"]) == (1962, 60, 20)
    assert found["luck"] == "half-life 2 years" and found["set"] == {"attack.mud": "x2"}
    assert found["do"] == {"rain": "no"}
    answer = found["lines"][0]["here"]["yes"]
    assert answer["estimand"] and answer["method"] and "attained_low" in answer
    rows = list(csv.DictReader(io.StringIO(ask("run", battle, *SMALL, "--csv")[1])))
    assert {each["timeline"] for each in rows} == {"really", "here", "rerolled"}
    assert {each["variable"] for each in rows} == {
        "rain",
        "attack",
        "prussians_in_time",
        "french_victory",
        "abdication",
    }


def test_supposing_conditions_and_is_said_apart(ask: Ask, battle: str) -> None:
    code, said, _ = ask("run", battle, *SMALL, "--given", "not prussians_in_time")
    assert code == 0 and "Supposing that here: not prussians_in_time" in said


@pytest.mark.parametrize(
    "target", ["french_victory", "attack is morning", "abdication by 1815", "french_victory and rain"]
)
def test_why_answers_any_condition(ask: Ask, battle: str, target: str) -> None:
    code, said, _ = ask("why", battle, target, *SMALL)
    assert code == 0 and f"chance of {target}" in " ".join(said.split())
    assert ask("why", battle, target, *SMALL, "--if", "history")[0] == 0
    found = json.loads(ask("why", battle, target, *SMALL, "--json")[1])
    assert {"push", "difference", "error", "without", "status"} <= set(found["pushes"][0])
    assert ask("why", battle, target, *SMALL, "--csv")[1].startswith("push,")


def test_an_audit_answers_in_every_form_and_about_any_outcome(ask: Ask, battle: str) -> None:
    code, said, _ = ask("audit", battle, *SMALL)
    assert code == 0 and "6 Projectability" in said and "A miracle" in said
    code, said, _ = ask("audit", battle, *SMALL, "--about", "abdication by 1815", "--all")
    assert code == 0 and "Of the links that move abdication by 1815" in " ".join(said.split())
    found = json.loads(ask("audit", battle, *SMALL, "--json")[1])
    assert found["audit"]["cotenability"]["chance"]["value"] > 0.0 and found["seed"] == 1962
    assert ask("audit", battle, *SMALL, "--json", "--no-store")[1] == ask("audit", battle, *SMALL, "--json")[1]
    assert ask("audit", battle, *SMALL, "--csv")[1].startswith("figure,value")
    code, _, complaint = ask("audit", battle, *SMALL, "--about", "attack")
    assert code == 2 and "E512" in complaint


def test_necessity_is_asked_of_an_act_with_all_luck_kept(ask: Ask, battle: str) -> None:
    code, said, _ = ask("why", battle, "french_victory", "--necessary", *SMALL)
    assert code == 0 and "Rather than: rain is yes" in " ".join(said.split()) and "any coupling" in said
    found = json.loads(ask("why", battle, "french_victory", "--necessary", *SMALL, "--json")[1])
    bounded = found["necessity"]["enough"]
    assert bounded["least"] - 1e-9 <= bounded["point"]["value"] <= bounded["most"] + 1e-9
    assert ask("why", battle, "french_victory", "--necessary", *SMALL, "--csv")[1].startswith("figure,value")
    for words in (["--rather-than", "yes"], ["--necessary", "--luck", "re-roll"], ["--necessary", "--if", "history"]):
        assert ask("why", battle, "french_victory", *words, *SMALL)[0] == 2
    code, _, complaint = ask("why", "cuba", "seen_as_defeat", "--if", "backed_down", "--necessary", *SMALL)
    assert code == 2 and "E518" in complaint and "--rather-than secret_trade" in " ".join(complaint.split())


def test_why_answers_even_where_no_argument_bears(ask: Ask, battle: str) -> None:
    code, said, _ = ask("why", battle, "rain", *SMALL, "--if", "history")
    assert code == 0 and "Almost certainly: >99%" in said and "No argument of this scenario bears on it." in said


@pytest.mark.parametrize("form", ["text", "markdown", "bbcode"])
def test_the_same_number_tells_the_same_story(ask: Ask, battle: str, form: str) -> None:
    story = ask("tell", battle, *SMALL, "--format", form)
    assert story[0] == 0 and story == ask("tell", battle, *SMALL, "--format", form)
    stories = {ask("tell", battle, *SMALL, "--format", form, "--number", str(number))[1] for number in range(6)}
    assert len(stories) > 1


def test_two_files_are_compared_by_meaning(ask: Ask, battle: str) -> None:
    text = Path(battle).read_text(encoding="utf-8")
    Path("same.jonbar.yaml").write_text(text + "\n# only a comment\n", encoding="utf-8")
    assert "They mean the same." in ask("diff", battle, "same.jonbar.yaml")[1]
    Path("other.jonbar.yaml").write_text(text.replace("30% to 50%", "20% to 50%"), encoding="utf-8")
    code, said, _ = ask("diff", battle, "other.jonbar.yaml")
    assert code == 0 and "1 difference." in said and "rain" in said


def test_two_readings_are_compared_by_meaning(ask: Ask) -> None:
    code, said, _ = ask("diff", "cuba", "backed_down", "never_raised")
    assert code == 0 and "silence" in said and "They mean the same" not in said
    assert "They mean the same." in ask("diff", "cuba", "backed_down", "backed_down")[1]


def test_an_editor_is_given_the_names_of_a_scenario(ask: Ask, battle: str) -> None:
    assert ask("schema", battle, "-o", "battle.schema.json")[0] == 0
    assert "prussians_in_time" in Path("battle.schema.json").read_text(encoding="utf-8")
    assert json.loads(ask("schema")[1])["type"] == "object"


def test_a_scenario_is_shown_in_words_with_its_sources_two_steps_away(ask: Ask, battle: str) -> None:
    said = ask("show", battle)[1]
    assert "Does Napoleon win the day?" in said and "put an author here" not in said
    assert "put an author here" in ask("show", battle, "attack")[1]
    assert json.loads(ask("show", battle, "--json")[1])["variables"]["rain"]["kind"] == "event"


def test_faults_are_listed_all_at_once_with_their_places(ask: Ask, battle: str) -> None:
    text = (
        Path(battle)
        .read_text(encoding="utf-8")
        .replace("1815-06-18\n    who", "1815-06-31\n    who")
        .replace("odds: x4 to x12", "odds: x4 to 12%")
    )
    Path(battle).write_text(text, encoding="utf-8")
    code, said, _ = ask("check", battle)
    assert (
        code == 2
        and said.count("battle.jonbar.yaml:") >= 2
        and "^^^^" in said
        and "see: docs/reference/errors.md#e" in said
    )
    found = json.loads(ask("check", battle, "--json")[1])
    assert len(found["faults"]) >= 2 and all(each["span"]["line"] for each in found["faults"])
    code, said, complaint = ask("run", battle)
    assert code == 2 and not said and complaint.count("battle.jonbar.yaml:") >= 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["run", "nowhere"], "E503"),
        (["run", "cubaa"], "E503"),
        (["run", "nowhere.yaml"], "E504"),
        (["run", "."], "E50"),
        (["run", "battle.jonbar.yaml", "--if", "dry_nigth"], "E505"),
        (["run", "battle.jonbar.yaml", "--luck", "sometimes"], "E506"),
        (["run", "battle.jonbar.yaml", "--set", "attack.mud"], "E507"),
        (["run", "battle.jonbar.yaml", "--set", "attack.mut=x2"], "E501"),
        (["run", "battle.jonbar.yaml", "--set", "attack.mud=often"], "E502"),
        (["run", "battle.jonbar.yaml", "--given", "rain and"], "E510"),
        (["run", "battle.jonbar.yaml", "--given", "snow"], "E511"),
        (["run", "battle.jonbar.yaml", "-o", "nowhere/answer.txt"], "E504"),
        (["run", "battle.jonbar.yaml", "--cluster", "tcp://127.0.0.1:9"], "E509"),
        (["why", "battle.jonbar.yaml", "attack"], "E512"),
        (["show", "battle.jonbar.yaml", "atack"], "E513"),
        (["new", "../.."], "E515"),
        (["new", "Suez 1956"], "such as suez-1956"),
        (["new", "suez", "--date", "5 November 1956"], "Write 1956-11-05"),
        (["fmt", "cuba-1962"], "E504"),
        (["run", "battle.jonbar.yaml", "--draws", "many"], "Invalid value"),
        (["run", "battle.jonbar.yaml", "--json", "--csv"], "Choose one"),
        (["tell", "battle.jonbar.yaml", "--format", "opera"], "text, markdown or bbcode"),
        (["dance"], "No such command"),
    ],
)
def test_a_wrong_question_gets_a_sentence_and_exit_code_two(ask: Ask, battle: str, words: list[str], code: str) -> None:
    given, _, complaint = ask(*words)
    assert given == 2 and code in complaint


def test_what_cannot_be_laid_out_is_said_of_the_file_that_was_named(ask: Ask) -> None:
    Path("untidy.jonbar.yaml").write_text("title: He said: no\n", encoding="utf-8")
    code, _, complaint = ask("fmt", "untidy.jonbar.yaml")
    assert code == 2 and "untidy.jonbar.yaml:1:8" in complaint


def test_a_file_only_extends_what_lies_beside_it(ask: Ask, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("jonbar: 1\npassword: hunter2\n", encoding="utf-8")
    (tmp_path / "in").mkdir()
    for reach in ("../secret.yaml", str(secret)):
        (tmp_path / "in" / "overlay.jonbar.yaml").write_text(
            f"jonbar: 1\nscenario: x\nextends: {reach}\n", encoding="utf-8"
        )
        code, said, _ = ask("check", "in/overlay.jonbar.yaml")
        assert code == 2 and "E113" in said and "hunter2" not in said


def test_a_fault_of_the_program_is_a_sentence_with_a_way_to_report_it(
    ask: Ask, battle: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("jonbar.report.build.compile_model", broken)
    words = ["run", battle]
    assert guard(lambda: app(words, prog_name="jonbar", standalone_mode=False)) == 70
    complaint = capsys.readouterr().err
    assert "E999" in complaint and "JONBAR_DEBUG=1" in complaint and "secret" not in complaint
    monkeypatch.setenv("JONBAR_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        guard(lambda: app(words, prog_name="jonbar", standalone_mode=False))


def test_it_says_which_version_it_is(ask: Ask) -> None:
    assert ask("--version")[:2] == (0, f"jonbar {__version__}\n")


def test_every_command_has_help_in_ordinary_words(ask: Ask) -> None:
    for command in COMMANDS:
        code, said, _ = ask(command.__name__, "--help")
        assert code == 0 and "Usage: jonbar" in said


def outside(
    *words: str, folder: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "80", **(env or {})}
    command = [sys.executable, "-m", "jonbar", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, cwd=folder)


def test_nothing_leaves_a_real_process_but_sentences(tmp_path: Path) -> None:
    (tmp_path / "battle.jonbar.yaml").write_text(BATTLE.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "bytes.yaml").write_bytes(bytes(range(256)) * 10)
    env = {"XDG_CACHE_HOME": "/proc/nowhere"}  # a store that cannot be written to
    runs = [
        (["run", "battle.jonbar.yaml", *SMALL], 0),
        (["run", "battle.jonbar.yaml", "--draws", "200", "--tellings", "120", "--workers", "2"], 0),
        (["check", "bytes.yaml"], 2),
        (["run", "bytes.yaml"], 2),
        (["run", "missing.yaml"], 2),
    ]
    for words, code in runs:
        done = outside(*words, folder=tmp_path, env=env)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr + done.stdout and "\x1b" not in done.stdout + done.stderr
    poor = outside("run", "battle.jonbar.yaml", *SMALL, folder=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert poor.returncode == 0 and "Traceback" not in poor.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path: Path) -> None:
    command = f"{sys.executable} -m jonbar show cuba | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.stderr == "" and done.stdout.startswith("What if")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
def test_stopping_stops_and_says_what_was_kept(tmp_path: Path) -> None:
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # even in the background
    words = ["run", "cuba", "--draws", "40000", "-o", "answer.txt", "--workers", "2"]
    started = subprocess.Popen(
        [sys.executable, "-c", f"{heeding}; from jonbar.cli import main; main()", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)}, start_new_session=True,
    )  # fmt: skip
    complaint = ""
    try:
        time.sleep(4)
        for _ in range(30):  # as a person presses the keys again where the first time fell into an import
            os.killpg(started.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                _, complaint = started.communicate(timeout=2)
                break
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
    assert started.returncode == 130
    assert "Stopped." in complaint and "Traceback" not in complaint
    assert not (tmp_path / "answer.txt").exists()


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys; from jonbar.cli import guard; from jonbar.cli.app import app; "
        "guard(lambda: app(['--help'], prog_name='jonbar', standalone_mode=False)); "
        "print([each for each in ('numpy', 'scipy', 'yaml', 'ruamel', 'rich.table', 'jonbar.scm', 'jonbar.query') "
        "if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout[-300:]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("jonbar run cu", "cuba-1962"),
        ("jonbar run cuba --if back", "backed_down"),
        ("jonbar why cuba goldw", "goldwater_president"),
    ],
)
def test_a_shell_completes_scenarios_readings_and_variables(line: str, wanted: str) -> None:
    count = str(len(line.split()) - 1)
    env = {"_JONBAR_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": count}
    done = outside(env=env)
    assert wanted in done.stdout.split(), done.stdout + done.stderr


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_a_report_is_written_in_the_form_that_its_name_asks_for(ask: Ask, battle: str, form: str) -> None:
    code, said, _ = ask("report", battle, *SMALL, "-o", f"battle.{form}")
    text = Path(f"battle.{form}").read_text(encoding="utf-8")
    assert code == 0 and said.rstrip().splitlines()[-1].startswith("Next: jonbar why ")
    assert text.startswith({"html": "<!doctype html>", "md": "# What if", "json": "{"}[form])
    assert ask("report", battle, *SMALL, "-o", f"battle.{form}")[0] == 2
    if form == "json":
        assert json.loads(text) == json.loads(ask("report", battle, *SMALL, "--json")[1])


def test_a_report_of_no_known_form_is_refused_before_the_work(ask: Ask, battle: str) -> None:
    assert ask("report", battle, *SMALL, "-o", "battle.docx")[0] == 2


def test_a_pdf_needs_a_browser_and_says_so_kindly(ask: Ask, battle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    code, _, complaint = ask("report", battle, *SMALL, "-o", "battle.pdf")
    assert code == 2 and "E530" in complaint and "Install Chromium" in complaint and not Path("battle.pdf").exists()


def test_the_same_seed_writes_the_same_report(ask: Ask, battle: str) -> None:
    ask("report", battle, *SMALL, "-o", "one.html")
    ask("report", battle, *SMALL, "-o", "other.html", "--no-store")
    assert Path("one.html").read_bytes() == Path("other.html").read_bytes()


def test_a_page_needs_a_what_if_a_free_port_and_a_file_to_watch(ask: Ask, battle: str) -> None:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    with taken:
        code, _, complaint = ask("open", battle, *SMALL, "--no-browser", "--port", str(taken.getsockname()[1]))
    assert code == 2 and "E531" in complaint
    code, _, complaint = ask("open", "cuba", "--watch", "--no-browser")
    assert code == 2 and "E531" in complaint
    Path("bare.jonbar.yaml").write_text(
        "jonbar: 1\nscenario: bare\nvariables: {rain: {ask: Does it rain?, when: 1914-06, chance: 30%}}\n",
        encoding="utf-8",
    )
    assert "E514" in ask("open", "bare.jonbar.yaml", "--no-browser")[2]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_page_is_served_follows_its_file_and_ends_with_its_processes(battle: str, sign: int, tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    words = [sys.executable, "-m", "jonbar", "open", battle, *SMALL[:-2], "--workers", "2", "--watch", "--no-browser"]
    text = Path(battle).read_text(encoding="utf-8")
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True) as server:
        assert server.stdout is not None
        host, _, token = server.stdout.readline().split("http://")[1].strip().partition("/")
        with contextlib.closing(http.client.HTTPConnection(host, timeout=60)) as connection:
            try:
                connection.request("GET", f"/{token}")
                assert b"<title>Jonbar</title>" in connection.getresponse().read()
                assert _asked(connection, token, "answer")["rows"]
                Path(battle).write_text(text.replace("chance: 45% to 70%", "chance: 450%"), encoding="utf-8")
                (fault,) = _asked(connection, token, "news?since=1")["faults"]
                line = text[: text.index("chance: 45% to 70%")].count("\n") + 1
                assert fault["line"] == line and "450%" in fault["snippet"]
                assert _asked(connection, token, "answer")["rows"], "the last good answer is kept"
                Path(battle).write_text(text, encoding="utf-8")
                assert _asked(connection, token, "news?since=2") == {"version": 3, "faults": []}
            finally:
                server.send_signal(sign)
                assert server.wait(timeout=20) in (0, 130)
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_page_that_is_closed_while_history_runs_ends_at_once(sign: int, tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    words = [sys.executable, "-m", "jonbar", "open", "cuba", "--workers", "2", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        time.sleep(3.0)  # history, which nobody has run before, is on its way by now
        server.send_signal(sign)
        try:
            assert server.wait(timeout=30) in (0, 130)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


def _asked(connection: http.client.HTTPConnection, token: str, what: str) -> Any:
    """What the page's server answers."""
    if "?" in what:
        connection.request("GET", f"/{token}api/{what}")
    else:
        body = json.dumps({"reading": "dry_night"})
        connection.request("POST", f"/{token}api/{what}", body, {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())
