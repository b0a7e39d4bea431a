"""The doors of pages: every view names the action that opens it, and is judged before anything is looked up."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.generic.base import View

from partners.permissions import Action


class Door(AccessMixin, View):
    """A page for a partner's staff. A class that names neither `action` nor `any_of` can't be made.

    Not signed in: to the sign-in page. Not for the role, or for nobody's staff: 403, before anything is looked up. What
    the page then shows it finds by `visible_to(request.user)` or the partner's selectors, so that what isn't there and
    what is another partner's are the same 404.
    """

    action: ClassVar[Action]
    """What a person must be allowed to do in order to enter."""
    any_of: ClassVar[frozenset[Action]] = frozenset()
    """Where several actions open the same door: any of these."""
    abstract: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract", False):
            return
        if not isinstance(getattr(cls, "action", None), Action) and not cls.any_of:
            raise ImproperlyConfigured(f"{cls.__module__}.{cls.__qualname__} names no action: a door opens by one.")

    @classmethod
    def opened_by(cls) -> frozenset[Action]:
        """The actions of which one opens this door."""
        return cls.any_of or frozenset({cls.action})

    @classmethod
    def opens_to(cls, user: Any) -> bool:
        """Whether this person may enter."""
        return user.is_authenticated and any(user.may(action) for action in cls.opened_by())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Judges the role first."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not self.opens_to(request.user):
            raise PermissionDenied(_("Your role doesn't include this page."))
        return super().dispatch(request, *args, **kwargs)
