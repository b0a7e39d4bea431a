"""The pages of saved views: all that one may choose from, keeping another, and changing or forgetting one."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from itertools import groupby
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights.forms_views import NewViewForm, ViewForm
from insights.models import SavedView
from insights.selectors.saved_views import saved_views
from insights.services.saved_views import Wish, change_view, forget_view, may_change, may_forget, save_view
from insights.views.filtered import DAYS, FilteredPage, UnknownPageError, opens
from partners.doors import Door
from partners.navigation import name_of
from partners.permissions import Action

LONGEST_ADDRESS = 4_000


class SavedViews(Door):
    """All views of the pages that one may open, by page; and the form for another, where an address leads here (`of`)."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.GET.get("of"):
            return self._page()
        page = page_of_view(request, request.GET["of"])
        return self._page(page, NewViewForm(initial={"name": request.GET.get("name", "")[:64]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        page = page_of_view(request, request.POST.get("of", ""))
        form = NewViewForm(request.POST)
        if form.is_valid():
            query = page.query(dated=form.cleaned_data["dated"])
            try:
                view = save_view(
                    actor=request.user,
                    page=page.path,
                    query=query,
                    wish=form.wish,
                    replace="replace" in request.POST,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
                return redirect(view.address)
        return self._page(page, form, HTTPStatus.BAD_REQUEST)

    def _page(
        self, page: FilteredPage | None = None, form: NewViewForm | None = None, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        user = self.request.user
        views = [view for view in saved_views(user) if opens(view, user)]
        context: dict[str, Any] = {
            "groups": [(name_of(path), list(some)) for path, some in groupby(views, lambda view: view.page)],
            "form": form,
            "of": page and f"{page.path}?{page.asked.urlencode()}",
            "of_name": page and name_of(page.path),
            "has_days": page is not None and any(page.asked.get(day) for day in DAYS),
            "is_taken": page is not None and form is not None and _is_taken(form, views, page, user.pk),
        }
        return render(self.request, "insights/views/list.html", context, status=status)


class OneView(Door):
    """One view: its name, whether it is shared, whether it opens by itself; and forgetting it."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest, view_id: int) -> HttpResponse:
        view = _found(request, view_id)
        said = {"name": view.name, "shared": view.is_shared, "default": view.is_default}
        return self._page(view, ViewForm(initial=said))

    def post(self, request: HttpRequest, view_id: int) -> HttpResponse:
        """One act, named by `act`: `change` with the form, `forget`, or one of the menu's."""
        view, act = _found(request, view_id), request.POST.get("act", "")
        if act == "forget":
            return self._forgotten(view)
        if act == "change":
            return self._changed(view)
        if act not in _TURNS:
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": ", ".join(("change", "forget", *_TURNS))})
        turn, said = _TURNS[act]
        before = Wish(view.name, shared=view.is_shared, default=view.is_default)
        return self._told(change_view(actor=request.user, view=view, wish=replace(before, **turn)), said)

    def _changed(self, view: SavedView) -> HttpResponse:
        form = ViewForm(self.request.POST)
        if form.is_valid():
            try:
                changed = change_view(actor=self.request.user, view=view, wish=form.wish)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return self._told(changed, _("The view “%(name)s” is changed."))
        return self._page(_found(self.request, view.pk), form, HTTPStatus.BAD_REQUEST)

    def _forgotten(self, view: SavedView) -> HttpResponse:
        forget_view(actor=self.request.user, view=view)
        return self._told(
            view, _("The view “%(name)s” is forgotten. What it asked for is still shown: keep it again to undo this.")
        )

    def _told(self, view: SavedView, said: str | Promise) -> HttpResponse:
        messages.success(self.request, said % {"name": view.name})
        return redirect(view.address)

    def _page(self, view: SavedView, form: ViewForm, status: int = HTTPStatus.OK) -> HttpResponse:
        context = {
            "view": view,
            "page_name": name_of(view.page),
            "form": form,
            "may_change": may_change(self.request.user, view),
            "may_forget": may_forget(self.request.user, view),
        }
        return render(self.request, "insights/views/view.html", context, status=status)


_TURNS: dict[str, tuple[dict[str, bool], Promise]] = {
    "default": ({"default": True}, gettext_lazy("The view “%(name)s” opens by itself on this page from now on.")),
    "no_default": ({"default": False}, gettext_lazy("The view “%(name)s” doesn't open by itself any more.")),
    "share": ({"shared": True}, gettext_lazy("Your team can choose the view “%(name)s” now.")),
    "unshare": ({"shared": False}, gettext_lazy("The view “%(name)s” is yours alone again.")),
}
"""What a click in the menu changes, and what is said of it."""


def page_of_view(request: HttpRequest, address: str) -> FilteredPage:
    """The page that an address names. Raises BadRequest with a sentence, and Http404 where it isn't for this person."""
    expected = _("of: expected the address of a page with filters.")
    if len(address) > LONGEST_ADDRESS or "\0" in address:
        raise BadRequest(expected)
    try:
        page = FilteredPage.at(address)
    except UnknownPageError:
        raise BadRequest(expected) from None
    if not page.door.opens_to(request.user):
        raise Http404
    return page


def _found(request: HttpRequest, view_id: int) -> SavedView:
    """A view that this person may choose. Raises Http404."""
    view = saved_views(request.user).filter(pk=view_id).first()
    if view is None or not opens(view, request.user):
        raise Http404
    return view


def _is_taken(form: NewViewForm, views: list[SavedView], page: FilteredPage, owner: int) -> bool:
    """Whether one's own view of that name stands in the way, and could be replaced."""
    name = str(form.data.get("name", "")).strip().casefold()
    return any((view.owner_id, view.page, view.name.casefold()) == (owner, page.path, name) for view in views)
