"""Mail to one person: a subject and a text by templates, in that person's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

FAILURES = (SMTPException, OSError)
"""What a mail server that can't be reached, or refuses, raises."""


class MailError(Exception):
    """The mail wasn't sent; the message says so in one sentence."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail."""

    name: str
    content: bytes
    content_type: str


def send(
    template: str,
    *,
    to: str,
    context: Mapping[str, Any],
    language: str = "",
    html: bool = False,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send `templates/partners/mail/<template>_subject.txt` and `_text.txt` to one address; with `html` `_html.html`, too.

    `language` is the person's; empty: that of whoever is at work. Raises MailError, so that what the mail is about can be
    taken back.
    """
    with override(language or get_language() or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"partners/mail/{template}_subject.txt", dict(context)).split())
        text = render_to_string(f"partners/mail/{template}_text.txt", dict(context))
        page = render_to_string(f"partners/mail/{template}_html.html", dict(context)) if html else ""
    mail = EmailMultiAlternatives(subject, text.strip() + "\n", to=[to], headers=dict(headers or {}))
    if page:
        mail.attach_alternative(page, "text/html")
    for file in attachments:
        mail.attach(file.name, file.content, file.content_type.partition(";")[0])
    try:
        mail.send()
    except FAILURES as error:
        raise MailError(_("The mail couldn't be sent, so nothing was changed. Try again later.")) from error
