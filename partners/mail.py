"""Mail to one person: a subject and a text by templates, in that person's language."""

from __future__ import annotations

from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

FAILURES = (SMTPException, OSError)
"""What a mail server that can't be reached, or refuses, raises."""


class MailError(Exception):
    """The mail wasn't sent; the message says so in one sentence."""


def send(template: str, *, to: str, context: Mapping[str, Any], language: str = "") -> None:
    """Send `templates/partners/mail/<template>_subject.txt` and `_text.txt` to one address.

    `language` is the person's; empty: that of whoever is at work. Raises MailError, so that what the mail is about can be
    taken back.
    """
    with override(language or get_language() or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"partners/mail/{template}_subject.txt", dict(context)).split())
        text = render_to_string(f"partners/mail/{template}_text.txt", dict(context))
    try:
        EmailMessage(subject, text.strip() + "\n", to=[to]).send()
    except FAILURES as error:
        raise MailError(_("The mail couldn't be sent, so nothing was changed. Try again later.")) from error
