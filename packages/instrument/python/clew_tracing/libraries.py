"""Which library is traced by which instrumentation."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

from .fault import count_fault
from .giving_way import give_way, give_way_per_application, instrument_once, is_ours
from .settings import Settings

_NO_MESSAGES = {"exclude_spans": ["send", "receive"]}

#: By the module that was loaded: modules below `opentelemetry.instrumentation`, their classes and arguments.
_INSTRUMENTORS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "fastapi": (("fastapi:FastAPIInstrumentor", _NO_MESSAGES),),
    "flask": (("flask:FlaskInstrumentor", {}),),
    "requests": (("requests:RequestsInstrumentor", {}),),
    "urllib.request": (("urllib:URLLibInstrumentor", {}),),
    "urllib3": (("urllib3:URLLib3Instrumentor", {}),),
    "httpx": (("httpx:HTTPXClientInstrumentor", {}),),
    "httpx2": (("httpx:HTTPX2ClientInstrumentor", {}),),
    "aiohttp": (("aiohttp_client:AioHttpClientInstrumentor", {}),),
    "aiohttp.web": (("aiohttp_server:AioHttpServerInstrumentor", {}),),
    "redis": (("redis:RedisInstrumentor", {}),),
    "grpc": (("grpc:GrpcInstrumentorClient", {}), ("grpc:GrpcInstrumentorServer", {})),
    "grpc.aio": (("grpc:GrpcAioInstrumentorClient", {}), ("grpc:GrpcAioInstrumentorServer", {})),
    "openai": (("genai.openai:OpenAIInstrumentor", {}),),
    "anthropic": (("genai.anthropic:AnthropicInstrumentor", {}),),
    "langgraph": (("genai.langchain:LangChainInstrumentor", {}),),
    "langchain_core": (("genai.langchain:LangChainInstrumentor", {}),),
}

#: By the module that was loaded: functions of ours that trace it, below this package.
_OWN: dict[str, str] = {
    "pika": "messaging.pika_channels:instrument_pika",
    "aio_pika": "messaging.aio_pika_queues:instrument_aio_pika",
    "kafka": "messaging.kafka_python_clients:instrument_kafka_python",
    "aiokafka": "messaging.aiokafka_clients:instrument_aiokafka",
    "confluent_kafka.aio._AIOConsumer": "messaging.confluent_kafka_aio:instrument_confluent_kafka_aio",
    "celery": "messaging.celery_tasks:instrument_celery",
    "confluent_kafka.cimpl": "messaging.confluent_kafka_clients:instrument_confluent_kafka",
    "mcp.client.stdio": "mcp_servers:trace_mcp_servers",
    "mcp.shared.jsonrpc_dispatcher": "mcp_calls:trace_requests",
    "mcp.server._otel": "mcp_calls:trace_handlers",
    "a2a.client.base_client": "a2a_calls:trace_client",
    "a2a.server.request_handlers.default_request_handler": "a2a_calls:trace_handler",
    "a2a.server.request_handlers.default_request_handler_v2": "a2a_calls:trace_handler_2",
    "mcp.shared.session": "mcp_sessions:trace_requests",
    "mcp.server.lowlevel.server": "mcp_sessions:trace_handlers",
}

#: Libraries of messages, which agents may instrument themselves, by the module that was loaded.
_MESSAGING = {
    "pika": "pika",
    "aio_pika": "aio-pika",
    "kafka": "kafka-python",
    "aiokafka": "aiokafka",
    "celery": "celery",
    "confluent_kafka.cimpl": "confluent-kafka",
}


def prepare(settings: Settings) -> None:
    """Brings instrumentations to the names of today, and to the level of content."""
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database,gen_ai_latest_experimental")
    os.environ.setdefault(
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        "NO_CONTENT" if settings.content == "off" else "SPAN_ONLY",
    )
    # Its spans are named after its classes.
    os.environ.setdefault("OTEL_INSTRUMENTATION_A2A_SDK_ENABLED", "false")
    give_way()
    if "threading" not in settings.disabled_libraries:
        # Contexts follow work into threads.
        instrument_once(_load("threading:ThreadingInstrumentor")(), {})


def instrument(module: str) -> None:
    """For a module that was loaded just now, or is about to be."""
    try:
        if module == "django.core.handlers.base":
            _django()
        elif module == "starlette.applications":
            _starlette()
        elif module == "anthropic":
            # Its own spans would say the same again, without content.
            os.environ.setdefault("ANTHROPIC_OPEN_TELEMETRY", "false")
        if module in _OWN:
            _load_own(_OWN[module])()
        if module in _MESSAGING:
            is_ours(_load_own("messaging.own:OwnInstrumentation")(_MESSAGING[module]))
        for instrumentor, arguments in _INSTRUMENTORS.get(module, ()):
            if _is_being_loaded(instrumentor):
                # By the agent, which is about to use it itself.
                continue
            kind = _load(instrumentor)
            if module in ("fastapi", "flask"):
                give_way_per_application(kind)
            instrument_once(kind(), arguments)
        if module == "redis":
            _load_own("redis_clients:keep_to_traces")()
    except Exception as error:
        count_fault(module, error)


def _load_own(function: str) -> Any:
    module, _, name = function.partition(":")
    return getattr(import_module(f"clew_tracing.{module}"), name)


def _is_being_loaded(instrumentor: str) -> bool:
    module = sys.modules.get(f"opentelemetry.instrumentation.{instrumentor.partition(':')[0]}")
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


def _load(instrumentor: str) -> Any:
    module, _, name = instrumentor.partition(":")
    return getattr(import_module(f"opentelemetry.instrumentation.{module}"), name)


def _django() -> None:
    """The instrumentation edits the settings, which are there for certain when middleware is loaded."""
    handler: Any = import_module("django.core.handlers.base").BaseHandler
    original = handler.load_middleware

    def load_middleware(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            instrument_once(_load("django:DjangoInstrumentor")(), {})
        except Exception as error:
            count_fault("django", error)
        return original(self, *args, **kwargs)

    handler.load_middleware = load_middleware


def _starlette() -> None:
    """The instrumentation replaces the class, of which FastAPI's is made; this leaves FastAPI alone."""
    application: Any = import_module("starlette.applications").Starlette
    original = application.build_middleware_stack

    def build_middleware_stack(self: Any) -> Any:
        stack = original(self)
        try:
            if getattr(self, "_is_instrumented_by_opentelemetry", False):
                return stack
            asgi = import_module("opentelemetry.instrumentation.asgi")
            return asgi.OpenTelemetryMiddleware(stack, **_NO_MESSAGES)
        except Exception as error:
            count_fault("starlette", error)
            return stack

    application.build_middleware_stack = build_middleware_stack
