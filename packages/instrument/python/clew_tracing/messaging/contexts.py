"""The context that a message carries, and the one of several messages together."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from opentelemetry import baggage as baggage_api
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext

#: By which a context travels; a message that is forwarded brings those of its former journey.
CARRIED = ("traceparent", "tracestate", "baggage")
#: By which agents pass a context on inside a message.
_INSIDE = "trace_context"
_MOST_INSIDE_BYTES = 1 << 20


def carried(context: Context, baggage: str = "") -> dict[str, str]:
    """What a message has to carry so that its consumer continues the context. `baggage` is what it has already."""
    carrier = {"baggage": baggage} if baggage else {}
    propagate.inject(carrier, context)
    return carrier


class _HeaderGetter(Getter[Callable[[str], object]]):
    def get(self, carrier: Callable[[str], object], key: str) -> list[str] | None:
        value = carrier(key)
        return None if value is None else [text_of(value)]

    def keys(self, carrier: Callable[[str], object]) -> list[str]:
        return list(CARRIED)


_getter = _HeaderGetter()


def context_of(header: Callable[[str], object], body: object = None) -> Context:
    """
    The context that came with a message; `header` answers None for what it did not carry. Where the headers have
    no trace, the body may: as JSON, or what was made of it, with a carrier as its member `trace_context`.
    """
    inside = _carrier_inside(body) if header("traceparent") is None else {}
    if not inside:
        return propagate.extract(header, Context(), _getter)

    def either(name: str) -> object:
        value = header(name)
        return inside.get(name) if value is None else value

    return propagate.extract(either, Context(), _getter)


def _carrier_inside(body: object) -> dict[str, object]:
    if isinstance(body, (bytes, bytearray, str)):
        mark = _INSIDE if isinstance(body, str) else _INSIDE.encode()
        if len(body) > _MOST_INSIDE_BYTES or mark not in body:  # type: ignore[operator]
            return {}
        try:
            body = json.loads(body)
        except ValueError:
            return {}
    carrier = body.get(_INSIDE) if isinstance(body, Mapping) else None
    if not isinstance(carrier, Mapping):
        return {}
    return {name: carrier[name] for name in CARRIED if isinstance(carrier.get(name), str)}


def text_of(value: object) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, bytearray)) else str(value)


def span_context_of(context: Context) -> SpanContext:
    return trace.get_current_span(context).get_span_context()


def is_in_trace(context: Context) -> bool:
    """Whether work is under way; a span of whoever started the process is none."""
    span = span_context_of(context)
    return span.is_valid and not span.is_remote


def join_contexts(contexts: Sequence[Context]) -> tuple[Context, list[Link]]:
    """
    What a span over several messages starts from. Messages of one trace continue it, so that it stays one; those
    of several are only linked. Of their baggage it keeps what all of them say the same: a session's id never gets
    onto work of another. A single message is continued, not linked.
    """
    if not contexts:
        return Context(), []
    if len(contexts) == 1:
        return contexts[0], []
    spans = [span for span in map(span_context_of, contexts) if span.is_valid]
    parent = Context()
    if len(spans) == len(contexts) and len({span.trace_id for span in spans}) == 1:
        parent = trace.set_span_in_context(NonRecordingSpan(spans[0]), parent)
    for key, value in _agreed([baggage_api.get_all(context) for context in contexts]).items():
        parent = baggage_api.set_baggage(key, value, parent)
    return parent, [Link(span) for span in spans]


def _agreed(members: Sequence[Mapping[str, object]]) -> dict[str, object]:
    first, *others = members
    return {
        key: value for key, value in first.items() if all(other.get(key) == value for other in others)
    }
