"""`traceparent` and `tracestate` of W3C Trace Context, level 2."""

from __future__ import annotations

import re
from typing import NamedTuple

SAMPLED = 0x01
RANDOM = 0x02
MAX_TRACESTATE_MEMBERS = 32

_SHAPE = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.DOTALL)
_KEY = re.compile(r"[a-z0-9][a-z0-9_\-*/@]{0,255}")
_VALUE = re.compile(r"[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]")


class Traceparent(NamedTuple):
    trace_id: int
    parent_id: int
    #: `SAMPLED` and `RANDOM`; bits that level 2 does not define are 0.
    flags: int


def parse_traceparent(text: str) -> Traceparent | None:
    """None when any field is wrong. Several headers joined by commas are wrong together."""
    found = _SHAPE.fullmatch(text.strip(" \t"))
    if found is None:
        return None
    version, trace_id, parent_id, flags, rest = found.groups()
    if version == "ff" or (version == "00" and rest is not None):
        return None
    parsed = Traceparent(int(trace_id, 16), int(parent_id, 16), int(flags, 16) & (SAMPLED | RANDOM))
    return parsed if parsed.trace_id and parsed.parent_id else None


def format_traceparent(trace_id: int, parent_id: int, flags: int) -> str:
    return f"00-{trace_id:032x}-{parent_id:016x}-{flags & (SAMPLED | RANDOM):02x}"


def is_tracestate_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def is_tracestate_value(text: str) -> bool:
    return _VALUE.fullmatch(text) is not None


def parse_tracestate(text: str) -> dict[str, str] | None:
    """
    Members in their order, of a key that occurs twice the first. None when one is malformed or there are more
    than 32: the list does not count then, but the `traceparent` beside it does.
    """
    members: dict[str, str] = {}
    count = 0
    for part in text.split(","):
        member = part.strip(" \t")
        if not member:
            continue
        key, _, value = member.partition("=")
        count += 1
        if count > MAX_TRACESTATE_MEMBERS or not is_tracestate_key(key) or not is_tracestate_value(value):
            return None
        members.setdefault(key, value)
    return members
