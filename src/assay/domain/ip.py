"""IP addresses are kept by nobody here: what stands where one stood names a network, and no longer a line."""

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeVar, cast

Json = TypeVar("Json")

LONGEST = 45
"""Characters of an address."""
NETWORK = {4: 24, 6: 48}
"""How many bits stay."""

_FOUND = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})(?![\w:]|\.\d)")


_PART_OF_V4 = re.compile(rb"\.\d{1,3}\.\d{1,3}\.(?!0\b)\d")
_PART_OF_V6 = re.compile(rb":(?::|[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:)")


def may_hold_address(text: bytes) -> bool:
    """Whether an IP address may stand in JSON, whole: seldom wrong, and never when there is one.

    Quicker than taking the text apart. An address that ends in nought is a network already, as versions of browsers
    are; what JSON writes with a backslash may be anything.
    """
    return b"\\" in text or _PART_OF_V4.search(text) is not None or _PART_OF_V6.search(text) is not None


def cut(value: Json) -> Json:
    """A JSON value in which IP addresses are cut to their network, ``203.0.113.0``: texts that are one, and queries."""
    return cast("Json", _cut(value, _cut_text))


def cut_everywhere(value: Json) -> Json:
    """The same for all that looks like an IP address in any text: for what is only kept to see what was wrong."""
    return cast("Json", _cut(value, cut_within))


def cut_within(text: str) -> str:
    """A text in which each IP address is cut, wherever it stands: for what could not be taken apart."""
    return _FOUND.sub(lambda found: network(found[0]), text)


def cut_query(url: str) -> str:
    """A web address without whole IP addresses in what follows its question mark; a host may be one."""
    page, mark, query = url.partition("?")
    return f"{page}{mark}{cut_within(query)}" if mark else url


def network(text: str) -> str:
    """The network of an IP address; a text that is none comes back as it is."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    plain = str(address).partition("%")[0]
    return str(ip_network(f"{plain}/{NETWORK[address.version]}", strict=False).network_address)


def _cut(value: object, text: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {name: _cut(entry, text) for name, entry in value.items()}
    if isinstance(value, list):
        return [_cut(entry, text) for entry in value]
    return value


def _cut_text(text: str) -> str:
    if len(text) <= LONGEST and _may_be(text):
        return network(text)
    return cut_query(text) if "?" in text else text


def _may_be(text: str) -> bool:
    return text.count(".") == 3 or text.count(":") >= 2
