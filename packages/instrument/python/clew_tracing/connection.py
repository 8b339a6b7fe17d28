"""One kept-alive HTTP connection to the collector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_CONNECT_S = 1.5
_ANSWER_S = 10.0


class Connection:
    """For one thread at a time. What agents replace in `http.client` after the first use does not matter."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._open: Any = None

    def post(self, headers: Mapping[str, str], body: bytes, most_seconds: float = _ANSWER_S) -> tuple[int, str]:
        """Status and `retry-after` of the answer. Raises when there is none."""
        reused = self._open is not None
        try:
            return self._exchange(headers, body, most_seconds)
        except TimeoutError:
            self.close()
            raise
        except Exception:
            self.close()
            # A server may close what was idle just when it is used again.
            if not reused:
                raise
        try:
            return self._exchange(headers, body, most_seconds)
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            connection.close()

    def _exchange(self, headers: Mapping[str, str], body: bytes, most_seconds: float) -> tuple[int, str]:
        connection = self._open
        if connection is None:
            connection = self._connected(most_seconds)
            self._open = connection
        connection.sock.settimeout(most_seconds)
        connection.request("POST", self._path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(1 << 20)
        if answer.will_close or not answer.isclosed():
            self.close()
        return answer.status, answer.headers.get("retry-after") or ""

    def _connected(self, most_seconds: float) -> Any:
        from http.client import HTTPConnection, HTTPSConnection

        kind = HTTPSConnection if self._is_tls else HTTPConnection
        connection = kind(self._host, self._port, timeout=min(_CONNECT_S, most_seconds))
        connection.connect()
        return connection
