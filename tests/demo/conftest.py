"""The demo month, loaded once for all tests of a module and taken back after them."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from assay.demo import DemoSummary, load
from tests.people import NOW


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[DemoSummary]:
    """The month up to a Wednesday morning. Tests may read it; what one writes the next one sees."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(NOW)
        transaction.set_rollback(True)
