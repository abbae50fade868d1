"""The report in a browser: from a disk, without network or scripts; and its dials say what the engine says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from jonbar.cli.printing import to_pdf
from jonbar.report.build import Settings
from jonbar.report.dossier import Dossier, compile_dossier
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP
from jonbar.views.dossier.compose import compose
from jonbar.views.dossier.figures import data_json
from jonbar.views.dossier.html import markup, write_html
from jonbar.views.dossier.lighter import lighter
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
HIDDEN = """
() => [...document.querySelectorAll("details > :not(summary)")]
  .filter((each) => !each.checkVisibility({ contentVisibilityAuto: true })).length
"""
SAME_TREE = """
(pages) => new Set(pages.map((text) => {
  const body = new DOMParser().parseFromString(`<!doctype html>${text}`, "text/html").body;
  for (const each of body.querySelectorAll("data")) each.replaceWith(...each.childNodes);
  body.normalize();
  return body.innerHTML.replaceAll("\\n", "").replaceAll(' xmlns="http://www.w3.org/2000/svg"', "");
})).size === 1
"""
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
LENGTH, WIDTH = "document.documentElement.scrollHeight", "document.documentElement.scrollWidth"
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
    leads_inside(opened, found, file)
    for width in (390, 768, 1440):
        for scheme in ("light", "dark"):
            page = tab(opened, found, file, viewport={"width": width, "height": 900}, color_scheme=scheme)
            found.law(f"a report is no wider than {width} pixels ({scheme})", page.evaluate(WIDTH) <= width)
            page.evaluate(OPEN_ALL)
            found.law("nor where all of it is open", page.evaluate(WIDTH) <= width, page.evaluate(WIDTH))
            wrong = axe_anyway(page, source, opened, file, width, scheme)
            found.law(f"axe finds nothing in a report at {width} pixels ({scheme})", not wrong, *wrong)
            page.screenshot(path=str(pictures / f"report-{width}-{scheme}.png"), full_page=True)
            page.context.close()
    page = tab(opened, found, file, viewport={"width": 720, "height": 900})
    page.emulate_media(media="print")
    found.law("a printed report shows what is folded", until(lambda: page.evaluate(HIDDEN) == 0), page.evaluate(HIDDEN))
    found.law("and no dials", page.locator("#dials").is_hidden())
    papers = "[...document.querySelectorAll('.paper')].map((each) => getComputedStyle(each).fill)"
    found.law("and its pictures on white", set(page.evaluate(papers)) <= {"rgb(255, 255, 255)"})
    page.screenshot(path=str(pictures / "report-print.png"), full_page=True)
    plain = markup(compose(dossier))
    found.law("what a report does without changes nothing in it", page.evaluate(SAME_TREE, [plain, lighter(plain)]))
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
    other.evaluate(OPEN_ALL)
    wrong += axe(other, source)
    context.close()
    return wrong


def without_scripts(opened: Any, found: Found, file: Path) -> None:
    """What is read where no script runs."""
    page = tab(opened, found, file, java_script_enabled=False)
    text = page.locator("main").inner_text()
    wanted = ("Does Napoleon win the day?", "Two timelines", "Every argument", "How it was made", "Sources")
    found.law("a report is read without scripts", all(each in text for each in wanted))
    found.law("and shows no dial there", page.locator("#dials *").count() == 0)
    folded = page.locator("main > details > div")
    shut = [not folded.nth(at).is_visible() for at in range(folded.count())]
    found.law("and its parts are folded", len(shut) > 7 and all(shut), shut)
    page.locator("summary", has_text="Every argument").click()
    found.law("and open under a hand", page.locator("#arguments").is_visible())
    page.context.close()


def leads_inside(opened: Any, found: Found, file: Path) -> None:
    """A link into what is folded opens it, with scripts and without; so does a search for words in it."""
    for scripts in (True, False):
        page = tab(opened, found, file, java_script_enabled=scripts, viewport={"width": 390, "height": 844})
        how = "with scripts" if scripts else "without scripts"
        links = page.locator("nav.contents a")
        for link in links.all():
            link.click()
            led = until(partial(in_sight, page.locator(link.get_attribute("href") or "")))
            found.law(f"a link of the contents opens its part ({how})", led, link.inner_text())
        page.goto(f"{file.as_uri()}#%")
        shown = page.locator("#dials *").count() > 0
        found.law(f"a link that leads nowhere breaks nothing ({how})", shown is scripts)
        page.locator("nav.contents a[href='#why']").click()
        note = page.locator("#why a").first
        note.click()
        source = page.locator(note.get_attribute("href") or "")
        found.law(f"a note opens its source ({how})", until(source.is_visible))
        page.context.close()
        page = tab(opened, found, file, java_script_enabled=scripts)
        page.goto("about:blank")
        page.goto(f"{file.as_uri()}#:~:text=The%20file%20is%20a%20structural%20causal%20model")
        found.law(f"words that are looked for open their part ({how})", until(page.locator("#methods").is_visible))
        page.context.close()


def in_sight(place: Any) -> bool:
    """Whether a place begins on the screen of a telephone."""
    box = place.bounding_box() if place.is_visible() else None
    return box is not None and -2 < box["y"] < 844


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
    page.locator("nav a[href='#argue']").click()
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


def weighs_little(opened: Any, scenario: str, store: Path, folder: Path, found: Found) -> None:
    """A report of a large scenario can be sent by mail, all of it with its draws, and read on a telephone."""
    target = folder / "large.html"
    environment = {**os.environ, "XDG_CACHE_HOME": str(store)}
    asked = ["report", scenario, "-o", str(target), "--draws", "1000", "--tellings", "20", "--no-next"]
    subprocess.run([sys.executable, "-m", "jonbar", *asked], env=environment, check=True, capture_output=True)
    text = target.read_text(encoding="utf-8")
    read = re.sub(r'<script[^>]*type="application/json".*?</script>', "", text, flags=re.DOTALL)
    found.law("a report weighs less than 230 kB without its data", len(read.encode()) < 230_000, len(read.encode()))
    found.law("and less than 2 MB with them", len(text.encode()) < 2_000_000, len(text.encode()))
    for width in (360, 390, 768):
        page = tab(opened, found, target, viewport={"width": width, "height": 844})
        length = page.evaluate(LENGTH)
        found.law(f"it is shorter than 8,000 pixels at {width}, folded", length < 8_000, length)
        page.get_by_role("button", name="Open everything").click()
        found.law("and no wider where all of it is open", page.evaluate(WIDTH) <= width, page.evaluate(WIDTH))
        found.law("nor longer than 120,000 pixels then", page.evaluate(LENGTH) < 120_000, page.evaluate(LENGTH))
        page.context.close()
