"""The body of a request."""

from __future__ import annotations

from fastapi import Request

from shared.errors import BadInputError

_MAX_DISCARD = 32 * 1024 * 1024


async def read_body(request: Request, most: int) -> bytes:
    """The whole body. Raises BadInputError with status 413 above `most` bytes, and ClientDisconnect when the client disconnects."""
    body = bytearray()
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= most:
            body += chunk
        # Read and discard the rest: a client that is still sending would get a broken pipe instead of the response.
        elif received > most + _MAX_DISCARD:
            break
    if received > most:
        raise BadInputError(f"the body is larger than {most} bytes", 413)
    return bytes(body)
