"""Tenants and their staff under row-level security, and with them what sign-in keeps of a person."""

from django.conf import settings
from django.db import migrations

from partners.row_security import NOBODY, PARTNER, functions, open_to_sign_in, secure

READ_AND_CHANGE = ("SELECT", "UPDATE")
ANYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")


def own_staff(column: str) -> str:
    """The person that `column` names is of the partner's staff."""
    return f"{column} IN (SELECT id FROM partners_staff WHERE partner_id = {PARTNER})"


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_sign_in"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        functions(),
        secure("partners_partner", f"id = {PARTNER}"),
        open_to_sign_in("partners_partner", ["SELECT"]),
        secure("partners_staff", f"partner_id = {PARTNER}"),
        open_to_sign_in("partners_staff", READ_AND_CHANGE),
        secure("partners_staff_groups", own_staff("staff_id")),
        secure("partners_staff_user_permissions", own_staff("staff_id")),
        secure("partners_invitation", f"partner_id = {PARTNER}"),
        open_to_sign_in("partners_invitation", READ_AND_CHANGE),
        secure("partners_apitoken", own_staff("staff_id")),
        open_to_sign_in("partners_apitoken", READ_AND_CHANGE),
        secure("partners_auditentry", f"partner_id = {PARTNER}"),
        secure("account_emailaddress", own_staff("user_id")),
        open_to_sign_in("account_emailaddress", ANYTHING),
        secure(
            "account_emailconfirmation",
            f"email_address_id IN (SELECT id FROM account_emailaddress WHERE {own_staff('user_id')})",
        ),
        open_to_sign_in("account_emailconfirmation", ANYTHING),
        secure("mfa_authenticator", own_staff("user_id")),
        open_to_sign_in("mfa_authenticator", ANYTHING),
        secure("django_admin_log", own_staff("user_id")),
        secure("django_session", NOBODY),
        open_to_sign_in("django_session", ANYTHING),
    ]
