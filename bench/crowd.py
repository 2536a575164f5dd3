"""A database as large as a firm's gets, written by the database itself: leads, people, companies, signals, ledger.

Only for measuring how pages read: the rows are whole and consistent, but nobody decided on them one by one.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from django.db import connection, transaction

from assay.actions.policies import rule
from assay.records import triggers
from assay.records.models import Source, User

SIGNALS_EACH = 5
PER_COMPANY = 4
WAITING = 2_000
"""How many leads wait at the gate: a large team's bad week, not a tenth of a million."""
ACCEPTED = 2_000
"""How many accepted leads the sellers work on, fifty and more each."""


def crowd(leads: int, sellers: Sequence[User], now: datetime) -> None:
    """Fill an empty database with so many leads and five signals each; ``sellers`` have consecutive ids."""
    version = rule(now).version
    Source.objects.bulk_create(Source(name=name) for name in ("Website", "Google Ads", "LinkedIn", "Trade fair"))
    triggers.remove(connection)  # half of the work otherwise: one call a row
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _statements(leads, [seller.pk for seller in sellers], version):
            cursor.execute(statement)
    triggers.install(connection)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _statements(leads: int, sellers: Sequence[int], version: int) -> Iterator[str]:
    postgresql = connection.vendor == "postgresql"
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S+00" if postgresql else "%Y-%m-%d %H:%M:%S")

    def ago(hours: str) -> str:
        if postgresql:
            return f"timestamptz '{now}' - ({hours}) * interval '1 hour'"
        return f"strftime('%Y-%m-%d %H:%M:%f', '{now}', '-' || ({hours}) || ' hours')"

    def numbers(count: int) -> str:
        if postgresql:
            return f"FROM generate_series(1, {count}) AS numbers(n)"
        return (
            f"FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT n FROM c)"
        )

    yes, no = ("true", "false") if postgresql else ("1", "0")
    json = "::jsonb" if postgresql else ""
    companies = leads // PER_COMPANY
    firm = f"(1 + n % {companies})"
    accepted = f"n > {WAITING} AND n <= {WAITING + ACCEPTED}"
    rung = f"CASE WHEN n <= {WAITING} THEN 'mql' WHEN {accepted} THEN 'sql' WHEN n % 50 = 2 THEN 'disqualified' ELSE 'lead' END"
    parts = (
        '[{"axis":"fit","name":"Company size","points":25,"sentence":"Company size: 120 (+25)","verdict":"match"},'
        '{"axis":"intent","name":"demo_request","points":30,"sentence":"Asked for a demo once, 3 days ago: +30 of at most 60","verdict":"counted"}]'
    )
    yield (
        "INSERT INTO records_company (id, domain, name, employees, industry, country, created_at) "
        f"SELECT n, 'firm' || n || '.example', 'Firm ' || n, 5 + n % 900, 'Software', 'FR', {ago('n % 9000')} {numbers(companies)}"
    )
    yield (
        "INSERT INTO records_person (id, name, first_name, last_name, email, phone, title, created_at) "
        f"SELECT n, 'Person ' || n, 'Person', '' || n, 'person' || n || '@firm' || {firm} || '.example', '', 'Head of Operations', {ago('n % 9000')} {numbers(leads)}"
    )
    yield (
        "INSERT INTO records_identity (id, kind, value, person_id, created_at) "
        f"SELECT n, 'email', 'person' || n || '@firm' || {firm} || '.example', n, {ago('n % 9000')} {numbers(leads)}"
    )
    yield (
        "INSERT INTO records_membership (id, person_id, company_id, role) "
        f"SELECT n, n, {firm}, CASE WHEN n % 3 = 0 THEN 'champion' ELSE 'unknown' END {numbers(leads)}"
    )
    yield (
        "INSERT INTO records_lead (id, person_id, company_id, source_id, owner_id, external_id, captured_at, facts, rung, pass_no, "
        f"fit, coverage, insufficient_data, intent, total, pattern, temperature, milestone, fits, mql, grid) "
        f"SELECT n, n, {firm}, 1 + n % 4, CASE WHEN {rung} = 'sql' THEN {min(sellers)} + n % {len(sellers)} ELSE NULL END, '', {ago('n % 9000')}, '{{}}'{json}, {rung}, 1, "
        f"n % 101, 90, {no}, (n * 7) % 101, n % 101 + (n * 7) % 101, {yes}, CASE n % 3 WHEN 0 THEN 'hot' WHEN 1 THEN 'warm' ELSE 'cold' END, {no}, "
        f"CASE WHEN n % 101 >= 50 THEN {yes} ELSE {no} END, CASE WHEN n <= {WAITING} THEN {yes} ELSE {no} END, 'B2' {numbers(leads)}"
    )
    yield (
        "INSERT INTO records_leadtext (rowid, words) "
        f"SELECT n, 'person ' || 'person' || n || ' firm ' || 'firm' || {firm} || ' person' || n || '@firm' || {firm} || '.example' {numbers(leads)}"
    )
    yield (
        "INSERT INTO records_score (lead_id, policy_id, as_of, parts, missing) "
        f"SELECT n, {version}, {ago('0')}, '{parts}'{json}, '[]'{json} {numbers(leads)}"
    )
    yield (
        "INSERT INTO records_pass (id, lead_id, number, lead_at, mql_at, sal_at, sql_at, attempts, before, "
        "captured_at, source_id, owner_id, size, country, temperature) "
        f"SELECT n, n, 1, {ago('n % 9000')}, CASE WHEN {rung} IN ('mql', 'sql') THEN {ago('n % 90')} END, "
        f"CASE WHEN {rung} = 'sql' THEN {ago('n % 80')} END, CASE WHEN {rung} = 'sql' THEN {ago('n % 80')} END, 0, 0, "
        f"{ago('n % 9000')}, 1 + n % 4, CASE WHEN {rung} = 'sql' THEN {min(sellers)} + n % {len(sellers)} END, '50-249', 'FR', '' {numbers(leads)}"
    )
    yield (
        "INSERT INTO records_decision (id, lead_id, pass_no, move, from_rung, to_rung, at, by_name, desk, reason, text, details, policy_id) "
        f"SELECT n, n, 1, 'capture', '', 'lead', {ago('n % 9000')}, 'intake', 'intake', '', '', '{{}}'{json}, {version} {numbers(leads)}"
    )
    yield (
        "INSERT INTO records_decision (id, lead_id, pass_no, move, from_rung, to_rung, at, by_name, desk, reason, text, details, policy_id, score) "
        f"SELECT {leads} + n, n, 1, 'promote', 'lead', 'mql', {ago('n % 90')}, 'policy', 'policy', '', '', '{{}}'{json}, {version}, "
        f"'{{\"fit\": 80, \"intent\": 40, \"parts\": {parts}}}'{json} {numbers(leads)} WHERE {rung} IN ('mql', 'sql')"
    )
    yield (
        "INSERT INTO records_signal (id, message_id, identity_id, kind, at, received_at, url, bot, bot_reason, properties) "
        f"SELECT n, 'm' || n, 1 + (n - 1) / {SIGNALS_EACH}, CASE n % 5 WHEN 0 THEN 'demo_request' WHEN 1 THEN 'pricing_view' ELSE 'page_view' END, "
        f"{ago('n % 2000')}, {ago('n % 2000')}, '/pricing', {no}, '', '{{}}'{json} {numbers(leads * SIGNALS_EACH)}"
    )
    if postgresql:
        for table in ("company", "person", "identity", "membership", "lead", "pass", "decision", "signal"):
            yield f"SELECT setval(pg_get_serial_sequence('records_{table}', 'id'), (SELECT max(id) FROM records_{table}))"
