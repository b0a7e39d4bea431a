"""Next steps: suggestions, playbooks, trainings, links to pass on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partners.row_security import PARTNER, secure

TABLES = (
    "suggestion",
    "suggestionevent",
    "silence",
    "stepsettings",
    "playbook",
    "course",
    "trainingsession",
    "selfservicelink",
)
OWNER_OF_PARTNER = """
    ALTER TABLE insights_suggestion ADD CONSTRAINT suggestion_owner_of_partner FOREIGN KEY (owner_id, partner_id)
        REFERENCES partners_staff (id, partner_id) DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_statistics"),
        ("insights", "0002_row_security"),
        ("partners", "0004_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StepSettings",
            fields=[
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="partners.partner",
                    ),
                ),
                (
                    "thresholds",
                    models.JSONField(default=dict, help_text="By name (insights.steps.thresholds), where changed."),
                ),
                ("link_generation", models.IntegerField(default=1, help_text="Counting it up ends earlier addresses.")),
                ("last_run", models.DateField(help_text="The as-of date of the rules' last run.", null=True)),
            ],
            options={
                "verbose_name": "settings of next steps",
                "verbose_name_plural": "settings of next steps",
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=128, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[("in_person", "in person"), ("online", "online")], max_length=16, verbose_name="kind"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("it", "Italiano"),
                            ("zh-hans", "简体中文"),
                            ("es", "Español"),
                            ("sv", "Svenska"),
                            ("nl", "Nederlands"),
                        ],
                        max_length=16,
                        verbose_name="language",
                    ),
                ),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="link")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.partner"
                    ),
                ),
            ],
            options={
                "verbose_name": "course",
                "verbose_name_plural": "courses",
            },
        ),
        migrations.CreateModel(
            name="Playbook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("low_adoption", "low_adoption"),
                            ("many_questions", "many_questions"),
                            ("renew", "renew"),
                            ("convert_trial", "convert_trial"),
                            ("sell_more", "sell_more"),
                            ("right_size", "right_size"),
                            ("explain_inflation", "explain_inflation"),
                        ],
                        max_length=32,
                        verbose_name="rule",
                    ),
                ),
                ("title", models.CharField(max_length=128, verbose_name="title")),
                ("problem", models.TextField(blank=True, max_length=2000, verbose_name="problem")),
                ("consider", models.TextField(blank=True, max_length=2000, verbose_name="what to consider")),
                ("attempt", models.TextField(max_length=2000, verbose_name="what to try")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.partner"
                    ),
                ),
            ],
            options={
                "verbose_name": "playbook",
                "verbose_name_plural": "playbooks",
            },
        ),
        migrations.CreateModel(
            name="SelfServiceLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=128, verbose_name="title")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("it", "Italiano"),
                            ("zh-hans", "简体中文"),
                            ("es", "Español"),
                            ("sv", "Svenska"),
                            ("nl", "Nederlands"),
                        ],
                        max_length=16,
                        verbose_name="language",
                    ),
                ),
                ("address", models.URLField(max_length=500, verbose_name="address")),
                ("product", models.CharField(blank=True, max_length=64, verbose_name="product")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.partner"
                    ),
                ),
            ],
            options={
                "verbose_name": "self-service link",
                "verbose_name_plural": "self-service links",
            },
        ),
        migrations.CreateModel(
            name="Silence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("low_adoption", "low_adoption"),
                            ("many_questions", "many_questions"),
                            ("renew", "renew"),
                            ("convert_trial", "convert_trial"),
                            ("sell_more", "sell_more"),
                            ("right_size", "right_size"),
                            ("explain_inflation", "explain_inflation"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "lack",
                    models.CharField(
                        choices=[
                            ("coverage", "coverage"),
                            ("coverage_before", "coverage_before"),
                            ("cases", "cases"),
                            ("active_users", "active_users"),
                        ],
                        max_length=32,
                    ),
                ),
                ("as_of", models.DateField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
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
                "verbose_name": "silent rule",
                "verbose_name_plural": "silent rules",
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("low_adoption", "low_adoption"),
                            ("many_questions", "many_questions"),
                            ("renew", "renew"),
                            ("convert_trial", "convert_trial"),
                            ("sell_more", "sell_more"),
                            ("right_size", "right_size"),
                            ("explain_inflation", "explain_inflation"),
                        ],
                        max_length=32,
                        verbose_name="rule",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        help_text="The subscription's id, case folded. Empty: the customer as a whole.",
                        max_length=768,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("planned", "planned"),
                            ("put_off", "put off"),
                            ("done", "done"),
                            ("dismissed", "dismissed"),
                            ("gone", "closed by itself"),
                        ],
                        default="open",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "raised_on",
                    models.DateField(
                        help_text="The as-of date on which the rule first spoke.", verbose_name="raised on"
                    ),
                ),
                (
                    "evidence_on",
                    models.DateField(help_text="The as-of date of the evidence.", verbose_name="evidence of"),
                ),
                (
                    "gone_on",
                    models.DateField(
                        help_text="The as-of date on which the reason was found gone. Empty: it holds, or isn't known.",
                        null=True,
                    ),
                ),
                (
                    "evidence",
                    models.JSONField(default=list, help_text="What the rule found (insights.steps.rules.Fact)."),
                ),
                (
                    "weight",
                    models.IntegerField(
                        help_text="How many licences, people or cases it is about.", verbose_name="weight"
                    ),
                ),
                ("due_on", models.DateField(help_text="Of one's own subscription.", null=True, verbose_name="until")),
                ("planned_for", models.DateField(null=True, verbose_name="planned for")),
                ("planned_on", models.DateField(help_text="The day (UTC) on which it was planned first.", null=True)),
                ("put_off_until", models.DateField(null=True, verbose_name="put off until")),
                (
                    "closed_on",
                    models.DateField(help_text="The day (UTC) on which it was done, dismissed or gone.", null=True),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "suggestion",
                "verbose_name_plural": "suggestions",
            },
        ),
        migrations.CreateModel(
            name="SuggestionEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("planned", "planned"),
                            ("put_off", "put off"),
                            ("done", "done"),
                            ("dismissed", "dismissed"),
                            ("gone", "closed by itself"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        help_text="The day planned for or put off until; of the rules the as-of date.", null=True
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "actor",
                    models.ForeignKey(
                        help_text="Nobody: the rules.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "suggestion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="insights.suggestion"
                    ),
                ),
            ],
            options={
                "verbose_name": "turn of a suggestion",
                "verbose_name_plural": "turns of suggestions",
            },
        ),
        migrations.CreateModel(
            name="TrainingSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="date")),
                ("invited", models.IntegerField(verbose_name="invited")),
                (
                    "attended",
                    models.IntegerField(
                        blank=True, help_text="Empty: not known yet.", null=True, verbose_name="attended"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="insights.course"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
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
                (
                    "suggestion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sessions",
                        to="insights.suggestion",
                    ),
                ),
            ],
            options={
                "verbose_name": "training session",
                "verbose_name_plural": "training sessions",
            },
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["in_person", "online"])),
                name="course_kind_known",
                violation_error_message="A course is in_person or online.",
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True),
                name="course_titled",
                violation_error_message="A course has a title.",
            ),
        ),
        migrations.AddConstraint(
            model_name="playbook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rule__in",
                        [
                            "low_adoption",
                            "many_questions",
                            "renew",
                            "convert_trial",
                            "sell_more",
                            "right_size",
                            "explain_inflation",
                        ],
                    )
                ),
                name="playbook_rule_known",
                violation_error_message="A rule is low_adoption, many_questions, renew, convert_trial, sell_more, right_size or explain_inflation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="playbook",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True),
                name="playbook_titled",
                violation_error_message="A playbook has a title.",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfservicelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True),
                name="link_titled",
                violation_error_message="A link has a title.",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfservicelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("address__iregex", "^https?://")),
                name="link_to_the_web",
                violation_error_message="An address begins with http:// or https://.",
            ),
        ),
        migrations.AddConstraint(
            model_name="silence",
            constraint=models.UniqueConstraint(
                fields=("partner", "customer", "rule", "lack"),
                name="silence_once",
                violation_error_message="What this rule lacks is known already.",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["partner", "state"], name="suggestion_by_state"),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "planned", "put_off"])),
                fields=("partner", "customer", "rule", "subject"),
                name="suggestion_once",
                violation_error_message="This is suggested already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "planned", "put_off", "done", "dismissed", "gone"])),
                name="suggestion_state_known",
                violation_error_message="A state is open, planned, put_off, done, dismissed or gone.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rule__in",
                        [
                            "low_adoption",
                            "many_questions",
                            "renew",
                            "convert_trial",
                            "sell_more",
                            "right_size",
                            "explain_inflation",
                        ],
                    )
                ),
                name="suggestion_rule_known",
                violation_error_message="A rule is low_adoption, many_questions, renew, convert_trial, sell_more, right_size or explain_inflation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True), ("state__in", ["done", "dismissed", "gone"]), _connector="XOR"
                ),
                name="suggestion_closed_on_a_day",
                violation_error_message="A suggestion has a day on which it was closed if it is done, dismissed or gone, and only then.",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("invited__gte", 0)),
                name="session_invited_from_0",
                violation_error_message="A number of people invited is 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("attended__isnull", True), ("attended__gte", 0), _connector="OR"),
                name="session_attended_from_0",
                violation_error_message="A number of people who came is 0 or more.",
            ),
        ),
        migrations.RunSQL(
            OWNER_OF_PARTNER, "ALTER TABLE insights_suggestion DROP CONSTRAINT suggestion_owner_of_partner"
        ),
        *(secure(f"insights_{table}", f"partner_id = {PARTNER}") for table in TABLES),
    ]
