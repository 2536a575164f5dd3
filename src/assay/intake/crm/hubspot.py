"""HubSpot: its contacts, by its own client library."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import stamina
from hubspot import HubSpot as Client
from hubspot.crm.contacts import (
    BatchInputSimplePublicObjectBatchInput,
    PublicObjectSearchRequest,
    SimplePublicObjectBatchInput,
)
from hubspot.crm.contacts.exceptions import ApiException
from hubspot.crm.properties.exceptions import ApiException as _PropertiesError
from urllib3.exceptions import HTTPError

from assay.intake.cells import Cell
from assay.intake.crm.crm import SECONDS, Pace, Record, Unreachable, Write, again

Result = TypeVar("Result")

PAGE = 100
PER_SECOND = 4.0
"""Searches; HubSpot allows five."""

PROPERTIES: Mapping[str, str] = {
    "email": "email",
    "first_name": "firstname",
    "last_name": "lastname",
    "title": "jobtitle",
    "phone": "phone",
    "company": "company",
    "domain": "website",
    "employees": "numemployees",
    "industry": "industry",
    "country": "country",
    "revenue": "annualrevenue",
    "source": "hs_analytics_source",
    "captured_at": "createdate",
}
"""Lead field -> property of a contact."""


class HubSpot:
    """The contacts of one HubSpot account, those of the named lifecycle stages, or all."""

    name, source, most = "hubspot", "HubSpot", 100

    def __init__(
        self, token: str, url: str, fields: Mapping[str, str], stages: Sequence[str], per_second: float = PER_SECOND
    ) -> None:
        # Its models refuse answers that lack what its documentation promises, and HubSpot sends such.
        self._crm = Client(access_token=token, host=url.rstrip("/"), client_side_validation=False).crm
        self.fields, self._stages, self._pace = fields, stages, Pace(1 / per_second)

    def lacking(self) -> Sequence[str]:
        """The properties that were never made there."""
        found = _asked(lambda: self._crm.properties.core_api.get_all("contacts", _request_timeout=SECONDS))
        known = {row.name for row in found.results}
        return [name for name in self.fields.values() if name not in known]

    def changed(self, since: datetime | None, after: str) -> Sequence[Record]:
        """The next contacts by id that were changed since then."""
        request = PublicObjectSearchRequest(
            filter_groups=[{"filters": self._filters(since, after)}],
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            properties=list(PROPERTIES.values()),
            limit=PAGE,
        )

        def ask() -> list[Record]:
            self._pace.wait()
            search = self._crm.contacts.search_api.do_search
            found = search(public_object_search_request=request, _request_timeout=SECONDS)
            return [_record(row.id, row.properties) for row in found.results]

        return _asked(ask)

    def _filters(self, since: datetime | None, after: str) -> list[dict[str, object]]:
        """By id and not by page: a search has no more than 10,000 results."""
        wanted: list[dict[str, object]] = [{"propertyName": "hs_object_id", "operator": "GT", "value": after or "0"}]
        if since:
            moment = str(int(since.timestamp() * 1_000))
            wanted.append({"propertyName": "lastmodifieddate", "operator": "GTE", "value": moment})
        if self._stages:
            wanted.append({"propertyName": "lifecyclestage", "operator": "IN", "values": list(self._stages)})
        return wanted

    def write(self, writes: Sequence[Write]) -> Mapping[str, str]:
        """Tell contacts; one that was deleted or merged away is refused by itself."""
        told = [
            SimplePublicObjectBatchInput(
                id=write.id, properties={name: str(value) for name, value in write.fields.items()}
            )
            for write in writes
        ]
        batch = BatchInputSimplePublicObjectBatchInput(inputs=told)
        update = self._crm.contacts.batch_api.update
        done = _asked(lambda: update(batch_input_simple_public_object_batch_input=batch, _request_timeout=SECONDS))
        written = {row.id for row in done.results}
        errors = getattr(done, "errors", None) or []
        said = {one: error.message for error in errors for one in (error.context or {}).get("ids", [])}
        return {write.id: said.get(write.id, "HubSpot says not why.") for write in writes if write.id not in written}


def _record(number: str, properties: Mapping[str, str | None]) -> Record:
    values: dict[str, Cell] = {
        field: value for field, name in PROPERTIES.items() if (value := properties.get(name)) not in (None, "")
    }
    return Record(number, values)


def _worth(error: Exception) -> bool | float:
    if isinstance(error, ApiException | _PropertiesError):
        return again(error.status, error.headers)
    return isinstance(error, HTTPError)


def _asked(ask: Callable[[], Result]) -> Result:
    """Ask HubSpot, again where that may help. Raises Unreachable."""
    try:
        return stamina.retry(on=_worth, attempts=6, timeout=180, wait_initial=1.0, wait_max=20.0)(ask)()
    except (ApiException, _PropertiesError) as error:
        if error.status in (401, 403):
            said = f"HubSpot does not let us in ({error.status} {error.reason})."
            raise Unreachable("crm_denied", said, "Check ASSAY_HUBSPOT_TOKEN and the scopes of its app.") from error
        said = f"HubSpot answers {error.status} {error.reason}."
        raise Unreachable("crm_unavailable", said, "It goes on from here the next time.") from error
    except HTTPError as error:
        said = "HubSpot cannot be reached."
        raise Unreachable("crm_unavailable", said, "Check the network; it goes on from here the next time.") from error
