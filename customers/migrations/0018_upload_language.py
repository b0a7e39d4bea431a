"""An upload says in which language it is told what came of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0017_upload_staff")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="language",
            field=models.CharField(
                blank=True, default="", help_text="In which it is told what came of it.", max_length=16
            ),
            preserve_default=False,
        ),
    ]
