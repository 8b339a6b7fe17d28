"""confluent-kafka with asyncio: its consumer asks the plain one in other threads than where the message is handled."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from typing import Any

from .confluent_kafka_clients import asked_elsewhere, end_turn, fetched, fetched_batch


def instrument_confluent_kafka_aio() -> None:
    consumer = import_module("confluent_kafka.aio._AIOConsumer").AIOConsumer
    consumer.poll = _asking(consumer.poll, fetched)
    consumer.consume = _asking(consumer.consume, fetched_batch)
    consumer.close = _closing(consumer.close)


def _asking(original: Callable[..., Any], told: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def ask(self: Any, *args: Any, **kwargs: Any) -> Any:
        # Only here can it be left, not in the other thread.
        end_turn(self._consumer)
        with asked_elsewhere(self._consumer):
            found = await original(self, *args, **kwargs)
        return told(self._consumer, found)

    return ask


def _closing(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def close(self: Any, *args: Any, **kwargs: Any) -> Any:
        end_turn(self._consumer)
        return await original(self, *args, **kwargs)

    return close
