"""Files made in the background, and reports that are sent; under row-level security."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partners.row_security import PARTNER, secure

OF_REPORT = "EXISTS (SELECT FROM insights_report r WHERE r.id = {table}.report_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0015_upload_country"),
        ("insights", "0003_next_steps"),
        ("partners", "0004_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=128, verbose_name="name")),
                (
                    "address",
                    models.TextField(
                        help_text="Path and query of the export, without an as-of date: each time the latest."
                    ),
                ),
                ("site", models.CharField(max_length=256)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("daily", "every day"), ("weekly", "every week"), ("monthly", "every month")],
                        max_length=16,
                        verbose_name="how often",
                    ),
                ),
                (
                    "day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Of the week (Monday is 1) or of the month (1 to 28).",
                        verbose_name="on day",
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField(default=7, verbose_name="hour")),
                ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
                ("next_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.TextField(blank=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
            },
        ),
        migrations.CreateModel(
            name="ReportRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(help_text="When he or she didn't want it any more.", null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.contact"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recipients", to="insights.report"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
            },
        ),
        migrations.CreateModel(
            name="SentReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("sending", "being sent"), ("sent", "sent"), ("not_sent", "not sent")],
                        default="sending",
                        max_length=16,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("manifest", models.JSONField(null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="insights.reportrecipient",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sent", to="insights.report"
                    ),
                ),
            ],
            options={
                "verbose_name": "report that was sent",
                "verbose_name_plural": "reports that were sent",
            },
        ),
        migrations.CreateModel(
            name="ExportJob",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("address", models.TextField(help_text="Path and query of the export.")),
                ("site", models.CharField(help_text="Where the installation was asked: https://host", max_length=256)),
                ("language", models.CharField(max_length=16)),
                ("title", models.CharField(blank=True, help_text="What it shows, in words.", max_length=256)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "being made"),
                            ("done", "ready"),
                            ("failed", "failed"),
                            ("expired", "expired"),
                        ],
                        default="waiting",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("rows", models.BigIntegerField(help_text="How many there will be, where that is known.", null=True)),
                ("rows_done", models.BigIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0, help_text="Bytes.")),
                ("name", models.CharField(blank=True, help_text="What the file is called.", max_length=256)),
                ("manifest", models.JSONField(null=True)),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        default=list,
                        help_text="The person's actions when it was made.",
                        size=None,
                    ),
                ),
                ("failure", models.TextField(blank=True)),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "indexes": [models.Index(fields=["partner", "staff", "-asked_at"], name="export_by_time")],
            },
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["partner", "owner"], name="report_by_owner"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["next_at"], name="report_by_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("day__range", (1, 28)), ("hour__range", (0, 23))),
                name="report_time_exists",
                violation_error_message="A report is sent on a day from 1 to 28, at an hour from 0 to 23.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportrecipient",
            constraint=models.CheckConstraint(
                condition=models.Q(("staff__isnull", True), ("contact__isnull", True), _connector="XOR"),
                name="recipient_is_staff_or_contact",
                violation_error_message="A recipient is one of the staff or a contact of a customer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportrecipient",
            constraint=models.UniqueConstraint(
                fields=("report", "staff"),
                name="recipient_staff_once",
                violation_error_message="This person gets the report already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportrecipient",
            constraint=models.UniqueConstraint(
                fields=("report", "contact"),
                name="recipient_contact_once",
                violation_error_message="This contact gets the report already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sentreport",
            constraint=models.UniqueConstraint(
                fields=("report", "recipient", "due_at"),
                name="sent_once",
                violation_error_message="This recipient has a mail of the report for that time already.",
            ),
        ),
        secure("insights_exportjob", f"partner_id = {PARTNER}"),
        secure("insights_report", f"partner_id = {PARTNER}"),
        *(
            secure(table, OF_REPORT.format(table=table))
            for table in ("insights_reportrecipient", "insights_sentreport")
        ),
    ]
