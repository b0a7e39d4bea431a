"""people.csv: which identifiers are one person's, and what is found by any of them."""

from __future__ import annotations

import pytest

from customers.feed.report import FileReport
from customers.models import Alias, Person
from customers.selectors.people import delivered_names, numbers_of
from partners.models import Partner
from tests.customers.feed.conftest import BETA, CONTOSO, FABRIKAM, SUBSCRIPTIONS, Feeds, version
from tests.customers.feed.importing import import_files
from tests.customers.feed.reading import activity, forget_stale, periods, stale

ANN = "11111111-0000-0000-0000-000000000001"
BOB = "22222222-0000-0000-0000-000000000002"
HEADER = "customer_id,user_id,principal_name,display_name,mailbox,is_deleted\n"
ACTIVITY = "customer_id,user_id,service,day\n"
PERIODS = "subscription_id,user_id,from,state,to\n"


def line(user: str, name: str = "", display: str = "", mailbox: str = "", deleted: str = "") -> str:
    """One line of people.csv, about Fabrikam."""
    return f"{FABRIKAM},{user},{name},{display},{mailbox},{deleted}\n"


def state(_world: Feeds, text: str, *, partner: str | None = None) -> FileReport:
    """Load one people.csv."""
    return import_files({"people.csv": text}, partner=partner)["people.csv"]


def counts(report: FileReport) -> tuple[int, int, int, int]:
    assert report.loaded, report.bad
    return (report.counts.new, report.counts.changed, report.counts.unchanged, report.counts.refused)


def people() -> list[tuple[int, str, int | None]]:
    """Number, user id and what it is the same as, of Fabrikam's people."""
    known = Person.objects.filter(customer__tenant_id=FABRIKAM).order_by("number")
    return list(known.values_list("number", "user_id", "same_as"))


def test_user_id_and_principal_name_are_one_person(world: Feeds) -> None:
    assert counts(state(world, HEADER + line(ANN, "Ann@x.com") + line(BOB, "bob@x.com"))) == (2, 0, 0, 0)
    assert people() == [(0, ANN, None), (1, BOB, None), (2, "Ann@x.com", 0), (3, "bob@x.com", 1)]


def test_same_list_again_changes_nothing(world: Feeds) -> None:
    text = HEADER + line(ANN, "ann@x.com", "Ann", "user", "false")
    state(world, text)
    before = people()
    assert counts(state(world, text)) == (0, 0, 1, 0)
    assert people() == before
    assert Alias.objects.count() == 1


def test_person_without_name_is_numbered_alone(world: Feeds) -> None:
    assert counts(state(world, f"customer_id,user_id\n{FABRIKAM},{ANN}\n")) == (1, 0, 0, 0)
    assert people() == [(0, ANN, None)]


def test_name_that_is_the_user_id_is_no_alias(world: Feeds) -> None:
    state(world, HEADER + line("ann@x.com", "ANN@x.com"))
    assert people() == [(0, "ann@x.com", None)]


def test_columns_that_the_file_lacks_leave_what_is_stored(world: Feeds) -> None:
    state(world, HEADER + line(ANN, "ann@x.com", "Ann", "shared", "false"))
    assert counts(state(world, f"customer_id,user_id,is_deleted\n{FABRIKAM},{ANN},true\n")) == (0, 1, 0, 0)
    [alias] = Alias.objects.all()
    assert (alias.display_name, alias.mailbox, alias.is_deleted, alias.name_number) == ("Ann", "shared", True, 1)


def test_former_name_stays_the_persons(world: Feeds) -> None:
    state(world, HEADER + line(ANN, "ann@x.com"))
    assert counts(state(world, HEADER + line(ANN, "ann.married@x.com"))) == (0, 1, 0, 0)
    assert people() == [(0, ANN, None), (1, "ann@x.com", 0), (2, "ann.married@x.com", 0)]
    assert counts(state(world, HEADER + line(ANN, "ann@x.com"))) == (0, 1, 0, 0)
    assert len(people()) == 3


