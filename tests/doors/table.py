"""Every address of the installation, who may enter there, and which objects it names. What isn't listed fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from partners.models import Staff
from partners.permissions import Action

SEE = frozenset({Action.SEE_PORTFOLIO})
STAFF = frozenset({Action.MANAGE_STAFF})
OWN = frozenset({Action.OWN_TOKENS})
IMPORT = frozenset({Action.CORRECT_FACTS})
STEPS = frozenset({Action.PLAN_STEPS})
AUDIT = frozenset({Action.SEE_STAFF_EVENTS, Action.SEE_CUSTOMER_EVENTS, Action.PARTNER_SETTINGS})


class Opens(Enum):
    """To whom doors open that name no action."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    CORRECTORS = "the operator, and whoever may correct facts"
    OPERATOR = "the operator"


@dataclass(frozen=True)
class Door:
    """An address, as its pattern stands in the resolver."""

    pattern: str
    opens: Opens | frozenset[Action]
    kind: str = ""
    """What the id in the address names (a key of `Tenant.ids`); empty: it holds none."""
    found: tuple[int, ...] = (200,)
    """How GET answers whoever may enter, about his or her own object."""
    query: str = ""
    """What GET needs in order to answer."""
    leads_operator: str = ""
    """Where the operator is led instead of being refused."""
    example: str = ""
    """An address instead of the pattern, where that is a regular expression."""

    def opens_to(self, staff: Staff | None) -> bool:
        """Whether this person (None: nobody who is known) may enter."""
        if self.opens is Opens.ANYBODY:
            return True
        if staff is None or not staff.is_active:
            return False
        if isinstance(self.opens, frozenset):
            return bool(self.opens & staff.actions)
        corrects = staff.may(Action.CORRECT_FACTS)
        return {
            Opens.SIGNED_IN: True,
            Opens.CORRECTORS: staff.is_superuser or corrects,
            Opens.OPERATOR: staff.is_superuser,
        }[self.opens]

    @property
    def is_api(self) -> bool:
        """Whether programs ask here."""
        return self.pattern.startswith("api/")

    def path(self, value: object = None) -> str:
        """The address, with this object in it."""
        before, bracket, rest = (self.example or self.pattern).partition("<")
        return f"/{before}{value}{rest.partition('>')[2]}" if bracket else f"/{before}"


CUSTOMER = "customers/<uuid:customer_id>/"
FILES = ("csv", "xlsx", "json")


def files(pattern: str, opens: frozenset[Action], kind: str = "", query: str = "") -> Iterator[Door]:
    """The addresses of a table's file, one a format."""
    for ending in FILES:
        yield Door(f"{pattern}.{ending}", opens, kind, query=query)


def parts(pattern: str, example: str) -> Iterator[Door]:
    """The addresses of the files of an analysis's tables of sums, of which `example` is one."""
    for ending in FILES:
        address = f"{pattern}/{example}.{ending}"
        yield Door(f"{pattern}/<slug:part>.{ending}", frozenset({Action.EXPORT_INSIGHTS}), example=address)


