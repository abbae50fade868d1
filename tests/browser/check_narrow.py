"""The page on a phone and on a tablet: the answer first, the rest folded, and nothing out of anybody's reach."""

from __future__ import annotations

from typing import Any

from tests.browser.served import Found, listened, until

PHONES = ((390, 844), (360, 740))
TABLET = (768, 1024)
LONGEST = 4800  # pixels of a folded page on a phone, with the reasons of what it answers
SENTENCE_ENDS = "document.querySelector('#moves li > strong').getBoundingClientRect().bottom"
LENGTH = "document.documentElement.scrollHeight"
FOLDED = {"change", "done", "dated", "every-dial", "every-claim", "choose", "read"}
OPEN_ON_A_TABLET = {"change", "done", "dated"}


def narrow(opened: Any, address: str, found: Found, size: tuple[int, int]) -> Any:
    """A narrow tab in which the first answer and the claims stand."""
    width, height = size
    context = opened.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    page = listened(context.new_page(), address, found)
    page.goto(address)
    page.wait_for_selector("#moves li", timeout=120_000)
    page.wait_for_selector("#claims li", state="attached", timeout=120_000)
    return page


def unfolded(page: Any) -> set[str]:
    """The folds that stand open."""
    return set(page.evaluate("[...document.querySelectorAll('.fold[open]')].map((each) => each.id)"))


def in_the_hand(opened: Any, address: str, found: Found) -> None:
    """The first screen of a phone answers; what is folded opens by finger, by sentence and by keyboard."""
    for size in PHONES:
        page = narrow(opened, address, found, size)
        width, height = size
        ends, long = page.evaluate(SENTENCE_ENDS), page.evaluate(LENGTH)
        found.law(f"the first answer stands in the first screen of {width} x {height}", ends <= height, round(ends))
        found.law(f"folded, a page of {width} pixels is soon read", long <= LONGEST, long)
        found.law(f"and folded it is, at {width} pixels", not unfolded(page), unfolded(page))
        for part, inside in (
            ("Arguments", "#dials .dial"),
            ("What people said", "#claims li"),
            ("What if", "#rows tr"),
        ):
            page.locator(".jump button", has_text=part).click()
            shown = page.locator(inside).first
            found.law(f"the button {part} opens what it leads to", until(shown.is_visible))
            focused = page.evaluate("document.activeElement.tagName")
            found.law(f"and takes the focus there ({part})", focused == "SECTION", focused)
        page.context.close()
    page = narrow(opened, address, found, PHONES[0])
    page.locator("#moves .ask").first.click()
    page.wait_for_selector(".why h3", timeout=60_000)
    question = page.locator("#rows .ask[aria-expanded=true]")
    seen = until(lambda: 0 <= question.bounding_box()["y"] < PHONES[0][1])
    found.law("a sentence of the answer opens its question where one sees it", seen, question.bounding_box())
    page.set_viewport_size({"width": 1440, "height": 900})
    until(lambda: unfolded(page) == FOLDED)
    wide = page.locator(".fold > summary:visible").count()
    found.law("a wide page has no fold", unfolded(page) == FOLDED and wide == 0, unfolded(page), wide)
    page.set_viewport_size({"width": PHONES[0][0], "height": PHONES[0][1]})
    until(lambda: unfolded(page) == {"dated"})
    found.law("a page that is narrow again has open what was opened", unfolded(page) == {"dated"}, unfolded(page))
    page.context.close()
    page = narrow(opened, address, found, TABLET)
    found.law("a tablet folds less", unfolded(page) == OPEN_ON_A_TABLET, unfolded(page))
    page.context.close()


def on_paper(opened: Any, address: str, found: Found) -> None:
    """Ctrl+P, from a phone on which all is folded: the answer and both timelines, what is held, and no control."""
    page = narrow(opened, address, found, PHONES[0])
    page.emulate_media(media="print")
    shown = until(lambda: page.locator("#rows tr").last.is_visible() and page.locator("#does").is_visible())
    found.law("the answer and both timelines are printed, folded or not", shown and page.locator("#moves").is_visible())
    controls = page.locator("input:visible, select:visible, button:not(.ask):visible, summary:visible")
    found.law("and no control is", controls.count() == 0, controls.all_inner_texts())
    apart = page.locator("#arguments").is_hidden() and page.locator("#claims").is_hidden()
    found.law("nor what stands beside them", apart)
    page.emulate_media(media="screen")
    until(lambda: not unfolded(page))
    found.law("back on the screen it is folded as before", not unfolded(page), unfolded(page))
    page.locator(".jump button", has_text="Arguments").click()
    page.locator(".dial input[type=range]").first.fill("12")
    page.wait_for_selector(".dial.moved")
    page.emulate_media(media="print")
    held = until(lambda: page.locator(".dial:visible").count() == 1 and page.locator(".dial.moved output").is_visible())
    found.law("a number that is held is printed with the answer", held)
    page.context.close()


def by_thumb_keyboard(opened: Any, address: str, found: Found, wanted: set[str]) -> None:
    """Every control of a folded page, by keyboard: Enter opens each fold on the way."""
    page = narrow(opened, address, found, PHONES[0])
    reached, shut = set[str](), set[str]()
    page.keyboard.press("Tab")
    for _ in range(300):
        name = page.evaluate(
            "(each => each.matches('.fold > summary') ? 'fold ' + each.parentElement.id : each.id.replace(/dial-\\d+/, "
            "'dial') || each.className || each.dataset.push && 'without' || each.tagName)(document.activeElement)"
        )
        if name == "BODY" and reached:
            break
        if name.startswith("fold ") and name not in reached:
            shut |= {name.removeprefix("fold ")} - unfolded(page)
            page.keyboard.press("Enter")
        reached.add(name or "without")
        page.keyboard.press("Tab")
    found.law("Tab reaches every fold", shut == FOLDED, FOLDED - shut)
    found.law("Enter opens each", unfolded(page) == FOLDED, FOLDED - unfolded(page))
    found.law("and Tab reaches every control that a wide page has", wanted <= reached, wanted - reached)
    page.context.close()
