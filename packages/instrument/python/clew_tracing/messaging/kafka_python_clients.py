"""Kafka by kafka-python: the context goes with the headers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from .kafka_records import Records
from .spans import attempt, sending
from .turns import Loop

_NAME = "kafka-python"
#: Brokers before this one know no headers.
_WITH_HEADERS = (0, 11)
_records = Records(_NAME, lambda consumer: consumer.config.get("group_id"))


def instrument_kafka_python() -> None:
    producer = import_module("kafka").KafkaProducer
    consumer = import_module("kafka").KafkaConsumer
    producer.send = _send(producer.send)
    following = consumer.__next__
    consumer.__iter__ = _loop(following)
    consumer.__next__ = _next(following)
    consumer.poll = _poll(consumer.poll)
    consumer.close = _close(consumer.close)


def _send(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def send(
        self: Any, topic: Any, value: Any = None, key: Any = None, headers: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        version = self.config.get("api_version")
        takes_headers = (version is None or version >= _WITH_HEADERS) and isinstance(headers, (list, type(None)))
        sent = attempt(_NAME, lambda: _records.start_send(topic, key, value, headers, takes_headers))
        if sent is None:
            return original(self, topic, value, key, headers, *args, **kwargs)
        with sending(sent[0]):
            future = original(self, topic, value, key, sent[1], *args, **kwargs)
        attempt(_NAME, lambda: _records.end_with(sent[0], _Told(future), lambda error: error))
        return future

    return send


class _Told:
    """A future of kafka-python, which has callbacks for success and failure."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        self._future.add_callback(lambda _: call(None))
        self._future.add_errback(call)


def _loop(following: Callable[[Any], Any]) -> Callable[..., Any]:
    def __iter__(self: Any) -> Iterator[Any]:
        return Loop(_NAME, _Following(self, following), lambda record: _records.processing(self, record))

    return __iter__


class _Following(Iterator[Any]):
    """A consumer goes on after it has waited in vain, as long as it is asked."""

    def __init__(self, consumer: Any, following: Callable[[Any], Any]) -> None:
        self._consumer = consumer
        self._following = following

    def __next__(self) -> Any:
        _records.end_turn(self._consumer)
        return self._following(self._consumer)


def _next(following: Callable[[Any], Any]) -> Callable[..., Any]:
    @functools.wraps(following)
    def __next__(self: Any) -> Any:
        _records.end_turn(self)
        record = following(self)
        attempt(_NAME, lambda: _records.got(self, record))
        return record

    return __next__


def _poll(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def poll(self: Any, *args: Any, **kwargs: Any) -> Any:
        records = original(self, *args, **kwargs)
        # So asks the consumer's own iterator.
        if kwargs.get("update_offsets") is False or not records:
            return records
        return attempt(_NAME, lambda: _records.polled(self, records)) or records

    return poll


def _close(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def close(self: Any, *args: Any, **kwargs: Any) -> Any:
        _records.end_turn(self)
        return original(self, *args, **kwargs)

    return close
