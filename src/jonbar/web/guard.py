"""Who may speak to the page's server: only the page itself, from this machine, in measured amounts.

A page of another site can make a browser send requests to this machine. So the address holds a random token, the
`Host` must be this machine by name (which a rebound name of another site is not), and an `Origin` must be ours.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 64_000  # of a request
MOST_AT_ONCE, A_SECOND = 120.0, 60.0  # requests
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def new_token() -> str:
    """A word that nobody can guess."""
    return secrets.token_urlsafe(24)


@dataclass
class Bucket:
    """How many requests may still come: so many at once, so many a second after that."""

    clock: Callable[[], float] = time.monotonic
    left: float = MOST_AT_ONCE
    last: float = field(default=0.0)

    def take(self) -> bool:
        """Whether one more may come."""
        now = self.clock()
        self.left = min(MOST_AT_ONCE, self.left + (now - self.last) * A_SECOND if self.last else self.left)
        self.last = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


class Guard:
    """Turns away what does not come from our own page, and sends every answer with its policy."""

    def __init__(self, app: App, token: str, port: int, bucket: Bucket | None = None) -> None:
        self.app, self.token = app, token
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self.bucket = bucket or Bucket()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self.refused(scope)
        if refused:
            await _refuse(send, refused)
            return
        await self.app(scope, _bounded(receive), _with_policy(send))

    def refused(self, scope: Scope) -> int:
        """The status with which a request is turned away; 0 where it may come in."""
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in (b"host", b"origin", b"content-length") and name in headers:
                return 400
            headers[name] = value
        if headers.get(b"host", b"").decode("latin-1") not in self.hosts:
            return 403
        origin = headers.get(b"origin")
        if origin is not None and origin.decode("latin-1") not in {f"http://{each}" for each in self.hosts}:
            return 403
        first = scope["path"].lstrip("/").partition("/")[0]
        if not secrets.compare_digest(first.encode("utf-8", "replace"), self.token.encode()):
            return 404
        if scope["method"] == "POST" and not headers.get(b"content-type", b"").startswith(b"application/json"):
            return 415
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return 413
        return 0 if self.bucket.take() else 429


class TooLarge(Exception):
    """A request that goes on and on."""


def _bounded(receive: Receive) -> Receive:
    seen = 0

    async def bounded() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise TooLarge
        return message

    return bounded


def _with_policy(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *HEADERS]
        await send(message)

    return sending


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"This page answers only its own tab on this machine."})
