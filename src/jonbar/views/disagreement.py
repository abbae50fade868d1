"""The answer to `disagree`: contradictions, people who speak of different acts, and who says what on each question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jonbar.disagreement.assertions import OURS, Assertion, Term
from jonbar.disagreement.find import Contradiction, Disagreement
from jonbar.scenario.notation import write_expression
from jonbar.scenario.terms import Claim
from jonbar.views.data import table, to_json
from jonbar.views.lines import Paint, clean, paragraph, plain, row

INDENT = "  "


def show_disagreement(found: Disagreement, *, width: int = 80, paint: Paint = plain, everything: bool = False) -> str:
    """The whole page; what nobody disputes is listed by name only, unless `everything` is wanted."""
    if not found.claims:
        return "The scenario holds no claims."
    lines = [paragraph(_counts(found), width)]
    lines += _contradictions(found, width, paint)
    lines += _crossings(found, width, paint)
    disputed = {name for each in found.contradictions for name in each.about}
    disputed |= {name for each in found.crossings for name in each.about}
    for title, chosen in (
        ("Who says what where they differ:", [each for each in found.voices if each.variable in disputed]),
        (
            "Several speak of it and nobody disputes it:",
            [each for each in found.voices if each.variable in found.agreed],
        ),
        (
            "Only one speaks of it:",
            [each for each in found.voices if each.variable in found.alone] if everything else [],
        ),
    ):
        if chosen:
            lines += ["", paint("strong", title)]
        for each in chosen:
            lines.append(paragraph(f"{each.variable}: {clean(each.ask)}", width, INDENT, INDENT * 2))
            lines += _said(each.said, width)
    if found.alone and not everything:
        lines += ["", paragraph(f"Only one speaks of: {', '.join(found.alone)} (--all shows what is said).", width)]
    lines += _listed("No question of the file covers:", found.uncovered, width, paint)
    lines += _listed("Too guarded to contradict anybody:", found.noncommittal, width, paint)
    lines += _listed("Settled, if at all, by records or words and not by chances:", found.recorded, width, paint)
    lines += _listed("Matters of value:", found.values, width, paint)
    return "\n".join(lines)


def _counts(found: Disagreement) -> str:
    parts = [
        _many(len(found.contradictions), "contradiction", "contradictions"),
        _many(len(found.crossings), "pair that speaks past each other", "pairs that speak past each other"),
        _many(len(found.agreed), "question agreed on", "questions agreed on"),
        _many(len(found.uncovered), "claim that no question covers", "claims that no question covers"),
    ]
    said = f"{_many(found.claims, 'claim', 'claims')} by {_many(found.speakers, 'person', 'people')}"
    return f"{said} on {_many(len(found.voices), 'question', 'questions')}: {', '.join(parts)}."


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _contradictions(found: Disagreement, width: int, paint: Paint) -> list[str]:
    if not found.contradictions:
        return ["", "No claim contradicts another."]
    lines = []
    for each in found.contradictions:
        if not each.declared:
            lines += ["", paint("down", paragraph(clean(_how(each)), width)), *_claims(each.claims, width)]
    declared = [each for each in found.contradictions if each.declared]
    if declared:
        lines += ["", paint("down", paragraph("By its own words, as the file says, one denies the other:", width))]
    for each in declared:
        lines += _claims(each.claims[:1], width)
        lines += [
            paragraph(f"denies {clean(one.who)}: {clean(one.says)} ({one.name})", width, INDENT * 3, INDENT * 4)
            for one in each.claims[1:]
        ]
    return lines


def _how(each: Contradiction) -> str:
    if each.with_oneself:
        return f"On {', '.join(each.about)} one person says both:"
    return f"On {', '.join(each.about)} these cannot {'both' if len(each.claims) == 2 else 'all'} be so:"


def _crossings(found: Disagreement, width: int, paint: Paint) -> list[str]:
    lines = []
    for each in found.crossings:
        why = "different acts" if each.acts else "different conditions"
        lines += ["", paint("change", paragraph(f"On {clean(', '.join(each.about))} these speak of {why}:", width))]
        lines += _claims((each.one, each.other), width)
    return lines


def _claims(claims: Sequence[Claim], width: int) -> list[str]:
    return [
        paragraph(f"{clean(each.who)}: {clean(each.says)} ({each.name})", width, INDENT, INDENT * 2) for each in claims
    ]


def _said(said: Sequence[Assertion], width: int) -> list[str]:
    who = min(14, max(len(clean(each.claim.who)) for each in said))
    lines = []
    for each in said:
        lines += row(["", clean(each.claim.who)[:who], clean(say_assertion(each))], [3, who, width - who - 5])
    return lines


def say_assertion(assertion: Assertion) -> str:
    """What a claim asserts, in words: `more likely than not: goldwater_president, under backed_down`."""
    left = assertion.left
    if assertion.right is not None:
        return f"{_term(left)} exceeds {_term(assertion.right)}"
    if left.what == "mean":
        line = f"below {assertion.high:.4g}" if assertion.low == float("-inf") else f"above {assertion.low:.4g}"
        return f"{_term(left)} is {line}"
    low, high = assertion.low, assertion.high
    if low >= 1.0:
        how = "it is so"
    elif assertion.claim.meant == "" and high >= 1.0:
        how = "flatly" if low > 0.5 else "it is possible"
    else:
        how = f"{100 * low:.0f}% or more" if high >= 1.0 else f"{100 * low:.0f} to {100 * high:.0f}%"
    return f"{how}: {_what(left)}"


def _term(term: Term) -> str:
    return f"the {term.what} of {_what(term)}"


def _what(term: Term) -> str:
    world = f"under {term.world}" if term.world != OURS else "in our history"
    given = f", given {write_expression(term.given)}" if term.given is not None else ""
    return f"{write_expression(term.of)}, {world}{given}"


def _listed(title: str, claims: Sequence[Claim], width: int, paint: Paint) -> list[str]:
    return ["", paint("strong", paragraph(title, width)), *_claims(claims, width)] if claims else []


def disagreement_json(scenario: str, found: Disagreement) -> str:
    """Everything in full."""
    body: dict[str, Any] = {
        "scenario": scenario,
        "claims": found.claims,
        "speakers": found.speakers,
        "contradictions": [
            {
                "claims": [claim.name for claim in each.claims],
                "about": each.about,
                "with_oneself": each.with_oneself,
                "declared": each.declared,
            }
            for each in found.contradictions
        ],
        "crossings": [
            {
                "claims": [each.one.name, each.other.name],
                "about": each.about,
                "different": "acts" if each.acts else "conditions",
            }
            for each in found.crossings
        ],
        "questions": [
            {
                "variable": each.variable,
                "ask": each.ask,
                "said": [
                    {"claim": one.claim.name, "who": one.claim.who, "asserts": say_assertion(one)} for one in each.said
                ],
            }
            for each in found.voices
        ],
        "agreed": found.agreed,
        "alone": found.alone,
        "uncovered": [claim.name for claim in found.uncovered],
        "noncommittal": [claim.name for claim in found.noncommittal],
        "recorded": [claim.name for claim in found.recorded],
        "values": [claim.name for claim in found.values],
    }
    return to_json(body)


def disagreement_csv(found: Disagreement) -> str:
    """One row for each thing that a claim says of a question."""
    against: dict[str, set[str]] = {}
    for each in found.contradictions:
        for claim in each.claims:
            against.setdefault(claim.name, set()).update(other.name for other in each.claims if other is not claim)
    rows = [
        [
            each.variable,
            one.claim.name,
            one.claim.who,
            one.claim.says,
            say_assertion(one),
            " ".join(sorted(against.get(one.claim.name, ()))),
        ]
        for each in found.voices
        for one in each.said
    ]
    return table(["variable", "claim", "who", "says", "asserts", "contradicts"], rows)
