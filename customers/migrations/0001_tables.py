import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import customers.models.load


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "tenant_id",
                    models.UUIDField(help_text="The customer's tenant id.", unique=True, verbose_name="customer id"),
                ),
                ("next_person_number", models.IntegerField(default=0, help_text="Numbers of people are never reused.")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
            },
        ),
        migrations.CreateModel(
            name="EntitlementPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entitled", "entitled"),
                            ("suspended_fraud", "suspended_fraud"),
                            ("suspended_nonpayment", "suspended_nonpayment"),
                            ("upgraded", "upgraded"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=24,
                        verbose_name="state",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, help_text="The first day after. Empty: still.", null=True, verbose_name="to"
                    ),
                ),
            ],
            options={
                "verbose_name": "entitlement period",
                "verbose_name_plural": "entitlement periods",
            },
        ),
        migrations.CreateModel(
            name="Family",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(help_text="As first written.", max_length=64, verbose_name="code")),
                ("key", models.CharField(help_text="The code, case folded.", max_length=192, unique=True)),
                ("name", models.CharField(max_length=256, verbose_name="name")),
                ("in_insights", models.BooleanField(default=False, verbose_name="takes part in insights")),
            ],
            options={
                "verbose_name": "family",
                "verbose_name_plural": "families",
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("feed", "feed"), ("catalogue", "catalogue"), ("correction", "correction")],
                        max_length=16,
                    ),
                ),
                ("source", models.TextField(help_text="The name of what was loaded.", verbose_name="source")),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "load",
                "verbose_name_plural": "loads",
            },
        ),
        migrations.CreateModel(
            name="LoadedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=256)),
                ("outcome", models.CharField(choices=[("loaded", "loaded"), ("refused", "refused")], max_length=16)),
                ("new", models.BigIntegerField(default=0)),
                ("changed", models.BigIntegerField(default=0)),
                ("unchanged", models.BigIntegerField(default=0)),
                ("retracted", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("skipped", models.BigIntegerField(default=0, help_text="From before the retention limit.")),
            ],
            options={
                "verbose_name": "loaded file",
                "verbose_name_plural": "loaded files",
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField(verbose_name="number")),
                ("user_id", models.CharField(help_text="As first written.", max_length=256, verbose_name="user id")),
                ("key", models.CharField(help_text="The user id, case folded.", max_length=768)),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, help_text="The first day after. Empty: still.", null=True, verbose_name="to"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("claimed", "claimed"), ("confirmed", "confirmed")],
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "relationship",
                "verbose_name_plural": "relationships",
            },
        ),
        migrations.CreateModel(
            name="SatisfactionResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "response_id",
                    models.CharField(help_text="As first written.", max_length=256, verbose_name="response id"),
                ),
                ("key", models.CharField(help_text="The response id, case folded.", max_length=768)),
                ("responded_on", models.DateField(verbose_name="responded on")),
                ("score", models.SmallIntegerField(verbose_name="score")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
            ],
            options={
                "verbose_name": "satisfaction response",
                "verbose_name_plural": "satisfaction responses",
            },
        ),
        migrations.CreateModel(
            name="Sku",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("sku_id", models.UUIDField(unique=True, verbose_name="SKU id")),
                ("part_number", models.CharField(max_length=256, verbose_name="part number")),
                ("name", models.CharField(max_length=256, verbose_name="name")),
                (
                    "is_free",
                    models.BooleanField(
                        default=False, help_text="Given away, in unlimited or huge numbers.", verbose_name="free"
                    ),
                ),
                (
                    "is_viral",
                    models.BooleanField(
                        default=False, help_text="People can sign up for it by themselves.", verbose_name="viral"
                    ),
                ),
            ],
            options={
                "verbose_name": "SKU",
                "verbose_name_plural": "SKUs",
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subscription_id",
                    models.CharField(help_text="As first written.", max_length=256, verbose_name="subscription id"),
                ),
                ("key", models.CharField(help_text="The subscription id, case folded.", max_length=768)),
                ("aside", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
            },
        ),
        migrations.CreateModel(
            name="SubscriptionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="effective on")),
                ("aside", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("grace", "grace"),
                            ("disabled", "disabled"),
                            ("deprovisioned", "deprovisioned"),
                        ],
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("is_trial", models.BooleanField(verbose_name="trial")),
                ("term_end", models.DateField(blank=True, null=True, verbose_name="term end")),
                ("auto_renew", models.BooleanField(blank=True, null=True, verbose_name="renews by itself")),
                ("cancel_until", models.DateField(blank=True, null=True, verbose_name="can be cancelled until")),
                (
                    "unit_price",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=260, null=True, verbose_name="unit price"
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
            ],
            options={
                "verbose_name": "subscription version",
                "verbose_name_plural": "subscription versions",
            },
        ),
        migrations.CreateModel(
            name="SupportCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.CharField(help_text="As first written.", max_length=256, verbose_name="case id")),
                ("key", models.CharField(help_text="The case id, case folded.", max_length=768)),
                ("opened_on", models.DateField(verbose_name="opened on")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("how_to", "how to do things"),
                            ("incident", "incident"),
                            ("billing", "billing"),
                            ("other", "other"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
            ],
            options={
                "verbose_name": "support case",
                "verbose_name_plural": "support cases",
            },
        ),
        migrations.CreateModel(
            name="Workload",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(help_text="As first written.", max_length=64, verbose_name="code")),
                ("key", models.CharField(help_text="The code, case folded.", max_length=192, unique=True)),
                ("name", models.CharField(max_length=256, verbose_name="name")),
            ],
            options={
                "verbose_name": "workload",
                "verbose_name_plural": "workloads",
            },
        ),
        migrations.CreateModel(
            name="CatalogueEpoch",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=1)),
            ],
            options={
                "verbose_name": "epoch of the catalogue",
                "verbose_name_plural": "epoch of the catalogue",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="catalogue_epoch_single",
                        violation_error_message="There is one epoch of the catalogue only.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaleDays",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="stale",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("seq", models.BigIntegerField(default=0)),
                ("days", customers.models.load.DateMultiRangeField(db_default=models.Func(function="datemultirange"))),
            ],
            options={
                "verbose_name": "stale days",
                "verbose_name_plural": "stale days",
            },
        ),
        migrations.CreateModel(
            name="CoverageStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("stated", models.IntegerField()),
                ("retracted", models.IntegerField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement of coverage",
                "verbose_name_plural": "statements of coverage",
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.IntegerField()),
                ("month", models.DateField()),
                ("days", models.IntegerField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "coverage",
                "verbose_name_plural": "coverage",
            },
        ),
        migrations.CreateModel(
            name="CustomerProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=256, verbose_name="name")),
                ("domain", models.CharField(max_length=256, verbose_name="domain")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                ("segment", models.CharField(blank=True, max_length=256, verbose_name="segment")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="profiles", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "customer's profile",
                "verbose_name_plural": "customers' profiles",
            },
        ),
    ]
