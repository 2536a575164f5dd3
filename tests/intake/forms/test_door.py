"""The public pages: for anybody, with nothing of the app's credentials, and no wider open than they must be."""

from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from assay.desk.access import Right, routes
from assay.intake.forms.door import LARGEST
from assay.records.models import Submission
from tests.forms import FORM, a_form, fill_in
from tests.people import mara

pytestmark = pytest.mark.django_db

PAGES = ("/f/demo/", "/f/demo/embed/", "/f/confirm/x/")


def policy(client: Client, path: str) -> dict[str, str]:
    header = client.get(path)["Content-Security-Policy"]
    return dict(directive.split(" ", 1) for directive in header.split("; "))


def test_the_forms_are_the_only_public_pages_below_f() -> None:
    declared = {route.where: route.right for route in routes() if route.where.startswith("f/")}
    assert declared == dict.fromkeys(("f/confirm/<str:signed>/", "f/<str:slug>/", "f/<str:slug>/embed/"), Right.PUBLIC)


@pytest.mark.parametrize("path", PAGES)
def test_no_cookie_is_read_or_set(path: str, client: Client) -> None:
    a_form()
    client.force_login(mara())
    answer = client.get(path)
    assert not answer.cookies
    assert not answer.wsgi_request.user.is_authenticated
    assert answer.wsgi_request.session.session_key is None
    assert "no-store" in answer["Cache-Control"]


def test_sending_needs_no_token_of_a_session_and_makes_none() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = fill_in(a_form(), client=strict)
    assert answer.status_code == 200
    assert not answer.cookies
    assert Submission.objects.exists()


def test_only_the_page_for_frames_may_be_framed(client: Client) -> None:
    a_form()
    assert policy(client, "/f/demo/embed/")["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in client.get("/f/demo/embed/")
    for path in ("/f/demo/", "/f/confirm/x/"):
        assert policy(client, path)["frame-ancestors"] == "'none'"
        assert client.get(path)["X-Frame-Options"] == "DENY"


def test_the_policy_lets_nothing_in_but_our_own_style_and_script(client: Client) -> None:
    a_form(redirect="https://www.firm.example/thanks", hosts=["www.firm.example"])
    assert policy(client, "/f/demo/") == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self' https://www.firm.example",
        "frame-ancestors": "'none'",
    }


def test_nobody_leaves_files_here(client: Client) -> None:
    a_form()
    assert client.post("/f/demo/", {"a": "b"}).status_code == 415
    assert client.post("/f/demo/", "{}", content_type="application/json").status_code == 415
    assert client.post("/f/demo/", "a=" + "b" * LARGEST, content_type=FORM).status_code == 413


@pytest.mark.parametrize(
    "odd", ["\x00", "😀", "\u202e", "%", "'", "\\", "x" * 3_000, "\r\nSet-Cookie: a=b", "{{ 7 * 7 }}"]
)
def test_whatever_is_sent_gets_an_answer(odd: str) -> None:
    form = a_form()
    query = urlencode(dict.fromkeys(("visitor", "landing", "utm_source", "thanks", "theme"), odd))
    nowhere = Client().get(f"/f/{quote(odd, safe='')}/")
    assert nowhere.status_code == 404
    page = Client().get(f"/f/demo/?{query}", headers={"referer": "https://a.example/"})
    assert page.status_code == 200
    for more in (
        dict.fromkeys(("a-person.email", "a-person.name", "a-company.name"), odd),
        {"a-person.name": f"N{odd}"},
        {"ticket": odd},
        {"proof": odd},
        {"website": odd},
    ):
        answer = fill_in(form, query=query, more=more)
        assert answer.status_code in (200, 422, 429)
        assert not answer.cookies


@pytest.mark.parametrize("path", ["/f/nothing/", "/f/nothing/embed/", "/f/demo/", "/f/demo/embed/"])
def test_what_is_closed_or_never_was_says_so(path: str, client: Client) -> None:
    form = a_form()
    form.active = False
    form.save()
    answer = client.get(path)
    assert answer.status_code == 404
    assert "This form is closed" in answer.content.decode()
    assert client.post(path, "a=b", content_type=FORM).status_code == 404
