"""The doors of the API: every view names the action that opens it, and is judged before anything is looked up."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from partners.api.authentication import BearerAuthentication, PagesAuthentication
from partners.api.limits import RequestLimit
from partners.api.problems import PROBLEM, problem_of
from partners.permissions import Action
from partners.tenancy import identify


class ProblemRenderer(JSONRenderer):
    """For those who ask for problem documents alone; what isn't a problem they get as JSON all the same."""

    media_type = PROBLEM


class ApiDoor(APIView):
    """A view of the read API. A class that names neither `action` nor `any_of` can't be made.

    Not signed in: 401. Not for the role, or for nobody's staff: 403, before anything is looked up. All that follows is
    done in the scope of the person's partner; what isn't there and what is another partner's are the same 404.
    """

    action: ClassVar[Action]
    """What a person must be allowed to do in order to enter."""
    any_of: ClassVar[frozenset[Action]] = frozenset()
    """Where several actions open the same door: any of these."""
    abstract: ClassVar[bool] = False

    authentication_classes = (BearerAuthentication, PagesAuthentication)
    permission_classes = ()
    throttle_classes = (RequestLimit,)
    renderer_classes = (JSONRenderer, ProblemRenderer)
    parser_classes = ()
    content_negotiation_class = DefaultContentNegotiation
    metadata_class = None
    http_method_names = ("get", "head")

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

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keeps the answer out of caches."""
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def check_permissions(self, request: Request) -> None:
        """Judges who asks, then the role; from here on only the partner's rows are there."""
        if not request.user.is_authenticated:
            raise NotAuthenticated(_("Send a token (Authorization: Bearer TOKEN), or sign in."))
        if not any(request.user.may(action) for action in self.opened_by()):
            raise PermissionDenied(_("Your role doesn't include this address."))
        identify(request.user)

    def get_exception_handler(self) -> Any:
        return problem_of
