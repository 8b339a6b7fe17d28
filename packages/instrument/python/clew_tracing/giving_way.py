"""An agent that instruments a library itself, with a provider and hooks of its own, does so in place of us."""

from __future__ import annotations

import functools
import re
from importlib import import_module
from typing import Any

from .fault import count_fault

_LIBRARY = re.compile(r"[\w.-]+")
#: Instrumentors that we called.
_ours: list[Any] = []


def instrument_once(instrumentor: Any, arguments: dict[str, Any]) -> None:
    """Instruments for us, unless the agent has done so."""
    if instrumentor.is_instrumented_by_opentelemetry:
        return
    _original_of(type(instrumentor))(instrumentor, skip_dep_check=True, **arguments)
    _ours.append(instrumentor)


def is_ours(instrumentation: Any) -> None:
    """For what is undone in the same way, but is no official instrumentor."""
    _ours.append(instrumentation)


def give_way() -> None:
    """From here on, before what the agent instruments, what we have instrumented of the same library is undone."""
    base = import_module("opentelemetry.instrumentation.instrumentor").BaseInstrumentor
    original = base.instrument

    @functools.wraps(original)
    def instrument(self: Any, **kwargs: Any) -> Any:
        try:
            _undo(self)
        except Exception as error:
            count_fault("giving_way", error)
        return original(self, **kwargs)

    base.instrument = instrument


def give_way_per_application(instrumentor: Any) -> None:
    """The same for the methods of an instrumentor that instrument one application."""
    original = instrumentor.instrument_app
    undo = instrumentor.uninstrument_app

    @functools.wraps(original)
    def instrument_app(app: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            if getattr(app, "_is_instrumented_by_opentelemetry", False) and not hasattr(app, "_clew_left"):
                uninstrument_app(app)
                app._clew_left = True
        except Exception as error:
            count_fault("giving_way", error)
        return original(app, *args, **kwargs)

    @functools.wraps(undo)
    def uninstrument_app(app: Any) -> Any:
        unbuilt = getattr(app, "middleware_stack", app) is None
        try:
            return undo(app)
        finally:
            if unbuilt:
                # Undoing builds it, and an application that has it takes no more middleware.
                app.middleware_stack = None

    instrumentor.instrument_app = staticmethod(instrument_app)
    instrumentor.uninstrument_app = staticmethod(uninstrument_app)


def _original_of(kind: type) -> Any:
    instrument: Any = kind.instrument  # type: ignore[attr-defined]
    return getattr(instrument, "__wrapped__", instrument)


def _undo(theirs: Any) -> None:
    libraries = _libraries_of(theirs)
    for ours in list(_ours):
        if ours is theirs or libraries & _libraries_of(ours):
            _ours.remove(ours)
            ours.uninstrument()


def _libraries_of(instrumentor: Any) -> set[str]:
    """Names of the packages that it is for; empty where it is for a part of Python."""
    found = (_LIBRARY.match(text) for text in instrumentor.instrumentation_dependencies())
    return {name.group().lower().replace("_", "-") for name in found if name}
