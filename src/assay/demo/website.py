"""The example website of `examples/site` may send its events to the demo."""

from datetime import datetime

from assay.actions.keys import add_key
from assay.domain.write_keys import page_rule

KEY = "example-site"
"""What the website's `config.js` says."""


def open_to_website(at: datetime) -> None:
    """Make its write key."""
    rules = [page_rule("*/pricing*", "pricing_view"), page_rule("*/blog/*", "case_study_view")]
    add_key("Example website", "Website", at, rules=rules, text=KEY)
