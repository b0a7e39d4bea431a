"""Addresses of the pages about staff, tokens and the audit log."""

from django.urls import URLPattern, URLResolver, path

from partners.export.doors import exports
from partners.views.audit import AuditExport, AuditLog
from partners.views.invitations import Invite, Withdraw
from partners.views.profile import Profile, Tokens
from partners.views.settings import Settings
from partners.views.staff import StaffList, StaffMember

app_name = "partners"
urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/", StaffList.as_view(), name="staff"),
    path("staff/invite/", Invite.as_view(), name="invite"),
    path("staff/invitations/<int:invitation_id>/withdraw/", Withdraw.as_view(), name="withdraw"),
    path("staff/<int:staff_id>/", StaffMember.as_view(), name="staff_member"),
    path("profile/", Profile.as_view(), name="profile"),
    path("profile/tokens/", Tokens.as_view(), name="tokens"),
    path("audit/", AuditLog.as_view(), name="audit"),
    *exports("audit", AuditExport, name="audit"),
    path("settings/", Settings.as_view(), name="settings"),
]
