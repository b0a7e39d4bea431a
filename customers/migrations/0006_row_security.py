"""Customers, what they hold and what is known of them under row-level security (metrics.md, "Whose figures a partner sees")."""

from django.db import migrations

from partners.row_security import ALL_SELLERS, EVERYTHING, PARTNER, secure

# A name that somebody else stated shows where neither the partner nor the operator stated one (feed.md). Asked with the
# owner's rights: a policy can't look at its own table.
SHOWN_PROFILE = """
    CREATE FUNCTION customers_shown_profile(customer int, partner int) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT id FROM customers_customerprofile
        WHERE customer_id = customer
        ORDER BY stated_by_id IS NOT DISTINCT FROM partner DESC, stated_by_id IS NULL DESC, id
        LIMIT 1
    $$;
    REVOKE EXECUTE ON FUNCTION customers_shown_profile(int, int) FROM PUBLIC
"""

# A partition could be read around its parent's policy. Nobody but the operator reads or writes one by its own name.
CLOSE_PARTITION = f"""
    ALTER TABLE %I ENABLE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON %I USING ({EVERYTHING}) WITH CHECK ({EVERYTHING})
"""
CLOSE_PARTITIONS = f"""
    DO $$
    DECLARE month name;
    BEGIN
        FOR month IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'customers_activity'::regclass LOOP
            EXECUTE format('{CLOSE_PARTITION.replace("'", "''")}', month, month);
        END LOOP;
    END $$
"""
OPEN_PARTITIONS = """
    DO $$
    DECLARE month name;
    BEGIN
        FOR month IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'customers_activity'::regclass LOOP
            EXECUTE format('DROP POLICY tenant ON %I; ALTER TABLE %I DISABLE ROW LEVEL SECURITY', month, month);
        END LOOP;
    END $$
"""
ENSURE_MONTH = """
    CREATE OR REPLACE FUNCTION customers_ensure_activity_month(day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        first date := date_trunc('month', day)::date;
        month text := 'customers_activity_' || to_char(first, 'YYYYMM');
    BEGIN
        IF to_regclass(month) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE customers_activity INCLUDING ALL)', month);
            EXECUTE format('{close}', month, month);
            EXECUTE format(
                'ALTER TABLE customers_activity ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                month, first, (first + interval '1 month')::date
            );
        END IF;
    END $$
"""


def served(column: str) -> str:
    """The partner has, or has had, a confirmed relationship with the customer. Of which days, its selectors know."""
    return (
        f"{column} IN (SELECT customer_id FROM customers_relationship"
        f" WHERE partner_id = {PARTNER} AND status = 'confirmed')"
    )


def shows(table: str, column: str) -> str:
    """The row of `table` shows to which `column` refers, written with its own table: `table` may have one of that name."""
    return f"EXISTS (SELECT FROM {table} referred WHERE referred.id = {column})"


SERVED = served("customer_id")
VERSION_OF_OWN = shows("customers_subscription", "customers_subscriptionversion.subscription_id")
PERIOD_OF_OWN = shows("customers_subscription", "customers_entitlementperiod.subscription_id")
PROFILE = (
    f"stated_by_id = {PARTNER}"
    f" OR ({SERVED} AND (stated_by_id IS NULL OR id = customers_shown_profile(customer_id, {PARTNER})))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_account"),
        ("partners", "0004_row_security"),
    ]

    operations = [
        migrations.RunSQL(SHOWN_PROFILE, "DROP FUNCTION customers_shown_profile(int, int)"),
        secure("customers_customer", served("id")),
        # A partner states its own relationships as claims; that they are confirmed says the operator.
        secure(
            "customers_relationship",
            f"partner_id = {PARTNER}",
            written=f"(partner_id = {PARTNER} AND status = 'claimed')",
        ),
        secure("customers_customerprofile", PROFILE, written=f"(stated_by_id = {PARTNER} AND {SERVED})"),
        secure("customers_person", SERVED),
        secure("customers_load", f"stated_by_id = {PARTNER}"),
        secure("customers_loadedfile", shows("customers_load", "customers_loadedfile.load_id")),
        secure("customers_staledays", SERVED),
        secure("customers_subscription", f"({SERVED} AND (seller_id = {PARTNER} OR {ALL_SELLERS}))"),
        secure(
            "customers_subscriptionversion",
            f"({VERSION_OF_OWN} AND (NOT aside OR stated_by_id = {PARTNER} OR {ALL_SELLERS}))",
        ),
        # What the partner delivered itself shows with others' subscriptions too: it may know these people's names.
        secure(
            "customers_entitlementperiod",
            f"({SERVED} AND ({ALL_SELLERS} OR stated_by_id = {PARTNER} OR {PERIOD_OF_OWN}))",
        ),
        secure("customers_activity", SERVED),
        migrations.RunSQL(CLOSE_PARTITIONS, OPEN_PARTITIONS),
        migrations.RunSQL(ENSURE_MONTH.replace("{close}", CLOSE_PARTITION.replace("'", "''")), migrations.RunSQL.noop),
        secure(
            "customers_activitystatement",
            f"({shows('customers_load', 'customers_activitystatement.load_id')} AND {SERVED})",
        ),
        secure("customers_coverage", SERVED),
        secure(
            "customers_coveragestatement",
            f"({shows('customers_load', 'customers_coveragestatement.load_id')} AND {SERVED})",
        ),
        secure("customers_supportcase", f"partner_id = {PARTNER}"),
        secure("customers_satisfactionresponse", f"partner_id = {PARTNER}"),
        secure("customers_account", f"partner_id = {PARTNER}"),
        secure("customers_contact", shows("customers_account", "customers_contact.account_id")),
    ]
