import django.db.models.deletion
from django.db import migrations, models

import customers.models.load


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0003_bits"),
    ]

    operations = [
        migrations.CreateModel(
            name="FigureDays",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="figure_days",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("epoch", models.BigIntegerField()),
                ("days", customers.models.load.DateMultiRangeField(db_default=models.Func(function="datemultirange"))),
            ],
            options={
                "verbose_name": "stored days",
                "verbose_name_plural": "stored days",
            },
        ),
        migrations.CreateModel(
            name="WorkRange",
            fields=[
                (
                    "id",
                    models.IntegerField(
                        help_text="Customer id // CUSTOMERS_PER_RANGE.", primary_key=True, serialize=False
                    ),
                ),
                ("claimed_until", models.DateTimeField(null=True)),
                ("claimed_by", models.CharField(blank=True, max_length=256)),
            ],
            options={
                "verbose_name": "range of work",
                "verbose_name_plural": "ranges of work",
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer",
                        "seller",
                        "family",
                        "sku",
                        "workload",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seller", models.IntegerField(help_text="A partner's key: what it sold itself; 0: all sellers.")),
                ("family", models.SmallIntegerField(help_text="0: all families.")),
                ("sku", models.IntegerField(help_text="0: all SKUs of the family.")),
                ("workload", models.SmallIntegerField(help_text="0: any.")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("sold", models.BigIntegerField()),
                ("blocked", models.IntegerField()),
                ("entitlements", models.BigIntegerField()),
                ("assigned", models.IntegerField()),
                ("active_current", models.IntegerField()),
                ("active_former", models.IntegerField()),
                ("active_lapsed", models.IntegerField()),
                ("active_trial", models.IntegerField()),
                ("active_unlicensed", models.IntegerField()),
                ("users", models.IntegerField()),
                ("active_users", models.IntegerField()),
                ("unassigned", models.BigIntegerField()),
                ("overassigned", models.BigIntegerField()),
                ("covered_days", models.SmallIntegerField()),
                (
                    "own_of",
                    models.IntegerField(
                        default=0,
                        help_text="Of all sellers: the partner whose own row is the same, and not stored; 0: of none.",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "figure",
                "verbose_name_plural": "figures",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="figure_ends_after_start",
                        violation_error_message="A figure holds for at least one day.",
                    )
                ],
            },
        ),
    ]
