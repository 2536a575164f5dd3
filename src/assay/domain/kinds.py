"""How kinds of signals are spelled, and which say who somebody is instead of what they did."""

import re
from functools import lru_cache

STATEMENTS = frozenset({"identify", "group", "alias"})
"""Not behaviour: these tell that identities belong together, and what is known of the person or company."""

PAGE_VIEW = "page_view"
SCREEN_VIEW = "screen_view"
LONGEST_KIND = 100


@lru_cache(maxsize=4_096)
def kind_of(name: str) -> str:
    """A name as policies spell kinds: "Pricing Viewed" is ``pricing_viewed``."""
    return re.sub(r"[\s-]+", "_", name.strip().lower())
