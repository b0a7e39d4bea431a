"""The operator sees that tokens are there, and ends them."""

import pytest
from django.urls import reverse

from partners.models import ApiToken
from partners.permissions import Role
from partners.services.tokens import create_token
from tests.people import make_operator, make_partner, make_staff, signed_in


@pytest.mark.django_db
def test_token_is_revoked_and_never_shown() -> None:
    staff = make_staff(make_partner(), Role.ADMIN_AGENT)
    made = create_token(actor=staff, staff=staff, name="Reports")
    client = signed_in(make_operator())
    listed = client.get(reverse("admin:partners_apitoken_changelist")).content.decode()
    page = client.get(reverse("admin:partners_apitoken_change", args=[made.token.pk])).content.decode()
    for text in (listed, page):
        assert made.token.prefix in text
        assert made.token.digest not in text
    address = reverse("admin:partners_apitoken_revoke", args=[made.token.pk])
    assert client.post(address, {"reason": "Leaked"}).status_code == 302
    assert ApiToken.objects.get().revoked_at is not None
    assert client.post(address, {"reason": "Leaked"}).status_code == 403
    assert signed_in(staff).get(address).status_code == 403
