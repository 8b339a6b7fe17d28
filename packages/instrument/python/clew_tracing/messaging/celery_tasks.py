"""Celery by whatever broker: the context goes with the headers of the task's message."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from typing import Any

from opentelemetry import context as context_api

from .contexts import context_of
from .rabbitmq import headers_with
from .spans import MessageFacts, Started, Tracers, attempt, mark_failed, running, start_process, start_send
from .turns import Turn

_NAME = "celery"
_tracers = Tracers("clew.celery")
#: Tasks under way by their id.
_running: dict[str, tuple[Started, Turn]] = {}


def instrument_celery() -> None:
    sender = import_module("celery.app.amqp").AMQP
    sender._create_task_sender = _create_sender(sender._create_task_sender)
    signals = import_module("celery.signals")
    signals.task_prerun.connect(_guarded(_begin), weak=False)
    signals.task_postrun.connect(_guarded(_end), weak=False)
    signals.task_failure.connect(_guarded(_fail), weak=False)
    signals.task_retry.connect(_guarded(_retry), weak=False)


def _create_sender(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def create(self: Any) -> Callable[..., Any]:
        return _sender(original(self), self)

    return create


def _sender(original: Callable[..., Any], amqp: Any) -> Callable[..., Any]:
    @functools.wraps(original)
    def send_task_message(producer: Any, name: Any, message: Any, *args: Any, **kwargs: Any) -> Any:
        def send() -> tuple[Started, Any, dict[str, Any]]:
            queue = kwargs.get("queue") or kwargs.get("routing_key") or amqp.app.conf.task_default_queue
            facts = _facts("publish", f"apply_async/{name}", str(getattr(queue, "name", queue)), name, message)
            started = start_send(_tracers.get(), facts)
            changed = message._replace(headers=headers_with(started.context, message.headers))
            # Those that were asked for come last; a task that is tried again brings those of its former journey.
            given = kwargs.get("headers")
            more = {"headers": headers_with(started.context, given)} if given else {}
            return started, changed, {**kwargs, **more}

        sent = attempt(_NAME, send)
        if sent is None:
            return original(producer, name, message, *args, **kwargs)
        with running(sent[0]):
            return original(producer, name, sent[1], *args, **sent[2])

    return send_task_message


def _facts(operation: str, span_name: str, queue: str, task: str, message: Any) -> MessageFacts:
    headers = getattr(message, "headers", None) or {}
    attributes = {"messaging.message.id": headers.get("id"), "celery.task_name": task}
    return MessageFacts("celery", queue, operation, attributes, span_name)


def _guarded(receiver: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(receiver)
    def guarded(*_: Any, **told: Any) -> None:
        attempt(_NAME, lambda: receiver(**told))

    return guarded


def _begin(task: Any, task_id: str, **_: Any) -> None:
    request = task.request
    # A task that is called in place is part of its caller's work.
    is_eager = bool(getattr(request, "is_eager", False))
    came_with = context_api.get_current() if is_eager else context_of(lambda name: getattr(request, name, None))
    delivery = getattr(request, "delivery_info", None) or {}
    attributes = {"messaging.message.id": task_id, "celery.task_name": task.name}
    queue = str(delivery.get("routing_key") or task.app.conf.task_default_queue)
    facts = MessageFacts("celery", queue, "process", attributes, f"run/{task.name}")
    started = start_process(_tracers.get(), facts, [came_with])
    turn = Turn()
    turn.begin(started)
    _running[task_id] = started, turn


def _end(task_id: str, state: Any = None, **_: Any) -> None:
    started, turn = _running.pop(task_id)
    if state is not None:
        started.span.set_attribute("celery.state", str(state))
    turn.end()


def _fail(sender: Any, task_id: str, exception: BaseException, **_: Any) -> None:
    is_expected = isinstance(exception, tuple(getattr(sender, "throws", None) or ()))
    if task_id in _running and not is_expected:
        mark_failed(_running[task_id][0].span, exception)


def _retry(request: Any, reason: Any = None, **_: Any) -> None:
    if request.id in _running:
        _running[request.id][0].span.set_attribute("celery.retry.reason", str(reason))
