"""Tenants, their staff, and the record of who changed what."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from partners.permissions import Action, Role, actions_of


class Partner(models.Model):
    """A cloud reseller: the tenant. Its staff sign in to Seatwise."""

    id = models.AutoField(primary_key=True)
    partner_id = models.UUIDField(_("partner id"), unique=True)
    name = models.CharField(_("name"), max_length=256)
    slug = models.CharField(_("slug"), max_length=64)
    pseudonym_key = models.UUIDField(
        db_default=RandomUUID(), editable=False, help_text=_("Keys this partner's pseudonyms.")
    )
    second_factor_required = models.BooleanField(
        _("second factor required"), default=False, help_text=_("Staff can't work without a second factor.")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("slug"),
                name="partner_slug_unique",
                violation_error_message=_("Another partner has this slug already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(slug=""),
                name="partner_named",
                violation_error_message=_("A partner needs a name and a slug."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def belongs(user: Any) -> bool:
    """Whether this is an active member of a partner's staff: anybody else sees nothing of any partner."""
    return bool(user.is_authenticated and user.is_active and user.partner_id is not None)


def operates(user: Any) -> bool:
    """Whether this is an active operator of the installation, who sees every partner in the admin site."""
    return bool(user.is_authenticated and user.is_active and user.is_superuser and user.partner_id is None)


class StaffQuerySet(models.QuerySet["Staff"]):
    """Which members of staff somebody may know of."""

    def visible_to(self, user: Any) -> StaffQuerySet:
        """Those of the same partner; nobody for whoever is anonymous, inactive or without a partner."""
        return self.filter(partner=user.partner_id) if belongs(user) else self.none()


class StaffManager(BaseUserManager.from_queryset(StaffQuerySet)):
    """Makes members of staff, whose login is their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Staff:
        """Store a new member of staff; without a password he or she can't sign in yet."""
        staff = self.model(email=self.normalize_email(email), **fields)
        staff.set_password(password)
        staff.full_clean(exclude=["password"])
        staff.save(using=self._db)
        return staff

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Staff:
        """Store an operator of the installation, who belongs to no partner."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> Staff:
        return self.get(email__iexact=email)


class Staff(AbstractUser):
    """A person who signs in: one of a partner's staff, or an operator of the installation (superuser, no partner)."""

    username = None
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="staff")
    roles = ArrayField(
        models.CharField(max_length=32, choices=[(role.value, role.name) for role in Role]), default=list, blank=True
    )
    language = models.CharField(
        _("language"),
        max_length=16,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Of pages and mails; empty: as the browser asks."),
    )
    session_generation = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Counting it up ends all sessions of this person.")
    )
    guide_closed = models.BooleanField(
        default=False, editable=False, help_text=_("The guided start isn't shown any more.")
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="staff_email_unique",
                violation_error_message=_("Somebody with this e-mail address is known already."),
            ),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=[role.value for role in Role]),
                name="staff_roles_known",
                violation_error_message=_("A role is global_admin, user_admin, admin_agent or sales_agent."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_superuser=False) | models.Q(partner__isnull=True),
                name="staff_operator_has_no_partner",
                violation_error_message=_("An operator of the installation belongs to no partner."),
            ),
            models.CheckConstraint(
                condition=models.Q(partner__isnull=False) | models.Q(roles=[]),
                name="staff_roles_need_partner",
                violation_error_message=_("Only staff of a partner have roles."),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def actions(self) -> frozenset[Action]:
        """All that this person may do in the pages and the API: nothing without a partner or when inactive."""
        return actions_of(self.roles) if belongs(self) else frozenset()

    def may(self, action: Action) -> bool:
        """Whether this person may do that."""
        return action in self.actions

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must carry: another password or another generation ends it (Django's hook for its fallbacks too)."""
        state = f"{self.session_generation}:{self.password}"
        return salted_hmac("partners.Staff.session", state, secret=secret, algorithm="sha256").hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Which invitations somebody may know of."""

    def visible_to(self, user: Any) -> InvitationQuerySet:
        """Those of the own partner, for whoever manages its staff."""
        may = belongs(user) and user.may(Action.MANAGE_STAFF)
        return self.filter(partner=user.partner_id) if may else self.none()


class Invitation(models.Model):
    """Somebody was asked by mail to join a partner's staff, and has not answered yet. Looks the same for known addresses."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    roles = ArrayField(models.CharField(max_length=32, choices=[(role.value, role.name) for role in Role]))
    invited_by = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the link's secret, in hexadecimal."))

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "partner",
                Lower("email"),
                name="invitation_unique",
                violation_error_message=_("This address has been invited already."),
            ),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=[role.value for role in Role]),
                name="invitation_roles_known",
                violation_error_message=_("A role is global_admin, user_admin, admin_agent or sales_agent."),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def has_expired(self) -> bool:
        """Whether its link leads nowhere any more."""
        return self.expires_at <= timezone.now()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Whose tokens."""

    def visible_to(self, user: Any) -> ApiTokenQuerySet:
        """One's own; none for whoever is anonymous, inactive or without a partner."""
        return self.filter(staff=user.pk) if belongs(user) else self.none()


class ApiToken(models.Model):
    """Lets another system act for one member of staff, never with more rights. Only a digest of it is kept."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=128, help_text=_("What uses it."))
    prefix = models.CharField(_("beginning"), max_length=16, unique=True, help_text=_("Finds the token; no secret."))
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the whole token, in hexadecimal."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    last_used_on = models.DateField(_("last used on"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects: ClassVar = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(digest__regex="^[0-9a-f]{64}$"),
                name="token_digest_form",
                violation_error_message=_("A token is kept as its SHA-256 digest."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="token_named",
                violation_error_message=_("A token needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Which part of the record somebody may read."""

    def visible_to(self, user: Any) -> AuditEntryQuerySet:
        """The own partner's entries, of the kinds that the person's roles include (design.md, "Who may do what")."""
        if not belongs(user):
            return self.none()
        kinds = [kind for kind, action in AuditEntry.SEEN_BY.items() if user.may(action)]
        return self.filter(partner=user.partner_id, kind__in=kinds)


class AuditEntry(models.Model):
    """One act that changed something: who, when, why, and what stood there before and after. Never changed itself."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("staff")
        CUSTOMER = "customer", _("customers")
        SETTINGS = "settings", _("settings")

    at = models.DateTimeField(_("at"), auto_now_add=True)
    actor = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", help_text=_("Nobody: a command."))
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=64)
    object_type = models.CharField(_("kind of object"), max_length=64)
    object_id = models.CharField(_("object"), max_length=256)
    reason = models.TextField(_("reason"), blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    kind = models.CharField(_("about"), max_length=16, choices=Kind)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    SEEN_BY: ClassVar[dict[str, Action]] = {
        Kind.STAFF: Action.SEE_STAFF_EVENTS,
        Kind.CUSTOMER: Action.SEE_CUSTOMER_EVENTS,
        Kind.SETTINGS: Action.PARTNER_SETTINGS,
    }

    objects: ClassVar = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes: ClassVar = [models.Index(fields=["partner", "-at"], name="audit_by_partner")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"
