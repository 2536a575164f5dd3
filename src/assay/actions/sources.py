"""Sources and campaigns by name, made on first use, and the visitors each brought."""

from datetime import date

from django.db.models import F

from assay.records.models import Campaign, Source, VisitCount


class Sources:
    """Looks sources and campaigns up by name, whatever their case; remembers them for the length of a batch."""

    def __init__(self) -> None:
        self._sources = {name.lower(): pk for pk, name in Source.objects.values_list("pk", "name")}
        self._campaigns: dict[int, dict[str, int]] = {}

    def source(self, name: str) -> int:
        """The id of a source."""
        key = name.strip().lower()
        if key not in self._sources:
            self._sources[key] = Source.objects.create(name=name.strip()).pk
        return self._sources[key]

    def campaign(self, source: str, name: str | None) -> int | None:
        """The id of a source's campaign; None without a name."""
        if not name:
            return None
        source_id, key = self.source(source), name.strip().lower()
        if source_id not in self._campaigns:
            # Compared here, because SQLite lowers plain letters only.
            on_record = Campaign.objects.filter(source=source_id).values_list("pk", "name")
            self._campaigns[source_id] = {name.lower(): pk for pk, name in on_record}
        campaigns = self._campaigns[source_id]
        if key not in campaigns:
            campaigns[key] = Campaign.objects.create(source_id=source_id, name=name.strip()).pk
        return campaigns[key]


def count_visitors(day: date, source: str, campaign: str | None, visitors: int) -> None:
    """Set how many new visitors a source brought on a day."""
    VisitCount.objects.filter(pk=_visits(day, source, campaign, Sources()).pk).update(visitors=visitors)


def add_visitors(day: date, source: str, campaign: str | None, visitors: int, names: Sources) -> None:
    """Count so many more new visitors of a source on a day, within the caller's transaction."""
    row = _visits(day, source, campaign, names)
    VisitCount.objects.filter(pk=row.pk).update(visitors=F("visitors") + visitors)


def _visits(day: date, source: str, campaign: str | None, names: Sources) -> VisitCount:
    found = Campaign.objects.filter(pk=names.campaign(source, campaign) or 0).first()
    row, _ = VisitCount.objects.get_or_create(
        day=day, source_id=names.source(source), campaign=found, defaults={"visitors": 0}
    )
    return row
