"""How well the readers do: precision and recall of posts, quotes, claims and hedges on debates marked by hand.

`python -m tests.discussion.score` prints the table; the figures that the tests demand stand in `AIMS`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from jonbar.discussion.claims import propose
from jonbar.discussion.hedging import markers
from jonbar.discussion.posts import Thread
from jonbar.discussion.recognise import read_thread
from tests.discussion.debate import DEBATES, Debate
from tests.discussion.forms import FORMS

AIMS = {"posts": (1.0, 1.0), "quotes": (1.0, 1.0), "claims": (0.9, 0.9), "hedges": (0.8, 0.85)}


@dataclass(frozen=True)
class Score:
    """How many things were found, how many of them rightly, and how many there were."""

    found: int
    right: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0


def _score(found: Counter[object], there: Counter[object]) -> Score:
    return Score(found.total(), (found & there).total(), there.total())


def posts(thread: Thread, debate: Debate) -> Score:
    """A post is right where its own words are all there and nothing else is."""
    return _score(
        Counter(each.text for each in thread.posts), Counter("\n\n".join(each.paragraphs) for each in debate.posts)
    )


def quotes(thread: Thread, debate: Debate) -> Score:
    """A quote is right where its words, the post it stands in and the post it comes from are."""
    keys = {post.key: number for number, post in enumerate(thread.posts, start=1)}
    found = Counter[object](
        (number, quote.text, keys.get(quote.post or ""))
        for number, post in enumerate(thread.posts, start=1)
        for quote in post.quotes
    )
    there = Counter[object](
        (number, debate.quoted(each), each[0])
        for number, post in enumerate(debate.posts, start=1)
        for each in post.quotes
    )
    return _score(found, there)


def claims(thread: Thread, debate: Debate) -> Score:
    """By post: as many claims as a reader counts in it."""
    found, there = Counter[object](), Counter[object]()
    keys = {post.key: number for number, post in enumerate(thread.posts, start=1)}
    for each in propose(thread):
        found[keys[each.post]] += 1
    for number, post in enumerate(debate.posts, start=1):
        there[number] += post.claims
    return _score(found, there)


def hedges(debate: Debate) -> Score:
    """A hedge is right where its sort and its post are, and its words overlap those that a reader underlined."""
    found = right = there = 0
    for post in debate.posts:
        marked = list(post.hedges)
        seen = markers("\n".join(post.paragraphs))
        found, there = found + len(seen), there + len(marked)
        for each in seen:
            words = each.words.lower()
            hit = next((one for one in marked if one[1] == each.sort and _overlap(one[0].lower(), words)), None)
            if hit is not None:
                marked.remove(hit)
                right += 1
    return Score(found, right, there)


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def table() -> dict[str, Score]:
    """Every score; posts and quotes over all forms."""
    read = [(read_thread(form(debate)), debate) for debate in DEBATES for form in FORMS.values()]
    return {
        "posts": _sum([posts(*each) for each in read]),
        "quotes": _sum([quotes(*each) for each in read]),
        "claims": _sum([claims(*each) for each in read[:: len(FORMS)]]),
        "hedges": _sum([hedges(each) for each in DEBATES]),
    }


def _sum(scores: list[Score]) -> Score:
    return Score(*(sum(getattr(each, name) for each in scores) for name in ("found", "right", "there")))


def main() -> None:
    print(f"{'':8} {'found':>6} {'right':>6} {'there':>6} {'precision':>10} {'recall':>7}")
    for name, score in table().items():
        print(f"{name:8} {score.found:6} {score.right:6} {score.there:6} {score.precision:10.2f} {score.recall:7.2f}")


if __name__ == "__main__":
    main()
