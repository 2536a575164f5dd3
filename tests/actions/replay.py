"""The ladder once more, as plain tables and a loop: what the ledger says must have led to what the rows say."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.records.dump import Dump

# Section 2 of the domain: from, to.
LADDER = {
    "capture": ("", "lead"),
    "promote": ("lead", "mql"),
    "promote_product": ("lead mql", "pql"),
    "accept": ("mql pql", "sal"),
    "qualify": ("sal", "sql"),
    "reject": ("mql pql", "lead"),
    "withdraw": ("mql pql", "lead"),
    "open_deal": ("sql", "opportunity"),
    "win": ("opportunity", "won"),
    "lose": ("opportunity", "lost"),
    "disqualify": ("lead mql pql sal sql", "disqualified"),
    "recycle": ("sal sql lost", "lead"),
    "reopen": ("disqualified won", "lead"),
}
# Section 6: who stands on a rung has passed these steps, the skipped ones included.
STEPS = {
    "lead": "lead",
    "mql": "lead mql",
    "pql": "lead mql",
    "sal": "lead mql sal",
    "sql": "lead mql sal sql",
    "opportunity": "lead mql sal sql opportunity",
    "lost": "lead mql sal sql opportunity",
    "won": "lead mql sal sql opportunity won",
    "disqualified": "",
}
ALL_STEPS = STEPS["won"].split()
ON_SALES_DESK = ("sal", "sql", "opportunity", "won", "lost")
WITH_A_DEAL = ("opportunity", "won", "lost")
POINTS = ("budget", "authority", "need", "timeline")
COOL_OFF = timedelta(days=30)
PARIS = ZoneInfo("Europe/Paris")

Row = dict[str, Any]


@dataclass
class Told:
    """A lead as its ledger tells it: the times of the steps are by pass."""

    rung: str = ""
    pass_no: int = 1
    rests_until: datetime | None = None
    steps: dict[int, dict[str, datetime]] = field(default_factory=dict)

    def hear(self, entry: Row) -> None:
        """Take in the next entry, which must follow from all before it."""
        if entry["move"] == "assign":  # another owner, on the same rung
            assert (entry["from_rung"], entry["to_rung"], entry["pass_no"]) == (self.rung, self.rung, self.pass_no)
            return
        origins, to = LADDER[entry["move"]]
        assert entry["from_rung"] == self.rung
        assert self.rung in (origins.split() or [""])
        assert entry["to_rung"] == to
        self.pass_no += entry["move"] in ("recycle", "reopen")
        assert entry["pass_no"] == self.pass_no
        # What turned out to be somebody's second lead is taken out by intake in marketing's place.
        nobody = entry["desk"] in ("policy", "intake") or entry["by_name"] == "intake"
        assert (entry["by_id"] is None) == nobody
        self.rung, self.rests_until = to, _rest(entry)
        steps = self.steps.setdefault(self.pass_no, {})
        for step in STEPS[to].split():
            steps.setdefault(step, entry["at"])


def _rest(entry: Row) -> datetime | None:
    if entry["move"] not in ("reject", "withdraw", "recycle"):
        return None
    if day := entry["details"].get("look_again"):
        return datetime.combine(datetime.fromisoformat(day), time.min, PARIS)
    until: datetime = entry["at"] + COOL_OFF
    return until


def check(rows: Dump) -> None:
    """Every lead is in a state that exists, and is where its ledger and its touches say."""
    for lead in rows["Lead"]:
        told = Told()
        for entry in of(lead, rows["Decision"]):
            told.hear(entry)
        assert (lead["rung"], lead["pass_no"], lead["rests_until"]) == (told.rung, told.pass_no, told.rests_until)
        passes = of(lead, rows["Pass"])
        assert [row["number"] for row in passes] == list(range(1, told.pass_no + 1))
        for row in passes:
            assert {step: row[f"{step}_at"] for step in ALL_STEPS if row[f"{step}_at"]} == told.steps[row["number"]]
            _check_touches(row, of(lead, rows["Touch"]))
        _check_facts(lead, passes[-1], _deal(lead, rows), rows)


def _check_touches(row: Row, touches: list[Row]) -> None:
    human = [touch for touch in touches if touch["pass_no"] == row["number"] and not touch["automatic"]]
    assert row["first_touch_at"] == min((touch["at"] for touch in human), default=None)
    assert row["contacted_at"] == min((touch["at"] for touch in human if touch["reached"]), default=None)
    assert row["attempts"] == sum(not touch["reached"] for touch in human)


def _check_facts(lead: Row, current: Row, deal: Row | None, rows: Dump) -> None:
    if lead["rung"] in ON_SALES_DESK:
        [owner] = [user for user in rows["User"] if user["id"] == lead["owner_id"]]
        assert owner["role"] in ("rep", "manager")
    if lead["rung"] in WITH_A_DEAL:
        assert deal
        assert deal["opened_at"]
        assert deal["value"] > 0
        assert deal["currency"]
        assert deal["close_date"]
        assert all(deal[point] for point in POINTS)
        assert current["contacted_at"]
        assert deal["outcome"] == lead["rung"].replace("opportunity", "")
    else:
        assert not (deal and deal["opened_at"])


def stage_of(lead: Row, rows: Dump) -> str:
    """Section 1: what the three facts make of a lead."""
    current, deal = of(lead, rows["Pass"])[-1], _deal(lead, rows)
    qualified = bool(deal) and all((deal or {})[point] for point in POINTS)
    if current["contacted_at"] and qualified and deal and deal["value"] and lead["rung"] in WITH_A_DEAL:
        return "opportunity"
    return "prospect" if current["contacted_at"] and lead["rung"] == "sql" else "lead"


def of(lead: Row, rows: list[Row]) -> list[Row]:
    """The rows of a lead, oldest first."""
    return [row for row in rows if row["lead_id"] == lead["id"]]


def _deal(lead: Row, rows: Dump) -> Row | None:
    return next((deal for deal in of(lead, rows["Deal"]) if deal["pass_no"] == lead["pass_no"]), None)
