"""A fresh installation knows the families, the workloads and the most sold SKUs."""

from types import SimpleNamespace

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from customers.catalogue.shipped import install, uninstall

MODELS = ("Family", "Workload", "Sku", "CatalogueEpoch", "SubscriptionVersion")


def models_of_the_time(apps: Apps) -> SimpleNamespace:
    return SimpleNamespace(**{name: apps.get_model("customers", name) for name in MODELS})


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    install(models_of_the_time(apps), alias=schema_editor.connection.alias)


def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    uninstall(models_of_the_time(apps), alias=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_bits")]

    operations = [migrations.RunPython(forwards, backwards)]
