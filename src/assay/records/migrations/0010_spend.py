"""What sources and campaigns cost, by time, in place of one sum a campaign; sources that visits tell themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_privacy"),
    ]

    operations = [
        migrations.AddField(
            model_name="form",
            name="source_of_visit",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="writekey",
            name="source_of_visit",
            field=models.BooleanField(default=False),
        ),
    ]
