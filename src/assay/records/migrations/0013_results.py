"""What was won in a period is found without reading every pass."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0012_loop")]

    operations = [
        migrations.AddIndex(
            "pass",
            models.Index(
                condition=models.Q(("won_at__isnull", False)), fields=["won_at", "sal_at"], name="pass_by_won"
            ),
        ),
    ]
