"""Forms with every version of their consent, what was handed in, who agreed to what, and what was not taken."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_intake"),
    ]

    operations = [
        migrations.CreateModel(
            name="Form",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("slug", models.CharField(max_length=60, unique=True)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("fields", models.JSONField(default=list)),
                ("kind", models.CharField(max_length=100)),
                ("language", models.CharField(default="en", max_length=10)),
                ("button", models.CharField(blank=True, max_length=100)),
                ("double_opt_in", models.BooleanField(default=False)),
                ("thanks", models.TextField(blank=True)),
                ("redirect", models.CharField(blank=True, max_length=2000)),
                ("hosts", models.JSONField(default=list)),
                ("active", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="records.campaign",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="records.source"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="records.form"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("trap", "trap"),
                            ("too_fast", "too fast"),
                            ("too_old", "too old"),
                            ("not_ours", "not ours"),
                            ("no_proof", "no proof"),
                            ("too_many", "too many"),
                            ("too_many_mails", "too many mails"),
                            ("mail_failed", "mail failed"),
                            ("no_consent", "no consent"),
                            ("incomplete", "incomplete"),
                            ("unusable", "unusable"),
                        ],
                        max_length=20,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refusals", to="records.form"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=32, unique=True)),
                ("email_key", models.CharField(max_length=320)),
                ("visitor", models.CharField(blank=True, max_length=320)),
                ("values", models.JSONField()),
                ("context", models.JSONField(default=dict)),
                ("network", models.CharField(blank=True, max_length=50)),
                ("at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.consenttext"
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="records.form"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="records.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("how", models.CharField(choices=[("form", "form"), ("confirmed", "confirmed")], max_length=10)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="records.person"
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="records.consenttext"
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreed", to="records.submission"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(fields=("form", "version"), name="consent_version_once"),
        ),
        migrations.AddConstraint(
            model_name="formrefusal",
            constraint=models.UniqueConstraint(fields=("form", "reason"), name="form_refusal_once"),
        ),
        migrations.AddConstraint(
            model_name="formrefusal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        [
                            "trap",
                            "too_fast",
                            "too_old",
                            "not_ours",
                            "no_proof",
                            "too_many",
                            "too_many_mails",
                            "mail_failed",
                            "no_consent",
                            "incomplete",
                            "unusable",
                        ],
                    )
                ),
                name="formrefusal_reason_known",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["form", "at", "confirmed_at"], name="submission_of_form"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["email_key", "at"], name="submission_of_address"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(condition=models.Q(("confirmed_at", None)), fields=["at"], name="submission_waiting"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["form", "confirmed"])), name="consent_how_known"
            ),
        ),
    ]