PAGES = [
    Door("healthz", Opens.ANYBODY),
    Door("readyz", Opens.ANYBODY),
    Door("", SEE, leads_operator="/admin/"),
    *files("portfolio", frozenset({Action.EXPORT_INSIGHTS})),
    Door(f"{CUSTOMER}insights/", SEE, "customer"),
    Door(f"{CUSTOMER}report.pdf", frozenset({Action.EXPORT_INSIGHTS}), "customer"),
    *files(f"{CUSTOMER}insights", frozenset({Action.EXPORT_INSIGHTS}), "customer"),
    Door(f"{CUSTOMER}insights/list/", SEE, "customer", query="count=active"),
    *files(f"{CUSTOMER}insights/list", frozenset({Action.EXPORT_INSIGHTS}), "customer", "count=active"),
    Door("customers/", SEE),
    *files("customers", frozenset({Action.EXPORT_CUSTOMERS})),
    Door(CUSTOMER, SEE, "customer"),
    Door(f"{CUSTOMER}data/", SEE, "customer"),
    *files(f"{CUSTOMER}data", frozenset({Action.EXPORT_INSIGHTS}), "customer"),
    Door(f"{CUSTOMER}people/", SEE, "customer"),
    *files(f"{CUSTOMER}people", frozenset({Action.EXPORT_INSIGHTS}), "customer"),
    Door(f"{CUSTOMER}changes/", SEE, "customer"),
    *files(f"{CUSTOMER}changes", frozenset({Action.EXPORT_INSIGHTS}), "customer"),
    *files(f"{CUSTOMER}changes/parts", frozenset({Action.EXPORT_INSIGHTS}), "customer"),
    *files(f"{CUSTOMER}changes/causes", frozenset({Action.EXPORT_INSIGHTS}), "customer"),
    Door("analysis/lifecycle/", SEE),
    *files("analysis/lifecycle/subscriptions", frozenset({Action.EXPORT_CUSTOMERS})),
    *parts("analysis/lifecycle", "trend"),
    Door("analysis/trials/", SEE),
    *files("analysis/trials/subscriptions", frozenset({Action.EXPORT_CUSTOMERS})),
    *parts("analysis/trials", "by-sku"),
    Door("analysis/movements/", SEE),
    *files("analysis/movements/list", frozenset({Action.EXPORT_CUSTOMERS})),
    *parts("analysis/movements", "figures"),
    Door("analysis/", SEE, found=(302,)),
    *(Door(f"analysis/{option}/", SEE) for option in ("deployment", "usage", "idle", "above-100", "compare")),
    *files("analysis/compare", frozenset({Action.EXPORT_INSIGHTS})),
    Door("analysis/<slug:option>/fill/", IMPORT, found=(405,), example="analysis/usage/fill/"),
    *(
        Door(
            f"analysis/<slug:option>/<slug:part>.{ending}",
            frozenset({Action.EXPORT_INSIGHTS}),
            example=f"analysis/usage/customers.{ending}",
        )
        for ending in FILES
    ),
    Door("terms/", SEE),
    Door("views/", SEE),
    Door("views/<int:view_id>/", SEE, "view"),
    Door("find/", SEE),
    Door("start/", SEE, found=(405,)),
    Door("exports/", frozenset({Action.EXPORT_INSIGHTS})),
    Door("exports/<uuid:job_id>/", frozenset({Action.EXPORT_INSIGHTS}), "export", found=(200, 404)),
    Door("reports/", frozenset({Action.EXPORT_INSIGHTS})),
    Door("reports/new/", frozenset({Action.EXPORT_INSIGHTS}), query="of=/portfolio.csv"),
    Door("reports/<int:report_id>/", frozenset({Action.EXPORT_INSIGHTS}), "report", found=(200, 404)),
    Door("reports/end/<str:token>/", Opens.ANYBODY, found=(404,), example="reports/end/nothing/"),
    Door("next-steps/", SEE),
    *files("next-steps", frozenset({Action.EXPORT_INSIGHTS})),
    Door("next-steps/<int:suggestion_id>/", SEE, "suggestion"),
    *files("next-steps/<int:suggestion_id>/outcome", frozenset({Action.EXPORT_INSIGHTS}), "suggestion"),
    Door("next-steps/playbooks/", STEPS),
    Door("next-steps/playbooks/<int:key>/", STEPS, "playbook"),
    Door("next-steps/training/", STEPS),
    Door("next-steps/training/<int:key>/", STEPS, "course"),
    *files("next-steps/training/<int:key>/sessions", STEPS, "course"),
    Door("next-steps/links/", STEPS),
    Door("next-steps/links/<int:key>/", STEPS, "link"),
    Door("settings/next-steps/", frozenset({Action.PARTNER_SETTINGS})),
    Door("self-service/<str:token>/", Opens.ANYBODY, found=(404,), example="self-service/nothing/"),
    Door("imports/", IMPORT),
    Door("imports/<uuid:upload_id>/", IMPORT, "upload"),
    Door("imports/<uuid:upload_id>/refused.csv", IMPORT, "upload"),
    Door(
        "imports/<uuid:upload_id>/columns/<int:place>/", IMPORT, "upload", example="imports/<uuid:upload_id>/columns/0/"
    ),
    Door("customers/claim/", frozenset({Action.CLAIM_CUSTOMER})),
    Door(f"{CUSTOMER}mailboxes/", frozenset({Action.CORRECT_FACTS}), "customer"),
    Door(f"{CUSTOMER}edit/", frozenset({Action.EDIT_ACCOUNT}), "customer"),
    Door(f"{CUSTOMER}subscriptions/", SEE, "customer"),
    *files(f"{CUSTOMER}subscriptions", frozenset({Action.EXPORT_CUSTOMERS}), "customer"),
    *files("subscriptions", frozenset({Action.EXPORT_CUSTOMERS})),
    Door("staff/", STAFF),
    Door("staff/invite/", STAFF),
    Door("staff/invitations/<int:invitation_id>/withdraw/", STAFF, "invitation", found=(405,)),
    Door("staff/<int:staff_id>/", STAFF, "staff"),
    Door("profile/", OWN),
    Door("profile/tokens/", OWN),
    Door("audit/", AUDIT),
    *files("audit", AUDIT),
    Door("settings/", frozenset({Action.PARTNER_SETTINGS})),
    Door("settings/connections/", frozenset({Action.PARTNER_SETTINGS})),
    Door("settings/connections/application/", frozenset({Action.PARTNER_SETTINGS})),
    Door("settings/connections/<int:connection_id>/", frozenset({Action.PARTNER_SETTINGS}), "connection"),
    Door("connections/consent/", Opens.ANYBODY, found=(404,)),
    Door("settings/left-out-skus/", frozenset({Action.PARTNER_SETTINGS})),
    Door("language/", Opens.ANYBODY, found=(302,)),
]

