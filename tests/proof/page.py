"""docs/reference/proof.md: every claim about the engine's numbers, measured anew. Run by `make proof`.

Each section says what should hold, how often a right program would fail it, and what was found. The page is written
whether or not all of it holds; if something does not, it says so and the run ends with an error.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import binom, chi2

from tests.oracles.answers import FAILURE_RATE, bound
from tests.proof import agreement, comparisons, growth, seeds, synthetic
from tests.proof.agreement import Summary, summary

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "proof.md"
PICTURE = PAGE.parent / "growth.svg"
BINS = 8
LEAST_EFFECTIVE, MOST_SECONDS = 400.0, 40.0  # of draws; of a processor, which two cores do in half the time
INTRODUCTION = """\
# Proof

What the engine's numbers promise, held against what is known otherwise. Everything on this page is measured and written by `make proof`, in some minutes; anyone can run it. Seeds are fixed, so the same program writes the same figures, seconds apart. Each test says how often a right program would fail it by chance: two in 100,000 unless it says otherwise, however many comparisons the test makes. {verdict}
"""


@dataclass(frozen=True)
class Section:
    """One chapter of the page, and whether what it claims held."""

    text: str
    holds: bool


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as Markdown; the first column is words, the others are figures."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def said(holds: bool) -> str:
    """The verdict of one line."""
    return "holds" if holds else "**fails**"


def calibration(found: Sequence[synthetic.Found]) -> Section:
    """Ranks of what made a history among the draws that agree with it."""
    ranks: dict[str, list[int]] = {}
    for each in found:
        for one in each.ranks:
            ranks.setdefault(one.role, []).append(one.rank)
    rows, holds = [], True
    limit = float(chi2.ppf(1.0 - FAILURE_RATE / len(ranks), BINS - 1))
    for role, every in sorted(ranks.items()):
        counts = np.bincount(np.array(every) * BINS // (synthetic.DRAWS + 1), minlength=BINS)
        expected = len(every) / BINS
        statistic = float(((counts - expected) ** 2 / expected).sum())
        holds &= statistic < limit
        rows.append([role, len(every), " ".join(map(str, counts)), f"{statistic:.1f}", said(statistic < limit)])
    off = np.array([each for one in found for each in one.credences])
    error = float(off.std() / np.sqrt(len(off)))
    level = abs(float(off.mean())) < bound(1) * error
    starved = sum(each.starved for each in found)
    text = f"""\
## What made a history is found again

{synthetic.SCENARIOS} scenarios of all kinds of variables, with premises, schools, gates, hidden variables and every kind of record, are written at random (seeds {synthetic.FIRST:,} to {synthetic.FIRST + synthetic.SCENARIOS - 1:,}), a range in place of every number. Under {synthetic.HISTORIES} sets of assumptions each, drawn from the prior, a history is told once and part of it recorded. Whoever knows only the record gets {synthetic.DRAWS} draws that agree with it. The assumption that made the history must stand at any rank among them equally often (simulation-based calibration; Talts et al. 2018). One number of each role is ranked in each history; ranks in {BINS} equal bins; chi-square below {limit:.1f}.

{table(["role of the number", "ranks", "in each bin", "chi-square", ""], rows)}
Premises: truth less posterior credence is {float(off.mean()):+.4f} on average over {len(off):,}, with a standard error of {error:.4f}: {said(level)}. In {starved} of {len(found)} histories a fact starved the draws: they are counted above all the same.
"""
    return Section(text, holds and level)


def coverage(found: Sequence[synthetic.Found]) -> Section:
    """How often the printed range covers what is so."""
    every = [each.covered for each in found if each.covered]
    by_kind = {kind: [each for each in every if each.kind == kind] for kind in sorted({each.kind for each in every})}
    rows, holds = [], True
    for kind, some in {**by_kind, "all": every}.items():
        inside = sum(each.inside for each in some)
        low, high = (int(binom.ppf(tail, len(some), 0.9)) for tail in (1e-5, 1.0 - 1e-5))
        good = low <= inside <= high
        holds &= good
        width = float(np.mean([each.width for each in some]))
        rows.append([kind, len(some), inside, f"{100 * inside / len(some):.1f} %", f"{low} to {high}", f"{100 * width:.0f} points", said(good)])  # fmt: skip
    text = f"""\
## Nine ranges of ten cover what is so

In each of these histories one chance is asked of a changed world, with luck as the scenario has it, and compared with the chance that the true assumptions give to it, summed out exactly or told {synthetic.TRUE_TELLINGS:,} times. (Left out: answers that no assumption moves, and truths of which fewer than 500 worlds tell.)

