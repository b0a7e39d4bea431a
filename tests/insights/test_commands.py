"""The commands around the figures: what they print, and with which status they end (interfaces.md)."""

from __future__ import annotations

import io
import json
from argparse import ArgumentTypeError
from datetime import date
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from insights.arguments import a_day, a_guid
from insights.selectors.insight_rows import By, Question, Seller, insight_rows, portfolio_rows
from tests.insights.storing import everything, fresh
from tests.insights.world import DAY, World, ago

KEYS = [
    "date",
    "customer_id",
    "customer",
    "family",
    "sku_id",
    "part_number",
    "sku",
    "workload",
    "seller",
    "sold",
    "blocked",
    "entitlements",
    "measured_entitlements",
    "assigned",
    "active",
    "active_current",
    "active_former",
    "active_lapsed",
    "active_trial",
    "active_unlicensed",
    "users",
    "measured_users",
    "active_users",
    "idle",
    "unassigned",
    "overassigned",
    "covered_days",
    "deployment_pct",
    "usage_pct",
    "adjusted_usage_pct",
    "user_usage_pct",
]
DAY_ARGUMENTS = ("--partner", "us", "--date", DAY.isoformat())


def lines(command: str, *arguments: str) -> list[dict]:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def ended(capsys: pytest.CaptureFixture[str], command: str, *arguments: str) -> tuple[int, str, str]:
    """Exit status, output and errors of a command as the shell would see them, but its connections stay open."""
    made = load_command_class(get_commands()[command], command)
    made._called_from_command_line = True
    out = io.StringIO()
    try:
        options = vars(made.create_parser("manage.py", command).parse_args(arguments))
        made.execute(*options.pop("args", ()), **options | {"stdout": out, "skip_checks": True})
    except SystemExit as wrong:
        return wrong.code, out.getvalue(), capsys.readouterr().err
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), capsys.readouterr().err


@pytest.fixture
def served(world: World) -> World:
    """Two customers that we serve, one of them by two SKUs, and one that we don't."""
    world.relationship(world.us)
    world.period(world.subscription(seller=world.us), "ann")
    world.subscription(world.sku("CRM", family="crm", part_number="C1"))
    other = world.a_customer("Ängby")
    world.relationship(world.us, other)
    world.subscription(customer=other)
    world.subscription(customer=world.a_customer("Contoso"))
    world.activity("ann", "EXO", ago(1))
    return world


def test_insights_prints_every_key_in_order(served: World) -> None:
    rows = lines("insights", *DAY_ARGUMENTS)
    assert {tuple(row) for row in rows} == {tuple(KEYS)}


def test_insights_row_of_an_sku(served: World) -> None:
    (row,) = [row for row in lines("insights", *DAY_ARGUMENTS) if row["workload"] == "EXO" and row["users"]]
    assert list(row.values()) == [
        "2026-03-31", str(served.customer.tenant_id), "Fabrikam", "o365", str(served.e3.sku_id), "E3", "The E3", "EXO",
        "all", 10, 0, 10, 10, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 9, 0, 1, 10.0, 10.0, 10.0, 100.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        (
            "sku",
            [("Fabrikam", "crm", "C1", workload) for workload in ("any", "CRM")]
            + [
                (name, "o365", "E3", w) for name in ("Fabrikam", "Ängby") for w in ("any", "EXO", "SPO", "TEAMS", "YAM")
            ],
        ),
        (
            "family",
            [("Fabrikam", "crm", None, workload) for workload in ("any", "CRM")]
            + [
                (name, "o365", None, w) for name in ("Fabrikam", "Ängby") for w in ("any", "EXO", "SPO", "TEAMS", "YAM")
            ],
        ),
        (
            "all",
            [("Fabrikam", None, None, workload) for workload in ("any", "CRM", "EXO", "SPO", "TEAMS", "YAM")]
            + [("Ängby", None, None, workload) for workload in ("any", "EXO", "SPO", "TEAMS", "YAM")],
        ),
    ],
)
def test_insights_by_and_order(served: World, by: str, keys: list[tuple]) -> None:
    rows = lines("insights", *DAY_ARGUMENTS, "--by", by)
    assert [(row["customer"], row["family"], row["part_number"], row["workload"]) for row in rows] == keys


