"""What a write key may say."""

import pytest

from assay.domain.errors import BadInput
from assay.domain.write_keys import event_rule, origin, page_rule


def test_rules_are_kept_as_the_collector_reads_them():
    assert page_rule(" /pricing* ", "Pricing View") == {"path": "/pricing*", "kind": "pricing_view"}
    assert event_rule("Signed Up", "trial_started") == {"event": "Signed Up", "kind": "trial_started"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://www.firm.example", "https://www.firm.example"),
        ("HTTPS://WWW.Firm.example:443/contact?x=1", "https://www.firm.example"),
        ("www.firm.example", "https://www.firm.example"),
        ("http://localhost:8080/", "http://localhost:8080"),
    ],
)
def test_a_website_is_kept_as_browsers_name_it(said: str, kept: str):
    assert origin(said) == kept


@pytest.mark.parametrize("said", ["", "ftp://firm.example", "https://", "a b", "https://firm.example:99999", "*.firm"])
def test_what_is_no_website_is_refused(said: str):
    with pytest.raises(BadInput):
        origin(said)