def test_lowest_number_stands_for_people_that_turn_out_to_be_one(world: Feeds) -> None:
    day = f"{FABRIKAM},%s,EXO,2026-11-01\n"
    world.load({"activity.csv": ACTIVITY + day % "old@x.com" + day % ANN + day % "new@x.com"})
    state(world, HEADER + line(ANN, "new@x.com"))
    assert people() == [(0, "old@x.com", None), (1, ANN, None), (2, "new@x.com", 1)]
    state(world, HEADER + line(ANN, "old@x.com"))
    assert people() == [(0, "old@x.com", None), (1, ANN, 0), (2, "new@x.com", 0)]


def test_used_again_address_moves_to_the_other_object_id_and_history_stays(world: Feeds) -> None:
    world.load({"activity.csv": ACTIVITY + f"{FABRIKAM},sales@x.com,EXO,2026-11-01\n"})
    state(world, HEADER + line(ANN, "sales@x.com"))
    assert counts(state(world, HEADER + line(BOB, "sales@x.com"))) == (1, 0, 0, 0)
    assert people() == [(0, "sales@x.com", None), (1, ANN, 0), (2, BOB, None), (3, "sales@x.com", 2)]
    world.load({"activity.csv": ACTIVITY + f"{FABRIKAM},sales@x.com,EXO,2026-11-02\n"})
    customer = Person.objects.first().customer_id
    assert numbers_of(customer=customer, user_id="sales@x.com") == [3, 2]
    assert numbers_of(customer=customer, user_id=ANN) == [1, 0]
    assert sorted((key, day) for key, _service, day, _source in activity()) == [
        (f" {customer}/0", "2026-11-01"),
        ("sales@x.com", "2026-11-02"),
    ]


def test_deleted_user_takes_no_name_from_another(world: Feeds) -> None:
    state(world, HEADER + line(BOB, "sales@x.com") + line(ANN, "sales@x.com", deleted="true"))
    assert people() == [(0, BOB, None), (1, ANN, None), (2, "sales@x.com", 0)]
    state(world, HEADER + line(ANN, "sales@x.com", deleted="true"))
    assert people() == [(0, BOB, None), (1, ANN, None), (2, "sales@x.com", 0)]


def test_two_users_of_one_list_dont_share_a_name(world: Feeds) -> None:
    state(world, HEADER + line(ANN, "sales@x.com") + line(BOB, "sales@x.com"))
    assert people() == [(0, ANN, None), (1, BOB, None), (2, "sales@x.com", 1)]


def test_two_ids_of_which_one_is_no_object_id_are_one_person(world: Feeds) -> None:
    state(world, HEADER + line("e-123", "ann@x.com"))
    state(world, HEADER + line(ANN, "ann@x.com"), partner="alpha")
    assert people() == [(0, "e-123", None), (1, "ann@x.com", 0), (2, ANN, 0)]


def test_bad_lines_are_named(world: Feeds) -> None:
    unknown = "cccccccc-0000-0000-0000-000000000009"
    text = HEADER + line(ANN, mailbox="fridge") + f"{unknown},{ANN},,,,\n" + line(BOB, deleted="maybe")
    report = state(world, text)
    assert not report.loaded
    assert [str(record) for record in report.bad] == [
        "people.csv, line 2, column mailbox: “fridge” is not a kind of account; expected user, shared, room, equipment, service or guest.",
        f"people.csv, line 3, column customer_id: “{unknown}” is not known; expected the customer_id of a known customer.",
        "people.csv, line 4, column is_deleted: “maybe” is neither yes nor no; expected true or false.",
    ]


def test_who_is_who_cant_be_retracted(world: Feeds) -> None:
    report = state(world, f"customer_id,user_id,retract\n{FABRIKAM},{ANN},true\n")
    assert [record.column for record in report.bad] == ["retract"]


def test_partner_speaks_of_customers_that_it_serves(world: Feeds) -> None:
    report = state(world, f"customer_id,user_id\n{CONTOSO},{ANN}\n", partner="alpha")
    assert [record.column for record in report.bad] == ["customer_id"]


