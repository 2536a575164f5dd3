"""Coming in: the first user, the sign-in and its throttle, invitations, preferences."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from assay.actions.users import add_first_user
from assay.domain.errors import Refused
from assay.records.models import User
from tests import people

pytestmark = pytest.mark.django_db

FIRST = {"name": "Ada Byron", "email": "Ada@Firm.example", "password": "a sentence long enough"}
SIGN_IN = "/account/login/"


def sign_in(client: Client, email: str, password: str = people.PASSWORD):
    return client.post(SIGN_IN, {"login": email, "password": password})


def test_an_empty_installation_asks_for_its_first_user(client: Client):
    assert client.get(SIGN_IN).headers["location"] == "/account/first/"
    assert client.get("/account/first/").status_code == 200


def test_the_first_user_is_an_admin_and_signed_in(client: Client):
    response = client.post("/account/first/", FIRST)
    assert response.headers["location"] == "/settings/"
    assert client.get("/settings/").status_code == 200
    assert User.objects.get().email == "ada@firm.example"


@pytest.mark.parametrize("password", ["short", "password1234", "ada@firm.example"])
def test_a_weak_password_is_refused_with_a_reason(client: Client, password: str):
    response = client.post("/account/first/", FIRST | {"password": password})
    assert "field-error" in response.content.decode()
    assert not User.objects.exists()


def test_there_is_only_one_first_user(client: Client):
    people.sam()
    assert client.post("/account/first/", FIRST).headers["location"] == SIGN_IN
    with pytest.raises(Refused, match="first user already"):
        add_first_user("eve@evil.example", "Eve", "a sentence long enough")


def test_signing_in_and_out(client: Client):
    people.sam()
    assert sign_in(client, "sam@assay.example").headers["location"] == "/"
    assert client.get("/inbox/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/inbox/").status_code == 302


def test_a_wrong_password_says_so_without_saying_which_part(client: Client):
    people.sam()
    page = sign_in(client, "sam@assay.example", "wrong").content.decode()
    nobody = sign_in(client, "nobody@assay.example", "wrong").content.decode()
    told = re.compile(r'<p class="notice notice-error"[^>]*>([^<]+)')
    assert told.findall(page) == told.findall(nobody) != []


def test_guessing_passwords_is_throttled(client: Client):
    people.sam()
    for _ in range(10):
        sign_in(client, "sam@assay.example", "wrong")
    assert sign_in(client, "sam@assay.example").status_code == 200, "the right password came too late"
    assert client.get("/inbox/").status_code == 302


def test_nobody_makes_an_account_alone(client: Client):
    people.ada()
    client.post("/account/signup/", {"email": "eve@evil.example", "password1": "a sentence long enough"})
    assert not User.objects.filter(email="eve@evil.example").exists()


def test_an_invited_person_chooses_a_password_by_a_link_that_works_once(client: Client):
    client.force_login(people.ada())
    page = client.post("/settings/", {"name": "Sam Stone", "email": "sam@firm.example", "role": "rep"}).content.decode()
    [link] = re.findall(r"<code>http://testserver([^<]+)</code>", page)
    visitor = Client()
    form = visitor.get(link).headers["location"]
    chosen = {"password1": "one very long sentence", "password2": "one very long sentence"}
    assert visitor.post(form, chosen).status_code == 302
    assert sign_in(Client(), "sam@firm.example", "one very long sentence").headers["location"] == "/"
    assert 'name="password1"' not in Client().get(link, follow=True).content.decode()


def test_an_admin_changes_roles_but_not_their_own(client: Client):
    ada, sam = people.ada(), people.sam()
    client.force_login(ada)
    client.post(f"/settings/users/{sam.pk}/", {"role": "manager", "is_active": "on"})
    client.post(f"/settings/users/{ada.pk}/", {"role": "viewer", "is_active": "on"})
    sam.refresh_from_db()
    ada.refresh_from_db()
    assert (sam.role, ada.role) == ("manager", "admin")


def test_an_admin_closes_an_account(client: Client):
    ada, sam = people.ada(), people.sam()
    client.force_login(ada)
    client.post(f"/settings/users/{sam.pk}/", {"role": "rep"})
    assert sign_in(Client(), "sam@assay.example").headers["location"] == "/account/inactive/"
    assert not User.objects.get(pk=sam.pk).is_active


def test_inviting_somebody_who_is_there_says_so(client: Client):
    people.sam()
    client.force_login(people.ada())
    page = client.post("/settings/", {"name": "Sam", "email": "sam@assay.example", "role": "rep"}).content.decode()
    assert "There is a user sam@assay.example already." in page


def test_the_weekly_report_is_wanted_and_not_wanted_any_more(client: Client):
    client.force_login(people.sam())
    kept = {"language": "", "timezone": "", "theme": ""}
    assert "first working morning" in client.get("/account/preferences/").content.decode()
    client.post("/account/preferences/", kept | {"weekly_report": "on"})
    since = User.objects.get().report_since
    assert since is not None
    client.post("/account/preferences/", kept | {"weekly_report": "on"})
    assert User.objects.get().report_since == since, "else this week's would be missed"
    assert "checked" in client.get("/account/preferences/").content.decode().partition("weekly_report")[2][:200]
    client.post("/account/preferences/", kept)
    assert User.objects.get().report_since is None


def test_preferences_change_language_zone_and_theme(client: Client):
    sam = people.sam()
    client.force_login(sam)
    chosen = {"first_name": "Sam", "last_name": "S", "language": "de", "timezone": "America/New_York", "theme": "dark"}
    response = client.post("/account/preferences/", chosen)
    assert response.cookies["theme"].value == "dark"
    sam.refresh_from_db()
    assert (sam.language, sam.timezone) == ("de", "America/New_York")
    assert 'lang="de"' in client.get("/account/preferences/").content.decode()


def test_a_zone_that_is_none_is_refused(client: Client):
    client.force_login(people.sam())
    page = client.post("/account/preferences/", {"timezone": "Mars/Olympus"}).content.decode()
    assert "This is not a time zone" in page


def test_pages_forbid_inline_scripts_and_foreign_frames(client: Client):
    people.ada()
    policy = client.get(SIGN_IN).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_where_somebody_is_signed_in_is_told_by_browser(client: Client):
    people.sam()
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"
    client.post(SIGN_IN, {"login": "sam@assay.example", "password": people.PASSWORD}, headers={"user-agent": agent})
    page = client.get("/account/sessions/").content.decode()
    assert "Chrome on Linux" in page
    assert "Sign out everywhere else" not in page


def test_nobody_takes_another_address_alone(client: Client):
    client.force_login(people.sam())
    taken = client.post("/account/email/", {"email": "ada@assay.example", "action_add": ""})
    assert taken.headers["location"] == "/account/preferences/"
    assert not EmailAddress.objects.filter(email="ada@assay.example").exists()
    assert "sam@assay.example" in client.get("/account/preferences/").content.decode()


def test_without_a_provider_the_page_of_the_firms_account_says_so(client: Client):
    client.force_login(people.sam())
    page = client.get("/account/3rdparty/").content.decode()
    assert "knows no other way to sign in" in page
    assert "Firm's account" not in page, "and no tab leads there"


def test_the_librarys_titles_are_written_like_ours(client: Client):
    client.force_login(people.sam())
    page = client.get("/account/password/change/").content.decode()
    assert "<h1>Change password</h1>" in page
    assert "Current password" in page
    assert "Current Password" not in page


def test_settings_tell_the_calendar_in_words(client: Client):
    client.force_login(people.ada())
    page = client.get("/settings/").content.decode()
    assert "<dt>Monday</dt>" in page
    assert "<dd>France</dd>" in page
