"""A mail server that refuses one address."""

from __future__ import annotations

from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend


class BrokenForAnn(EmailBackend):
    """Takes everybody's mail but Ann's."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        """Raises SMTPException for Ann's."""
        if any("ann@us.example" in message.to for message in messages):
            raise SMTPException
        return super().send_messages(messages)
