"""Days of the past that somebody wants to have stored."""

import django.db.models.deletion
from django.db import migrations, models

import customers.models.load
from partners.row_security import PARTNER, secure

SERVED = f"customer_id IN (SELECT customer_id FROM customers_relationship WHERE partner_id = {PARTNER} AND status = 'confirmed')"


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0007_saved_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="WantedDays",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wanted_days",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("days", customers.models.load.DateMultiRangeField(db_default=models.Func(function="datemultirange"))),
            ],
            options={
                "verbose_name": "wanted days",
                "verbose_name_plural": "wanted days",
            },
        ),
        secure("insights_wanteddays", SERVED),
    ]
