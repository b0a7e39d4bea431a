"""The usage reports of Microsoft Graph: how each is told by its columns, and what it says.

Column names are in plain form (customers.imports.csv_rows.plain), in which CSV headings and JSON names are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFRESHED = "reportrefreshdate"
NAME = "userprincipalname"
LAST = "lastactivitydate"

ACTIVE_USER_DAYS = {
    "exchangelastactivitydate": "EXO",
    "sharepointlastactivitydate": "SPO",
    "onedrivelastactivitydate": "ODB",
    "skypeforbusinesslastactivitydate": "SFB",
    "yammerlastactivitydate": "YAM",
    "teamslastactivitydate": "TEAMS",
}


@dataclass(frozen=True)
class Kind:
    """One report.

    It is told by `columns`, all of them there, at least one of `any_of`, and none of `without`. `days` has the workload of
    each column with a last-activity day. `covers`: on the day of the report all activity in its workloads is in it; not so
    where it tells of some devices or programs only. `is_list`: it names everybody who holds a licence. `refusal`: it carries
    no facts, and why.
    """

    code: str
    title: Promise
    columns: Collection[str] = ()
    any_of: Collection[str] = ()
    without: Collection[str] = ()
    days: Mapping[str, str] = field(default_factory=dict)
    covers: bool = True
    is_list: bool = False
    refusal: Promise | None = None

    def fits(self, names: Collection[str]) -> bool:
        """Whether a file with these columns may be this report."""
        return (
            REFRESHED in names
            and all(column in names for column in self.columns)
            and (not self.any_of or any(column in names for column in self.any_of))
            and not any(column in names for column in self.without)
        )


def _detail(code: str, title: Promise, columns: tuple[str, ...], service: str, *, covers: bool = True) -> Kind:
    return Kind(code, title, columns=(NAME, LAST, *columns), days={LAST: service}, covers=covers)


KINDS = (
    Kind(
        "graph_active_users",
        _("Graph: active users, all workloads (getOffice365ActiveUserDetail)"),
        columns=(NAME,),
        any_of=ACTIVE_USER_DAYS,
        days=ACTIVE_USER_DAYS,
        is_list=True,
    ),
    _detail("graph_email", _("Graph: e-mail activity of users"), ("sendcount", "receivecount"), "EXO"),
    _detail("graph_email_apps", _("Graph: e-mail programs of users"), ("outlookforwindows",), "EXO", covers=False),
    _detail("graph_sharepoint", _("Graph: SharePoint activity of users"), ("visitedpagecount",), "SPO"),
    _detail("graph_onedrive", _("Graph: OneDrive activity of users"), ("syncedfilecount",), "ODB"),
    _detail("graph_teams", _("Graph: Teams activity of users"), ("privatechatmessagecount",), "TEAMS"),
    _detail("graph_teams_devices", _("Graph: Teams devices of users"), ("usedmac",), "TEAMS", covers=False),
    _detail("graph_yammer", _("Graph: Yammer activity of users"), ("postedcount", "likedcount"), "YAM"),
    _detail("graph_yammer_devices", _("Graph: Yammer devices of users"), ("usedothers",), "YAM", covers=False),
    _detail("graph_skype", _("Graph: Skype for Business activity of users"), ("totalpeertopeersessioncount",), "SFB"),
    _detail("graph_skype_devices", _("Graph: Skype for Business devices of users"), ("usedipad",), "SFB", covers=False),
    _detail("graph_apps", _("Graph: Microsoft 365 Apps of users"), ("lastactivationdate",), "PROPLUS"),
    Kind(
        "graph_activations",
        _("Graph: activations of Office by users"),
        columns=(NAME,),
        any_of=("lastactivateddate", "useractivationcounts"),
        refusal=_(
            "The report says on how many devices Office was activated. To activate isn't to use, so it carries no facts. Expected "
            "the report on the use of Microsoft 365 Apps, getM365AppUserDetail."
        ),
    ),
    Kind(
        "graph_mailboxes",
        _("Graph: sizes of mailboxes"),
        columns=(NAME, "storageusedbyte"),
        refusal=_(
            "The report is about mailboxes, which several people may use, and says nothing on who did. Expected the report on "
            "people's e-mail activity, getEmailActivityUserDetail."
        ),
    ),
    Kind(
        "graph_sites",
        _("Graph: sites and OneDrive accounts"),
        columns=("siteurl", LAST),
        refusal=_(
            "The report is about sites, which several people may use, and says nothing on who did. Expected the report on people's "
            "activity, getSharePointActivityUserDetail or getOneDriveActivityUserDetail."
        ),
    ),
    Kind(
        "graph_groups",
        _("Graph: groups"),
        columns=("groupdisplayname", LAST),
        refusal=_(
            "The report is about groups, and says nothing on which of their members did something. Expected a report on users, such "
            "as getOffice365ActiveUserDetail."
        ),
    ),
    Kind(
        "graph_unknown_detail",
        _("Graph: another report on users"),
        columns=(NAME,),
        refusal=_(
            "The report on users is none that Seatwise knows. Expected the user details of active users, e-mail, SharePoint, "
            "OneDrive, Teams, Yammer, Skype for Business or Microsoft 365 Apps."
        ),
    ),
    Kind(
        "graph_counts",
        _("Graph: counts"),
        refusal=_(
            "The report has sums and names no users, so it says nothing on who uses a licence. Expected a report on users, such as "
            "getOffice365ActiveUserDetail."
        ),
    ),
)


def kind_of(names: Collection[str]) -> Kind | None:
    """The report that has these columns; nothing: none of Graph's. The first that fits, so that it is one at most."""
    return next((kind for kind in KINDS if kind.fits(names)), None)
