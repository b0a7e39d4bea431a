"""From which lists it is known who holds what of a customer (docs/decisions/0013)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customers.columns import day_number, day_of
from customers.held import OPERATOR, Seen, Source, runs
from customers.models import SeenList


@dataclass(frozen=True, slots=True)
class HoldingList:
    """The kind of lists that holds on a day, and the day of the last one."""

    source: Source
    day: date

    @property
    def is_concealed(self) -> bool:
        """Whether people stand in it by pseudonyms."""
        return self.source is Source.REPORT_CONCEALED

    @property
    def is_report(self) -> bool:
        """Whether it comes from usage reports."""
        return self.source is not Source.DIRECTORY


def list_that_holds(*, customer: int, day: date) -> HoldingList | None:
    """As of `day`, of a customer (key), whoever delivered it: only within `counting()`. None: no list of everybody was seen."""
    rows = SeenList.objects.filter(customer=customer, day__lte=day, person_number__isnull=True)
    seen = [
        Seen(day_number(on), Source(source), stater or OPERATOR)
        for on, source, stater in rows.values_list("day", "source", "stated_by")
    ]
    if not seen:
        return None
    source = runs(seen)[-1].source
    return HoldingList(source, day_of(max(one.day for one in seen if one.source is source)))
