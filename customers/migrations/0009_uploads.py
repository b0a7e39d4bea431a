"""What staff uploads, and what it says about tables' columns; under row-level security."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partners.row_security import PARTNER, secure


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_people_and_left_out"),
        ("partners", "0004_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "being checked"),
                            ("checked", "checked"),
                            ("refused", "refused"),
                            ("applying", "being applied"),
                            ("applied", "applied"),
                            ("failed", "failed"),
                            ("undoing", "being undone"),
                            ("undone", "undone"),
                            ("discarded", "discarded"),
                            ("expired", "expired"),
                        ],
                        default="checking",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("size", models.BigIntegerField(default=0, help_text="Bytes.")),
                (
                    "customer_id",
                    models.UUIDField(
                        help_text="The tenant id of the customer that files are about which don't say.", null=True
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        help_text="The day of lists without one; empty: the day of the upload.", null=True
                    ),
                ),
                (
                    "skip_bad",
                    models.BooleanField(default=False, help_text="Take what is good though something is refused."),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("report", models.JSONField(help_text="What came of the check, or of applying it.", null=True)),
                ("failure", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True, help_text="Why it was undone.")),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "load",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.load"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.partner"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "upload",
                "verbose_name_plural": "uploads",
            },
        ),
        migrations.CreateModel(
            name="UploadedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=256)),
                ("size", models.BigIntegerField(help_text="Bytes.")),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="customers.upload"
                    ),
                ),
            ],
            options={
                "verbose_name": "uploaded file",
                "verbose_name_plural": "uploaded files",
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="TableColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64)),
                ("mapping", models.JSONField()),
                ("said_at", models.DateTimeField(auto_now=True)),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "columns of a table",
                "verbose_name_plural": "columns of tables",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "fingerprint"),
                        name="table_columns_once",
                        violation_error_message="A partner says once what the columns of a table mean.",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["partner", "-sent_at"], name="upload_by_time"),
        ),
        migrations.AddConstraint(
            model_name="uploadedfile",
            constraint=models.UniqueConstraint(
                fields=("upload", "place"),
                name="uploaded_file_once",
                violation_error_message="An upload has one file at each place.",
            ),
        ),
        secure("customers_upload", f"partner_id = {PARTNER}"),
        secure(
            "customers_uploadedfile",
            "EXISTS (SELECT FROM customers_upload u WHERE u.id = customers_uploadedfile.upload_id)",
        ),
        secure("customers_tablecolumns", f"partner_id = {PARTNER}"),
    ]
