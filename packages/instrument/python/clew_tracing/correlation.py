"""Which ids hold in a context: those of its baggage, and otherwise those of the process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry import baggage as baggage_api
from opentelemetry import trace
from opentelemetry.context import Context

from .baggage import BaggageMember, format_baggage, parse_baggage
from .correlation_keys import CORRELATION_KEYS, merge_correlation
from .settings import ContextSettings
from .trace_headers import parse_traceparent


class BaggageText(str):
    """A value of baggage with its properties, for which Python's API has no place."""

    properties: str

    def __new__(cls, value: str, properties: str) -> BaggageText:
        made = super().__new__(cls, value)
        made.properties = properties
        return made


class Correlation:
    def __init__(self, settings: ContextSettings) -> None:
        self._more_keys = settings.more_keys
        self._started = {
            key: BaggageText(value, properties) for key, value, properties in parse_baggage(settings.baggage)
        }
        started = self._started
        self._of_process = merge_correlation(started.get, settings.ids.get, settings.more_keys)
        parent = parse_traceparent(settings.traceparent)
        self._trace_id = parent.trace_id if parent else 0

    @staticmethod
    def members_of(context: Context | None = None) -> Mapping[str, object]:
        """Instrumentations make spans of an extracted context, but some do not work in it: spans keep its baggage."""
        members = baggage_api.get_all(context)
        if members:
            return members
        kept: Mapping[str, object] = getattr(trace.get_current_span(context), "_clew_baggage", members)
        return kept

    def ids_of(self, context: Context | None = None) -> Mapping[str, str]:
        members = self.members_of(context)
        if not members:
            return self._of_process
        return merge_correlation(_lookup(members), self._of_process.get, self._more_keys)

    def header_of(self, context: Context | None = None, own: str = "") -> str:
        """The `baggage` header for a request, its ids first. `own` is what the agent put into it itself."""
        members: dict[str, object] = dict(self._inherited(context))
        members.update(self.members_of(context))
        for key, value, properties in parse_baggage(own):
            members[key] = BaggageText(value, properties)
        ids = merge_correlation(_lookup(members), self._of_process.get, self._more_keys)
        if not members and not ids:
            return ""
        first = []
        for key, value in ids.items():
            given = members.get(key)
            first.append(BaggageMember(key, value, _properties_of(given) if given == value else ""))
        rest = [
            BaggageMember(key, str(value), _properties_of(value))
            for key, value in members.items()
            if key not in ids
        ]
        return format_baggage([*first, *rest])

    def _inherited(self, context: Context | None) -> Mapping[str, object]:
        """Baggage of whoever started the process travels with the trace of whoever did."""
        if not self._started:
            return {}
        trace_id = trace.get_current_span(context).get_span_context().trace_id
        return self._started if trace_id in (0, self._trace_id) else {}


def with_ids(context: Context, ids: Mapping[str, str]) -> Context:
    """The context with these ids in its baggage. The name of another id goes."""
    complete = merge_correlation(ids.get, more=ids)
    for key, _, name_key, _, _ in CORRELATION_KEYS:
        if key in complete and name_key:
            context = baggage_api.remove_baggage(name_key, context)
    for key, value in complete.items():
        context = baggage_api.set_baggage(key, value, context)
    return context


def with_members(context: Context, header: str) -> Context:
    """The context with the members of a `baggage` header over those it has already; the last of a key holds."""
    for key, value, properties in parse_baggage(header):
        context = baggage_api.set_baggage(key, BaggageText(value, properties), context)
    return context


def _lookup(members: Mapping[str, object]) -> Any:
    def look(key: str) -> str | None:
        value = members.get(key)
        return None if value is None else str(value)

    return look


def _properties_of(value: object) -> str:
    return value.properties if isinstance(value, BaggageText) else ""
