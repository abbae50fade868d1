"""The page's server: what is quick is answered at once, what takes long never stands in its way.

Some threads weigh draws, one works out what weighing cannot tell, and one what nobody waits for with a dial in hand. A
tab's newest wish wins: work on an older one stops at its next block. A person's own version goes back as text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jonbar.errors import Diagnostic, JonbarError, QuestionError
from jonbar.report.arguing import Desk, Wish
from jonbar.report.studying import study_branching, study_claims, study_crux, study_curves, study_dossier
from jonbar.scenario.overlay_writing import write_overlay
from jonbar.scenario.settings import with_settings
from jonbar.views import before
from jonbar.views import desk as shown
from jonbar.views import looking as pictures
from jonbar.views.lines import clean
from jonbar.views.scene import describe
from jonbar.web.asked import number_of, text_of, texts_of, wish_of
from jonbar.web.guard import TooLarge

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

ASSETS = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "draw.js": "text/javascript",
    "ask.js": "text/javascript",
    "headline.js": "text/javascript",
    "blind.js": "text/javascript",
    "claims.js": "text/javascript",
    "dials.js": "text/javascript",
    "folds.js": "text/javascript",
    "quarrel.js": "text/javascript",
    "picture.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
TABS = 32
PATIENCE = 20.0  # seconds that a page waits for news of its file
MOST_TELLINGS, MOST_GISTS = 10_000, 8


class Superseded(Exception):
    """A newer wish of the same tab came in."""


@dataclass(eq=False)
class House:
    """What the server knows: the desk, what the file has last been found to be, and how far each tab's work is."""

    desk: Desk
    name: str  # as it is typed at the command line
    extends: str  # as an overlay names it
    blind: bool = False  # a reader answers before the model does
    version: int = 1
    faults: tuple[Diagnostic, ...] = ()
    newest: dict[str, int] = field(default_factory=dict)
    share: dict[str, float] = field(default_factory=dict)
    quick: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "weighing"))
    slow: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "working"))
    long: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "studying"))
    waiting: set[asyncio.Future[None]] = field(default_factory=set)  # pages that wait for news

    def renew(self, desk: Desk | None, faults: tuple[Diagnostic, ...]) -> None:
        """The file was saved: a new desk, or faults beside the last good one."""
        self.desk, self.faults = desk or self.desk, faults
        self.version += 1
        for each in list(self.waiting):
            each.get_loop().call_soon_threadsafe(_tell, each)

    async def news(self, since: str) -> None:
        """Wait until there is something newer, or for a while."""
        told = asyncio.get_running_loop().create_future()
        self.waiting.add(told)
        try:
            if since == str(self.version):
                await asyncio.wait_for(told, PATIENCE)
        except TimeoutError:
            pass
        finally:
            self.waiting.discard(told)

    def began(self, tab: str, number: int) -> Callable[[float], None]:
        """Note a tab's newest wish. What it returns is told how far the work is, and ends work that nobody wants."""
        if tab not in self.newest and len(self.newest) >= TABS:
            oldest = next(iter(self.newest))
            self.newest.pop(oldest)
            self.share.pop(oldest, None)
        self.newest[tab] = max(number, self.newest.get(tab, 0))
        self.share[tab] = 0.0

        def progress(share: float) -> None:
            if self.newest.get(tab, number) > number:
                raise Superseded
            self.share[tab] = share

        return progress


