"""The process's tracer provider, and what every provider of the SDK gets, also one that the agent makes."""

from __future__ import annotations

# Before there is a provider: what the SDK does after a fork waits for a lock that this module frees after a fork,
# and functions for after a fork are called in the order in which they were registered.
import concurrent.futures.thread  # noqa: F401
import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from opentelemetry import context as context_api
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, Tracer, TracerProvider, sampling
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind

from .correlation import Correlation
from .destinations import AllowedDestinations
from .exporter import Exporter
from .fault import count_fault
from .propagator import W3cPropagator, host_in, remote_span
from .running_spans import RunningSpans
from .settings import Settings

#: As long as the agent may wait for us where it waits for its own exporter.
_FLUSH_S = 1.0


class ClewSpanProcessor(SpanProcessor):
    """Puts ids onto spans as they start, and hands them to the exporter when they have ended."""

    def __init__(self, correlation: Correlation, exporter: Exporter, running: RunningSpans) -> None:
        self._correlation = correlation
        self._exporter = exporter
        self._running = running

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        try:
            present = span.attributes or {}
            for key, value in self._correlation.ids_of(parent_context).items():
                if key not in present:
                    span.set_attribute(key, value)
            context = span.get_span_context()
            if context is not None and context.trace_flags & 1:
                self._running.started(context.span_id, span)
        except Exception as error:
            count_fault("span", error)

    def on_end(self, span: ReadableSpan) -> None:
        context = span.get_span_context()
        if context is not None and context.trace_flags & 1:
            self._running.ended(context.span_id)
            self._exporter.add(span)

    def shutdown(self) -> None:
        # The exporter stays open: another provider may use it.
        self._exporter.flush(_FLUSH_S)

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        self._exporter.flush(min(timeout_millis / 1000, _FLUSH_S))
        return not self._exporter.has_unsent


class Started(NamedTuple):
    correlation: Correlation
    running: RunningSpans


def start_tracing(settings: Settings, exporter: Exporter) -> Started:
    """Makes the provider and registers it and the propagator with the API."""
    correlation = Correlation(settings.context)
    of_process = remote_span(settings.context.traceparent, settings.context.tracestate)
    running = RunningSpans(exporter.add_running, exporter.each_second)
    _watch_providers(ClewSpanProcessor(correlation, exporter, running))
    _watch_registration(exporter.name_service)
    _watch_tracers(of_process, correlation)
    provider = TracerProvider(resource=Resource({}), sampler=_sampler_from(settings), shutdown_on_exit=False)
    # Not `set_tracer_provider`, which works once: the agent's own provider must be able to replace ours.
    if getattr(trace, "_TRACER_PROVIDER", None) is None:
        trace._TRACER_PROVIDER = provider
    allowed = AllowedDestinations(settings.context.propagate_to)
    propagate.set_global_textmap(
        W3cPropagator(correlation, allowed, settings.context.header_map, of_process)
    )
    return Started(correlation, running)


def _watch_providers(processor: ClewSpanProcessor) -> None:
    original = TracerProvider.__init__

    @functools.wraps(original)
    def init(self: TracerProvider, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        try:
            self.add_span_processor(processor)
        except Exception as error:
            count_fault("provider", error)

    TracerProvider.__init__ = init  # type: ignore[method-assign]


def _watch_registration(name_service: Callable[[str], None]) -> None:
    """A process is called as the provider is that it makes its own."""
    original = trace.set_tracer_provider

    @functools.wraps(original)
    def set_tracer_provider(tracer_provider: trace.TracerProvider) -> None:
        original(tracer_provider)
        resource = getattr(tracer_provider, "resource", None)
        name_service(str(getattr(resource, "attributes", {}).get("service.name", "")))

    trace.set_tracer_provider = set_tracer_provider


def _watch_tracers(of_process: SpanContext | None, correlation: Correlation) -> None:
    """
    Work that belongs to no request continues the trace of whoever started the process. A request that comes in
    without a trace does not: it starts its own, or all requests of a server would be one trace.
    """
    original = Tracer.start_span
    parent = NonRecordingSpan(of_process) if of_process is not None else None

    @functools.wraps(original)
    def start_span(
        self: Tracer,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> trace.Span:
        if parent is not None and kind not in (SpanKind.SERVER, SpanKind.CONSUMER):
            given = context_api.get_current() if context is None else context
            if not trace.get_current_span(given).get_span_context().is_valid:
                context = trace.set_span_in_context(parent, given)
        span = original(self, name, context, kind, attributes, *args, **kwargs)
        try:
            members = correlation.members_of(context)
            if members:
                span._clew_baggage = members  # type: ignore[attr-defined]
            if kind == SpanKind.CLIENT and not span.is_recording():
                # Spans that are not recorded have no attributes to tell where their request goes.
                span._clew_host = host_in(kind, attributes or {})  # type: ignore[attr-defined]
        except Exception as error:
            count_fault("span", error)
        return span

    Tracer.start_span = start_span  # type: ignore[method-assign]


def _sampler_from(settings: Settings) -> sampling.Sampler:
    """The sampler that `OTEL_TRACES_SAMPLER` names; what is unknown is the default, all that the parent allows."""
    try:
        ratio = float(settings.sampler_argument)
    except ValueError:
        ratio = 1.0
    if not 0 <= ratio <= 1:
        ratio = 1.0
    if settings.sampler == "always_on":
        return sampling.ALWAYS_ON
    if settings.sampler == "always_off":
        return sampling.ALWAYS_OFF
    if settings.sampler == "traceidratio":
        return sampling.TraceIdRatioBased(ratio)
    if settings.sampler == "parentbased_always_off":
        return sampling.ParentBased(sampling.ALWAYS_OFF)
    if settings.sampler == "parentbased_traceidratio":
        return sampling.ParentBased(sampling.TraceIdRatioBased(ratio))
    return sampling.ParentBased(sampling.ALWAYS_ON)
