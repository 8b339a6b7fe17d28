"""What messages of Kafka carry, and what spans say about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from opentelemetry.context import Context

from .contexts import CARRIED, carried, context_of, text_of
from .spans import MessageFacts

Header = tuple[str, Any]


class Place(NamedTuple):
    topic: str
    partition: int | None
    #: Of the consumer; empty without one.
    group: str


def headers_with(context: Context, headers: Iterable[Header] | None) -> list[Header]:
    """A copy of a message's headers with the context in them."""
    given = list(headers or ())
    own = next((text_of(value) for key, value in given if key == "baggage" and value is not None), "")
    kept = [header for header in given if header[0] not in CARRIED]
    return [*kept, *((key, value.encode()) for key, value in carried(context, own).items())]


def context_of_message(headers: Iterable[Header] | None, value: object) -> Context:
    first: dict[str, Any] = {}
    for key, value in headers or ():
        first.setdefault(key, value)
    return context_of(first.get, value)


def sending_facts(topic: str, key: Any, value: Any) -> MessageFacts:
    return MessageFacts("kafka", topic, "send", _key_of(key, value))


def processing_facts(place: Place, offset: int | None, key: Any, value: Any) -> MessageFacts:
    more = {"messaging.kafka.offset": offset, **_key_of(key, value)}
    return MessageFacts("kafka", place.topic, "process", {**_place_of(place), **more})


def polling_facts(place: Place, count: int) -> MessageFacts:
    more = {"messaging.batch.message_count": count}
    return MessageFacts("kafka", place.topic, "poll", {**_place_of(place), **more})


def _place_of(place: Place) -> dict[str, Any]:
    return {
        "messaging.destination.partition.id": None if place.partition is None else str(place.partition),
        "messaging.consumer.group.name": place.group or None,
    }


def _key_of(key: Any, value: Any) -> dict[str, Any]:
    return {
        "messaging.kafka.message.key": None if key is None else text_of(key),
        "messaging.kafka.message.tombstone": True if value is None else None,
    }
