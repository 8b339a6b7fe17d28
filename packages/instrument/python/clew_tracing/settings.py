"""What the environment says about tracing: the variables of `packages/instrument/src/settings.ts`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from .baggage import is_baggage_key
from .correlation_keys import ids_from_variables

_DEFAULT_ENDPOINT = "http://127.0.0.1:4318"
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class ContextSettings:
    """Trace context and correlation."""

    #: Headers whose value is an id, lower case, with the correlation key they fill.
    header_map: Mapping[str, str]
    #: Correlation keys beside those that always are.
    more_keys: tuple[str, ...]
    #: Destinations that get context beside those that always do.
    propagate_to: tuple[str, ...]
    #: Ids of everything that this process does.
    ids: Mapping[str, str]
    traceparent: str
    tracestate: str
    baggage: str


@dataclass(frozen=True)
class Settings:
    disabled: bool
    #: Empty where nobody names the process.
    service_name: str
    resource_attributes: Mapping[str, str]
    traces_url: str
    logs_url: str
    #: Sent with every request; names in lower case.
    headers: Mapping[str, str]
    sampler: str
    sampler_argument: str
    #: "off", "metadata" or "full".
    content: str
    #: Whether log records get the ids of span and correlation.
    log_ids: bool
    disabled_libraries: frozenset[str]
    #: Folder with a folder of packages per Python version; empty without one.
    packages: str
    context: ContextSettings


def settings_from(environment: Mapping[str, str]) -> Settings:
    """A value that makes no sense counts as unset."""
    content = environment.get("CLEW_CONTENT", "")
    resource = _pairs_of(environment.get("OTEL_RESOURCE_ATTRIBUTES", ""))
    service_name = resource.pop("service.name", "")
    log_ids = _switch_of(environment.get("CLEW_LOG_IDS", ""))
    return Settings(
        disabled=environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true",
        service_name=environment.get("OTEL_SERVICE_NAME") or service_name,
        resource_attributes=resource,
        traces_url=_signal_url(environment, "TRACES"),
        logs_url=_signal_url(environment, "LOGS"),
        headers=_headers_from(environment),
        sampler=environment.get("OTEL_TRACES_SAMPLER", "").strip(),
        sampler_argument=environment.get("OTEL_TRACES_SAMPLER_ARG", "").strip(),
        content=content if content in ("full", "metadata") else "off",
        log_ids=True if log_ids is None else log_ids,
        disabled_libraries=frozenset(_list_of(environment.get("CLEW_DISABLED_LIBRARIES", ""))),
        packages=environment.get("CLEW_PYTHON_PACKAGES", "").strip(),
        context=_context_from(environment),
    )


def _context_from(environment: Mapping[str, str]) -> ContextSettings:
    header_map: dict[str, str] = {}
    for pair in _list_of(environment.get("CLEW_HEADER_MAP", "")):
        parts = [part.strip() for part in pair.split("=")]
        if len(parts) > 1 and is_baggage_key(parts[0]) and is_baggage_key(parts[1]):
            header_map[parts[0].lower()] = parts[1]
    more = _list_of(environment.get("CLEW_CORRELATION_KEYS", ""))
    return ContextSettings(
        header_map=header_map,
        more_keys=tuple(key for key in more if is_baggage_key(key)),
        propagate_to=tuple(_list_of(environment.get("CLEW_PROPAGATE_TO", ""))),
        ids=ids_from_variables(environment),
        traceparent=environment.get("TRACEPARENT", ""),
        tracestate=environment.get("TRACESTATE", ""),
        baggage=environment.get("BAGGAGE", ""),
    )


def _signal_url(environment: Mapping[str, str], signal: str) -> str:
    path = f"/v1/{signal.lower()}"
    own = environment.get("CLEW_OTLP_ENDPOINT", "").strip()
    if _is_http(own):
        return own.rstrip("/") + path
    exact = environment.get(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT", "").strip()
    if _is_http(exact):
        return exact
    base = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip()
    return (base if _is_http(base) else _DEFAULT_ENDPOINT).rstrip("/") + path


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _headers_from(environment: Mapping[str, str]) -> dict[str, str]:
    pairs = _pairs_of(environment.get("OTEL_EXPORTER_OTLP_HEADERS", ""))
    headers = {
        name.lower(): value
        for name, value in pairs.items()
        if _HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)
    }
    token = environment.get("CLEW_TOKEN", "").strip()
    if _TOKEN.fullmatch(token):
        headers.setdefault("authorization", f"Bearer {token}")
    return headers


def _pairs_of(text: str) -> dict[str, str]:
    """`key=value` pairs in a list with commas; values are percent-encoded, and one that is not stays."""
    pairs: dict[str, str] = {}
    for element in _list_of(text):
        key, equals, value = element.partition("=")
        if equals and key.strip():
            pairs[key.strip()] = _decoded(value.strip())
    return pairs


def _decoded(text: str) -> str:
    if re.search(r"%(?![0-9a-fA-F]{2})", text):
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _switch_of(text: str) -> bool | None:
    value = text.strip().lower()
    if value in ("on", "true", "1", "yes"):
        return True
    return False if value in ("off", "false", "0", "no") else None


def _list_of(text: str) -> list[str]:
    return [element.strip() for element in text.split(",") if element.strip()]
