"""What is asked of the page by hand, what it shows before anything is answered, and a reader who answers first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.browser.served import Found, axe, listened, until

FIRST_PAINT, ANSWERS = 1000.0, 6.0  # milliseconds; seconds, of a store that is warm, on a machine that is busy
WIDTHS = (390, 1440)


def tab(opened: Any, address: str, found: Found, width: int = 1440) -> Any:
    """A tab, before anything is answered in it."""
    context = opened.new_context(viewport={"width": width, "height": 1000}, accept_downloads=True)
    page = listened(context.new_page(), address, found)
    page.goto(address)
    return page


def _clean(page: Any, source: str) -> tuple[object, ...]:
    """Whether nothing stands in anybody's way, and what does."""
    wrong = axe(page, source)
    return not wrong, *wrong


def by_hand(opened: Any, address: str, found: Found, source: str) -> None:
    """The crux of two camps and the curve of an outcome, by mouse and by keyboard."""
    page = tab(opened, address, found)
    page.wait_for_selector("#moves li")
    page.locator("#quarrel-about").select_option("french_victory\x1fyes")
    page.locator("#find-crux").click()
    page.wait_for_selector("#crux h3", timeout=60_000)
    said = page.locator("#crux").inner_text()
    found.law("two camps and the gap between them", "bold" in said and "sober" in said and "A gap of" in said)
    found.law("what parts them, with its share", "french_victory.chance" in said and "100%" in said)
    page.locator("#crux button").focus()
    page.keyboard.press("Enter")
    picture = page.locator("dialog[open] .frame")
    found.law(
        "its picture opens by keyboard", picture.is_visible() and picture.evaluate("e => !!e.shadowRoot.firstChild")
    )
    found.law("axe finds nothing in the picture", *_clean(page, source))
    page.keyboard.press("Escape")
    found.law("Escape closes it", until(lambda: page.locator("dialog").count() == 0))
    page.locator("#quarrel-about").select_option("prussians_in_time\x1fyes")
    page.locator("#find-crux").click()
    page.wait_for_selector("#crux .refused", timeout=60_000)
    found.law("no shares where there is no gap, and why", "No shares" in page.locator("#crux .refused").inner_text())
    page.locator("#other-camp").select_option("bold")
    page.locator("#find-crux").click()
    until(lambda: "compared with itself" in page.locator("#crux").inner_text())
    found.law(
        "a camp has no quarrel with itself", "compared with itself" in page.locator("#crux .refused").inner_text()
    )
    page.locator("#rows tr", has_text="Napoleon win").first.locator("button.ask").click()
    fold = page.locator(".curves summary", has_text="How inevitable")
    fold.focus()
    found.law(
        "no curve is drawn before somebody asks",
        page.locator(".curves", has_text="How inevitable").locator(".picture").count() == 0,
    )
    page.wait_for_selector(".why h3", timeout=30_000)
    fold.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".curves:has-text('How inevitable') .picture", timeout=120_000)
    found.law("a curve is drawn", "In our history" in page.locator(".curves", has_text="How inevitable").inner_text())
    page.locator(".why summary", has_text="What leads to it").focus()
    page.keyboard.press("Enter")
    leads = page.locator(".why details", has_text="What leads to it").locator(".frame")
    found.law("what leads to it is a picture", leads.is_visible() and "two armies" not in leads.inner_text())
    found.law("axe finds nothing with a curve", *_clean(page, source))
    page.locator("#find-tree").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#tree .picture", timeout=60_000)
    found.law("the commonest histories are a tree", page.locator("#tree .frame").is_visible())
    found.law("where there is no quantity none is offered", page.locator("#series").is_hidden())
    page.context.close()


def enters_first(opened: Any, address: str, found: Found, source: str, pictures: Path) -> None:
    """`--blind`: nothing is answered before the reader has committed; what they enter can be saved and laid beside."""
    page = tab(opened, address, found)
    page.wait_for_selector(".entry")
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url.rsplit("/", 1)[-1]))
    found.law(
        "the page asks first", page.locator(".columns").is_hidden() and "%" not in page.locator("#rows").inner_text()
    )
    commit = page.locator("button.commit")
    found.law("nobody commits to nothing", commit.is_disabled())
    slider = page.locator(".entry input[type=range]").first
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    found.law("arrows enter a chance", page.locator(".entry output").first.inner_text() == "47%")
    page.locator(".entry input[type=number]").nth(1).fill("80")
    found.law("a number can be typed", page.locator(".entry output").nth(1).inner_text() == "80%")
    found.law("axe finds nothing while one enters", *_clean(page, source))
    page.screenshot(path=str(pictures / "blind-before.png"))
    found.law("no answer has been asked for", not {"answer", "compare", "claims", "why", "order"} & set(asked), asked)
    commit.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#compared tbody tr", timeout=60_000)
    said = page.locator("#compared").inner_text()
    found.law("their own stands beside the model's", "47%" in said and "80%" in said and "nine in ten" in said)
    found.law("and there is no score", "There is no score" in said)
    with page.expect_download() as saved:
        page.locator("#save-entered").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    shares = list(json.loads(text)["entries"]["dry_night"].values())
    found.law("what was entered is saved", shares == [0.47, 0.8], text)
    other = pictures / "another.json"
    other.write_text(text.replace("0.47", "0.2"), encoding="utf-8")
    strange = pictures / "strange.json"
    strange.write_text('{"entries": {"dry_night": 3}}', encoding="utf-8")
    page.locator("#compared input[type=file]").set_input_files([str(other), str(strange)])
    until(
        lambda: (
            "1 others" in page.locator("#compared").inner_text() or "1 other" in page.locator("#compared").inner_text()
        )
    )
    found.law("another reader's file is laid beside", "20%" in page.locator("#compared").inner_text())
    until(lambda: page.locator("#entered-trouble").is_visible())
    found.law("a strange file is not taken", "strange.json" in page.locator("#entered-trouble").inner_text())
    page.reload()
    page.wait_for_selector("#compared tbody tr", timeout=60_000)
    found.law("a page that is loaded anew keeps it", "47%" in page.locator("#compared").inner_text())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found.law(f"nothing is wider than {width} pixels after committing", wide <= width, wide)
        found.law(f"axe finds nothing at {width} pixels after committing", *_clean(page, source))
        page.screenshot(path=str(pictures / f"blind-{width}.png"))
    page.get_by_role("button", name="Another reader").click()
    page.wait_for_selector(".entry")
    until(lambda: page.locator(".entry output").first.inner_text() == "not answered yet")
    found.law("another reader begins anew", page.locator(".columns").is_hidden())
    page.context.close()


