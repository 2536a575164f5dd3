"""The write key of the demo firm's website, which examples/site sends its visits with."""

from datetime import datetime

from assay.actions.keys import add_key
from assay.domain.write_keys import event_rule, page_rule

KEY = "example-site"


def connect_website(at: datetime) -> None:
    """Let the website in."""
    rules = (
        page_rule("/pricing*", "pricing_view"),
        page_rule("/blog/*", "case_study_view"),
        event_rule("Contact Request", "demo_request"),
    )
    add_key("Example website", "Website", at, rules=rules, source_of_visit=True, text=KEY)
