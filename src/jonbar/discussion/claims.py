"""What each post asserts, as proposals: the sentence, how sure it is, under what condition, and whether it denies.

Nothing here is decided. Support and attack, irony that no word shows, and what `it` stands for are left to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jonbar.discussion.hedging import Hedge, Marker, hedge, markers
from jonbar.discussion.posts import Post, Thread
from jonbar.discussion.sentences import sentences

MOST_CLAIMS = 20_000

_CONDITION = re.compile(
    r"(?:^|[,;:(]\s*|\s)(?P<words>(?:(?:even |only )?if(?:, (?:however|though|instead),)?|unless|provided(?: that)?"
    r"|assuming|(?<!\w )suppos(?:e|ing)|as long as|in case|(?<!\w )had (?!not? )(?=\w+ (?:not )?\w+(?:ed|en|n|t)\b)"
    r"|without (?=the |a |any ))[^,;:.!?]*)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not(?! (?:just|only|merely|least))|never|no longer|nobody|no one|nothing|neither|nor|cannot)\b"
    r"|\b(?:is|was|are|were|do|does|did|has|have|had|wo|would|ca|could|should|might)n[’']t\b(?! (?:just|only|merely))"
    r"|\b(?:there(?:[’']s| is| are| was| were)|with|has|have|had|makes?|made) no\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One claim as it stands in a post. `hedge` is None where it carries none; `markers` are its hedging words.

    `denies` is whether what is left without the hedging words and the condition is negated.
    """

    key: str  # the post's key and a number: post-4.2
    post: str
    text: str
    start: int
    hedge: Hedge | None
    markers: tuple[Marker, ...] = ()
    condition: str = ""
    denies: bool = False


def propose(thread: Thread) -> tuple[Proposal, ...]:
    """Every sentence of every post that asserts something, in order."""
    found: list[Proposal] = []
    for post in thread.posts:
        found += _of_post(post)
        if len(found) >= MOST_CLAIMS:
            return tuple(found[:MOST_CLAIMS])
    return tuple(found)


def _of_post(post: Post) -> list[Proposal]:
    asserted = [each for each in sentences(post.text) if each.asserts]
    return [
        read_claim(f"{post.key}.{number}", post.key, each.text, each.start) for number, each in enumerate(asserted, 1)
    ]


def read_claim(key: str, post: str, text: str, start: int = 0) -> Proposal:
    """One sentence as a claim."""
    seen = markers(text)
    stated = _condition(text, seen)
    condition = stated["words"].strip() if stated else ""
    spans = [(each.start, each.end) for each in seen] + ([stated.span("words")] if stated else [])
    denies = any(all(not low <= found.start() < high for low, high in spans) for found in _DENIES.finditer(text))
    return Proposal(key, post, text, start, hedge(seen), seen, condition, denies)


def _condition(text: str, seen: tuple[Marker, ...]) -> re.Match[str] | None:
    """What a sentence supposes; the `if` of `I would be surprised if` is its hedge's own."""
    found = _CONDITION.search(text)
    while found is not None:
        place = found.start("words")
        hedging = next((each for each in seen if each.start <= place < each.end), None)
        if hedging is None:
            return found
        found = _CONDITION.search(text, hedging.end)
    return None
