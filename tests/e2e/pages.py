"""Every page there is: one list for the accessibility test and the screenshots, held against the program's routes."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.e2e.server import Server


class Listed(NamedTuple):
    """A page as one person sees it; ``at`` is its address where that is not its route, with `{...}` for ids."""

    route: str
    who: str = "sam"
    at: str = ""
    status: int = 200
    press: str = ""
    picture: str = ""

    def __str__(self) -> str:
        return f"{self.who or 'stranger'} {self.at or self.route}{' ' + self.press if self.press else ''}"

    def address(self, server: Server) -> str:
        """Where it is on this server."""
        return "/" + (self.at or self.route).format_map(_Ids(server))


class _Ids(dict[str, int]):
    """Ids by what somebody would call the thing: a rung for the best lead on it, else a table or a first name."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def __missing__(self, name: str) -> int:
        if leads := self._server.leads_on(name):
            return leads[0]
        return self._server.first(name)


LEAD = "leads/<int:lead_id>/"
ACCOUNT = "account/"

PAGES = (
    # where marketing and sales work
    Listed("inbox/", picture="inbox"),
    Listed("inbox/", press="?"),
    Listed("inbox/", press="r", picture="inbox-reject"),
    Listed("inbox/", "mara"),
    Listed("inbox/", at="inbox/?temperature=cold"),
    Listed("inbox/<int:lead_id>/", at="inbox/{mql}/"),
    Listed("inbox/<int:lead_id>/", at="inbox/{won}/"),
    Listed("inbox/<int:lead_id>/reject/", at="inbox/{mql}/reject/"),
    Listed("inbox/reject/", at="inbox/reject/?lead={mql}&lead={pql}"),
    *(Listed(LEAD, "max", f"leads/{{{rung}}}/") for rung in ("lead", "mql", "sql", "won", "lost", "disqualified")),
    Listed(LEAD, "max", "leads/{opportunity}/", picture="lead"),
    Listed(LEAD, "mara", "leads/{lead}/?edit=1"),
    Listed(LEAD, "vic", "leads/{mql}/"),
    Listed(LEAD, at="leads/0/", status=404),
    Listed(LEAD, "ada", "leads/{mql}/"),
    Listed(f"{LEAD}erase/", "ada", "leads/{mql}/erase/"),
    Listed("work/", picture="work"),
    Listed("work/", "max"),
    Listed("deals/", "max", picture="deals"),
    Listed("deals/", "max", "deals/?view=table", picture="deals-table"),
    Listed("deals/<int:lead_id>/", "max", "deals/{opportunity}/", picture="deal"),
    Listed("leads/", "mara", picture="leads"),
    Listed("leads/views/", "mara", "leads/views/?temperature=hot"),
    Listed("leads/promote/", "mara", "leads/promote/?lead={lead}"),
    Listed("leads/disqualify/", "mara", "leads/disqualify/?lead={lead}&lead={mql}"),
    Listed("leads/assign/", "max", "leads/assign/?lead={sql}"),
    Listed("companies/", picture="companies"),
    Listed("companies/<int:company_id>/", at="companies/{company}/", picture="company"),
    Listed("funnel/", "mara"),
    Listed("funnel/", "vic", "funnel/?show=all&period=90&compare=before&mql_to_sql=30%25&deals=x"),
    Listed("funnel/", "max", "funnel/?since=2020-01-01&until=2020-01-31&country=x"),
    Listed("policy/", "mara", picture="policy"),
    Listed("policy/", "vic"),
    Listed("policy/<int:number>/", "sam", "policy/{policyversion}/", picture="policy-version"),
    Listed("policy/<int:number>/backtest/", "mara", "policy/{policyversion}/backtest/"),
    Listed("policy/draft/", "mara", "policy/draft/?from=outcomes", picture="policy-draft"),
    Listed("policy/evidence/", "sam"),
    Listed("policy/predicted/", "sam"),
    Listed("funnel/", "max", "funnel/?show=all", picture="funnel"),
    Listed("funnel/", "mara", "funnel/?source={source}&compare=all&mql_to_sql=nonsense&deals=12&show=by&by=owner"),
    Listed("funnel/", "vic", "funnel/?since=2020-01-01&until=2020-01-02"),
    Listed("returned/", "mara", picture="returned"),
    Listed("audit/", "max", picture="audit"),
    Listed("audit/<str:name>/", "max", "audit/one_way_handoff/", picture="audit-leads"),
    Listed("audit/<str:name>/", "vic", "audit/raw_leads/?owner=none&problem=owned_raw"),
    Listed("sources/", "mara", picture="sources"),
    Listed("sources/", "vic", "sources/?by=campaign&days=all"),
    Listed("sources/attribution/", "mara", picture="attribution"),
    Listed("sources/costs/", "mara"),
    Listed("sources/costs/", "vic"),
    Listed("leads/duplicates/", "mara"),
    Listed("leads/<int:lead_id>/same/", "mara", "leads/{lead}/same/"),
    Listed("leads/<int:lead_id>/same/<int:other_id>/", "mara", "leads/{lead}/same/{mql}/", picture="same-person"),
    Listed("leads/<int:lead_id>/same/<int:other_id>/", "max", "leads/{sql}/same/{opportunity}/"),
    Listed("intake/", "mara", picture="intake"),
    Listed("intake/", "ada", "intake/?still=1"),
    Listed("intake/keys/", "mara", picture="keys"),
    Listed("intake/keys/<int:key_id>/", "mara", "intake/keys/{writekey}/?try=/pricing/teams", picture="key"),
    Listed("forms/", "mara", picture="forms"),
    Listed("forms/new/", "mara"),
    Listed("forms/<int:form_id>/", "mara", "forms/{form}/", picture="form"),
    Listed("forms/<int:form_id>/edit/", "mara", "forms/{form}/edit/", picture="form-edit"),
    Listed("imports/", "mara", picture="imports"),
    Listed("imports/<int:number>/", "mara", "imports/{import}/", picture="import"),
    Listed("routing/", "max", picture="routing"),
    Listed("routing/rules/", "ada"),
    Listed("settings/", "ada", picture="settings"),
    Listed("settings/", status=403),
    Listed("settings/chats/", "ada"),
    Listed("settings/webhooks/", "ada", picture="webhooks"),
    Listed("settings/webhooks/<int:number>/", "ada", "settings/webhooks/{webhookendpoint}/", picture="webhook"),
    # what a firm's visitors see
    Listed("f/<str:slug>/", "", "f/demo-request/", picture="form-hosted"),
    Listed("f/<str:slug>/", "", "f/nothing/", status=404),
    Listed("f/<str:slug>/embed/", "", "f/demo-request/embed/"),
    Listed("f/confirm/<str:signed>/", "", "f/confirm/x/", status=404),
    # one's own account
    Listed("account/login/", "", picture="sign-in"),
    Listed("account/preferences/", picture="preferences"),
    Listed("notifications/", "max", picture="notifications"),
    Listed("account/notifications/"),
    Listed("notifications/unsubscribe/<str:token>/", "", "notifications/unsubscribe/x/", status=404),
    Listed("account/tokens/"),
    Listed("account/tokens/", "ada", picture="tokens"),
    Listed("api/docs", "", picture="api"),
    Listed("account/2fa/", picture="second-factor"),
    Listed("account/2fa/webauthn/"),
    Listed("account/sessions/", picture="sessions"),
    Listed("account/password/change/"),
    Listed("account/password/reset/", ""),
    Listed("account/password/reset/done/", ""),
    Listed("account/password/reset/key/done/", ""),
    Listed(
        r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "", "account/password/reset/key/x-x/"
    ),
    Listed("account/email/"),
    Listed("account/confirm-email/", ""),
    Listed(r"account/^confirm-email/(?P<key>[-:\w]+)/$", "", "account/confirm-email/x/"),
    Listed("account/signup/", ""),
    Listed("account/inactive/", ""),
    Listed("account/logout/"),
    Listed("account/reauthenticate/"),
    Listed("account/3rdparty/"),
    Listed("account/3rdparty/login/cancelled/", ""),
    Listed("account/3rdparty/login/error/", "", status=401),
)

