"""OpenTelemetry's packages: the agent's own where it has them, else those of `clew python install`."""

from __future__ import annotations

import os
import sys


def add_private_packages(root: str) -> None:
    """Appends the folder for this version of Python to `sys.path`, so that the agent's own packages win."""
    folder = os.path.join(root, f"{sys.version_info[0]}.{sys.version_info[1]}")
    if not root or not os.path.isdir(folder):
        return
    own = _version(None, "opentelemetry_api")
    private = _version([folder], "opentelemetry_api")
    sys.path.append(folder)
    if not own or own >= private or _has_sdk():
        return
    # An api alone that is older than the private SDK cannot serve it; a newer one serves everybody.
    import opentelemetry

    paths = list(opentelemetry.__path__)
    newer = os.path.join(folder, "opentelemetry")
    opentelemetry.__path__ = [newer, *(path for path in paths if path != newer)]


def _has_sdk() -> bool:
    # The last folder is the private one.
    return bool(_version(sys.path[:-1], "opentelemetry_sdk"))


def _version(paths: list[str] | None, package: str) -> tuple[int, ...]:
    """Version of an installed package by the name of its metadata folder: reading that is slow."""
    for path in sys.path if paths is None else paths:
        try:
            names = os.listdir(path or ".")
        except OSError:
            continue
        for name in names:
            if name.startswith(f"{package}-") and name.endswith(".dist-info"):
                numbers = name[len(package) + 1 : -len(".dist-info")].split(".")
                return tuple(int(number) if number.isdigit() else 0 for number in numbers)
    return ()

