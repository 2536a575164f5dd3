"""Offers that stand: to whom a lead is held, and until when."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from django.db.models import Exists, F, OuterRef

from assay.domain.ladder import GATE, OPEN_SALES
from assay.domain.policy import Policy
from assay.records.models import Lead, Offer
from assay.records.waiting import at_the_gate


class Reader(Protocol):
    """Whoever asks: a user by number, and whether they manage."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def manages(self) -> bool: ...


MOST = 200
"""Leads that are routed at one look; the others come with the next."""


def open_offer(lead_id: int) -> Offer | None:
    """The offer of a lead that has not ended, though its time may be over."""
    return Offer.objects.filter(lead=lead_id, ended="").select_related("to").first()


def offers_of(lead_ids: Collection[int], now: datetime) -> dict[int, Offer]:
    """The offers that stand, by lead; those to nobody are among them."""
    found = Offer.objects.filter(lead__in=lead_ids, ended="", until__gt=now).select_related("to")
    return {offer.lead_id: offer for offer in found}


def held_for(lead: Lead, offer: Offer | None, reader: Reader, policy: Policy) -> Offer | None:
    """The offer that stands by which a lead at the gate is held for somebody else; a manager is held off by none.

    Only where the policy routes at promotion: else everybody may decide on a lead that somebody was offered.
    """
    for_another = offer is not None and offer.to_id not in (None, reader.user_id) and not reader.manages
    return offer if for_another and lead.rung in GATE and policy.routing.when == "promotion" else None


def to_take_over(user_id: int, now: datetime) -> list[Offer]:
    """The accepted leads of others that are offered to somebody, what ends first before the rest."""
    found = Offer.objects.filter(to=user_id, ended="", until__gt=now, lead__rung__in=sorted(OPEN_SALES))
    found = found.order_by("until", "pk")
    return list(found.select_related("lead__person", "lead__company", "lead__owner"))


def standing(now: datetime, most: int) -> list[Offer]:
    """The offers that stand, those to nobody first."""
    found = Offer.objects.filter(ended="", until__gt=now).select_related("to", "lead__person", "lead__company")
    return list(found.order_by(F("to").asc(nulls_first=True), "until", "pk")[:most])


def to_attend(policy: Policy, now: datetime) -> list[int]:
    """The leads of which an offer ran out, and where the policy routes at promotion those that were never offered."""
    over = list(Offer.objects.filter(ended="", until__lte=now).order_by("until").values_list("lead", flat=True))
    if policy.routing.when != "promotion":
        return over
    standing = Offer.objects.filter(lead=OuterRef("pk"), ended="")
    fresh = at_the_gate().filter(~Exists(standing)).values_list("pk", flat=True)
    return [*over, *fresh[:MOST]]
