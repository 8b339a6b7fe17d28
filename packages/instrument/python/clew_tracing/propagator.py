"""W3C Trace Context level 2 and W3C Baggage, to allowed destinations only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from opentelemetry import context as context_api
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.span import TraceState

from .correlation import Correlation, with_ids, with_members
from .destinations import AllowedDestinations
from .fault import count_fault
from .trace_headers import (
    MAX_TRACESTATE_MEMBERS,
    format_traceparent,
    is_tracestate_key,
    is_tracestate_value,
    parse_traceparent,
    parse_tracestate,
)

_EVENT = "clew.context_withheld"
_MAX_TOLD = 1000


class W3cTraceState(TraceState):
    """The API's own refuses keys that level 2 allows, and complains about what it refuses."""

    def __init__(self, members: Mapping[str, str]) -> None:
        super().__init__()
        self._dict.update(members)

    def add(self, key: str, value: str) -> W3cTraceState:
        return self if key in self._dict else self.update(key, value)

    def update(self, key: str, value: str) -> W3cTraceState:
        if not is_tracestate_key(key) or not is_tracestate_value(value):
            return self
        others = [(name, text) for name, text in self._dict.items() if name != key]
        return W3cTraceState(dict([(key, value), *others][:MAX_TRACESTATE_MEMBERS]))

    def delete(self, key: str) -> W3cTraceState:
        return W3cTraceState({name: text for name, text in self._dict.items() if name != key})

    def to_header(self) -> str:
        return ",".join(f"{key}={value}" for key, value in self._dict.items())


class W3cPropagator(TextMapPropagator):
    def __init__(
        self,
        correlation: Correlation,
        allowed: AllowedDestinations,
        header_map: Mapping[str, str],
        of_process: SpanContext | None,
    ) -> None:
        self._correlation = correlation
        self._allowed = allowed
        self._header_map = header_map
        self._of_process = of_process
        self._told: set[str] = set()

    def inject(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        setter: Setter[CarrierT] = default_setter,
    ) -> None:
        try:
            headers, span = self._headers(carrier, context)
            if not headers:
                return
            host = destination_of(span)
            if host and not self._allowed.allows(host):
                self._withhold(carrier, headers, span, host)
                return
        except Exception as error:
            count_fault("inject", error)
            return
        for name, value in headers.items():
            setter.set(carrier, name, value)

    def extract(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        getter: Getter[CarrierT] = default_getter,
    ) -> Context:
        result = Context() if context is None else context
        try:

            def read(name: str) -> str:
                value = getter.get(carrier, name)
                return ",".join(map(_text, value)) if value else ""

            parent = remote_span(read("traceparent"), read("tracestate"))
            if parent is not None:
                result = trace.set_span_in_context(NonRecordingSpan(parent), result)
            result = with_members(result, read("baggage"))
            for header, key in self._header_map.items():
                value = read(header).strip()
                if value:
                    result = with_ids(result, {key: value})
        except Exception as error:
            count_fault("extract", error)
        return result

    @property
    def fields(self) -> set[str]:
        return {"traceparent", "tracestate", "baggage"}

    def _headers(self, carrier: Any, context: Context | None) -> tuple[dict[str, str], Span]:
        span = trace.get_current_span(context)
        if context_api.get_value("suppress_instrumentation", context):
            return {}, span
        headers: dict[str, str] = {}
        own = span.get_span_context()
        if not own.is_valid and self._of_process is not None:
            own = self._of_process
        if own.is_valid:
            headers["traceparent"] = format_traceparent(own.trace_id, own.span_id, own.trace_flags)
            state = own.trace_state.to_header() if own.trace_state else ""
            if state:
                headers["tracestate"] = state
        baggage = self._correlation.header_of(context, _given(carrier, "baggage"))
        if baggage:
            headers["baggage"] = baggage
        return headers, span

    def _withhold(self, carrier: Any, headers: Mapping[str, str], span: Span, host: str) -> None:
        """An SDK that injects by itself does not know the host: what it put there goes. The agent's own stays."""
        trace_id = format(span.get_span_context().trace_id, "032x")
        if _given(carrier, "traceparent")[3:35] == trace_id:
            for name in ("traceparent", "tracestate"):
                _remove(carrier, name)
        if headers.get("baggage") and _given(carrier, "baggage") == headers["baggage"]:
            _remove(carrier, "baggage")
        if host in self._told or len(self._told) >= _MAX_TOLD or not span.is_recording():
            return
        self._told.add(host)
        span.add_event(_EVENT, {"server.address": host, "clew.withheld": list(headers)})


def remote_span(traceparent: str, tracestate: str) -> SpanContext | None:
    """The span that these headers name; None where `traceparent` does not count."""
    parsed = parse_traceparent(traceparent) if traceparent else None
    if parsed is None:
        return None
    members = parse_tracestate(tracestate) if tracestate else None
    return SpanContext(
        parsed.trace_id,
        parsed.parent_id,
        is_remote=True,
        trace_flags=TraceFlags(parsed.flags),
        trace_state=W3cTraceState(members or {}),
    )


def destination_of(span: Span) -> str:
    """Host of the request of a span; empty for work that is no request to a host, or to one that nobody told."""
    told = getattr(span, "_clew_host", None)
    if told is not None:
        return str(told)
    return host_in(getattr(span, "kind", None), getattr(span, "attributes", None) or {})


def host_in(kind: SpanKind | None, attributes: Mapping[str, Any]) -> str:
    """What a message carries is for its reader, not for the broker."""
    if kind != SpanKind.CLIENT or attributes.get("messaging.system") is not None:
        return ""
    for name in ("url.full", "http.url"):
        url = attributes.get(name)
        if isinstance(url, str):
            host = urlsplit(url).hostname
            if host:
                return host
    for name in ("server.address", "net.peer.name"):
        host = attributes.get(name)
        if isinstance(host, str) and host:
            return host
    return ""


def _given(carrier: Any, name: str) -> str:
    try:
        value = carrier.get(name)
    except Exception:
        return ""
    return _text(value) if isinstance(value, (str, bytes)) else ""


def _remove(carrier: Any, name: str) -> None:
    try:
        del carrier[name]
    except Exception:
        pass


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
