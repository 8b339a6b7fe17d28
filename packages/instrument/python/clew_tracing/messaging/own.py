"""Libraries of messages that are traced here, until an agent instruments one of them itself."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from .spans import leave
from .turns import end_turns


class OwnInstrumentation:
    """What is asked of an official one before an agent's takes its place."""

    def __init__(self, library: str) -> None:
        self._library = library

    def instrumentation_dependencies(self) -> Sequence[str]:
        return (self._library,)

    def uninstrument(self) -> None:
        end_turns()
        leave(self._library)


def leave_per_client(library: str, module: ModuleType) -> None:
    """The same where an agent instruments single channels, producers or consumers."""
    for instrumentor in vars(module).values():
        for name in ("instrument_channel", "instrument_producer", "instrument_consumer"):
            original = getattr(instrumentor, name, None)
            if isinstance(instrumentor, type) and original is not None:
                setattr(instrumentor, name, staticmethod(_leaving(library, original)))


def _leaving(library: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def instrument(*args: Any, **kwargs: Any) -> Any:
        leave(library)
        return original(*args, **kwargs)

    return instrument
