"""Small helpers to say once what the database itself must hold."""

from enum import StrEnum

from django.db.models import CheckConstraint, Q


def one_of(table: str, field: str, values: type[StrEnum] | tuple[str, ...]) -> CheckConstraint:
    """The field holds one of the values, whoever writes it."""
    allowed = [str(value) for value in values]
    return CheckConstraint(name=f"{table}_{field}_known", condition=Q(**{f"{field}__in": allowed}))


def choices(values: type[StrEnum] | tuple[str, ...]) -> list[tuple[str, str]]:
    return [(str(value), str(value).replace("_", " ")) for value in values]
