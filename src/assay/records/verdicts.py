"""What a stored score said of each criterion and signal kind, read by the database so that it counts those alike."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler


class Verdicts(Func):
    """Axis, name and verdict of each part of a score as one JSON text: scores that say the same have the same text."""

    output_field = TextField()
    template = (
        "(SELECT jsonb_agg(jsonb_build_array(part -> 'axis', part -> 'name', part -> 'verdict'))::text "
        "FROM jsonb_array_elements(%(expressions)s -> 'parts') AS part)"
    )

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: object
    ) -> tuple[str, tuple[str | int, ...]]:
        template = (
            "(SELECT json_group_array(json_array(part.value ->> 'axis', part.value ->> 'name', "
            "part.value ->> 'verdict')) FROM json_each(%(expressions)s, '$.parts') AS part)"
        )
        return super().as_sql(compiler, connection, template=template)
