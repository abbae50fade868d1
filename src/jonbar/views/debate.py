"""A debate that was read: its posts and who answers whom, what was doubtful, what each claim says and may be about."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import asdict

from jonbar.discussion.claims import Proposal
from jonbar.discussion.ledger import Entry, Ledger, Status, meant
from jonbar.discussion.posts import Thread
from jonbar.scenario.terms import ClaimKind
from jonbar.views.lines import Paint, clean, paragraph, plain

MARKS = {Status.PROPOSED: "?", Status.CONFIRMED: "+", Status.UNCOVERED: "-", Status.REJECTED: "x"}
SAYS_LITTLE = 0.5  # width of a range from which a hedge rules out hardly anything


def show_debate(ledger: Ledger, *, width: int = 80, paint: Paint = plain, everything: bool = False) -> str:
    """The whole debate on one page; doubts and claims in full with `everything`."""
    thread = ledger.thread
    lines = [paint("strong", paragraph(clean(thread.title or "A debate without a title"), width)), _counts(ledger)]
    lines[1] = paragraph(lines[1], width)
    lines += [paint("down", paragraph(clean(note), width)) for note in thread.notes]
    lines.append("")
    lines += _posts(thread, width)
    lines += _doubts(thread, width, everything)
    lines.append("")
    shown = ledger.entries if everything else ledger.entries[:MOST_CLAIMS]
    for entry in shown:
        lines += show_entry(entry, width, paint)
    rest = len(ledger.entries) - len(shown)
    if rest:
        lines += ["", f"{rest} more claims (--all lists them)."]
    return "\n".join(lines)


MOST_CLAIMS = 12


def _counts(ledger: Ledger) -> str:
    posts, entries = ledger.thread.posts, ledger.entries
    quotes = [quote for post in posts for quote in post.quotes]
    tied = sum(quote.post is not None for quote in quotes)
    hedged = sum(entry.proposal.hedge is not None for entry in entries)
    how_far = Counter(entry.status for entry in entries)
    statuses = ", ".join(f"{how_far[each]} {each}" for each in Status if how_far[each])
    return (
        f"Read as {ledger.thread.form}: {len(posts)} posts, {len(quotes)} quotes ({tied} tied to the post they come "
        f"from), {len(entries)} claims ({hedged} hedged, {len(entries) - hedged} unhedged): {statuses or 'none'}."
    )


def _posts(thread: Thread, width: int) -> list[str]:
    lines = []
    for post in thread.posts:
        who = f" {post.author}" if post.author else ""
        answers = f" answers {', '.join(post.answers)}" if post.answers else ""
        where = f" (line {post.line})" if post.line else ""
        head = clean(f"{post.key}{who}{where}{answers}: ")
        room = max(20, width - len(head))
        words = clean(" ".join(post.text.split()))
        lines.append(head + (words if len(words) <= room else words[: room - 3] + "..."))
    return lines


def _doubts(thread: Thread, width: int, everything: bool) -> list[str]:
    if not thread.doubts:
        return []
    lines = [
        "",
        paragraph(
            f"{len(thread.doubts)} places were doubtful; --split LINE begins a post there, --join LINE does not:", width
        ),
    ]
    reasons: dict[str, list[int]] = {}
    for doubt in thread.doubts:
        reasons.setdefault(doubt.reason, []).append(doubt.line)
    for reason, places in reasons.items():
        shown = places if everything else places[:20]
        more = f" and {len(places) - len(shown)} more" if len(places) > len(shown) else ""
        lines.append(paragraph(f"{reason} Line {', '.join(map(str, shown))}{more}.", width, "  ", "    "))
    return lines


def show_entry(entry: Entry, width: int, paint: Paint = plain) -> list[str]:
    """One claim: what it says, how sure it says it is, and what it may be about."""
    proposal = entry.proposal
    said = clean(" ".join(proposal.text.split()))
    lines = [paragraph(f"{MARKS[entry.status]} {proposal.key}  {said}", width, "", "      ")]
    lines.append(paint("quiet", paragraph(_sureness(proposal, entry), width, "      ")))
    if entry.kind is not ClaimKind.CHANCE:
        lines.append(paragraph(f"kind: {entry.kind}", width, "      "))
    if entry.status is Status.CONFIRMED and entry.variable:
        state = f" is {entry.state}" if entry.state else ""
        given = f", given {entry.given}" if entry.given else ""
        about = f"about: {'not ' if entry.denies else ''}{entry.variable}{state}{given}"
        lines.append(paragraph(clean(about), width, "      "))
    elif entry.status is Status.PROPOSED and entry.about:
        lines.append(paint("quiet", paragraph(f"about? {', '.join(entry.about)}", width, "      ")))
    return lines


def _sureness(proposal: Proposal, entry: Entry) -> str:
    hedge = proposal.hedge
    if hedge is None:
        parts = ["unhedged"]
    else:
        parts = [f"{hedge.words}: {meant(proposal)}" + ("" if hedge.surveyed else ", by judgement")]
        if hedge.high - hedge.low >= SAYS_LITTLE:
            parts.append("which says almost nothing")
    if entry.denies:
        parts.append("denies")
    if proposal.condition:
        parts.append(f"condition: {' '.join(proposal.condition.split())}")
    return clean("; ".join(parts))


def debate_json(ledger: Ledger) -> str:
    """Everything that was read, as JSON."""
    return json.dumps(asdict(ledger), ensure_ascii=True, indent=2, default=str)


CSV_COLUMNS = (
    "claim",
    "post",
    "author",
    "says",
    "hedge",
    "low",
    "high",
    "surveyed",
    "condition",
    "denies",
    "status",
    "kind",
)


def debate_csv(ledger: Ledger) -> str:
    """One row a claim. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    authors = {post.key: post.author or "" for post in ledger.thread.posts}
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow([*CSV_COLUMNS, "variable", "state", "given", "about"])
    for entry in ledger.entries:
        proposal, hedge = entry.proposal, entry.proposal.hedge
        row = [
            proposal.key, proposal.post, authors.get(proposal.post, ""), " ".join(proposal.text.split()),
            *((hedge.words, hedge.low, hedge.high, hedge.surveyed) if hedge else ("", "", "", "")),
            proposal.condition, entry.denies, entry.status.value, entry.kind.value, entry.variable or "",
            entry.state or "", entry.given or "",
            " ".join(entry.about),
        ]  # fmt: skip
        table.writerow([f"'{each}" if str(each)[:1] in ("=", "+", "-", "@") else each for each in row])
    return stream.getvalue().rstrip("\n")
