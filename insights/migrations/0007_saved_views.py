"""Filters that somebody keeps under a name; whoever keeps them works at their partner's."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from partners.row_security import PARTNER, secure

OWNER_OF_PARTNER = """
    ALTER TABLE insights_savedview ADD CONSTRAINT view_owner_of_partner FOREIGN KEY (owner_id, partner_id)
        REFERENCES partners_staff (id, partner_id) DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_account_owner"),
        ("insights", "0006_export_staff"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "page",
                    models.CharField(
                        help_text="Its address, such as /customers/.", max_length=200, verbose_name="page"
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        help_text="The parameters, as insights.views.filtered.kept writes them.", max_length=2000
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                ("is_shared", models.BooleanField(default=False, verbose_name="shared with the team")),
                (
                    "is_default",
                    models.BooleanField(
                        default=False, help_text="For its owner alone.", verbose_name="opens by itself"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "indexes": [models.Index(fields=["partner", "page"], name="view_by_page")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("owner"),
                        models.F("page"),
                        django.db.models.functions.text.Lower("name"),
                        name="view_name_once",
                        violation_error_message="You have a view of this name on this page already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("owner", "page"),
                        name="view_default_once",
                        violation_error_message="Another view opens by itself on this page.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("page", ""), _negated=True),
                            models.Q(("query", ""), _negated=True),
                        ),
                        name="view_named",
                        violation_error_message="A view needs a name, a page, and something that it asks for.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(OWNER_OF_PARTNER, "ALTER TABLE insights_savedview DROP CONSTRAINT view_owner_of_partner"),
        secure("insights_savedview", f"partner_id = {PARTNER}"),
    ]
