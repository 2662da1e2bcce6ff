"""HTTP on a connection, with requests byte by byte."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from service_client import IMAGE
from support import PATIENCE_SECONDS

Serve = Callable[..., subprocess.Popen[str]]

# Headers that java.net.http.HttpClient and Ktor send with every request: https://github.com/Kludex/uvicorn/issues/2722
OFFER = (
    b"POST /predict HTTP/1.1\r\nHost: service\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nX-Request-ID: r-1\r\n"
)
WHOLE = OFFER + b"Content-Length: %d\r\n\r\n" % len(IMAGE)
CHUNKED = OFFER + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(IMAGE), IMAGE)
NEXT = b"GET /health HTTP/1.1\r\nHost: service\r\n\r\n"


@pytest.fixture
def connection(serve: Serve, free_port: int) -> Iterator[socket.socket]:
    """A connection to a service."""
    process = serve("handler")
    with closing(socket.create_connection(("127.0.0.1", free_port), timeout=PATIENCE_SECONDS)) as opened:
        yield opened
    process.terminate()
    process.communicate(timeout=PATIENCE_SECONDS)


def answers(connection: socket.socket, number: int) -> list[tuple[int, bytes]]:
    """Status and body of this number of answers."""
    got = []
    with connection.makefile("rb") as stream:
        for _ in range(number):
            status = int(stream.readline().split()[1])
            headers = http.client.parse_headers(stream)
            got.append((status, stream.read(int(headers["content-length"]))))
    return got


@pytest.mark.parametrize(
    "packets",
    [
        pytest.param([WHOLE + IMAGE + NEXT], id="at once"),
        pytest.param([WHOLE, IMAGE, NEXT], id="the body on its own"),
        pytest.param([WHOLE[:100], WHOLE[100:] + IMAGE[:20], IMAGE[20:] + NEXT], id="parts"),
        pytest.param([CHUNKED + CHUNKS + NEXT], id="chunked"),
        pytest.param([CHUNKED, CHUNKS[:9], CHUNKS[9:], NEXT], id="chunked in parts"),
    ],
)
def test_reads_the_body_of_a_request_that_offers_http_2(connection: socket.socket, packets: list[bytes]) -> None:
    for packet in packets:
        connection.sendall(packet)
        # Gives the service time to read each packet separately. It answers the same if it reads several at once.
        time.sleep(0.05)
    (status, body), following = answers(connection, 2)
    assert (status, len(json.loads(body)["probabilities"])) == (200, 10)
    assert following == (200, b'{"status":"ok"}')


def test_serves_several_upgrade_offers_on_one_connection(connection: socket.socket) -> None:
    connection.sendall((WHOLE + IMAGE) * 3)
    assert [status for status, _ in answers(connection, 3)] == [200, 200, 200]


@pytest.mark.parametrize("upgrade", [b"websocket", b"TLS/1.0", b"h2c, h3"])
def test_declines_upgrades_to_other_protocols(connection: socket.socket, upgrade: bytes) -> None:
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: service\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n" % upgrade + NEXT)
    assert answers(connection, 2) == [(200, b'{"status":"ok"}')] * 2


def test_closes_a_connection_with_endless_headers(connection: socket.socket) -> None:
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: service\r\nX-Long: ")
    with pytest.raises(ConnectionError):  # noqa: PT012 -- any of them
        # More than the socket buffers hold.
        for _ in range(200_000):
            connection.sendall(b"a" * 8192)


def test_reports_headers_that_are_too_large(connection: socket.socket) -> None:
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: service\r\nX-Long: " + b"a" * 65_000)
    connection.sendall(b"a" * 1000)
    assert answers(connection, 1) == [(400, b"The headers are larger than 65536 bytes.")]


def test_does_not_count_bodies_or_further_requests_as_headers(connection: socket.socket) -> None:
    connection.sendall(b"POST /predict HTTP/1.1\r\nHost: service\r\nContent-Length: 200000\r\n\r\n" + b" " * 200_000 + NEXT * 3000)
    assert [status for status, _ in answers(connection, 3001)] == [400, *[200] * 3000]


@pytest.mark.parametrize("request_", [b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n", b"nonsense\r\n\r\n"])
def test_closes_a_connection_without_a_valid_request(connection: socket.socket, request_: bytes) -> None:
    connection.sendall(request_)
    ((status, _),) = answers(connection, 1)
    assert status == 400
    assert connection.recv(1) == b""
