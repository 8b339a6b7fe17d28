"""Spans of sending and handling messages, as `packages/instrument/src/messaging` makes them for Node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from opentelemetry import context as context_api
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, Tracer

from ..fault import count_fault
from .contexts import is_in_trace, join_contexts, span_context_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Result = TypeVar("Result")


class MessageFacts(NamedTuple):
    """What a span says about messages, in the names of OpenTelemetry's conventions for messaging."""

    #: `messaging.system`
    system: str
    #: Queue, topic or subject.
    destination: str
    #: The library's or protocol's own word, such as `publish`; it starts the span's name.
    operation: str
    #: Those that are None are left out.
    attributes: Mapping[str, Any]
    #: Of the span, where not operation and destination are it.
    name: str = ""


class Started(NamedTuple):
    """A span under way, and the context in which the work it stands for runs."""

    span: Span
    context: Context


class Tracers:
    """The tracer of a library from the provider that holds at the time, which the agent may set late."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._made: tuple[object, Tracer] | None = None

    def get(self) -> Tracer:
        provider = trace.get_tracer_provider()
        if self._made is None or self._made[0] is not provider:
            self._made = provider, provider.get_tracer(self._name)
        return self._made[1]


def start_send(tracer: Tracer, facts: MessageFacts) -> Started:
    """Starts the PRODUCER span of sending one message or several that share a context."""
    return _start(tracer, facts, "send", SpanKind.PRODUCER, context_api.get_current(), [])


def start_process(tracer: Tracer, facts: MessageFacts, contexts: Sequence[Context]) -> Started:
    """Starts the CONSUMER span of handling messages, in the contexts that came with them."""
    parent, links = join_contexts(contexts)
    return _start(tracer, facts, "process", SpanKind.CONSUMER, parent, links)


def record_receive(tracer: Tracer, facts: MessageFacts, contexts: Sequence[Context]) -> Context:
    """
    Records that messages were fetched: a CONSUMER span with a link to each of them. It belongs to the trace of the
    caller; a caller without one continues that of its messages. The context it returns is for messages that came
    without one.
    """
    caller = context_api.get_current()
    parent, _ = join_contexts(contexts)
    links = [Link(span) for span in map(span_context_of, contexts) if span.is_valid]
    received = _start(
        tracer, facts, "receive", SpanKind.CONSUMER, caller if is_in_trace(caller) else parent, links
    )
    received.span.end()
    return received.context


def _start(
    tracer: Tracer, facts: MessageFacts, kind_of: str, kind: SpanKind, parent: Context, links: list[Link]
) -> Started:
    span = tracer.start_span(
        facts.name or f"{facts.operation} {facts.destination}",
        context=parent,
        kind=kind,
        links=links,
        attributes={
            "messaging.system": facts.system,
            "messaging.operation.name": facts.operation,
            "messaging.operation.type": kind_of,
            "messaging.destination.name": facts.destination,
            **{key: value for key, value in facts.attributes.items() if value is not None},
        },
    )
    return Started(span, trace.set_span_in_context(span, parent))


@contextmanager
def running(started: Started) -> Iterator[None]:
    """Runs the work of a span in its context; the span ends with it, and fails with it."""
    with sending(started):
        yield
    started.span.end()


@contextmanager
def sending(started: Started) -> Iterator[None]:
    """The same for what goes on after it has returned: only a failure ends the span."""
    outside = context_api.get_current()
    enter(started.context)
    try:
        yield
    except BaseException as error:
        _unanswered.discard(started.span)
        mark_failed(started.span, error)
        started.span.end()
        raise
    finally:
        enter(outside)


#: Spans of messages of which no broker has said yet whether it has them.
_unanswered: set[Span] = set()


def await_answer(started: Started) -> None:
    _unanswered.add(started.span)


def end_answered(started: Started, error: BaseException | None = None) -> None:
    if started.span not in _unanswered:
        return
    _unanswered.discard(started.span)
    if error is not None:
        mark_failed(started.span, error)
    started.span.end()


def end_unanswered() -> None:
    """For the end of the process: a consumer may have the message all the same."""
    while _unanswered:
        _unanswered.pop().end()


def forget_unanswered() -> None:
    _unanswered.clear()


def enter(context: Context) -> None:
    """Makes a context the current one, for whoever enters another one later: no token is to be kept."""
    context_api.attach(context)


def mark_failed(span: Span, error: BaseException) -> None:
    # A generator that is closed, and a task that is cancelled, did not fail.
    if isinstance(error, (GeneratorExit, StopIteration)) or type(error).__name__ == "CancelledError":
        return
    span.set_attribute("error.type", type(error).__name__)
    span.set_status(Status(StatusCode.ERROR, str(error)))


#: Libraries that an agent instruments itself.
_left: set[str] = set()


def leave(library: str) -> None:
    """From here on `attempt` does nothing for it."""
    _left.add(library)


def attempt(library: str, call: Callable[[], Result]) -> Result | None:
    """None where our own work failed, of which the agent never hears, or is not wanted."""
    try:
        return None if library in _left else call()
    except Exception as error:
        count_fault(library, error)
        return None
