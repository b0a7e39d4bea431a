"""The link with which a person sets a new password."""

from __future__ import annotations

from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from partners.models import Staff


def reset_path(staff: Staff) -> str:
    """Its path: valid for a day (PASSWORD_RESET_TIMEOUT), until the password changes or the person signs in."""
    token = default_token_generator.make_token(staff)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(staff), "key": token})
