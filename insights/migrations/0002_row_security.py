"""Stored figures under row-level security."""

from django.db import migrations

from partners.row_security import ALL_SELLERS, NOBODY, PARTNER, secure

SERVED = f"customer_id IN (SELECT customer_id FROM customers_relationship WHERE partner_id = {PARTNER} AND status = 'confirmed')"
# `own_of` says who sold all of it: such a row of all sellers shows to others while figures are computed only.
OWN_SELLER = f"seller = {PARTNER} OR seller = 0 AND (own_of = 0 OR own_of = {PARTNER} OR {ALL_SELLERS})"


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0001_tables"),
        ("customers", "0006_row_security"),
    ]

    operations = [
        secure("insights_figure", f"({SERVED} AND ({OWN_SELLER}))"),
        secure("insights_figuredays", SERVED),
        secure("insights_workrange", NOBODY),
    ]
