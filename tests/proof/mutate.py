"""Damaged scenario files: a sound one with bytes, words or parts of it changed, as a stranger or an accident would.

Every damaged text is made from a seed alone, so that one which breaks something can be made again.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import yaml

from jonbar.scenario import catalog
from jonbar.scenario.dump import dump
from jonbar.scenario.keys import VARIABLE
from tests.scenario.authors import random_scenario

FILES = Path(__file__).parents[1] / "scenario" / "files"
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
NASTY = [
    "", "~", "null", "yes", "no", "never", "disputed", "none", "last", "public", "is", "not", "and", "or", "by", "in",
    "1e309", "-0", "nan", "inf", "0", "-1", "1e-320", "9" * 400, "x0", "x-1", "x1e308", "x1e-300", "0%", "100%",
    "1e15%",
    "5% to 15%", "x3 to x12", "12 of 87 (a)", "0 of 1 (a)", "8% a year", "74 ± 3", "1 ± 1e300", "+2 to +8",
    "0001", "9999-12-31", "0001-01-01/9999-12-31", "1962-13", "1962-02-30", "1962/1961", "1962~",
    "1..9999", "1962..1973",
    "{}", "[]", "[[]]", "{a: {}}", "{yes: 60%, no: 40%}", "{is: yes}", "- ", "? ", ": ", "|", ">", "'", '"',
    "#", " #1 ",
    "!!python/object/apply:os.system [x]", "!!binary x", "&a", "*a", "<<", "%YAML 1.1", "---", "...", "@", "`", "\t",
    "\u2028", "\x85", "\x00", "\ufeff", "\u0663", "é", "😀", "\n", "\n  ", "\r", "a" * 3000, "(" * 50, "not " * 100,
    "each: year", "hazard: 5% a year", "chance: 5%", "states: {a: 1%, b: 2%}", "luck: 4 years", "otl: never",
]  # fmt: skip
KEYS = [
    *VARIABLE,
    "variables",
    "premises",
    "schools",
    "what_if",
    "claims",
    "camps",
    "do",
    "readings",
    "extends",
    "years",
]

Damage = Callable[[str, Random, list[str]], str | bytes]


def seeds() -> list[str]:
    """Sound files to begin with: the small one most often, some with every kind of part, and every shipped one."""
    small = [path.read_text(encoding="utf-8") for path in sorted(FILES.glob("*.jonbar.yaml"))]
    every_kind = [dump(random_scenario(seed)) for seed in range(8)]
    return small * 8 + every_kind + [catalog.find(name)[1] for name in catalog.names()]


def damaged(seed: int, texts: list[str]) -> str | bytes:
    """One damaged file: the same for the same seed and the same sound files."""
    random = Random(seed)
    text = random.choice(texts)
    damages: list[Damage] = [_bytes, _tokens, _tokens, _lines, _parts, _parts, _parts]
    return random.choice(damages)(text, random, texts)


def _bytes(text: str, random: Random, texts: list[str]) -> bytes:
    data = bytearray(text.encode())
    for _ in range(random.choice([1, 1, 2, 5, 30])):
        at = random.randrange(len(data) + 1)
        length = random.choice([1, 1, 2, 10, 200])
        action = random.randrange(4)
        put = b""
        if action == 0:
            put = bytes(random.randrange(256) for _ in range(length))
        elif action == 1:
            put = bytes(data[at : at + length]) * random.choice([2, 3, 50])
        elif action == 2:
            put = bytes(random.choice(b" \t\n\r:-[]{}'\"#&*!|>%@,?") for _ in range(length))
        data[at : at + random.choice([0, length])] = put
    return bytes(data[: random.randrange(len(data) + 1)] if random.random() < 0.1 else data)


def _tokens(text: str, random: Random, texts: list[str]) -> str:
    tokens = TOKEN.findall(text)
    for _ in range(random.choice([1, 1, 1, 2, 5, 20])):
        at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
        action = random.randrange(5)
        if action == 0:
            tokens[at] = random.choice(NASTY)
        elif action == 1:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif action == 2:
            tokens[at] = tokens[other]
        elif action == 3:
            tokens[at] = ""
        else:
            tokens[at] += random.choice([tokens[other], random.choice(NASTY)])
    return "".join(tokens)


def _lines(text: str, random: Random, texts: list[str]) -> str:
    lines = text.split("\n")
    for _ in range(random.choice([1, 1, 2, 5])):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        action = random.randrange(5)
        if action == 0:
            lines[at], lines[other] = lines[other], lines[at]
        elif action == 1:
            lines[at] = ""
        elif action == 2:
            lines.insert(at, random.choice(random.choice(texts).split("\n")))
        elif action == 3:
            lines[at] = " " * random.randrange(12) + lines[at].lstrip()
        else:
            lines[at:at] = lines[other : other + random.randrange(1, 20)]
    return "\n".join(lines)


def _parts(text: str, random: Random, texts: list[str]) -> str:
    """The file as nested mappings and lists, with some parts replaced, renamed, moved, taken away or nested."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    tree = yaml.load(text, Loader=loader)
    for _ in range(random.choice([1, 1, 1, 2, 3, 8])):
        places = list(_places(tree))
        if not places:
            break
        holder, key = random.choice(places)
        donor, name = random.choice(places)
        if key not in (holder if isinstance(holder, dict) else range(len(holder))):
            continue
        action = random.randrange(8)
        if action == 0:
            del holder[key]
        elif action in (1, 2):
            holder[key] = copy.deepcopy(donor[name])
        elif action in (3, 4):
            holder[key] = random.choice(NASTY)
        elif action == 5:
            holder[key] = random.choice(
                [[holder[key]], {"is": holder[key]}, {random.choice(KEYS): holder[key]}, [], {}]
            )
        elif isinstance(holder, dict):
            new = name if action == 6 and isinstance(name, str) else random.choice(KEYS)
            holder[new] = copy.deepcopy(holder.pop(key) if action == 6 else donor[name])
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(tree, Dumper=dumper, sort_keys=False, allow_unicode=True, width=100_000))


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(tree, dict | list):
        for key, value in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
            yield tree, key
            yield from _places(value)
