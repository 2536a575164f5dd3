"""The one place where the command line looks at the clock, and how times and days are typed and shown."""

from datetime import UTC, date, datetime, tzinfo

from assay.domain.errors import BadInput

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def now() -> datetime:
    """The time it is."""
    return datetime.now(UTC)


def moment(text: str, zone: tzinfo) -> datetime:
    """A time as typed, ISO 8601; one without zone is in ``zone``, a date alone is its midnight. Raises BadInput."""
    try:
        said = datetime.fromisoformat(text.strip())
        return (said if said.tzinfo else said.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(
            "bad_time",
            f'"{text}" is not a time.',
            "Write it as 2026-10-15, 2026-10-15T09:00 or 2026-10-15T09:00+02:00.",
        ) from None


def day(text: str) -> date:
    """A day as typed, between 1970 and 2100: beyond that no calendar is known. Raises BadInput."""
    try:
        said = date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput("bad_date", f'"{text}" is not a date.', "Write it as 2026-12-24.") from None
    if not 1970 <= said.year <= 2100:
        raise BadInput("bad_date", f"{said} is too far away.", "Give a day between 1970 and 2100.")
    return said


def shown(at: datetime, zone: tzinfo) -> str:
    """A time for people, in the policy's time zone."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def span(since: datetime, until: datetime) -> str:
    """How long it is from one time to another, in the largest unit that fits: ``3 h``."""
    seconds = max(0, int((until - since).total_seconds()))
    if seconds >= 2 * DAY:
        return f"{seconds // DAY} days"
    if seconds >= HOUR:
        return f"{seconds // HOUR} h"
    return f"{seconds // MINUTE} min"
