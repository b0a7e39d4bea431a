import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import customers.models.customer


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("partners", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="customerprofile",
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
            model_name="entitlementperiod",
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
            model_name="entitlementperiod",
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
            model_name="load",
            name="stated_by",
            field=models.ForeignKey(
                help_text="Empty: the operator.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AddField(
            model_name="entitlementperiod",
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
            model_name="customerprofile",
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
            model_name="coveragestatement",
            name="load",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.load"
            ),
        ),
        migrations.AddField(
            model_name="loadedfile",
            name="load",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="customers.load"
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="people",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="entitlementperiod",
            name="person",
            field=models.ForeignObject(
                from_fields=["customer", "person_number"],
                on_delete=django.db.models.deletion.CASCADE,
                related_name="periods",
                to="customers.person",
                to_fields=["customer", "number"],
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="relationships", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="relationship",
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
            model_name="relationship",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="relationships", to="partners.partner"
            ),
        ),
        migrations.AddField(
            model_name="relationship",
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
            model_name="satisfactionresponse",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="satisfaction", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="satisfactionresponse",
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
            model_name="satisfactionresponse",
            name="partner",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.partner"
            ),
        ),
        migrations.AddField(
            model_name="satisfactionresponse",
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
            model_name="sku",
            name="family",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="skus", to="customers.family"
            ),
        ),
        migrations.AddField(
            model_name="sku",
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
            model_name="sku",
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
            model_name="subscription",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="subscriptions", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="seller",
            field=models.ForeignKey(
                help_text="Empty: external.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AddField(
            model_name="entitlementperiod",
            name="subscription",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="periods",
                to="customers.subscription",
            ),
        ),
        migrations.AddField(
            model_name="subscriptionversion",
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
            model_name="subscriptionversion",
            name="seller",
            field=models.ForeignKey(
                db_index=False,
                help_text="Empty: external.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AddField(
            model_name="subscriptionversion",
            name="sku",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.sku"),
        ),
        migrations.AddField(
            model_name="subscriptionversion",
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
            model_name="subscriptionversion",
            name="subscription",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="customers.subscription",
            ),
        ),
        migrations.AddField(
            model_name="supportcase",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="support_cases", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="supportcase",
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
            model_name="supportcase",
            name="partner",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.partner"
            ),
        ),
        migrations.AddField(
            model_name="supportcase",
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
            model_name="workload",
            name="unlicensed_family",
            field=models.ForeignKey(
                blank=True,
                help_text="Set: people can use this workload without a licence, and such use counts in this family.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.family",
            ),
        ),
        migrations.AddField(
            model_name="sku",
            name="workloads",
            field=models.ManyToManyField(
                blank=True, db_table="customers_sku_workload", related_name="skus", to="customers.workload"
            ),
        ),
        migrations.AddField(
            model_name="coveragestatement",
            name="workload",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.workload",
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="workload",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.workload",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerprofile",
            constraint=models.UniqueConstraint(
                fields=("customer", "stated_by"),
                name="profile_once_per_source",
                nulls_distinct=False,
                violation_error_message="The same source has stated this customer's profile already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                name="profile_country_code",
                violation_error_message="A country is written as its two-letter code of ISO 3166-1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                fields=("customer", "number"),
                name="person_number_unique",
                violation_error_message="The number of a person is given once within a customer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                fields=("customer", "key"),
                name="person_user_unique",
                violation_error_message="This customer has a person with that user id already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 0)),
                name="person_number_from_0",
                violation_error_message="People are numbered from 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.UniqueConstraint(
                fields=("partner", "customer", "valid_from"),
                name="relationship_unique",
                violation_error_message="A relationship of this partner and customer begins on that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="relationship_ends_after_start",
                violation_error_message="A relationship ends after the day on which it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status", "confirmed")),
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    ("partner", "="),
                    ("customer", "="),
                    (customers.models.customer.DateRange("valid_from", "valid_to"), "&&"),
                ],
                name="relationship_no_overlap",
                violation_error_message="Relationships of the same partner and customer must not overlap.",
            ),
        ),
        migrations.AddConstraint(
            model_name="satisfactionresponse",
            constraint=models.UniqueConstraint(
                fields=("partner", "key"),
                name="satisfaction_unique",
                violation_error_message="This partner has a response with that id already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="satisfactionresponse",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                name="satisfaction_score_1_to_5",
                violation_error_message="A score is a whole number from 1 to 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("aside", False)),
                fields=("key",),
                name="subscription_unique",
                violation_error_message="A subscription with this id is known already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("key", "customer"),
                name="subscription_once_per_customer",
                violation_error_message="This customer has a subscription with that id already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("id", "customer"),
                name="subscription_of_customer",
                violation_error_message="A subscription keeps its customer for life.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("aside", False), ("seller__isnull", True), _connector="OR"),
                name="subscription_aside_is_external",
                violation_error_message="Only what others state as external is kept aside.",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitlementperiod",
            constraint=models.UniqueConstraint(
                fields=("customer", "subscription", "person_number", "valid_from"),
                name="period_unique",
                violation_error_message="A period of this subscription and user begins on that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitlementperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="period_ends_after_start",
                violation_error_message="A period ends after the day on which it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitlementperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["entitled", "suspended_fraud", "suspended_nonpayment", "upgraded", "cancelled"])
                ),
                name="period_state_known",
                violation_error_message="A state is entitled, suspended_fraud, suspended_nonpayment, upgraded or cancelled.",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitlementperiod",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
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
        migrations.AddConstraint(
            model_name="subscriptionversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("aside", False)),
                fields=("subscription", "effective_on"),
                name="version_unique",
                violation_error_message="A version of this subscription takes effect on that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("aside", True)),
                fields=("subscription", "effective_on"),
                name="version_aside_unique",
                violation_error_message="Another source has stated a version of that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("aside", False), ("seller__isnull", True), _connector="OR"),
                name="version_aside_is_external",
                violation_error_message="Only what others state as external is kept aside.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 0)),
                name="version_quantity_from_0",
                violation_error_message="A quantity is 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["active", "grace", "disabled", "deprovisioned"])),
                name="version_status_known",
                violation_error_message="A status is active, grace, disabled or deprovisioned.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^([A-Z]{3})?$")),
                name="version_currency_code",
                violation_error_message="A currency is written as its three-letter code of ISO 4217.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__isnull", True), ("unit_price__gte", 0), _connector="OR"),
                name="version_price_from_0",
                violation_error_message="A unit price is 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportcase",
            constraint=models.UniqueConstraint(
                fields=("partner", "key"),
                name="support_case_unique",
                violation_error_message="This partner has a support case with that id already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["how_to", "incident", "billing", "other"])),
                name="support_case_kind_known",
                violation_error_message="A kind is how_to, incident, billing or other.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coveragestatement",
            constraint=models.UniqueConstraint(
                fields=("load", "customer", "workload", "month"),
                name="coverage_statement_unique",
                nulls_distinct=False,
                violation_error_message="A load states the coverage of a month once.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.UniqueConstraint(
                fields=("customer", "month", "workload", "source"),
                name="coverage_unique",
                nulls_distinct=False,
                violation_error_message="The coverage of a month is kept once per source.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)),
                name="coverage_month_first",
                violation_error_message="A month is written as its first day.",
            ),
        ),
    ]
