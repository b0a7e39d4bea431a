"""What shows while figures are counted is for reading alone: other sellers' rows can't be written, changed or removed."""

from django.db import migrations

from partners.row_security import read_only_while_counting

TABLES = (
    "subscription",
    "subscriptionversion",
    "entitlementperiod",
    "alias",
    "leftoutperson",
    "holding",
    "seenlist",
    "seensubscription",
    "skutotal",
)


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_upload_country")]

    operations = [read_only_while_counting(f"customers_{table}") for table in TABLES]
