"""A second factor, and a passkey instead of a password: set up, used, taken off; every page of it looked at."""

from time import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from assay.demo import PASSWORD
from tests.e2e.accessibility import faults
from tests.e2e.browser import People

SECONDS = 30
"""How long a code is good."""


def test_a_second_factor(people: People):
    page = people.page("max")
    page.goto("/account/email/")  # says that nobody verified the address, which must not stand in the way
    page.goto("/account/2fa/totp/activate/")
    confirm_it_is_me(page)
    secret = page.locator("input[readonly], input[disabled]").first.input_value()
    assert faults(page) == []
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Activate").click()
    codes = read_recovery_codes(page)
    for path in ("", "totp/deactivate/", "recovery-codes/generate/"):
        page.goto(f"/account/2fa/{path}")
        assert faults(page) == []

    again = people.page()
    again.goto("/account/login/")
    again.get_by_label("Email").fill("max@assay.example")
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.wait_for_url("**/2fa/authenticate/")
    assert faults(again) == []
    again.get_by_label("code").fill("000000")
    again.keyboard.press("Enter")
    expect(again.get_by_role("alert")).to_be_visible()
    assert faults(again) == []
    again.get_by_label("code").fill(codes[0])
    again.keyboard.press("Enter")
    expect(again.get_by_role("heading", name="Inbox")).to_be_visible()
    again.goto("/account/2fa/reauthenticate/")
    assert faults(again) == []


def test_a_passkey(people: People):
    page = people.page("sia")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.goto("/account/2fa/webauthn/add/")
    confirm_it_is_me(page)
    assert faults(page) == []
    page.get_by_label("Name").fill("Sia's laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    read_recovery_codes(page)
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_role("main")).to_contain_text("Sia's laptop")
    assert faults(page) == []
    for does in ("edit", "remove"):
        page.locator(f"a[href$='/{does}/']").click()
        page.wait_for_url(f"**/{does}/")
        assert faults(page) == []
        page.goto("/account/2fa/webauthn/")
    page.goto("/account/2fa/webauthn/reauthenticate/")
    assert faults(page) == []

    page.goto("/inbox/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


def confirm_it_is_me(page: Page) -> None:
    """Say the password once more, as pages that change how somebody signs in ask for."""
    page.wait_for_url("**/reauthenticate/**")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def read_recovery_codes(page: Page) -> list[str]:
    """Those shown after the first factor was set up."""
    page.wait_for_url("**/2fa/recovery-codes/")
    assert faults(page) == []
    return page.locator("textarea").input_value().split()


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time()) // SECONDS)))
