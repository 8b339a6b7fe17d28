"""Faults of tracing itself: swallowed, counted, and told to the server as log records."""

from __future__ import annotations

_MAX_NAMES = 100
_MAX_MESSAGE = 2000

_faults: dict[str, tuple[int, str]] = {}


class Fault:
    def __init__(self, name: str, count: int, message: str) -> None:
        self.name = name
        self.count = count
        #: The newest error as text.
        self.message = message


def count_fault(name: str, error: object) -> None:
    """`name` is which part failed; few and fixed, such as `openai`."""
    if name not in _faults and len(_faults) >= _MAX_NAMES:
        return
    count, _ = _faults.get(name, (0, ""))
    _faults[name] = (count + 1, _text_of(error))


def take_faults() -> list[Fault]:
    """What was counted since the last call."""
    taken = [Fault(name, count, message) for name, (count, message) in list(_faults.items())]
    _faults.clear()
    return taken


def _text_of(error: object) -> str:
    try:
        if isinstance(error, BaseException):
            import traceback

            return "".join(traceback.format_exception(error))[-_MAX_MESSAGE:]
        return str(error)[:_MAX_MESSAGE]
    except Exception:
        return "an error that has no text"
