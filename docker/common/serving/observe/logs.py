"""The log: one line for each event, as text or as JSON."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

LogFormat = Literal["text", "json"]

log = logging.getLogger("serving")

_FIELDS = "fields"


def fields(**values: object) -> dict[str, dict[str, object]]:
    """Fields of a log line, for the argument `extra` of a logging call. None values are left out."""
    return {_FIELDS: {name: value for name, value in values.items() if value is not None}}


def start_logging(form: LogFormat) -> None:
    """Write the log of this process and of its libraries: errors and warnings to stderr, the rest to stdout."""
    formatter = JsonFormatter() if form == "json" else TextFormatter()
    out, err = logging.StreamHandler(sys.stdout), logging.StreamHandler(sys.stderr)
    out.addFilter(lambda record: record.levelno < logging.WARNING)
    err.setLevel(logging.WARNING)
    for handler in (out, err):
        handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[out, err], force=True)
    # uvicorn's lines about its start and stop add no information.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.captureWarnings(True)


class TextFormatter(logging.Formatter):
    """`error: message`, with the ID of the request."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the stack trace if the record has an exception."""
        level = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        request = getattr(record, _FIELDS, {}).get("request_id")
        line = f"{level}{record.getMessage()}" + ("" if request is None else f" [request {request}]")
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """One JSON object in Cloud Logging's format.

    https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line. The field `exception` has the stack trace, if any."""
        entry: dict[str, object] = {
            "severity": record.levelname,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "message": record.getMessage(),
            "logger": record.name,
            **getattr(record, _FIELDS, {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)
