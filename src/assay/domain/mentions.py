"""Somebody's addresses and ids found again inside texts: in what was refused, in notes, in the events of others."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar, cast
from urllib.parse import unquote

from assay.domain.contact import email_identity
from assay.domain.identity import IdentityKind, Key

Json = TypeVar("Json")

ERASED = "[erased]"
"""What stands where something was that named somebody."""

LONG = 8
"""An id of so many characters is found anywhere in a text; a shorter one, such as 12, only where an id is said."""
NATIONAL = 9
"""The last digits of a phone number, the same with and without a country in front."""

_ADDRESS = re.compile(r"[^\s\"'<>(),;:\[\]{}\\/?&=]+(?:@|%40)[\w.%-]+\w")
_PHONE = re.compile(r"\+?\d[\d ().\-/]{6,}\d")


class Mentions:
    """Finds the identities of one person in texts and JSON values, and blots them out."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._emails, self._ids, self._phones = set[str](), set[str](), set[str]()
        for kind, value in keys:
            match kind:
                case IdentityKind.EMAIL:
                    self._emails.add(value)
                case IdentityKind.PHONE:
                    self._phones.add(_digits(value))
                case IdentityKind.ROW:
                    continue  # a hash of our own, which no text holds
                case _:
                    self._ids.add(value)
        longest = sorted((re.escape(value) for value in self._ids if len(value) >= LONG), key=len, reverse=True)
        self._long = re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)") if longest else None

    def __call__(self, value: object) -> bool:
        """Whether a text or JSON value names the person."""
        return self._blotted(value) != value

    def blotted(self, value: Json) -> Json:
        """The value with ERASED where it named them."""
        return cast("Json", self._blotted(value))

    def _blotted(self, value: object, name: str = "") -> object:
        """``name`` is that of the field it stands in."""
        if isinstance(value, dict):
            return {self._blot(key): self._blotted(entry, key) for key, entry in value.items()}
        if isinstance(value, list):
            return [self._blotted(entry, name) for entry in value]
        if isinstance(value, str):
            return ERASED if self._is_id(name, value.strip()) else self._blot(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return ERASED if self._is_id(name, str(value)) else value
        return value

    def pieces(self) -> Iterator[str]:
        """Texts of which one stands, in any case, in every text that names them: by these a database looks first."""
        for domain in {email.rpartition("@")[2] for email in self._emails}:
            yield from _spelled(domain)
        for value in self._ids:
            yield value
            if not value.isascii():
                yield json.dumps(value)[1:-1]
        yield from {phone[-2:] for phone in self._phones}

    def _is_id(self, name: str, value: str) -> bool:
        return value in self._ids and (len(value) >= LONG or "id" in name.lower())

    def _blot(self, text: str) -> str:
        if self._emails and ("@" in text or "%40" in text):
            text = _ADDRESS.sub(self._blot_address, text)
        if self._long:
            text = self._long.sub(ERASED, text)
        return _PHONE.sub(self._blot_phone, text) if self._phones else text

    def _blot_address(self, found: "re.Match[str]") -> str:
        address, after = found[0], ""
        while address:
            if email_identity(unquote(address)) in self._emails:
                return ERASED + after
            address, dot, label = address.rpartition(".")  # as in nina@north.example.csv
            after = f"{dot}{label}{after}"
        return found[0]

    def _blot_phone(self, found: "re.Match[str]") -> str:
        return ERASED if _digits(found[0]) in self._phones else found[0]


def _spelled(domain: str) -> Iterator[str]:
    """The ways in which people write a mail domain."""
    yield domain
    if domain == "gmail.com":
        yield "googlemail.com"
    if "xn--" in domain:
        yield domain.encode().decode("idna")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-NATIONAL:]
