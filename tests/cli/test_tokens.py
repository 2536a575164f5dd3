"""Tokens made, listed and revoked from a shell."""

import pytest

from assay.actions.tokens import token_of
from assay.records.models import Token
from tests.cli.conftest import Assay
from tests.people import NOW, sam

pytestmark = pytest.mark.django_db


def test_a_token_is_made_listed_and_revoked(assay: Assay) -> None:
    sam()
    mine = assay("token", "add", "Phone", "--user", "sam@assay.example", "--scope", "leads:read", "--json").json
    made = assay("token", "add", "CRM sync", "--role", "manager", "--scope", "gate", "--days", "30")
    secret = made.out.split()[-1]
    assert token_of(secret, NOW) == Token.objects.get(name="CRM sync")
    assert (mine["user"], mine["role"], mine["scopes"]) == ("sam@assay.example", None, ["leads:read"])
    assert token_of(mine["token"], NOW)

    listed = assay("token", "list").out
    assert secret not in listed
    assert all(text in listed for text in ("Phone", "sam@assay.example", "CRM sync", "manager", "used 2026-11-04"))

    assert "Revoked the token CRM sync" in assay("token", "revoke", secret[:12]).out
    assert token_of(secret, NOW) is None
    assert "revoked 2026-11-04" in assay("token", "list").out
    assert assay("token", "revoke", "4711").code == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--role", "manager"), "no_scope"),
        (("--role", "manager", "--user", "sam@assay.example"), "bad_usage"),
        ((), "bad_usage"),
        (("--role", "operator", "--scope", "gate"), "unknown_role"),
        (("--user", "nobody@assay.example", "--scope", "gate"), "unknown_user"),
        (("--role", "rep", "--scope", "everything"), "unknown_scope"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(assay: Assay, words: tuple[str, ...], code: str) -> None:
    done = assay("token", "add", "CRM", *words, "--json")
    assert done.code == 2
    assert f'"error": "{code}"' in done.err
    assert not Token.objects.exists()
