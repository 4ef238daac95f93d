"""Names of machines as people write them into settings."""

from __future__ import annotations

import ipaddress
import re

NEVER_INTERNAL = ipaddress.ip_network("169.254.0.0/16")
"""Addresses at which a machine in a data centre hands out its own credentials."""
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
# Decimal, octal and hexadecimal spellings of an address look like names and are none.
_NUMBERS_ONLY = re.compile(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*")


def internal_host(text: str) -> str:
    """A name, an address or a network (CIDR) that sources may open. Raises ValueError in German."""
    host = text.strip().lower()
    try:
        network = ipaddress.ip_network(host, strict=False)
    except ValueError:
        if _NAME.fullmatch(host) and not _NUMBERS_ONLY.fullmatch(host):
            return host
        raise ValueError(
            f"„{text}“ ist weder ein Rechnername noch ein Netz wie 10.20.0.0/16; ohne https:// und ohne Port"
        ) from None
    if network.prefixlen == 0 or (network.version == 4 and network.overlaps(NEVER_INTERNAL)):
        raise ValueError(
            f"„{text}“ ist nie erlaubt: das ganze Netz oder 169.254.0.0/16 (Zugänge der Maschine)"
        )
    return host