def _tell(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


def asset(name: str) -> str:
    """A file of the page."""
    return files("jonbar.web").joinpath(name).read_text(encoding="utf-8")


def make_app(house: House, token: str) -> Starlette:
    """The routes of the page, all of them below the token."""
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def too_large(request: Request, fault: Exception) -> Response:
        return PlainTextResponse("Too large.", 413)

    routes = [
        Route(f"/{token}/", _page(house)),
        *(Route(f"/{token}/{name}", _asset(name, kind)) for name, kind in ASSETS.items()),
        Route(f"/{token}/report.css", _asset("report.css", "text/css")),
        Route(f"/{token}/api/news", _news(house)),
        Route(f"/{token}/api/progress", _progress(house)),
        *(Route(f"/{token}/api/{name}", _asked(house, task), methods=["POST"]) for name, task in TASKS.items()),
    ]
    return Starlette(routes=routes, exception_handlers={TooLarge: too_large})


def _page(house: House) -> Callable[..., Any]:
    async def page(request: Request) -> Response:
        from starlette.responses import HTMLResponse

        return HTMLResponse(asset("page.html"))

    return page


def _asset(name: str, kind: str) -> Callable[..., Any]:
    async def send(request: Request) -> Response:
        from starlette.responses import Response

        from jonbar.views.dossier.html import asset as report_asset

        return Response(report_asset(name) if name == "report.css" else asset(name), media_type=kind)

    return send


def _progress(house: House) -> Callable[..., Any]:
    async def progress(request: Request) -> Response:
        from starlette.responses import JSONResponse

        return JSONResponse({"share": house.share.get(request.query_params.get("tab", ""), 0.0)})

    return progress


def _news(house: House) -> Callable[..., Any]:
    async def news(request: Request) -> Response:
        from starlette.responses import JSONResponse

        await house.news(request.query_params.get("since", ""))
        return JSONResponse({"version": house.version, "faults": shown.show_faults(house.faults)})

    return news


Task = Callable[[House, Desk, Mapping[str, Any], Callable[[float], None]], dict[str, Any]]


def _asked(house: House, task: Task) -> Callable[..., Any]:
    """A task as a route: its faults become sentences, and no traceback leaves it."""

    async def respond(request: Request) -> Response:
        from starlette.responses import JSONResponse

        try:
            body = await request.json()
        except (ValueError, RecursionError):
            return JSONResponse({"fault": "This is no question."}, 400)
        try:
            wish = wish_of(body, house.desk.size.seed)
            tab, number = text_of(body, "tab")[:40], number_of(body, "number", 0)
            progress = house.began(f"{tab} {task.__name__}", number)
            at_once = task in AT_ONCE or (task in READY and house.desk.ready(_sooner(house.desk, wish)))
            pool = house.quick if at_once else house.long if task in STUDIES else house.slow
            asked = {**body, "wish": wish}
            found = await asyncio.get_running_loop().run_in_executor(pool, _do, task, house, asked, progress)
            return JSONResponse(found)
        except Superseded:
            return JSONResponse({"superseded": True})  # an answer too: browsers cry out over other statuses
        except JonbarError as fault:
            return JSONResponse({"fault": clean(str(fault))})
        except Exception as fault:  # whatever it is, the page says what it can and lives on
            own = f"Jonbar itself failed at this, and it is no fault of yours: {type(fault).__name__}: {fault}"
            return JSONResponse({"fault": clean(own)[:400]}, 500)

    return respond


def _do(task: Task, house: House, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    progress(0.0)  # whatever nobody wants any more by now is not begun
    return task(house, house.desk, body, progress)


def scene(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """All that a page can show before anything is answered; no history is run for it."""
    wish: Wish = body["wish"]
    readings = desk.scenario.readings()
    if not readings:
        raise QuestionError("E514", f"`{desk.scenario.name}` has no what-if.")
    wish = replace(wish, reading=wish.reading if wish.reading in readings else next(iter(readings)))
    reading = desk.reading(wish)
    return {
        **describe(desk.scenario, desk.dials(), seed=desk.size.seed, name=house.name),
        "rows": before.show_waiting(desk.scenario, reading, desk.questions()),
        "order": desk.known_order(Wish(wish.reading, desk.size.seed)),
        "version": house.version,
        "faults": shown.show_faults(house.faults),
        "entered": _entered(desk) if house.blind else {},
    }


def _entered(desk: Desk) -> dict[str, Any]:
    """For each act the questions that a reader answers first."""
    return {
        name: before.show_entered(desk.scenario, reading, desk.questions())
        for name, reading in desk.scenario.readings().items()
    }


def order(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """The dials, those first that move most what the page shows; after it a dial is answered at once."""
    return {"order": desk.order(body["wish"], texts_of(body, "outcomes"), progress)}


def answer(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """The two timelines for what a person holds; where history has been run for it before, from that run."""
    wish = _sooner(desk, body["wish"])
    wish = replace(wish, glance=wish.glance and desk.worth_a_glance(replace(wish, glance=False)))
    told = shown.show_turn(desk.answer(wish, progress), text_of(body, "find"))
    return {**told, "fresh": wish.fresh, "glance": wish.glance}


def _sooner(desk: Desk, wish: Wish) -> Wish:
    """The same wish, from history run anew for its numbers if that has been done already."""
    anew = replace(wish, fresh=True, glance=False)
    return anew if wish.settings and desk.ready(anew) else wish


def compare(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """What the model says of questions that a reader has answered."""
    return {"answers": before.show_compared(desk.answer(body["wish"], progress), texts_of(body, "outcomes"))}


def crux(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """What parts two camps on one outcome."""
    outcome = text_of(body, "outcome")
    between = (text_of(body, "one"), text_of(body, "other"))
    found = study_crux(desk, body["wish"], outcome, between, progress)
    return pictures.show_quarrel(found, _ask(desk, outcome))


def curves(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """How inevitable an outcome looked on each date."""
    return pictures.show_curves(study_curves(desk, body["wish"], text_of(body, "outcome"), progress))


def series(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """One quantity in both timelines."""
    wish = _whole(desk, body["wish"])
    return {**pictures.show_series(desk.timelines(wish, progress), text_of(body, "name")), "fresh": wish.fresh}


def branching(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """The commonest histories."""
    wish = _whole(desk, body["wish"])
    return {**pictures.show_branching(study_branching(desk, wish, progress)), "fresh": wish.fresh}


def _whole(desk: Desk, wish: Wish) -> Wish:
    """A wish for whole worlds, which are there as the file has them, or as history was run anew."""
    wish = replace(wish, glance=False)
    anew = _sooner(desk, wish)
    return replace(anew, given="", without="") if anew.fresh else desk.plain(wish)


def _ask(desk: Desk, outcome: str) -> str:
    asked, label = desk.target(outcome)
    return asked.ask if len(asked.parts) == 1 else f"{asked.ask} {label.replace('_', ' ')}"


def claims(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """The claims for what a person holds."""
    return {"claims": shown.show_claims(study_claims(desk, body["wish"], progress))}


def why(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """What stands behind one outcome."""
    wish, outcome = body["wish"], text_of(body, "outcome")
    found = desk.why(wish, [outcome], progress)
    if outcome not in found:
        raise QuestionError("E513", "There is no number for this outcome.")
    question, label = desk.target(outcome)
    timelines = desk.timelines(wish)
    line = next(each for each in timelines.lines if each.variable == question.key)
    told = shown.show_why(desk.scenario, line, label, found[outcome])
    variable, do = question.variable, desk.reading(wish).do
    return {
        **told,
        "picture": pictures.show_ancestors(desk.scenario, timelines, variable, found[outcome].arguments, do),
    }


def gists(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """Why the answers that stand first are as they are, in a sentence or three each."""
    wish, outcomes = body["wish"], texts_of(body, "outcomes")[:MOST_GISTS]
    return {"gists": shown.show_gists(desk.scenario, desk.timelines(wish), desk.why(wish, outcomes, progress))}


def standoff(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """Where the first two camps part on one outcome, in a sentence; nothing where they cannot be compared on it."""
    wish, outcome, camps = body["wish"], text_of(body, "outcome"), list(desk.scenario.camps)[:2]
    if len(camps) < 2:
        return {"standoff": []}
    try:
        found = study_crux(desk, wish, outcome, (camps[0], camps[1]), progress)
    except QuestionError:
        return {"standoff": []}
    return {"standoff": shown.show_standoff(desk.scenario, desk.timelines(desk.plain(wish)), outcome, found)}


def telling(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """One run of luck."""
    number = number_of(body, "telling", 0) % MOST_TELLINGS
    told = desk.tell(body["wish"], number)
    return shown.show_telling(told, desk.timelines(body["wish"]).lines)


def report(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """The report to send, as one file."""
    from jonbar.views.dossier.compose import compose
    from jonbar.views.dossier.figures import data_json
    from jonbar.views.dossier.html import write_html
    from jonbar.views.dossier.sections import choose

    dossier = study_dossier(desk, body["wish"], choose, progress)
    return {"file": f"{desk.scenario.name}.html", "text": write_html(compose(dossier), data_json(dossier)) + "\n"}


def overlay(house: House, desk: Desk, body: Mapping[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """A person's own version as the text of an overlay file."""
    wish: Wish = body["wish"]
    changed = with_settings(desk.scenario, dict(wish.settings))
    name = f"{desk.scenario.name}-mine"
    return {"file": f"{name}.jonbar.yaml", "text": write_overlay(
        desk.scenario, changed, name=name, extends=house.extends
    )}  # fmt: skip


AT_ONCE = frozenset({scene, overlay})
READY = frozenset({answer, compare, series})
STUDIES = frozenset({crux, curves, claims, gists, standoff, telling, branching, report})
TASKS: Mapping[str, Task] = {
    each.__name__: each
    for each in (
        scene, order, answer, compare, claims, why, gists, standoff, telling, overlay, crux, curves, series, branching,
        report,
    )
}  # fmt: skip
