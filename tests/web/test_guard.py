"""Laws of the door: only the page itself, on this machine, is let in, in measured amounts, and faults are sentences."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from jonbar.report.arguing import Desk
from jonbar.report.build import Settings
from jonbar.scenario.read import examine, read_scenario
from jonbar.scenario.terms import Scenario
from jonbar.web.app import ASSETS, House, make_app
from jonbar.web.guard import MOST_AT_ONCE, MOST_BYTES, POLICY, Bucket, Guard, new_token
from tests.views.made_up import BATTLE

TOKEN, PORT = "a-token-of-the-tests", 4321
HOST = (b"host", b"127.0.0.1:4321")
JSON = (b"content-type", b"application/json")
SETTING = {"french_victory.two_armies": "x0.06 to x0.1"}
Answer = tuple[int, dict[bytes, bytes], bytes]


@cache
def battle() -> Scenario:
    return read_scenario(BATTLE.read_text(encoding="utf-8"), file=BATTLE.name)


@cache
def house() -> House:
    return House(Desk(battle(), Settings(1, 400, 20)), "battle.jonbar.yaml", "battle.jonbar.yaml")


def guard(bucket: Bucket | None = None) -> Guard:
    return Guard(make_app(house(), TOKEN), TOKEN, PORT, bucket)


def call(
    path: str, *, method: str = "GET", headers: tuple[tuple[bytes, bytes], ...] = (HOST,), body: bytes = b"",
    door: Guard | None = None,
) -> Answer:  # fmt: skip
    """One request, as a server would hand it on."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": query.encode(), "headers": list(headers), "scheme": "http",
        "server": ("127.0.0.1", PORT), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    asyncio.run((door or guard())(scope, receive, send))
    content = b"".join(each.get("body", b"") for each in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), content


def ask(kind: str, **body: Any) -> tuple[int, Any]:
    status, _, content = call(
        f"/{TOKEN}/api/{kind}", method="POST", headers=(HOST, JSON), body=json.dumps(body).encode()
    )
    return status, json.loads(content)


def test_the_page_comes_with_its_policy_and_holds_no_inline_script_or_style() -> None:
    status, headers, content = call(f"/{TOKEN}/")
    assert status == 200 and headers[b"content-security-policy"] == POLICY.encode()
    assert "unsafe" not in POLICY and POLICY.startswith("default-src 'none'")
    assert headers[b"x-content-type-options"] == b"nosniff" and headers[b"cache-control"] == b"no-store"
    text = content.decode()
    assert "<style" not in text and " style=" not in text and "onclick" not in text
    assert text.count("<script") == 1 and '<script type="module" src=' in text


def test_every_part_of_the_page_is_served_and_asks_for_nothing_outside() -> None:
    for name in (*ASSETS, "report.css"):
        status, _, content = call(f"/{TOKEN}/{name}")
        assert status == 200 and content
        assert b"http://" not in content.replace(b"http://www.w3.org", b"") and b"https://" not in content
        assert b"innerHTML" not in content or name == "report.css"
    folder = Path(str(files("jonbar.web")))
    there = {each.name for each in folder.iterdir() if each.suffix in (".js", ".css", ".svg")}
    assert there == set(ASSETS)


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        (((b"host", b"evil.example:4321"),), f"/{TOKEN}/", 403),  # a name that was bound to this machine
        (((b"host", b"127.0.0.1:80"),), f"/{TOKEN}/", 403),
        ((), f"/{TOKEN}/", 403),
        ((HOST, HOST), f"/{TOKEN}/", 400),
        ((HOST, (b"origin", b"http://evil.example")), f"/{TOKEN}/", 403),
        ((HOST, (b"origin", b"null")), f"/{TOKEN}/", 403),
        ((HOST, (b"origin", b"http://127.0.0.1:4321")), f"/{TOKEN}/", 200),
        ((HOST,), "/", 404),
        ((HOST,), "/wrong/", 404),
        ((HOST,), f"/{TOKEN}x/", 404),
        ((HOST,), "/\udcff/", 404),
        ((HOST,), f"/{TOKEN}/../etc/passwd", 404),
        ((HOST,), f"/{TOKEN}/app.py", 404),
    ],
)
def test_only_our_own_page_is_let_in(headers: tuple[tuple[bytes, bytes], ...], path: str, status: int) -> None:
    assert call(path.encode("utf-8", "replace").decode(), headers=headers)[0] == status


