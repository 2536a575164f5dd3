"""The page Tokens: one's own for everybody, all of them for an admin, and each secret shown once."""

import re

import pytest
from django.test import Client

from assay.actions.actors import actor
from assay.actions.tokens import add_token, token_of
from assay.records.models import Token
from tests.people import NOW, ada, sam, sia

pytestmark = pytest.mark.django_db
FORM = {"name": "CRM sync", "scopes": ["leads:read", "gate"], "days": "90"}


def made(client: Client, **said: object) -> str:
    """The secret that is shown after making a token."""
    page = client.post("/account/tokens/", FORM | said)
    assert page.status_code == 200, page.content
    found = re.search(r'id="secret">(\S+)</code>', page.content.decode())
    assert found
    return found[1]


def test_somebody_makes_a_token_sees_it_once_and_revokes_it(client: Client):
    client.force_login(sam())
    secret = made(client)
    token = Token.objects.get()
    assert (token.user, token.scopes, token.begins) == (sam(), ["leads:read", "gate"], secret[:12])
    again = client.get("/account/tokens/").content.decode()
    assert "CRM sync" in again
    assert secret not in again
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert token_of(secret, NOW) is None


def test_nobody_sees_or_revokes_anothers(client: Client):
    token, _ = add_token("Sia's own", ["gate"], actor(sia()), NOW, user=sia())
    client.force_login(sam())
    assert "Sia" not in client.get("/account/tokens/").content.decode()
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert Token.objects.get().revoked_at is None


def test_only_an_admin_makes_one_with_a_role(client: Client):
    client.force_login(sam())
    made(client, role="manager")
    client.force_login(ada())
    made(client, role="manager")
    assert [(token.user, token.role) for token in Token.objects.order_by("pk")] == [(sam(), ""), (None, "manager")]
    page = client.get("/account/tokens/").content.decode()
    assert page.count("Revoke CRM sync") == 2


def test_what_makes_no_sense_is_told(client: Client):
    client.force_login(sam())
    answer = client.post("/account/tokens/", {"name": "CRM"})
    assert answer.status_code == 422
    assert "Tick what it may be used for." in answer.content.decode()
