"""The report in a browser: from a disk, without network or scripts; and its dials say what the engine says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from jonbar.cli.printing import to_pdf
from jonbar.dossier import Dossier, compile_dossier
from jonbar.report import Settings
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP
from jonbar.views.dossier.compose import compose
from jonbar.views.dossier.figures import data_json
from jonbar.views.dossier.html import write_html
from jonbar.views.dossier.sections import choose
from tests.browser.served import Found, axe, listened, until
from tests.views.made_up import BATTLE

CLOSE = 0.01  # of a chance: what bytes can hold of a draw
WEIGHED = """
() => {
  const { draws } = JSON.parse(document.getElementById("data").textContent), found = [];
  const base = draws.weights.map((each) => Float64Array.from(new Float32Array(Figures.bytes(each).buffer)));
  for (const dial of draws.dials) {
    const held = { ...dial, z: dial.z && new Int8Array(Figures.bytes(dial.z).buffer),
      true: dial.true && Figures.bytes(dial.true), credence: dial.credence && Figures.bytes(dial.credence) };
    for (const [place, text] of dial.positions) {
      const ratio = Figures.logRatio(held, place, draws.narrower).map(Math.exp);
      for (const [key, packed] of Object.entries(draws.outcomes)) {
        const each = Figures.weigh(Figures.unpack(packed), base[packed.weights], ratio);
        found.push([dial.name, text, key, packed.unit, each.value, each.low, each.high, each.effective]);
      }
    }
  }
  return found;
}
"""
SAID = """
(numbers) => numbers.map(([unit, value, low, high, error]) => Figures.say(unit, { value, low, high, error }))
"""


def check_report(opened: Any, found: Found, source: str, folder: Path, pictures: Path) -> None:
    """All laws of a report that need a browser."""
    scenario = read_scenario(BATTLE.read_text(encoding="utf-8"), file=BATTLE.name)
    reading = next(iter(scenario.readings().values()))
    dossier = compile_dossier(scenario, Settings(3, 1000, 20), reading, reading.luck or KEEP, choose)
    file = folder / "report.html"
    file.write_text(write_html(compose(dossier), data_json(dossier)), encoding="utf-8")
    without_scripts(opened, found, file)
    for width in (390, 768, 1440):
        for scheme in ("light", "dark"):
            page = tab(opened, found, file, viewport={"width": width, "height": 900}, color_scheme=scheme)
            wide = page.evaluate("document.documentElement.scrollWidth")
            found.law(f"a report is no wider than {width} pixels ({scheme})", wide <= width, wide)
            wrong = axe_anyway(page, source, opened, file, width, scheme)
            found.law(f"axe finds nothing in a report at {width} pixels ({scheme})", not wrong, *wrong)
            page.screenshot(path=str(pictures / f"report-{width}-{scheme}.png"), full_page=True)
            page.context.close()
    page = tab(opened, found, file, viewport={"width": 720, "height": 900})
    page.emulate_media(media="print")
    found.law("a printed report shows what is folded", page.locator("details li").last.is_visible())
    found.law("and no dials", page.locator("#dials").is_hidden())
    papers = "[...document.querySelectorAll('.paper')].map((each) => getComputedStyle(each).fill)"
    found.law("and its pictures on white", set(page.evaluate(papers)) <= {"rgb(255, 255, 255)"})
    page.screenshot(path=str(pictures / "report-print.png"), full_page=True)
    page.emulate_media(media="screen")
    printed = to_pdf(file.read_text(encoding="utf-8"))
    found.law("a PDF has an outline", printed.startswith(b"%PDF") and b"/Outlines" in printed)
    says_the_same(page, found, dossier)
    moves(page, found)
    page.context.close()


def tab(opened: Any, found: Found, file: Path, **about: Any) -> Any:
    """A report opened from the disk, offline."""
    context = opened.new_context(offline=True, **about)
    page = listened(context.new_page(), file.as_uri(), found)
    page.goto(file.as_uri())
    return page


def axe_anyway(page: Any, source: str, opened: Any, file: Path, width: int, scheme: str) -> list[str]:
    """The same page where its own policy lets a checking program in."""
    context = opened.new_context(
        bypass_csp=True, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    other = context.new_page()
    other.goto(file.as_uri())
    wrong = axe(other, source)
    context.close()
    return wrong


def without_scripts(opened: Any, found: Found, file: Path) -> None:
    """What is read where no script runs."""
    page = tab(opened, found, file, java_script_enabled=False)
    text = page.locator("main").inner_text()
    wanted = ("Does Napoleon win the day?", "Two timelines", "Every argument", "How it was made", "Sources")
    found.law("a report is read without scripts", all(each in text for each in wanted))
    found.law("and shows no dial there", page.locator("#dials *").count() == 0)
    page.context.close()


def says_the_same(page: Any, found: Found, dossier: Dossier) -> None:
    """The page's arithmetic beside the engine's."""
    far, seen = 0.0, 0
    ratios: dict[tuple[str, str], Any] = {}
    for name, text, key, unit, *numbers in page.evaluate(WEIGHED):
        if (name, text) not in ratios:
            ratio = dossier.held.log_ratio({name: text})
            assert ratio is not None
            ratios[name, text] = dossier.held.weigh(ratio)
        here = ratios[name, text][key]
        if here.effective < 100:
            continue
        scale = 1.0 if unit == "chance" else max(1e-9, here.high - here.low)
        gaps = [
            abs(one - other) / scale for one, other in zip(numbers, (here.value, here.low, here.high), strict=False)
        ]
        far, seen = max(far, gaps[0], 0.5 * gaps[1], 0.5 * gaps[2]), seen + 1
    found.law("a moved dial says what the engine says", seen > 100 and far < CLOSE, f"{seen} answers, {far:.4f} apart")
    timelines = dossier.report.timelines
    assert timelines is not None
    answers = [one for line in timelines.lines for _, one in (*line.here, *line.modelled)]
    numbers = [[each.unit, each.value, each.low, each.high, each.error] for each in answers]
    from jonbar.views.rounding import say_range, say_value

    said = page.evaluate(SAID, numbers)
    wrong = [
        (each.value, each.low, each.high, one)
        for each, one in zip(answers, said, strict=True)
        if (one["value"], one["range"].replace("–", "-")) != (say_value(each), say_range(each))
    ]
    found.law("the page rounds as the program rounds", not wrong, *wrong[:3])


def moves(page: Any, found: Found) -> None:
    """Dials under a hand."""
    dial = page.locator("#dials input[type=range]").first
    before = page.locator(".results").inner_text()
    dial.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    until(lambda: page.locator(".results").inner_text() != before)
    found.law("a report's dial weighs its draws anew", "draws in effect" in page.locator(".state").inner_text())
    for each in page.locator("#dials input[type=range]").all():
        each.fill(each.get_attribute("max"))
    page.wait_for_timeout(300)
    few = page.locator(".state.few")
    enough = few.count() == 0 or ("jonbar run" in few.inner_text() and "--set" in few.inner_text())
    found.law("where too few draws are left it says what to type", enough)
    page.locator("#dials button").click()
    back = until(lambda: page.locator(".results").inner_text() == before)
    found.law("and everything can be put back", back and page.locator("tr.moved").count() == 0)


def weighs_little(scenario: str, store: Path, folder: Path, found: Found) -> None:
    """A report of a large scenario can be sent by mail: what is read of it, and all of it with its draws."""
    target = folder / "large.html"
    environment = {**os.environ, "XDG_CACHE_HOME": str(store)}
    asked = ["report", scenario, "-o", str(target), "--draws", "1000", "--tellings", "20", "--no-next"]
    subprocess.run([sys.executable, "-m", "jonbar", *asked], env=environment, check=True, capture_output=True)
    text = target.read_text(encoding="utf-8")
    read = re.sub(r'<script[^>]*type="application/json".*?</script>', "", text, flags=re.DOTALL)
    found.law("a report weighs less than 300 kB without its data", len(read.encode()) < 300_000, len(read.encode()))
    found.law("and less than 2 MB with them", len(text.encode()) < 2_000_000, len(text.encode()))
