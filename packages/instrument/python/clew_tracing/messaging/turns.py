"""Loops over messages: what their body does belongs to the message whose turn it is."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar
from weakref import WeakSet

from opentelemetry import context as context_api
from opentelemetry.context import Context

from .spans import Started, attempt, end_unanswered, enter, forget_unanswered

Message = TypeVar("Message")


class Turn:
    """
    The span of the message whose turn it is in one loop, or at one consumer. It ends as the next one's turn comes,
    as the loop is left, or as the process ends. No library is called where the body ends: what comes after a
    message that was fetched by itself belongs to it until the next one is asked for.
    """

    def __init__(self) -> None:
        self._started: Started | None = None
        self._outside: Context | None = None
        # Stands for this turn where nothing may keep it: one that is dropped ends.
        self._mark = object()
        _open.add(self)

    @property
    def is_open(self) -> bool:
        return self._started is not None

    def begin(self, started: Started | None) -> None:
        """The caller's caller goes on in the context of the message."""
        self.end()
        if started is not None:
            self._started = started
            self._outside = context_api.get_current()
            enter(started.context)
            # Its mark is left where another thread or task has ended the turn.
            _entered.set((*(mark for mark in _entered.get() if mark is not self._mark), self._mark))

    def end(self) -> None:
        started, outside = self._started, self._outside
        self._started = self._outside = None
        if started is not None:
            started.span.end()
        marks = _entered.get()
        # In another thread or task there is nothing to leave.
        if outside is not None and self._mark in marks:
            _entered.set(marks[: marks.index(self._mark)])
            enter(outside)

    def __del__(self) -> None:
        try:
            self.end()
        except Exception:
            pass


#: Marks of the turns in whose context the work of this thread or task is, the outermost first.
_entered: ContextVar[tuple[object, ...]] = ContextVar("clew_turns", default=())
_open: WeakSet[Turn] = WeakSet()


class Loop(Iterator[Message]):
    """Messages one by one, each in its context; `begin` starts the span of one as its turn comes."""

    def __init__(self, library: str, messages: Iterable[Message], begin: Callable[[Message], Started | None]) -> None:
        self._library = library
        self._messages = iter(messages)
        self._begin = begin
        self._turn = Turn()

    def __iter__(self) -> Loop[Message]:
        return self

    def __next__(self) -> Message:
        attempt(self._library, self._turn.end)
        message = next(self._messages)
        attempt(self._library, lambda: self._turn.begin(self._begin(message)))
        return message

    def end(self) -> None:
        attempt(self._library, self._turn.end)


class Messages(list[Message]):
    """A list of messages, the loop over which runs in the context of each."""

    _looped: Callable[[], Iterator[Message]] | None = None

    @classmethod
    def of(
        cls, library: str, messages: list[Message], begin: Callable[[Message], Started | None]
    ) -> list[Message]:
        made = cls(messages)
        made._looped = lambda: Loop(library, list.__iter__(made), begin)
        return made

    def __iter__(self) -> Iterator[Message]:
        return super().__iter__() if self._looped is None else self._looped()

    def __reduce_ex__(self, protocol: Any) -> Any:
        return list, (list(list.__iter__(self)),)

    def __copy__(self) -> list[Message]:
        return list(list.__iter__(self))


def end_turns() -> None:
    """For the end of the process, which sends what has ended."""
    for turn in list(_open):
        attempt("messaging", turn.end)
    attempt("messaging", end_unanswered)


def _forget_turns() -> None:
    """Spans of the parent process are the parent's to end."""
    for turn in list(_open):
        turn._started = None
    _open.clear()
    forget_unanswered()


# After that of the exporter, and so before it.
atexit.register(end_turns)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_turns)
