"""Every kind of bad line, seen by its message: file, line, column, value and what was expected."""

from __future__ import annotations

import pytest

from tests.customers.feed.conftest import ALPHA, E3, FABRIKAM, SUBSCRIPTIONS, Feeds, version

ACTIVITY = "customer_id,user_id,service,day\n"
ENTITLEMENTS = "subscription_id,user_id,from,state,to\n"
CASES = "partner_id,case_id,customer_id,opened_on,kind\n"
UNKNOWN = "dddddddd-0000-0000-0000-000000000009"
NOT_A_DAY = "is not a day; expected YYYY-MM-DD."

BAD = [
    ("partners.csv", "partner_id,name,slug\nxyz,A,a\n", "partner_id",
     "“xyz” is not a GUID; expected 32 hexadecimal digits, bare or as 8-4-4-4-12."),
    ("partners.csv", f"partner_id,name,slug\n{ALPHA},,a\n", "name",
     "the value is missing; expected one, the column is not optional."),
    ("partners.csv", f"partner_id,name,slug\n{ALPHA},A,{'s' * 65}\n", "slug",
     f"“{'s' * 59}…” is too long; expected at most 64 characters."),
    ("partners.csv", f"partner_id,name,slug\n{ALPHA},A,Beta\n", "slug",
     "“Beta” is the slug of another partner; expected one of its own."),
    ("partners.csv", f"partner_id,name,slug\n{ALPHA},{'n' * 257},a\n", "name",
     f"“{'n' * 59}…” is too long; expected at most 256 characters."),
    ("customers.csv", f"customer_id,name,domain,country\n{FABRIKAM},F,f.com,XX\n", "country",
     "“XX” is not a country; expected a two-letter code of ISO 3166-1."),
    ("relationships.csv", f"partner_id,customer_id,from\n{UNKNOWN},{FABRIKAM},2026-01-01\n", "partner_id",
     f"“{UNKNOWN}” is not known; expected the partner_id of a known partner."),
    ("relationships.csv", f"partner_id,customer_id,from\n{ALPHA},{UNKNOWN},2026-01-01\n", "customer_id",
     f"“{UNKNOWN}” is not known; expected the customer_id of a known customer."),
    ("relationships.csv", f"partner_id,customer_id,from,to\n{ALPHA},{FABRIKAM},2025-01-01,2025-01-01\n", "to",
     "“2025-01-01” is not after the first day; expected a later day, or nothing."),
    ("relationships.csv", f"partner_id,customer_id,from,to\n{ALPHA},{FABRIKAM},2025-06-01,2026-01-02\n", "from",
     "the time from “2025-06-01” overlaps another of the same key; expected times that don't overlap."),
    ("relationships.csv", f"partner_id,customer_id,from,retract\n{ALPHA},{FABRIKAM},2026-01-01,yes\n", "retract",
     "“yes” is neither yes nor no; expected true or false."),
    ("customers.csv", f"customer_id,name,domain,country,retract\n{FABRIKAM},F,f.com,IT,true\n", "retract",
     "“true” would retract what can't be retracted; expected false, or nothing."),
    ("skus.csv", f"sku_id,part_number,name,family,workloads\n{E3},P,N,{'f' * 65},\n", "family",
     f"“{'f' * 59}…” is too long; expected at most 64 characters."),
    ("customers.csv", f"customer_id,name,domain,country,retract\n{FABRIKAM},F,f.com,IT,true\n", "retract",
     "“true” would retract what can't be retracted; expected false, or nothing."),
    ("skus.csv", f"sku_id,part_number,name,family,workloads\n{E3},P,N,o365,EXO;{'w' * 65}\n", "workloads",
     f"“EXO;{'w' * 55}…” is too long; expected at most 64 characters."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s", seller="Nobody"), "seller",
     "“Nobody” is not a seller; expected the partner_id of a partner, or external."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s", seller=UNKNOWN), "seller",
     f"“{UNKNOWN}” is not known; expected the partner_id of a known partner."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s", customer=UNKNOWN), "customer_id",
     f"“{UNKNOWN}” is not known; expected the customer_id of a known customer."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s").replace(E3, UNKNOWN), "sku_id",
     f"“{UNKNOWN}” is not known; expected the sku_id of a known SKU."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s").replace("active", "asleep"), "status",
     "“asleep” is not a status; expected active, grace, disabled or deprovisioned."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s", quantity=-1), "quantity",
     "“-1” is not a quantity; expected a whole number from 0 to 2147483647, digits only."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s", quantity=2147483648), "quantity",
     "“2147483648” is not a quantity; expected a whole number from 0 to 2147483647, digits only."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s").replace(",5,", ",٥,"), "quantity",
     "“٥” is not a quantity; expected a whole number from 0 to 2147483647, digits only."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s").replace("false", "0"), "is_trial",
     "“0” is neither yes nor no; expected true or false."),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s", day="2026-02-30"), "effective_on", f"“2026-02-30” {NOT_A_DAY}"),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s", day="20260201"), "effective_on", f"“20260201” {NOT_A_DAY}"),
    ("subscriptions.csv", SUBSCRIPTIONS + version("s" * 257), "subscription_id",
     f"“{'s' * 59}…” is too long; expected at most 256 characters."),
    ("subscriptions.csv", SUBSCRIPTIONS.strip() + ",unit_price\n" + version("s").strip() + ",1.23456\n", "unit_price",
     "“1.23456” is not a price; expected digits with at most one point and four decimals."),
    ("subscriptions.csv", SUBSCRIPTIONS.strip() + ",currency\n" + version("s").strip() + ",EURO\n", "currency",
     "“EURO” is not a currency; expected a three-letter code of ISO 4217."),
    ("entitlements.csv", ENTITLEMENTS + "nope,ann,2026-01-01,entitled,\n", "subscription_id",
     "“nope” is not known; expected the id of a known subscription."),
    ("entitlements.csv", ENTITLEMENTS + "S1,ann,2026-01-01,borrowed,\n", "state",
     "“borrowed” is not a state; expected entitled, suspended_fraud, suspended_nonpayment, upgraded or cancelled."),
    ("entitlements.csv", ENTITLEMENTS + "S1,ann,2026-01-02,entitled,2026-01-01\n", "to",
     "“2026-01-01” is not after the first day; expected a later day, or nothing."),
    ("activity.csv", ACTIVITY + f"{FABRIKAM},ann,NOPE,2026-11-01\n", "service",
     "“NOPE” is not known; expected the code of a known service: CRM, EXO, PROPLUS, SFB, SPO, TEAMS, YAM."),
    ("activity.csv", ACTIVITY + f"{FABRIKAM},ann,*,2026-11-01\n", "service",
     "“*” is not known; expected the code of a known service: CRM, EXO, PROPLUS, SFB, SPO, TEAMS, YAM."),
    ("activity.csv", ACTIVITY + f"{UNKNOWN},ann,EXO,2026-11-01\n", "customer_id",
     f"“{UNKNOWN}” is not known; expected the customer_id of a known customer."),
    ("activity.csv", ACTIVITY + f"{FABRIKAM},ann,EXO,2026-13-01\n", "day", f"“2026-13-01” {NOT_A_DAY}"),
    ("activity.csv", ACTIVITY + f"{FABRIKAM},ann,EXO,2026-11-21\n", "day",
     "“2026-11-21” lies after today; expected today (UTC) or a day before."),
    ("activity.csv", ACTIVITY + f"{FABRIKAM}, ,EXO,2026-11-01\n", "user_id",
     "the value is missing; expected one, the column is not optional."),
    ("activity.csv", ACTIVITY + f"{FABRIKAM},{'u' * 257},EXO,2026-11-01\n", "user_id",
     f"“{'u' * 59}…” is too long; expected at most 256 characters."),
    ("coverage.csv", f"customer_id,service,day\n{FABRIKAM},*,2026-11-21\n", "day",
     "“2026-11-21” lies after today; expected today (UTC) or a day before."),
    ("support_cases.csv", CASES + f"{ALPHA},1,{FABRIKAM},2026-11-01,chat\n", "kind",
     "“chat” is not a kind of support case; expected how_to, incident, billing or other."),
    ("satisfaction.csv", f"partner_id,response_id,customer_id,responded_on,score\n{ALPHA},1,{FABRIKAM},2026-11-01,6\n", "score",
     "“6” is not a score; expected a whole number from 1 to 5."),
    ("satisfaction.csv",
     f"partner_id,response_id,customer_id,responded_on,score,comment\n{ALPHA},1,{FABRIKAM},2026-11-01,5,{'c' * 10_001}\n",
     "comment", f"“{'c' * 59}…” is too long; expected at most 10,000 characters."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "column", "sentence"), BAD)
