"""Salesforce: its leads that were not converted, by the client library that most use for it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import requests
import stamina
from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceError, SalesforceExpiredSession
from simple_salesforce.format import format_soql

from assay.intake.crm.crm import SECONDS, Record, Unreachable, Write, again

Result = TypeVar("Result")

VERSION = "59.0"
PAGE = 500

FIELDS: Mapping[str, str] = {
    "email": "Email",
    "first_name": "FirstName",
    "last_name": "LastName",
    "title": "Title",
    "phone": "Phone",
    "company": "Company",
    "domain": "Website",
    "employees": "NumberOfEmployees",
    "industry": "Industry",
    "country": "Country",
    "revenue": "AnnualRevenue",
    "source": "LeadSource",
    "captured_at": "CreatedDate",
}
"""Lead field -> field of a Salesforce lead."""

SOQL = f"SELECT Id, {', '.join(FIELDS.values())} FROM Lead WHERE IsConverted = false"  # nosec B608 - names of ours


class Salesforce:
    """The leads of one Salesforce org, as the user that its connected app runs as may see them."""

    name, source, most = "salesforce", "Salesforce", 200

    def __init__(self, url: str, client_id: str, client_secret: str, fields: Mapping[str, str]) -> None:
        self._url, self._credentials, self.fields = url.rstrip("/"), (client_id, client_secret), fields
        self._client: Client | None = None

    def lacking(self) -> Sequence[str]:
        """The fields that were never made there, or that we may not see."""
        described: Any = self._asked(lambda sf: sf.restful("sobjects/Lead/describe", timeout=SECONDS))
        known = {field["name"] for field in described["fields"]}
        return [name for name in self.fields.values() if name not in known]

    def changed(self, since: datetime | None, after: str) -> Sequence[Record]:
        """The next leads by id that were changed since then."""
        wanted = [SOQL]
        if since:
            wanted.append(format_soql("SystemModstamp >= {}", since))
        if after:
            wanted.append(format_soql("Id > {}", after))
        query = f"{' AND '.join(wanted)} ORDER BY Id LIMIT {PAGE}"
        found: Any = self._asked(lambda sf: sf.query(query, timeout=SECONDS))
        return [
            Record(row["Id"], {field: row[name] for field, name in FIELDS.items() if row[name] not in (None, "")})
            for row in found["records"]
        ]

    def write(self, writes: Sequence[Write]) -> Mapping[str, str]:
        """Tell leads, each by itself: one that is deleted or locked holds up no other."""
        records = [{"attributes": {"type": "Lead"}, "id": write.id, **write.fields} for write in writes]
        body = {"allOrNone": False, "records": records}
        done: Any = self._asked(lambda sf: sf.restful("composite/sobjects", method="PATCH", json=body, timeout=SECONDS))
        pairs = zip(writes, done, strict=True)  # answered in the order of the request
        return {write.id: _why(row) for write, row in pairs if not row["success"]}

    def _asked(self, ask: Callable[[Client], Result]) -> Result:
        """Ask Salesforce, again where that may help. Raises Unreachable."""
        try:
            return stamina.retry(on=self._worth, attempts=6, timeout=180, wait_initial=1.0, wait_max=20.0)(
                lambda: ask(self._signed_in())
            )()
        except SalesforceError as error:
            code = _code(error)
            if error.status in (401, 403) and code != "REQUEST_LIMIT_EXCEEDED":
                said = f"Salesforce does not let us in ({error.status} {code})."
                raise Unreachable("crm_denied", said, "Check what its connected app and the user may do.") from error
            hint = "It goes on from here the next time."
            raise Unreachable("crm_unavailable", f"Salesforce answers {error.status} {code}.", hint) from error
        except requests.RequestException as error:
            said, hint = "Salesforce cannot be reached.", "Check ASSAY_SALESFORCE_URL and the network."
            raise Unreachable("crm_unavailable", said, hint) from error

    def _worth(self, error: Exception) -> bool | float:
        if isinstance(error, SalesforceExpiredSession) and self._client:
            self._client = None  # a token holds for some hours, and a new one is had for the asking
            return 0.01
        if isinstance(error, SalesforceError):
            return again(error.status, None)
        if isinstance(error, requests.HTTPError) and error.response is not None:
            return again(error.response.status_code, error.response.headers)
        return isinstance(error, requests.ConnectionError | requests.Timeout)

    def _signed_in(self) -> Client:
        """The library's client with a token by OAuth's client credentials."""
        if self._client is None:
            client_id, client_secret = self._credentials
            given = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
            answer = requests.post(f"{self._url}/services/oauth2/token", data=given, timeout=SECONDS)
            if answer.status_code in (400, 401, 403):
                hint = "Check ASSAY_SALESFORCE_CLIENT_ID and ASSAY_SALESFORCE_CLIENT_SECRET."
                raise Unreachable("crm_denied", f"Salesforce does not let us in ({answer.status_code}).", hint)
            answer.raise_for_status()
            token = answer.json()["access_token"]
            self._client = Client(instance_url=self._url, session_id=token, version=VERSION)
            self._client.base_url = f"{self._url}/services/data/v{VERSION}/"  # with the scheme that is set
        return self._client


def _code(error: SalesforceError) -> str:
    """Salesforce's own code of an error."""
    content: object = error.content
    return str(content[0].get("errorCode", "")) if isinstance(content, list) and content else ""


def _why(row: Mapping[str, Any]) -> str:
    return "; ".join(str(error["message"]) for error in row["errors"])
