"""The journal of changes of facts, and what loads brought: an undo rewinds the one and replays the other (decision 0012)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import customers.models.journal
from customers.journalling import DROP_FUNCTION, FUNCTION, journalled
from partners.row_security import NOBODY, secure

# An undo puts rows away and back within one transaction, parents included; the engine removes periods itself.
PERIODS_STAY = """
    ALTER TABLE customers_entitlementperiod
        DROP CONSTRAINT period_subscription_of_customer,
        ADD CONSTRAINT period_subscription_of_customer FOREIGN KEY (subscription_id, customer_id)
            REFERENCES customers_subscription (id, customer_id) {on_delete} DEFERRABLE INITIALLY DEFERRED
"""
CUSTOMER_OF_VERSION = "(SELECT s.customer_id FROM customers_subscription s WHERE s.id = r.subscription_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE customers_step", "DROP SEQUENCE customers_step"),
        migrations.AddField(
            model_name="activitystatement", name="added", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="activitystatement", name="removed", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="coveragestatement", name="added", field=models.IntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="coveragestatement", name="removed", field=models.IntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="load",
            name="undone_at",
            field=models.DateTimeField(help_text="Since then the facts are as if it had never been.", null=True),
        ),
        migrations.AddField(
            model_name="load",
            name="undone_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("step", models.BigIntegerField(db_index=True)),
                ("is_outside", models.BooleanField()),
                ("relation", models.CharField(max_length=63)),
                ("operation", models.CharField(max_length=6)),
                ("customer_id", models.IntegerField()),
                ("ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "entry of the journal",
                "verbose_name_plural": "entries of the journal",
                "indexes": [models.Index(fields=["customer_id", "step"], name="journal_of_customer")],
            },
        ),
        migrations.CreateModel(
            name="LoadStep",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_default=customers.models.journal.NextStep(), primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("today", models.DateField()),
                ("header", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "staged",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("reaches_all", models.BooleanField(default=False)),
                (
                    "alone",
                    models.BooleanField(default=False, help_text="The installation had a single partner."),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="customers.load"
                    ),
                ),
            ],
            options={"verbose_name": "step of a load", "verbose_name_plural": "steps of loads"},
        ),
        migrations.CreateModel(
            name="LoadLines",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("customer_id", models.IntegerField(null=True)),
                ("lines", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "step",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="customers.loadstep",
                    ),
                ),
            ],
            options={
                "verbose_name": "lines of a load",
                "verbose_name_plural": "lines of loads",
                "indexes": [models.Index(fields=["step", "customer_id"], name="load_lines_of_step")],
            },
        ),
        migrations.CreateModel(
            name="RemovedBits",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("customer_id", models.IntegerField()),
                ("workload_id", models.SmallIntegerField(null=True)),
                ("block", models.IntegerField(null=True)),
                ("day", models.DateField()),
                ("source", models.IntegerField()),
                ("bits", models.BigIntegerField()),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.load"
                    ),
                ),
            ],
            options={
                "verbose_name": "bits taken from another source",
                "verbose_name_plural": "bits taken from other sources",
            },
        ),
        secure("customers_journalentry", NOBODY),
        secure("customers_loadstep", NOBODY),
        secure("customers_loadlines", NOBODY),
        secure("customers_removedbits", NOBODY),
        migrations.RunSQL(PERIODS_STAY.format(on_delete=""), PERIODS_STAY.format(on_delete="ON DELETE CASCADE")),
        migrations.RunSQL(FUNCTION, DROP_FUNCTION),
        journalled("customers_customer", key=["tenant_id"], customer="r.id", updates=False),
        journalled("customers_customerprofile", key=["customer_id", "stated_by_id"]),
        journalled("customers_relationship", key=["partner_id", "customer_id", "valid_from"]),
        journalled("customers_person", key=["customer_id", "key"]),
        journalled("customers_subscription", key=["customer_id", "key"], shared=["key"]),
        journalled(
            "customers_subscriptionversion",
            key=["subscription_id", "effective_on", "aside"],
            customer=CUSTOMER_OF_VERSION,
        ),
        journalled("customers_entitlementperiod", key=["subscription_id", "person_number", "valid_from"]),
        journalled("customers_supportcase", key=["partner_id", "key"], shared=["partner_id", "key"]),
        journalled("customers_satisfactionresponse", key=["partner_id", "key"], shared=["partner_id", "key"]),
        journalled("customers_alias", key=["customer_id", "person_number", "name_number", "stated_by_id"]),
        journalled(
            "customers_reported",
            key=[
                "customer_id", "day", "metric", "service", "workload", "sku_id", "product_name", "channel",
                "stated_by_id",
            ],
        ),
    ]  # fmt: skip
