"""The query parameters of the API: declared, checked, and refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partners.api.problems import BadParametersError

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FIRST_DAY = date(1970, 1, 1)
_LAST_DAY = date(2999, 12, 31)


@extend_schema_field(OpenApiTypes.DATE)
class DayField(serializers.Field):
    """A day, written YYYY-MM-DD and in no other way."""

    default_error_messages = {  # DRF's own name for them
        "form": _("“{given}” is no day; expected YYYY-MM-DD."),
        "range": _("{given} is out of range; expected a day from {first} to {last}."),
    }

    def to_internal_value(self, data: str) -> date:
        written = _DAY.fullmatch(data)
        try:
            day = date(*map(int, written.groups())) if written else None
        except ValueError:
            day = None
        if day is None:
            self.fail("form", given=data)
        if not _FIRST_DAY <= day <= _LAST_DAY:
            self.fail("range", given=data, first=_FIRST_DAY, last=_LAST_DAY)
        return day

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
