"""API tokens: made once, kept as a digest, used only as long as they and their person hold."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from partners.models import ApiToken, AuditEntry, Staff
from partners.permissions import Role
from partners.selectors.tokens import tokens_of
from partners.services.tokens import create_token, revoke_all_tokens, revoke_token, use_token
from tests.people import make_partner, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Staff:
    return make_staff(make_partner(), Role.SALES_AGENT)


def test_token_is_kept_as_its_digest_only(ann: Staff) -> None:
    made = create_token(actor=ann, staff=ann, name=" Reports ")
    assert re.fullmatch(r"sw_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", made.plain)
    stored = ApiToken.objects.values().get()
    assert stored["digest"] == hashlib.sha256(made.plain.encode()).hexdigest()
    assert (stored["name"], stored["prefix"]) == ("Reports", made.plain[3:15])
    secret = made.plain[16:]
    assert secret not in str(stored)
    assert secret not in str(AuditEntry.objects.values().get())
    assert secret not in repr(made)


def test_two_tokens_differ(ann: Staff) -> None:
    plain = {create_token(actor=ann, staff=ann, name="Reports").plain for _ in range(20)}
    assert len({token[:15] for token in plain}) == len({token[16:] for token in plain}) == 20


def test_use_finds_the_token_and_its_person(ann: Staff) -> None:
    made = create_token(actor=None, staff=ann, name="Reports")
    used = use_token(made.plain)
    assert used == made.token
    assert (used.staff, used.staff.partner) == (ann, ann.partner)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda plain: "",
        lambda plain: "Bearer",
        lambda plain: plain[:-1],
        lambda plain: plain + "A",
        lambda plain: plain + "\n",
        lambda plain: plain[:-1] + ("A" if plain[-1] != "A" else "B"),
        lambda plain: plain[:16] + "A" * 43,
        lambda plain: "sw_" + "0" * 12 + plain[15:],
        lambda plain: plain.upper(),
        lambda plain: plain[3:],
    ],
    ids=["empty", "word", "short", "long", "newline", "last letter", "secret", "prefix", "case", "form"],
)
def test_another_text_is_no_token(ann: Staff, wrong) -> None:
    assert use_token(wrong(create_token(actor=ann, staff=ann, name="Reports").plain)) is None


def test_token_ends_with_its_term(ann: Staff) -> None:
    made = create_token(actor=ann, staff=ann, name="Reports", expires_at=timezone.now() + timedelta(hours=1))
    assert use_token(made.plain) == made.token
    ApiToken.objects.update(expires_at=timezone.now())
    assert use_token(made.plain) is None


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"partner": None, "roles": []}], ids=["deactivated", "without partner"]
)
def test_token_ends_with_its_person(ann: Staff, change: dict) -> None:
    made = create_token(actor=ann, staff=ann, name="Reports")
    Staff.objects.filter(pk=ann.pk).update(**change)
    assert use_token(made.plain) is None


def test_revoked_token_is_none_and_stays_so(ann: Staff) -> None:
    made = create_token(actor=ann, staff=ann, name="Reports")
    revoke_token(actor=ann, token=made.token)
    first = ApiToken.objects.get().revoked_at
    revoke_token(actor=ann, token=made.token)
    assert ApiToken.objects.get().revoked_at == first
    assert use_token(made.plain) is None
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "object_id", "kind", "actor")) == [
        ("token.create", str(made.token.pk), "staff", ann.pk),
        ("token.revoke", str(made.token.pk), "staff", ann.pk),
    ]


def test_all_tokens_of_a_person_end_and_nobody_elses(ann: Staff) -> None:
    bob = make_staff(ann.partner, Role.GLOBAL_ADMIN)
    mine = [create_token(actor=None, staff=ann, name="Reports").plain for _ in range(3)]
    other = create_token(actor=None, staff=bob, name="Reports")
    assert revoke_all_tokens(actor=bob, staff=ann, reason="left") == 3
    assert revoke_all_tokens(actor=bob, staff=ann, reason="left") == 0
    assert [use_token(plain) for plain in mine] == [None, None, None]
    assert use_token(other.plain) == other.token
    assert AuditEntry.objects.filter(action="token.revoke", actor=bob, reason="left").count() == 3


def test_day_of_use_is_written_once_a_day(ann: Staff, django_assert_num_queries) -> None:
    made = create_token(actor=ann, staff=ann, name="Reports")
    with django_assert_num_queries(2):
        use_token(made.plain)
    assert ApiToken.objects.get().last_used_on == datetime.now(UTC).date()
    with django_assert_num_queries(1):
        use_token(made.plain)


def test_people_make_and_revoke_their_own_tokens_only(ann: Staff) -> None:
    bob = make_staff(ann.partner, Role.GLOBAL_ADMIN)
    made = create_token(actor=ann, staff=ann, name="Reports")
    with pytest.raises(PermissionDenied):
        create_token(actor=bob, staff=ann, name="Reports")
    with pytest.raises(PermissionDenied):
        revoke_token(actor=bob, token=made.token)
    assert use_token(made.plain) == made.token
    assert (list(tokens_of(ann)), list(tokens_of(bob))) == ([made.token], [])


def test_somebody_without_a_role_makes_none() -> None:
    nobody = make_staff(make_partner())
    with pytest.raises(PermissionDenied):
        create_token(actor=nobody, staff=nobody, name="Reports")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": "  "}, "This field cannot be blank."),
        ({"name": "x" * 129}, "Ensure this value has at most 128 characters (it has 129)."),
        (
            {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
            "The token would have expired already: expected a later time.",
        ),
    ],
    ids=["empty name", "long name", "past"],
)
def test_refused_with_a_reason_and_nothing_stored(ann: Staff, fields: dict, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        create_token(**{"actor": ann, "staff": ann, "name": "Reports"} | fields)
    assert error.value.messages == [message]
    assert ApiToken.objects.count() == 0


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


def test_command_prints_a_token_that_works(ann: Staff) -> None:
    told = command("--email", ann.email.upper(), "--name", "Reports")
    assert told == told.strip() + "\n"
    assert use_token(told.strip()).staff == ann
    assert ApiToken.objects.get().name == "Reports"
    assert AuditEntry.objects.get().actor is None


def test_command_says_what_is_wrong(ann: Staff) -> None:
    with pytest.raises(CommandError, match=r"^Nobody has the e-mail address 'bob@x\.example'\.$") as error:
        command("--email", "bob@x.example", "--name", "Reports")
    assert error.value.returncode == 1
    with pytest.raises(CommandError, match=r"^This field cannot be blank\.$"):
        command("--email", ann.email, "--name", "")
    Staff.objects.update(is_active=False)
    with pytest.raises(CommandError, match=rf"^{ann.email} is no active member of a partner's staff\.$"):
        command("--email", ann.email, "--name", "Reports")
    assert ApiToken.objects.count() == 0
