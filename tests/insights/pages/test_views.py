"""Saved views: kept, chosen, shared, opened by themselves, forgotten; nobody gains a right by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Account
from insights.models import SavedView
from partners.models import Staff
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio, staff_of
from tests.people import make_partner, make_staff, signed_in

VIEWS = reverse("insights:saved_views")
PORTFOLIO = reverse("insights:portfolio")
CUSTOMERS = reverse("insights:customers")
STEPS = reverse("insights:steps")


@pytest.fixture
def ann(world: Portfolio) -> Staff:
    return make_staff(world.us, Role.SALES_AGENT, first_name="Ann", last_name="Berg")


@pytest.fixture
def bob(world: Portfolio) -> Staff:
    return make_staff(world.us, Role.GLOBAL_ADMIN, first_name="Bob")


def keep(client: Client, of: str, name: str, **more: str) -> str:
    """Where one is led after keeping a view."""
    answer = client.post(VIEWS, {"of": of, "name": name} | more)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def act(client: Client, view: SavedView, **said: str) -> int:
    return client.post(reverse("insights:saved_view", args=[view.pk]), said).status_code


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def messages(client: Client, path: str) -> str:
    return text(client, path).partition('id="messages"')[2].partition("</main>")[0]


class TestKeeping:
    def test_parameters_that_the_page_knows_are_kept_in_one_order(self, ann: Staff) -> None:
        of = "/customers/?tag=vip&sort=-idle&country=SE&page=3&utm=x&segment=&view=all"
        assert keep(signed_in(ann), of, "Swedes") == "/customers/?country=SE&sort=-idle&tag=vip"
        view = SavedView.objects.get()
        assert (view.owner, view.partner, view.page, view.name) == (ann, ann.partner, CUSTOMERS, "Swedes")
        assert (view.is_shared, view.is_default) == (False, False)

    def test_days_are_kept_on_demand_only(self, ann: Staff) -> None:
        client = signed_in(ann)
        assert keep(client, "/?country=SE&date=2026-03-01", "a") == "/?country=SE"
        assert keep(client, "/?country=SE&date=2026-03-01", "b", dated="on") == "/?country=SE&date=2026-03-01"

    @pytest.mark.parametrize("of", ["/", "/?page=2", "/?date=2026-03-01", "/?country="])
    def test_nothing_is_nothing_to_keep(self, ann: Staff, of: str) -> None:
        answer = signed_in(ann).post(VIEWS, {"of": of, "name": "a"})
        assert answer.status_code == 400
        assert "There is nothing to keep yet" in answer.content.decode()

    @pytest.mark.parametrize(
        "of", ["", "/terms/", "/customers.csv", "/nothing/", "https://x.example/?a=b", "//[", "/\0"]
    )
    def test_other_addresses_are_refused(self, ann: Staff, of: str) -> None:
        answer = signed_in(ann).post(VIEWS, {"of": of, "name": "a"})
        assert answer.status_code == 400
        assert SavedView.objects.count() == 0

    def test_too_much_is_refused(self, ann: Staff) -> None:
        answer = signed_in(ann).post(VIEWS, {"of": f"/?tag={'a' * 2000}", "name": "a"})
        assert answer.status_code == 400
        assert "This is too much for one view" in answer.content.decode()

    def test_name_is_taken_whatever_its_case_until_it_is_replaced(self, ann: Staff) -> None:
        client = signed_in(ann)
        keep(client, "/?country=SE", "Mine")
        answer = client.post(VIEWS, {"of": "/?country=NO", "name": "mine"})
        assert answer.status_code == 400
        assert "You have a view of this name on this page already." in answer.content.decode()
        assert 'name="replace"' in answer.content.decode()
        keep(client, "/?country=NO", "mine", replace="1")
        assert [(view.name, view.query) for view in SavedView.objects.all()] == [("mine", "country=NO")]
        keep(client, "/customers/?country=NO", "mine")

    def test_there_are_so_many(self, ann: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("insights.services.saved_views.MOST", 2)
        client = signed_in(ann)
        for name in "ab":
            keep(client, "/?country=SE", name)
        answer = client.post(VIEWS, {"of": "/?country=SE", "name": "c"})
        assert answer.status_code == 400
        assert "You keep 2 views of this page" in answer.content.decode()


class TestMenu:
    def test_mine_and_the_teams_are_offered(self, ann: Staff, bob: Staff) -> None:
        keep(signed_in(ann), "/?country=SE", "Swedes", shared="on")
        keep(signed_in(ann), "/?country=NO", "Norwegians")
        html = text(signed_in(bob), PORTFOLIO)
        assert "Swedes <small>Ann Berg</small>" in html
        assert "Norwegians" not in html
        assert "Norwegians" not in text(signed_in(bob), VIEWS)
        assert "Swedes" not in text(signed_in(bob), CUSTOMERS)

    def test_present_view_is_marked_with_and_without_days(self, ann: Staff) -> None:
        client = signed_in(ann)
        keep(client, "/?country=SE&sort=-idle", "Swedes")
        for query in ("country=SE&sort=-idle", "sort=-idle&country=SE&page=1&date=2026-10-01"):
            assert '<a href="/?country=SE&amp;sort=-idle" aria-current="true">Swedes' in text(client, f"/?{query}")
        assert 'aria-current="true">Swedes' not in text(client, "/?country=SE")

    def test_pages_of_other_partners_show_none(self, ann: Staff) -> None:
        keep(signed_in(ann), "/?country=SE", "Swedes", shared="on")
        stranger = make_staff(make_partner("sud"), Role.GLOBAL_ADMIN)
        assert "Swedes" not in text(signed_in(stranger), PORTFOLIO)
        assert act(signed_in(stranger), SavedView.objects.get(), act="forget") == 404

    @pytest.mark.parametrize("page", [PORTFOLIO, CUSTOMERS, STEPS])
    def test_every_page_with_filters_has_one(self, ann: Staff, page: str) -> None:
        assert 'id="views"' in text(signed_in(ann), page)


class TestDefault:
    def test_opens_by_itself_once_and_not_for_colleagues(self, ann: Staff, bob: Staff) -> None:
        client = signed_in(ann)
        keep(client, "/customers/?country=SE", "Swedes", default="on", shared="on")
        answer = client.get(CUSTOMERS)
        assert (answer.status_code, answer["Location"]) == (302, "/customers/?country=SE")
        assert client.get(answer["Location"]).status_code == 200
        assert client.get(f"{CUSTOMERS}?view=all").status_code == 200
        assert client.get(f"{CUSTOMERS}?q=a").status_code == 200
        assert signed_in(bob).get(CUSTOMERS).status_code == 200

    def test_filters_that_are_taken_away_lead_to_everything(self, ann: Staff) -> None:
        client = signed_in(ann)
        keep(client, "/customers/?country=SE", "Swedes", default="on")
        html = text(client, "/customers/?country=SE")
        assert '<input type="hidden" name="view" value="all">' in html
        assert '<a class="btn btn-outline-secondary" href="/customers/?view=all">Clear</a>' in html

    def test_there_is_one_a_page(self, ann: Staff) -> None:
        client = signed_in(ann)
        for name, page in (("a", "/"), ("b", "/"), ("c", "/customers/")):
            keep(client, f"{page}?country=SE", name, default="on")
        assert sorted(SavedView.objects.filter(is_default=True).values_list("name", flat=True)) == ["b", "c"]
        assert act(client, SavedView.objects.get(name="a"), act="default") == 302
        assert sorted(SavedView.objects.filter(is_default=True).values_list("name", flat=True)) == ["a", "c"]

    def test_that_fits_no_more_leads_to_the_bare_page_and_says_why(
        self, world: Portfolio, ann: Staff, bob: Staff
    ) -> None:
        customer = world.serve("Contoso")
        Account.objects.create(partner=world.us, customer=customer, owner=bob)
        client = signed_in(ann)
        keep(client, f"/customers/?owner={bob.pk}", "Bob's", default="on")
        assert text(client, f"/customers/?owner={bob.pk}")
        SavedView.objects.update(query="owner=999999")
        answer = client.get(CUSTOMERS, follow=True)
        assert [path for path, _status in answer.redirect_chain] == ["/customers/?owner=999999", "/customers/?view=all"]
        assert "The view “Bob&#x27;s” can&#x27;t be shown any more: owner:" in answer.content.decode()
        assert client.get("/customers/?owner=999998").status_code == 400

    def test_page_of_wrong_filters_leads_to_the_bare_page(self, ann: Staff) -> None:
        html = signed_in(ann).get("/customers/?country=Sweden").content.decode()
        assert '<a class="btn btn-primary" href="/customers/">The page without filters</a>' in html


class TestChanging:
    def view(self, owner: Staff, **fields: object) -> SavedView:
        given = {"partner": owner.partner, "owner": owner, "page": "/", "query": "country=SE", "name": "Swedes"}
        return SavedView.objects.create(**(given | fields))

    def test_name_sharing_and_default(self, ann: Staff) -> None:
        view, client = self.view(ann), signed_in(ann)
        assert act(client, view, act="change", name=" Nordic ", shared="on", default="on") == 302
        view.refresh_from_db()
        assert (view.name, view.is_shared, view.is_default) == ("Nordic", True, True)

    @pytest.mark.parametrize(
        ("turn", "expected"),
        [
            ("share", (True, False)),
            ("unshare", (False, False)),
            ("default", (False, True)),
            ("no_default", (False, False)),
        ],
    )
    def test_turns_of_the_menu(self, ann: Staff, turn: str, expected: tuple[bool, bool]) -> None:
        view, client = self.view(ann), signed_in(ann)
        assert act(client, view, act=turn) == 302
        view.refresh_from_db()
        assert (view.is_shared, view.is_default, view.name, view.query) == (*expected, "Swedes", "country=SE")

    def test_colleagues_choose_and_do_not_change(self, ann: Staff, bob: Staff) -> None:
        view = self.view(bob, is_shared=True)
        client = signed_in(ann)
        assert "shared by Bob" in text(client, reverse("insights:saved_view", args=[view.pk]))
        for said in ({"act": "change", "name": "x"}, {"act": "unshare"}, {"act": "forget"}):
            assert act(client, view, **said) == 403
        assert SavedView.objects.get() == view

    def test_of_colleagues_alone_there_is_nothing(self, ann: Staff, bob: Staff) -> None:
        view = self.view(bob)
        assert signed_in(ann).get(reverse("insights:saved_view", args=[view.pk])).status_code == 404
        assert act(signed_in(ann), view, act="forget") == 404

    def test_forgetting_shows_it_once_more(self, ann: Staff) -> None:
        view, client = self.view(ann), signed_in(ann)
        answer = client.post(reverse("insights:saved_view", args=[view.pk]), {"act": "forget"})
        assert (answer.status_code, answer["Location"]) == (302, "/?country=SE")
        assert "keep it again to undo this" in messages(client, answer["Location"])
        assert SavedView.objects.count() == 0

    def test_what_a_colleague_left_behind_is_forgotten_by_whoever_settles_things(self, ann: Staff, bob: Staff) -> None:
        view = self.view(ann, is_shared=True)
        assert act(signed_in(bob), view, act="forget") == 302
        assert SavedView.objects.count() == 0

    @pytest.mark.parametrize(
        "said", [{}, {"act": "own"}, {"act": "change", "name": ""}, {"act": "change", "name": "a" * 65}]
    )
    def test_bad_input(self, ann: Staff, said: dict[str, str]) -> None:
        assert act(signed_in(ann), self.view(ann), **said) == 400

    def test_name_that_is_taken(self, ann: Staff) -> None:
        self.view(ann, name="Other")
        assert act(signed_in(ann), self.view(ann), act="change", name="OTHER") == 400

    def test_view_of_a_page_that_is_gone_is_gone(self, ann: Staff) -> None:
        view, client = self.view(ann, page="/old/"), signed_in(ann)
        assert client.get(reverse("insights:saved_view", args=[view.pk])).status_code == 404
        assert "Swedes" not in text(client, VIEWS)


@pytest.mark.parametrize("views", [1, 3])
def test_list_of_views_takes_as_many_queries_whatever_there_is(
    world: Portfolio, sign_in: Callable[..., Client], django_assert_num_queries: Callable[..., object], views: int
) -> None:
    owner = staff_of(world)
    for number in range(views):
        SavedView.objects.create(partner=world.us, owner=owner, page="/", query="by=sku", name=str(number))
    client = signed_in(owner)
    with django_assert_num_queries(3):
        text(client, VIEWS)