def test_a_form_of_another_site_cannot_ask_and_a_request_is_bounded() -> None:
    plain = (HOST, (b"content-type", b"text/plain"))
    assert call(f"/{TOKEN}/api/answer", method="POST", headers=plain, body=b"{}")[0] == 415
    large = (HOST, JSON, (b"content-length", str(MOST_BYTES + 1).encode()))
    assert call(f"/{TOKEN}/api/answer", method="POST", headers=large)[0] == 413
    assert call(f"/{TOKEN}/api/answer", method="POST", headers=(HOST, JSON), body=b"x" * (MOST_BYTES + 1))[0] == 413
    for strange in (b"", b"[", b"[" * 50_000, b"\xff", b"null", b"3", b'{"settings": 3}', b'{"seed": true}'):
        status, _, content = call(f"/{TOKEN}/api/answer", method="POST", headers=(HOST, JSON), body=strange)
        assert status in (200, 400) and b'{"fault":' in content and b"Traceback" not in content


def test_requests_come_in_measured_amounts() -> None:
    now = [100.0]
    door = guard(Bucket(clock=lambda: now[0]))
    found = [call(f"/{TOKEN}/page.css", door=door)[0] for _ in range(int(MOST_AT_ONCE) + 5)]
    assert found.count(429) == 5
    now[0] += 1.0
    assert call(f"/{TOKEN}/page.css", door=door)[0] == 200


def test_tokens_are_long_and_never_the_same() -> None:
    found = {new_token() for _ in range(100)}
    assert len(found) == 100 and min(map(len, found)) >= 32


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    yield
    house().quick.shutdown()
    house().slow.shutdown()


def test_an_answer_is_that_of_a_run() -> None:
    status, found = ask("answer", reading="dry_night", tab="t", number=1)
    assert status == 200 and not found["few"] and found["draws"] == 400
    assert not any(row["tinted"] for row in found["rows"])
    victory = next(row for row in found["rows"] if row["outcome"] == "french_victory\x1fyes")
    assert victory["suppose"] == ["french_victory", "not french_victory"]


def test_what_is_held_otherwise_is_weighed_and_marked() -> None:
    plain, moved = (ask("answer", reading="dry_night", settings=each)[1] for each in ({}, SETTING))
    assert moved["effective"] < plain["effective"]
    fresh = ask("answer", reading="dry_night", settings=SETTING, fresh=True)[1]
    assert not fresh["few"]
    far = {"french_victory.two_armies": "x0.0001 to x0.0002"}
    assert ask("answer", reading="dry_night", settings=far)[1]["few"]


def test_supposing_conditions_and_an_argument_can_be_taken_out() -> None:
    supposed = ask("answer", reading="dry_night", given="not prussians_in_time")[1]
    row = next(each for each in supposed["rows"] if each["outcome"] == "prussians_in_time\x1fyes")
    assert row["here"] == "<1% yes" and row["tinted"]
    bare = ask("answer", reading="dry_night", without="french_victory.two_armies")[1]
    assert any(each["tinted"] for each in bare["rows"])


@pytest.mark.parametrize("find", ["napoleon win", "french victory", "AFTERNOON", "prussians field", "no such word"])
def test_a_question_is_found_by_its_words_its_name_and_its_answers(find: str) -> None:
    found = {row["outcome"].split("\x1f")[0] for row in ask("answer", reading="dry_night", find=find)[1]["rows"]}
    wanted = {"AFTERNOON": "attack", "prussians field": "prussians_in_time", "no such word": None}
    assert found == {each for each in (wanted.get(find, "french_victory"),) if each}


