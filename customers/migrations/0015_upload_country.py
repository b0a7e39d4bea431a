"""An upload says of which country new customers are, whose list doesn't."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0014_statistics")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="country",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of new customers whose list says none; ISO 3166-1 alpha-2.",
                max_length=2,
            ),
            preserve_default=False,
        ),
    ]
