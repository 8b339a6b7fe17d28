"""Streams of models that the agent left before their end: cancelled, which is neither an answer nor an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_INSTRUMENTATIONS = "opentelemetry.instrumentation.genai."
_REASONS = "gen_ai.response.finish_reasons"
#: How instrumentations call a task that was cancelled, and a stream that nobody holds any more.
_CANCELLED = ("asyncio.exceptions.CancelledError", "GeneratorExit")
_ABANDONED = "abandoned stream"


def left_stream(scope: str, span: Any, attributes: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The attributes of a call that was left before its end; None for every other span. It has no status."""
    if not scope.startswith(_INSTRUMENTATIONS):
        return None
    error = attributes.get("error.type")
    # An instrumentation has no other word for the end that it did not see.
    reasons = [reason for reason in attributes.get(_REASONS) or () if reason != "error"]
    if error is None:
        is_left = bool(attributes.get("gen_ai.request.stream")) and not reasons
    else:
        is_left = error in _CANCELLED or span.status.description == _ABANDONED
    if not is_left:
        return None
    kept = {key: value for key, value in attributes.items() if key not in (_REASONS, "error.type")}
    return {**kept, **({_REASONS: reasons} if reasons else {}), "clew.cancelled": True}
