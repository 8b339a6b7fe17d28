"""Records of Kafka as kafka-python made them, and aiokafka after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from opentelemetry import context as context_api
from opentelemetry.context import Context

from .contexts import is_in_trace, span_context_of
from .kafka import Place, context_of_message, headers_with, polling_facts, processing_facts, sending_facts
from .spans import Started, Tracers, attempt, await_answer, end_answered, record_receive, start_process, start_send
from .turns import Messages, Turn


class Records:
    """What one library sends and receives. `group_of` answers with the group of a consumer, or nothing."""

    def __init__(self, library: str, group_of: Callable[[Any], Any]) -> None:
        self._library = library
        self._group_of = group_of
        self._tracers = Tracers(f"clew.{library}")
        self._turns: WeakKeyDictionary[Any, Turn] = WeakKeyDictionary()

    def start_send(self, topic: Any, key: Any, value: Any, headers: Any, takes_headers: bool) -> tuple[Started, Any]:
        """The span, and the headers to send."""
        started = start_send(self._tracers.get(), sending_facts(topic, key, value))
        return started, headers_with(started.context, headers) if takes_headers else headers

    def end_with(self, started: Started, future: Any, told: Callable[[Any], BaseException | None]) -> None:
        """The span ends when the broker has the message, or it is known that it will not: `told` then says why."""
        await_answer(started)
        future.add_done_callback(lambda done: end_answered(started, told(done)))

    def got(self, consumer: Any, record: Any) -> None:
        """What follows belongs to the message, unless its caller has work of its own under way."""
        if is_in_trace(context_api.get_current()):
            place = self._place_of(consumer, record.topic, record.partition)
            record_receive(self._tracers.get(), polling_facts(place, 1), [_context_of(record)])
        else:
            self._turns.setdefault(consumer, Turn()).begin(self.processing(consumer, record))

    def polled(self, consumer: Any, records: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
        """The same records, in lists the loops over which run in the context of each."""
        return {
            place: self._batch(consumer, self._place_of(consumer, place.topic, place.partition), batch)
            for place, batch in records.items()
        }

    def processing(self, consumer: Any, record: Any, parent: Context | None = None) -> Started:
        place = self._place_of(consumer, record.topic, record.partition)
        facts = processing_facts(place, record.offset, record.key, record.value)
        return start_process(self._tracers.get(), facts, [_context_of(record) if parent is None else parent])

    def end_turn(self, consumer: Any) -> None:
        turn = self._turns.get(consumer)
        if turn is not None:
            attempt(self._library, turn.end)

    def _batch(self, consumer: Any, place: Place, records: list[Any]) -> list[Any]:
        contexts = [_context_of(record) for record in records]
        received = record_receive(self._tracers.get(), polling_facts(place, len(records)), contexts)

        def begin(record: Any) -> Started:
            own = _context_of(record)
            return self.processing(consumer, record, own if span_context_of(own).is_valid else received)

        return Messages.of(self._library, records, begin)

    def _place_of(self, consumer: Any, topic: str, partition: int) -> Place:
        return Place(topic, partition, self._group_of(consumer) or "")


def _context_of(record: Any) -> Context:
    return context_of_message(record.headers, record.value)
