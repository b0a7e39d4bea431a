"""A customer that two partners serve, and people of the first who look at its pages."""

from __future__ import annotations

from django.test import Client

from customers.models import Customer, CustomerProfile
from partners.models import Partner
from partners.permissions import Role
from tests.insights.world import World
from tests.people import make_staff, signed_in

CANARY = "CANARY"
"""Stands in everything that the other partner alone knows."""


def serve(world: World) -> World:
    """`us` and `them` serve the world's customer; what `them` says of it is a canary."""
    world.relationship(world.us)
    world.relationship(world.them)
    CustomerProfile.objects.create(
        customer=world.customer,
        name=f"{CANARY} Fabrikam",
        domain="canary.example",
        country="NO",
        segment=CANARY,
        stated_by=world.them,
    )
    return world


def browser(partner: Partner | None, *roles: Role, **fields: object) -> Client:
    """A browser in which somebody with these roles has signed in."""
    return signed_in(make_staff(partner, *roles, **fields))


def another_customer(world: World, name: str, partner: Partner | None = None, **profile: str) -> Customer:
    """A customer more that the partner (none: us) serves since long ago."""
    customer = world.a_customer(name)
    CustomerProfile.objects.filter(customer=customer).update(**profile)
    world.relationship(partner or world.us, customer)
    return customer


def text_of(response: object) -> str:
    """The whole answer, streamed or not."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def lines_of(response: object) -> list[list[str]]:
    """The lines of a CSV file, which begins with a byte order mark."""
    import csv
    import io

    text = text_of(response)
    assert text[0] == "\ufeff"
    return list(csv.reader(io.StringIO(text[1:])))
