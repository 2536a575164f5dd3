"""What a form asks and of whom, and to which addresses it may lead afterwards."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

import idna

from assay.domain.errors import BadInput
from assay.domain.facts import COLUMNS, attribute_key
from assay.domain.phrase import Phrase

ASKABLE = tuple(
    column.name for column in COLUMNS if column.name not in ("lead_id", "source", "campaign", "captured_at")
)
"""Canonical columns that somebody can be asked for; any other name is a further attribute of the lead."""

KEYS = {column.name: column.key for column in COLUMNS if column.key}
MOST_FIELDS = 30
LONGEST_NAME, LONGEST_LABEL = 100, 200
EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``name`` is a canonical column or that of an attribute; a ``progressive`` one waits its turn."""

    name: str
    label: str
    required: bool = False
    progressive: bool = False

    @classmethod
    def of(cls, stored: object) -> Self:
        """The field kept as JSON."""
        assert isinstance(stored, dict)
        return cls(**stored)

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @property
    def key(self) -> str:
        """The fact it asks for."""
        return KEYS.get(self.name) or attribute_key(self.name)


def asked(fields: Sequence[Field], known: Collection[str]) -> list[Field]:
    """What to ask somebody of whom these facts (by dotted key) are known.

    What is known is left out, and for each question left out one progressive question is asked, in their order.
    """
    if "person.name" in known:
        known = {*known, "person.first_name", "person.last_name"}
    if {"person.first_name", "person.last_name"} <= set(known):
        known = {*known, "person.name"}
    standing = [field for field in fields if not field.progressive]
    unknown = [field for field in standing if field.key not in known]
    waiting = [field for field in fields if field.progressive and field.key not in known]
    shown = {*unknown, *waiting[: len(standing) - len(unknown)]}
    return [field for field in fields if field in shown]


def check_fields(fields: Sequence[Field]) -> None:
    """Raise BadInput for questions that make no form."""
    if not any(field.name == EMAIL and field.required and not field.progressive for field in fields):
        raise BadInput(
            "no_email",
            Phrase("A form asks for the email, and always."),
            Phrase("Add it, required and not one of the later questions."),
        )
    if len(fields) > MOST_FIELDS:
        raise BadInput(
            "many_fields",
            Phrase("The form asks {count} questions.", count=len(fields)),
            Phrase("Ask at most {limit}.", limit=MOST_FIELDS),
        )
    seen: set[str] = set()
    for field in fields:
        _check_field(field)
        if field.key in seen:
            raise BadInput(
                "asked_twice",
                Phrase("The form asks twice for “{name}”.", name=field.name),
                Phrase("Leave one of both out."),
            )
        seen.add(field.key)


def _check_field(field: Field) -> None:
    name, label = field.name, field.label
    if not attribute_key(name).partition(".")[2] or name != name.strip(" -"):
        raise BadInput(
            "unnamed_field", Phrase("“{name}” names no fact.", name=name), Phrase("Say as what the answer is kept.")
        )
    if name not in ASKABLE and field.key in KEYS.values():
        raise BadInput(
            "reserved_field",
            Phrase("“{name}” is a name of our own.", name=name),
            Phrase("Keep the answer as something else."),
        )
    if not label:
        raise BadInput(
            "unlabelled_field",
            Phrase("The question for “{name}” has no text.", name=name),
            Phrase("Write what people read."),
        )
    if len(name) > LONGEST_NAME or len(label) > LONGEST_LABEL:
        raise BadInput(
            "long_field",
            Phrase("“{name}…” is too long.", name=label[:40]),
            Phrase("Use at most {limit} characters.", limit=LONGEST_LABEL),
        )


# --- Slugs and addresses -------------------------------------------------------------------------

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UNSAFE = re.compile(r"[\\\s\x00-\x20\x7f]")
RESERVED = frozenset({"confirm"})
LONGEST_SLUG = 60


def check_slug(slug: str) -> None:
    """Raise BadInput unless it can stand in an address."""
    if not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG or slug in RESERVED:
        raise BadInput(
            "bad_slug",
            Phrase("“{name}” cannot stand in an address.", name=slug),
            Phrase("Use small letters, digits and hyphens: demo-request."),
        )


def host_of(text: str) -> str:
    """A host, with its port if it has one, in the one spelling: small letters, IDNA. Raises BadInput."""
    host, colon, port = text.strip().lower().partition(":")
    encoded = _idna(host)
    if encoded is None or (colon and not (port.isascii() and port.isdigit())):
        raise BadInput(
            "bad_host",
            Phrase("“{name}” is no host.", name=text.strip()),
            Phrase("Write it like www.firm.example, one a line."),
        )
    return f"{encoded}{colon}{port}"


def _idna(host: str) -> str | None:
    try:
        return idna.encode(host, uts46=True).decode("ascii") if host else None
    except idna.IDNAError:
        return None


def allowed_address(address: str, hosts: Iterable[str]) -> str | None:
    """The web address, in a spelling that every browser reads alike, if its host is one of these; else None.

    Only whole addresses count: none without a scheme, none that names a user, none with a backslash or white space,
    which browsers read as something else than we do.
    """
    if _UNSAFE.search(address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = _idna(parts.hostname or "")
    if parts.scheme not in ("http", "https") or host is None or "@" in parts.netloc:
        return None
    place = f"{host}:{port}" if port else host
    if place not in hosts:
        return None
    path, query, fragment = (quote(part, safe="/%:;=@&+$,!~*'()?-._") for part in parts[2:])
    return urlunsplit((parts.scheme, place, path or "/", query, fragment))
