"""`manage.py demo`: the portfolio, its figures, and logins that open the door."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from customers.models import Customer
from insights.models import FigureDays, Suggestion
from insights.steps.rules import Rule
from partners.models import AuditEntry, Staff

LOGIN = re.compile(r"^(.+?) {2,}(\S+@\S+) +(\S+)$", re.MULTILINE)


def demo() -> str:
    stdout = io.StringIO()
    call_command("demo", stdout=stdout)
    return stdout.getvalue()


@pytest.mark.django_db
def test_demo_prints_figures_and_logins_that_open_the_door_and_again(settings: Settings, tmp_path: Path) -> None:
    settings.SEATWISE_VAR = tmp_path
    first, second = demo(), demo()
    assert (first.splitlines()[0], "is loaded already" in second) == ("Loading the demo portfolio ...", True)
    assert second.splitlines()[1:] == first.splitlines()[1:]
    assert (Customer.objects.count(), FigureDays.objects.count()) == (60, 60)
    suggested = set(Suggestion.objects.values_list("partner__slug", "rule"))  # each partner shows every rule
    assert suggested == {(slug, rule.value) for slug in ("cirrovento", "havsmoln") for rule in Rule}
    logins = LOGIN.findall(first.partition("Sign in as")[2])
    assert [who for who, _, _ in logins] == [
        "Cirrovento Cloud S.r.l.: global admin",
        "Cirrovento Cloud S.r.l.: user admin",
        "Cirrovento Cloud S.r.l.: admin agent",
        "Cirrovento Cloud S.r.l.: sales agent",
        "Havsmoln Molntjänster AB: global admin",
        "Havsmoln Molntjänster AB: user admin",
        "Havsmoln Molntjänster AB: admin agent",
        "Havsmoln Molntjänster AB: sales agent",
        "operator: /admin/",
    ]
    assert {password for _, _, password in logins} == {(tmp_path / "demo-logins").read_text().strip()}
    assert AuditEntry.objects.filter(action="staff.demo").count() == 9
    for _, email, password in logins:
        assert signs_in(email, password) == Staff.objects.get(email=email)


def signs_in(email: str, password: str) -> Staff | None:
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": password})
    return Staff.objects.filter(pk=client.session.get("_auth_user_id")).first()
