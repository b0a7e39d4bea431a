"""Keeps, changes and forgets views. What a view asks for is cut to what its page knows before it comes here."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from insights.models import SavedView
from partners.models import Staff
from partners.permissions import Action

MOST = 50
"""Views that one person keeps of one page."""
LONGEST_QUERY = SavedView._meta.get_field("query").max_length or 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a view is to be."""

    name: str
    shared: bool = False
    default: bool = False


@transaction.atomic
def save_view(*, actor: Staff, page: str, query: str, wish: Wish, replace: bool = False) -> SavedView:
    """Keep what an address asked for; with `replace` also in place of one's own view of that name.

    `query` is as insights.views.filtered.kept writes it. Raises ValidationError: nothing is asked for, the name is taken
    or empty, there are too many.
    """
    _alone(actor)
    if not query:
        raise ValidationError(_("There is nothing to keep yet: choose filters or an order first."))
    if len(query) > LONGEST_QUERY:
        raise ValidationError(_("This is too much for one view: take some filters away."))
    own = SavedView.objects.filter(owner=actor, page=page)
    if own.count() >= MOST:
        raise ValidationError(_("You keep %(most)d views of this page: forget one first.") % {"most": MOST})
    known = own.filter(name__iexact=wish.name.strip()).first() if replace else None
    view = known or SavedView(partner=actor.partner, owner=actor, page=page)
    view.query = query
    return _kept(view, wish)


@transaction.atomic
def change_view(*, actor: Staff, view: SavedView, wish: Wish) -> SavedView:
    """Rename a view, share it or stop sharing it, open it by itself or not. Its owner's alone (PermissionDenied).

    Raises ValidationError for a name that is taken or empty.
    """
    if not may_change(actor, view):
        raise PermissionDenied(_("A view is changed by whoever keeps it."))
    _alone(actor)
    return _kept(view, wish)


def forget_view(*, actor: Staff, view: SavedView) -> None:
    """Forget a view: its owner's own, and one that is shared also by whoever may change the partner's settings."""
    if not may_forget(actor, view):
        raise PermissionDenied(_("A view is forgotten by whoever keeps it."))
    view.delete()


def may_change(actor: Staff, view: SavedView) -> bool:
    """Whether the view is this person's."""
    return view.owner_id == actor.pk


def may_forget(actor: Staff, view: SavedView) -> bool:
    """Whether this person may take the view away: colleagues leave, and what they shared stays."""
    of_house = view.partner_id == actor.partner_id and view.is_shared
    return may_change(actor, view) or (of_house and actor.may(Action.PARTNER_SETTINGS))


def _alone(actor: Staff) -> None:
    """One change of a person's views at a time: what is judged stays so until it is written."""
    Staff.objects.select_for_update(no_key=True).get(pk=actor.pk)


def _kept(view: SavedView, wish: Wish) -> SavedView:
    view.name, view.is_shared, view.is_default = wish.name.strip(), wish.shared, wish.default
    if wish.default:
        SavedView.objects.filter(owner=view.owner_id, page=view.page, is_default=True).exclude(pk=view.pk).update(
            is_default=False
        )
    view.full_clean()
    view.save()
    return view
