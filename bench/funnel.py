"""The funnel over a million leads and five million decisions: each figure against a bare aggregate, and the page."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from bench.measure import QUICK, Figure
from bench.pages import CONNECTIONS, burst, p95, served
from tests.services import postgres

LEADS = 20_000 if QUICK else 1_000_000
REACH = 500.0
"""Milliseconds at the 95th percentile that the page may take."""
PAGES = {"": "/funnel/", ", by flow": "/funnel/?view=flow", ", a segment": "/funnel/?size=10-49"}


def figures() -> Iterator[Figure]:
    """Seconds of each figure beside a bare scan; milliseconds of the page beside what it may take."""
    with tempfile.TemporaryDirectory() as folder, postgres() as database:
        environment = os.environ | {"ASSAY_DATABASE": database, "ASSAY_HOME": folder}
        cookie = _side("fill", environment)
        yield from (Figure(**row) for row in json.loads(_side("ask", environment)))
        with served("assay.settings", environment) as port:
            for name, path in PAGES.items():
                burst(port, path, cookie)  # the first of each worker loads templates
                took = p95(burst(port, path, cookie))
                note = f"{CONNECTIONS} connections; reference: {REACH:g} ms"
                yield Figure(f"funnel page{name}, {LEADS:,} leads, p95", "ms", took, REACH, took / REACH, 0.0, note)


def _side(what: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "bench.funnel_side", what, str(LEADS)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()
