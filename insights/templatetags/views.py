"""The menu of views on a page whose filters can be kept."""

from __future__ import annotations

from django import template

from insights.views.filtered import FilteredDoor, ViewsMenu, views_menu

register = template.Library()


@register.simple_tag(takes_context=True)
def saved_views(context: template.Context) -> ViewsMenu | None:
    """What the present page offers of views; None where none are kept."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    door = getattr(match.func, "view_class", None) if match else None
    if not (isinstance(door, type) and issubclass(door, FilteredDoor)):
        return None
    return views_menu(request, door.remembers)
