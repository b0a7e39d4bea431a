"""The query parameters of the API: declared, checked, and refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partners.api.problems import BadParametersError
from partners.days import BadDayError, read_day


@extend_schema_field(OpenApiTypes.DATE)
class DayField(serializers.Field):
    """A day up to today (UTC), written YYYY-MM-DD and in no other way."""

    def to_internal_value(self, data: str) -> date:
        try:
            return read_day(data)
        except BadDayError as error:
            raise serializers.ValidationError(str(error)) from None

    def to_representation(self, value: date) -> str:
        return value.isoformat()


class WordField(serializers.ChoiceField):
    """One of a few words; the error says which."""

    def to_internal_value(self, data: str) -> str:
        if data not in self.choices:
            known = ", ".join(self.choices)
            message = _("“%(given)s” is unknown; expected one of: %(known)s.") % {"given": data, "known": known}
            raise serializers.ValidationError(message)
        return data


class Query(serializers.Serializer):
    """The parameters that an address knows. An empty one counts as not given; an unknown or repeated one is an error."""

    @classmethod
    def read(cls, given: QueryDict) -> dict[str, Any]:
        """What the query says, by parameter, defaults filled in. Raises BadParametersError with all that is wrong."""
        query = cls(data={name: given[name].strip() for name in given if given[name].strip()})
        errors = query._strange(given) | ({} if query.is_valid() else query.errors)
        if errors:
            raise BadParametersError(errors)
        return query.validated_data

    def _strange(self, given: QueryDict) -> dict[str, list[str]]:
        known = ", ".join(self.fields)
        unknown = _("Unknown here; the parameters are: %(known)s.") % {"known": known}
        if not known:
            unknown = str(_("Unknown here; there are no parameters."))
        errors = {name: [unknown] for name in given if name not in self.fields}
        return errors | {
            name: [str(_("Given twice; expected once."))] for name in _repeated(given) if name not in errors
        }


def _repeated(given: QueryDict) -> Iterable[str]:
    return [name for name, values in given.lists() if len(values) > 1]