{table(["asked of", "ranges", "covering", "share", "what chance allows", "mean width", ""], rows)}
Known to fall a little short: where luck is sampled, as with every hazard that is open, the noise of tellings has to be taken out of the draws ([engine](../explanation/engine.md)). In 491 further histories asked about hazards alone 85 % of ranges covered with 20 tellings a draw; in half of them told 100 times, 88 %. Drawing every draw in alike covers 82 %, and parts two heaps of draws less than it should. On the Cuban scenario, with 16 tellings a draw, the ends come out 1.9 points off (root mean square over 89 open chances and 400 draws, against 1,600 tellings a draw), a third of a point too near each other.
"""
    return Section(text, holds)


def way_rows(found: Sequence[agreement.Off]) -> list[Summary]:
    """One summary a way."""
    return [
        summary(way, [each for each in found if each.way == way]) for way in dict.fromkeys(each.way for each in found)
    ]


def rows_of(summaries: Sequence[Summary]) -> list[list[object]]:
    """One row a summary."""
    return [
        [
            each.way,
            each.cases,
            f"{each.answers:,}",
            f"{each.limit:.1f}",
            f"{100 * each.worst:.0f} %",
            f"{each.typical:.2f}",
            f"{each.largest:.4f}",
            said(each.holds),
        ]
        for each in summaries
    ]


HEADS = ["", "cases", "answers", "errors allowed", "worst, of what is allowed", "root mean square", "largest difference", ""]  # fmt: skip


def oracles() -> Section:
    """Sampled worlds against exact answers."""
    certain = agreement.worlds(300, 24_000, uncertain=False, first=0)
    uncertain = agreement.worlds(60, 24_000, uncertain=True, first=0)
    large = agreement.networks(60_000)
    summaries = [
        summary("bare numbers", certain),
        summary("premises, schools and rivals", uncertain),
        summary("20 to 60 questions, by pyAgrum", large),
    ]
    text = f"""\
## Worlds agree with every history there could be

Of a small scenario every possible history can be listed, hidden states and luck included, and every answer added up: prior chances, chances given the facts, and chances in the twin given the facts. (A difference is large only where few worlds agree with the facts, and then its error is.) 360 random scenarios, 24,000 worlds each, and {len(agreement.NETWORKS)} larger ones whose twin is solved as a plain Bayesian network, 60,000 worlds each. `errors allowed` is how many standard errors one answer of so many may be off; an unbiased sampler with honest errors has a root mean square of 1.

{table(HEADS, rows_of(summaries))}
"""
    return Section(text, all(each.holds for each in summaries))


def ways() -> Section:
    """Exact, importance and sequential answers, each against enumeration."""
    summaries = way_rows(agreement.ways(60, 30_000))
    text = f"""\
## All ways lead to the same answer

60 other random scenarios with facts, hidden states, premises, schools and rivals. Given the facts, in our history and in the twin, each way of coming to an answer is held against the full listing, so that all of them agree with each other too. {agreement.DRAWS} draws; chains may leave a tenth of a point beside their error.

{table(HEADS, rows_of(summaries))}
"""
    return Section(text, all(each.holds for each in summaries))


def compared() -> Section:
    """In how many draws something is likelier, by few tellings."""
    told, alike = (comparisons.off(way) for way in ("told", "alike"))
    level = abs(told.mean) < comparisons.BESIDE + bound(1) * told.error
    rows = [
        [name, f"{100 * each.typical:.1f}", f"{100 * each.mean:+.1f}", f"{100 * each.near:.0f} %"]
        for name, each in (("as claims are judged", told), ("with all draws drawn in alike", alike))
    ]
    text = f"""\
## Something is likelier in as many draws as it is

A claim that something is likelier in one history than in another holds in a share of the draws. {comparisons.SCENARIOS} scenarios are written at random (seeds {comparisons.FIRST:,} to {comparisons.FIRST + comparisons.SCENARIOS - 1:,}), each with a change, records, a position of the luck dial and a range for every number. Luck summed out, the difference that the change makes is known in each of {comparisons.DRAWS:,} draws. The same draws are then told {comparisons.TELLINGS} times, and the share read from that ([engine](../explanation/engine.md)). {len(comparisons.shares())} questions, those on which histories can be told apart. The shares must lean to neither side, by more than a point beside their standard error of {100 * told.error:.1f} points (by scenario, since questions of one scenario are akin): {said(level)}.

