"""`extends:`: a file that holds only its differences from another scenario."""

from __future__ import annotations

from collections.abc import Callable

from jonbar.errors import JonbarError
from jonbar.scenario.document import Document, Node, Table, Text, parse_document
from jonbar.scenario.gather import Gatherer
from jonbar.scenario.keys import A_VERSION, VERSIONS, WRONG_VERSION
from jonbar.scenario.mend import mend

MOST_LEVELS = 5
Load = Callable[[str], tuple[str, str]]


def extend(document: Document, gather: Gatherer, load: Load | None, chain: tuple[str, ...] = ()) -> Document | None:
    """A document, mended and laid over the one that it extends: mappings are joined, everything else is replaced.

    A value `null` or `~` takes an entry away. None if what is extended cannot be read.
    Errors: E112 another version of the language; E113 a scenario that cannot be found, a circle, or too many levels.
    """
    document = mend(document, gather)
    node = document.root.get("extends")
    if not isinstance(node, Text) or node.text in ("none", "", "null", "~"):
        return document
    name = node.text
    if load is None:
        gather.report("E113", f"`{name}` cannot be looked up here.", node.span)
        return None
    if name in chain or len(chain) >= MOST_LEVELS:
        gather.report("E113", f"`{name}` extends itself, or too many others.", node.span, expected="at most 5 levels")
        return None
    try:
        file, text = load(name)
    except (OSError, KeyError, ValueError, JonbarError):
        gather.report(
            "E113", f"There is no scenario `{name}`.", node.span, expected="a catalogue name, or a file beside this one"
        )
        return None
    below, faults = parse_document(text, file=file)
    gather.faults.extend(faults)
    if below is None:
        return None
    gather.others.append(below)
    version = below.root.get("jonbar")
    if isinstance(version, Text) and version.text not in VERSIONS:
        gather.report("E112", WRONG_VERSION, version.span, read=version.text, expected=A_VERSION)
    below = extend(below, gather, load, (*chain, name))
    if below is None:
        return None
    merged = _lay_over(below.root, document.root)
    return Document(merged, document.file, document.text, f"{below.digest}{document.digest}", below)


def _lay_over(below: Table, above: Table) -> Table:
    upper = {key.text: (key, value) for key, value in above.entries}
    entries: list[tuple[Text, Node]] = []
    for key, value in below.entries:
        if key.text not in upper:
            entries.append((key, value))
            continue
        name, other = upper.pop(key.text)
        if isinstance(other, Text) and not other.quoted and other.text in ("null", "~"):
            continue
        joined = _lay_over(value, other) if isinstance(value, Table) and isinstance(other, Table) else other
        entries.append((name, joined))
    entries.extend(entry for entry in upper.values())
    return Table(tuple(entries), above.span)
