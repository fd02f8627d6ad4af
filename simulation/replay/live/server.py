"""The live view's server: uvicorn, in a thread of its own, on 127.0.0.1 alone."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING, Final, Self

from simulation.errors import ConfigError
from simulation.replay.live.app import App
from simulation.replay.live.guard import CLOSED, Guard
from simulation.replay.live.shelf import Shelf
from simulation.replay.page import live_page, policy

if TYPE_CHECKING:
    from simulation.replay.live.session import Session

HOST: Final = "127.0.0.1"
"""Where it listens, and nowhere else."""
_LONGEST_PORT: Final = 65535
_CONNECTIONS: Final = 128
_HEADER_BYTES: Final = 16 * 1024
_CLOSE_SECONDS: Final = 3


class LiveServer:
    """Serves the player on a run.

    The port is taken when it is made, the thread begins with ``with`` and ends with it.

    Args:
        port: Where it listens; 0: a free one.

    Raises:
        ConfigError: The port is taken, or there is no such port.
    """

    def __init__(self, port: int = 0) -> None:
        if not 0 <= port <= _LONGEST_PORT:
            hint = f"Give one from 1024 to {_LONGEST_PORT}, or none for a free one."
            raise ConfigError("no such port", where="--port", value=port, hint=hint)
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.guard = Guard(self.port)
        self._serving: _Serving | None = None

    @property
    def url(self) -> str:
        """Where the page is, with the token."""
        return f"http://{HOST}:{self.port}/?token={self.guard.token}"

    @property
    def url_for_once(self) -> str:
        """The same for the command line of a browser: it opens the page one time."""
        return f"http://{HOST}:{self.port}/?token={self.guard.once()}"

    @property
    def serves(self) -> bool:
        """Whether it answers."""
        return self._serving is not None

    def serve(self, session: Session, page: str | None = None) -> None:
        """Begin to answer.

        Args:
            session: The run, with its simulation attached.
            page: The HTML of a page of one's own; None: the player.
        """
        app = App(
            session,
            Shelf(session.folder, session.state),
            self.guard,
            page=live_page(session.title) if page is None else page,
            policy=policy("'self'") if page is None else CLOSED,
        )
        self._serving = _Serving(app, self._socket)

    def close(self) -> None:
        """Tell the pages how it ended, and stop answering."""
        if self._serving is not None:
            self._serving.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Serving:
    """uvicorn at work in a thread."""

    def __init__(self, app: App, listening: socket.socket) -> None:
        import uvicorn  # noqa: PLC0415 - a quarter of a second, for live views alone

        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                limit_concurrency=_CONNECTIONS,
                h11_max_incomplete_event_size=_HEADER_BYTES,
                timeout_graceful_shutdown=_CLOSE_SECONDS,
            )
        )
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening)), name="sociarium-live", daemon=True
        )
        self._thread.start()

    async def _serve(self, listening: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve(sockets=[listening])

    def close(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._app.close)
        self._server.should_exit = True
        self._thread.join(timeout=2 * _CLOSE_SECONDS)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        hint = "Give another, or none for a free one."
        why = error.strerror or error
        what = f"the port cannot be listened to ({why})"
        raise ConfigError(what, where="--port", value=port, hint=hint) from error
