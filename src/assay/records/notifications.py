"""What people were told, how each of them wants to hear of it, and the chats that can be written to."""

from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from assay.domain.delivery import Channel
from assay.domain.notifications import KINDS, Kind, Place, Way, place, sentence
from assay.domain.phrase import Phrase
from assay.domain.quiet import Quiet, Rhythm, zone_named
from assay.records.constraints import choices, one_of


class Notification(models.Model):
    """Something on somebody's desk until it is read. ``details`` is what its sentence is made of beside the lead.

    ``elsewhere`` says that they got it by mail or in a chat too, so that the digest leaves it out.
    """

    user = models.ForeignKey("records.User", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=30, choices=choices(Kind))
    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, null=True, related_name="notifications")
    details = models.JSONField(default=dict)
    elsewhere = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notification_newest"),
            models.Index(fields=["user", "id"], name="notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["at"], name="notification_age"),
        ]
        constraints: ClassVar = [one_of("notification", "kind", Kind)]

    @property
    def sentence(self) -> Phrase:
        """What is said; with ``lead__person`` loaded."""
        return sentence(Kind(self.kind), str(self.lead.person) if self.lead else "", self.details)

    @property
    def place(self) -> tuple[Place, int | None]:
        """The page on which one sees to it, and the number of what it is about."""
        return place(self.lead_id, self.details)


class NotificationPreference(models.Model):
    """How somebody wants to hear of things; who has no row has the defaults.

    ``ways`` holds, by kind, the ways they chose where those are not the default. The digest is sent at ``digest_hour``
    where they are, from ``digest_since`` on. ``quiet_days`` are whole days, 0 is Monday.
    """

    user = models.OneToOneField("records.User", on_delete=models.CASCADE, related_name="notification_preference")
    ways = models.JSONField(default=dict)
    digest = models.CharField(max_length=6, choices=choices(Rhythm), default=Rhythm.DAILY)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    digest_since = models.DateTimeField(null=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    quiet_days = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            one_of("notification_preference", "digest", Rhythm),
            models.CheckConstraint(name="notification_preference_hour", condition=Q(digest_hour__lte=23)),
        ]

    def ways_of(self, kind: Kind) -> frozenset[Way]:
        """How they hear of a kind."""
        chosen = self.ways.get(kind)
        return KINDS[kind].ways if chosen is None else frozenset(Way(way) for way in chosen)

    @property
    def quiet(self) -> Quiet:
        return Quiet(self.quiet_from, self.quiet_until, frozenset(self.quiet_days))

    @property
    def zone(self) -> ZoneInfo:
        """Where they are; with ``user`` loaded."""
        return zone_named(self.user.timezone)


class Service(StrEnum):
    """A chat that has incoming webhooks; each is a channel of the outbox."""

    SLACK = Channel.SLACK
    TEAMS = Channel.TEAMS


class ChatAddress(models.Model):
    """An incoming webhook of a chat: somebody's own, or that of a team's channel, which is told of ``kinds``.

    Whoever knows the address can write there, so it is encrypted (records.sealing). ``gone_at`` is when the chat said
    that it is there no more.
    """

    name = models.CharField(max_length=200)
    service = models.CharField(max_length=10, choices=choices(Service))
    url = models.CharField(max_length=4_000)
    user = models.OneToOneField("records.User", on_delete=models.CASCADE, null=True, related_name="chat_address")
    kinds = models.JSONField(default=list)
    language = models.CharField(max_length=5, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="+")
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [one_of("chat_address", "service", Service)]

    def __str__(self) -> str:
        return self.name


class Digest(models.Model):
    """The digest of one day for one person, so that each comes once: what it tells of came after ``since``.

    ``said`` is whether there was anything to say.
    """

    user = models.ForeignKey("records.User", on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    said = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "day"], name="digest_once")]
