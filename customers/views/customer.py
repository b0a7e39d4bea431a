"""What all pages about one customer have in common: which customer it is, and whether it is to be seen today."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from customers.clock import today
from customers.selectors.customers import VisibleCustomer, customer_of
from partners.doors import Door


class CustomerDoor(Door):
    """A page about a customer whom the partner serves today; nobody else's, and nobody who isn't there, has one."""

    abstract: ClassVar[bool] = True

    def customer(self, customer_id: UUID) -> VisibleCustomer:
        """The customer with this id. Raises Http404 where no confirmed relationship covers today."""
        found = customer_of(partner=self.request.user.partner, customer_id=customer_id, day=today())
        if found is None:
            raise unknown_customer()
        return found


def unknown_customer() -> Http404:
    """What is raised for a customer that isn't there, and for another partner's."""
    return Http404(_("There is no such customer."))
