"""Tokens: what is kept of them, whose they may be, and who may make and revoke which."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from assay.actions.actors import Actor, actor
from assay.actions.tokens import actor_of, add_token, revoke_token, token_of
from assay.domain.errors import AssayError
from assay.domain.ladder import Desk
from assay.domain.tokens import PREFIX
from assay.records.models import Token
from tests.people import NOW, ada, mara, max_, sam

pytestmark = pytest.mark.django_db
READ = ["leads:read"]


def test_of_a_token_only_a_hash_is_kept():
    token, secret = add_token("CRM", READ, actor(sam()), NOW, user=sam())
    assert secret.startswith(PREFIX)
    assert token.begins == secret[: len(token.begins)]
    kept = " ".join(str(value) for value in Token.objects.values_list().get())
    assert secret not in kept
    assert token_of(secret, NOW) == token
    assert token_of(secret[:-1], NOW) is None


def test_it_acts_as_its_person_or_by_its_role():
    mine, _ = add_token("CRM", READ, actor(max_()), NOW, user=max_())
    programs, _ = add_token("Sync", READ, actor(ada()), NOW, role="manager")
    assert actor_of(mine) == Actor("Max", frozenset({Desk.SALES}), max_().pk, manages=True, via="CRM")
    assert actor_of(programs) == Actor("Sync", frozenset({Desk.SALES}), manages=True)


def test_a_role_that_changes_changes_what_the_token_may():
    _, secret = add_token("CRM", READ, actor(sam()), NOW, user=sam())
    type(sam()).objects.filter(pk=sam().pk).update(role="viewer")
    found = token_of(secret, NOW)
    assert found
    assert actor_of(found).desks == frozenset()


def test_it_is_good_for_so_many_days():
    _, secret = add_token("CRM", READ, actor(sam()), NOW, user=sam(), days=2)
    assert token_of(secret, NOW + timedelta(days=2, seconds=-1))
    assert token_of(secret, NOW + timedelta(days=2)) is None


def test_only_an_admin_makes_tokens_of_programs_and_others():
    for said in ({"role": "rep"}, {"user": mara()}):
        with pytest.raises(AssayError, match="cannot make this token"):
            add_token("CRM", READ, actor(sam()), NOW, **said)
    assert add_token("CRM", READ, actor(ada()), NOW, user=mara())


@pytest.mark.parametrize(
    ("name", "scopes", "said", "code"),
    [
        ("  ", READ, {"role": "rep"}, "bad_name"),
        ("x" * 201, READ, {"role": "rep"}, "bad_name"),
        ("CRM", [], {"role": "rep"}, "no_scope"),
        ("CRM", ["leads:delete"], {"role": "rep"}, "unknown_scope"),
        ("CRM", READ, {"role": "operator"}, "unknown_role"),
        ("CRM", READ, {"role": "king"}, "unknown_role"),
        ("CRM", READ, {}, "unknown_role"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(name, scopes, said, code):
    with pytest.raises(AssayError) as refused:
        add_token(name, scopes, actor(ada()), NOW, **said)
    assert refused.value.code == code
    assert not Token.objects.exists()


def test_one_revokes_ones_own_and_an_admin_any():
    token, _ = add_token("CRM", READ, actor(sam()), NOW, user=sam())
    with pytest.raises(AssayError, match="There is no token"):
        revoke_token(token.pk, actor(max_()), NOW)
    revoke_token(token.pk, actor(ada()), NOW)
    with pytest.raises(AssayError, match="was revoked at"):
        revoke_token(token.pk, actor(sam()), NOW)


def test_the_database_itself_wants_a_person_or_a_role():
    with pytest.raises(IntegrityError):
        Token.objects.create(name="x", digest="x", begins="x", scopes=[], created_at=NOW)
