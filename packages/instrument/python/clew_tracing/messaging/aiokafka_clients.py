"""Kafka by aiokafka: the context goes with the headers."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from typing import Any
from weakref import WeakSet

from .kafka_records import Records
from .spans import attempt, sending
from .turns import Turn

_NAME = "aiokafka"
#: Brokers before this one know no headers.
_WITH_HEADERS = (0, 11)
_records = Records(_NAME, lambda consumer: consumer._group_id)
#: Consumers that are asked by a loop, which asks them for one message after the other.
_looping: WeakSet[Any] = WeakSet()


def instrument_aiokafka() -> None:
    producer = import_module("aiokafka").AIOKafkaProducer
    consumer = import_module("aiokafka").AIOKafkaConsumer
    producer.send = _send(producer.send)
    consumer.__aiter__ = _loop(consumer.__aiter__, consumer.__anext__)
    consumer.getone = _getone(consumer.getone)
    consumer.getmany = _getmany(consumer.getmany)
    consumer.stop = _stop(consumer.stop)


def _send(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def send(
        self: Any,
        topic: Any,
        value: Any = None,
        key: Any = None,
        partition: Any = None,
        timestamp_ms: Any = None,
        headers: Any = None,
    ) -> Any:
        takes_headers = getattr(self.client, "api_version", _WITH_HEADERS) >= _WITH_HEADERS
        sent = attempt(_NAME, lambda: _records.start_send(topic, key, value, headers, takes_headers))
        if sent is None:
            return await original(self, topic, value, key, partition, timestamp_ms, headers)
        with sending(sent[0]):
            future = await original(self, topic, value, key, partition, timestamp_ms, sent[1])
        attempt(_NAME, lambda: _records.end_with(sent[0], future, _failure_of))
        return future

    return send


def _failure_of(future: Any) -> BaseException | None:
    # Not `exception()`: asyncio complains of failures that nobody asked for.
    failure: BaseException | None = getattr(future, "_exception", None)
    return failure


class _Loop(AsyncIterator[Any]):
    """The messages of a consumer, each in its context."""

    def __init__(self, consumer: Any, following: Callable[[Any], Any]) -> None:
        self._consumer = consumer
        self._following = following
        self._turn = Turn()

    def __aiter__(self) -> _Loop:
        return self

    async def __anext__(self) -> Any:
        attempt(_NAME, self._turn.end)
        _records.end_turn(self._consumer)
        _looping.add(self._consumer)
        try:
            record = await self._following(self._consumer)
        finally:
            _looping.discard(self._consumer)
        attempt(_NAME, lambda: self._turn.begin(_records.processing(self._consumer, record)))
        return record


def _loop(original: Callable[..., Any], following: Callable[[Any], Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def __aiter__(self: Any) -> AsyncIterator[Any]:
        return _Loop(original(self), following)

    return __aiter__


def _getone(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def getone(self: Any, *partitions: Any) -> Any:
        _records.end_turn(self)
        record = await original(self, *partitions)
        if self not in _looping:
            attempt(_NAME, lambda: _records.got(self, record))
        return record

    return getone


def _getmany(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def getmany(self: Any, *partitions: Any, **kwargs: Any) -> Any:
        _records.end_turn(self)
        records = await original(self, *partitions, **kwargs)
        return (attempt(_NAME, lambda: _records.polled(self, records)) or records) if records else records

    return getmany


def _stop(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def stop(self: Any) -> Any:
        _records.end_turn(self)
        return await original(self)

    return stop
