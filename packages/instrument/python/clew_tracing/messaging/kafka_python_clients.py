"""Kafka by kafka-python: the context goes with the headers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from opentelemetry import context as context_api
from opentelemetry.context import Context

from .contexts import is_in_trace, span_context_of
from .kafka import Place, context_of_message, headers_with, polling_facts, processing_facts, sending_facts
from .spans import (
    Started,
    Tracers,
    attempt,
    await_answer,
    end_answered,
    record_receive,
    sending,
    start_process,
    start_send,
)
from .turns import Loop, Messages, Turn

_NAME = "kafka-python"
#: Brokers before this one know no headers.
_WITH_HEADERS = (0, 11)
_tracers = Tracers("clew.kafka-python")
_turns: WeakKeyDictionary[Any, Turn] = WeakKeyDictionary()


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
        def start() -> tuple[Started, Any]:
            started = start_send(_tracers.get(), sending_facts(topic, key, value))
            version = self.config.get("api_version")
            if (version is not None and version < _WITH_HEADERS) or not isinstance(headers, (list, type(None))):
                return started, headers
            return started, headers_with(started.context, headers)

        sent = attempt(_NAME, start)
        if sent is None:
            return original(self, topic, value, key, headers, *args, **kwargs)
        with sending(sent[0]):
            future = original(self, topic, value, key, sent[1], *args, **kwargs)
        attempt(_NAME, lambda: _end_with(future, sent[0]))
        return future

    return send


def _end_with(future: Any, started: Started) -> None:
    """The span ends when the broker has the message, or it is known that it will not."""
    await_answer(started)
    future.add_callback(lambda _: end_answered(started))
    future.add_errback(lambda error: end_answered(started, error))


def _loop(following: Callable[[Any], Any]) -> Callable[..., Any]:
    def __iter__(self: Any) -> Iterator[Any]:
        return Loop(_NAME, _Following(self, following), lambda record: _processing(self, record))

    return __iter__


class _Following(Iterator[Any]):
    """A consumer goes on after it has waited in vain, as long as it is asked."""

    def __init__(self, consumer: Any, following: Callable[[Any], Any]) -> None:
        self._consumer = consumer
        self._following = following

    def __next__(self) -> Any:
        _end_turn(self._consumer)
        return self._following(self._consumer)


def _next(following: Callable[[Any], Any]) -> Callable[..., Any]:
    @functools.wraps(following)
    def __next__(self: Any) -> Any:
        _end_turn(self)
        record = following(self)
        attempt(_NAME, lambda: _got(self, record))
        return record

    return __next__


def _got(consumer: Any, record: Any) -> None:
    """What follows belongs to the message, unless its caller has work of its own under way."""
    if is_in_trace(context_api.get_current()):
        place = _place_of(consumer, record.topic, record.partition)
        record_receive(_tracers.get(), polling_facts(place, 1), [context_of_message(record.headers, record.value)])
    else:
        _turns.setdefault(consumer, Turn()).begin(_processing(consumer, record))


def _poll(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def poll(self: Any, *args: Any, **kwargs: Any) -> Any:
        records = original(self, *args, **kwargs)
        # So asks the consumer's own iterator.
        if kwargs.get("update_offsets") is False or not records:
            return records
        return attempt(_NAME, lambda: _polled(self, records)) or records

    return poll


def _polled(consumer: Any, records: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
    return {
        place: _batch(consumer, _place_of(consumer, place.topic, place.partition), batch)
        for place, batch in records.items()
    }


def _batch(consumer: Any, place: Place, records: list[Any]) -> list[Any]:
    contexts = [context_of_message(record.headers, record.value) for record in records]
    received = record_receive(_tracers.get(), polling_facts(place, len(records)), contexts)

    def begin(record: Any) -> Started:
        own = context_of_message(record.headers, record.value)
        return _processing(consumer, record, own if span_context_of(own).is_valid else received)

    return Messages.of(_NAME, records, begin)


def _processing(consumer: Any, record: Any, parent: Context | None = None) -> Started:
    place = _place_of(consumer, record.topic, record.partition)
    facts = processing_facts(place, record.offset, record.key, record.value)
    return start_process(
        _tracers.get(), facts, [context_of_message(record.headers, record.value) if parent is None else parent]
    )


def _place_of(consumer: Any, topic: str, partition: int) -> Place:
    return Place(topic, partition, consumer.config.get("group_id") or "")


def _close(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def close(self: Any, *args: Any, **kwargs: Any) -> Any:
        _end_turn(self)
        return original(self, *args, **kwargs)

    return close


def _end_turn(consumer: Any) -> None:
    turn = _turns.get(consumer)
    if turn is not None:
        attempt(_NAME, turn.end)
