"""Who asks, for which partner, and what he or she may do."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partners.api.description import described
from partners.api.doors import ApiDoor
from partners.api.parameters import Query
from partners.permissions import Action, Role


class MePartnerSchema(serializers.Serializer):
    """The partner of whoever asks."""

    partner_id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class MeTokenSchema(serializers.Serializer):
    """The token that was sent."""

    name = serializers.CharField()
    prefix = serializers.CharField(help_text=_("How the token begins, after sw_."))
    expires_at = serializers.DateTimeField(allow_null=True)


class MeSchema(serializers.Serializer):
    """Who asks."""

    email = serializers.EmailField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    partner = MePartnerSchema()
    roles = serializers.ListField(child=serializers.ChoiceField([role.value for role in Role]))
    actions = serializers.ListField(child=serializers.ChoiceField([action.value for action in Action]))
    token = MeTokenSchema(allow_null=True, help_text=_("Null: the web session."))


class Me(ApiDoor):
    """Who am I, my partner, my roles, and what I may do."""

    any_of: ClassVar[frozenset[Action]] = frozenset(Action)

    @described(MeSchema, name="me", summary=_("Who am I"))
    def get(self, request: Request) -> Response:
        """The person for whom the token acts, or who has signed in."""
        Query.read(request.query_params)
        staff, token = request.user, request.auth
        return Response(
            {
                "email": staff.email,
                "first_name": staff.first_name,
                "last_name": staff.last_name,
                "partner": {
                    "partner_id": str(staff.partner.partner_id),
                    "slug": staff.partner.slug,
                    "name": staff.partner.name,
                },
                "roles": sorted(staff.roles),
                "actions": sorted(staff.actions),
                "token": {"name": token.name, "prefix": token.prefix, "expires_at": token.expires_at}
                if token
                else None,
            }
        )
