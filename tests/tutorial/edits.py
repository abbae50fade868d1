"""What a reader of the tutorial does with its blocks: the file as it stands after each step."""

from __future__ import annotations

ORDER = ("actors", "sources", "premises", "variables", "what_if")


def sections(text: str) -> dict[str, str]:
    """The top-level parts of a scenario by their key, each with its lines."""
    return _split(text, 0)


def _split(text: str, indent: int) -> dict[str, str]:
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        starts = line[:indent].isspace() or indent == 0
        if line.strip() and starts and not line[indent].isspace():
            key = line.strip().partition(":")[0]
            found[key] = ""
        found[key] = found.get(key, "") + line + "\n"
    return {name: part.rstrip("\n") + "\n" for name, part in found.items()}


def overwrite(text: str, block: str) -> str:
    """Everything below the title, written anew."""
    kept = [line for line in text.splitlines() if line.startswith(("jonbar:", "scenario:", "title:"))]
    return "\n".join(kept) + "\n\n" + block


def edit(text: str, block: str) -> str:
    """Entries of a block put in place of those of the same name, or added where the reader is told to add them."""
    whole = sections(text)
    for name, part in sections(block).items():
        head, _, body = part.partition("\n")
        old_head, _, old_body = whole.get(name, f"{head}\n").partition("\n")
        entries = _split(old_body, 2) | _split(body, 2)
        if name == "variables":  # a cause goes above its effect
            entries = dict(sorted(entries.items(), key=lambda each: each[0] != "russian_backing"))
        gap = "\n" if name == "variables" else ""
        whole[name] = f"{old_head}\n" + gap.join(entries.values())
    heads = "".join(whole[name] for name in ("jonbar", "scenario", "title"))
    return "\n".join([heads, *(whole[name] for name in ORDER if name in whole)])
