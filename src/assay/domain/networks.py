"""Which addresses belong to the public internet: only there, or where an admin allows it, do we call on our own."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

NAT64 = IPv6Network("64:ff9b::/96")
"""Its last 32 bits are the IPv4 address that a translator connects to (RFC 6052)."""

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that is given out for the internet so far (RFC 4291)."""


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4 or NAT64; any other address as it is."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_public(address: Address) -> bool:
    """Whether anybody on the internet means it: no machine of ours or of a cloud's own, no group of machines."""
    where = embedded(address)
    if where.version == 6 and where not in GLOBAL_UNICAST:
        return False  # is_global lets some of what is reserved pass, and old spellings of IPv4 are among it
    return where.is_global and not where.is_multicast


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Whether an address, or what it stands for, is in one of some networks."""
    return any(one in network for network in networks for one in (address, embedded(address)))


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks such as ``10.0.0.0/8, fd00::/8``, or single addresses. Raises ValueError with a sentence."""
    try:
        return tuple(ip_network(entry) for entry in filter(None, map(str.strip, text.split(","))))
    except ValueError as error:
        raise ValueError(f"{error}; write networks such as 10.0.0.0/8") from None
