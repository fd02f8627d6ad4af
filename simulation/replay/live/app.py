"""What the live view's server answers: an ASGI application with a handful of routes."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.errors import SimulationError
from simulation.replay.live.guard import CLOSED, HEADERS, Refused
from simulation.replay.live.session import Reply, RunIsOver
from simulation.replay.live.shelf import Gone
from simulation.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping, Sequence

    from simulation.replay.live.guard import Guard
    from simulation.replay.live.session import Session
    from simulation.replay.live.shelf import Shelf

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

LARGEST: Final = 16 * 1024
"""Bytes of a command."""
MOST_STREAMS: Final = 32
"""Pages that follow a run at once."""
_BODY_SECONDS: Final = 10.0
_ANSWER_SECONDS: Final = 2.0
"""How long the command of an intervention waits to hear that it was done."""
_GAP_SECONDS: Final = 0.25
"""Between two messages of a stream."""
_SIGN_SECONDS: Final = 15.0
"""After which a stream gives a sign of life."""
_PART: Final = re.compile(
    r"/part/(core|society|heads|(?:lines|minds|life)/(?:0|[1-9][0-9]{0,8}))", re.ASCII
)
_NUMBER: Final = re.compile(r"ticks=(0|[1-9][0-9]{0,8})", re.ASCII)


class Failure(Exception):
    """A request that is answered with a line and a status.

    Args:
        status: The HTTP status.
        text: The line.
    """

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        super().__init__(text)


class Request(NamedTuple):
    """What was asked."""

    method: str
    path: str
    query: bytes
    headers: Sequence[tuple[bytes, bytes]]
    receive: Receive
    send: Send

    def header(self, name: bytes) -> bytes:
        """The first value of a header; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), b"")


class App:
    """Answers requests about one run.

    Args:
        session: The run.
        shelf: The parts of its reel.
        guard: Who may ask.
        page: The HTML of the player.
        policy: Its content security policy.
    """

    def __init__(
        self, session: Session, shelf: Shelf, guard: Guard, *, page: str, policy: str
    ) -> None:
        self._session = session
        self._shelf = shelf
        self._guard = guard
        self._page = page.encode("utf-8")
        self._policy = policy
        self._streams: set[asyncio.Event] = set()
        self._closing = False

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request; the entry of ASGI."""
        if scope["type"] != "http":
            return
        headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
        request = Request(
            scope["method"], scope["path"], scope["query_string"], headers, receive, send
        )
        try:
            await self._route(request)
        except Failure as failure:
            await self._refuse(request, failure.status, str(failure))
        except Refused as refused:
            await self._refuse(request, 403, str(refused))
        except Gone as gone:
            await self._refuse(request, 410, str(gone))
        except RunIsOver as over:
            await self._refuse(request, 409, str(over))

    def close(self) -> None:
        """Let every stream end; called on the server's loop."""
        self._closing = True
        for changed in self._streams:
            changed.set()

    async def _route(self, request: Request) -> None:
        if request.path == "/":
            self._guard.check_place(request.headers)
            _only(request, "GET")
            await self._give_page(request)
            return
        self._guard.check_call(request.headers)
        if request.path == "/command":
            _only(request, "POST")
            await self._command(request)
        elif request.path == "/growth":
            _only(request, "GET")
            await self._follow(request)
        elif request.path == "/part/columns":
            _only(request, "GET")
            await self._give_columns(request)
        elif _PART.fullmatch(request.path):
            _only(request, "GET")
            await self._give_part(request)
        else:
            raise Failure(404, "there is no such page")

    # Answers -------------------------------------------------------------------------------------

    async def _give_page(self, request: Request) -> None:
        entry = self._guard.enter(request.headers, request.query)
        policy = (b"content-security-policy", f"{self._policy}; frame-ancestors 'none'".encode())
        if entry.move_to:
            await _send(request, 303, [(b"location", entry.move_to.encode())], b"")
            return
        kind = (b"content-type", b"text/html; charset=utf-8")
        await _send(request, 200, [kind, policy, self._guard.set_cookie], self._page)

    async def _give_columns(self, request: Request) -> None:
        found = _NUMBER.fullmatch(request.query.decode("latin-1"))
        if found is None:
            raise Failure(400, "columns belong to a core: ask for columns?ticks=N")
        data = await asyncio.to_thread(self._shelf.columns, int(found[1]))
        await _send(request, 200, [*_packed(b"application/octet-stream"), _CLOSED], data)

    async def _give_part(self, request: Request) -> None:
        if self._session.state().state == "waiting":
            raise Failure(404, "the run has not begun yet; try again in a moment")
        try:
            data = await asyncio.to_thread(self._shelf.part, request.path.removeprefix("/part/"))
        except SimulationError as error:
            raise Failure(404, redact(str(error))) from error
        except Exception as error:
            # The page is told, and uvicorn logs it; the run knows nothing of either.
            why = redact(f"this part cannot be made ({type(error).__name__}: {error})")
            await self._refuse(request, 500, " ".join(why.split()))
            raise
        await _send(request, 200, [*_packed(b"application/json"), _CLOSED], data)

    async def _command(self, request: Request) -> None:
        try:
            do, text = _read_command(await _body(request))
            reply = await self._obey(do, text)
        except RunIsOver:
            raise
        except SimulationError as error:
            raise Failure(400, redact(str(error))) from error
        await _send_reply(request, 200, reply)

    async def _obey(self, do: str, text: str) -> Reply:
        if do != "intervene":
            return self._session.control(do)
        pending = await asyncio.to_thread(self._session.intervene, text)
        if self._session.gate.going == "playing":
            done = asyncio.wrap_future(pending.reply)
            await asyncio.wait({done}, timeout=_ANSWER_SECONDS)
        return self._session.let_wait(pending)

    async def _refuse(self, request: Request, status: int, text: str) -> None:
        await _send_reply(request, status, Reply(False, text))

    # Growth --------------------------------------------------------------------------------------

    async def _follow(self, request: Request) -> None:
        """Tell where the run stands, as often as it changes, until the page is closed."""
        if len(self._streams) >= MOST_STREAMS:
            raise Failure(503, f"{MOST_STREAMS} pages follow this run already; close one")
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        self._streams.add(changed)
        end = self._session.listen(lambda: _wake(loop, changed))
        left = asyncio.ensure_future(_until_left(request.receive, changed))
        try:
            kind = (b"content-type", b"text/event-stream; charset=utf-8")
            await request.send(_start(200, [kind, _CLOSED]))
            await self._tell(request.send, changed, left)
            await request.send({"type": "http.response.body", "body": b""})
        finally:
            end()
            self._streams.discard(changed)
            left.cancel()
            await asyncio.gather(left, return_exceptions=True)

    async def _tell(self, send: Send, changed: asyncio.Event, left: asyncio.Future[None]) -> None:
        seen, sent = self._session.told_since(-1)[0], None
        while not left.done():
            state = self._session.state()
            frames = [] if state == sent else [_frame("state", state._asdict())]
            sent = state
            seen, told = self._session.told_since(seen)
            frames += [_frame("told", reply._asdict()) for reply in told]
            if frames:
                await _push(send, "".join(frames))
            if self._closing:
                return
            await asyncio.sleep(_GAP_SECONDS if frames else 0)
            try:
                await asyncio.wait_for(changed.wait(), _SIGN_SECONDS)
            except TimeoutError:
                await _push(send, ":\n\n")
            changed.clear()


