"""Row-level security: what each scope shows and lets through, of every table there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction

from customers import models
from insights.models import Figure
from insights.selectors.figures import figures
from partners.models import AuditEntry, Partner, Staff
from partners.tenancy import NOBODY, acting_for, counting, operating, signing_in, within
from tests.config.tables import WITHOUT_TENANT, all_tables, rows, secured
from tests.config.tenants import Tenants, fill
from tests.insights.world import DAY

pytestmark = pytest.mark.django_db

SHOWN_TO_US = {
    "account_emailaddress": 1,
    "account_emailconfirmation": 1,
    "customers_account": 2,
    "customers_activity": 2,
    "customers_activitystatement": 1,
    "customers_alias": 1,
    "customers_application": 1,
    "customers_connection": 1,
    "customers_contact": 2,
    "customers_coverage": 1,
    "customers_coveragestatement": 1,
    "customers_customer": 1,
    # Of the shared customer one's own and the operator's, of the claimed one what one said oneself.
    "customers_customerprofile": 3,
    # One's own person of the shared customer.
    "customers_entitlementperiod": 1,
    "customers_holding": 1,
    "customers_leftoutperson": 1,
    "customers_leftoutsku": 1,
    "customers_load": 2,
    "customers_loadedfile": 2,
    "customers_person": 2,
    "customers_pull": 1,
    "customers_relationship": 2,
    "customers_reported": 1,
    "customers_satisfactionresponse": 2,
    "customers_seenlist": 1,
    "customers_seensubscription": 1,
    "customers_skutotal": 1,
    "customers_staledays": 1,
    "customers_subscription": 1,
    "customers_subscriptionversion": 1,
    "customers_supportcase": 2,
    "customers_tablecolumns": 1,
    "customers_upload": 1,
    "customers_uploadedfile": 1,
    "django_admin_log": 1,
    "insights_course": 1,
    "insights_exportjob": 1,
    "insights_figuredays": 1,
    "insights_playbook": 1,
    "insights_report": 1,
    "insights_reportrecipient": 1,
    "insights_savedview": 1,
    "insights_selfservicelink": 1,
    "insights_sentreport": 1,
    "insights_silence": 1,
    "insights_stepsettings": 1,
    "insights_suggestion": 1,
    "insights_suggestionevent": 1,
    "insights_trainingsession": 1,
    "insights_wanteddays": 1,
    "mfa_authenticator": 1,
    "partners_apitoken": 1,
    "partners_auditentry": 1,
    "partners_invitation": 1,
    "partners_partner": 1,
    "partners_staff": 1,
    "partners_staff_groups": 1,
    "partners_staff_user_permissions": 1,
}
JOURNALLED = {
    "customers_alias",
    "customers_customer",
    "customers_customerprofile",
    "customers_entitlementperiod",
    "customers_holding",
    "customers_person",
    "customers_relationship",
    "customers_reported",
    "customers_satisfactionresponse",
    "customers_seenlist",
    "customers_seensubscription",
    "customers_skutotal",
    "customers_subscription",
    "customers_subscriptionversion",
    "customers_supportcase",
}
SHOWN_IN_SIGN_IN = {
    "account_emailaddress": 2,
    "account_emailconfirmation": 2,
    "django_session": 1,
    "mfa_authenticator": 2,
    "partners_apitoken": 2,
    "partners_invitation": 2,
    "partners_partner": 2,
    "partners_staff": 2,
}


@pytest.fixture
def tenants() -> Tenants:
    return fill()


def shown(tables: list[str]) -> dict[str, int]:
    """How many rows of each table show, where any do."""
    counts = {table: rows(f"SELECT count(*) FROM {table}")[0][0] for table in sorted(tables)}
    return {table: count for table, count in counts.items() if count}


def parents() -> list[str]:
    return [table for table in secured() if not table.startswith("customers_activity_")]


def test_every_table_has_tenants_or_is_listed() -> None:
    assert {table for table, is_secured in all_tables().items() if not is_secured} == WITHOUT_TENANT


def test_every_secured_table_has_a_policy() -> None:
    assert {table for (table,) in rows("SELECT DISTINCT tablename FROM pg_policies")} == set(secured())


def test_views_go_around_nothing() -> None:
    assert (
        rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f')")
        == []
    )


def test_functions_with_the_owners_rights_are_known_and_closed() -> None:
    """None takes a statement or a table's name from whoever calls it; the application's role executes these alone.

    `customers_ensure_activity_month` makes a closed table, `customers_fresh_statistics` analyses tables of its own list,
    `customers_shown_profile` gives a key, which shows nothing by itself. `customers_journal_change` is only for triggers,
    whose words their migrations say, and returns nothing; to the journal that it writes nobody but the operator comes.
    `customers_check_referring` and `customers_check_referred` are for triggers, too, and say only that a row refers to nothing.
    """
    definers = rows(
        "SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE'),"
        " has_function_privilege(current_user, oid, 'EXECUTE')"
        " FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY proname"
    )
    path = ["search_path=public, pg_temp"]
    assert definers == [
        ("customers_check_referred", path, False, False),
        ("customers_check_referring", path, False, False),
        ("customers_ensure_activity_month", path, False, True),
        ("customers_fresh_statistics", path, False, True),
        ("customers_journal_change", path, False, False),
        ("customers_shown_profile", path, False, True),
    ]


def test_triggers_with_the_owners_rights_stand_on_facts_alone() -> None:
    journalled = rows(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'customers_journal_change'::regproc"
    )
    assert {table for (table,) in journalled} == JOURNALLED


@pytest.mark.parametrize("name", ["partners_staff", "pg_catalog.pg_authid", "customers_person; DROP TABLE x", None])
def test_statistics_of_other_tables_are_refused(name: str | None) -> None:
    with pytest.raises(DatabaseError, match=r"no table of facts|null values cannot be formatted"), transaction.atomic():
        connection.cursor().execute("SELECT customers_fresh_statistics(%s::text[])", [[name]])


def test_journal_on_a_table_of_ones_own_is_refused() -> None:
    with pytest.raises(DatabaseError, match="permission denied for function"), transaction.atomic():
        connection.cursor().execute(
            "CREATE TEMPORARY TABLE mine (id int) ON COMMIT DROP;"
            "CREATE TRIGGER journal AFTER INSERT ON mine REFERENCING NEW TABLE AS journal_new"
            " FOR EACH STATEMENT EXECUTE FUNCTION customers_journal_change('(SELECT 1)', 'id', '')"
        )


def test_application_is_held_by_the_policies() -> None:
    assert rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False, False)]


def test_operator_sees_something_in_every_table(tenants: Tenants) -> None:
    assert set(shown(parents())) == set(parents())


@pytest.mark.parametrize("scope", [lambda: within(NOBODY), lambda: acting_for(None), lambda: acting_for(0)])
def test_without_a_partner_no_table_shows_anything(tenants: Tenants, scope: Any) -> None:
    with scope():
        assert shown(secured()) == {}


def test_partner_sees_its_own_and_no_more(tenants: Tenants) -> None:
    with acting_for(tenants.us.pk):
        seen = shown(secured())
    figures_seen = seen.pop("insights_figure")
    assert seen.pop("insights_monthfigure") == figures_seen
    assert seen == SHOWN_TO_US
    assert figures_seen == Figure.objects.filter(customer=tenants.shared).exclude(seller=tenants.them.pk).count()


def test_signing_in_shows_staff_and_their_sign_in_only(tenants: Tenants) -> None:
    with signing_in():
        assert shown(secured()) == SHOWN_IN_SIGN_IN


def test_counting_adds_other_sellers_facts_of_served_customers_only(tenants: Tenants) -> None:
    with acting_for(tenants.us.pk), counting():
        seen = shown(secured())
        del seen["insights_figure"], seen["insights_monthfigure"]
    more = {"customers_subscription": 3, "customers_subscriptionversion": 5, "customers_entitlementperiod": 2}
    more |= {"customers_alias": 2, "customers_leftoutperson": 2}
    learnt = ("customers_holding", "customers_seenlist", "customers_seensubscription", "customers_skutotal")
    more |= dict.fromkeys(learnt, 2)
    assert seen == SHOWN_TO_US | more


def test_counting_alone_shows_nothing(tenants: Tenants) -> None:
    with acting_for(None), counting():
        assert shown(secured()) == {}


def test_partitions_are_closed_around_their_parent(tenants: Tenants) -> None:
    months = [table for table in all_tables() if table.startswith("customers_activity_")]
    assert months == [f"customers_activity_{DAY:%Y%m}"]
    assert rows(f"SELECT count(*) FROM {months[0]}") == [(4,)]
    with acting_for(tenants.us.pk):
        assert rows(f"SELECT count(*) FROM {months[0]}") == [(0,)]
        assert rows("SELECT count(*) FROM customers_activity") == [(2,)]


def test_month_that_comes_later_is_closed_too(tenants: Tenants) -> None:
    tenants.world.activity("ann", "EXO", date(2031, 5, 1))
    with acting_for(tenants.us.pk):
        assert rows("SELECT count(*) FROM customers_activity_203105") == [(0,)]
        assert rows("SELECT count(*) FROM customers_activity WHERE day = '2031-05-01'") == [(1,)]


class TestProfiles:
    """Whose name of a customer shows (feed.md): one's own, else the operator's, else the first."""

    def names(self, tenants: Tenants) -> list[int | None]:
        with acting_for(tenants.us.pk):
            profiles = models.CustomerProfile.objects.filter(customer=tenants.shared).order_by("id")
            return list(profiles.values_list("stated_by_id", flat=True))

    def test_of_another_partner_do_not_show_beside_others(self, tenants: Tenants) -> None:
        assert self.names(tenants) == [None, tenants.us.pk]
        models.CustomerProfile.objects.filter(customer=tenants.shared, stated_by=tenants.us).delete()
        assert self.names(tenants) == [None]

    def test_first_one_shows_where_there_is_no_other(self, tenants: Tenants) -> None:
        models.CustomerProfile.objects.filter(customer=tenants.shared).exclude(stated_by=tenants.them).delete()
        assert self.names(tenants) == [tenants.them.pk]


class TestFigures:
    def test_row_of_one_seller_does_not_say_who_it_is(self, tenants: Tenants) -> None:
        sole = tenants.world.a_customer("Sole")
        tenants.world.relationship(tenants.us, sole)
        tenants.world.subscription(seller=tenants.them, customer=sole)
        from insights.services.rollup import rollup

        rollup(first=DAY, last=DAY)
        asked = {"customers": [sole.pk], "day": DAY, "seller": 0}
        expected = figures(**asked)
        assert set(Figure.objects.filter(customer=sole).values_list("own_of", flat=True)) == {tenants.them.pk}
        with acting_for(tenants.us.pk):
            assert list(Figure.objects.filter(customer=sole)) == []
            assert figures(**asked).tolist() == expected.tolist()
            assert len(expected) > 0

    def test_figures_on_the_spot_are_those_of_the_operator(self, tenants: Tenants) -> None:
        asked = {"customers": [tenants.shared.pk], "day": date(2026, 3, 30), "seller": 0}
        expected = figures(**asked)
        with acting_for(tenants.us.pk):
            assert figures(**asked).tolist() == expected.tolist()
        assert len(expected) > 0

    def test_of_a_customer_whose_claim_waits_there_are_none(self, tenants: Tenants) -> None:
        with acting_for(tenants.us.pk):
            for day in (DAY, date(2026, 3, 30)):
                assert len(figures(customers=[tenants.theirs.pk], day=day, seller=0)) == 0


class TestWriting:
    @pytest.fixture(autouse=True)
    def as_us(self, tenants: Tenants) -> Iterator[None]:
        with acting_for(tenants.us.pk):
            yield

    def refused(self) -> AbstractContextManager[Any]:
        return pytest.raises(DatabaseError, match="violates row-level security policy")

    def test_into_another_partners_rows_is_refused(self, tenants: Tenants) -> None:
        with self.refused(), transaction.atomic():
            models.Account.objects.create(partner=tenants.them, customer=tenants.world.customer)

    def test_of_staff_into_another_partner_is_refused(self, tenants: Tenants) -> None:
        with self.refused(), transaction.atomic():
            Staff.objects.filter(partner=tenants.us).update(partner=tenants.them)

    def test_of_audit_for_another_partner_is_refused(self, tenants: Tenants) -> None:
        with self.refused(), transaction.atomic():
            AuditEntry.objects.create(partner=tenants.them, action="a", object_type="b", object_id="c", kind="staff")

    def test_of_a_confirmed_relationship_is_refused(self, tenants: Tenants) -> None:
        claim = models.Relationship.objects.filter(customer=tenants.theirs)
        with self.refused(), transaction.atomic():
            claim.update(status="confirmed")
        assert claim.update(valid_to=DAY) == 1

    def test_of_another_sellers_subscription_is_refused(self, tenants: Tenants) -> None:
        with self.refused(), transaction.atomic():
            tenants.world.subscription(seller=tenants.them, customer=tenants.shared)

    def test_of_others_rows_touches_none(self, tenants: Tenants) -> None:
        assert Partner.objects.filter(slug="them").update(name="Changed") == 0
        assert models.Subscription.objects.exclude(seller=tenants.us).delete()[0] == 0
        assert models.Activity.objects.filter(customer=tenants.theirs).update(bits=0) == 0

    def test_of_ones_own_is_allowed(self, tenants: Tenants) -> None:
        assert models.Account.objects.filter(customer=tenants.shared).update(tags=["new"]) == 1
        assert models.SubscriptionVersion.objects.update(quantity=3) == 1

    def test_without_a_scope_is_refused(self, tenants: Tenants) -> None:
        with within(NOBODY), self.refused(), transaction.atomic():
            Partner.objects.create(partner_id=tenants.world.guid(), name="New", slug="new")

    def test_of_a_session_needs_nobody_in_particular(self, client: Any) -> None:
        from django.contrib.sessions.backends.db import SessionStore as DjangosOwn

        from config.sessions import SessionStore

        session = SessionStore()
        session["word"] = "value"
        session.save()
        assert SessionStore(session.session_key)["word"] == "value"
        assert DjangosOwn(session.session_key).get("word") is None
        session.flush()
        with operating():
            assert list(Session.objects.values_list("session_key", flat=True)) == ["key"]


def test_sign_in_writes_no_partner_and_no_staff(tenants: Tenants) -> None:
    with signing_in():
        assert Staff.objects.filter(email="ann@us.example").update(first_name="Ann") == 1
        assert Partner.objects.update(name="Changed") == 0
        assert Staff.objects.all()._raw_delete("default") == 0
        with pytest.raises(DatabaseError, match="violates row-level security policy"), transaction.atomic():
            Staff.objects.create_user("new@us.example", partner=tenants.us)
