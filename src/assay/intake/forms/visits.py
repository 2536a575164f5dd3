"""Where a form was filled in: on which page, from which campaign, by which browser, from which part of the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import urlencode

from django.core.cache import caches
from django.http import HttpRequest, QueryDict

from assay.domain.facts import is_known
from assay.domain.identity import IdentityKind
from assay.intake.cells import clean
from assay.records.facts import facts_of
from assay.records.models import Lead

CONTEXT = ("landing", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
SHOWN = ("visitor", *CONTEXT, "thanks", "theme")
"""What the address of a form's page may say."""
LONGEST = {"landing": 2_000, "referrer": 2_000, "thanks": 2_000, "visitor": 320}

TRIES, WITHIN = 20, 600
"""Forms handed in from one address, and the seconds in which they are counted."""


@dataclass(frozen=True)
class Visit:
    """What the page's address says, and who seems to be looking at it."""

    said: Mapping[str, str]
    lead: Lead | None
    known: frozenset[str]

    @property
    def context(self) -> dict[str, str]:
        return {name: self.said[name] for name in CONTEXT if name in self.said}

    @property
    def query(self) -> str:
        """What the page's address says, for the next one."""
        return urlencode(self.said)

    @property
    def query_of_another(self) -> str:
        """The same for somebody else at the same browser."""
        return urlencode({name: text for name, text in self.said.items() if name != "visitor"})


NOBODY = Visit({}, None, frozenset())
"""A stranger of whom nothing is known."""


def visit(request: HttpRequest) -> Visit:
    """Read it off a request; what is too long or empty was never said."""
    said = _said(request.GET)
    came_from = clean(request.headers.get("Referer", "")) if request.method == "GET" else ""
    if came_from and not said.keys() & {"referrer", "landing"}:
        said |= {"referrer": came_from[: LONGEST["referrer"]]}
    lead = _whose(said.get("visitor"))
    facts = facts_of(lead) if lead else {}
    return Visit(said, lead, frozenset(key for key, value in facts.items() if is_known(value)))


def _said(query: QueryDict) -> dict[str, str]:
    given = {name: clean(query.get(name, "")) for name in SHOWN}
    return {name: text for name, text in given.items() if 0 < len(text) <= LONGEST.get(name, 300)}


def _whose(visitor: str | None) -> Lead | None:
    """The lead whose browser this is, if anybody has claimed it."""
    if not visitor:
        return None
    browsers = Lead.objects.filter(person__identities__kind=IdentityKind.VISITOR, person__identities__value=visitor)
    return browsers.select_related("person", "company").first()


# --- Addresses -----------------------------------------------------------------------------------


def network(request: HttpRequest) -> str:
    """The address without the part that tells a household from its neighbours; "" where there is none."""
    return _shortened(request, 24, 48)


def tries(request: HttpRequest) -> int:
    """How often a form was handed in from this address within some minutes, this time included.

    Counted in the memory of each process; nothing of it is kept.
    """
    counts, key = caches["memory"], f"form:{_shortened(request, 32, 64)}"
    counts.add(key, 0, WITHIN)
    try:
        return int(counts.incr(key))
    except ValueError:  # it has just run out
        return 1


def _shortened(request: HttpRequest, four: int, six: int) -> str:
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    return str(ip_network((address, four if address.version == 4 else six), strict=False))
