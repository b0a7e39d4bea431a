"""Whoever looks after a partner's customer works there: in the database, whatever the code says."""

from django.db import migrations

STAFF_OF_PARTNER = "ALTER TABLE partners_staff ADD CONSTRAINT staff_of_partner UNIQUE (id, partner_id)"
OWNER_OF_PARTNER = """
    ALTER TABLE customers_account ADD CONSTRAINT account_owner_of_partner FOREIGN KEY (owner_id, partner_id)
        REFERENCES partners_staff (id, partner_id) DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_row_security"),
        ("partners", "0004_row_security"),
    ]

    operations = [
        migrations.RunSQL(STAFF_OF_PARTNER, "ALTER TABLE partners_staff DROP CONSTRAINT staff_of_partner"),
        migrations.RunSQL(OWNER_OF_PARTNER, "ALTER TABLE customers_account DROP CONSTRAINT account_owner_of_partner"),
    ]
