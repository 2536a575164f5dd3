"""Whom a lead's person has become by merging, and who became them."""

from django.db.models import Q

from assay.records.models import Lead, Merge


def merges_of(lead: Lead) -> list[Merge]:
    """Whom a lead's person has become, or who became them, the latest first."""
    mine = Merge.objects.filter(Q(kept=lead.person_id) | Q(merged=lead.person_id), undone_at=None)
    shown = [f"{side}__{name}" for side in ("kept", "merged") for name in ("name", "email", "phone", "lead__id")]
    related = mine.select_related("kept__lead", "merged__lead").only("at", "by", "by_name", "why", *shown)
    return list(related.order_by("-at", "-pk"))
