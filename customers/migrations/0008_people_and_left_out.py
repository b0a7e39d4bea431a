"""Who is who, which mailboxes and SKUs are left out, and percentages that a vendor reported; under row-level security."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partners.row_security import ALL_SELLERS, PARTNER, secure

# The partner has, or has had, a confirmed relationship with the customer. Of which days, its selectors know.
SERVED = (
    "customer_id IN (SELECT customer_id FROM customers_relationship"
    f" WHERE partner_id = {PARTNER} AND status = 'confirmed')"
)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_account_owner"),
        ("partners", "0004_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_number", models.IntegerField(help_text="Of the user id.")),
                (
                    "name_number",
                    models.IntegerField(help_text="Of the principal name; empty: none was said.", null=True),
                ),
                ("display_name", models.CharField(blank=True, max_length=256)),
                (
                    "mailbox",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("user", "user"),
                            ("shared", "shared mailbox"),
                            ("room", "room mailbox"),
                            ("equipment", "equipment mailbox"),
                            ("service", "service account"),
                            ("guest", "guest"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_deleted", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "alias",
                "verbose_name_plural": "aliases",
            },
        ),
        migrations.CreateModel(
            name="LeftOutPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.CharField(max_length=256, verbose_name="user id")),
                ("key", models.CharField(help_text="The user id, case folded.", max_length=768)),
                (
                    "mailbox",
                    models.CharField(
                        choices=[
                            ("user", "user"),
                            ("shared", "shared mailbox"),
                            ("room", "room mailbox"),
                            ("equipment", "equipment mailbox"),
                            ("service", "service account"),
                            ("guest", "guest"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("reason", models.CharField(max_length=256, verbose_name="reason")),
                ("left_out_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "mailbox left out",
                "verbose_name_plural": "mailboxes left out",
            },
        ),
        migrations.CreateModel(
            name="LeftOutSku",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=256, verbose_name="reason")),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="The last day. Empty: for good.", null=True, verbose_name="until"
                    ),
                ),
                ("left_out_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "SKU left out",
                "verbose_name_plural": "SKUs left out",
            },
        ),
        migrations.CreateModel(
            name="Reported",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(help_text="As of which the vendor computed it.", verbose_name="day")),
                (
                    "metric",
                    models.CharField(
                        choices=[("deployment", "deployment"), ("usage", "usage")], max_length=16, verbose_name="metric"
                    ),
                ),
                ("service", models.CharField(max_length=64, verbose_name="service")),
                ("workload", models.CharField(blank=True, max_length=64, verbose_name="workload")),
                ("sku_id", models.UUIDField(null=True, verbose_name="SKU id")),
                ("product_name", models.CharField(blank=True, max_length=256, verbose_name="product")),
                ("channel", models.CharField(blank=True, max_length=64, verbose_name="channel")),
                ("numerator", models.BigIntegerField(verbose_name="numerator")),
                ("denominator", models.BigIntegerField(verbose_name="denominator")),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=6,
                        help_text="As reported; its unit isn't.",
                        max_digits=24,
                        null=True,
                        verbose_name="percent",
                    ),
                ),
            ],
            options={
                "verbose_name": "reported percentage",
                "verbose_name_plural": "reported percentages",
            },
        ),
        migrations.AddField(
            model_name="person",
            name="same_as",
            field=models.IntegerField(
                help_text="The lowest number of the same person; empty: it is this one, or the only one.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="load",
            name="kind",
            field=models.CharField(
                choices=[
                    ("feed", "feed"),
                    ("catalogue", "catalogue"),
                    ("correction", "correction"),
                    ("import", "import"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("same_as__isnull", False)), fields=["customer", "same_as"], name="person_by_same_as"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("same_as__isnull", True), ("same_as__lt", models.F("number")), _connector="OR"),
                name="person_same_as_lower",
                violation_error_message="Of a person's numbers the lowest stands for all.",
            ),
        ),
        migrations.AddField(
            model_name="alias",
            name="customer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="alias",
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
            model_name="alias",
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
            model_name="leftoutperson",
            name="customer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="leftoutperson",
            name="left_out_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="leftoutperson",
            name="partner",
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
            model_name="leftoutsku",
            name="left_out_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="leftoutsku",
            name="partner",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.partner"
            ),
        ),
        migrations.AddField(
            model_name="leftoutsku",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.sku"
            ),
        ),
        migrations.AddField(
            model_name="reported",
            name="customer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="reported",
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
            model_name="reported",
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
            model_name="alias",
            constraint=models.UniqueConstraint(
                fields=("customer", "person_number", "name_number", "stated_by"),
                name="alias_unique",
                nulls_distinct=False,
                violation_error_message="The same source has said this already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name_number__isnull", True),
                    models.Q(("name_number", models.F("person_number")), _negated=True),
                    _connector="OR",
                ),
                name="alias_of_another",
                violation_error_message="An identifier is no alias of itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftoutperson",
            constraint=models.UniqueConstraint(
                fields=("customer", "key", "partner"),
                name="left_out_person_once",
                nulls_distinct=False,
                violation_error_message="This mailbox is left out already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftoutsku",
            constraint=models.UniqueConstraint(
                fields=("partner", "sku"),
                name="left_out_sku_once",
                violation_error_message="This SKU is left out already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reported",
            constraint=models.UniqueConstraint(
                fields=(
                    "customer",
                    "day",
                    "metric",
                    "service",
                    "workload",
                    "sku_id",
                    "product_name",
                    "channel",
                    "stated_by",
                ),
                name="reported_unique",
                nulls_distinct=False,
                violation_error_message="The same source has reported this already.",
            ),
        ),
        secure("customers_alias", f"({SERVED} AND (stated_by_id = {PARTNER} OR {ALL_SELLERS}))"),
        # Whoever left a mailbox out, it counts in nobody's figures; why shows to whoever did.
        secure(
            "customers_leftoutperson",
            f"({SERVED} AND (partner_id = {PARTNER} OR {ALL_SELLERS}))",
            written=f"({SERVED} AND partner_id = {PARTNER})",
        ),
        secure("customers_leftoutsku", f"partner_id = {PARTNER}"),
        secure("customers_reported", f"({SERVED} AND stated_by_id = {PARTNER})"),
    ]
