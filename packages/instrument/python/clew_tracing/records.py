"""Spans and log records as elements of OTLP requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import protobuf as pb

_HAS_IS_REMOTE = 0x100
_IS_REMOTE = 0x200
#: How the server knows a span that has not ended.
_RUNNING = {"clew.running": True}


@dataclass
class LogRecord:
    time_ns: int
    severity: int
    severity_text: str
    body: Any
    scope: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    trace_id: int = 0
    span_id: int = 0
    trace_flags: int = 0
    event_name: str = ""


def span_bytes(
    span: Any, attributes: Mapping[str, Any], running: bool = False, has_status: bool = True
) -> bytes:
    """
    `span` is a `ReadableSpan` of any SDK 1.x; `attributes` are those to send for it. One that is `running` has no
    end time and says so, for others leave the end time out too.
    """
    context = span.get_span_context()
    parent = span.parent
    parts = [
        _id(b"\x0a", context.trace_id, 16),
        _id(b"\x12", context.span_id, 8),
        _trace_state(context),
        _id(b"\x22", parent.span_id, 8) if parent is not None else b"",
        pb.text(b"\x2a", span.name),
        b"\x30" + pb.varint(span.kind.value + 1),
        pb.fixed64(b"\x39", span.start_time or 0),
        b"" if running else pb.fixed64(b"\x41", span.end_time or 0),
        pb.attributes(b"\x4a", attributes),
        pb.attributes(b"\x4a", _RUNNING) if running else b"",
        _count(b"\x50", span, "dropped_attributes"),
    ]
    for event in span.events:
        parts.append(
            pb.field(
                b"\x5a",
                pb.fixed64(b"\x09", event.timestamp)
                + pb.text(b"\x12", event.name)
                + pb.attributes(b"\x1a", event.attributes),
            )
        )
    parts.append(_count(b"\x60", span, "dropped_events"))
    for link in span.links:
        linked = link.context
        parts.append(
            pb.field(
                b"\x6a",
                _id(b"\x0a", linked.trace_id, 16)
                + _id(b"\x12", linked.span_id, 8)
                + _trace_state(linked)
                + pb.attributes(b"\x22", link.attributes)
                + pb.fixed32(b"\x35", _flags(linked, linked)),
            )
        )
    parts.append(_count(b"\x70", span, "dropped_links"))
    if has_status:
        parts.append(_status(span.status))
    parts.append(pb.fixed32(b"\x85\x01", _flags(context, parent)))
    return pb.field(b"\x12", b"".join(parts))


def log_bytes(log: LogRecord) -> bytes:
    parts = [
        pb.fixed64(b"\x09", log.time_ns),
        b"\x10" + pb.varint(log.severity),
        pb.text(b"\x1a", log.severity_text),
        pb.field(b"\x2a", pb.any_value(log.body)),
        pb.attributes(b"\x32", log.attributes),
        pb.fixed64(b"\x59", log.time_ns),
    ]
    if log.trace_id:
        parts.append(pb.fixed32(b"\x45", log.trace_flags & 0xFF))
        parts.append(_id(b"\x4a", log.trace_id, 16))
        parts.append(_id(b"\x52", log.span_id, 8))
    if log.event_name:
        parts.append(pb.text(b"\x62", log.event_name))
    return pb.field(b"\x12", b"".join(parts))


def _id(tag: bytes, number: int, size: int) -> bytes:
    return tag + pb.varint(size) + number.to_bytes(size, "big")


def _trace_state(context: Any) -> bytes:
    header = context.trace_state.to_header() if context.trace_state else ""
    return pb.text(b"\x1a", header) if header else b""


def _count(tag: bytes, span: Any, name: str) -> bytes:
    count = getattr(span, name, 0)
    return tag + pb.varint(count) if count else b""


def _status(status: Any) -> bytes:
    code = status.status_code.value
    # The API counts unset, ok, error from 0 as OTLP does.
    if not code and not status.description:
        return b""
    message = pb.text(b"\x12", status.description) if status.description else b""
    return pb.field(b"\x7a", message + b"\x18" + pb.varint(code))


def _flags(context: Any, remote: Any) -> int:
    is_remote = remote is not None and remote.is_remote
    return (context.trace_flags & 0xFF) | _HAS_IS_REMOTE | (_IS_REMOTE if is_remote else 0)
