"""The leads of each month, and what share of them went on."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format

from assay.desk.funnel.figures import Counted
from assay.desk.funnel.filters import FunnelFilters
from assay.desk.pictures.kinds import Cohorts
from assay.domain.funnel import STEPS
from assay.domain.policy import Policy
from assay.records.funnel import counts

MOST = 24
"""Months that are shown: the last ones."""


class Months(NamedTuple):
    """The months such as ``2026-10``, oldest first, their cohorts, and the picture of them where there is any."""

    months: Sequence[str]
    cohorts: Sequence[Counted]
    picture: Cohorts | None
    left_out: int


def read(filters: FunnelFilters, policy: Policy) -> Months:
    """The cohorts of the chosen period and part."""
    found = counts(filters.time, by="month", among=filters.among)
    months = sorted(month for month in found if month and any(found[month].values()))
    shown_months = months[-MOST:]
    cohorts = [Counted(_named(month), found[month], policy.gate.accept_is_sql) for month in shown_months]
    shown = {cohort.name: [cohort.counts[step] or 0 for step in STEPS] for cohort in cohorts}
    picture = Cohorts(shown, policy.gate.accept_is_sql) if cohorts else None
    return Months(shown_months, cohorts, picture, max(0, len(months) - MOST))


def _named(month: str) -> str:
    """A month such as ``2026-10`` as the reader writes it."""
    return date_format(datetime.strptime(month, "%Y-%m"), "M Y")  # noqa: DTZ007 - a month has no zone
