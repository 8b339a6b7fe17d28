"""Official instrumentations that an agent uses itself, of libraries that are traced here."""

from __future__ import annotations

from types import ModuleType
from typing import Any


def silence(module: ModuleType) -> None:
    """What it asks for is done already: doing it again would make each span twice."""
    for name, value in vars(module).items():
        if name.endswith("Instrumentor") and isinstance(value, type):
            _silence(value)


def _silence(instrumentor: Any) -> None:
    for name in ("_instrument", "_uninstrument"):
        setattr(instrumentor, name, _nothing)
    for name in ("instrument_channel", "uninstrument_channel"):
        if hasattr(instrumentor, name):
            setattr(instrumentor, name, staticmethod(_nothing))
    for name in ("instrument_producer", "instrument_consumer", "uninstrument_producer", "uninstrument_consumer"):
        if hasattr(instrumentor, name):
            setattr(instrumentor, name, staticmethod(_same))


def _nothing(*_: Any, **__: Any) -> None:
    pass


def _same(client: Any, *_: Any, **__: Any) -> Any:
    return client