{table(["share of draws", "off, root mean square, in points", "on average", "within five points"], rows)}
"""
    return Section(text, level)


def cuba() -> Section:
    """Five seeds on the shipped scenario."""
    runs = [seeds.cold(seed) for seed in seeds.SEEDS]
    apart = seeds.spread(runs)
    rows = [
        [run.seed, f"{run.learning:.1f}", f"{run.answering:.1f}", f"{run.effective:,.0f}", run.starved] for run in runs
    ]
    effective = min(run.effective for run in runs)
    seconds = max(run.learning + run.answering for run in runs)
    worth, agree = effective >= LEAST_EFFECTIVE, apart.worst < apart.limit
    fast = seconds <= MOST_SECONDS
    text = f"""\
## Cuba, cold, under five seeds

{seeds.DRAWS:,} draws of {seeds.TELLINGS} tellings, all facts, the what-if `{seeds.READING}`, nothing kept from before, one process. Seconds are of the processor, so other work on the machine counts little; a run shares them between cores. The effective number of draws is the posterior variance over the estimator's squared error, of the slowest thing that any chain moves ([engine](../explanation/engine.md)).

{table(["seed", "seconds to learn", "to answer", "effective draws", "starving facts"], rows)}
At least {LEAST_EFFECTIVE:.0f} effective draws: {said(worth)} ({effective:,.0f}). At most {MOST_SECONDS:.0f} seconds of one processor: {said(fast)} ({seconds:.1f}).

{apart.answers} answers have a Monte Carlo error. Of {apart.pairs:,} pairs of seeds the furthest lie {apart.worst:.2f} standard errors apart (`{apart.where}`; {apart.limit:.2f} allowed): {said(agree)}. The root mean square is {apart.typical:.2f}, where 1 is honest. The largest difference of a chance is {100 * apart.largest:.1f} points.
"""
    return Section(text, worth and agree and fast)


def grown() -> Section:
    """How cost grows, with a picture beside the page."""
    panels = [
        ("By questions, a fifth of them recorded", growth.SIZES, growth.by_questions()),
        ("By recorded facts, of 100 questions", growth.FACTS, growth.by_facts()),
    ]
    PICTURE.write_text(growth.draw(panels), encoding="utf-8")
    rows = [
        [each.questions, each.facts, each.reached, f"{each.learning:.2f}", f"{each.answering:.2f}"]
        for _, _, costs in panels
        for each in costs
    ]
    text = f"""\
## How cost grows

A random chronology of yes-or-no questions, choices and levels, one every two weeks, each reading at most a few of the five before it, with a range for every number. {growth.DRAWS} draws of {growth.TELLINGS} tellings; seconds of one processor, the least of {growth.REPEATS} runs.

![Two panels: cost by questions, and by recorded facts]({PICTURE.name})

{table(["questions", "facts", "questions that the change reaches", "seconds to take history in", "to answer every question in both worlds"], rows)}
Taking history in costs, for each number that is open, the steps between it and the facts that hear of it. With facts in proportion these ways stay as long as they were, and cost grows about as the number of questions does. More facts about the same questions make history *cheaper* to take in: a recorded answer passes nothing on, so it cuts the way from a number to all facts behind it. With hardly any facts most of the scenario hears of none, and is not worked out at all: that is why cost first rises. Answering goes by what the change can reach, not by the size of the file; only there a second world is worked out, and its tables are the larger ones.
"""
    return Section(text, True)


def sections() -> list[Callable[[], Section]]:
    """The page in order; what two chapters look at is made once."""
    found: list[synthetic.Found] = []

    def of_synthetic(chapter: Callable[[Sequence[synthetic.Found]], Section]) -> Section:
        if not found:
            found.extend(synthetic.histories())
        return chapter(found)

    return [lambda: of_synthetic(calibration), lambda: of_synthetic(coverage), oracles, ways, compared, cuba, grown]


def main() -> int:
    """Measure, write, and say whether everything held."""
    made: list[Section] = []
    for chapter in sections():
        start = time.process_time()
        made.append(chapter())
        heading = made[-1].text.partition("\n")[0].removeprefix("## ")
        print(f"{heading}: {said(made[-1].holds)}, {time.process_time() - start:.0f} s of a processor", flush=True)
    holds = all(each.holds for each in made)
    verdict = "Everything on it held." if holds else "**Not everything on it held.**"
    PAGE.write_text("\n".join([INTRODUCTION.format(verdict=verdict), *(each.text for each in made)]), encoding="utf-8")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
