"""A sound scenario with one mistake made in it: the golden file of what each mistake is answered with.

`files/faults.txt` holds one block a mistake: its title, what is taken out of `files/crisis.jonbar.yaml` (`-`), what is
put in (`+`), and every fault that is then found. `python -m tests.scenario.faults` writes the answers anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jonbar.errors import Diagnostic
from jonbar.scenario.read import examine

FILES = Path(__file__).parent / "files"
GOLDEN = FILES / "faults.txt"
CRISIS = (FILES / "crisis.jonbar.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Mistake:
    """One edit of the sound scenario, and what the golden file says of it."""

    title: str
    taken: str
    put: str
    answer: str = ""

    @property
    def text(self) -> str:
        """The scenario with the mistake in it."""
        assert self.taken in CRISIS, f"{self.title}: nothing to take out"
        return CRISIS.replace(self.taken, self.put, 1)


def edit(text: str, *edits: tuple[str, str]) -> str:
    """A text with each first part replaced by the second, where it first stands."""
    for taken, put in edits:
        assert taken in text, taken
        text = text.replace(taken, put, 1)
    return text


def mistakes() -> list[Mistake]:
    """Every mistake of the golden file."""
    found = []
    for block in GOLDEN.read_text(encoding="utf-8").split("\n# ")[1:]:
        title, taken, put, *answer = block.rstrip("\n").split("\n")
        found.append(Mistake(title, _plain(taken), _plain(put), "\n".join(answer)))
    return found


def _plain(line: str) -> str:
    return line[2:].replace("\\n", "\n")


def render(faults: Iterable[Diagnostic]) -> str:
    """Faults as the golden file shows them: place, words, and the line with the place under it."""
    lines = []
    for fault in faults:
        assert fault.span is not None
        lines.append(f"{fault.code} {fault.span.line}:{fault.span.column} {fault.message}")
        parts = (("read", fault.read), ("expected", fault.expected), (fault.remedy, fault.suggestion))
        lines += [f"  {word}: {said}" for word, said in parts if said]
        lines.append(f"  | {fault.snippet}")
        lines.append("  | " + " " * (fault.span.column - 1) + "^")
    return "\n".join(line.rstrip() for line in lines)


def rewrite() -> None:
    """Write the golden file's answers anew."""
    blocks = [GOLDEN.read_text(encoding="utf-8").split("\n# ")[0]]
    for mistake in mistakes():
        taken, put = (each.replace("\n", "\\n") for each in (mistake.taken, mistake.put))
        answer = render(examine(mistake.text, file="crisis.jonbar.yaml")[1])
        blocks.append(f"{mistake.title}\n- {taken}\n+ {put}\n{answer}\n")
    GOLDEN.write_text("\n# ".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
