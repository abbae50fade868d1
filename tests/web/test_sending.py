"""The law of a page's answers: they leave at once, whole, and wait for nobody's echo."""

from __future__ import annotations

import asyncio
import socket

from jonbar.cli.opening import _bind


def test_what_is_answered_on_the_page_s_socket_is_sent_at_once() -> None:
    async def at_once() -> bool:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            told.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        bound = _bind(0)
        async with await asyncio.start_server(answer, sock=bound):
            _, asking = await asyncio.open_connection(*bound.getsockname())
            found = await told
            asking.close()
        return bool(found)

    assert asyncio.run(at_once())
