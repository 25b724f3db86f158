"""The server's protocol with two bounds that it lacks: how long a request's head is, and how late.

uvicorn's parser keeps a head of any length, and waits for its end for ever: before any key is
asked for, one client could fill the memory, and a few hundred could hold every connection.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024
HEAD_TIMEOUT_S = 20.0
REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class BoundedHttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 where a request's head is at most `MAX_HEAD_BYTES` long and arrives in time."""

    head_timeout_s = HEAD_TIMEOUT_S
    _head_bytes = 0
    _is_in_head = True
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        """Take a connection, and wait for its first request no longer than for a head."""
        super().connection_made(transport)
        self._begin_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take the next bytes; a head in one piece with its body is counted by its own length."""
        for start in range(0, len(data), MAX_HEAD_BYTES):
            piece = data[start : start + MAX_HEAD_BYTES]
            was_in_head = self._is_in_head
            super().data_received(piece)
            if self.transport.is_closing() or self.parser is None:
                return
            if was_in_head and self._is_in_head:
                self._head_bytes += len(piece)
                if self._head_bytes >= MAX_HEAD_BYTES:
                    self._refuse_head()
                    return

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._begin_head()

    def on_headers_complete(self) -> None:
        """End the head."""
        self._end_head()
        super().on_headers_complete()

    def _begin_head(self) -> None:
        self._end_head()
        self._is_in_head, self._head_bytes = True, 0
        self._head_timer = self.loop.call_later(
            self.head_timeout_s, self.timeout_keep_alive_handler
        )

    def _end_head(self) -> None:
        self._is_in_head = False
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse_head(self) -> None:
        self._end_head()
        self.transport.write(REFUSAL)
        self.transport.close()