def _wake(loop: asyncio.AbstractEventLoop, changed: asyncio.Event) -> None:
    """Set an event from another thread; a server that is gone disturbs no run."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(changed.set)


async def _until_left(receive: Receive, changed: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    changed.set()


async def _push(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _frame(event: str, data: dict[str, Any]) -> str:
    # JSON in ASCII has no line break, so nothing that was typed can begin a frame of its own.
    return f"event: {event}\ndata: {json.dumps(data)}\n\n"


_CLOSED: Final = (b"content-security-policy", CLOSED.encode())


def _packed(kind: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", kind), (b"content-encoding", b"gzip")]


def _only(request: Request, method: str) -> None:
    if request.method != method:
        raise Failure(405, f"only {method} is answered here")


async def _body(request: Request) -> bytes:
    kind = request.header(b"content-type").partition(b";")[0].strip().lower()
    if kind != b"application/json":
        raise Failure(415, "a command is application/json")
    length = request.header(b"content-length")
    if length.isdigit() and int(length[:20]) > LARGEST:
        raise Failure(413, f"a command has {LARGEST} bytes at most")
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await _read(request.receive)
    except TimeoutError as error:
        raise Failure(408, "the command did not arrive") from error


async def _read(receive: Receive) -> bytes:
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > LARGEST:
            raise Failure(413, f"a command has {LARGEST} bytes at most")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return found


def _read_command(body: bytes) -> tuple[str, str]:
    """What is to be done, and the words that go with it."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Failure(400, "a command is JSON") from error
    if isinstance(found, dict) and {"do"} <= set(found) <= {"do", "text"}:
        do, text = found["do"], found.get("text", "")
        if isinstance(do, str) and isinstance(text, str):
            return do, text
    raise Failure(400, 'a command is {"do": "play"}, or with text {"do": "intervene", "text": "…"}')


def _start(status: int, headers: Sequence[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS]}


async def _send(
    request: Request, status: int, headers: Sequence[tuple[bytes, bytes]], data: bytes
) -> None:
    length = (b"content-length", str(len(data)).encode())
    await request.send(_start(status, [*headers, length]))
    await request.send({"type": "http.response.body", "body": data})


async def _send_reply(request: Request, status: int, reply: Reply) -> None:
    headers = [(b"content-type", b"application/json"), _CLOSED]
    if status in (408, 413):
        headers.append((b"connection", b"close"))
    await _send(request, status, headers, json.dumps(reply._asdict()).encode())
