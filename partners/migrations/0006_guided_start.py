"""Who has put the guided start away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_staff_language")]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="guide_closed",
            field=models.BooleanField(
                default=False, editable=False, help_text="The guided start isn't shown any more."
            ),
        ),
    ]