ACCOUNT = [
    Door("account/login/", Opens.ANYBODY, found=(200, 302)),
    Door("account/logout/", Opens.ANYBODY, found=(200, 302)),
    Door("account/inactive/", Opens.ANYBODY),
    Door("account/reauthenticate/", Opens.SIGNED_IN),
    Door("account/password/change/", Opens.SIGNED_IN),
    Door("account/password/reset/", Opens.ANYBODY),
    Door("account/password/reset/done/", Opens.ANYBODY),
    Door("account/password/reset/key/done/", Opens.ANYBODY),
    Door(
        "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        Opens.ANYBODY,
        example="account/password/reset/key/1-nothing/",
    ),
    Door("account/invitation/<str:secret>/", Opens.ANYBODY, found=(404,), example="account/invitation/nothing/"),
    Door("account/2fa/", Opens.SIGNED_IN),
    Door("account/2fa/authenticate/", Opens.ANYBODY, found=(302,)),
    Door("account/2fa/reauthenticate/", Opens.SIGNED_IN, found=(200, 302)),
    Door("account/2fa/totp/activate/", Opens.SIGNED_IN, found=(200, 302)),
    Door("account/2fa/totp/deactivate/", Opens.SIGNED_IN, found=(302, 404)),
    Door("account/2fa/recovery-codes/", Opens.SIGNED_IN, found=(200, 302, 404)),
    Door("account/2fa/recovery-codes/generate/", Opens.SIGNED_IN, found=(200, 302, 404)),
    Door("account/2fa/recovery-codes/download/", Opens.SIGNED_IN, found=(200, 302, 404)),
]

