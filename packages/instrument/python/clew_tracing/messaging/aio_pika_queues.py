"""RabbitMQ by aio-pika: the context goes with the headers."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from opentelemetry import context as context_api

from .contexts import is_in_trace
from .rabbitmq import context_of_message, headers_with, rabbitmq_facts
from .spans import MessageFacts, Started, Tracers, attempt, record_receive, running, start_process, start_send
from .turns import Turn

_NAME = "aio-pika"
_tracers = Tracers("clew.aio-pika")
_turns: WeakKeyDictionary[Any, Turn] = WeakKeyDictionary()


def instrument_aio_pika() -> None:
    exchange = import_module("aio_pika.exchange").Exchange
    queues = import_module("aio_pika.queue")
    exchange.publish = _publish(exchange.publish)
    queues.Queue.consume = _consume(queues.Queue.consume, queues.QueueIterator)
    queues.Queue.get = _get(queues.Queue.get)
    iterators = [queues.QueueIterator, import_module("aio_pika.robust_queue").RobustQueueIterator]
    for iterator in iterators:
        # Which of them has its own differs between versions.
        if "__anext__" in vars(iterator):
            iterator.__anext__ = _next(iterator.__anext__)
        if "close" in vars(iterator):
            iterator.close = _close(iterator.close)


class _Carrying:
    """A message with other headers: the agent's own is left alone."""

    def __init__(self, message: Any, headers: dict[str, Any]) -> None:
        self._message = message
        self._headers = headers

    @property
    def headers(self) -> dict[str, Any]:
        return self._headers

    @property
    def properties(self) -> Any:
        properties = self._message.properties
        properties.headers = self._headers
        return properties

    def __getattr__(self, name: str) -> Any:
        return getattr(self._message, name)

    def __repr__(self) -> str:
        return repr(self._message)


def _publish(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def publish(self: Any, message: Any, routing_key: Any, *args: Any, **kwargs: Any) -> Any:
        def send() -> tuple[Started, Any]:
            facts = _facts(self.channel, "publish", (self.name, routing_key), message)
            started = start_send(_tracers.get(), facts)
            return started, _Carrying(message, headers_with(started.context, message.headers))

        sent = attempt(_NAME, send)
        if sent is None:
            return await original(self, message, routing_key, *args, **kwargs)
        with running(sent[0]):
            return await original(self, sent[1], routing_key, *args, **kwargs)

    return publish


def _consume(original: Callable[..., Any], iterator: type) -> Callable[..., Any]:
    @functools.wraps(original)
    async def consume(self: Any, callback: Any, *args: Any, **kwargs: Any) -> Any:
        # An iterator's own puts messages aside for the loop.
        if isinstance(getattr(callback, "__self__", None), iterator) or not callable(callback):
            return await original(self, callback, *args, **kwargs)
        return await original(self, _traced(callback, self), *args, **kwargs)

    return consume


def _traced(callback: Callable[..., Any], queue: Any) -> Callable[..., Any]:
    @functools.wraps(callback)
    async def on_message(message: Any) -> Any:
        async def work() -> Any:
            result = callback(message)
            return await result if inspect.isawaitable(result) else result

        started = attempt(_NAME, lambda: _processing(queue, message))
        if started is None:
            return await work()
        with running(started):
            return await work()

    return on_message


def _next(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def anext(self: Any) -> Any:
        turn = _turns.setdefault(self, Turn())
        _end_turn(self)
        _end_turn(self._amqp_queue)
        message = await original(self)
        # One class of iterators may get it by the method of another, which has begun the turn.
        if not turn.is_open:
            attempt(_NAME, lambda: turn.begin(_processing(self._amqp_queue, message)))
        return message

    return anext


def _close(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def close(self: Any) -> Any:
        _end_turn(self)
        return await original(self)

    return close


def _get(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def get(self: Any, *args: Any, **kwargs: Any) -> Any:
        _end_turn(self)
        message = await original(self, *args, **kwargs)
        if message is not None:
            attempt(_NAME, lambda: _got(self, message))
        return message

    return get


def _got(queue: Any, message: Any) -> None:
    """What follows belongs to the message, unless its caller has work of its own under way."""
    if is_in_trace(context_api.get_current()):
        names = (message.exchange, message.routing_key, queue.name)
        facts = _facts(queue.channel, "get", names, message)
        record_receive(_tracers.get(), facts, [context_of_message(message.headers, message.body)])
    else:
        _turns.setdefault(queue, Turn()).begin(_processing(queue, message))


def _end_turn(consumer: Any) -> None:
    turn = _turns.get(consumer)
    if turn is not None:
        attempt(_NAME, turn.end)


def _processing(queue: Any, message: Any) -> Started:
    names = (message.exchange, message.routing_key, queue.name)
    facts = _facts(queue.channel, "process", names, message)
    return start_process(_tracers.get(), facts, [context_of_message(message.headers, message.body)])


def _facts(channel: Any, operation: str, names: tuple[str, ...], message: Any) -> MessageFacts:
    url = getattr(getattr(channel, "_connection", None), "url", None)
    return rabbitmq_facts(
        operation,
        names,
        message_id=message.message_id,
        conversation_id=message.correlation_id,
        size=len(message.body),
        host=getattr(url, "host", None),
        port=getattr(url, "port", None) or 5672,
    )
