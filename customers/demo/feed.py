"""Writes the demo as feeds (feed.md): a folder per part, one CSV file per kind of fact."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from customers.demo.activity import activity, delivered
from customers.demo.catalogue import CURRENCIES, EURO, PARTNERS, SKUS
from customers.demo.chance import guid
from customers.demo.licences import DAYS, Version, periods, versions
from customers.demo.names import user_ids
from customers.demo.parts import OPERATOR, PARTS, part_of_sale, part_of_tie, parts_of_coverage, parts_of_people
from customers.demo.service import cases, responses
from customers.demo.specs import EXTERNAL, FIRST_DAY, Customer, Sale
from customers.demo.stories import CUSTOMERS

SERVICES = tuple(sorted({service for sku in SKUS.values() for service in sku.workloads}))

Row = tuple[object, ...]
Lines = Iterator[tuple[str, Row]]
"""Each line with the part that states it."""


def write_demo_feed(folder: Path, today: date) -> None:
    """Write the demo into `folder`: a feed per part (`parts.PARTS`), to be loaded in that order. Folders are made if need be.

    The same `today` gives the same bytes; another one the same story, shifted. Files of the same names are replaced.
    """
    for part in PARTS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    _write(folder, "partners", "partner_id,name,slug", _partners())
    _write(folder, "customers", "customer_id,name,domain,country,segment", _customers())
    _write(folder, "relationships", "partner_id,customer_id,from,to", _relationships(today))
    _write(folder, "skus", "sku_id,part_number,name,family,workloads", _skus())
    _write(folder, "subscriptions", SUBSCRIPTION_COLUMNS, _subscriptions(today))
    _write(folder, "entitlements", "subscription_id,user_id,from,state,to", _entitlements(today))
    _write(folder, "activity", "customer_id,user_id,service,day", _activity(today))
    _write(folder, "coverage", "customer_id,service,day", _coverage(today))
    _write(folder, "support_cases", "partner_id,case_id,customer_id,opened_on,kind,closed_on", _cases(today))
    _write(
        folder, "satisfaction", "partner_id,response_id,customer_id,responded_on,score,comment", _satisfaction(today)
    )


SUBSCRIPTION_COLUMNS = (
    "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial,term_end,auto_renew,cancel_until,"
    "unit_price,currency"
)


def customer_id(customer: Customer) -> str:
    """The customer's tenant id."""
    return guid("customer", customer.code)


def partner_id(code: str) -> str:
    """The id of one of the demo's partners."""
    return guid("partner", code)


def subscription_id(customer: Customer, number: int) -> str:
    """The id of a customer's subscription: a GUID, or for what an outsider sold an order number."""
    if customer.sales[number].seller == EXTERNAL:
        return f"{customer.code}-{number + 1}"
    return guid("subscription", customer.code, number)


def _write(folder: Path, name: str, columns: str, lines: Iterable[tuple[str, Row]]) -> None:
    with ExitStack() as stack:
        write: dict[str, Callable[[Row], object]] = {}
        for part, row in lines:
            if part not in write:
                file = stack.enter_context((folder / part / f"{name}.csv").open("w", encoding="utf-8", newline=""))
                file.write(f"{columns}\n")
                write[part] = csv.writer(file, lineterminator="\n").writerow
            write[part](row)


def _day(today: date, day: int | None) -> str:
    """The day as written; nothing for none."""
    return "" if day is None else (today + timedelta(day)).isoformat()


def _truth(*, value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def _partners() -> Lines:
    for partner in PARTNERS:
        yield OPERATOR, (partner_id(partner.code), partner.name, partner.code)


def _customers() -> Lines:
    for customer in CUSTOMERS:
        row = (customer_id(customer), customer.name, customer.domain, customer.country, customer.segment)
        for part in (OPERATOR, *customer.claimed_by):
            yield part, row


def _relationships(today: date) -> Lines:
    for customer in CUSTOMERS:
        for tie in customer.ties:
            days = (_day(today, tie.since), _day(today, tie.until))
            yield OPERATOR, (partner_id(tie.partner), customer_id(customer), *days)


def _skus() -> Lines:
    for sku in SKUS.values():
        yield OPERATOR, (sku.sku_id, sku.part_number, sku.name, sku.family, ";".join(sku.workloads))


def _sales() -> Iterator[tuple[Customer, Sale, str]]:
    for customer in CUSTOMERS:
        for number, sale in enumerate(customer.sales):
            yield customer, sale, subscription_id(customer, number)


def _subscriptions(today: date) -> Lines:
    for customer, sale, key in _sales():
        seller = EXTERNAL if sale.seller == EXTERNAL else partner_id(sale.seller)
        for version in versions(sale):
            what = (SKUS[version.sku].sku_id, version.status, version.quantity, _truth(value=version.trial))
            term = (_day(today, version.term_end), _truth(value=version.auto_renew), _day(today, version.cancel_until))
            price = _price(customer, sale, version)
            row = (key, _day(today, version.on), customer_id(customer), seller, *what, *term, *price)
            yield part_of_sale(customer, sale), row


def _price(customer: Customer, sale: Sale, version: Version) -> tuple[str, str]:
    """Price and currency; nobody knows an outsider's prices, and a trial has none."""
    if sale.seller == EXTERNAL or version.trial:
        return "", ""
    currency, rate = CURRENCIES.get(customer.country, EURO)
    return f"{SKUS[version.sku].price * rate:.2f}", currency


def _entitlements(today: date) -> Lines:
    ids = {customer.code: user_ids(customer) for customer in CUSTOMERS}
    for customer, sale, key in _sales():
        part = part_of_sale(customer, sale)
        for period in periods(sale):
            user = ids[customer.code][period.person]
            yield part, (key, user, _day(today, period.since), period.state, _day(today, period.until))


def _activity(today: date) -> Lines:
    for customer in CUSTOMERS:
        tenant, users, parts = customer_id(customer), user_ids(customer), parts_of_people(customer)
        for person, service, day in activity(customer, today=today):
            yield parts[person], (tenant, users[person], service, day)


def _coverage(today: date) -> Lines:
    for customer in CUSTOMERS:
        for service, bits in _covered(customer).items():
            for index in range(DAYS):
                if bits >> index & 1:
                    row = (customer_id(customer), service, _day(today, FIRST_DAY + index))
                    yield from ((part, row) for part in parts_of_coverage(customer))


def _covered(customer: Customer) -> dict[str, int]:
    """Service -> bits of the days covered; `*` where every service was delivered alike."""
    without = customer.delivery.without
    if not without:
        return {"*": delivered(customer, "*")}
    return {service: delivered(customer, service) for service in SERVICES} if "*" not in without else {}


def _cases(today: date) -> Lines:
    for customer in CUSTOMERS:
        for tie in customer.ties:
            for number, case in enumerate(cases(customer, tie), start=1):
                days = (_day(today, case.opened), case.kind, _day(today, case.closed))
                key = (partner_id(tie.partner), f"{customer.code}-{number}")
                yield part_of_tie(tie), (*key, customer_id(customer), *days)


def _satisfaction(today: date) -> Lines:
    for customer in CUSTOMERS:
        for tie in customer.ties:
            for number, said in enumerate(responses(customer, tie), start=1):
                key = (partner_id(tie.partner), f"{customer.code}-s{number}")
                yield part_of_tie(tie), (*key, customer_id(customer), _day(today, said.day), said.score, said.comment)
