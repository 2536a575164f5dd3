"""Fixtures and settings of use to the tests of every room."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import hypothesis
import pytest
from django.db import connection

from assay.records import triggers
from assay.settings import current, parse_mail
from tests import services

if TYPE_CHECKING:
    from tests.postbox import Postbox

# The same examples on every run, so more of them find nothing; `--hypothesis-profile=explore` looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("same")


@pytest.fixture
def transactional_db(transactional_db: None) -> Iterator[None]:
    """A database that keeps what is committed, emptied afterwards; ask for it by this name, not by a marker.

    SQLite empties a table by DELETE, which the append-only tables refuse. Django lays the triggers anew after it.
    """
    yield
    triggers.remove(connection)


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The test database's URL, as ASSAY_DATABASE for another process; what the test wrote is committed."""
    name = quote(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(current.database_url)._replace(path=f"/{name}").geturl()


@pytest.fixture
def postbox(settings: Any) -> "Iterator[Postbox]":
    """A real mail server, set up as ASSAY_MAIL does."""
    from tests.postbox import Postbox, listening  # here, because most tests send no mail

    box = Postbox()
    with listening(box) as address:
        for name, value in parse_mail(address).items():
            setattr(settings, name, value)
        yield box


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    """What people are told by mail is no matter of the test: there is no mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL, for tests that need one whichever database the suite runs on."""
    with services.postgres(fsync=False) as url:
        yield url
