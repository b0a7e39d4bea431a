"""Figures at the ends of months, for trends; and figures found by the day until which they held."""

import django.db.models.deletion
from django.db import migrations, models

from partners.row_security import ALL_SELLERS, PARTNER, read_only_while_counting, secure

SERVED = f"customer_id IN (SELECT customer_id FROM customers_relationship WHERE partner_id = {PARTNER} AND status = 'confirmed')"
OWN_SELLER = f"seller = {PARTNER} OR seller = 0 AND (own_of = 0 OR own_of = {PARTNER} OR {ALL_SELLERS})"
COUNTS = "sold, entitlements, unassigned, assigned, active_current, active_former, active_lapsed, active_trial, active_unlicensed, users, active_users, own_of, covered_days"
KEY = "customer_id, seller, family, sku, workload"

# What a trend reads stands in the index itself: a customer's months are neighbours there, and far apart in the table.
COVERING = f"""
    ALTER TABLE insights_monthfigure
        DROP CONSTRAINT insights_monthfigure_pkey,
        ADD CONSTRAINT insights_monthfigure_pkey PRIMARY KEY ({KEY}, day) INCLUDE ({COUNTS});
    ALTER TABLE insights_monthfigure SET (autovacuum_vacuum_insert_scale_factor = 0.01);
"""
PLAIN = f"""
    ALTER TABLE insights_monthfigure
        DROP CONSTRAINT insights_monthfigure_pkey, ADD CONSTRAINT insights_monthfigure_pkey PRIMARY KEY ({KEY}, day);
    ALTER TABLE insights_monthfigure RESET (autovacuum_vacuum_insert_scale_factor);
"""
# What is stored already, of days that are stored at all; stale ones become right when they are worked off.
FILL = f"""
    INSERT INTO insights_monthfigure ({KEY}, day, {COUNTS})
    SELECT {", ".join("f." + name.strip() for name in KEY.split(","))}, m.day, {", ".join("f." + name.strip() for name in COUNTS.split(","))}
    FROM (
        SELECT (month + interval '1 month')::date - 1 AS day
        FROM generate_series((SELECT date_trunc('month', min(valid_from)) FROM insights_figure), now(), interval '1 month') month
    ) m
    JOIN insights_figure f ON f.valid_from <= m.day AND (f.valid_to IS NULL OR f.valid_to > m.day)
    JOIN insights_figuredays d ON d.customer_id = f.customer_id AND d.days @> m.day
"""


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0008_wanted_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthFigure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer",
                        "seller",
                        "family",
                        "sku",
                        "workload",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seller", models.IntegerField()),
                ("family", models.SmallIntegerField()),
                ("sku", models.IntegerField()),
                ("workload", models.SmallIntegerField()),
                ("day", models.DateField()),
                ("sold", models.BigIntegerField()),
                ("entitlements", models.BigIntegerField()),
                ("unassigned", models.BigIntegerField()),
                ("assigned", models.IntegerField()),
                ("active_current", models.IntegerField()),
                ("active_former", models.IntegerField()),
                ("active_lapsed", models.IntegerField()),
                ("active_trial", models.IntegerField()),
                ("active_unlicensed", models.IntegerField()),
                ("users", models.IntegerField()),
                ("active_users", models.IntegerField()),
                ("own_of", models.IntegerField(default=0)),
                ("covered_days", models.SmallIntegerField()),
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
                "verbose_name": "figure of a month",
                "verbose_name_plural": "figures of months",
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(COVERING, PLAIN),
        secure("insights_monthfigure", f"({SERVED} AND ({OWN_SELLER}))"),
        read_only_while_counting("insights_monthfigure"),
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(fields=["customer", "valid_to"], name="figure_until"),
        ),
    ]
