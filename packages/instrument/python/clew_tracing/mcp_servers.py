"""Clients of MCP start their servers with a short environment, in which tracing would be lost."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping
from importlib import import_module

_OURS = re.compile(r"(?:CLEW|OTEL)_")
_SECRET = re.compile(r"HEADERS|TOKEN|KEY|SECRET|PASSWORD|CERTIFICATE")
_PRELOAD = re.compile(r"--import=\S*/instrument/\S*register\S*")
_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def trace_mcp_servers() -> None:
    module = import_module("mcp.client.stdio")
    original = module.get_default_environment

    @functools.wraps(original)
    def get_default_environment() -> dict[str, str]:
        return {**inherited_variables(os.environ), **original()}

    module.get_default_environment = get_default_environment


def inherited_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What has a child traced as this process is; no variable that may hold a secret."""
    variables = {
        name: value
        for name, value in environment.items()
        if _OURS.match(name) and not _SECRET.search(name)
    }
    preload = _PRELOAD.search(environment.get("NODE_OPTIONS", ""))
    if preload is not None:
        variables["NODE_OPTIONS"] = preload.group()
    if _FOLDER in environment.get("PYTHONPATH", "").split(os.pathsep):
        variables["PYTHONPATH"] = _FOLDER
    return variables
