"""Every route and every role: who gets in, who is sent to sign in, who is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory

from assay.desk import access
from assay.desk.access import LIBRARY, RIGHTS, TOKEN, Right, check_routes, needs, routes
from assay.domain.roles import Role
from tests import people

PEOPLE = {
    Role.MARKETER: people.mara,
    Role.REP: people.sam,
    Role.MANAGER: people.max_,
    Role.ADMIN: people.ada,
    Role.VIEWER: people.vic,
}
OURS = [route for route in routes() if route.right not in (LIBRARY, TOKEN, Right.PUBLIC)]

pytestmark = pytest.mark.django_db


def address(where: str) -> str:
    """An address of the route: numbers are 0, so that nobody's record is touched."""
    for placeholder in ("<int:lead_id>", "<int:pk>"):
        where = where.replace(placeholder, "0")
    while "<" in where:
        start, _, rest = where.partition("<")
        kind, _, end = rest.partition(">")
        where = f"{start}{'0' if kind.startswith('int:') else 'x'}{end}"
    return f"/{where}"


def test_there_are_routes_to_walk():
    assert len(OURS) > 20


def test_every_route_declares_a_right():
    assert [where for where, _, right in routes() if right is None] == []


def test_a_route_without_a_right_stops_the_program(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "routes", lambda: [access.Route("naked/", lambda request: HttpResponse(), None)])
    [error] = check_routes()
    assert "/naked/ declares no right" in error.msg


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.where or "home")
def test_a_stranger_is_sent_to_sign_in(route: access.Route, client: Client):
    people.ada()
    response = client.get(address(route.where))
    assert response.status_code == 302
    assert response.headers["location"].startswith("/account/login/")


@pytest.mark.parametrize("role", list(PEOPLE))
def test_a_role_gets_in_where_it_has_the_right_and_nowhere_else(role: Role, client: Client):
    client.force_login(PEOPLE[role]())
    client.raise_request_exception = False
    for route in OURS:
        status = client.get(address(route.where)).status_code
        if Right(str(route.right)) in RIGHTS[role]:
            assert status not in (403, 500), f"{role} is kept out of {route.where}: {status}"
        else:
            assert status == 403, f"{role} gets into {route.where}: {status}"


def test_a_closed_account_gets_in_nowhere(client: Client):
    sam = people.sam()
    client.force_login(sam)
    sam.is_active = False
    sam.save()
    assert client.get("/inbox/").status_code == 302


def test_the_operator_of_the_machine_has_no_right_on_the_web():
    assert RIGHTS[Role.OPERATOR] == frozenset()


def test_a_view_without_a_user_is_refused(rf: RequestFactory):
    request = rf.get("/secret/")
    request.user = AnonymousUser()
    response = needs(Right.SEE)(lambda request: pytest.fail("was let in"))(request)
    assert response.status_code == 302
