"""Sends what is left when a process ends: by itself, by SIGTERM, or as a child of multiprocessing."""

from __future__ import annotations

import atexit
import os

import _signal

from .fault import count_fault
from .imports import ImportWatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    Flush = Callable[[float], None]

#: The longest that the end of a process may take for what it has not sent, where a collector takes it.
_MOST_S = 5.0


def watch_end(imports: ImportWatch, flush: Flush) -> None:
    atexit.register(flush, _MOST_S)
    imports.after("multiprocessing.util", lambda module: _watch_children(module, flush))
    imports.after("celery.signals", lambda module: _watch_pool(module, flush))
    try:
        on_signal = _ending(flush)
        # Only where nobody decides over the signal.
        if _signal.getsignal(_signal.SIGTERM) == _signal.SIG_DFL:
            _signal.signal(_signal.SIGTERM, on_signal)
        imports.after("signal", lambda module: _stand_for_default(module, on_signal))
    except Exception as error:
        count_fault("signals", error)


def _ending(flush: Flush) -> Callable[[int, Any], None]:
    """Ends the process as the signal would have."""

    def on_signal(number: int, frame: Any) -> None:
        _signal.signal(number, _signal.SIG_DFL)
        try:
            _in_thread(flush)
        finally:
            os.kill(os.getpid(), number)

    return on_signal


def _stand_for_default(module: ModuleType, on_signal: Callable[[int, Any], None]) -> None:
    """
    Where a program gives SIGTERM back to the system, as gunicorn's workers do, we are called. It sees the default:
    programs call what they find as handler from their own.
    """
    # As `signal` has loaded it.
    import functools

    set_handler, get_handler = module.signal, module.getsignal

    def seen(handler: Any) -> Any:
        return module.SIG_DFL if handler is on_signal else handler

    @functools.wraps(set_handler)
    def signal(signalnum: Any, handler: Any) -> Any:
        if signalnum == _signal.SIGTERM and handler == _signal.SIG_DFL:
            handler = on_signal
        return seen(set_handler(signalnum, handler))

    @functools.wraps(get_handler)
    def getsignal(signalnum: Any) -> Any:
        return seen(get_handler(signalnum))

    module.signal, module.getsignal = signal, getsignal  # type: ignore[attr-defined]


def _in_thread(flush: Flush) -> None:
    """This thread may have been interrupted while it held a lock that sending needs."""
    # Not by `threading`, whose locks are among those.
    from _thread import allocate_lock, start_new_thread

    done = allocate_lock()
    done.acquire()

    def run() -> None:
        try:
            flush(_MOST_S)
        finally:
            done.release()

    start_new_thread(run, ())
    done.acquire(timeout=_MOST_S)


def _watch_children(util: ModuleType, flush: Flush) -> None:
    """Children that were forked end without `atexit`, but run these finalizers, which a fork clears."""

    def register(_: object = None) -> None:
        util.Finalize(None, flush, args=(_MOST_S,), exitpriority=-100)

    util.register_after_fork(flush, register)


def _watch_pool(signals: ModuleType, flush: Flush) -> None:
    """Processes of Celery's pool end by `os._exit`, a second after this signal."""

    def on_shutdown(**_: object) -> None:
        flush(_MOST_S)

    signals.worker_process_shutdown.connect(on_shutdown, weak=False)
