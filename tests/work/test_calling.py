"""Calls go to the very address that was looked at, where that is public or allowed, and no further."""

import datetime as dt
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assay.domain.networks import Address
from assay.work.calling import MOST_BYTES, NotReached, Resolve, post, resolve
from tests.hooks import Listener, listening

LOOPBACK = (ip_network("127.0.0.0/8"),)
HOST = "hooks.example"


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as server:
        yield server


def names(*answers: Sequence[str]) -> Resolve:
    """A resolver that gives these addresses, others with each question; the last ones from then on."""
    left = list(answers)

    def look_up(host: str, port: int) -> Sequence[Address]:
        return [ip_address(one) for one in (left.pop(0) if len(left) > 1 else left[0])]

    return look_up


def test_an_allowed_network_is_called_under_the_name_in_the_address(listener: Listener):
    listener.calls.clear()
    url = listener.url(HOST) + "/a?b=c"
    answer = post(url, {"x-say": "hello"}, b"{}", private=LOOPBACK, look_up=names(["127.0.0.1"]))
    assert (answer.status, answer.text) == (200, "heard")
    [call] = listener.calls
    assert (call.path, call.headers["host"], call.headers["x-say"]) == (
        "/hooks/a?b=c",
        f"{HOST}:{listener.port}",
        "hello",
    )


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["169.254.169.254"], ["8.8.8.8", "10.0.0.1"]],
)
def test_what_is_not_public_is_never_connected_to(
    addresses: Sequence[str], listener: Listener, monkeypatch: pytest.MonkeyPatch
):
    def connect(*_: object) -> None:
        raise AssertionError("it was connected to")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotReached, match="which is no public address"):
        post(f"https://{HOST}:{listener.port}/", {}, b"", look_up=names(addresses))


def test_a_name_that_changes_its_address_after_it_was_checked_leads_nowhere_else(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
):
    """Rebinding: the first answer is public, every further one is this machine."""
    reached: list[str] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        reached.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    def lies(*_: object, **__: object) -> list[object]:
        raise AssertionError("the name was looked up behind our back")

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lies)
    listener.calls.clear()
    look_up = names(["93.184.216.34", "2606:4700::1"], ["127.0.0.1"])
    with pytest.raises(NotReached, match="connection refused"):
        post(f"https://{HOST}:{listener.port}/", {}, b"", look_up=look_up)
    assert reached == ["93.184.216.34", "2606:4700::1"]
    assert not listener.calls
    with pytest.raises(NotReached, match="no public address"):
        post(f"https://{HOST}:{listener.port}/", {}, b"", look_up=look_up)


def test_over_the_internet_only_https_is_used():
    with pytest.raises(NotReached, match="only https"):
        post(f"http://{HOST}/", {}, b"", look_up=names(["93.184.216.34"]))


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:7f00:1]"])
def test_any_spelling_of_this_machine_is_found_out(host: str):
    with pytest.raises(NotReached, match="no public address"):
        post(f"https://{host}/", {}, b"")


def test_a_name_that_nobody_has_is_said():
    with pytest.raises(NotReached, match="could not be looked up"):
        resolve("no such host.invalid", 443)


def test_redirects_and_proxies_lead_nowhere(listener: Listener, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    listener.calls.clear()
    listener.plan(302, Location=listener.url())
    assert post(listener.url(), {}, b"", private=LOOPBACK).status == 302
    assert len(listener.calls) == 1


# --- a server that takes its time, or does not stop ----------------------------------------------


@contextmanager
def a_server(chunk: bytes, first: bytes = b"") -> Iterator[int]:
    """A server that answers with ``first`` and then with the same again and again; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                try:
                    connection.sendall(first)
                    while not over.wait(0.01):
                        connection.sendall(chunk)
                except OSError:
                    return

        over = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nx: "])
def test_who_sends_a_little_at_a_time_is_cut_off(first: bytes):
    with a_server(b"a", first) as port, pytest.raises(NotReached, match=r"no whole answer came within 0\.2 seconds"):
        post(f"http://127.0.0.1:{port}/", {}, b"", private=LOOPBACK, seconds=0.2)


def test_of_an_answer_without_end_only_the_beginning_is_read():
    with a_server(b"a" * 10_000, b"HTTP/1.1 200 OK\r\n\r\n") as port:
        answer = post(f"http://127.0.0.1:{port}/", {}, b"", private=LOOPBACK)
    assert answer.text == "a" * MOST_BYTES


def test_who_hangs_up_is_said():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close()).start()
        with pytest.raises(NotReached, match="was reached, but"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"", private=LOOPBACK)


# --- certificates --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of hooks.example, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    path.write_bytes(secret + made.public_bytes(pem))
    return path


@pytest.mark.parametrize(
    ("host", "trusted", "said"),
    [(HOST, True, ""), ("other.example", True, "certificate does not hold: Hostname"), (HOST, False, "self-signed")],
)
def test_the_certificate_has_to_be_of_the_name_in_the_address(host: str, trusted: bool, said: str, certificate: Path):
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: asked.append(name)
    client = ssl.create_default_context(cafile=str(certificate) if trusted else None)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            plain, _ = server.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(65_536)
                    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            except OSError:
                plain.close()

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"https://{host}:{server.getsockname()[1]}/"
        call = partial(post, url, {}, b"", private=LOOPBACK, look_up=names(["127.0.0.1"]), tls=client)
        if said:
            with pytest.raises(NotReached, match=said):
                call()
        else:
            assert call().status == http.client.NO_CONTENT
        thread.join()
    assert asked == [host]
