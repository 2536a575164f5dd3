"""The processes of bench/funnel.py: one fills the database, one asks it both ways. Serving is bench/crowd_side.py's."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
django.setup()

from django.db import connection  # noqa: E402 - Django has to be set up first

from assay.actions.policies import rule  # noqa: E402
from assay.records.funnel import counts  # noqa: E402
from assay.records.period import Period  # noqa: E402
from assay.records.pipeline import pipeline  # noqa: E402
from assay.records.results import results  # noqa: E402
from assay.records.times import times  # noqa: E402
from bench.crowd_side import prepared, session  # noqa: E402
from bench.history import history  # noqa: E402
from bench.measure import QUICK, Figure, compare, seconds  # noqa: E402

STEPS = ", ".join(f"count({step}_at)" for step in ("lead", "mql", "sal", "sql", "opportunity", "won"))
BARE = f"SELECT {STEPS} FROM records_pass"
"""The least that counting the steps of all passes can be, by one scan."""


def ask(leads: int) -> list[Figure]:
    """Each figure of the page over all there is, beside the bare aggregate in the same round."""
    now = datetime.now(UTC)
    policy = rule(now).policy
    period, split = Period(now, policy.zone), now - timedelta(days=90)
    this, last = Period(now, policy.zone, split), Period(now, policy.zone, split - timedelta(days=90), split)
    asked: Mapping[str, Callable[[], object]] = {
        "counts by cohort": lambda: counts(period),
        "counts by flow": lambda: counts(period, flow=True),
        "counts by month": lambda: counts(period, by="month"),
        "times in rung": lambda: times(period, accept_is_sql=True),
        "forecast": lambda: pipeline(period, accept_is_sql=True),
        "results of 90 days": lambda: results(this, last, policy),
    }
    rounds = 3 if QUICK else 7
    for work in asked.values():
        work()  # the first loads numpy and scipy
    return [
        compare(
            f"funnel: {name}, {leads:,} leads",
            "s",
            lambda work=work: seconds(work),  # type: ignore[misc]
            lambda: seconds(_bare),
            rounds=rounds,
            note="reference: count of the steps by one bare scan",
        )
        for name, work in asked.items()
    ]


def _bare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        cursor.fetchall()


if __name__ == "__main__":
    what, number = sys.argv[1], int(sys.argv[2])
    if what == "fill":
        team = prepared()
        history(number, team, datetime.now(UTC))
        sys.stdout.write(session(team[0]))
    else:
        sys.stdout.write(json.dumps([asdict(figure) for figure in ask(number)]))