def test_days_are_stale_from_the_first_fact_where_both_have_facts(world: Feeds) -> None:
    day = f"{FABRIKAM},%s,EXO,2026-11-%s\n"
    world.load({"activity.csv": ACTIVITY + day % (ANN, "05") + day % ("ann@x.com", "07") + day % (BOB, "06")})
    forget_stale()
    state(world, HEADER + line(BOB, "bob@x.com"))
    assert stale() == {}
    state(world, HEADER + line(ANN, "ann@x.com"))
    assert stale() == {"1": (1, "{[2026-11-05,)}")}


@pytest.fixture
def joined(world: Feeds) -> Feeds:
    """Ann is known by an object id and a name; S1 is Alpha's."""
    world.load({"subscriptions.csv": SUBSCRIPTIONS + version("S1")})
    state(world, HEADER + line(ANN, "ann@x.com"))
    return world


def test_period_is_found_by_any_identifier(joined: Feeds) -> None:
    assert joined.counts("entitlements.csv", PERIODS + "S1,ann@x.com,2026-02-01,entitled,\n") == (1, 0, 0, 0, 0)
    assert joined.counts("entitlements.csv", PERIODS + f"S1,{ANN},2026-02-01,entitled,\n") == (0, 0, 1, 0, 0)
    assert joined.counts("entitlements.csv", PERIODS + f"S1,{ANN},2026-02-01,entitled,2026-03-01\n") == (0, 1, 0, 0, 0)
    assert periods() == [("s1", "ann@x.com", "entitled", "2026-02-01", "2026-03-01")]


def test_period_is_retracted_by_any_identifier(joined: Feeds) -> None:
    joined.load({"entitlements.csv": PERIODS + "S1,ann@x.com,2026-02-01,entitled,\n"})
    retract = f"subscription_id,user_id,from,state,to,retract\nS1,{ANN},2026-02-01,,,true\n"
    assert joined.counts("entitlements.csv", retract) == (0, 0, 0, 1, 0)
    assert periods() == []


def test_lines_of_one_file_by_two_identifiers_are_of_one_key(joined: Feeds) -> None:
    text = PERIODS + f"S1,{ANN},2026-02-01,cancelled,\nS1,ann@x.com,2026-02-01,entitled,\n"
    assert joined.counts("entitlements.csv", text) == (1, 0, 0, 0, 0)
    assert periods() == [("s1", ANN, "entitled", "2026-02-01", None)]


def test_period_that_another_source_stated_by_the_other_identifier_is_left_alone(joined: Feeds) -> None:
    joined.load({"entitlements.csv": PERIODS + "S1,ann@x.com,2026-02-01,entitled,\n"})
    text = PERIODS + f"S1,{ANN},2026-02-01,cancelled,\n"
    assert joined.counts("entitlements.csv", text, partner="alpha") == (1, 0, 0, 0, 0)
    assert len(periods()) == 2


def test_activity_is_retracted_by_any_identifier(joined: Feeds) -> None:
    joined.load({"activity.csv": ACTIVITY + f"{FABRIKAM},ann@x.com,EXO,2026-11-01\n"})
    joined.load({"activity.csv": f"customer_id,user_id,service,day,retract\n{FABRIKAM},{ANN},EXO,2026-11-01,true\n"})
    assert activity() == set()


def test_activity_stated_and_retracted_by_two_identifiers_in_one_file(joined: Feeds) -> None:
    lines = [f"{FABRIKAM},ann@x.com,EXO,2026-11-01,", f"{FABRIKAM},{ANN},EXO,2026-11-01,true"]
    text = "customer_id,user_id,service,day,retract\n" + "\n".join(lines) + "\n"
    joined.load({"activity.csv": text})
    assert activity() == set()


def test_name_shown_is_one_that_the_partner_delivered(world: Feeds) -> None:
    """Alpha names the person by the object id, Beta says what it is called: Alpha doesn't hear of that."""
    world.load({"subscriptions.csv": SUBSCRIPTIONS + version("S1")})
    world.load({"entitlements.csv": PERIODS + f"S1,{ANN},2026-02-01,entitled,\n"}, partner="alpha")
    state(world, HEADER + line(ANN, "ann@x.com"), partner="beta")
    alpha, beta = (Partner.objects.get(slug=slug) for slug in ("alpha", "beta"))
    customer = Person.objects.first().customer_id
    assert delivered_names(partner=alpha, customer=customer, people=[0]) == {0: ANN}
    assert delivered_names(partner=beta, customer=customer, people=[0]) == {0: "ann@x.com"}


