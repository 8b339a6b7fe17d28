"""Which service, host and process this is."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import Any

from .settings import Settings

_PROJECT_NAME = re.compile(r"^\[project\][^\[]*?^name\s*=\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
#: Programs that run another one, which is named by an argument such as `shop.main:app`.
_LAUNCHERS = frozenset(
    ("uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "celery", "flask", "fastapi", "django-admin")
)
_TARGET = re.compile(r"([A-Za-z_][\w.]*):[A-Za-z_][\w.()]*")


def resource_attributes(settings: Settings) -> dict[str, Any]:
    """What the environment says goes before what is found. Each call makes a new `service.instance.id`."""
    return {
        "service.name": settings.service_name or _default_service_name(list(sys.argv)),
        "service.instance.id": _random_uuid(),
        "host.name": os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", ""),
        "process.pid": os.getpid(),
        "process.runtime.name": sys.implementation.name,
        "process.runtime.version": ".".join(map(str, sys.version_info[:3])),
        "telemetry.sdk.language": "python",
        "telemetry.sdk.name": "opentelemetry",
        "telemetry.distro.name": "clew",
        **settings.resource_attributes,
    }


def over(own: Mapping[str, Any], foreign: Mapping[str, Any]) -> dict[str, Any]:
    """The resource of an agent's own provider over ours, without the name of a service that nobody named."""
    said = {
        key: value
        for key, value in foreign.items()
        if key != "service.name" or not str(value).startswith("unknown_service")
    }
    return {**own, **said}


def _default_service_name(words: list[str]) -> str:
    """As the nearest pyproject.toml names the project, else the application of a launcher, else the script."""
    script = words[0] if words else ""
    if script in ("", "-c", "-"):
        return "unknown_service:python"
    folder, file = os.path.split(os.path.abspath(script))
    name = file.removesuffix(".py")
    if name == "__main__":
        name = os.path.basename(folder)
    is_launcher = name in _LAUNCHERS or f"{os.sep}site-packages{os.sep}" in folder
    project = _project_name(os.getcwd() if is_launcher else folder)
    if project:
        return project
    targets = (_TARGET.fullmatch(word) for word in words[1:])
    target = next((found for found in targets if found), None)
    return target.group(1) if name in _LAUNCHERS and target else name


def _project_name(folder: str) -> str:
    while True:
        try:
            with open(os.path.join(folder, "pyproject.toml"), encoding="utf-8") as file:
                found = _PROJECT_NAME.search(file.read())
                return found.group(1) if found else ""
        except (OSError, UnicodeDecodeError):
            pass
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above


def _random_uuid() -> str:
    random = bytearray(os.urandom(16))
    random[6] = random[6] & 0x0F | 0x40
    random[8] = random[8] & 0x3F | 0x80
    text = random.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
