"""Which part of a partner's portfolio is looked at: filters, as pages, exports and the API read them from an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from customers.models import Family, Sku, Workload
from customers.selectors.customers import VisibleCustomer
from insights.engine.rows import ALL
from insights.grain import By
from partners.models import Partner, Staff

ANY = "any"
NOBODY = "none"
"""In an address: customers without an owner."""
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_NUMBER = re.compile(r"[0-9]{1,9}")


class FilterError(ValueError):
    """What is asked for in a parameter isn't there or can't be asked for; the message says what was expected."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter
        self.message = message


@dataclass(frozen=True, slots=True)
class Filters:
    """What the rows and customers looked at have in common; None: no matter what."""

    family: int | None = None
    """Key, of rows by family or SKU."""
    sku: int | None = None
    """Key, of rows by SKU."""
    workload: int | None = None
    """Key, or `ALL` for the row of any."""
    country: str | None = None
    """Code of ISO 3166-1, capital letters."""
    segment: str | None = None
    owner: int | None = None
    """Key of a member of the partner's staff, 0: nobody."""
    tag: str | None = None

    def among(self, customers: Iterable[VisibleCustomer]) -> list[VisibleCustomer]:
        """Those of the customers that are meant."""
        return [customer for customer in customers if self._means(customer)]

    def _means(self, customer: VisibleCustomer) -> bool:
        return (
            self.country in (None, customer.country)
            and (self.segment is None or self.segment.casefold() == customer.segment.casefold())
            and (self.owner is None or self.owner == (customer.owner_id or 0))
            and (self.tag is None or self.tag.casefold() in (tag.casefold() for tag in customer.tags))
        )


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The families and workloads there are, by key."""

    families: dict[int, Family]
    workloads: dict[int, Workload]


def read_catalogue() -> Catalogue:
    """The catalogue as it is now."""
    return Catalogue(Family.objects.in_bulk(), Workload.objects.in_bulk())


def read_filters(params: Mapping[str, str], *, partner: Partner, by: By, catalogue: Catalogue | None = None) -> Filters:
    """The filters that the parameters of an address name: family, sku, workload, country, segment, owner, tag.

    A family by its code and an SKU by its id, a workload by its code or `any`, an owner by key or `none`; codes in any
    case, and what is empty is no filter. Raises FilterError for what isn't known or doesn't go with `by`: `sku` only
    with `by=sku`, `family` only with `sku` or `family` (interfaces.md).
    """
    asked = {name: value for name, text in params.items() if (value := text.strip())}
    if "family" in asked and by is By.ALL:
        raise FilterError("family", _("goes with by=family or by=sku only."))
    if "sku" in asked and by is not By.SKU:
        raise FilterError("sku", _("goes with by=sku only."))
    if catalogue is None:
        catalogue = read_catalogue()
    filters = Filters(
        family=_family(asked["family"], catalogue) if "family" in asked else None,
        workload=_workload(asked["workload"], catalogue) if "workload" in asked else None,
        country=_country(asked["country"]) if "country" in asked else None,
        segment=asked.get("segment"),
        owner=_owner(asked["owner"], partner) if "owner" in asked else None,
        tag=asked.get("tag"),
    )
    return _with_sku(filters, asked["sku"]) if "sku" in asked else filters


def _family(code: str, catalogue: Catalogue) -> int:
    keys = {family.key: key for key, family in catalogue.families.items()}
    if code.casefold() not in keys:
        known = ", ".join(sorted(family.code for family in catalogue.families.values() if family.in_insights))
        raise FilterError("family", _("“%(code)s” is no family; known are %(known)s.") % {"code": code, "known": known})
    return keys[code.casefold()]


def _workload(code: str, catalogue: Catalogue) -> int:
    keys = {workload.key: key for key, workload in catalogue.workloads.items()} | {ANY: ALL}
    if code.casefold() not in keys:
        known = ", ".join(sorted(workload.code for workload in catalogue.workloads.values()))
        message = _("“%(code)s” is no workload; known are any, %(known)s.")
        raise FilterError("workload", message % {"code": code, "known": known})
    return keys[code.casefold()]


def _country(code: str) -> str:
    if not _COUNTRY.fullmatch(code):
        message = _("“%(code)s” is no country; expected a two-letter code of ISO 3166-1, such as SE.")
        raise FilterError("country", message % {"code": code})
    return code.upper()


def _owner(text: str, partner: Partner) -> int:
    if text == NOBODY:
        return 0
    if not _NUMBER.fullmatch(text) or not Staff.objects.filter(partner=partner, pk=int(text)).exists():
        message = _("“%(text)s” is nobody of your staff; expected the number of a member of staff, or none.")
        raise FilterError("owner", message % {"text": text})
    return int(text)


def _with_sku(filters: Filters, text: str) -> Filters:
    """The SKU's family goes with it; where another one is asked for, nothing is both."""
    try:
        sku = Sku.objects.filter(sku_id=UUID(text)).first()
    except ValueError:
        message = _("“%(text)s” is no SKU id; expected a GUID.")
        raise FilterError("sku", message % {"text": text}) from None
    if sku is None:
        raise FilterError("sku", _("no SKU has the id %(text)s.") % {"text": text})
    return replace(filters, sku=sku.pk, family=sku.family_id if filters.family is None else filters.family)
