"""The planner may be told at once of tables that have grown much: within the transaction that fills them, too."""

from django.db import migrations

# ANALYZE is the owner's; what may be analysed is said here.
FRESH_STATISTICS = """
    CREATE FUNCTION customers_fresh_statistics(wanted text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        name text;
    BEGIN
        FOREACH name IN ARRAY wanted LOOP
            IF name <> ALL (ARRAY[
                'customers_alias', 'customers_entitlementperiod', 'customers_holding', 'customers_person',
                'customers_subscription', 'customers_subscriptionversion'
            ]) THEN
                RAISE EXCEPTION 'no table of facts: %', name;
            END IF;
            EXECUTE format('ANALYZE %I', name);
        END LOOP;
    END $$;
    REVOKE EXECUTE ON FUNCTION customers_fresh_statistics(text[]) FROM PUBLIC
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_names_of_confirmed")]

    operations = [migrations.RunSQL(FRESH_STATISTICS, "DROP FUNCTION customers_fresh_statistics(text[])")]
