"""Records of `logging` get ids and are sent, whatever handlers the agent has."""

from __future__ import annotations

import functools
import logging
import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .fault import count_fault

if TYPE_CHECKING:
    from .records import LogRecord
    from .start import Tracing

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_IDS = ("trace_id", "span_id", "trace_flags")
#: They log what they do while we work.
_OWN = ("opentelemetry", "clew")


def watch_logging(tracing: Tracing) -> None:
    original = logging.Logger.callHandlers

    private = os.environ.get("CLEW_PYTHON_PACKAGES", "").strip()

    @functools.wraps(original)
    def call_handlers(self: logging.Logger, record: logging.LogRecord) -> None:
        if private and record.pathname.startswith(private):
            # Without us nobody would say this.
            if record.levelno >= logging.WARNING:
                count_fault(record.name, record.getMessage())
            return
        found: Mapping[str, str] = {}
        current: tuple[int, int, int] = (0, 0, 0)
        try:
            settings, _ = tracing.parts()
            found = tracing.ids()
            current = _current_span(settings.context.traceparent)
            if settings.log_ids:
                _add_ids(record, current, found)
        except Exception as error:
            count_fault("logs", error)
        try:
            original(self, record)
        finally:
            try:
                if not record.name.startswith(_OWN):
                    tracing.parts()[1].add(_sendable(record, current, found))
            except Exception as error:
                count_fault("logs", error)

    logging.Logger.callHandlers = call_handlers  # type: ignore[method-assign]


def _current_span(traceparent: str) -> tuple[int, int, int]:
    # An agent that never used the API has no span, and need not pay for loading it.
    trace = sys.modules.get("opentelemetry.trace")
    context = trace.get_current_span().get_span_context() if trace is not None else None
    if context is not None and context.is_valid:
        return context.trace_id, context.span_id, int(context.trace_flags)
    if not traceparent:
        return 0, 0, 0
    from .trace_headers import parse_traceparent

    return parse_traceparent(traceparent) or (0, 0, 0)


def _add_ids(record: logging.LogRecord, current: tuple[int, int, int], ids: Mapping[str, str]) -> None:
    fields = record.__dict__
    trace_id, span_id, flags = current
    if trace_id:
        fields.setdefault("trace_id", f"{trace_id:032x}")
        fields.setdefault("span_id", f"{span_id:016x}")
        fields.setdefault("trace_flags", f"{flags:02x}")
    for key, value in ids.items():
        fields.setdefault(key, value)


def _sendable(
    record: logging.LogRecord, current: tuple[int, int, int], ids: Mapping[str, str]
) -> LogRecord:
    from .records import LogRecord

    attributes: dict[str, Any] = dict(ids)
    for key, value in vars(record).items():
        if key not in _STANDARD and key not in _IDS:
            attributes[key] = value if isinstance(value, (str, bool, int, float)) else _text(value)
    attributes["code.file.path"] = record.pathname
    attributes["code.line.number"] = record.lineno
    attributes["code.function.name"] = record.funcName or ""
    if record.exc_info and record.exc_info[0] is not None:
        import traceback

        attributes["exception.type"] = record.exc_info[0].__qualname__
        attributes["exception.message"] = _text(record.exc_info[1])
        attributes["exception.stacktrace"] = "".join(traceback.format_exception(*record.exc_info))[:65536]
    trace_id, span_id, flags = current
    return LogRecord(
        time_ns=int(record.created * 1e9) or time.time_ns(),
        severity=_severity(record.levelno),
        severity_text="WARN" if record.levelname == "WARNING" else record.levelname,
        body=record.getMessage(),
        scope=record.name,
        attributes=attributes,
        trace_id=trace_id,
        span_id=span_id,
        trace_flags=flags,
    )


def _severity(level: int) -> int:
    """OTLP counts debug 5, info 9, warn 13, error 17, fatal 21, with four steps each; `logging` in tens."""
    if level < 10:
        return 1
    if level >= 50:
        return 21
    return 5 + (level // 10 - 1) * 4


def _text(value: Any) -> str:
    try:
        return str(value)[:65536]
    except Exception:
        return ""
