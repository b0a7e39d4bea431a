"""Sessions of the web pages, in the database: read and written before and after it is known whose they are."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from partners.tenancy import signing_in


class SessionStore(db.SessionStore):
    """Django's sessions; the scopes of partners show none of them."""

    def exists(self, session_key: str) -> bool:
        with signing_in():
            return super().exists(session_key)

    def save(self, *args: Any, **kwargs: Any) -> None:
        with signing_in():
            super().save(*args, **kwargs)

    def delete(self, session_key: str | None = None) -> None:
        with signing_in():
            super().delete(session_key)

    def _get_session_from_db(self) -> Session | None:
        with signing_in():
            return super()._get_session_from_db()
