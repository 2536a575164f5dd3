"""Where a report's reader finds the same in the browser."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses below the one under which people open the pages; all "" where that is not known.

    ``query`` chooses the report's period on pages that take one.
    """

    address: str
    query: str = ""

    def to(self, route: str, *names: object) -> str:
        """A page, for the report's period."""
        if not self.address:
            return ""
        return f"{self.address.rstrip('/')}{reverse(route, args=names)}" + (f"?{self.query}" if self.query else "")
