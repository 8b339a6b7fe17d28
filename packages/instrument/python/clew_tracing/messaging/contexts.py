"""The context that a message carries, and the one of several messages together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from opentelemetry import baggage as baggage_api
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext

#: By which a context travels; a message that is forwarded brings those of its former journey.
CARRIED = ("traceparent", "tracestate", "baggage")


def carried(context: Context, baggage: str = "") -> dict[str, str]:
    """What a message has to carry so that its consumer continues the context. `baggage` is what it has already."""
    carrier = {"baggage": baggage} if baggage else {}
    propagate.inject(carrier, context)
    return carrier


def context_of(header: Callable[[str], object]) -> Context:
    """The context that came with a message; `header` answers None for what it did not carry."""
    found: dict[str, str] = {}
    for name in propagate.get_global_textmap().fields:
        value = header(name)
        if value is not None:
            found[name] = text_of(value)
    return propagate.extract(found, Context())


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
