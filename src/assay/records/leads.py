"""The lead: both labels, the score as it stands, and its passes up the ladder."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from assay.domain.ladder import GATE, Rung
from assay.records.constraints import choices, one_of


class Temperature(StrEnum):
    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


FILTERED = ("rung", "temperature", "grid", "insufficient_data", "source", "campaign", "owner")
"""What the lead list filters by, beside the words and the time of capture."""

OWNED = (Rung.SAL, Rung.SQL, Rung.OPPORTUNITY, Rung.WON, Rung.LOST)


EARLY_RUNGS = (Rung.LEAD, *sorted(GATE))
"""Where nobody in sales should own a lead yet."""


class Lead(models.Model):
    """A person who entered, with a source. ``facts`` are what this lead's own data said, by dotted key."""

    person = models.OneToOneField("records.Person", on_delete=models.PROTECT, related_name="lead")
    company = models.ForeignKey(
        "records.Company", on_delete=models.PROTECT, null=True, related_name="leads", db_index=False
    )
    source = models.ForeignKey("records.Source", on_delete=models.PROTECT, related_name="leads")
    campaign = models.ForeignKey("records.Campaign", on_delete=models.PROTECT, null=True, related_name="leads")
    owner = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="leads")
    imported_by = models.ForeignKey("records.Import", on_delete=models.PROTECT, null=True, related_name="leads")
    external_id = models.CharField(max_length=320, blank=True)
    captured_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    rung = models.CharField(max_length=12, choices=choices(Rung), default=Rung.LEAD)
    pass_no = models.PositiveIntegerField(default=1)
    rests_until = models.DateTimeField(null=True)
    look_again_on = models.DateField(null=True)
    explored = models.BooleanField(default=False, db_default=False)
    """Whether it stands at the gate because it was drawn from just under the threshold."""

    fit = models.FloatField(default=0)
    coverage = models.FloatField(default=0)
    insufficient_data = models.BooleanField(default=True)
    intent = models.FloatField(default=0)
    total = models.FloatField(default=0)
    pattern = models.BooleanField(default=False)
    temperature = models.CharField(max_length=4, choices=choices(Temperature), default=Temperature.COLD)
    milestone = models.BooleanField(default=False)
    fits = models.BooleanField(default=False)
    mql = models.BooleanField(default=False)
    grid = models.CharField(max_length=2, blank=True)

    SCORED = (
        "fit",
        "coverage",
        "insufficient_data",
        "intent",
        "total",
        "pattern",
        "temperature",
        "milestone",
        "fits",
        "mql",
        "grid",
    )
    """The fields a score fills in."""

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["-mql", "-total", "-intent", "id"],
                name="lead_inbox",
                condition=Q(rung__in=[str(rung) for rung in sorted(GATE)]),
            ),
            # Not of those on the first rung: they are most leads, and SQLite would sort them all instead of walking.
            models.Index(
                fields=["rung", "-total", "id"],
                name="lead_by_rung",
                condition=Q(rung__in=[str(rung) for rung in Rung if rung is not Rung.LEAD]),
            ),
            # One for each order of the lead list. What it filters by is inside, so that a page reads only an index.
            models.Index(fields=["-total", "id", *FILTERED, "captured_at"], name="lead_by_total"),
            models.Index(fields=["-captured_at", "id", *FILTERED], name="lead_by_capture"),
            models.Index(fields=["-intent", "id", *FILTERED, "captured_at"], name="lead_by_intent"),
            # Few should be there, and the audit wants all of them.
            models.Index(
                fields=["owner"],
                name="lead_owned_early",
                condition=Q(owner__isnull=False, rung__in=[str(rung) for rung in EARLY_RUNGS]),
            ),
            # A company's people, the strongest first; what they add up to is read from it alone.
            models.Index(fields=["company", "-intent", "id", "temperature"], name="lead_of_company"),
        ]
        constraints: ClassVar = [
            one_of("lead", "rung", Rung),
            one_of("lead", "temperature", Temperature),
            models.CheckConstraint(name="lead_pass_from_one", condition=Q(pass_no__gte=1)),
            models.CheckConstraint(
                name="lead_owned_after_the_gate",
                condition=~Q(rung__in=[str(rung) for rung in OWNED]) | Q(owner__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"lead {self.pk}"

    @property
    def cooling(self) -> bool:
        """Promoted once, and no longer over the threshold."""
        return self.rung == Rung.MQL and not self.mql and not self.explored


class Pass(models.Model):
    """One trip up the ladder: when each step was first passed (a skipped step counts), and the work done on it.

    It repeats what the funnel tells leads apart by, so that a million passes are counted without joining: of the lead
    when it was captured, its source and what is known of its company; of the trip itself who took it over, and the
    policy version and temperature when it was first promoted.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="passes")
    number = models.PositiveIntegerField()
    lead_at = models.DateTimeField()
    mql_at = models.DateTimeField(null=True)
    sal_at = models.DateTimeField(null=True)
    sql_at = models.DateTimeField(null=True)
    opportunity_at = models.DateTimeField(null=True)
    won_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    """When it fell out: returned, disqualified, lost or recycled; None while it may go on, and after a win."""
    before = models.PositiveSmallIntegerField(default=0)
    """How many steps the lead had taken on an earlier pass: on this one those do not count again by cohort."""
    first_touch_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    captured_at = models.DateTimeField()
    # The lead refers to the same, and that is checked: these are only looked up by.
    source = models.ForeignKey(
        "records.Source", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    campaign = models.ForeignKey(
        "records.Campaign",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    size = models.CharField(max_length=7, blank=True)
    country = models.CharField(max_length=2, blank=True)
    owner = models.ForeignKey(
        "records.User", on_delete=models.PROTECT, db_index=False, null=True, related_name="passes"
    )
    policy = models.ForeignKey(
        "records.PolicyVersion", on_delete=models.PROTECT, db_index=False, null=True, related_name="+"
    )
    temperature = models.CharField(max_length=4, blank=True, choices=choices(Temperature))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["lead", "number"], name="pass_once")]
        indexes: ClassVar = [
            # Few of all passes came so far; without it PostgreSQL reads every pass to find the prospects.
            models.Index(fields=["lead", "number"], name="pass_contacted", condition=Q(contacted_at__isnull=False)),
            # All that a cohort is counted by, so that a period of it is read from the index alone.
            models.Index(
                fields=[
                    *("captured_at", "before", "lead_at"),
                    *("mql_at", "sal_at", "sql_at", "opportunity_at", "won_at"),
                ],
                name="pass_by_capture",
            ),
            # What happened in a period, by when it did; a lead counts once, so that it is read from the index alone.
            models.Index(fields=["mql_at", "lead"], name="pass_by_mql", condition=Q(mql_at__isnull=False)),
            models.Index(fields=["sal_at", "lead"], name="pass_by_sal", condition=Q(sal_at__isnull=False)),
            models.Index(
                fields=["first_touch_at", "lead"], name="pass_by_touch", condition=Q(first_touch_at__isnull=False)
            ),
            # Few of all are won, and results ask for those of a period.
            models.Index(fields=["won_at", "sal_at"], name="pass_by_won", condition=Q(won_at__isnull=False)),
            # Touched before sales had accepted it: few again, where things are right.
            models.Index(
                fields=["lead"],
                name="pass_touched_early",
                condition=Q(first_touch_at__isnull=False)
                & (Q(sal_at__isnull=True) | Q(sal_at__gt=F("first_touch_at"))),
            ),
        ]


class Score(models.Model):
    """The stored explanation of a lead's score: its parts, under which policy, as of when."""

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, primary_key=True, related_name="score")
    policy = models.ForeignKey("records.PolicyVersion", on_delete=models.PROTECT)
    as_of = models.DateTimeField()
    parts = models.JSONField()
    missing = models.JSONField(default=list)
