"""What fields are called that their models leave unnamed: by the words of corrections, or by what they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.apps import apps
from django.db.models import Field
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.cell_names import CELL_NAMES

APPS = ("partners", "customers", "insights")
OTHERS: Mapping[str, Promise] = MappingProxyType(
    {
        "actor": _("who acted"),
        "aside": _("kept aside"),
        "created_at": _("created at"),
        "finished_at": _("finished at"),
        "started_at": _("started at"),
        "undone_at": _("undone at"),
        "undone_by": _("undone by"),
        "undoes": _("undoes"),
    }
)


def name_fields() -> None:
    """Give each unnamed field a name that is translated, where there is one. Migrations know nothing of it."""
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
                if not isinstance(field.verbose_name, Promise) and (name := _name_of(field)) is not None:
                    field.verbose_name = name


def _name_of(field: Field) -> Promise | str | None:
    if field.name in OTHERS or field.name in CELL_NAMES:
        return OTHERS[field.name] if field.name in OTHERS else CELL_NAMES[field.name]
    return None if field.remote_field is None else field.remote_field.model._meta.verbose_name