def test_insights_names_in_order_of_folded_code_points(world: World) -> None:
    for name in ("beta", "Alfa", "Ömer", "alfa", "Zeta", "ALFA"):
        customer = world.a_customer(name)
        world.relationship(world.us, customer)
        world.subscription(world.sku(part_number="BARE"), customer=customer)
    rows = lines("insights", *DAY_ARGUMENTS)
    assert [row["customer"].casefold() for row in rows] == ["alfa", "alfa", "alfa", "beta", "zeta", "ömer"]
    assert [row["customer_id"] for row in rows[:3]] == sorted(row["customer_id"] for row in rows[:3])


def test_insights_sold_by_us(served: World) -> None:
    rows = lines("insights", *DAY_ARGUMENTS, "--by", "all", "--seller", "us")
    assert {(row["customer"], row["seller"], row["sold"]) for row in rows} == {("Fabrikam", "us", 10)}
    assert len(rows) == 5


def test_insights_equal_stored_and_on_the_spot(served: World) -> None:
    arguments = [(*DAY_ARGUMENTS, "--by", by, "--seller", seller) for by in By for seller in Seller]
    before = [lines("insights", *words) for words in arguments]
    assert fresh([served.customer], DAY) == [False]
    call_command("rollup", "--date", DAY.isoformat(), stdout=io.StringIO())
    assert fresh([served.customer], DAY) == [True]
    assert [lines("insights", *words) for words in arguments] == before


def test_insights_of_one_customer(served: World) -> None:
    rows = lines("insights", *DAY_ARGUMENTS, "--by", "all", "--customer", str(served.customer.tenant_id).upper())
    assert {row["customer"] for row in rows} == {"Fabrikam"}
    assert len(rows) == 6


def test_insights_slug_whatever_its_case(served: World) -> None:
    assert lines("insights", "--partner", "US", "--date", DAY.isoformat()) == lines("insights", *DAY_ARGUMENTS)


