"""The CRMs that are set, each with its library, which comes with an extra."""

from collections.abc import Callable, Mapping

from assay.domain.errors import BadInput
from assay.intake.crm.crm import Crm
from assay.settings import Settings, current


def _hubspot(said: Settings) -> Crm:
    from assay.intake.crm.hubspot import HubSpot

    assert said.hubspot_token
    return HubSpot(said.hubspot_token.get_secret_value(), said.hubspot_url, said.hubspot_fields, said.hubspot_stages)


def _salesforce(said: Settings) -> Crm:
    from assay.intake.crm.salesforce import Salesforce

    secret, client_id = said.salesforce_client_secret, said.salesforce_client_id
    if not (secret and client_id):
        needed = "ASSAY_SALESFORCE_CLIENT_ID and ASSAY_SALESFORCE_CLIENT_SECRET"
        raise BadInput("bad_setting", f"ASSAY_SALESFORCE_URL cannot be used: it needs {needed} beside it.")
    return Salesforce(said.salesforce_url or "", client_id, secret.get_secret_value(), said.salesforce_fields)


CONNECT: Mapping[str, Callable[[Settings], Crm]] = {"hubspot": _hubspot, "salesforce": _salesforce}


def configured(said: Settings = current) -> list[str]:
    """The names of the CRMs that are set."""
    return [name for name, key in (("hubspot", said.hubspot_token), ("salesforce", said.salesforce_url)) if key]


def connect(name: str, said: Settings = current) -> Crm:
    """A CRM by name. Raises BadInput where it is not set, or its library is not installed."""
    if name not in configured(said):
        variable = {"hubspot": "ASSAY_HUBSPOT_TOKEN", "salesforce": "ASSAY_SALESFORCE_URL"}[name]
        raise BadInput("not_set", f"{name} is not set up.", f"Set {variable}: see docs/connectors.md.")
    try:
        return CONNECT[name](said)
    except ImportError as error:
        if error.name and error.name.startswith("assay"):
            raise
        said_ = f"The library for {name} is not installed."
        raise BadInput("no_library", said_, f"Install it: pip install 'assay[{name}]'") from error
