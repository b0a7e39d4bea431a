"""A user id remembers which partner wrote it first: in its capitals no other reads it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0020_references")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="writer",
            field=models.IntegerField(
                help_text="The key of the partner that wrote it so; empty: the operator, or somebody long ago.",
                null=True,
            ),
        ),
    ]
