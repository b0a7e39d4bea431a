"""How numbers, days and links stand on every page: in the person's locale, and with a dash where there is no figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from partners import navigation
from partners.permissions import Action, Role
from partners.roles import ROLE_NAMES

register = template.Library()

DASH = "–"
ALERTS = {"debug": "secondary", "error": "danger"}


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file, for pages that must come whatever is broken: by its plain name where no other is known."""
    try:
        return static(name)
    except ValueError:
        return urljoin(settings.STATIC_URL, name)


@register.filter
def percent(value: float | None) -> str:
    """A percentage with one decimal; a dash for None."""
    return DASH if value is None else _percentage(value, decimals=1)


@register.filter
def whole_percent(value: int) -> str:
    """A percentage without decimals, as axes have it."""
    return _percentage(value, decimals=0)


def _percentage(value: float, *, decimals: int) -> str:
    number = formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return pgettext("percentage", "%(number)s%%") % {"number": number}


@register.filter
def count(value: int | None) -> str:
    """A whole number with its thousands apart; a dash for None."""
    return DASH if value is None else formats.number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def day(value: date | str | None) -> str:
    """A day as the person's locale writes it, from a date or its ISO form; a dash for None."""
    if not value:
        return DASH
    if isinstance(value, datetime):
        value = value.date()
    elif isinstance(value, str):
        value = date.fromisoformat(value)
    return formats.date_format(value, "DATE_FORMAT", use_l10n=True)


@register.filter
def may(user: Any, action: str) -> bool:
    """Whether the person may do that: `{% if user|may:"export_customers" %}`. ValueError for an action there isn't."""
    return user.is_authenticated and user.may(Action(action))


@register.filter
def role_name(role: str) -> str:
    """What a role is called."""
    return str(ROLE_NAMES[Role(role)])


@register.filter
def named(row: Any, name: str) -> Any:
    """What a row holds under a name that is known only when the page is drawn."""
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


@register.filter
def as_form(url: str, ending: str) -> str:
    """The address of the same table in another format: `{{ csv|as_form:"xlsx" }}`."""
    return f"{url.removesuffix('.csv')}.{ending}"


@register.filter
def alert_class(level_tag: str) -> str:
    """Bootstrap's word for the level of a message."""
    return ALERTS.get(level_tag, level_tag or "secondary")


@register.simple_tag
def offered_languages() -> list[tuple[str, str]]:
    """Codes and names of the languages, each name in its own one (Django's tag would translate “English”)."""
    return list(settings.LANGUAGES)


@register.simple_tag(takes_context=True)
def navigation_links(context: template.Context, where: str) -> list[navigation.Link]:
    """The links of one place of the page ("main", "personal", "footer") that the person may follow."""
    places = {"main": navigation.MAIN, "personal": navigation.PERSONAL, "footer": navigation.FOOTER}[where]
    request = context.get("request")
    return navigation.links(places, request) if request is not None else []


@register.simple_block_tag
def crumbs(content: str) -> str:
    """The way to this page around `<li class="breadcrumb-item">` entries; nothing around none."""
    if not content.strip():
        return ""
    return format_html(
        '<nav aria-label="{}"><ol class="breadcrumb">{}</ol></nav>', pgettext("navigation", "You are here"), content
    )


@register.simple_block_tag
def filled(content: str, element: str, css_class: str = "") -> str:
    """An element of that class around the content; no empty element around none."""
    if not content.strip():
        return ""
    return format_html(
        "<{0}{1}>{2}</{0}>", element, format_html(' class="{}"', css_class) if css_class else "", content
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A form's field as Bootstrap draws it; what is wrong with it is announced (aria-describedby, by Django)."""
    classes = [_widget_class(field), field.field.widget.attrs.get("class", "")]
    if field.errors:
        classes.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.simple_tag
def choice(option: BoundWidget) -> SafeString:
    """One box or button of a group, as Bootstrap draws it."""
    option.data["attrs"]["class"] = "form-check-input"
    return option.tag()


@register.filter
def ticked(field: BoundField) -> bool:
    """Whether the field is a single box to tick, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def grouped(field: BoundField) -> bool:
    """Whether the field is a group of boxes or buttons, which needs a legend instead of a label."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


def _widget_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control" if not isinstance(widget, FileInput) else "form-control sw-file"
