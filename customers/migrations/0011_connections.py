"""Connections with the vendor, and who sees them: the partner its own; what is fetched, and counted, workers only."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from partners.row_security import NOBODY, PARTNER, secure

OF_OWN = "EXISTS (SELECT FROM customers_connection referred WHERE referred.id = customers_pull.connection_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0010_undo"),
        ("partners", "0004_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "directory_id",
                    models.UUIDField(
                        help_text="The tenant in which it is registered: your own.", verbose_name="directory id"
                    ),
                ),
                ("client_id", models.UUIDField(verbose_name="application id")),
                ("sealed_secret", models.TextField(help_text="Encrypted.", verbose_name="secret")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
            },
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("graph", "Microsoft Graph"), ("partner_center", "Partner Center")],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("tenant_id", models.UUIDField(verbose_name="tenant id")),
                (
                    "nonce",
                    models.UUIDField(default=uuid.uuid4, help_text="Stands in the link for the consent; used once."),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                (
                    "verified_at",
                    models.DateTimeField(
                        help_text="The tenant itself has answered everything that is asked of it.",
                        null=True,
                        verbose_name="verified at",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(help_text="Somebody waits for a pull.", null=True, verbose_name="asked at"),
                ),
                ("not_before", models.DateTimeField(null=True, verbose_name="not before")),
                ("claimed_by", models.CharField(blank=True, max_length=128)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("failures", models.IntegerField(default=0, help_text="Since the last success.")),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        help_text="One of customers.connections.failures.Problem.",
                        max_length=32,
                        verbose_name="problem",
                    ),
                ),
                ("detail", models.TextField(blank=True, verbose_name="detail")),
                ("pulled_at", models.DateTimeField(null=True, verbose_name="pulled at")),
                (
                    "pulled_on",
                    models.DateField(
                        help_text="The day (UTC) whose state was pulled last.", null=True, verbose_name="pulled on"
                    ),
                ),
            ],
            options={
                "verbose_name": "connection",
                "verbose_name_plural": "connections",
            },
        ),
        migrations.CreateModel(
            name="Pull",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("running", "running"), ("done", "done"), ("given_up", "given up")],
                        default="running",
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                ("planned", models.IntegerField(default=0, help_text="How many files it is made of, as far as known.")),
                (
                    "fetched",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=128),
                        default=list,
                        help_text="Files that are here in full.",
                        size=None,
                    ),
                ),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=512),
                        default=list,
                        help_text="What the vendor didn't give.",
                        size=None,
                    ),
                ),
            ],
            options={
                "verbose_name": "pull",
                "verbose_name_plural": "pulls",
            },
        ),
        migrations.CreateModel(
            name="PulledPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.CharField(max_length=128)),
                ("number", models.IntegerField()),
                ("content", models.BinaryField(help_text="Compressed (zlib).")),
                (
                    "link",
                    models.TextField(
                        blank=True, help_text="Where the next page is, as JSON; empty: this was the last."
                    ),
                ),
            ],
            options={
                "verbose_name": "pulled part",
                "verbose_name_plural": "pulled parts",
            },
        ),
        migrations.CreateModel(
            name="VendorRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.UUIDField()),
                ("application", models.UUIDField()),
                ("what", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "request to the vendor",
                "verbose_name_plural": "requests to the vendor",
            },
        ),
        migrations.AddField(
            model_name="application",
            name="partner",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.partner"
            ),
        ),
        migrations.AddField(
            model_name="connection",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.partner"
            ),
        ),
        migrations.AddField(
            model_name="pull",
            name="connection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="pulls", to="customers.connection"
            ),
        ),
        migrations.AddField(
            model_name="pulledpart",
            name="pull",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="customers.pull"
            ),
        ),
        migrations.AddIndex(
            model_name="vendorrequest",
            index=models.Index(fields=["tenant_id", "at"], name="request_by_tenant"),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                fields=("partner", "kind", "tenant_id"),
                name="connection_unique",
                violation_error_message="You have a connection with this tenant already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(("failures__gte", 0)),
                name="connection_failures_from_0",
                violation_error_message="A number of failures is 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pull",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "running")),
                fields=("connection",),
                name="pull_one_at_a_time",
                violation_error_message="A pull of this connection is running already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pulledpart",
            constraint=models.UniqueConstraint(
                fields=("pull", "file", "number"),
                name="part_unique",
                violation_error_message="This part of the file is here already.",
            ),
        ),
        secure("customers_application", f"partner_id = {PARTNER}"),
        secure("customers_connection", f"partner_id = {PARTNER}"),
        secure("customers_pull", OF_OWN),
        secure("customers_pulledpart", NOBODY),
        secure("customers_vendorrequest", NOBODY),
    ]
