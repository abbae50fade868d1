"""Every fault of a file is found at once, each at its place, in words that say what to write instead."""

from __future__ import annotations

from random import Random

import pytest

from jonbar.errors import CODES, Diagnostic, Severity
from jonbar.scenario.read import examine
from tests.scenario.faults import CRISIS, Mistake, edit, mistakes, render

MISTAKES = mistakes()
# A mistake that hides others: nothing else can be read, or what the other one is about is gone.
WHOLE_FILE = {"an unknown version", "no version", "no variables", "a list where a mapping is needed"}


def faults(text: str) -> tuple[Diagnostic, ...]:
    return examine(text, file="crisis.jonbar.yaml")[1]


def words(found: tuple[Diagnostic, ...]) -> set[tuple[str, str]]:
    return {(fault.code, fault.message) for fault in found}


def test_a_sound_scenario_has_no_fault_and_nothing_to_warn_of() -> None:
    scenario, found = examine(CRISIS, file="crisis.jonbar.yaml")
    assert scenario is not None and found == ()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_each_mistake_is_answered_with_its_place_and_what_to_write(mistake: Mistake) -> None:
    assert render(faults(mistake.text)) == mistake.answer


def test_every_mistake_of_the_golden_file_is_a_mistake() -> None:
    assert all(mistake.answer for mistake in MISTAKES)
    codes = {line[:4] for mistake in MISTAKES for line in mistake.answer.split("\n") if line[:1] in "EW"}
    assert codes <= set(CODES) and {code for code in CODES if code.startswith("E3")} <= codes
    assert len({mistake.title for mistake in MISTAKES}) == len(MISTAKES) > 90


def test_two_mistakes_in_different_variables_are_both_reported() -> None:
    alone = {mistake.title: mistake for mistake in MISTAKES if mistake.title not in WHOLE_FILE}
    pairs = [
        ("an unknown name in a condition", "a percent sign in a quantity"),
        ("Kennedy and the tactical warheads", "a sum of two units"),
        ("a chance without its percent sign", "a change to a state that is not there"),
        ("a hazard that does not say how often", "a memoir that measures"),
        ("two mechanisms", "a camp that reads nothing that is there"),
        ("a date that is none", "a mean of an event"),
        ("a choice with one state", "a record of another year"),
        ("an unknown key", "a hedge that was never surveyed"),
        ("a scale that is none", "luck that is no setting of the dial"),
    ]
    for first, second in pairs:
        one, two = alone[first], alone[second]
        both = edit(CRISIS, (one.taken, one.put), (two.taken, two.put))
        assert words(faults(both)) >= words(faults(one.text)) | words(faults(two.text)), (first, second)


def test_a_variable_with_a_fault_of_its_own_causes_no_other_faults() -> None:
    for line in ("when: 1962-11\n", "chance: 5% to 15%", "centre: 60 to 64", "start: 30 to 50", "hazard: 8% to 15%"):
        key = line.partition(":")[0]
        found = faults(edit(CRISIS, (f"    {line}", f"    {key}: ??{line[-1] if line.endswith(chr(10)) else ''}")))
        assert len(found) == 1, render(found)