API = [
    Door("api/v1/insights/", SEE),
    Door("api/v1/portfolio/", SEE),
    Door("api/v1/customers/", SEE),
    Door("api/v1/customers/<uuid:customer_id>/", SEE, "customer"),
    Door("api/v1/customers/<uuid:customer_id>/subscriptions/", SEE, "customer"),
    Door("api/v1/me/", OWN),
    Door("api/v1/schema/", Opens.ANYBODY),
    Door("api/v1/docs/", Opens.ANYBODY),
    Door("api/v1/^(?:.*/)?$", SEE, found=(404,), example="api/v1/nothing/"),
]

ADMIN = [
    Door("admin/search/", Opens.CORRECTORS),
    Door("admin/", Opens.CORRECTORS),
    Door("admin/login/", Opens.CORRECTORS, found=(302,)),
    Door("admin/logout/", Opens.CORRECTORS, found=(302,)),
    Door("admin/password_change/", Opens.CORRECTORS, found=(302,)),
    Door("admin/password_change/done/", Opens.CORRECTORS, found=(302,)),
    Door("admin/autocomplete/", Opens.CORRECTORS, found=(403,)),
    Door("admin/jsi18n/", Opens.CORRECTORS),
    Door("admin/^(?P<app_label>partners|customers)/$", Opens.CORRECTORS, example="admin/customers/"),
    Door("admin/(?P<url>.*)$", Opens.CORRECTORS, found=(404,), example="admin/nothing/"),
]

CORRECTED = {
    "partners/partner": (Opens.OPERATOR, "partner", ()),
    "partners/staff": (Opens.OPERATOR, "staff", ("deactivate", "reactivate")),
    "partners/apitoken": (Opens.OPERATOR, "token", ("revoke",)),
    "partners/auditentry": (Opens.CORRECTORS, "auditentry", ("undo",)),
    "customers/family": (Opens.CORRECTORS, "family", ()),
    "customers/workload": (Opens.CORRECTORS, "workload", ()),
    "customers/sku": (Opens.CORRECTORS, "sku", ()),
    "customers/customer": (Opens.CORRECTORS, "customer_key", ("days",)),
    "customers/customerprofile": (Opens.CORRECTORS, "customerprofile", ()),
    "customers/person": (Opens.OPERATOR, "person", ()),
    "customers/subscription": (Opens.CORRECTORS, "subscription", ()),
    "customers/subscriptionversion": (Opens.CORRECTORS, "subscriptionversion", ()),
    "customers/entitlementperiod": (Opens.CORRECTORS, "entitlementperiod", ()),
    "customers/load": (Opens.CORRECTORS, "load", ("undo",)),
    "customers/relationship": (Opens.CORRECTORS, "relationship", ("confirm", "refuse")),
    "customers/supportcase": (Opens.CORRECTORS, "supportcase", ()),
    "customers/satisfactionresponse": (Opens.CORRECTORS, "satisfactionresponse", ()),
}
"""What the admin site has a class for: who enters, what an id names, and which acts have an address of their own."""
CATALOGUE = frozenset({"family", "workload", "sku"})
"""Kinds that are nobody's, and the same for all."""


def of_class(name: str, opens: Opens, kind: str, acts: tuple[str, ...]) -> Iterator[Door]:
    """The addresses of one class of the admin site."""
    before, one = f"admin/{name}/", f"admin/{name}/<path:object_id>/"
    yield Door(before, opens)
    yield Door(f"{before}add/", opens, found=(200, 403))
    yield Door(f"{one}history/", opens, kind)
    yield Door(f"{one}delete/", opens, kind, found=(200, 403))
    yield Door(f"{one}change/", opens, kind)
    yield Door(one, Opens.CORRECTORS, kind, found=(302,))
    for act in acts:
        yield Door(f"{one}{act}/", opens, kind, found=(200, 302, 403))


DOORS = [
    *PAGES,
    *ACCOUNT,
    *API,
    *ADMIN,
    *(door for name, (opens, kind, acts) in CORRECTED.items() for door in of_class(name, opens, kind, acts)),
]
