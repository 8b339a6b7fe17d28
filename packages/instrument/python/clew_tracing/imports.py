"""Calls functions around the import of modules that a program may or may not use."""

from __future__ import annotations

import sys

from .fault import count_fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    Before = Callable[[], None]
    After = Callable[[ModuleType], None]

#: `importlib.machinery.ModuleSpec`, without loading more of `importlib` than Python itself has.
_ModuleSpec: Any = type(sys.__spec__)


class _Loader:
    """The loader of a module, and afterwards what waits for the module."""

    def __init__(self, loader: Any, finder: ImportWatch) -> None:
        self._loader = loader
        self._finder = finder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._finder.loaded(module)


class _Loaded:
    """Finds that a module was loaded by whoever was told that it will be."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = sys.modules[spec.name]
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


class ImportWatch:
    """A finder that finds nothing itself; the first on `sys.meta_path`."""

    def __init__(self) -> None:
        self._before: dict[str, Before] = {}
        self._after: dict[str, list[After]] = {}
        self._busy: set[str] = set()

    def before(self, name: str, call: Before) -> None:
        self._before[name] = call

    def after(self, name: str, call: After) -> None:
        """Also for a module that is there already."""
        if name in sys.modules:
            self._call(call, sys.modules[name])
        else:
            self._after.setdefault(name, []).append(call)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        before = self._before.get(name)
        if (before is None and name not in self._after) or name in self._busy:
            return None
        self._busy.add(name)
        try:
            if before is not None:
                del self._before[name]
                try:
                    before()
                except Exception as error:
                    count_fault("imports", error)
            if name in sys.modules:
                module = sys.modules[name]
                spec: ModuleSpec = _ModuleSpec(name, _Loaded(), is_package=hasattr(module, "__path__"))
                spec.submodule_search_locations = getattr(module, "__path__", None)
                return spec
            return self._watched(name, path, target)
        finally:
            self._busy.discard(name)

    def loaded(self, module: ModuleType) -> None:
        for call in self._after.pop(module.__name__, ()):
            self._call(call, module)

    def _watched(self, name: str, path: Any, target: Any) -> ModuleSpec | None:
        if name not in self._after:
            return None
        for finder in list(sys.meta_path):
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is None:
                continue
            if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                spec.loader = _Loader(spec.loader, self)  # type: ignore[assignment]
            return spec
        return None

    @staticmethod
    def _call(call: After, module: ModuleType) -> None:
        try:
            call(module)
        except Exception as error:
            count_fault("imports", error)
