"""Microsoft Graph: what is fetched of a customer's tenant, and which tenant it is that answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from customers.connections.client import Link
from customers.connections.failures import Problem, PullError
from customers.connections.fetching import Service, Wanted
from customers.connections.limits import REPORTS, take_turn
from customers.connections.storage import Round
from customers.feed.values import canonical_guid

_USER = "id,userPrincipalName,displayName,userType,accountEnabled,assignedLicenses,licenseAssignmentStates"
_ORGANISATION = "/v1.0/organization?$select=id,displayName,countryLetterCode,verifiedDomains"
FILES = (
    Wanted("subscribedSkus.json", "/v1.0/subscribedSkus", "value"),
    Wanted("directorySubscriptions.json", "/v1.0/directory/subscriptions", "value", may_lack=True),
    Wanted("users.json", f"/v1.0/users?$select={_USER}&$top=999", "value"),
    # Not `(date=...)`: such a report lists only who was active on that day, and would read like a list of all users.
    Wanted("getOffice365ActiveUserDetail.csv", "/v1.0/reports/getOffice365ActiveUserDetail(period='D30')"),
    Wanted("getM365AppUserDetail.csv", "/v1.0/reports/getM365AppUserDetail(period='D30')", may_lack=True),
)


@dataclass(frozen=True)
class Organisation:
    """What a tenant says of itself. `country` is ISO 3166-1 alpha-2, or empty."""

    tenant: UUID
    name: str
    domain: str
    country: str


def plan(part: Round) -> Iterator[Wanted]:
    """The files of a customer."""
    part.plan(len(FILES))
    yield from FILES


def following(page: dict[str, Any]) -> Link | None:
    """The next page: the whole link, as it stands."""
    link = page.get("@odata.nextLink")
    return Link(link) if isinstance(link, str) and link else None


def counter(*, tenant: UUID, application: UUID) -> Any:
    """What counts against the limits: reports. For lists the vendor's own answer says when it is too much."""

    def count(wanted: Wanted) -> None:
        if not wanted.items:
            report = wanted.name.removesuffix(".csv")
            take_turn(tenant=tenant, application=application, what=f"{REPORTS}{report}")

    return count


def organisation(service: Service, tenant: UUID) -> Organisation:
    """Who answers with this token. Raises PullError where it isn't `tenant`: the answer, not what somebody claims, decides."""
    found = service.client.json(Link(_ORGANISATION)).get("value")
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict):
        raise PullError(Problem.UNEXPECTED)
    said = found[0]
    guid = canonical_guid(str(said.get("id", "")))
    if guid is None or UUID(guid) != tenant:
        raise PullError(Problem.OTHER_TENANT)
    return Organisation(tenant, _text(said, "displayName"), _domain(said), _text(said, "countryLetterCode").upper())


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value.strip()[:256] if isinstance(value, str) else ""


def _domain(said: dict[str, Any]) -> str:
    """The default domain, else the first."""
    domains = [domain for domain in said.get("verifiedDomains") or () if isinstance(domain, dict)]
    domains.sort(key=lambda domain: domain.get("isDefault") is not True)
    return _text(domains[0], "name") if domains else ""
