"""
The official SDK of MCP traces itself from its second generation on; this brings its spans to the conventions: names,
tools, what they are called with and what they answer.
"""

from __future__ import annotations

import functools
import json
import os
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .fault import count_fault

if TYPE_CHECKING:
    from collections.abc import Generator

_CALL = "tools/call"
#: Of the request that is being sent: its span, which ends when the answer is there.
_sending: ContextVar[list[Any] | None] = ContextVar("clew_mcp_sending", default=None)


def trace_requests() -> None:
    """Requests that either side sends."""
    dispatcher = import_module("mcp.shared.jsonrpc_dispatcher")
    original_span = dispatcher.otel_span
    original_send = dispatcher.JSONRPCDispatcher.send_raw_request

    @contextmanager
    def otel_span(name: str, **options: Any) -> Generator[Any]:
        sending = _sending.get()
        # Whatever is sent meanwhile is another request.
        _sending.set(None)
        with original_span(name.removeprefix("MCP send "), **options) as span:
            if sending is not None and span.is_recording():
                try:
                    end = span.end
                    span.end = lambda *_: None
                    sending.extend((span, end))
                except Exception as error:
                    count_fault("mcp", error)
            yield span

    @functools.wraps(original_send)
    async def send_raw_request(self: Any, method: str, params: Any = None, *args: Any, **kwargs: Any) -> Any:
        if method != _CALL:
            return await original_send(self, method, params, *args, **kwargs)
        sending: list[Any] = []
        token = _sending.set(sending)
        try:
            result = await original_send(self, method, params, *args, **kwargs)
            if sending:
                record_call(sending[0], params, result)
            return result
        finally:
            if sending:
                sending[1]()
            _sending.reset(token)

    dispatcher.otel_span = otel_span
    dispatcher.JSONRPCDispatcher.send_raw_request = send_raw_request


def trace_handlers() -> None:
    """Requests that a server answers."""
    middleware = import_module("mcp.server._otel").OpenTelemetryMiddleware
    original = middleware.__call__

    @functools.wraps(original)
    async def call(self: Any, ctx: Any, call_next: Any) -> Any:
        if ctx.method != _CALL:
            return await original(self, ctx, call_next)

        async def then(inner: Any) -> Any:
            result = await call_next(inner)
            from opentelemetry.trace import get_current_span

            record_call(get_current_span(), ctx.params, result)
            return result

        return await original(self, ctx, then)

    middleware.__call__ = call


def record_call(span: Any, params: Any, result: Any) -> None:
    try:
        if not span.is_recording():
            return
        span.set_attribute("gen_ai.operation.name", "execute_tool")
        name = (params or {}).get("name")
        if isinstance(name, str):
            span.set_attribute("gen_ai.tool.name", name)
        answer = result.model_dump(by_alias=True, exclude_none=True) if hasattr(result, "model_dump") else result
        if not isinstance(answer, dict):
            return
        if answer.get("isError") is True:
            span.set_attribute("error.type", "tool_error")
            from opentelemetry.trace import StatusCode

            span.set_status(StatusCode.ERROR)
        if os.environ.get("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT") == "NO_CONTENT":
            return
        span.set_attribute("gen_ai.tool.call.arguments", _json((params or {}).get("arguments") or {}))
        found = answer.get("structuredContent")
        span.set_attribute("gen_ai.tool.call.result", _json(answer.get("content") if found is None else found))
    except Exception as error:
        count_fault("mcp", error)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
