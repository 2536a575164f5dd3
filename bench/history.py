"""A firm's funnel over a year, written by PostgreSQL itself: leads, their passes, five decisions each, and deals.

Only for measuring what the funnel reads: passes, deals, visits and costs are whole, the leads' own rungs are not.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from django.db import connection, transaction

from assay.actions.policies import rule
from assay.records.models import Source, User

DECISIONS_EACH = 5
HOURS = 9_000
"""Over how many hours they came: a little more than a year."""

MQL = "n % 10 < 3"
SQL = f"{MQL} AND n / 10 % 8 = 0"
DEAL = f"{SQL} AND n / 80 % 5 < 2"
WON = f"{DEAL} AND n / 400 % 4 = 0"
FELL_OUT = f"{MQL} AND ({SQL} OR n / 10 % 8 < 6) AND NOT ({WON}) AND NOT ({SQL} AND n / 80 % 5 IN (0, 4))"


def history(leads: int, sellers: Sequence[User], now: datetime) -> None:
    """Fill an empty PostgreSQL with so many leads; ``sellers`` have consecutive ids."""
    version = rule(now).version
    Source.objects.bulk_create(Source(name=name) for name in ("Website", "Google Ads", "LinkedIn", "Trade fair"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no call a row of triggers and references
        for statement in _statements(leads, [seller.pk for seller in sellers], version):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _statements(leads: int, sellers: Sequence[int], version: int) -> Iterator[str]:
    now = f"timestamptz '{datetime.now(UTC):%Y-%m-%d %H:%M:%S+00}'"
    numbers = f"FROM generate_series(1, {leads}) AS numbers(n)"
    seller = f"{min(sellers)} + n % {len(sellers)}"
    first = f"{now} - interval '1 minute' * (n * 7919::bigint % {HOURS * 60})"

    def after(hours: str) -> str:
        return f"LEAST({now}, {first} + interval '1 minute' * ({hours}))"

    mql = after("n * 37::bigint % 14400")
    sql = after("n * 37::bigint % 14400 + n * 11::bigint % 3600")
    deal = after("n * 37::bigint % 14400 + 3600 + n * 13::bigint % 24000")
    won = after("n * 37::bigint % 14400 + 27600 + n * 17::bigint % 42000")
    left = after("n * 37::bigint % 14400 + 27600 + n * 19::bigint % 9600")
    yield (
        "INSERT INTO records_person (id, name, first_name, last_name, email, phone, title, created_at) "
        f"SELECT n, 'Person ' || n, 'Person', '' || n, 'person' || n || '@firm.example', '', '', {first} {numbers}"
    )
    yield (
        "INSERT INTO records_lead (id, person_id, source_id, external_id, captured_at, facts, rung, pass_no, fit, "
        "coverage, insufficient_data, intent, total, pattern, temperature, milestone, fits, mql, grid) "
        f"SELECT n, n, 1 + n % 4, '', {first}, '{{}}', 'lead', 1, n % 101, 90, false, n % 97, n % 101 + n % 97, true, "
        f"'warm', false, true, false, 'B2' {numbers}"
    )
    yield (
        "INSERT INTO records_pass (id, lead_id, number, lead_at, mql_at, sal_at, sql_at, opportunity_at, won_at, "
        "left_at, attempts, before, captured_at, source_id, owner_id, size, country, policy_id, temperature) "
        f"SELECT n, n, 1, {first}, CASE WHEN {MQL} THEN {mql} END, CASE WHEN {SQL} THEN {sql} END, "
        f"CASE WHEN {SQL} THEN {sql} END, CASE WHEN {DEAL} THEN {deal} END, CASE WHEN {WON} THEN {won} END, "
        f"CASE WHEN {FELL_OUT} THEN {left} END, 0, 0, {first}, 1 + n % 4, CASE WHEN {SQL} THEN {seller} END, "
        f"(ARRAY['1-9', '10-49', '50-249', ''])[1 + n % 4], (ARRAY['FR', 'DE', 'US'])[1 + n % 3], "
        f"CASE WHEN {MQL} THEN {version} END, "
        f"CASE WHEN {MQL} THEN (ARRAY['hot', 'warm', 'cold'])[1 + n % 3] ELSE '' END "
        f"{numbers}"
    )
    yield (
        "INSERT INTO records_decision (lead_id, pass_no, move, from_rung, to_rung, at, by_name, desk, reason, text, "
        "details, policy_id) SELECT n, 1, (ARRAY['capture', 'promote', 'accept', 'qualify', 'open_deal'])[1 + k], '', "
        f"'lead', {first} + k * interval '1 hour', 'policy', 'policy', '', '', '{{}}', {version} {numbers}, "
        f"generate_series(0, {DECISIONS_EACH - 1}) AS moves(k)"
    )
    yield (
        "INSERT INTO records_deal (lead_id, pass_no, budget, authority, need, timeline, opened_at, value, currency, "
        "close_date, outcome, closed_on, actual_value, reason) "
        f"SELECT n, 1, 'b', 'a', 'n', 't', {deal}, 1000 + n % 50000, 'EUR', ({deal} + interval '30 days')::date, "
        f"CASE WHEN {WON} THEN 'won' WHEN {FELL_OUT} THEN 'lost' ELSE '' END, "
        f"CASE WHEN {WON} THEN ({won})::date WHEN {FELL_OUT} THEN ({left})::date END, "
        f"CASE WHEN {WON} THEN 1000 + n % 50000 END, '' {numbers} WHERE {DEAL}"
    )
    yield (
        "INSERT INTO records_visitcount (day, source_id, visitors) "
        f"SELECT ({now} - interval '1 day' * n)::date, s, 1000 FROM generate_series(0, 374) AS days(n), "
        "generate_series(1, 4) AS sources(s)"
    )
    yield (
        "INSERT INTO records_spend (source_id, first, last, amount, currency) "
        f"SELECT s, ({now} - interval '1 day' * n)::date, ({now} - interval '1 day' * n)::date, 500, 'EUR' "
        "FROM generate_series(0, 374) AS days(n), generate_series(1, 4) AS sources(s)"
    )
    yield (
        "INSERT INTO records_touch (lead_id, pass_no, kind, at, by_id, by_name, reached, automatic, note) "
        f"SELECT n, 1, (ARRAY['call', 'email', 'meeting'])[1 + n / 80 % 3], {sql}, {seller}, 'Seller', true, false, '' "
        f"{numbers} WHERE {SQL}"
    )
    for table in ("person", "lead", "pass"):
        yield f"SELECT setval(pg_get_serial_sequence('records_{table}', 'id'), (SELECT max(id) FROM records_{table}))"