def other_numbers(opened: Any, address: str, found: Found, source: str, pictures: Path) -> None:
    """Counts, rivals, schools and bare numbers of the Cuban crisis, a camp, and one quantity at a time."""
    page = tab(opened, address, found)
    page.wait_for_selector("#claims li", timeout=120_000)
    state = page.locator("#state")
    for name in ("khrushchev_ousted.hazard", "resolve.yielding_travels"):
        page.locator("#find").fill(name)
        page.locator(".dial input[type=range]").first.fill("7")
        page.locator(".dial input[type=range]").first.fill("8")
        found.law(f"draws are weighed for {name}", until(lambda: "Weighed anew" in state.inner_text()))
        page.locator("#reset").click()
        until(lambda: "draws of what nobody knows" in state.inner_text())
    page.locator("#find").fill("resolve.weight")
    found.law(
        "a number that no draws can be weighed for says so", "run anew" in page.locator(".dial .note").inner_text()
    )
    page.locator(".dial input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    until(lambda: "No draws can be weighed" in state.inner_text())
    page.wait_for_selector("#progress:not([hidden])")
    found.law("running history anew is shown", "anew" in page.locator("#doing").inner_text())
    began = until(lambda: state.inner_text().startswith("History was run anew"), patience=120.0)
    found.law("and comes back", began, state.inner_text())
    page.locator("#find").fill("")
    page.locator("#reset").click()
    until(lambda: "draws of what nobody knows" in state.inner_text())
    page.locator("#camp").select_option("alarmed")
    came = until(lambda: state.inner_text().startswith("History was run anew"), patience=120.0)
    found.law("a camp comes back", came, state.inner_text())
    page.locator("#camp").select_option("")
    until(lambda: "draws of what nobody knows" in state.inner_text())
    page.locator("#camp").select_option("alarmed")
    again = until(lambda: state.inner_text().startswith("History was run anew"), patience=2.0)
    found.law("a camp that was there before comes back at once", again, state.inner_text())
    page.locator("#series summary").click()
    page.wait_for_selector("#drawn-series .picture", timeout=60_000)
    first = page.locator("#drawn-series .frame").evaluate("each => each.shadowRoot.textContent")
    page.locator("#which-series").select_option(index=1)
    drawn = "document.querySelector('#drawn-series .frame').shadowRoot.textContent"
    found.law("one quantity at a time", until(lambda: page.evaluate(drawn) != first))
    found.law("for the numbers that are held", "history run anew" in page.locator("#drawn-series").inner_text())
    found.law("axe finds nothing on the page of the Cuban crisis", *_clean(page, source))
    page.screenshot(path=str(pictures / "cuba-camp.png"))
    page.context.close()


def looks_first(opened: Any, address: str, found: Found) -> None:
    """Of a scenario that nobody has opened before, a first look comes before the whole, and says that it is one."""
    page = tab(opened, address, found)
    page.wait_for_selector("#moves li", timeout=120_000)
    state = page.locator("#state")
    first = state.inner_text()
    found.law("a first look comes before the whole", first.startswith("A first look, from 200 draws"), first)
    whole = until(lambda: state.inner_text().startswith("2,000 draws"), patience=180.0)
    found.law("and then the whole", whole, state.inner_text())
    page.context.close()


def before_answers(opened: Any, address: str, found: Found) -> None:
    """What stands on the page of the Cuban crisis in the first second, and how soon it is answered."""
    page = tab(opened, address, found)
    page.wait_for_selector("#rows tr.first")
    page.wait_for_selector("#moves li", timeout=60_000)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    entry = "performance.getEntriesByType('resource').find((each) => each.name.endsWith('/api/{}')).responseEnd"
    scene, answer = (page.evaluate(entry.format(name)) / 1000 for name in ("scene", "answer"))
    said = f"paint {paint:.0f} ms, questions {scene:.2f} s, answers {answer:.2f} s"
    found.law("the page is painted within a second", paint <= FIRST_PAINT, said)
    found.law("what a warm store holds is answered soon", answer <= ANSWERS, said)
    page.context.close()
