"""RabbitMQ by pika: the context goes with the headers."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from opentelemetry import context as context_api

from .contexts import is_in_trace
from .rabbitmq import context_of_message, headers_with, rabbitmq_facts
from .spans import MessageFacts, Started, Tracers, attempt, record_receive, running, start_process, start_send
from .turns import Loop, Turn

_NAME = "pika"
_tracers = Tracers("clew.pika")
_turns: WeakKeyDictionary[Any, Turn] = WeakKeyDictionary()


def instrument_pika() -> None:
    blocking = import_module("pika.adapters.blocking_connection").BlockingChannel
    channel = import_module("pika.channel").Channel
    for patched in (blocking, channel):
        patched.basic_publish = _publish(patched.basic_publish, blocking)
        patched.basic_consume = _consume(patched.basic_consume, blocking)
    blocking.consume = _generate(blocking.consume)
    blocking.basic_get = _get(blocking.basic_get)
    blocking.close = _close(blocking.close)
    channel.basic_get = _get_later(channel.basic_get, blocking)


def _publish(original: Callable[..., Any], blocking: type) -> Callable[..., Any]:
    @functools.wraps(original)
    def basic_publish(
        self: Any, exchange: Any, routing_key: Any, body: Any, properties: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        def send() -> tuple[Started, Any]:
            facts = _facts(self, "publish", (exchange, routing_key), properties, body)
            started = start_send(_tracers.get(), facts)
            sent = import_module("pika.spec").BasicProperties() if properties is None else copy.copy(properties)
            sent.headers = headers_with(started.context, sent.headers)
            return started, sent

        sent = None if _is_inner(self, blocking) else attempt(_NAME, send)
        if sent is None:
            return original(self, exchange, routing_key, body, properties, *args, **kwargs)
        with running(sent[0]):
            return original(self, exchange, routing_key, body, sent[1], *args, **kwargs)

    return basic_publish


def _consume(original: Callable[..., Any], blocking: type) -> Callable[..., Any]:
    @functools.wraps(original)
    def basic_consume(self: Any, queue: Any, on_message_callback: Any, *args: Any, **kwargs: Any) -> Any:
        if _is_inner(self, blocking) or not callable(on_message_callback):
            return original(self, queue, on_message_callback, *args, **kwargs)
        return original(self, queue, _traced(on_message_callback, queue), *args, **kwargs)

    return basic_consume


def _traced(callback: Callable[..., Any], queue: str) -> Callable[..., Any]:
    @functools.wraps(callback)
    def on_message(channel: Any, method: Any, properties: Any, body: Any) -> Any:
        started = attempt(_NAME, lambda: _processing(channel, queue, method, properties, body))
        if started is None:
            return callback(channel, method, properties, body)
        with running(started):
            return callback(channel, method, properties, body)

    return on_message


def _generate(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def consume(self: Any, queue: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        def begin(message: Any) -> Started | None:
            method, properties, body = message
            # What comes when nothing came for a time.
            return None if method is None else _processing(self, queue, method, properties, body)

        _end_turn(self)
        messages = original(self, queue, *args, **kwargs)
        loop = Loop(_NAME, messages, begin)
        try:
            yield from loop
        finally:
            loop.end()
            messages.close()

    return consume


def _get(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def basic_get(self: Any, queue: Any, *args: Any, **kwargs: Any) -> Any:
        _end_turn(self)
        message = original(self, queue, *args, **kwargs)
        if message[0] is not None:
            attempt(_NAME, lambda: _got(self, queue, *message))
        return message

    return basic_get


def _got(channel: Any, queue: str, method: Any, properties: Any, body: Any) -> None:
    """What follows belongs to the message, unless its caller has work of its own under way."""
    if is_in_trace(context_api.get_current()):
        facts = _facts(channel, "get", (method.exchange, method.routing_key, queue), properties, body)
        record_receive(_tracers.get(), facts, [context_of_message(getattr(properties, "headers", None), body)])
    else:
        turn = _turns.setdefault(channel, Turn())
        turn.begin(_processing(channel, queue, method, properties, body))


def _get_later(original: Callable[..., Any], blocking: type) -> Callable[..., Any]:
    @functools.wraps(original)
    def basic_get(self: Any, queue: Any, callback: Any, *args: Any, **kwargs: Any) -> Any:
        if _is_inner(self, blocking) or not callable(callback):
            return original(self, queue, callback, *args, **kwargs)
        return original(self, queue, _traced(callback, queue), *args, **kwargs)

    return basic_get


def _close(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def close(self: Any, *args: Any, **kwargs: Any) -> Any:
        _end_turn(self)
        return original(self, *args, **kwargs)

    return close


def _end_turn(channel: Any) -> None:
    turn = _turns.get(channel)
    if turn is not None:
        attempt(_NAME, turn.end)


def _is_inner(channel: Any, blocking: type) -> bool:
    """Whether it works for a blocking channel, which is traced itself."""
    return not isinstance(channel, blocking) and isinstance(channel._get_cookie(), blocking)


def _processing(channel: Any, queue: str, method: Any, properties: Any, body: Any) -> Started:
    names = (method.exchange, method.routing_key, queue)
    facts = _facts(channel, "process", names, properties, body)
    return start_process(_tracers.get(), facts, [context_of_message(getattr(properties, "headers", None), body)])


def _facts(
    channel: Any, operation: str, names: tuple[str, ...], properties: Any, body: Any
) -> MessageFacts:
    connection = channel.connection
    parameters = getattr(getattr(connection, "_impl", connection), "params", None)
    return rabbitmq_facts(
        operation,
        names,
        message_id=getattr(properties, "message_id", None),
        conversation_id=getattr(properties, "correlation_id", None),
        size=None if body is None else len(body),
        host=getattr(parameters, "host", None),
        port=getattr(parameters, "port", None),
    )
