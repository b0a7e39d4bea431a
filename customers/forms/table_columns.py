"""The form in which somebody says what the columns of a table mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.imports.formats.table_targets import DAY, TARGETS, Target, TargetColumn
from customers.imports.formats.tables import DAY_FORMATS, Cell, Mapping, shown_format

LABELS = {
    "auto_renew": _("Renews by itself"),
    "country": _("Country"),
    "customer_id": _("Customer id"),
    "day": _("Day"),
    "display_name": _("Name shown"),
    "domain": _("Domain"),
    "from": _("First day"),
    "is_deleted": _("Deleted"),
    "is_trial": _("Trial"),
    "mailbox": _("Kind of mailbox"),
    "name": _("Name"),
    "principal_name": _("Principal name"),
    "quantity": _("Quantity"),
    "segment": _("Segment"),
    "seller": _("Seller"),
    "service": _("Service"),
    "sku_id": _("Product"),
    "started_on": _("Started on"),
    "state": _("State"),
    "status": _("Status"),
    "subscription_id": _("Subscription id"),
    "term_end": _("Term end"),
    "to": _("First day after"),
    "user_id": _("User id"),
}
"""What the columns of targets are called."""

_FROM, _ALWAYS = "from_", "always_"


class TargetForm(forms.Form):
    """What the rows of a table are about."""

    target = forms.ChoiceField(label=_("Each row says"), choices=[(target.file, target.about) for target in TARGETS])


class ColumnsForm(forms.Form):
    """Of each column of the target: which column of the table has it, or one value for all rows."""

    def __init__(
        self, *args: Any, target: Target, headers: Sequence[str], suggested: Mapping | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.target, self.headers = target, headers
        known = suggested if suggested and suggested.file == target.file else Mapping(target.file)
        choices = [("", _("– none –")), *((header, header) for header in headers)]
        for column in target.columns:
            cell = known.columns.get(column.name, Cell())
            self.fields[_FROM + column.name] = forms.ChoiceField(
                label=LABELS.get(column.name, column.name), choices=choices, required=False, initial=cell.header
            )
            self.fields[_ALWAYS + column.name] = forms.CharField(
                label=_("%(column)s, for all rows") % {"column": LABELS.get(column.name, column.name)},
                required=False,
                max_length=256,
                initial=cell.constant,
            )
        if any(column.kind == DAY for column in target.columns):
            formats = [("", _("– choose –")), *((form, shown_format(form)) for form in DAY_FORMATS)]
            self.fields["day_format"] = forms.ChoiceField(
                label=_("How days are written"), choices=formats, required=False, initial=known.day_format
            )

    def rows(self) -> Iterator[tuple[TargetColumn, forms.BoundField, forms.BoundField]]:
        """Each column of the target, with its two fields."""
        return ((column, self[_FROM + column.name], self[_ALWAYS + column.name]) for column in self.target.columns)

    @property
    def mapping(self) -> Mapping:
        """What a valid form says."""
        return Mapping(self.target.file, self._cells(), self.cleaned_data.get("day_format", DAY_FORMATS[0]))

    def clean(self) -> dict[str, Any]:
        """All of it together must make sense for this table."""
        cleaned = super().clean()
        if not self.errors:
            for fault in self.mapping.faults(self.headers):
                self.add_error(None, fault)
        return cleaned

    def _cells(self) -> dict[str, Cell]:
        cells = {}
        for column in self.target.columns:
            header = self.cleaned_data.get(_FROM + column.name, "")
            constant = "" if header else self.cleaned_data.get(_ALWAYS + column.name, "").strip()
            if header or constant:
                cells[column.name] = Cell(header=header, constant=constant)
        return cells
