"""Redis: a command is recorded as part of a trace, not for itself; polls of an idle worker would be thousands."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from opentelemetry import context as context_api
from opentelemetry import trace

_CLIENTS = (
    ("redis.client", ("Redis", "Pipeline")),
    ("redis.cluster", ("RedisCluster", "ClusterPipeline")),
    ("redis.asyncio.client", ("Redis", "Pipeline")),
    ("redis.asyncio.cluster", ("RedisCluster", "ClusterPipeline")),
)
_METHODS = ("execute_command", "execute", "immediate_execute_command")


def keep_to_traces() -> None:
    """Call it when the instrumentation has changed the clients."""
    for module, classes in _CLIENTS:
        try:
            loaded = import_module(module)
        except ImportError:
            # Old versions have no clusters.
            continue
        for client in (vars(loaded).get(name) for name in classes):
            for method in _METHODS:
                if client is not None and method in vars(client):
                    setattr(client, method, _kept(getattr(client, method)))


def _kept(original: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(inspect.unwrap(original)):

        @functools.wraps(original)
        async def later(*args: Any, **kwargs: Any) -> Any:
            with _silent_outside():
                return await original(*args, **kwargs)

        return later

    @functools.wraps(original)
    def now(*args: Any, **kwargs: Any) -> Any:
        with _silent_outside():
            return original(*args, **kwargs)

    return now


@contextmanager
def _silent_outside() -> Iterator[None]:
    if trace.get_current_span().get_span_context().is_valid:
        yield
        return
    outside = context_api.get_current()
    token = context_api.attach(context_api.set_value("suppress_instrumentation", True, outside))
    try:
        yield
    finally:
        context_api.detach(token)
