"""A2A: the calls of a client, and of the handler that answers them, by the names of the protocol. HTTP carries the context."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from typing import Any

from opentelemetry import context as context_api
from opentelemetry import trace
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode

from .fault import count_fault

#: The protocol's operations by the names of the client's calls and of the handler's methods.
_CLIENT = {
    "send_message": "SendMessage",
    "send_message_streaming": "SendStreamingMessage",
    "get_task": "GetTask",
    "list_tasks": "ListTasks",
    "cancel_task": "CancelTask",
    "subscribe": "SubscribeToTask",
}
_HANDLER = {
    "on_message_send": "SendMessage",
    "on_message_send_stream": "SendStreamingMessage",
    "on_get_task": "GetTask",
    "on_list_tasks": "ListTasks",
    "on_cancel_task": "CancelTask",
    "on_subscribe_to_task": "SubscribeToTask",
}
_STREAMS = ("SendStreamingMessage", "SubscribeToTask")
_FAILED = ("TASK_STATE_FAILED", "TASK_STATE_REJECTED")
_MOST_TASKS = 1000

#: Spans in which tasks began: later requests about them are no part of that trace.
_begun: dict[SpanKind, OrderedDict[str, SpanContext]] = {SpanKind.CLIENT: OrderedDict(), SpanKind.SERVER: OrderedDict()}


def trace_client() -> None:
    client = import_module("a2a.client.base_client").BaseClient
    send = client._execute_with_interceptors
    stream = client._execute_stream_with_interceptors

    @functools.wraps(send)
    async def execute(self: Any, input_data: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        call = _call(SpanKind.CLIENT, _CLIENT.get(method), input_data, getattr(self, "_card", None))
        return await _whole(call, lambda: send(self, input_data, method, *args, **kwargs))

    @functools.wraps(stream)
    def execute_stream(self: Any, input_data: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        call = _call(SpanKind.CLIENT, _CLIENT.get(method), input_data, getattr(self, "_card", None))
        return _streamed(call, lambda: stream(self, input_data, method, *args, **kwargs))

    client._execute_with_interceptors = execute
    client._execute_stream_with_interceptors = execute_stream


def trace_handler() -> None:
    _trace_handlers_of("a2a.server.request_handlers.default_request_handler")


def trace_handler_2() -> None:
    _trace_handlers_of("a2a.server.request_handlers.default_request_handler_v2")


def _trace_handlers_of(module: str) -> None:
    for kind in list(vars(import_module(module)).values()):
        if not isinstance(kind, type) or kind.__module__ != module:
            continue
        for name, method in _HANDLER.items():
            if name in vars(kind):
                setattr(kind, name, _handled(vars(kind)[name], method))


def _handled(original: Any, method: str) -> Any:
    def call_of(handler: Any, params: Any) -> _Call | None:
        return _call(SpanKind.SERVER, method, params, getattr(handler, "_agent_card", None))

    @functools.wraps(original)
    async def whole(self: Any, params: Any, *args: Any, **kwargs: Any) -> Any:
        return await _whole(call_of(self, params), lambda: original(self, params, *args, **kwargs))

    @functools.wraps(original)
    def streamed(self: Any, params: Any, *args: Any, **kwargs: Any) -> Any:
        return _streamed(call_of(self, params), lambda: original(self, params, *args, **kwargs))

    return streamed if method in _STREAMS else whole


class _Call:
    def __init__(self, kind: SpanKind, method: str, params: Any, card: Any) -> None:
        message = getattr(params, "message", None)
        task = getattr(message, "task_id", "") or getattr(params, "task_id", "") or getattr(params, "id", "")
        said = {
            "a2a.method.name": method,
            "a2a.message.id": getattr(message, "message_id", ""),
            "a2a.task.id": task,
            "a2a.tenant": getattr(params, "tenant", ""),
            "gen_ai.conversation.id": getattr(message, "context_id", "") or getattr(params, "context_id", ""),
            "gen_ai.agent.name": getattr(card, "name", ""),
        }
        begun = _begun[kind].get(task)
        self._kind = kind
        self._sends = method.startswith("Send")
        self._state = ""
        self.span = trace.get_tracer("clew.a2a").start_span(
            method,
            kind=kind,
            attributes={key: str(value) for key, value in said.items() if value},
            links=[Link(begun, {"a2a.task.id": task})] if begun else None,
        )
        self.context = trace.set_span_in_context(self.span)

    def answered(self, answer: Any) -> None:
        """Takes a task, a message, an event about a task, or what carries one of them."""
        try:
            found = _payload(answer)
            state = getattr(getattr(found, "status", None), "state", 0)
            task = (getattr(found, "id", "") if state else "") or getattr(found, "task_id", "")
            if state:
                self._state = _state_name(state)
                self.span.set_attribute("a2a.task.state", self._state)
            if getattr(found, "context_id", ""):
                self.span.set_attribute("gen_ai.conversation.id", found.context_id)
            if task:
                self.span.set_attribute("a2a.task.id", task)
                if self._sends and task not in _begun[self._kind]:
                    _begun[self._kind][task] = self.span.get_span_context()
                    if len(_begun[self._kind]) > _MOST_TASKS:
                        _begun[self._kind].popitem(last=False)
        except Exception as error:
            count_fault("a2a", error)

    def end(self) -> None:
        # A task that failed is a failure of the message that asked for it, not of a question about it.
        if self._sends and self._state in _FAILED:
            self.span.set_attribute("error.type", self._state)
            self.span.set_status(Status(StatusCode.ERROR))
        self.span.end()

    def left(self, error: BaseException) -> None:
        if isinstance(error, Exception):
            self.span.set_attribute("error.type", type(error).__qualname__)
            self.span.set_status(Status(StatusCode.ERROR, str(error)))
        else:
            self.span.set_attribute("clew.cancelled", True)
        self.span.end()


def _call(kind: SpanKind, method: str | None, params: Any, card: Any) -> _Call | None:
    try:
        return None if method is None else _Call(kind, method, params, card)
    except Exception as error:
        count_fault("a2a", error)
        return None


async def _whole(call: _Call | None, run: Callable[[], Any]) -> Any:
    if call is None:
        return await run()
    token = context_api.attach(call.context)
    try:
        answer = await run()
    except BaseException as error:
        call.left(error)
        raise
    finally:
        context_api.detach(token)
    call.answered(answer)
    call.end()
    return answer


async def _streamed(call: _Call | None, run: Callable[[], Any]) -> AsyncIterator[Any]:
    events = run()
    if call is None:
        async for event in events:
            yield event
        return
    try:
        while True:
            # Whoever asks for the next event does other things in between.
            token = context_api.attach(call.context)
            try:
                event = await events.__anext__()
            except StopAsyncIteration:
                break
            finally:
                context_api.detach(token)
            call.answered(event)
            yield event
    except BaseException as error:
        call.left(error)
        raise
    else:
        call.end()
    finally:
        await events.aclose()


def _payload(answer: Any) -> Any:
    which = getattr(answer, "WhichOneof", None)
    if which is not None and "payload" in answer.DESCRIPTOR.oneofs_by_name:
        name = which("payload")
        return getattr(answer, name) if name else answer
    return answer


def _state_name(state: Any) -> str:
    return str(import_module("a2a.types.a2a_pb2").TaskState.Name(state))
