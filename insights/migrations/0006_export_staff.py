"""Whoever asks for an export, or has one sent as a report, works at its partner's."""

from django.db import migrations

OF_PARTNER = """
    ALTER TABLE insights_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, partner_id)
        REFERENCES partners_staff (id, partner_id) DEFERRABLE INITIALLY DEFERRED
"""


def of_partner(table: str, column: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        OF_PARTNER.format(table=table, column=column, name=name), f"ALTER TABLE insights_{table} DROP CONSTRAINT {name}"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_account_owner"),
        ("insights", "0005_counting_reads"),
    ]

    operations = [
        of_partner("exportjob", "staff_id", "export_staff_of_partner"),
        of_partner("report", "owner_id", "report_owner_of_partner"),
    ]