def test_bad_value_is_told(world: Feeds, name: str, text: str, column: str, sentence: str) -> None:
    assert world.load({"subscriptions.csv": SUBSCRIPTIONS + version("S1")}).refused is False
    assert world.faults(name, text) == [f"{name}, line 2, column {column}: {sentence}"]


def test_wrong_number_of_fields_is_told(world: Feeds) -> None:
    text = ACTIVITY + f"{FABRIKAM},ann,EXO\n,,\n{FABRIKAM},ann,EXO,2026-11-01,more\n"
    assert world.faults("activity.csv", text) == [
        f"activity.csv, line {line}: the record has {fields} fields; expected 4, as the header line has."
        for line, fields in ((2, 3), (3, 3), (4, 5))
    ]


@pytest.mark.parametrize("name", ["activity.csv", "entitlements.csv"])
def test_text_that_is_no_utf8_is_told(world: Feeds, name: str) -> None:
    header = ACTIVITY if name == "activity.csv" else ENTITLEMENTS
    rest = b",EXO,2026-11-01\n" if name == "activity.csv" else b",2026-11-01,entitled,\n"
    lines = [b"a,b\xff" + rest, b"a,b\0" + rest]
    assert world.faults(name, header.encode() + b"".join(lines)) == [
        f"{name}, line {line}: “a,b�{rest.decode().strip()}” can't be read as text; expected UTF-8 without NUL characters."
        for line in (2, 3)
    ]


@pytest.mark.parametrize("header", [ACTIVITY, ENTITLEMENTS], ids=["activity", "entitlements"])
def test_broken_quotes_make_one_record_bad(world: Feeds, header: str) -> None:
    name = "activity.csv" if header is ACTIVITY else "entitlements.csv"
    text = header + 'a,"b"c,d,e\n"x\ny"z,b,c,d\nlast,b,EXO\n'
    sentence = "can't be read as CSV; expected quotes that are closed and stand around a whole value."
    assert [line.split(": ", 1)[0] for line in world.faults(name, text)] == [f"{name}, line {n}" for n in (2, 3, 5)]
    assert [line.endswith(sentence) for line in world.faults(name, text)] == [True, True, False]


def test_at_most_100_bad_lines_are_told(world: Feeds) -> None:
    report = world.load({"activity.csv": ACTIVITY + "x,y,z,w\n" * 150})
    assert (len(report.bad()), report.files[0].counts.refused) == (100, 150)
    assert "… and 50 bad lines more." in list(report.lines())
