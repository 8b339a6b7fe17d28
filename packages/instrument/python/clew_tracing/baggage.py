"""W3C Baggage, as `packages/protocol/src/context/baggage.ts` reads and writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

MAX_BAGGAGE_MEMBERS = 64
MAX_BAGGAGE_BYTES = 8192

_KEY = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_ENCODED = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_NOT_OCTET = re.compile(r"[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]")
_AROUND_EQUALS = re.compile(r"[ \t]*=[ \t]*")


class BaggageMember(NamedTuple):
    key: str
    value: str
    #: What follows the first `;` as it stands in the header; empty without properties.
    properties: str = ""


def is_baggage_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def parse_baggage(header: str) -> list[BaggageMember]:
    """Members in their order, duplicates included: the last of a key holds. What is malformed is left out."""
    members: list[BaggageMember] = []
    size = -1
    if not header:
        return members
    for part in header.split(","):
        pair, _, properties = part.partition(";")
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or not is_baggage_key(key):
            continue
        member = BaggageMember(key, decode_percent(value.strip()), _wire_properties(properties))
        length = len(_format_member(member)) + 1
        if len(members) == MAX_BAGGAGE_MEMBERS:
            break
        if size + length > MAX_BAGGAGE_BYTES:
            continue
        size += length
        members.append(member)
    return members


def format_baggage(members: Iterable[BaggageMember]) -> str:
    """A header within the limits; members with a malformed key, and the last, are left out."""
    parts: list[str] = []
    size = -1
    for member in members:
        if not is_baggage_key(member.key):
            continue
        part = _format_member(member)
        if len(parts) == MAX_BAGGAGE_MEMBERS:
            break
        if size + len(part) + 1 > MAX_BAGGAGE_BYTES:
            continue
        size += len(part) + 1
        parts.append(part)
    return ",".join(parts)


def decode_percent(text: str) -> str:
    """Bytes that are no UTF-8 become U+FFFD; a `%` without two digits stays what it is, and so does `+`."""
    if "%" not in text:
        return text
    return _ENCODED.sub(
        lambda run: bytes.fromhex(run.group().replace("%", "")).decode("utf-8", "replace"), text
    )


def encode_percent(text: str) -> str:
    return _encode_foreign(text.replace("%", "%25"))


def _encode_foreign(text: str) -> str:
    return _NOT_OCTET.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode("utf-8", "replace")), text
    )


def _format_member(member: BaggageMember) -> str:
    pair = f"{member.key}={encode_percent(member.value)}"
    rest = _wire_properties(member.properties) if member.properties else ""
    return f"{pair};{rest}" if rest else pair


def _wire_properties(text: str) -> str:
    if not text:
        return ""
    parts = [_AROUND_EQUALS.sub("=", part.strip(), count=1) for part in text.split(";")]
    return ";".join(_encode_foreign(part) for part in parts if is_baggage_key(part.split("=", 1)[0]))
