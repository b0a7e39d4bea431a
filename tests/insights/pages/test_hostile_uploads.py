"""Whatever is uploaded, the page answers: no 5xx, nothing half loaded."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from customers.models import Load, Upload
from partners.permissions import Role
from tests.conftest import PROFILE_VARIABLE
from tests.insights.world import World
from tests.served import browser, serve, text_of

IMPORTS = reverse("insights:imports")
UPLOADS = 2_000 if os.environ.get(PROFILE_VARIABLE) == "long" else 200
SAMPLES = Path(__file__).parents[2] / "samples"
ODD = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"9" * 400,
    b'"',
    b"\n" * 50,
    b"[" * 2_000,
    b"=cmd|' /C calc'!A0",
    "\ud7ff".encode(),
    b"\\u0000",
]
FACTS = (
    "customers_subscription",
    "customers_entitlementperiod",
    "customers_holding",
    "customers_activity",
    "customers_coverage",
    "customers_person",
    "customers_load",
    "customers_reported",
    "customers_alias",
)


@pytest.fixture
def world(db: None) -> World:
    return serve(World())


def texts(world: World) -> list[bytes]:
    """What is mutated: the vendor's samples, and files of a feed that would load."""
    customer, sku = world.customer.tenant_id, world.e3.sku_id
    feed = [
        f"customer_id,user_id,service,day\n{customer},ann,EXO,2026-03-01\n{customer},bob,TEAMS,2026-03-02\n",
        f"subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\nS1,2026-01-01,{customer},{world.us.partner_id},{sku},active,5,false\n",
        f"customer_id,user_id,sku_id,from,state\n{customer},ann,{sku},2026-01-01,entitled\n",
    ]
    samples = sorted(
        path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix in {".csv", ".json", ".http"}
    )
    return [text.encode() for text in feed] + [path.read_bytes()[:20_000] for path in samples]


def mutated(text: bytes, chance: random.Random) -> bytes:
    """The text with something wrong in it, once or several times."""
    for _time in range(chance.randint(1, 4)):
        first, last = sorted(chance.choices(range(len(text) + 1), k=2))
        text = chance.choice([_cut, _doubled, _flipped, _odd, _shuffled, _encoded])(text, first, last, chance)
    return text


def _cut(text: bytes, first: int, last: int, _chance: random.Random) -> bytes:
    return text[:first] + text[last:]


def _doubled(text: bytes, first: int, last: int, _chance: random.Random) -> bytes:
    return text[:last] + text[first:]


def _flipped(text: bytes, first: int, _last: int, chance: random.Random) -> bytes:
    return text[:first] + bytes([chance.randrange(256)]) + text[first + 1 :]


def _odd(text: bytes, first: int, _last: int, chance: random.Random) -> bytes:
    return text[:first] + chance.choice(ODD) + text[first:]


def _shuffled(text: bytes, _first: int, _last: int, chance: random.Random) -> bytes:
    header, line_end, rest = text.partition(b"\n")
    names = header.split(b",")
    chance.shuffle(names)
    return b",".join(names) + line_end + rest


def _encoded(text: bytes, _first: int, _last: int, chance: random.Random) -> bytes:
    return text.decode(errors="replace").encode(chance.choice(["utf-16", "utf-8-sig", "utf-32", "cp500"]), "replace")


def packed(texts: list[bytes], chance: random.Random) -> bytes:
    """A zip of them, some damaged."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for number, text in enumerate(texts):
            file.writestr(f"{number}.csv", text)
    return archive.getvalue() if chance.random() < 0.5 else mutated(archive.getvalue(), chance)


def uploads(world: World) -> Iterator[list[bytes]]:
    chance = random.Random(4)
    known = texts(world)
    for number in range(UPLOADS):
        some = [mutated(chance.choice(known), chance) for _file in range(chance.choice([1, 1, 1, 2, 3]))]
        yield [packed(some, chance)] if number % 5 == 4 else some


def facts() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in FACTS))
        return cursor.fetchall()


def send(client: Client, texts: list[bytes], customer: object) -> Upload | None:
    files = []
    for number, text in enumerate(texts):
        file = io.BytesIO(text)
        file.name = f"{number}.csv"
        files.append(file)
    before = Upload.objects.count()
    response = client.post(IMPORTS, {"files": files, "customer": str(customer)})
    assert response.status_code in {302, 400}, (response.status_code, texts)
    return Upload.objects.latest("sent_at") if Upload.objects.count() > before else None


def test_malformed_uploads_are_answered_and_leave_nothing(world: World) -> None:
    client = browser(world.us, Role.ADMIN_AGENT)
    client.raise_request_exception = False
    before = facts()
    for files in uploads(world):
        upload = send(client, files, world.customer.tenant_id)
        if upload is None:
            continue
        assert upload.state in {Upload.State.CHECKED, Upload.State.REFUSED}, (upload.failure, files)
        page = client.get(reverse("insights:import", args=[upload.pk]))
        assert page.status_code == 200
        assert client.get(reverse("insights:import_refused_csv", args=[upload.pk])).status_code in {200, 404}
        assert client.get(reverse("insights:import_columns", args=[upload.pk, 0])).status_code in {200, 404}
    assert facts() == before


def test_malformed_uploads_are_applied_whole_or_not_at_all(world: World) -> None:
    client = browser(world.us, Role.ADMIN_AGENT)
    client.raise_request_exception = False
    applied = 0
    for number, files in enumerate(uploads(world)):
        upload = send(client, files, world.customer.tenant_id) if number % 4 == 0 else None
        if upload is None:
            continue
        address = reverse("insights:import", args=[upload.pk])
        before = facts()
        status = client.post(address, {"act": "apply_good"}).status_code
        upload.refresh_from_db()
        assert (status, upload.state) in {
            (302, Upload.State.APPLIED),
            (409, Upload.State.REFUSED),
        }, (text_of(client.get(address)), files)
        if upload.state == Upload.State.APPLIED:
            applied += 1
        else:
            assert facts() == before
    assert Load.objects.filter(kind=Load.Kind.IMPORT).count() == applied > 0
