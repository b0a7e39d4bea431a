"""Who holds which SKU, the lists and totals from which that was learnt, and what of it is allotted; under row-level security."""

import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import customers.models.customer
from customers.journalling import journalled
from partners.row_security import ALL_SELLERS, PARTNER, secure

# What a partner stated itself shows to it; places are given in view of what everybody stated.
OWN = (
    "(customer_id IN (SELECT customer_id FROM customers_relationship"
    f" WHERE partner_id = {PARTNER} AND status = 'confirmed')"
    f" AND (stated_by_id = {PARTNER} OR {ALL_SELLERS}))"
)
HOLDER_OF_CUSTOMER = """
    ALTER TABLE customers_holding ADD CONSTRAINT holding_person_of_customer FOREIGN KEY (customer_id, person_number)
        REFERENCES customers_person (customer_id, number) DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_connections"),
        ("partners", "0004_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_number", models.IntegerField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("stated", "stated"),
                            ("directory", "directory"),
                            ("report", "report"),
                            ("report_concealed", "report_concealed"),
                        ],
                        max_length=24,
                        verbose_name="source",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entitled", "entitled"),
                            ("suspended_fraud", "suspended_fraud"),
                            ("suspended_nonpayment", "suspended_nonpayment"),
                            ("upgraded", "upgraded"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=24,
                        verbose_name="state",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, help_text="The first day after. Empty: still.", null=True, verbose_name="to"
                    ),
                ),
            ],
            options={
                "verbose_name": "holding",
                "verbose_name_plural": "holdings",
            },
        ),
        migrations.CreateModel(
            name="SeenList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("directory", "directory"),
                            ("report", "report"),
                            ("report_concealed", "report_concealed"),
                        ],
                        max_length=24,
                        verbose_name="source",
                    ),
                ),
                ("person_number", models.IntegerField(help_text="Empty: complete for the customer.", null=True)),
            ],
            options={
                "verbose_name": "list seen",
                "verbose_name_plural": "lists seen",
            },
        ),
        migrations.CreateModel(
            name="SeenSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="The subscription id, case folded.", max_length=768)),
                ("day", models.DateField(verbose_name="day")),
            ],
            options={
                "verbose_name": "subscription seen",
                "verbose_name_plural": "subscriptions seen",
            },
        ),
        migrations.CreateModel(
            name="SkuTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("enabled", models.IntegerField(verbose_name="enabled")),
                ("warning", models.IntegerField(help_text="In grace.", verbose_name="warning")),
                ("suspended", models.IntegerField(help_text="Disabled.", verbose_name="suspended")),
                ("locked_out", models.IntegerField(null=True, verbose_name="locked out")),
                (
                    "consumed",
                    models.IntegerField(help_text="Evidence only: no figure rests on it.", verbose_name="consumed"),
                ),
            ],
            options={
                "verbose_name": "total of an SKU",
                "verbose_name_plural": "totals of SKUs",
            },
        ),
        migrations.AddField(
            model_name="entitlementperiod",
            name="allotted",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Nobody said which subscription: it follows from who holds the SKU (customers.allotment).",
                verbose_name="allotted",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitlementperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("allotted", False), models.Q(("load__isnull", True), ("stated_by__isnull", True)), _connector="OR"
                ),
                name="period_allotted_by_nobody",
                violation_error_message="What is allotted was stated by nobody.",
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="load",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.load",
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="person",
            field=models.ForeignObject(
                from_fields=["customer", "person_number"],
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.person",
                to_fields=["customer", "number"],
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="sku",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.sku",
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="stated_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="Empty: the operator.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AddField(
            model_name="seenlist",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="seenlist",
            name="load",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.load",
            ),
        ),
        migrations.AddField(
            model_name="seenlist",
            name="stated_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="Empty: the operator.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AddField(
            model_name="seensubscription",
            name="customer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="seensubscription",
            name="load",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.load",
            ),
        ),
        migrations.AddField(
            model_name="seensubscription",
            name="stated_by",
            field=models.ForeignKey(
                db_index=False,
                help_text="Empty: the operator.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AddField(
            model_name="skutotal",
            name="customer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="skutotal",
            name="load",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.load",
            ),
        ),
        migrations.AddField(
            model_name="skutotal",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.sku"
            ),
        ),
        migrations.AddField(
            model_name="skutotal",
            name="stated_by",
            field=models.ForeignKey(
                db_index=False,
                help_text="Empty: the operator.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.UniqueConstraint(
                fields=("customer", "person_number", "sku", "valid_from", "source", "stated_by"),
                name="holding_unique",
                nulls_distinct=False,
                violation_error_message="A holding of this user and SKU begins on that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="holding_ends_after_start",
                violation_error_message="A holding ends after the day on which it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["entitled", "suspended_fraud", "suspended_nonpayment", "upgraded", "cancelled"])
                ),
                name="holding_state_known",
                violation_error_message="A state is entitled, suspended_fraud, suspended_nonpayment, upgraded or cancelled.",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["stated", "directory", "report", "report_concealed"])),
                name="holding_source_known",
                violation_error_message="A source is stated, directory, report or report_concealed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("source", "stated")),
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    ("customer", "="),
                    ("person_number", "="),
                    ("sku", "="),
                    (django.db.models.functions.comparison.Coalesce("stated_by", 0), "="),
                    (customers.models.customer.DateRange("valid_from", "valid_to"), "&&"),
                ],
                name="holding_no_overlap",
                violation_error_message="Holdings of the same user and SKU must not overlap.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seenlist",
            constraint=models.UniqueConstraint(
                fields=("customer", "source", "stated_by", "person_number", "day"),
                name="list_unique",
                nulls_distinct=False,
                violation_error_message="This list of that day is known already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seenlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["directory", "report", "report_concealed"])),
                name="list_source_known",
                violation_error_message="A list is of the source directory, report or report_concealed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seensubscription",
            constraint=models.UniqueConstraint(
                fields=("customer", "key", "stated_by", "day"),
                name="subscription_seen_unique",
                nulls_distinct=False,
                violation_error_message="This subscription was seen on that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="skutotal",
            constraint=models.UniqueConstraint(
                fields=("customer", "sku", "day", "stated_by"),
                name="sku_total_unique",
                nulls_distinct=False,
                violation_error_message="The same source has stated this SKU's total of that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="skutotal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consumed__gte", 0),
                    ("enabled__gte", 0),
                    ("suspended__gte", 0),
                    ("warning__gte", 0),
                    models.Q(("locked_out__isnull", True), ("locked_out__gte", 0), _connector="OR"),
                ),
                name="sku_total_from_0",
                violation_error_message="A number of licences is 0 or more.",
            ),
        ),
        migrations.RemoveConstraint(model_name="entitlementperiod", name="period_no_overlap"),
        migrations.AddConstraint(
            model_name="entitlementperiod",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("allotted", False)),
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    ("subscription", "="),
                    ("person_number", "="),
                    (customers.models.customer.DateRange("valid_from", "valid_to"), "&&"),
                ],
                name="period_no_overlap",
                violation_error_message="Periods of the same subscription and user must not overlap.",
            ),
        ),
        migrations.RunSQL(
            HOLDER_OF_CUSTOMER, "ALTER TABLE customers_holding DROP CONSTRAINT holding_person_of_customer"
        ),
        secure("customers_holding", OWN),
        secure("customers_seenlist", OWN),
        secure("customers_seensubscription", OWN),
        secure("customers_skutotal", OWN),
        journalled(
            "customers_holding",
            key=["customer_id", "person_number", "sku_id", "valid_from", "source", "stated_by_id"],
        ),
        journalled("customers_seenlist", key=["customer_id", "source", "stated_by_id", "person_number", "day"]),
        journalled("customers_seensubscription", key=["customer_id", "key", "stated_by_id", "day"]),
        journalled("customers_skutotal", key=["customer_id", "sku_id", "day", "stated_by_id"]),
    ]
