"""What the list of companies reads: each company's people by intent, and the parts they play."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0004_lead_search")]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["company", "-intent", "id", "temperature"], name="lead_of_company"),
        ),
        migrations.AlterField(
            model_name="lead",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="records.company",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                fields=["company", "role"],
                name="membership_part",
                condition=models.Q(("role", "unknown"), _negated=True),
            ),
        ),
    ]
