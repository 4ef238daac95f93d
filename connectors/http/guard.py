"""Where a source may lead: not into the town's own network, unless the operator says so.

An address is judged after its name was resolved, and the connection goes to exactly that address: a
name that answers differently a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence

from warehouse.errors import ConfigError, RetriableError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "100.100.100.200/32",
        "192.0.0.192/32",
        "224.0.0.0/4",
        "255.255.255.255/32",
        "::/128",
        "fe80::/10",
        "fec0::/10",
        "fd00:ec2::254/128",
        "ff00::/8",
    )
)
"""Link-local, multicast and the addresses where clouds hand out credentials: not even by declaration."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
# 2130706433, 0x7f.1 and 0177.0.0.1 all are 127.0.0.1 to the resolver of the operating system.
_NUMERIC = re.compile(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*\.?", re.IGNORECASE)


class Guard:
    """Judges hosts and addresses. `internal` holds names and networks (CIDR) the operator allows."""

    def __init__(self, internal: Sequence[str], where: str, resolve: Resolve | None = None) -> None:
        self._where, self._resolve = where, resolve or resolve_name
        self._names = frozenset(host_name(text) for text in internal if _as_network(text) is None)
        self._networks = tuple(network for text in internal if (network := _as_network(text)))

    def addresses(self, host: str, port: int, timeout_s: float) -> list[str]:
        """The addresses of a host, all of them allowed.

        Raises ConfigError `address_refused` as soon as one is not, RetriableError `unreachable` when the
        name is unknown or the answer takes longer than `timeout_s`.
        """
        found = self._looked_up(host, port, timeout_s)
        for address in found:
            if not self._allows(host_name(host), ipaddress.ip_address(address.partition("%")[0])):
                raise self._refused(host)
        return found

    def is_internal(self, host: str) -> bool:
        """True when the operator named this host, or the address it is written as."""
        name = host_name(host)
        address = _as_address(name)
        return name in self._names or (address is not None and self._is_declared(address))

    def require_plain_form(self, host: str) -> None:
        """ConfigError `address_refused` for an address in decimal, octal or hexadecimal disguise."""
        if _NUMERIC.fullmatch(host) and _as_address(host) is None:
            raise self._refused(host)

    def _looked_up(self, host: str, port: int, timeout_s: float) -> list[str]:
        if address := _as_address(host):
            return [str(address)]
        self.require_plain_form(host)
        found = within(lambda: list(self._resolve(host, port)), timeout_s)
        if not found:
            raise RetriableError(
                "Der Name des Dienstes lässt sich nicht auflösen",
                code="unreachable",
                where=self._where,
                found=host,
                next_step="Schreibweise, Netz und Namensauflösung (DNS) prüfen",
            )
        return found

    def _allows(self, name: str, address: IpAddress) -> bool:
        faces = list(_faces(address))
        if any(face in network for face in faces for network in NEVER if network.version == face.version):
            return False
        if name in self._names or self._is_declared(faces[-1]):
            return True
        return all(face.is_global and not face.is_reserved and not face.is_multicast for face in faces)

    def _is_declared(self, address: IpAddress) -> bool:
        return any(address in network for network in self._networks if network.version == address.version)

    def _refused(self, host: str) -> ConfigError:
        return ConfigError(
            "Die Adresse führt in ein internes Netz und ist nicht freigegeben",
            code="address_refused",
            where=self._where,
            found=host,
            allowed="öffentliche Adressen und die unter [night] internal_hosts genannten",
            next_step="Ist der Dienst gewollt, seinen Namen in portal.toml unter internal_hosts eintragen",
        )


def host_name(text: str) -> str:
    """A host as it is compared: small letters, no dot and no brackets around it."""
    return text.strip().strip("[]").rstrip(".").lower()


def resolve_name(host: str, port: int) -> list[str]:
    """All addresses the operating system knows for a name, without repetition."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def within(look_up: Callable[[], list[str]], timeout_s: float) -> list[str]:
    """What `look_up` finds in time, else nothing; the system's resolver knows no time limit of its own."""
    found: list[str] = []

    def look() -> None:
        try:
            found.extend(look_up())
        except (OSError, UnicodeError):
            return

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(timeout_s)
    return [] if looking.is_alive() else found


def _faces(address: IpAddress) -> Iterator[IpAddress]:
    """The address and, last, the IPv4 address it carries: a gateway would lead there."""
    yield address
    if not isinstance(address, ipaddress.IPv6Address):
        return
    if address.ipv4_mapped or address.sixtofour:
        yield address.ipv4_mapped or address.sixtofour  # type: ignore[misc]
    elif address.teredo:
        yield address.teredo[1]
    elif address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _as_address(text: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _as_network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text.strip().strip("[]"), strict=False)
    except ValueError:
        return None