def test_the_other_questions_are_answered() -> None:
    begun = ask("scene", reading="")[1]
    assert begun["readings"][0]["name"] == "dry_night" and begun["entered"] == {} and begun["order"] == []
    outcomes = [row["outcome"] for row in ask("answer", reading="dry_night")[1]["rows"] if row["outcome"]]
    order = ask("order", reading="dry_night", outcomes=outcomes)[1]["order"]
    assert sorted(order) == sorted(each["name"] for each in begun["dials"])
    assert ask("claims", reading="dry_night")[1] == {"claims": []}
    reasons = ask("why", reading="dry_night", outcome="french_victory\x1fyes")[1]
    assert reasons["reasons"][0]["push"] == "french_victory.two_armies"
    gist = ask("gists", reading="dry_night", outcomes=["french_victory\x1fyes"])[1]["gists"]["french_victory\x1fyes"]
    assert gist[0]["head"] == "Why:" and "Four hours earlier" in gist[0]["text"] and "hangs on" in gist[1]["head"]
    assert ask("standoff", reading="dry_night", outcome="french_victory\x1fyes")[1] == {"standoff": []}  # no camps
    assert ask("gists", reading="dry_night", outcomes=["no such\x1fyes"])[1]["fault"].startswith("E513")
    assert ask("telling", reading="dry_night", telling=3)[1]["number"] == 3
    assert json.loads(call(f"/{TOKEN}/api/progress?tab=t")[2]) == {"share": 0.0}


def test_an_own_version_is_an_overlay_that_means_what_was_held() -> None:
    found = ask("overlay", reading="dry_night", settings=SETTING)[1]
    text = BATTLE.read_text(encoding="utf-8")
    above, faults = examine(found["text"], file=found["file"], load=lambda name: (name, text))[:2]
    assert above is not None and faults == ()
    push = above.variables["french_victory"].pushes[0]
    assert push.size.number != battle().variables["french_victory"].pushes[0].size.number
    assert above.variables["rain"] == battle().variables["rain"]


@pytest.mark.parametrize(
    "body",
    [
        {"reading": "nowhere"},
        {"reading": "dry_night", "luck": "much"},
        {"reading": "dry_night", "given": "no such thing"},
        {"reading": "dry_night", "given": "rain"},  # it was prevented
        {"reading": "dry_night", "settings": {"no.such": "x2"}},
        {"reading": "dry_night", "settings": {"french_victory.two_armies": "soon"}},
        {"reading": "x" * 500},
        {"reading": "dry_night", "settings": {str(each): "x2" for each in range(100)}},
    ],
)
def test_what_cannot_be_asked_is_answered_by_a_sentence(body: dict[str, Any]) -> None:
    status, found = ask("answer", **body)
    assert status == 200 and list(found) == ["fault"] and "Traceback" not in found["fault"]


def test_what_fails_unexpectedly_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "tell", lambda *_: 1 / 0)
    status, found = ask("telling", reading="dry_night")
    assert status == 500 and "no fault of yours" in found["fault"] and "ZeroDivisionError" in found["fault"]
    assert "Traceback" not in found["fault"]


def test_the_newest_wish_of_a_tab_stops_older_work() -> None:
    from jonbar.web.app import Superseded

    progress = house().began("tab answer", 5)
    progress(0.5)
    house().began("tab answer", 6)
    with pytest.raises(Superseded):
        progress(0.6)
    assert ask("answer", reading="dry_night", tab="other", number=7)[1]["rows"]
    assert ask("answer", reading="dry_night", tab="other", number=6)[1] == {"superseded": True}  # and is not begun
    for each in range(100):
        house().began(f"tab {each}", 1)
    assert len(house().newest) <= 32


def test_a_page_that_waits_is_told_at_once_from_another_thread() -> None:
    own = House(house().desk, "battle", "battle")

    async def wait() -> float:
        began = time.monotonic()
        threading.Timer(0.2, own.renew, [None, ()]).start()
        await asyncio.gather(*(own.news("1") for _ in range(3)))
        return time.monotonic() - began

    assert asyncio.run(wait()) < 5.0 and own.version == 2 and not own.waiting


def test_a_saved_file_with_faults_keeps_the_last_good_desk() -> None:
    own = House(house().desk, "battle", "battle")
    _, _, found = "", None, examine("jonbar: 1\nvariables: 3\n", file="battle.jonbar.yaml")[1]
    own.renew(None, tuple(found))
    assert own.desk is house().desk and own.version == 2 and own.faults
