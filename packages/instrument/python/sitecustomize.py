"""
Python loads this module before a program when its folder is on PYTHONPATH; `clew run` puts it there. It has to be
readable for every Python there is.
"""

import os
import sys

_OLDEST = (3, 10)


def _is_helper():
    """Whether this interpreter only serves another one, or installs packages."""
    words = list(getattr(sys, "orig_argv", ()))[1:]
    text = " ".join(words[:4])
    if "multiprocessing.resource_tracker" in text:
        return True
    options = 0
    while options < len(words) and words[options].startswith("-") and words[options] not in ("-m", "-c", "-"):
        options += 2 if words[options] in ("-W", "-X") else 1
    rest = words[options:]
    if not rest:
        return False
    what = rest[1] if rest[0] == "-m" and len(rest) > 1 else os.path.basename(rest[0])
    helpers = ("pip", "pip3", "ensurepip", "venv", "virtualenv", "compileall", "py_compile", "uv", "poetry")
    return what.split(".")[0] in helpers


def _start():
    if sys.version_info < _OLDEST or _is_helper():
        return
    from clew_tracing.start import start

    start()


def _load_shadowed():
    """Loads the `sitecustomize` that Python would have found without this one; its errors are its own."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path) != here]
    if sys.version_info < (3, 5):
        _load_by_imp(others)
        return
    # Where `importlib.machinery` and `importlib.util` have them from; loading those costs as much as all of this.
    from _frozen_importlib import module_from_spec
    from _frozen_importlib_external import PathFinder

    spec = PathFinder.find_spec("sitecustomize", others)
    if spec is None or spec.loader is None or spec.origin is None:
        return
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


def _load_by_imp(others):
    import imp

    try:
        found = imp.find_module("sitecustomize", others)
    except ImportError:
        return
    imp.load_module("sitecustomize", *found)


try:
    _start()
except Exception:
    # A program must run as it would without tracing.
    pass
_load_shadowed()
