"""`manage.py import_files`: exit status, the report in words, dry runs."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from customers.imports.formats.tables import Cell, Mapping, fingerprint
from customers.models import Load, Subscription, TableColumns
from partners.permissions import Role
from tests.insights.world import World
from tests.people import make_staff
from tests.served import serve


@pytest.fixture
def world(db: None) -> World:
    return serve(World())


@pytest.fixture
def sold(world: World, tmp_path: Path) -> Path:
    path = tmp_path / "whatever.txt"
    path.write_text(
        "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n"
        f"S1,2026-01-01,{world.customer.tenant_id},{world.us.partner_id},{world.e3.sku_id},active,5,false\n"
    )
    return path


def run(*paths: Path, **options: Any) -> list[str]:
    said = StringIO()
    call_command("import_files", *map(str, paths), stdout=said, **options)
    return said.getvalue().splitlines()


def test_dry_run_says_what_would_come_of_it(sold: Path) -> None:
    lines = run(sold, partner="us", dry_run=True)
    assert lines == [
        "whatever.txt: A file of a feed. Read: subscriptions.csv 1.",
        "subscriptions.csv: 1 new, 0 changed, 0 unchanged, 0 retracted, 0 refused.",
        "The figures of 1 customer change.",
        "Fabrikam as of 2026-01-01: sold 0 → 5, assigned 0 → 0, deployment_pct – → 0, usage_pct – → –",
        "Nothing was imported.",
    ]
    assert (Subscription.objects.count(), Load.objects.count()) == (0, 0)


def test_import_of_a_folder(sold: Path) -> None:
    assert run(sold.parent)[-1] == "Imported."
    assert Load.objects.get().kind == "import"
    assert Subscription.objects.count() == 1


def test_something_refused_is_status_1_and_nothing_is_imported(sold: Path, tmp_path: Path) -> None:
    poem = tmp_path / "poem.txt"
    poem.write_text("Roses are red\n")
    with pytest.raises(CommandError) as failure:
        run(sold, poem)
    assert (failure.value.returncode, Subscription.objects.count()) == (1, 0)
    with pytest.raises(CommandError) as failure:
        run(sold, poem, skip_bad=True)
    assert (failure.value.returncode, Subscription.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"customer": "x"},
            "--customer: “x” is no customer id; expected 32 hexadecimal digits, bare or as 8-4-4-4-12.",
        ),
        ({"day": "x"}, "--day: “x” is not a day; expected YYYY-MM-DD."),
        ({"day": "2999-01-01"}, "--day: 2999-01-01 is still to come; expected today (UTC) or a day before."),
        ({"country": "XX"}, "--country: “XX” is not a country; expected a two-letter code of ISO 3166-1."),
        ({"partner": "nobody"}, None),
    ],
)
def test_wrong_arguments_are_status_2(sold: Path, options: dict[str, str], said: str | None) -> None:
    with pytest.raises(CommandError) as failure:
        run(sold, **options)
    assert failure.value.returncode == 2
    assert said is None or str(failure.value) == said


def test_path_that_is_not_there_is_status_2(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError) as failure:
        run(tmp_path / "nothing")
    assert failure.value.returncode == 2


def test_table_is_read_by_what_the_partners_staff_said_of_its_columns(world: World, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"Wer,Kunde,Seit\nann,{world.customer.tenant_id},2026-01-01\n")
    cells = {name: Cell(header) for name, header in (("user_id", "Wer"), ("customer_id", "Kunde"), ("day", "Seit"))}
    mapping = Mapping("activity.csv", cells | {"service": Cell(constant="EXO")})
    TableColumns.objects.create(
        partner=world.us,
        fingerprint=fingerprint(["Wer", "Kunde", "Seit"]),
        mapping=mapping.as_json(),
        said_by=make_staff(world.us, Role.ADMIN_AGENT),
    )
    assert run(table, partner="us")[-1] == "Imported."
    with pytest.raises(CommandError):
        run(table)
