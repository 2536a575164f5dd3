"""The specification: what it says holds for requests that nobody would think of, and the page explains all of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from assay.api.docs import document
from assay.records.models import Lead
from assay.wsgi import application
from tests import people
from tests.api.programs import program_of

pytestmark = pytest.mark.django_db

EXAMPLES = 4
"""Requests an operation and kind of data: enough to meet every field, and few enough for each test run."""
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"mode": "all", "allow-x00": False, "with-security-parameters": False},
        "phases": {"coverage": {"enabled": False}, "examples": {"enabled": False}},
        "checks": {
            # What is right by its shape may still be refused by a rule: no such lead or reason, a day in the past.
            "positive_data_acceptance": {"expected-statuses": ["2xx", 304, 403, 404, 409, 412, 422]},
        },
    }
)
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application, config=CONFIG)
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.positive_data_acceptance,
    checks.negative_data_rejection,
]


@pytest.fixture
def same_connection() -> Iterator[None]:
    """The test's own, which a server would close after a request: Django's test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("same_connection")
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_is_as_it_is_specified(case: Any):
    lead = Lead.objects.first() or people.an_opportunity()
    numbers = {"lead_id": lead.pk, "deal_id": lead.deals.get().pk, "company_id": lead.company_id}
    if case.meta.generation.mode.is_positive:
        case.path_parameters = {name: numbers[name] for name in case.path_parameters or {}}
    secret = program_of(people.max_()).secret
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)


def test_it_is_openapi_and_needs_no_token():
    told = Client().get("/api/openapi.json").json()
    assert told["openapi"].startswith("3.1.")
    assert told["components"]["securitySchemes"]["Bearer"] == {"type": "http", "scheme": "bearer"}


def test_the_page_explains_every_operation_and_shape_and_loads_nothing_from_elsewhere():
    answer = Client().get("/api/docs")
    text = answer.content.decode()
    ids = set(re.findall(r'id="([\w-]+)"', text))
    operations = {said["operationId"] for methods in document()["paths"].values() for said in methods.values()}
    assert operations <= ids
    assert {f"shape-{name}" for name in document()["components"]["schemas"]} <= ids
    assert set(re.findall(r'href="#([\w-]+)"', text)) <= ids
    assert not re.search(r'(?:src|href)="(?!/|#)', text)
    assert "<script" not in text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
