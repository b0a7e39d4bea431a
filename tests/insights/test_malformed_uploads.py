"""Files malformed in the ways of real and hostile ones, sent to the pages: no error of ours, and nothing half loaded."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Load, LoadedFile, Upload
from partners.permissions import Role
from tests.customers.imports.test_mutated import MUTANTS, mutant
from tests.generated.facts import Facts, facts
from tests.generated.product import check_constraints, rolled_back
from tests.insights.world import World
from tests.served import browser, serve

IMPORTS = reverse("insights:imports")
State = Upload.State


@pytest.fixture
def world(db: None) -> World:
    return serve(World())


@pytest.fixture
def client(world: World) -> Client:
    return browser(world.us, Role.ADMIN_AGENT)


@pytest.mark.parametrize("tenth", range(10))
def test_malformed_upload_is_refused_or_applied_as_a_whole(tenth: int, world: World, client: Client) -> None:
    before = facts()
    states: set[str] = set()
    for number in range(tenth * MUTANTS // 10, (tenth + 1) * MUTANTS // 10):
        with rolled_back():
            states.add(fate(client, world, mutant(number), before))
    assert states <= {"not sent", State.CHECKED, State.REFUSED, State.APPLIED}
    assert {State.REFUSED, State.APPLIED} <= states


def fate(client: Client, world: World, data: bytes, before: Facts) -> str:
    """Send the file, and take what is good of it if there is anything; what became of it."""
    file = io.BytesIO(data)
    file.name = "file.csv"
    sent = client.post(IMPORTS, {"files": [file], "customer": str(world.customer.tenant_id), "country": "DE"})
    if sent.status_code != 302:
        assert sent.status_code in {400, 413}
        return "not sent"
    page = sent.headers["Location"]
    assert client.get(page).status_code == 200
    assert facts() == before
    taken = client.post(page, {"act": "apply_good"})
    assert taken.status_code in {302, 409}
    assert client.get(page).status_code == 200
    check_constraints()
    upload = Upload.objects.get()
    assert upload.failure == ""
    _assert_whole(upload, before)
    return upload.state


def _assert_whole(upload: Upload, before: Facts) -> None:
    loads = Load.objects.filter(kind=Load.Kind.IMPORT)
    if upload.state != State.APPLIED:
        assert (loads.count(), facts() == before) == (0, True)
        return
    assert list(loads) == [upload.load]
    assert not LoadedFile.objects.filter(load=upload.load).exclude(outcome="loaded").exists()
