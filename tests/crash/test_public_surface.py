"""The running program, sent anything at all by anybody: an answer without a 500, or an end, and it goes on serving."""

import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.load import KEY
from tests.crash.running import Running, running

pytestmark = pytest.mark.slow

REQUESTS = 400
PATIENCE = 10.0
PATHS: tuple[str, ...] = (
    *(
        "/",
        "/account/login/",
        "/account/password/reset/",
        "/static/desk/assay.css",
        "/static/../settings.py",
        "/leads/1/",
    ),
    *("/v1/track", "/v1/batch", "/v1/b", "/v1/projects/load/settings", "/health/live", "/health/ready", "/metrics"),
    *("/favicon.ico", "/robots.txt", "//", "/%00", "/%ff%fe", "/%2e%2e/%2e%2e/etc/passwd", "/?next=//evil.example"),
    *("/account/login/?next=javascript:alert(1)", "/imports/new/", "*", "http://other.example/"),
)
METHODS: tuple[str, ...] = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "\x00")
NAMES: tuple[str, ...] = (
    "host",
    "content-type",
    "cookie",
    "content-length",
    "transfer-encoding",
    "accept-language",
    "range",
    "origin",
)
NAMES += ("authorization", "content-encoding", "x-forwarded-for", "user-agent", "expect", "connection", "if-none-match")
VALUES: tuple[str, ...] = (
    "",
    "a",
    "-1",
    "0",
    "99999999999",
    "gzip",
    "chunked",
    "multipart/form-data; boundary=",
    "application/json",
)
VALUES += (
    "bytes=9-1",
    "sessionid=\xff; csrftoken=\x01",
    "Basic bG9hZDo=",
    "*",
    "de-CH, ;q=2",
    "null",
    "x" * 5_000,
    "100-continue",
)
VALUES += ("application/x-www-form-urlencoded", "127.0.0.1", "evil.example", "%s%n", "\xe9", "close", "upgrade", '"')
BODIES: tuple[bytes, ...] = (
    b"",
    b"{}",
    b"login=a&password=\x00&csrfmiddlewaretoken=x",
    b'{"batch":[1,{"type":"page","userId":"u"}]}',
    b"\x1f\x8b\x08",
)
BODIES += (
    b"--\r\n\r\n",
    b"[" * 3_000,
    b"5\r\nhello\r\n0\r\n\r\n",
    b"zz\r\n",
    b'{"userId":"\\ud800","event":"e"}',
    b"\xff" * 2_000,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`assay serve` on an empty database with one write key."""
    folder: Path = tmp_path_factory.mktemp("surface")
    with running(folder, f"sqlite:///{folder}/assay.sqlite3") as started:
        yield started


def a_request(chance: random.Random) -> bytes:
    """Some request, well-formed or nearly so."""
    body = chance.choice([*BODIES, chance.randbytes(chance.randrange(300))])
    path = (
        chance.choice(PATHS)
        if chance.random() < 0.8
        else "/" + "".join(chance.choices("/%.&=?aé\\", k=chance.randrange(40)))
    )
    if path.startswith("/v1/") and chance.random() < 0.5:
        path += f"?writeKey={KEY}"
    headers = {chance.choice(NAMES): chance.choice(VALUES) for _ in range(chance.randrange(5))}
    if chance.random() < 0.8:
        headers = {"host": "localhost", **headers, "content-length": str(len(body))}
    lines = [f"{chance.choice(METHODS)} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def ask(port: int, request: bytes, patience: float = PATIENCE) -> bytes:
    """Send, and read what comes until that is whole; what is not whole by then is cut off."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        try:
            connection.sendall(request)
            while not is_whole(answer) and (part := connection.recv(65_536)):
                answer += part
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            pass
    return answer


def is_whole(answer: bytes) -> bool:
    """Whether all of an answer is there, as far as it says how long it is."""
    head, end, body = answer.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return bool(end) and (len(body) >= int(length) if length else head.split(b" ")[1] in (b"204", b"304"))


def test_anything_sent_gets_an_answer_or_an_end_and_never_a_500(server: Running) -> None:
    chance, answered = random.Random(11), 0
    requests = [a_request(chance) for _ in range(REQUESTS)]
    with ThreadPoolExecutor(16) as pool:
        # Some announce a body that never comes: for these nobody waits long.
        answers = list(pool.map(lambda request: ask(server.port, request, 1.0), requests))
    for request, answer in zip(requests, answers, strict=True):
        if answer:
            answered += 1
            assert answer.startswith(b"HTTP/1.1 "), (request, answer[:200])
            status = int(answer.split(b" ", 2)[1])
            assert status < 500 or status in (501, 505), (request, answer[:500])
    assert answered > REQUESTS / 3
    assert server.process.poll() is None
    assert ask(server.port, b"GET /account/login/ HTTP/1.1\r\nhost: localhost\r\n\r\n").startswith(b"HTTP/1.1 302")
    for said in ("Exception in ASGI", "Internal Server Error", "CRITICAL"):
        assert said not in server.log, server.log[-3_000:]


def test_clients_that_leave_in_the_middle_hold_up_nobody(server: Running) -> None:
    half = b"POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"
    open_ones = [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) for _ in range(100)]
    try:
        for connection in open_ones:
            connection.sendall(half)
        body = b'{"writeKey":"load","userId":"u1","event":"e"}'
        whole = b"POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
        assert ask(server.port, whole).startswith(b"HTTP/1.1 200")
    finally:
        for connection in open_ones:
            connection.close()
    assert ask(server.port, whole).startswith(b"HTTP/1.1 200")
