"""HTTP/1.1 on one connection: uvicorn's protocol with the parser in C, with fixes for two problems of that parser."""

from __future__ import annotations

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST_HEAD_BYTES = 64 * 1024


class Http(HttpToolsProtocol):
    """Ignores upgrade requests, as RFC 9110 (7.8) allows, and limits the size of headers.

    HTTP clients of Java and Kotlin offer HTTP/2 (`Upgrade: h2c`) with every request. The parser expects the server to accept, and drops the
    request's body: https://github.com/Kludex/uvicorn/issues/2722. It also collects headers in memory without a limit.
    """

    _head_bytes = 0
    _in_head = False

    def data_received(self, data: bytes) -> None:
        """Parse bytes from the client."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            self._decline(data[offer.args[0] :])
        except httptools.HttpParserError:
            self._refuse("Invalid HTTP request received.")
        else:
            self._head_bytes += len(data)
            if self._in_head and self._head_bytes > _MOST_HEAD_BYTES:
                self._refuse(f"The headers are larger than {_MOST_HEAD_BYTES} bytes.")

    def on_message_begin(self) -> None:
        """Expect headers."""
        super().on_message_begin()
        self._head_bytes, self._in_head = 0, True

    def on_headers_complete(self) -> None:
        """Start the response, unless the parser stops here for an upgrade."""
        self._in_head = False
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the body, unless the parser skipped it because of an upgrade."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _decline(self, rest: bytes) -> None:
        """Parse the request again without its upgrade header, and then the bytes after its headers."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse("CONNECT is not supported.")
            return
        lines = [b"%s %s HTTP/%s" % (method, self.url, self.parser.get_http_version().encode())]
        lines += [b"%s: %s" % (name, value) for name, value in self.headers if name != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"\r\n".join([*lines, b"", rest]))

    def _refuse(self, reason: str) -> None:
        self.logger.warning(reason)
        self.send_400_response(reason)
