"""Hosts that may get trace context, as `packages/instrument/src/context/allowed-destinations.ts` judges them."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_PRIVATE_NETWORKS = (
    "127.0.0.0/8",
    "0.0.0.0/32",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "::/128",
    "fc00::/7",
)
_INTERNAL_SUFFIXES = ("localhost", "svc", "cluster.local", "internal", "local")
_MAX_REMEMBERED = 1000
_HOST = re.compile(r"[^\s/@?#\\:%]+")
_NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}")


class AllowedDestinations:
    """
    Loopback, private networks, names without a dot, names inside a cluster, and what a list adds: `host.example`,
    `*.example` (which is `example` and all below it), `203.0.113.0/24`, `*`.
    """

    def __init__(self, more: Iterable[str] = ()) -> None:
        listed = [element.lower() for element in more]
        self._everything = "*" in listed
        self._names: set[str] = set()
        self._suffixes = set(_INTERNAL_SUFFIXES)
        self._networks: list[IPv4Network | IPv6Network] = []
        self._remembered: dict[str, bool] = {}
        for element in [*_PRIVATE_NETWORKS, *listed]:
            self._add(element)

    def allows(self, host: str) -> bool:
        """`host` is a name or an address, without a port; nothing is resolved."""
        if self._everything:
            return True
        allowed = self._remembered.get(host)
        if allowed is None:
            allowed = self._judge(host)
            if len(self._remembered) < _MAX_REMEMBERED:
                self._remembered[host] = allowed
        return allowed

    def _judge(self, host: str) -> bool:
        name = _canonical(host)
        address = _address(name)
        if address is not None:
            mapped = getattr(address, "ipv4_mapped", None)
            return any(address in network or (mapped and mapped in network) for network in self._networks)
        if not name:
            return False
        if "." not in name or name in self._names:
            return True
        labels = name.split(".")
        return any(".".join(labels[at:]) in self._suffixes for at in range(len(labels)))

    def _add(self, element: str) -> None:
        if _address(element.split("/")[0]) is not None:
            try:
                self._networks.append(ip_network(element, strict=False))
            except ValueError:
                pass
        elif element.startswith("*."):
            self._suffixes.add(_canonical(element[2:]))
        else:
            self._names.add(_canonical(element))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _canonical(host: str) -> str:
    """
    Lower case, without brackets, zone and the dot at the end; numbers in any notation that the system's resolver
    reads as an address are that address. Empty for what is no host.
    """
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    bare = bare.split("%", 1)[0].removesuffix(".")
    if _address(bare) is not None:
        return bare
    if not _HOST.fullmatch(bare):
        return ""
    lower = bare.lower()
    if _NUMBERS.fullmatch(lower):
        try:
            return socket.inet_ntoa(socket.inet_aton(lower))
        except OSError:
            return ""
    if lower.isascii():
        return lower
    try:
        return lower.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
