"""Starts tracing in a process: at once what costs next to nothing, the rest when there is something to trace."""

from __future__ import annotations

import os
import sys

from .fault import count_fault
from .imports import ImportWatch
from .process_end import watch_end
from .watched import watch_libraries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .exporter import Exporter
    from .settings import Settings


def start() -> None:
    """Called once per interpreter, before the program."""
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return
    imports = ImportWatch()
    tracing = Tracing()
    disabled = {name.strip() for name in os.environ.get("CLEW_DISABLED_LIBRARIES", "").split(",")}
    watch_libraries(disabled, imports, tracing)
    watch_end(imports, tracing.flush)
    if "logging" not in disabled:
        imports.after("logging", lambda _: _watch_logging(tracing))
    sys.meta_path.insert(0, imports)


class Tracing:
    """Settings and exporter from the first record on, the SDK from the first library that can be traced."""

    def __init__(self) -> None:
        # The C module: `threading` is not loaded yet, and patches of it must find it as it is.
        from _thread import RLock

        self._lock = RLock()
        self._state = "new"
        self._waiting: list[Callable[[], None]] = []
        self._parts: tuple[Settings, Exporter] | None = None
        self._ids: Callable[[], Mapping[str, str]] | None = None
        self._announce_open: Callable[[], None] | None = None

    def parts(self) -> tuple[Settings, Exporter]:
        with self._lock:
            if self._parts is None:
                from .exporter import Exporter
                from .resource import resource_attributes
                from .settings import settings_from

                settings = settings_from(os.environ)
                self._parts = settings, Exporter(settings, lambda: resource_attributes(settings))
            return self._parts

    def flush(self, most_seconds: float) -> None:
        """For the end of the process."""
        if self._announce_open is not None:
            self._announce_open()
        if self._parts is not None and self._parts[1].has_unsent:
            self._parts[1].flush(most_seconds)

    def start(self) -> None:
        with self._lock:
            if self._state != "new":
                return
            self._state = "starting"
            try:
                self._state = "running" if self._make() else "absent"
                while self._waiting:
                    self._waiting.pop(0)()
            except Exception as error:
                count_fault("start", error)
            if self._state == "starting":
                self._state = "absent"

    def when_started(self, call: Callable[[], None]) -> None:
        """Calls now, or when what is under way is done, or never where there is no SDK."""
        self.start()
        with self._lock:
            if self._state == "absent":
                return
            self._waiting.append(call)
            if self._state == "starting":
                return
            # An instrumentation may load further libraries: their turn comes after it.
            self._state = "starting"
            try:
                while self._waiting:
                    self._waiting.pop(0)()
            finally:
                self._state = "running"

    def ids(self) -> Mapping[str, str]:
        """Ids of the current context."""
        if self._ids is None:
            from .baggage import parse_baggage
            from .correlation_keys import merge_correlation

            context = self.parts()[0].context
            started = {member.key: member.value for member in parse_baggage(context.baggage)}
            ids = merge_correlation(started.get, context.ids.get, context.more_keys)
            self._ids = lambda: ids
        return self._ids()

    def _make(self) -> bool:
        from importlib.util import find_spec

        from .private_packages import add_private_packages

        add_private_packages(os.environ.get("CLEW_PYTHON_PACKAGES", "").strip())
        if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
            return False
        from .libraries import prepare
        from .tracing import start_tracing

        settings, exporter = self.parts()
        started = start_tracing(settings, exporter)
        self._ids = started.correlation.ids_of
        self._announce_open = started.running.announce_all
        try:
            prepare(settings)
        except Exception as error:
            count_fault("start", error)
        return True


def _watch_logging(tracing: Tracing) -> None:
    from .logs import watch_logging

    watch_logging(tracing)
