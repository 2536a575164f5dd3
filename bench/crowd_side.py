"""The processes of bench/pages.py: one fills the database and prints a session, others serve."""

import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django has to be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

from assay.actions.users import add_user  # noqa: E402
from assay.cli.serve import listen, usual_workers  # noqa: E402
from assay.records.models import User  # noqa: E402
from bench.crowd import crowd  # noqa: E402


def fill(leads: int) -> None:
    """Make the database and print the session of a signed-in manager."""
    team = prepared()
    crowd(leads, team, datetime.now(UTC))
    sys.stdout.write(session(team[0]))


def prepared() -> list[User]:
    """The team of an empty database that is made now."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    return [add_user(f"seller{number}@bench.example", "manager", name=f"Seller {number}") for number in range(40)]


def session(user: User) -> str:
    """The key of a session in which this user is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def serve(port: int) -> None:
    """Serve the pages of the settings in force as `assay serve` does, without the process beside it."""
    listen("127.0.0.1", port, usual_workers())


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]))
    else:
        fill(int(sys.argv[1]))
