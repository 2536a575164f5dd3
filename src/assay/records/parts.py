"""What a database can tell of the stored parts of a score without their leaving it."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func
from django.db.models.sql.compiler import SQLCompiler


class KnockedOut(Func):
    """Whether these parts say that a knockout was missed, which makes fit 0 whatever else is known."""

    output_field = BooleanField()
    template = (
        "EXISTS (SELECT 1 FROM jsonb_array_elements(%(expressions)s) AS part "
        "WHERE part ->> 'name' = 'knockout' AND part ->> 'verdict' = 'limit')"
    )

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: object
    ) -> tuple[str, tuple[str | int, ...]]:
        template = (
            "EXISTS (SELECT 1 FROM json_each(%(expressions)s) AS part "
            "WHERE part.value ->> 'name' = 'knockout' AND part.value ->> 'verdict' = 'limit')"
        )
        return super().as_sql(compiler, connection, template=template)
