"""Kafka by confluent-kafka: the context goes with the headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

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
from .turns import Messages, Turn

_NAME = "confluent-kafka"
#: Position of `headers` among the arguments of `produce`, and of the two names of one callback.
_HEADERS = 7
_CALLBACKS = (4, 5)
_tracers = Tracers("clew.confluent-kafka")
_turns: WeakKeyDictionary[Any, Turn] = WeakKeyDictionary()
_elsewhere: WeakSet[Any] = WeakSet()
_groups: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_reports: WeakKeyDictionary[Any, Callable[..., Any]] = WeakKeyDictionary()


def instrument_confluent_kafka() -> None:
    """Before the package takes the classes from this module, which are no Python and cannot be changed."""
    module = import_module("confluent_kafka.cimpl")
    for name, made in (("Producer", _producer(module.Producer)), ("Consumer", _consumer(module.Consumer))):
        made.__module__, made.__name__, made.__qualname__ = module.Producer.__module__, name, name
        made.__doc__ = getattr(module, name).__doc__
        setattr(module, name, made)


def _producer(original: Any) -> Any:
    class Producer(original):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            attempt(_NAME, lambda: _keep_report(self, _configured(args, kwargs)))

        def produce(self, topic: Any, *args: Any, **kwargs: Any) -> Any:
            words = (topic, *args)
            sent = attempt(_NAME, lambda: _sending(self, words, kwargs))
            if sent is None:
                return super().produce(topic, *args, **kwargs)
            started, changed, is_told = sent
            with sending(started):
                result = super().produce(*words[:_HEADERS], **changed)
            if not is_told:
                attempt(_NAME, started.span.end)
            return result

    return Producer


def _consumer(original: Any) -> Any:
    class Consumer(original):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            attempt(_NAME, lambda: _groups.update({self: str(_configured(args, kwargs).get("group.id") or "")}))

        def poll(self, *args: Any, **kwargs: Any) -> Any:
            end_turn(self)
            message = super().poll(*args, **kwargs)
            return message if self in _elsewhere else fetched(self, message)

        def consume(self, *args: Any, **kwargs: Any) -> Any:
            end_turn(self)
            messages = super().consume(*args, **kwargs)
            return messages if self in _elsewhere else fetched_batch(self, messages)

        def close(self, *args: Any, **kwargs: Any) -> Any:
            end_turn(self)
            return super().close(*args, **kwargs)

    return Consumer


@contextmanager
def asked_elsewhere(consumer: Any) -> Iterator[None]:
    """Whoever asks the consumer meanwhile is not who gets the message."""
    _elsewhere.add(consumer)
    try:
        yield
    finally:
        _elsewhere.discard(consumer)


def fetched(consumer: Any, message: Any) -> Any:
    """The message; what the caller does next belongs to it."""
    if message is not None:
        attempt(_NAME, lambda: _got(consumer, message))
    return message


def fetched_batch(consumer: Any, messages: list[Any]) -> list[Any]:
    """The messages, in a list the loop over which runs in the context of each."""
    return (attempt(_NAME, lambda: _batch(consumer, messages)) or messages) if messages else messages


def _configured(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """By the names with dots; those of keywords have none."""
    given = args[0] if args and isinstance(args[0], Mapping) else {}
    return {**given, **{key.replace("_", "."): value for key, value in kwargs.items()}}


def _keep_report(producer: Any, settings: Mapping[str, Any]) -> None:
    report = settings.get("on_delivery") or settings.get("on.delivery")
    # Who wants to hear of failures only would not tell us of the others.
    if callable(report) and not settings.get("delivery.report.only.error"):
        _reports[producer] = report


def _sending(
    producer: Any, words: tuple[Any, ...], keywords: dict[str, Any]
) -> tuple[Started, dict[str, Any], bool]:
    """The span, the keywords to send with, and whether we are told of the delivery."""

    def given(position: int, name: str) -> Any:
        return words[position] if len(words) > position else keywords.get(name)

    started = start_send(_tracers.get(), sending_facts(words[0], given(2, "key"), given(1, "value")))
    headers = given(_HEADERS, "headers")
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    changed = {**keywords, "headers": headers_with(started.context, pairs)}
    if any(len(words) > position for position in _CALLBACKS):
        return started, changed, False
    report = keywords.get("on_delivery") or keywords.get("callback") or _reports.get(producer)
    if not callable(report):
        return started, changed, False

    def told(error: Any, message: Any) -> Any:
        attempt(_NAME, lambda: end_answered(started, None if error is None else _failure_of(error)))
        return report(error, message)

    changed.pop("callback", None)
    await_answer(started)
    return started, {**changed, "on_delivery": told}, True


def _failure_of(error: Any) -> BaseException:
    failure: BaseException = import_module("confluent_kafka").KafkaException(error)
    return failure


def _got(consumer: Any, message: Any) -> None:
    """What follows belongs to the message, unless its caller has work of its own under way."""
    if message.error() is not None:
        return
    if is_in_trace(context_api.get_current()):
        own = context_of_message(message.headers(), message.value())
        record_receive(_tracers.get(), polling_facts(_place_of(consumer, message), 1), [own])
    else:
        _turns.setdefault(consumer, Turn()).begin(_processing(consumer, message))


def _batch(consumer: Any, messages: list[Any]) -> list[Any]:
    """One span for what came from each place, in the order of the first messages."""
    places: dict[Place, list[Context]] = {}
    for message in messages:
        if message.error() is None:
            places.setdefault(_place_of(consumer, message), []).append(context_of_message(message.headers(), message.value()))
    received = {
        place: record_receive(_tracers.get(), polling_facts(place, len(contexts)), contexts)
        for place, contexts in places.items()
    }

    def begin(message: Any) -> Started | None:
        if message.error() is not None:
            return None
        own = context_of_message(message.headers(), message.value())
        return _processing(
            consumer, message, own if span_context_of(own).is_valid else received[_place_of(consumer, message)]
        )

    return Messages.of(_NAME, messages, begin)


def _processing(consumer: Any, message: Any, parent: Context | None = None) -> Started:
    facts = processing_facts(
        _place_of(consumer, message), message.offset(), message.key(), message.value()
    )
    return start_process(
        _tracers.get(), facts, [context_of_message(message.headers(), message.value()) if parent is None else parent]
    )


def _place_of(consumer: Any, message: Any) -> Place:
    return Place(message.topic(), message.partition(), _groups.get(consumer, ""))


def end_turn(consumer: Any) -> None:
    turn = _turns.get(consumer)
    if turn is not None:
        attempt(_NAME, turn.end)
