"""A million people, names and licences at once: no foreign keys that are checked row by row, a journal in pieces."""

import django.db.models.deletion
from django.db import migrations, models

from customers.journalling import FUNCTION, FUNCTION_IN_PIECES


def without_constraint(model: str, name: str, to: str, on_delete: object, **options: object) -> migrations.AlterField:
    """The same field, of which the database keeps no foreign key."""
    given = {"db_constraint": False, "db_index": False, "related_name": "+"} | options
    return migrations.AlterField(model, name, models.ForeignKey(to=to, on_delete=on_delete, **given))


CASCADE, PROTECT = django.db.models.deletion.CASCADE, django.db.models.deletion.PROTECT
NOBODY = {"help_text": "Empty: the operator.", "null": True}


class Migration(migrations.Migration):
    dependencies = [("customers", "0018_upload_language")]

    operations = [
        without_constraint("person", "customer", "customers.customer", CASCADE, related_name="people"),
        without_constraint("alias", "customer", "customers.customer", CASCADE),
        *(
            operation
            for model in ("alias", "entitlementperiod")
            for operation in (
                without_constraint(model, "stated_by", "partners.partner", PROTECT, **NOBODY),
                without_constraint(model, "load", "customers.load", PROTECT, null=True),
            )
        ),
        migrations.RunSQL(FUNCTION_IN_PIECES, FUNCTION),
    ]
