"""How a person is known again: by e-mail address and password, and by the session of a browser."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from partners.models import Staff
from partners.selectors.staff import staff_of_address


class SignInBackend(AuthenticationBackend):
    """One account an address, found in the staff table alone. Unknown addresses take as long as known ones."""

    def _authenticate_by_email(self, email: str, password: str) -> Staff | None:
        return self._check_password(staff_of_address(email), password)

    def get_user(self, user_id: int) -> Staff | None:
        """The person of a session with his or her partner, in one query; None for whoever has been deactivated."""
        staff = Staff.objects.select_related("partner").filter(pk=user_id).first()
        return staff if staff is not None and self.user_can_authenticate(staff) else None