BEGINNING, IMPORT, SECOND_FACTOR = "test_beginning", "test_import", "test_second_factor"
WATCHED = "a part of the inbox: test_website"
FILE, REDIRECT = "answers with a file", "leads elsewhere"
NEEDS_PROVIDER = "answers only where a provider to sign in with is set up"

ELSEWHERE: Mapping[str, str] = {
    "": REDIRECT,
    "inbox/newer/": WATCHED,
    "notifications/count/": "a part of every page",
    "notifications/<int:number>/": REDIRECT,
    "api/openapi.json": FILE,
    "leads/export/": FILE,
    "funnel/<str:table>.csv": FILE,
    "pictures/<str:signed>/<str:theme>-<int:width>.svg": "a picture of a page",
    "audit/export/": FILE,
    "audit/<str:name>/export/": FILE,
    "policy/<int:number>/policy.toml": FILE,
    "policy/<int:number>/backtest/weeks.csv": FILE,
    f"{LEAD}data.json": FILE,
    "imports/<int:number>/refused.csv": FILE,
    "sources/sources.csv": FILE,
    "sources/attribution.csv": FILE,
    "routing/rules/<int:rule_id>/": "the form of routing/rules/, filled in",
    "imports/upload/<int:upload_id>/": IMPORT,
    "account/first/": BEGINNING,
    "account/2fa/authenticate/": SECOND_FACTOR,
    "account/2fa/reauthenticate/": SECOND_FACTOR,
    "account/2fa/totp/activate/": SECOND_FACTOR,
    "account/2fa/totp/deactivate/": SECOND_FACTOR,
    "account/2fa/recovery-codes/": SECOND_FACTOR,
    "account/2fa/recovery-codes/generate/": SECOND_FACTOR,
    "account/2fa/recovery-codes/download/": FILE,
    "account/2fa/webauthn/add/": SECOND_FACTOR,
    "account/2fa/webauthn/keys/<int:pk>/edit/": SECOND_FACTOR,
    "account/2fa/webauthn/keys/<int:pk>/remove/": SECOND_FACTOR,
    "account/2fa/webauthn/reauthenticate/": SECOND_FACTOR,
    "account/2fa/webauthn/login/": "what the sign-in page asks for a passkey",
    "account/password/set/": "for people without a password: they come from a provider",
    "account/login/code/confirm/": "signing in by a mailed code is off",
    "account/3rdparty/signup/": NEEDS_PROVIDER,
    "account/social/login/cancelled/": REDIRECT,
    "account/social/login/error/": REDIRECT,
    "account/social/signup/": REDIRECT,
    "account/social/connections/": REDIRECT,
    "account/oidc/^(?P<provider_id>[^/]+)/login/": NEEDS_PROVIDER,
    "account/oidc/^(?P<provider_id>[^/]+)/login/callback/": NEEDS_PROVIDER,
}
"""Routes that are not in the list: where their pages are looked at, or why there is none."""
