"""Generated sequences of loads and undos leave the facts and figures of the loads that remain, exactly."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from django.db import connection, transaction
from django.utils import timezone

from customers.feed.files.order import IMPORT_FILES
from customers.models import Customer, LeftOutPerson, Load
from customers.services.corrections.loading import state
from customers.services.stale import mark_stale
from customers.services.undo import UndoRefusedError, undo
from customers.services.undo.replaying import KINDS
from insights.services.rollup import rollup
from partners.models import Partner, Staff
from partners.services.corrections import CorrectionError
from tests.generated.facts import Facts, facts
from tests.generated.loads import CATALOGUE, TODAY, Delivery, LeavingOut, Story, Undoing
from tests.generated.product import bring_in, check_constraints, load, rolled_back
from tests.generated.profile import LONG, PARTS, check_generated
from tests.generated.stories import stories
from tests.generated.test_figures import assert_stored_equals_computed
from tests.people import make_operator

TODAY_ = date.fromisoformat(TODAY)
SHARE = 0.1 if LONG else 0.2
DAYS = (date(2026, 5, 31), date(2026, 6, 12))

pytestmark = pytest.mark.django_db


@dataclass
class Taken:
    """A delivery as far as it was taken, the key of its load, and its place in the sequence."""

    delivery: Delivery
    load: int
    place: int


@dataclass
class Played:
    """An installation into which deliveries are loaded."""

    operator: Staff
    taken: list[Taken] = field(default_factory=list)
    left_out: list[LeavingOut] = field(default_factory=list)

    def take(self, place: int, delivery: Delivery) -> bool:
        """Load it; whether all of it was taken."""
        if delivery.corrects:
            return self._correct(place, delivery)
        if delivery.imports:
            return self._bring_in(place, delivery)
        partner = Partner.objects.get(slug=delivery.stater) if delivery.stater else None
        report = load(delivery.files, today=TODAY_, partner=partner, skip_bad=True)
        accepted = {
            file.name: _without(delivery.files[file.name], {record.line for record in file.bad})
            for file in report.files
            if file.loaded
        }
        if accepted:
            self.taken.append(Taken(replace(delivery, files=accepted), Load.objects.latest("pk").pk, place))
        return not report.refused

    def _bring_in(self, place: int, delivery: Delivery) -> bool:
        partner = Partner.objects.get(slug=delivery.stater) if delivery.stater else None
        bad = bring_in(delivery.files, today=TODAY_, partner=partner)
        accepted = {name: _without(delivery.files[name], lines) for name, lines in bad.items()}
        if accepted:
            self.taken.append(Taken(replace(delivery, files=accepted), Load.objects.latest("pk").pk, place))
        return bad == {name: set() for name in delivery.files}

    def leave_out(self, leaving: LeavingOut) -> bool:
        """Leave the mailbox out, if it isn't; whether the customer is known."""
        customer = Customer.objects.filter(tenant_id=leaving.customer).first()
        if customer is None:
            return False
        if leaving not in self.left_out:
            said = {"user_id": leaving.user, "key": leaving.user, "mailbox": "room", "reason": "Room"}
            LeftOutPerson.objects.create(
                customer=customer, left_out_by=self.operator, left_out_at=timezone.now(), **said
            )
            with connection.cursor() as cursor:
                mark_stale(cursor, [(customer.pk, date(2000, 1, 1), None)])
            self.left_out.append(leaving)
        return True

    def _correct(self, place: int, delivery: Delivery) -> bool:
        partner = Partner.objects.get(slug=delivery.stater) if delivery.stater else None
        name, text = next(iter(delivery.files.items()))
        lines = list(csv.DictReader(io.StringIO(text)))
        whole = [{column.name: line.get(column.name, "") for column in KINDS[name].columns} | line for line in lines]
        try:
            with transaction.atomic():
                state(actor=self.operator, file=KINDS[name], lines=whole, stated_by=partner)
        except CorrectionError:
            return False
        self.taken.append(Taken(replace(delivery, files={name: text}), Load.objects.latest("pk").pk, place))
        return True

    def facts(self) -> Facts:
        """What there is; loads by their places in the sequence."""
        check_constraints()
        return facts({taken.load: taken.place for taken in self.taken})


