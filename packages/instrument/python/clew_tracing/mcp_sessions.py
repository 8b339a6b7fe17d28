"""The first generation of MCP's SDK, which does not trace itself: requests that either side sends, and their answers."""

from __future__ import annotations

import functools
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from .fault import count_fault
from .mcp_calls import record_call


def trace_requests() -> None:
    if _traces_itself():
        return
    session = import_module("mcp.shared.session").BaseSession
    original = session.send_request

    @functools.wraps(original)
    async def send_request(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            sent = request.model_copy(deep=True)
            span = _start(SpanKind.CLIENT, sent.root, None)
            _inject(sent.root.params, span)
        except Exception as error:
            count_fault("mcp", error)
            return await original(self, request, *args, **kwargs)
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                answer = await original(self, sent, *args, **kwargs)
            _answered(span, sent.root, answer)
            return answer
        except BaseException as error:
            _failed(span, error)
            raise
        finally:
            span.end()

    session.send_request = send_request


def trace_handlers() -> None:
    if _traces_itself():
        return
    server = import_module("mcp.server.lowlevel.server").Server
    original = server._handle_request

    @functools.wraps(original)
    async def handle_request(self: Any, message: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            given = dict(getattr(message.request_meta, "model_extra", None) or {})
            span = _start(SpanKind.SERVER, request, propagate.extract(given) if "traceparent" in given else None)
            respond = message.respond
        except Exception as error:
            count_fault("mcp", error)
            return await original(self, message, request, *args, **kwargs)

        async def recorded(response: Any) -> Any:
            _answered(span, request, getattr(response, "root", response))
            return await respond(response)

        message.respond = recorded
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                return await original(self, message, request, *args, **kwargs)
        except BaseException as error:
            _failed(span, error)
            raise
        finally:
            span.end()

    server._handle_request = handle_request


def _traces_itself() -> bool:
    return find_spec("mcp.shared._otel") is not None


def _start(kind: SpanKind, request: Any, context: Any) -> trace.Span:
    target = getattr(request.params, "name", None)
    name = f"{request.method} {target}" if isinstance(target, str) else str(request.method)
    attributes = {"mcp.method.name": request.method}
    return trace.get_tracer("clew.mcp").start_span(name, context, kind, attributes)


def _inject(params: Any, span: trace.Span) -> None:
    """A request without parameters has no place for it."""
    if params is None:
        return
    headers: dict[str, str] = {}
    propagate.inject(headers, trace.set_span_in_context(span))
    kind = import_module("mcp.types").RequestParams.Meta
    given = params.meta.model_dump() if params.meta is not None else {}
    params.meta = kind(**{**headers, **given})


def _answered(span: trace.Span, request: Any, answer: Any) -> None:
    code = getattr(answer, "code", None)
    if isinstance(code, int):
        span.set_attribute("error.type", str(code))
        span.set_status(Status(StatusCode.ERROR, str(getattr(answer, "message", ""))))
    if request.method == "tools/call":
        record_call(span, request.params.model_dump(by_alias=True), answer)


def _failed(span: trace.Span, error: BaseException) -> None:
    if not isinstance(error, Exception):
        span.set_attribute("clew.cancelled", True)
        return
    code = getattr(getattr(error, "error", None), "code", None)
    span.set_attribute("error.type", type(error).__qualname__ if code is None else str(code))
    span.set_status(Status(StatusCode.ERROR, str(error)))
