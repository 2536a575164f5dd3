"""What the database itself refuses, whoever asks: changed history, changed rules, an opportunity without its deal."""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCKED = "NOT EXISTS (SELECT 1 FROM records_unlock)"
NO_DEAL = (
    "NEW.rung IN ('opportunity', 'won', 'lost') AND NOT EXISTS (SELECT 1 FROM records_deal "
    "WHERE lead_id = NEW.id AND pass_no = NEW.pass_no AND opened_at IS NOT NULL)"
)
OPENED = f"OLD.opened_at IS NOT NULL AND {LOCKED}"
SAME = " AND ".join(
    f"NEW.{column} = OLD.{column}"
    for column in ("id", "message_id", "identity_id", "kind", "at", "received_at", "url", "properties")
)
SCANNER = "LIKE 'scanner_%'"
FOUND_OUT = f"(NEW.bot AND (NOT OLD.bot OR (OLD.bot_reason {SCANNER} AND NEW.bot_reason {SCANNER})) AND {SAME})"
"""Marking a signal as a bot's is not changing what was observed; of a mail scanner's, later clicks may tell more."""
TAKEN_AWAY = "(NEW.opened_at IS NULL OR NEW.lead_id <> OLD.lead_id OR NEW.pass_no <> OLD.pass_no)"

# name, table, event, condition, what the database then says
TRIGGERS = (
    ("signal_kept", "records_signal", "UPDATE", f"{LOCKED} AND NOT {FOUND_OUT}", "signals are append-only"),
    ("signal_not_deleted", "records_signal", "DELETE", LOCKED, "signals are append-only"),
    ("decision_kept", "records_decision", "UPDATE", LOCKED, "the ledger is append-only"),
    ("decision_not_deleted", "records_decision", "DELETE", LOCKED, "the ledger is append-only"),
    (
        "policy_kept",
        "records_policyversion",
        "UPDATE",
        "OLD.published_at IS NOT NULL",
        "a published policy is immutable",
    ),
    (
        "policy_not_deleted",
        "records_policyversion",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "a published policy is immutable",
    ),
    ("lead_born_with_deal", "records_lead", "INSERT", NO_DEAL, "an opportunity needs an open deal"),
    (
        "lead_moved_with_deal",
        "records_lead",
        "UPDATE OF id, pass_no, rung",
        NO_DEAL,
        "an opportunity needs an open deal",
    ),
    ("deal_kept", "records_deal", "UPDATE", f"{OPENED} AND {TAKEN_AWAY}", "an opened deal stays with its lead"),
    ("deal_not_deleted", "records_deal", "DELETE", OPENED, "an opened deal stays with its lead"),
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay every trigger anew; safe to repeat."""
    remove(connection)
    write = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            for statement in write(*trigger):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: only for a test database that is emptied between tests."""
    with connection.cursor() as cursor:
        for name, table, *_ in TRIGGERS:
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that do not stand."""
    postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(postgresql if connection.vendor == "postgresql" else sqlite)
        return {name for name, *_ in TRIGGERS} - {name for (name,) in cursor.fetchall()}


def _sqlite(name: str, table: str, event: str, condition: str, says: str) -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{says}'); END"
    ]


def _postgresql(name: str, table: str, event: str, condition: str, says: str) -> list[str]:
    result = "OLD" if event == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {result}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def install_after_migrate(*, using: str, **_: object) -> None:
    """Django calls this after each migration of the app."""
    connection = connections[using]
    if "records_unlock" in connection.introspection.table_names():
        install(connection)