def shuffled(random: Random) -> str:
    """The sound scenario with its variables in another order."""
    before, middle = CRISIS.split("variables:\n")
    section, after = middle.split("what_if:\n")
    blocks: list[str] = []
    for line in section.rstrip("\n").split("\n"):
        if line.startswith("  ") and not line.startswith("   "):
            blocks.append(line)
        else:
            blocks[-1] += f"\n{line}"
    assert len(blocks) == 10
    random.shuffle(blocks)
    return f"{before}variables:\n" + "\n".join(blocks) + f"\nwhat_if:\n{after}"


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_declaration_does_not_matter(seed: int) -> None:
    assert examine(shuffled(Random(seed)), file="other")[0] == examine(CRISIS, file="crisis")[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_declaration_does_not_change_what_is_wrong(seed: int) -> None:
    edits = (("if: warheads_thought", "if: tactical_warheads"), ("per 10 points", "per 10 launchers"))
    assert words(faults(edit(shuffled(Random(seed)), *edits))) == words(faults(edit(CRISIS, *edits)))


def test_readings_of_different_what_ifs_have_different_names() -> None:
    other = "what_if:\n  retreats: {says: x, readings: {slow: {says: y, do: {reply: pledge}}}}\n"
    found = faults(edit(CRISIS, ("what_if:\n", other)))
    assert words(found) == {("E321", "Two readings are called `slow`.")}


def test_a_premise_and_a_variable_cannot_share_a_name() -> None:
    found = faults(edit(CRISIS, ("variables:\n", "variables:\n  resolve_travels: {ask: Q, when: 1965, chance: 5%}\n")))
    assert ("E321", "`resolve_travels` is both a premise and a variable.") in words(found)


def test_a_circle_is_printed_as_a_loop() -> None:
    circle = "    when: 1962-11\n    chance: 10%\n    ask: Q\n    otl: no\n"
    extra = "".join(
        f"  {name}:\n{circle}    pushes:\n      p: {{odds: x2, if: {read}, because: y}}\n"
        for name, read in (("anger", "blame"), ("blame", "shame"), ("shame", "anger"))
    )
    found = faults(edit(CRISIS, ("variables:\n", f"variables:\n{extra}")))
    assert words(found) == {("E325", "These variables read each other in a circle: anger -> blame -> shame -> anger.")}


def test_series_may_read_each_others_past_but_not_the_same_year_in_a_circle() -> None:
    arms = "  {}: {{ask: Q, each: year, start: 30, otl: {{1962: 30}}, is: {} + 1}}\n"

    def found(reads: str) -> tuple[Diagnostic, ...]:
        extra = arms.format("theirs", f"{reads}ours") + arms.format("ours", f"{reads}theirs")
        return faults(edit(CRISIS, ("variables:\n", f"variables:\n{extra}")))

    assert found("last ") == ()
    (circle,) = found("")
    assert circle.code == "E325" and circle.suggestion is not None and circle.suggestion.endswith("`last ours`")


@pytest.mark.parametrize(
    ("formula", "sound"),
    [
        ("last arms + 1", True),
        ("last arms + last icbm", True),
        ("last arms + icbm", True),
        ("last arms + approval", True),  # its first year is given, and the second has it
        ("last arms + vote", False),  # of 1964
        ("last arms + icbm in 1965", False),
    ],
)
def test_a_series_adds_up_only_numbers_that_every_year_has(formula: str, sound: bool) -> None:
    text = edit(CRISIS, ("unit: launchers\n", "note: x\n"), ("unit: percent\n", "note: x\n"))
    text = edit(text, ("unit: percent\n", "note: x\n"))
    series = f"  arms: {{ask: Q, each: year, start: 30, otl: {{1962: 30}}, is: {formula}}}\n"
    found = faults(edit(text, ("variables:\n", f"variables:\n{series}")))
    assert [fault.code for fault in found] == ([] if sound else ["E324"])


@pytest.mark.parametrize(
    ("known", "who", "may_read"),
    [
        ("{Washington: 1962-10, public: 1992}", "Kennedy", True),  # a member knows what his group knows
        ("{ExComm: 1962-10, public: 1992}", "Washington", False),  # a group does not know what one member knows
        ("{Kennedy: 1962-10, public: 1992}", "ExComm", False),
        ("{Kremlin: 1962-10, public: 1962-10-27}", "Kennedy", True),  # public in time
        ("{Kremlin: 1962-10, public: 1962-10-29}", "Kennedy", False),  # a day too late
        ("{Kremlin: 1962-10}", "Khrushchev", True),
        ("{Kremlin: 1962-10}", "public", False),  # voters and what was kept from them
    ],
)
def test_a_choice_reads_only_what_its_chooser_could_know(known: str, who: str, may_read: bool) -> None:
    text = edit(
        CRISIS,
        ("known: {Kremlin: 1962-10, public: 1992-01}", f"known: {known}"),
        ("who: Kennedy", f"who: {who}"),
        ("if: warheads_thought", "if: tactical_warheads"),
    )
    assert [fault.code for fault in faults(text) if fault.severity is Severity.ERROR] == ([] if may_read else ["E326"])


def test_somebody_knows_his_own_beliefs_and_decisions_whatever_else_is_known() -> None:
    believed = edit(CRISIS, ("belief of: Washington", "belief of: Washington\n    known: {public: 1990}"))
    assert faults(believed) == ()
    decided = edit(
        believed, ("    belief of: Washington\n", "    who: Kennedy\n"), ("    about: tactical_warheads\n", "")
    )
    assert faults(decided) == ()


def test_what_is_unused_wide_or_only_a_word_is_warned_of() -> None:
    text = edit(
        CRISIS,
        ("  memoir: {", "  diary: {author: X, kind: memoir}\n  memoir: {"),
        ("  mood:\n", "  idle: {ask: Q, when: 1963, chance: 10%}\n  mood:\n"),
        ("add: x1.05 to x1.2", "add: x0.05 to x1200"),
        ("chance: 5% to 20%", "chance: unlikely"),
    )
    scenario, found = examine(text, file="crisis")
    assert scenario is not None
    assert [(each.code, each.severity) for each in found] == [
        ("W331", Severity.WARNING),
        ("W334", Severity.WARNING),
        ("W333", Severity.WARNING),
        ("W332", Severity.WARNING),
    ]


PIECES: tuple[str, ...] = (
    "{",
    "}",
    "[",
    "]",
    ":",
    "-",
    "&a",
    "*a",
    "!x",
    "#",
    "'",
    '"',
    "|",
    ">",
    "yes",
    "5%",
    "x3",
    "~",
    "last",
    "in",
)
PIECES += (
    "by",
    "is",
    "not",
    "\t",
    "\x00",
    "²",
    "1e400",
    "9" * 20,
    "\u2028",
    "1962-10",
    "9999",
    "0000",
    "per",
    "of",
    "(",
)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_text_the_answer_is_faults_and_never_a_traceback(seed: int) -> None:
    random = Random(seed)
    for _ in range(25):
        lines = CRISIS.split("\n")
        for _ in range(random.randrange(1, 4)):
            row = random.randrange(len(lines))
            parts = lines[row].split(" ")
            parts[random.randrange(len(parts))] = random.choice(PIECES)
            lines[row] = random.choice((" ".join(parts), lines[random.randrange(len(lines))]))
        scenario, found = examine("\n".join(lines), file="crisis")
        assert (scenario is None) == any(fault.severity is Severity.ERROR for fault in found)


@pytest.mark.parametrize(
    "condition",
    ["not " * 500 + "warheads_thought", "(" * 500 + "warheads_thought", "1 + " * 480 + "1 > 2", "a" * 3000],
    ids=["not not not", "brackets", "a long sum", "a long name"],
)
def test_a_condition_of_any_depth_or_length_is_answered(condition: str) -> None:
    found = faults(edit(CRISIS, ("if: warheads_thought", f"if: {condition}")))
    assert {fault.code for fault in found} <= {"E210", "E211"} and found
