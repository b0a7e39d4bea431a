"""What somebody else calls a customer shows only where that partner's relationship with it was confirmed."""

from django.db import migrations

SHOWN_PROFILE = """
    CREATE OR REPLACE FUNCTION customers_shown_profile(customer int, partner int) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT p.id FROM customers_customerprofile p
        WHERE p.customer_id = customer {whose}
        ORDER BY p.stated_by_id IS NOT DISTINCT FROM partner DESC, p.stated_by_id IS NULL DESC, p.id
        LIMIT 1
    $$
"""
OF_CONFIRMED = """
          AND (p.stated_by_id IS NULL OR p.stated_by_id = partner OR EXISTS (
              SELECT FROM customers_relationship r
              WHERE r.customer_id = customer AND r.partner_id = p.stated_by_id AND r.status = 'confirmed'
          ))
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_holdings")]

    operations = [
        migrations.RunSQL(SHOWN_PROFILE.format(whose=OF_CONFIRMED), SHOWN_PROFILE.format(whose="")),
    ]