def _without(text: str, bad: set[int]) -> str:
    """The file without its bad lines: what is refused once stays refused (docs/decisions/0012-undo.md)."""
    return "".join(line for number, line in enumerate(text.splitlines(keepends=True), 1) if number not in bad)


@pytest.mark.parametrize("part", PARTS)
def test_undo_leaves_what_remains(part: int) -> None:
    check_generated(part, stories(), assert_as_if_never_loaded, share=SHARE)


def assert_as_if_never_loaded(story: Story) -> None:
    with rolled_back():
        load(CATALOGUE, today=TODAY_)
        operator = make_operator()
        played = Played(operator)
        for place, action in enumerate(story.actions):
            if isinstance(action, Undoing):
                _undo_one(played, action)
            elif isinstance(action, LeavingOut):
                played.leave_out(action)
            else:
                played.take(place, action)
        left = played.facts()
        reference, complete = _without_others(played, played.taken)
    assert complete
    assert left == reference


def _undo_one(played: Played, undoing: Undoing) -> None:
    candidates = [taken for taken in played.taken if not taken.delivery.corrects]
    if not candidates:
        return
    chosen = candidates[-1 - undoing.place % len(candidates)]
    before = played.facts()
    for day in DAYS:
        rollup(first=day, last=day)
    try:
        with transaction.atomic():
            undo(actor=None, load=Load.objects.get(pk=chosen.load))
    except UndoRefusedError:
        assert played.facts() == before
        others = [taken for taken in played.taken if taken is not chosen]
        assert not _without_others(played, others)[1]
        return
    played.taken.remove(chosen)
    for day in DAYS:
        rollup(first=day, last=day)
        assert_stored_equals_computed(day)


def _without_others(played: Played, taken: list[Taken]) -> tuple[Facts, bool]:
    """The facts of an installation with these deliveries only, and whether they were taken as a whole."""
    with rolled_back():
        _empty()
        fresh = Played(played.operator)
        whole = [fresh.take(each.place, each.delivery) for each in taken]
        # Whatever is undone, who was left out stays so.
        whole += [fresh.leave_out(leaving) for leaving in played.left_out]
        return fresh.facts(), all(whole)


def _empty() -> None:
    """Take away every fact; the catalogue stays."""
    with connection.cursor() as cursor:
        for table in (
            "customers_journalentry", "customers_loadlines", "customers_loadstep", "customers_activitystatement",
            "customers_coveragestatement", "customers_removedbits", "customers_activity", "customers_coverage", "customers_alias", "customers_holding",
            "customers_seenlist", "customers_seensubscription", "customers_skutotal", "customers_reported",
            "customers_entitlementperiod", "customers_subscriptionversion", "customers_subscription",
            "customers_supportcase", "customers_satisfactionresponse", "customers_relationship",
            "customers_customerprofile", "customers_leftoutperson", "customers_person", "insights_figuredays", "customers_staledays",
            "customers_customer",
        ):  # fmt: skip
            cursor.execute(f"DELETE FROM {table}")


def test_stories_hold_every_kind_of_file_and_of_act() -> None:
    names: set[str] = set()
    acts: set[type] = set()

    def gather(story: Story) -> None:
        acts.update(map(type, story.actions))
        for action in story.actions:
            names.update(action.files if isinstance(action, Delivery) else ())

    check_generated(0, stories(), gather)
    assert acts == {Delivery, Undoing, LeavingOut}
    assert names == {kind.name for kind in IMPORT_FILES} - {"partners.csv", "skus.csv"}
