"""Who may speak to the live view, and what it says to all others."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_client import Client, Watched, watched

from simulation.errors import ConfigError
from simulation.replay.live.server import LiveServer

CALLS = ("/part/core", "/part/columns?ticks=0", "/part/lines/0", "/part/society", "/growth")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watched(tmp_path_factory.mktemp("live") / "e") as found:
        yield found


@pytest.fixture
def client(run: Watched) -> Client:
    return run.client


# Tokens ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("token", [None, "", "x", "é"])
def test_nothing_of_an_episode_is_given_without_the_token(
    client: Client, path: str, token: str | None
) -> None:
    answer = client.get(path, x_sociarium_token=token)
    assert answer.status == 403
    assert answer.told["ok"] is False
    assert "token" in answer.told["text"]


def test_a_token_in_the_address_of_a_call_counts_for_nothing(client: Client) -> None:
    answer = client.get(f"/part/core?token={client.token}", x_sociarium_token=None)
    assert answer.status == 403


def test_nothing_is_done_without_the_token(run: Watched) -> None:
    answer = run.client.command("step", x_sociarium_token=run.client.token[:-1])
    assert answer.status == 403
    assert run.session.state().ticks == 0


def test_each_server_has_a_token_of_its_own_that_nobody_guesses() -> None:
    with LiveServer() as one, LiveServer() as other:
        assert one.guard.token != other.guard.token
        assert len(one.guard.token) >= 43  # 256 bits in base64


# The page ----------------------------------------------------------------------------------------


def test_the_page_opens_with_the_token_and_forbids_all_but_itself(client: Client) -> None:
    answer = client.get(f"/?token={client.token}", x_sociarium_token=None)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert client.token not in answer.body.decode()


def test_the_page_may_ask_its_own_server_and_nobody_else(tmp_path: Path) -> None:
    with watched(tmp_path / "e", page=None) as run:
        answer = run.client.get(f"/?token={run.client.token}")
        rules = dict(
            rule.strip().split(" ", 1)
            for rule in answer.headers["content-security-policy"].split(";")
        )
        assert rules["connect-src"] == "'self'"
        assert rules["script-src"].startswith("'sha256-")
        assert b'<meta name="sociarium-live" content="1">' in answer.body


@pytest.mark.parametrize("query", ["", "?", "?token=", "?token=x", "?Token=x", "?token=%ff&x"])
def test_the_page_stays_shut_without_the_token(client: Client, query: str) -> None:
    answer = client.get(f"/{query}")
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


def test_the_page_can_be_loaded_again_by_its_cookie_which_opens_nothing_else(
    client: Client,
) -> None:
    first = client.get(f"/?token={client.token}")
    cookie, *flags = first.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict"} <= set(flags)
    assert client.token not in cookie
    assert client.get("/", cookie=cookie).status == 200
    assert client.get("/", cookie=f"{cookie}x").status == 403
    assert client.get("/part/core", cookie=cookie, x_sociarium_token=None).status == 403


def test_the_address_that_a_browser_is_started_with_opens_the_page_one_time(run: Watched) -> None:
    path = run.server.url_for_once.removeprefix(run.client.origin)
    assert run.client.token not in path
    first = run.client.get(path)
    assert (first.status, first.headers["location"]) == (303, f"/?token={run.client.token}")
    assert run.client.get(path).status == 403


# Other sites -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [None, "", "evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", "[::1]:{port}",
     "127.0.0.1.evil.example:{port}", "localhost.evil.example:{port}", "0.0.0.0:{port}"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/part/core", "/?token={token}"])
def test_a_name_that_leads_to_this_machine_is_no_way_in(
    client: Client, host: str | None, path: str
) -> None:
    named = host.format(port=client.port) if host else host
    answer = client.get(path.format(token=client.token), host=named)
    assert answer.status in (400, 403)
    assert b"stage" not in answer.body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1"])
def test_the_server_knows_its_own_names(client: Client, host: str) -> None:
    assert client.get("/part/core", host=f"{host}:{client.port}").status == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "",
     "http://127.0.0.1:{port}.evil.example", "http://localhost:{port}"],
)  # fmt: skip
def test_another_origin_commands_nothing_even_with_the_token(run: Watched, origin: str) -> None:
    answer = run.client.command("step", origin=origin.format(port=run.client.port))
    assert answer.status == 403
    assert run.session.state().ticks == 0


def test_the_own_origin_may_command(run: Watched) -> None:
    assert run.client.command("pause", origin=run.client.origin).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_browser_that_says_another_site_asked_gets_nothing(client: Client, site: str) -> None:
    assert client.get("/part/core", sec_fetch_site=site).status == 403
    assert client.command("play", sec_fetch_site=site).status == 403


def test_a_form_of_another_site_cannot_be_a_command(client: Client) -> None:
    body = json.dumps({"do": "play"}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None):
        answer = client.send("POST", "/command", body, content_type=kind)
        assert answer.status == 415


def test_no_origin_is_ever_allowed_and_no_preflight_answered(client: Client) -> None:
    asked = "POST"
    evil = "http://evil.example"
    answers = [
        client.send("OPTIONS", "/command", origin=evil, access_control_request_method=asked),
        client.send("OPTIONS", "/command", access_control_request_method=asked),
        client.get("/part/core"),
    ]
    assert [answer.status for answer in answers] == [403, 405, 200]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["/", "/?token={token}", "/part/core", "/part/no", "/command", "/nowhere"]
)
def test_every_answer_is_kept_by_nobody_and_read_as_what_it_is(client: Client, path: str) -> None:
    headers = client.get(path.format(token=client.token)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


# Odd requests ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/part", "/part/", "/part/core/", "/part/lines", "/part/lines/-1", "/part/life/2",
     "/part/lines/01", "/part/lines/1e3", "/part/lines/%D9%A3", "/part/lines/99", "/part/heads/0",
     "/part/minds/999999999", "/part/lines/9999999999", "/part/../../etc/passwd",
     "/part/%2e%2e/%2e%2e/etc/passwd",
     "/../etc/passwd", "//etc/passwd", "/part/lines/..%2f..%2flog.sqlite", "/part/core%00",
     "/index.html", "/player/boot.js", "/PART/core"],
)  # fmt: skip
def test_there_is_nothing_beside_the_parts(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status == 404
    assert answer.told["ok"] is False


@pytest.mark.parametrize("query", ["", "?ticks=", "?ticks=-1", "?ticks=x", "?ticks=0&ticks=1"])
def test_columns_are_those_of_a_core_that_is_named(client: Client, query: str) -> None:
    assert client.get(f"/part/columns{query}").status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/"), ("POST", "/part/core"), ("PUT", "/command"), ("DELETE", "/part/core"),
     ("GET", "/command"), ("HEAD", "/part/core"), ("POST", "/growth"), ("TRACE", "/")],
)  # fmt: skip
def test_another_method_is_not_allowed(client: Client, method: str, path: str) -> None:
    assert client.send(method, path).status == 405


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"play"', b"{}", b'{"do": 1}', b'{"do": "play", "x": 1}',
     b'{"do": null}', b'{"do": "dance"}', b'{"do": "intervene", "text": []}', b"\xff\xfe",
     b'{"do": "intervene"}', b"[" * 9000, b"1" * 9000],
)  # fmt: skip
def test_what_is_no_command_is_told_in_a_line(client: Client, body: bytes) -> None:
    answer = client.send("POST", "/command", body)
    assert answer.status == 400
    assert answer.told["ok"] is False
    assert "\n" not in answer.told["text"]


@pytest.mark.parametrize("length", [16 * 1024 + 1, 10_000_000])
def test_a_body_that_is_too_large_is_not_read(client: Client, length: int) -> None:
    body = b'{"do": "play", "text": "' + b"x" * length + b'"}'
    assert client.send("POST", "/command", body).status == 413


def test_a_body_whose_length_is_not_said_is_cut_off_as_well(client: Client) -> None:
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as raw:
        raw.sendall(
            f"POST /command HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
            f"X-Sociarium-Token: {client.token}\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n".encode()
        )
        for _ in range(5):
            raw.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 413")


def test_a_request_with_two_hosts_or_two_tokens_is_refused(client: Client) -> None:
    for twice in (f"Host: 127.0.0.1:{client.port}", f"X-Sociarium-Token: {client.token}"):
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as raw:
            raw.sendall(
                f"GET /part/core HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
                f"X-Sociarium-Token: {client.token}\r\n{twice}\r\n\r\n".encode()
            )
            assert raw.recv(100).split()[1] in (b"400", b"403")


def test_garbage_instead_of_http_does_no_harm(client: Client) -> None:
    for garbage in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"A" * 100_000, b"\x00" * 50):
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as raw:
            raw.sendall(garbage)
    assert client.get("/part/core").status == 200


# The place ---------------------------------------------------------------------------------------


def test_the_server_listens_on_this_machine_alone(run: Watched) -> None:
    found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    addresses = {str(address[0]) for *_, address in found}
    for address in addresses | {"127.0.0.2"}:
        if address != "127.0.0.1":
            with pytest.raises(OSError):  # noqa: PT011 - refused or unreachable, as systems say it
                socket.create_connection((address, run.server.port), timeout=2)


def test_a_port_that_is_taken_or_none_is_told_in_a_line(run: Watched) -> None:
    with pytest.raises(ConfigError, match=r"--port: the port cannot be listened to"):
        LiveServer(run.server.port)
    with pytest.raises(ConfigError, match=r"--port: no such port: 70000"):
        LiveServer(70_000)
