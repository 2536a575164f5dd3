"""A deal on record as programs are told of it."""

from assay.api.deals import shapes
from assay.records.models import Deal


def deal(row: Deal) -> shapes.Deal:
    """The deal."""
    return shapes.Deal(
        id=row.pk,
        lead=row.lead_id,
        pass_no=row.pass_no,
        bant=shapes.Bant(**{point: note or None for point, note in row.bant.items()}),
        opened_at=row.opened_at,
        value=row.value,
        currency=row.currency or None,
        close_date=row.close_date,
        outcome=row.outcome or None,
        closed_on=row.closed_on,
        actual_value=row.actual_value,
        reason=row.reason or None,
    )
