"""Sends spans and log records in batches from a thread of its own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from . import protobuf
from .connection import Connection
from .content import attributes_to_send
from .fault import count_fault, take_faults
from .left_streams import left_stream
from .records import LogRecord, log_bytes, span_bytes
from .resource import over
from .settings import Settings

#: How long a record waits for others.
_DELAY_S = 0.25
_MAX_BATCH_RECORDS = 512
_MAX_BATCH_BYTES = 512 * 1024
#: What waits for a collector that does not answer; more is lost.
_MAX_WAITING_RECORDS = 8192
_MAX_WAITING_BYTES = 16 * 1024 * 1024
_MAX_RETRY_S = 5.0
_TICK_S = 1.0
#: How long the end of a process waits for an answer. A busy machine gets more time for everything else.
_PATIENCE_S = 1.0
_NOT_ASKED = float("inf")
_MAX_ATTEMPTS = 6
_WARN = 13
_OWN_SCOPE = "clew_tracing"


class _Open(NamedTuple):
    """A span that runs."""

    span: Any


class _Parcel(NamedTuple):
    is_spans: bool
    body: bytes
    count: int


class Exporter:
    """Nothing here raises, prints or keeps the process running. `resource` makes this process's resource."""

    def __init__(self, settings: Settings, resource: Callable[[], Mapping[str, Any]]) -> None:
        self._settings = settings
        self._name = ""
        self._make_resource = resource
        self._headers = {"content-type": "application/x-protobuf", **settings.headers}
        self._reset()
        if hasattr(os, "register_at_fork"):
            # What the parent has not sent yet is the parent's to send; its thread and socket are not in the child.
            os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._queue: SimpleQueue[tuple[Any, int]] = SimpleQueue()
        self._waiting_bytes = 0
        self._parcels: list[_Parcel] = []
        self._taken: list[Any] = []
        self._sending = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._resource: Mapping[str, Any] | None = None
        self._foreign: dict[int, tuple[Any, Mapping[str, Any]]] = {}
        self._connections: dict[bool, Connection] = {}
        self._wake = threading.Event()
        self._tick: Callable[[], bool] | None = None
        self._next_tick = 0.0
        self._asked_at = _NOT_ASKED

    def add(self, record: Any) -> None:
        """Takes a span that has ended, or a `LogRecord`; returns at once."""
        try:
            size = _size_of(record)
            if (
                self._queue.qsize() >= _MAX_WAITING_RECORDS
                or self._waiting_bytes + size > _MAX_WAITING_BYTES
            ):
                count_fault("export.lost", "too much waits")
                return
            self._waiting_bytes += size
            self._put(record, size)
        except Exception as error:
            count_fault("export.add", error)

    def add_running(self, span: Any) -> None:
        """Takes a span that is open; it is encoded later, and not at all if it has ended by then."""
        if span.end_time is None and self._queue.qsize() < _MAX_WAITING_RECORDS:
            self._put(_Open(span), 0)

    def each_second(self, call: Callable[[], bool]) -> None:
        """Calls it from the thread that sends, until it returns False. Replaces what was called so far."""
        self._next_tick = time.monotonic() + _TICK_S
        self._tick = call
        # For a thread that waits for a record.
        self._put(None, 0)

    def _put(self, record: Any, size: int) -> None:
        self._queue.put((record, size))
        if self._thread is None:
            self._start()

    def name_service(self, name: str) -> None:
        """What the agent calls itself, for what comes from other providers and loggers of the process."""
        if self._settings.service_name or not name or name.startswith("unknown_service") or self._name:
            return
        self._name = name
        if self._resource is not None:
            self._resource = {**self._resource, "service.name": name}

    @property
    def has_unsent(self) -> bool:
        return bool(self._parcels or self._taken) or not self._queue.empty()

    def flush(self, most_seconds: float) -> None:
        """
        Sends everything from this thread; returns when it has arrived, the collector fails or takes a second for an
        answer, or time is up.
        """
        try:
            until = time.monotonic() + most_seconds
            if not self._take_over(until):
                return
            try:
                while self.has_unsent and self._send(until):
                    pass
            finally:
                self._sending.release()
        except Exception as error:
            count_fault("export.flush", error)

    def _take_over(self, until: float) -> bool:
        """From the thread that sends, as soon as that has its answer."""
        while not self._sending.acquire(timeout=0.05):
            now = time.monotonic()
            if now >= until or now - self._asked_at >= _PATIENCE_S:
                return False
        return True

    def _start(self) -> None:
        with self._starting:
            if self._thread is not None:
                return
            thread = threading.Thread(target=self._run, name="clew", daemon=True)
            self._thread = thread
            try:
                thread.start()
            except RuntimeError:
                # The interpreter is about to end; `flush` sends what is left.
                pass

    def _run(self) -> None:
        attempts = 0
        while True:
            try:
                if not self.has_unsent:
                    self._wait_for_record()
                    attempts = 0
                self._wake.wait(_DELAY_S if attempts == 0 else min(_MAX_RETRY_S, 0.5 * 2**attempts))
                with self._sending:
                    sent = self._send(None)
                self._tick_when_due()
                attempts = 0 if sent else attempts + 1
                if attempts >= _MAX_ATTEMPTS and self._parcels:
                    with self._sending:
                        lost = sum(parcel.count for parcel in self._parcels)
                        self._parcels.clear()
                    count_fault("export.lost", f"{lost} records: the collector does not answer")
            except Exception as error:
                count_fault("export", error)
                time.sleep(1)

    def _wait_for_record(self) -> None:
        """Leaves it in its place."""
        while True:
            left = None if self._tick is None else max(self._next_tick - time.monotonic(), 0)
            try:
                self._taken.append(self._queue.get(timeout=left))
                return
            except Empty:
                self._tick_when_due()

    def _tick_when_due(self) -> None:
        tick = self._tick
        if tick is None or time.monotonic() < self._next_tick:
            return
        self._next_tick = time.monotonic() + _TICK_S
        # Before the call, which may be asked for again while it returns False.
        self._tick = None
        if tick():
            self._tick = tick

    def _send(self, until: float | None) -> bool:
        """Whether the collector takes records; `until` is when the process ends. Only for who holds `_sending`."""
        while True:
            if not self._parcels:
                self._pack()
            if not self._parcels:
                return True
            parcel = self._parcels[0]
            limits: dict[str, float] = {}
            if until is not None:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                limits["most_seconds"] = min(left, _PATIENCE_S)
            try:
                self._asked_at = time.monotonic()
                status, _ = self._connection(parcel.is_spans).post(self._headers, parcel.body, **limits)
            except Exception:
                return False
            finally:
                self._asked_at = _NOT_ASKED
            if status == 429 or status in (502, 503, 504):
                return False
            if status >= 300:
                count_fault("export.refused", f"{parcel.count} records: HTTP status {status}")
            self._parcels.pop(0)

    def _connection(self, is_spans: bool) -> Connection:
        connection = self._connections.get(is_spans)
        if connection is None:
            url = self._settings.traces_url if is_spans else self._settings.logs_url
            connection = Connection(url)
            self._connections[is_spans] = connection
        return connection

    def _pack(self) -> None:
        """Makes parcels of what waits."""
        spans = _Batch()
        logs = _Batch()
        while spans.count + logs.count < _MAX_BATCH_RECORDS and spans.size + logs.size < _MAX_BATCH_BYTES:
            if self._taken:
                record, size = self._taken.pop(0)
            else:
                try:
                    record, size = self._queue.get_nowait()
                except Empty:
                    break
            self._waiting_bytes -= size
            try:
                if record is None:
                    continue
                if isinstance(record, LogRecord):
                    logs.add(self._own_resource(), (record.scope, "", ""), log_bytes(record))
                elif isinstance(record, _Open):
                    if record.span.end_time is None:
                        self._add_span(spans, record.span, _plain(record.span.attributes), True)
                else:
                    self._add_span(spans, record, _plain(record.attributes))
            except Exception as error:
                count_fault("export.encode", error)
        for fault in take_faults():
            record = LogRecord(
                time_ns=time.time_ns(),
                severity=_WARN,
                severity_text="WARN",
                body=fault.message,
                scope=_OWN_SCOPE,
                attributes={"clew.fault.name": fault.name, "clew.fault.count": fault.count},
                event_name="clew.fault",
            )
            logs.add(self._own_resource(), (_OWN_SCOPE, "", ""), log_bytes(record))
        if spans.count:
            self._parcels.append(_Parcel(True, spans.finish(), spans.count))
        if logs.count:
            self._parcels.append(_Parcel(False, logs.finish(), logs.count))

    def _add_span(
        self, batch: _Batch, span: Any, attributes: Mapping[str, Any], running: bool = False
    ) -> None:
        scope = span.instrumentation_scope
        name = scope.name if scope else _OWN_SCOPE
        left = None if running else left_stream(name, span, attributes)
        sent = attributes_to_send(self._settings.content, name, attributes if left is None else left)
        key = (name, (scope and scope.version) or "", (scope and scope.schema_url) or "")
        batch.add(self._resource_of(span.resource), key, span_bytes(span, sent, running, left is None))

    def _own_resource(self) -> Mapping[str, Any]:
        if self._resource is None:
            made = self._make_resource()
            self._resource = {**made, "service.name": self._name} if self._name else made
        return self._resource

    def _resource_of(self, resource: Any) -> Mapping[str, Any]:
        """That of an agent's own provider is laid over ours; ours is empty as far as the SDK knows."""
        attributes = getattr(resource, "attributes", None)
        if not attributes:
            return self._own_resource()
        known = self._foreign.get(id(resource))
        if known is None:
            known = (resource, over(self._own_resource(), attributes))
            self._foreign[id(resource)] = known
        return known[1]


class _Batch:
    def __init__(self) -> None:
        self._groups: dict[int, tuple[Mapping[str, Any], dict[tuple[str, str, str], list[bytes]]]] = {}
        self.count = 0
        self.size = 0

    def add(self, resource: Mapping[str, Any], scope: tuple[str, str, str], record: bytes) -> None:
        _, scopes = self._groups.setdefault(id(resource), (resource, {}))
        scopes.setdefault(scope, []).append(record)
        self.count += 1
        self.size += len(record)

    def finish(self) -> bytes:
        return protobuf.request(
            (resource, ((*scope, b"".join(records)) for scope, records in scopes.items()))
            for resource, scopes in self._groups.values()
        )


def _plain(attributes: Any) -> Mapping[str, Any]:
    """A copy: those of the SDK are slow to go through, and are locked while they are."""
    return attributes.copy() if attributes else {}


def _size_of(record: Any) -> int:
    """About as many bytes as a record holds."""
    size = 500
    for value in _plain(record.attributes).values():
        if isinstance(value, str):
            size += len(value)
    return size
