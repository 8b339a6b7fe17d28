"""How much of prompts, answers, arguments and results is sent: what `genai/content.ts` does for Node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_CONTENT_KEYS = frozenset(
    (
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments",
        "gen_ai.tool.call.result",
    )
)
#: Attributes of other conventions that hold content, by their beginnings.
_OTHER_CONTENT = ("gen_ai.prompt", "gen_ai.completion", "input.value", "output.value", "llm.input_messages")
_KEPT = frozenset(("type", "role", "id", "modality", "mime_type", "finish_reason", "size"))
_INSTRUMENTATIONS = (
    "opentelemetry.instrumentation.",
    "opentelemetry.util.",
    "openinference.",
    "anthropic",
    "com.anthropic.",
    "mcp",
    "clew.mcp",
    "fastmcp",
    "langsmith",
)


def attributes_to_send(level: str, scope: str, attributes: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an agent writes itself stays; what instrumentations write is brought to the level."""
    if level == "full" or not scope.startswith(_INSTRUMENTATIONS):
        return attributes
    if not any(key in _CONTENT_KEYS or key.startswith(_OTHER_CONTENT) for key in attributes):
        return attributes
    kept: dict[str, Any] = {}
    for key, value in attributes.items():
        if key in _CONTENT_KEYS:
            if level == "metadata":
                kept[key] = _json(_sizes(key, _parsed(value)))
        elif not key.startswith(_OTHER_CONTENT):
            kept[key] = value
    return kept


def _sizes(key: str, value: Any) -> Any:
    if key in ("gen_ai.tool.call.arguments", "gen_ai.tool.call.result"):
        return {"size": _size_of(value)}
    return [_with_size(item) for item in value] if isinstance(value, list) else _with_size(value)


def _with_size(item: Any) -> Any:
    if not isinstance(item, dict):
        return {"size": _size_of(item)}
    kept: dict[str, Any] = {}
    size = 0
    for key, value in item.items():
        if key == "parts" and isinstance(value, list):
            kept[key] = [_with_size(part) for part in value]
        elif key in _KEPT or (key == "name" and isinstance(value, str)):
            kept[key] = value
        else:
            size += _size_of(value)
    if "parts" not in kept:
        kept["size"] = size
    return kept


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _size_of(value: Any) -> int:
    return len((value if isinstance(value, str) else _json(value)).encode("utf-8", "replace"))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
