from django.db import migrations, models

LANGUAGES = [
    ("en", "English"),
    ("it", "Italiano"),
    ("zh-hans", "简体中文"),
    ("es", "Español"),
    ("sv", "Svenska"),
    ("nl", "Nederlands"),
]


class Migration(migrations.Migration):
    dependencies = [("partners", "0004_row_security")]
    operations = [
        migrations.AlterField(
            model_name="staff",
            name="language",
            field=models.CharField(
                blank=True,
                choices=LANGUAGES,
                help_text="Of pages and mails; empty: as the browser asks.",
                max_length=16,
                verbose_name="language",
            ),
        ),
    ]
