"""What messages of RabbitMQ carry, and what spans say about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry.context import Context

from .contexts import CARRIED, carried, context_of, text_of
from .spans import MessageFacts


def headers_with(context: Context, headers: Any) -> dict[str, Any]:
    """A copy of a message's headers with the context in them."""
    given = dict(headers or {})
    own = given.get("baggage")
    kept = {key: value for key, value in given.items() if key not in CARRIED}
    return {**kept, **carried(context, "" if own is None else text_of(own))}


def rabbitmq_facts(
    operation: str,
    names: tuple[str, ...],
    message_id: str | None,
    conversation_id: str | None,
    size: int | None,
    host: str | None,
    port: int | None,
) -> MessageFacts:
    """`names` are exchange, routing key and queue: those that say something are the destination's name."""
    attributes = {
        "messaging.rabbitmq.destination.routing_key": names[1],
        "messaging.message.id": message_id,
        "messaging.message.conversation_id": conversation_id,
        "messaging.message.body.size": size,
        "server.address": host,
        "server.port": port,
    }
    destination = ":".join(dict.fromkeys(name for name in names if name))
    return MessageFacts("rabbitmq", destination, operation, attributes)


def context_of_message(headers: Mapping[str, Any] | None, body: bytes | None) -> Context:
    return context_of((headers or {}).get, body)
