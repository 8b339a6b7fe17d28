"""OTLP requests as protobuf, written by hand: a program may have any version of the protobuf package."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_MAX_DEPTH = 20
_pack_fixed64 = struct.Struct("<Q").pack
_pack_fixed32 = struct.Struct("<I").pack
_pack_double = struct.Struct("<d").pack
#: Encoded keys of attributes, of which programs have few.
_names: dict[Any, bytes] = {}
_MAX_NAMES = 1000
_SMALL = [bytes([number]) for number in range(128)]


def varint(number: int) -> bytes:
    if number < 128:
        return _SMALL[number]
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(tag: bytes, content: bytes) -> bytes:
    """A field of bytes; the tag is the encoded one."""
    return tag + varint(len(content)) + content


def text(tag: bytes, value: str) -> bytes:
    return field(tag, value.encode("utf-8", "replace"))


def fixed64(tag: bytes, number: int) -> bytes:
    return tag + _pack_fixed64(number & 0xFFFFFFFFFFFFFFFF)


def fixed32(tag: bytes, number: int) -> bytes:
    return tag + _pack_fixed32(number & 0xFFFFFFFF)


def attributes(tag: bytes, values: Mapping[str, Any] | None, depth: int = 0) -> bytes:
    if not values:
        return b""
    parts: list[bytes] = []
    for key, value in values.items():
        name = _names.get(key) or _name(key)
        content = any_value(value, depth)
        size = varint(len(content))
        parts += (tag, varint(len(name) + 1 + len(size) + len(content)), name, b"\x12", size, content)
    return b"".join(parts)


def _name(key: Any) -> bytes:
    name = text(b"\x0a", str(key))
    if len(_names) < _MAX_NAMES and isinstance(key, str):
        _names[key] = name
    return name


def any_value(value: Any, depth: int = 0) -> bytes:
    if isinstance(value, str):
        return text(b"\x0a", value)
    if isinstance(value, bool):
        return b"\x10\x01" if value else b"\x10\x00"
    if isinstance(value, int):
        if not -(1 << 63) <= value < 1 << 63:
            return text(b"\x0a", str(value))
        return b"\x18" + varint(value & 0xFFFFFFFFFFFFFFFF)
    if isinstance(value, float):
        return b"\x21" + _pack_double(value)
    if isinstance(value, (bytes, bytearray)):
        return field(b"\x3a", bytes(value))
    if value is None or depth >= _MAX_DEPTH:
        return b""
    if isinstance(value, Mapping):
        return field(b"\x32", attributes(b"\x0a", value, depth + 1))
    if isinstance(value, (Sequence, set, frozenset)):
        elements = (field(b"\x0a", any_value(element, depth + 1)) for element in value)
        return field(b"\x2a", b"".join(elements))
    return text(b"\x0a", str(value))


def request(groups: Iterable[tuple[Mapping[str, Any], Iterable[tuple[str, str, str, bytes]]]]) -> bytes:
    """
    An ExportTraceServiceRequest or ExportLogsServiceRequest, which are built alike: per resource its attributes
    and scopes, each with name, version, schema URL and encoded records.
    """
    out: list[bytes] = []
    for resource, scopes in groups:
        parts = [field(b"\x0a", attributes(b"\x0a", resource))]
        for name, version, schema_url, records in scopes:
            scope = text(b"\x0a", name) + (text(b"\x12", version) if version else b"")
            ending = text(b"\x1a", schema_url) if schema_url else b""
            parts.append(field(b"\x12", field(b"\x0a", scope) + records + ending))
        out.append(field(b"\x0a", b"".join(parts)))
    return b"".join(out)
