"""What tracing waits for: imports of libraries, and the end of the process."""

from __future__ import annotations

import atexit
import os

import _signal

from .fault import count_fault
from .imports import ImportWatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    from .start import Tracing

#: Libraries by the name for `CLEW_DISABLED_LIBRARIES`, and the modules whose import means that one is used.
LIBRARIES = (
    ("fastapi", "fastapi"),
    ("starlette", "starlette.applications"),
    ("flask", "flask"),
    ("django", "django.core.handlers.base"),
    ("requests", "requests"),
    ("urllib", "urllib.request"),
    ("urllib3", "urllib3"),
    ("httpx", "httpx"),
    ("httpx2", "httpx2"),
    ("aiohttp", "aiohttp"),
    ("aiohttp", "aiohttp.web"),
    ("pika", "pika"),
    ("aio-pika", "aio_pika"),
    ("kafka-python", "kafka"),
    ("aiokafka", "aiokafka"),
    ("confluent-kafka", "confluent_kafka.cimpl"),
    ("celery", "celery"),
    ("redis", "redis"),
    ("grpc", "grpc"),
    ("grpc", "grpc.aio"),
    ("openai", "openai"),
    ("anthropic", "anthropic"),
)
#: Modules of which parts cannot be patched while others are being loaded: all are loaded before the agent does it.
LOADED_AHEAD = (("langchain", "langgraph"), ("langchain", "langchain_core"))
#: Instrumentations of agents' own choice that ours stand for.
REPLACED = (
    ("pika", "opentelemetry.instrumentation.pika"),
    ("aio-pika", "opentelemetry.instrumentation.aio_pika"),
    ("kafka-python", "opentelemetry.instrumentation.kafka"),
    ("confluent-kafka", "opentelemetry.instrumentation.confluent_kafka"),
)
#: They trace themselves as soon as there is a provider; so do agents that use the API.
SELF_TRACING = ("mcp", "fastmcp", "langsmith", "opentelemetry")

#: The longest that the end of a process may take for what it has not sent.
_MOST_S = 1.0


def watch_libraries(disabled: set[str], imports: ImportWatch, tracing: Tracing) -> None:
    """The provider is there before the first of these libraries is loaded."""
    for name, module in LIBRARIES:
        if name in disabled:
            continue
        imports.before(module, tracing.start)
        imports.after(module, _instrument(module, tracing))
    for name, module in LOADED_AHEAD:
        if name not in disabled:
            imports.before(module, lambda call=_call(module): tracing.when_started(call))  # type: ignore[misc]
    for name, module in REPLACED:
        if name not in disabled:
            imports.after(module, _silence)
    for module in SELF_TRACING:
        imports.before(module, tracing.start)


def _silence(module: ModuleType) -> None:
    from .messaging.replaced import silence

    silence(module)


def _instrument(module: str, tracing: Tracing) -> Callable[[ModuleType], None]:
    call = _call(module)
    return lambda _: tracing.when_started(call)


def _call(module: str) -> Callable[[], None]:
    def call() -> None:
        from .libraries import instrument

        instrument(module)

    return call


def watch_end(imports: ImportWatch, flush: Callable[[float], None]) -> None:
    """Sends what is left when the process ends: by itself, by SIGTERM, or as a child of multiprocessing."""
    atexit.register(flush, _MOST_S)
    imports.after("multiprocessing.util", lambda module: _watch_children(module, flush))
    try:
        _watch_sigterm(flush)
    except Exception as error:
        count_fault("signals", error)


def _watch_sigterm(flush: Callable[[float], None]) -> None:
    """Only where nobody decides over the signal: it ends the process afterwards as it would have."""
    if _signal.getsignal(_signal.SIGTERM) != _signal.SIG_DFL:
        return

    def on_signal(number: int, frame: Any) -> None:
        _signal.signal(number, _signal.SIG_DFL)
        try:
            _in_thread(flush)
        finally:
            os.kill(os.getpid(), number)

    _signal.signal(_signal.SIGTERM, on_signal)


def _in_thread(flush: Callable[[float], None]) -> None:
    """This thread may have been interrupted while it held a lock that sending needs."""
    # Not by `threading`, whose locks are among those.
    from _thread import allocate_lock, start_new_thread

    done = allocate_lock()
    done.acquire()

    def run() -> None:
        try:
            flush(_MOST_S)
        finally:
            done.release()

    start_new_thread(run, ())
    done.acquire(timeout=_MOST_S)


def _watch_children(util: ModuleType, flush: Callable[[float], None]) -> None:
    """Children that were forked end without `atexit`, but run these finalizers, which a fork clears."""

    def register(_: object = None) -> None:
        util.Finalize(None, flush, args=(_MOST_S,), exitpriority=-100)

    util.register_after_fork(flush, register)