def test_insights_of_a_customer_not_ours_prints_nothing(served: World, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = served.a_customer("Foreign")
    served.subscription(customer=foreign)
    claimed = served.a_customer("Claimed")
    served.subscription(customer=claimed)
    served.relationship(served.us, claimed, status="claimed")
    for customer in (foreign.tenant_id, claimed.tenant_id, uuid4()):
        assert ended(capsys, "insights", *DAY_ARGUMENTS, "--customer", str(customer)) == (0, "", "")


@pytest.mark.parametrize(("begin", "end", "number"), [(0, None, 1), (-1, None, 0), (5, 0, 0), (5, -1, 1)])
def test_insights_where_the_relationship_covers_the_day(world: World, begin: int, end: int | None, number: int) -> None:
    world.subscription(world.sku(part_number="BARE"))
    world.relationship(world.us, begin=ago(begin), end=None if end is None else ago(end))
    assert len(lines("insights", *DAY_ARGUMENTS)) == number


def test_unknown_slug_is_an_error(served: World, capsys: pytest.CaptureFixture[str]) -> None:
    told = (1, "", "No partner has the slug 'nobody'. Known: them, us.")
    assert ended(capsys, "insights", "--partner", "nobody", "--date", "2026-03-31") == told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("insights", "--partner", "us"), "the following arguments are required: --date"),
        (("insights", "--date", "2026-03-31"), "the following arguments are required: --partner"),
        (("insights", "--partner", "us", "--date", "31.3.2026"), "argument --date: '31.3.2026' is no day"),
        (("insights", *DAY_ARGUMENTS, "--by", "seller"), "argument --by: invalid choice: 'seller'"),
        (("insights", *DAY_ARGUMENTS, "--seller", "them"), "argument --seller: invalid choice: 'them'"),
        (
            ("insights", *DAY_ARGUMENTS, "--customer", "x"),
            "argument --customer: 'x' is no customer id; expected a GUID",
        ),
        (("rollup",), "the following arguments are required: --date"),
        (("rollup", "--date", "2026-03-31", "--from", "2026-04-01"), "--from 2026-04-01 is after --date 2026-03-31."),
        (("explain", *DAY_ARGUMENTS, "--customer", str(uuid4())), "the following arguments are required: --count"),
    ],
    ids=["date", "partner", "day", "by", "seller", "customer", "rollup", "from", "count"],
)
def test_wrong_arguments_end_with_status_2(
    served: World, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    status, out, errors = ended(capsys, *arguments)
    assert (status, out, message in errors) == (2, "", True)


def test_rollup_stores_days_from_to(served: World, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("rollup", "--date", DAY.isoformat(), "--from", ago(2).isoformat())
    assert ended(capsys, *arguments) == (0, "Stored the figures of 9 customer days.\n", "")
    before = everything()
    assert ended(capsys, *arguments) == (0, "Stored the figures of 9 customer days.\n", "")
    assert everything() == before


def test_rollup_of_one_customer(served: World, capsys: pytest.CaptureFixture[str]) -> None:
    key = str(served.customer.tenant_id)
    told = (0, "Stored the figures of 1 customer days.\n", "")
    assert ended(capsys, "rollup", "--date", DAY.isoformat(), "--customer", key) == told
    unknown = uuid4()
    told = (1, "", f"No customer has the id {unknown}.")
    assert ended(capsys, "rollup", "--date", DAY.isoformat(), "--customer", str(unknown)) == told


def test_explain_prints_the_list(served: World, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (*DAY_ARGUMENTS, "--customer", str(served.customer.tenant_id), "--count", "active")
    (entry,) = lines("explain", *arguments, "--family", "o365", "--workload", "EXO")
    assert list(entry) == ["user", "class", "sku_id", "subscription_id", "status", "last_active"]
    assert [entry["class"], entry["last_active"]] == ["current", "2026-03-30"]
    assert lines("explain", *arguments, "--sku", str(served.e3.sku_id), "--seller", "us") == [entry]
    assert lines("explain", *DAY_ARGUMENTS, "--customer", str(uuid4()), "--count", "active") == []
    told = (1, "", "No family has the code 'nope'.")
    assert ended(capsys, "explain", *arguments, "--family", "nope") == told


def test_portfolio_sums_over_customers(served: World) -> None:
    rows = portfolio_rows(Question(served.us, DAY, By.ALL))
    parts = insight_rows(Question(served.us, DAY, By.ALL))
    assert {tuple(row) for row in rows} == {(*KEYS, "customers", "customers_measured")}
    whole = {row["workload"]: row for row in rows}
    assert list(whole) == ["any", "CRM", "EXO", "SPO", "TEAMS", "YAM"]
    summed = KEYS[KEYS.index("sold") : KEYS.index("covered_days")]
    for workload, row in whole.items():
        of_workload = [part for part in parts if part["workload"] == workload]
        assert [row[name] for name in summed] == [sum(part[name] for part in of_workload) for name in summed]
        assert row["customers"] == len(of_workload)
        assert row["customers_measured"] == sum(part["covered_days"] > 0 for part in of_workload)
        assert (row["customer_id"], row["customer"], row["covered_days"]) == (None, None, None)
    exchange = whole["EXO"]
    assert (exchange["customers"], exchange["customers_measured"]) == (2, 1)
    assert (exchange["sold"], exchange["measured_entitlements"], exchange["idle"]) == (20, 10, 0)
    assert (exchange["deployment_pct"], exchange["usage_pct"]) == (5.0, 10.0)


def test_portfolio_by_sku_and_family(served: World) -> None:
    for by, parts in ((By.SKU, [("crm", "C1"), ("o365", "E3")]), (By.FAMILY, [("crm", None), ("o365", None)])):
        rows = portfolio_rows(Question(served.us, DAY, by))
        assert [(row["family"], row["part_number"]) for row in rows] == [parts[0]] * 2 + [parts[1]] * 5
        assert [row["customers"] for row in rows] == [1, 1, 2, 2, 2, 2, 2]


def test_portfolio_of_a_percentage_is_the_ratio_of_sums(world: World) -> None:
    for quantity, assigned in ((3, 3), (7, 1)):
        customer = world.a_customer()
        world.relationship(world.us, customer)
        subscription = world.subscription(customer=customer, quantity=quantity)
        for number in range(assigned):
            world.period(subscription, f"user{number}")
    assert portfolio_rows(Question(world.us, DAY))[0]["deployment_pct"] == 40.0


def test_portfolio_without_customers_is_empty(world: World) -> None:
    world.subscription()
    assert portfolio_rows(Question(world.us, DAY)) == []


def test_day_of_an_argument() -> None:
    assert a_day("2024-02-29") == date(2024, 2, 29)
    for text in ("2023-02-29", "20240229", "2024-2-29", " 2024-02-29", "2024-02-29\n", "٢٠٢٤-02-29", ""):
        with pytest.raises(ArgumentTypeError, match="is no day; expected YYYY-MM-DD"):
            a_day(text)


def test_customer_id_of_an_argument() -> None:
    key = uuid4()
    assert (a_guid(str(key)), a_guid(str(key).upper())) == (key, key)
    with pytest.raises(ArgumentTypeError, match="expected a GUID"):
        a_guid("not a guid")


def test_commands_raise_when_called_from_code(world: World) -> None:
    with pytest.raises(CommandError, match="No partner has the slug"):
        call_command("insights", "--partner", "nobody", "--date", "2026-03-31")
