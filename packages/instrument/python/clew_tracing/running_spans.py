"""Spans that are open for long are sent while they run, so that one can see what an agent is doing."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any


class RunningSpans:
    """
    Hands out each span that stays open for 2 to 3 s, once; one that was handed out or has ended is not kept.
    `watch` has a function called every second until that returns False.
    """

    def __init__(self, announce: Callable[[Any], None], watch: Callable[[Callable[[], bool]], None]) -> None:
        self._announce = announce
        self._watch = watch
        self._reset()
        if hasattr(os, "register_at_fork"):
            # What is open in the parent is the parent's to tell.
            os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        # By age: started since the last tick, before it, before the one before. By id: what ends is a copy.
        self._young: dict[int, Any] = {}
        self._middle: dict[int, Any] = {}
        self._old: dict[int, Any] = {}
        self._is_watched = False

    def started(self, span_id: int, span: Any) -> None:
        self._young[span_id] = span
        if not self._is_watched:
            self._is_watched = True
            self._watch(self._tick)

    def ended(self, span_id: int) -> None:
        # In the order of age, for another thread may let them age at this moment.
        if self._young.pop(span_id, None) is None and self._middle.pop(span_id, None) is None:
            self._old.pop(span_id, None)

    def announce_all(self) -> None:
        """Hands out everything that is open: the process ends."""
        for _ in range(3):
            self._tick()

    def _tick(self) -> bool:
        due = self._old
        self._old = self._middle
        self._middle = self._young
        self._young = {}
        for span in list(due.values()):
            self._announce(span)
        if self._old or self._middle:
            return True
        self._is_watched = False
        # One that was started before the line above relies on being watched.
        if self._young:
            self._is_watched = True
        return self._is_watched
