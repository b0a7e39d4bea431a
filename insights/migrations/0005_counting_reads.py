"""Stored figures that show while figures are counted are for reading alone."""

from django.db import migrations

from partners.row_security import read_only_while_counting


class Migration(migrations.Migration):
    dependencies = [("insights", "0004_exports")]

    operations = [read_only_while_counting("insights_figure")]
