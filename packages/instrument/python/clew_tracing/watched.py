"""Libraries whose import tracing waits for."""

from __future__ import annotations

from .imports import ImportWatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

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
    ("confluent-kafka", "confluent_kafka.aio._AIOConsumer"),
    ("celery", "celery"),
    ("redis", "redis"),
    ("grpc", "grpc"),
    ("grpc", "grpc.aio"),
    ("openai", "openai"),
    ("anthropic", "anthropic"),
    ("a2a", "a2a.client.base_client"),
    ("a2a", "a2a.server.request_handlers.default_request_handler"),
    ("a2a", "a2a.server.request_handlers.default_request_handler_v2"),
    ("mcp", "mcp.shared.jsonrpc_dispatcher"),
    ("mcp", "mcp.server._otel"),
    ("mcp", "mcp.shared.session"),
    ("mcp", "mcp.server.lowlevel.server"),
    ("mcp", "mcp.client.stdio"),
)
#: Modules of which parts cannot be patched while others are being loaded: all are loaded before the agent does it.
LOADED_AHEAD = (("langchain", "langgraph"), ("langchain", "langchain_core"))
#: Official instrumentations of libraries that we trace ourselves, and of which single clients can be instrumented.
PER_CLIENT = (
    ("pika", "opentelemetry.instrumentation.pika"),
    ("confluent-kafka", "opentelemetry.instrumentation.confluent_kafka"),
)
#: They trace themselves as soon as there is a provider; so do agents that use the API.
SELF_TRACING = ("a2a", "mcp", "fastmcp", "langsmith", "opentelemetry")


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
    for name, module in PER_CLIENT:
        imports.after(module, _leave_per_client(name))
    for module in SELF_TRACING:
        imports.before(module, tracing.start)


def _leave_per_client(library: str) -> Callable[[ModuleType], None]:
    def leave(module: ModuleType) -> None:
        from .messaging.own import leave_per_client

        leave_per_client(library, module)

    return leave


def _instrument(module: str, tracing: Tracing) -> Callable[[ModuleType], None]:
    call = _call(module)
    return lambda _: tracing.when_started(call)


def _call(module: str) -> Callable[[], None]:
    def call() -> None:
        from .libraries import instrument

        instrument(module)

    return call
