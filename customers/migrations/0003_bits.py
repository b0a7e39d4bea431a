"""Activity as bits, partitioned by month; and that a licence stays within one customer."""

import django.db.models.deletion
from django.db import migrations, models

# No foreign keys: checking them row by row took more than half of the time of a load. The loader joins both keys from
# their tables, and neither a customer nor a workload is removed without its activity.
ACTIVITY = """
    CREATE TABLE customers_activity (
        customer_id integer NOT NULL,
        workload_id smallint NOT NULL,
        block integer NOT NULL CHECK (block >= 0),
        day date NOT NULL,
        source integer NOT NULL CHECK (source >= 0),
        bits bigint NOT NULL CHECK (bits <> 0),
        PRIMARY KEY (customer_id, workload_id, block, day, source)
    ) PARTITION BY RANGE (day)
"""

# The application owns nothing, so it can't create a partition by itself; this function does it with the owner's rights.
# Attached, not created as a partition: that would keep all readers of activity waiting until the load commits.
ENSURE_MONTH = """
    CREATE FUNCTION customers_ensure_activity_month(day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        first date := date_trunc('month', day)::date;
        month text := 'customers_activity_' || to_char(first, 'YYYYMM');
    BEGIN
        IF to_regclass(month) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE customers_activity INCLUDING ALL)', month);
            EXECUTE format(
                'ALTER TABLE customers_activity ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                month, first, (first + interval '1 month')::date
            );
        END IF;
    END $$
"""

LICENCE_WITHIN_CUSTOMER = """
    ALTER TABLE customers_entitlementperiod
        ADD CONSTRAINT period_subscription_of_customer FOREIGN KEY (subscription_id, customer_id)
            REFERENCES customers_subscription (id, customer_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
        ADD CONSTRAINT period_person_of_customer FOREIGN KEY (customer_id, person_number)
            REFERENCES customers_person (customer_id, number) DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_rules")]

    operations = [
        migrations.RunSQL(ENSURE_MONTH, "DROP FUNCTION customers_ensure_activity_month(date)"),
        migrations.RunSQL(
            "REVOKE EXECUTE ON FUNCTION customers_ensure_activity_month(date) FROM PUBLIC", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ACTIVITY,
            "DROP TABLE customers_activity",
            state_operations=[
                migrations.CreateModel(
                    name="Activity",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer",
                                "workload",
                                "block",
                                "day",
                                "source",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("block", models.IntegerField()),
                        ("day", models.DateField()),
                        ("source", models.IntegerField()),
                        ("bits", models.BigIntegerField()),
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
                        (
                            "workload",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.workload",
                            ),
                        ),
                    ],
                    options={"verbose_name": "activity", "verbose_name_plural": "activity"},
                ),
            ],
        ),
        migrations.CreateModel(
            name="ActivityStatement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "load",
                        "customer",
                        "workload",
                        "block",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("block", models.IntegerField()),
                ("day", models.DateField()),
                ("stated", models.BigIntegerField()),
                ("retracted", models.BigIntegerField()),
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
                (
                    "load",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.load",
                    ),
                ),
                (
                    "workload",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.workload",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement of activity",
                "verbose_name_plural": "statements of activity",
            },
        ),
        migrations.RunSQL(
            LICENCE_WITHIN_CUSTOMER,
            "ALTER TABLE customers_entitlementperiod"
            " DROP CONSTRAINT period_subscription_of_customer, DROP CONSTRAINT period_person_of_customer",
        ),
    ]
