"""Whoever sends, applies or undoes an upload works at its partner's."""

from django.db import migrations

OF_PARTNER = """
    ALTER TABLE customers_upload ADD CONSTRAINT upload_{column}_of_partner FOREIGN KEY ({column}_id, partner_id)
        REFERENCES partners_staff (id, partner_id) DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0016_counting_reads")]

    operations = [
        migrations.RunSQL(
            OF_PARTNER.format(column=column),
            f"ALTER TABLE customers_upload DROP CONSTRAINT upload_{column}_of_partner",
        )
        for column in ("sent_by", "applied_by", "undone_by")
    ]
