"""Calling another system by HTTP, at the very address that was looked at, and no further than it answers itself.

No redirect is followed, no proxy of the environment used; time and size are limited. Weighed beside the standard
library: urllib3 and httpx, which look names up themselves and so would need their insides replaced for that.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from assay.domain import failures
from assay.domain.networks import Address, Network, is_public, is_within
from assay.domain.phrase import Phrase

CONNECT_SECONDS = 10.0
SECONDS = 20.0
"""From the connection to the end of the answer; Standard Webhooks advises 15 to 30."""
MOST_BYTES = 16_384
"""Of an answer, no more is read."""

Resolve = Callable[[str, int], Sequence[Address]]


class NotReached(Exception):
    """There is no answer; the text says in one sentence why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side answered."""

    status: int
    headers: Mapping[str, str]
    text: str


def resolve(host: str, port: int) -> Sequence[Address]:
    """All addresses of a host. Raises NotReached."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached(Phrase(failures.NO_SUCH_NAME, host=host, why=_why(error))) from error
    # The scope of a link-local address is none of ours to keep: those are refused anyway.
    return list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    private: Sequence[Network] = (),
    seconds: float = SECONDS,
    look_up: Resolve = resolve,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Post to a public address, or to one in the ``private`` networks. Raises NotReached.

    The name is looked up once; every address it has must be allowed, and the connection goes to one of those.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    addresses = look_up(host, port)
    for address in addresses:
        _check(parts, address, private)
    with _connected(host, port, addresses) as plain, _deadline(plain, seconds) as late:
        try:
            answer = _exchange(plain, parts, headers, body, tls)
        except (OSError, HTTPException, ValueError) as error:
            if not late.is_set():
                raise NotReached(Phrase(failures.BROKEN_OFF, host=host, why=_why(error))) from error
        # What was cut off may look like an answer, and may not.
        if late.is_set():
            raise NotReached(Phrase(failures.TOO_LATE, host=host, seconds=f"{seconds:g}"))
        return answer


def _check(parts: SplitResult, address: Address, private: Sequence[Network]) -> None:
    if is_within(address, private):
        return
    if not is_public(address):
        raise NotReached(Phrase(failures.NOT_PUBLIC, host=parts.hostname, address=address))
    if parts.scheme != "https":
        raise NotReached(failures.ONLY_HTTPS)


@contextmanager
def _connected(host: str, port: int, addresses: Sequence[Address]) -> Iterator[socket.socket]:
    """A connection to the first address that takes one."""
    said = "it has no address"
    for address in addresses:
        try:
            connection = socket.create_connection((str(address), port), CONNECT_SECONDS)
        except OSError as error:
            said = _why(error)
            continue
        with connection:
            yield connection
        return
    raise NotReached(Phrase(failures.NOT_REACHED, host=host, why=said))


@contextmanager
def _deadline(connection: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Cuts the connection off after so long, however little at a time the other side sends."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    connection.settimeout(seconds)
    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _exchange(
    plain: socket.socket, parts: SplitResult, headers: Mapping[str, str], body: bytes, tls: ssl.SSLContext | None
) -> Answer:
    """Send the request under the name in the URL, and read the answer."""
    host = parts.hostname or ""
    secret = (tls or _trusted()).wrap_socket(plain.dup(), server_hostname=host) if parts.scheme == "https" else None
    connection = HTTPConnection(host, parts.port)
    connection.sock = secret or plain
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Host": parts.netloc, **headers, "Connection": "close"})
        answer = connection.getresponse()
        text = answer.read(MOST_BYTES).decode(errors="replace")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)
    finally:
        connection.close()


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that this machine trusts."""
    return ssl.create_default_context()


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "it took too long"
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{said[:1].lower()}{said[1:]}".rstrip(".") or type(error).__name__
