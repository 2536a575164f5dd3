"""The clicks and opens of mail scanners are found among those on record, marked, and weigh nothing from then on."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from assay.domain.scanners import MAIL_KINDS, Hit, ScannerReason, hit_of, scanned
from assay.records.models import Lead, Signal


class Caught(NamedTuple):
    """Every click and open of a scanner there is, and the leads of those that were not marked before."""

    marked: frozenset[int] = frozenset()
    leads: tuple[int, ...] = ()


def mark_scanned(identity_ids: Collection[int]) -> Caught:
    """Mark what scanners did with the mails to these identities, within the caller's transaction.

    All their clicks and opens on record are looked at, those included that wait to be counted, so that the order in
    which they come in makes no difference. The caller holds the leads' locks, and counts the leads again.
    """
    if not identity_ids:
        return Caught()
    signals = Signal.objects.filter(identity__in=identity_ids, kind__in=sorted(MAIL_KINDS))
    mails: dict[tuple[int, str], list[Hit]] = defaultdict(list)
    before: dict[int, str | None] = {}
    for signal in signals.only("kind", "at", "identity_id", "properties", "bot", "bot_reason"):
        if hit := hit_of(signal.pk, signal.kind, signal.at, signal.properties):
            mails[signal.identity_id, hit.mail_id].append(hit)
            before[signal.pk] = signal.bot_reason if signal.bot else None
    found = {pk: reason for hits in mails.values() for pk, reason in scanned(hits).items()}
    return Caught(frozenset(found), _mark(found, before))


def _mark(found: Mapping[int, ScannerReason], before: Mapping[int, str | None]) -> tuple[int, ...]:
    """Write the marks that are new. What is a robot's for another reason stays so."""
    fresh = {pk for pk in found if before[pk] is None}
    corrected = {pk for pk in found if before[pk] in set(ScannerReason) - {found[pk]}}
    for reason in ScannerReason:
        marked = [pk for pk in fresh | corrected if found[pk] == reason]
        Signal.objects.filter(pk__in=marked).update(bot=True, bot_reason=reason)
    leads = Lead.objects.filter(person__identities__signals__in=fresh).order_by("pk")
    return tuple(leads.values_list("pk", flat=True).distinct())