def test_user_id_shows_in_no_other_partners_capitals(world: Feeds) -> None:
    world.load({"subscriptions.csv": SUBSCRIPTIONS + version("S1")})
    for partner, user in (("alpha", "Ann@X.com"), ("beta", "ANN@x.com")):
        world.load({"activity.csv": ACTIVITY + f"{FABRIKAM},{user},EXO,2026-11-01\n"}, partner=partner)
    alpha, beta = (Partner.objects.get(slug=slug) for slug in ("alpha", "beta"))
    customer = Person.objects.get().customer_id
    assert delivered_names(partner=alpha, customer=customer, people=[0]) == {0: "Ann@X.com"}
    assert delivered_names(partner=beta, customer=customer, people=[0]) == {0: "ann@x.com"}


TAKEN = (
    "people.csv, line 2, column principal_name: “ann@x.com” is another user's principal name; "
    "expected one that no other user has. The operator can move it."
)


class TestNameThatAnotherPartnerUses:
    """Beta has said that Ann is ann@x.com."""

    @pytest.fixture(autouse=True)
    def said_by_beta(self, world: Feeds) -> None:
        state(world, HEADER + line(ANN, "ann@x.com"), partner="beta")

    def refused(self, world: Feeds, text: str) -> list[str]:
        before = people()
        report = state(world, text, partner="alpha")
        assert not report.loaded
        assert people() == before
        return [str(record) for record in report.bad]

    def moved(self, world: Feeds, *, partner: str | None) -> bool:
        state(world, HEADER + line(BOB, "ann@x.com"), partner=partner)
        numbers = {user: one if same is None else same for one, user, same in people()}
        return numbers["ann@x.com"] == numbers[BOB] != numbers[ANN]

    def test_is_not_moved_to_another_object_id(self, world: Feeds) -> None:
        assert self.refused(world, HEADER + line(BOB, "ANN@x.com ")) == [TAKEN.replace("ann@x", "ANN@x")]

    def test_is_moved_by_whoever_said_so(self, world: Feeds) -> None:
        assert self.moved(world, partner="beta")

    def test_is_moved_by_the_operator(self, world: Feeds) -> None:
        assert self.moved(world, partner=None)

    def test_is_moved_by_whoever_has_said_the_same(self, world: Feeds) -> None:
        assert counts(state(world, HEADER + line(ANN, "ann@x.com"), partner="alpha")) == (1, 0, 0, 0)
        assert self.moved(world, partner="alpha")

    def test_is_moved_by_the_only_partner(self, world: Feeds) -> None:
        header = "partner_id,customer_id,from,to\n"
        world.load({"relationships.csv": header + f"{BETA},{FABRIKAM},2026-01-01,2026-11-20\n"})
        assert self.moved(world, partner="alpha")

    @pytest.mark.parametrize("since", [line(ANN, "ann.married@x.com"), line(ANN, "ann@x.com", deleted="true")])
    def test_is_free_when_nobody_gives_it_to_the_user_any_more(self, world: Feeds, since: str) -> None:
        state(world, HEADER + since, partner="beta")
        assert self.moved(world, partner="alpha")

    def test_is_kept_from_each_of_several_lines(self, world: Feeds) -> None:
        text = HEADER + line(BOB, "ann@x.com") + line("33333333-0000-0000-0000-000000000003", "ann@x.com")
        assert self.refused(world, text) == [TAKEN, TAKEN.replace("line 2", "line 3")]

    def test_of_a_line_that_is_overridden_matters_not(self, world: Feeds) -> None:
        text = HEADER + line(BOB, "ann@x.com") + line(BOB, "bob@x.com")
        assert counts(state(world, text, partner="alpha")) == (1, 0, 0, 0)

    def test_is_not_asked_for_by_a_deleted_user(self, world: Feeds) -> None:
        assert counts(state(world, HEADER + line(BOB, "ann@x.com", deleted="true"), partner="alpha")) == (1, 0, 0, 0)
