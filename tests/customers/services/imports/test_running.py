"""Imports from end to end: everything or nothing, one load, origins of bad records, figures before and after."""

from __future__ import annotations

from pathlib import Path

from customers.imports.report import Figures, FiguresChange
from customers.models import Activity, EntitlementPeriod, Load, LoadedFile, Subscription, SubscriptionVersion
from partners.models import AuditEntry
from tests.customers.feed.conftest import ALPHA, CONTOSO, FABRIKAM, SUBSCRIPTIONS, version
from tests.customers.services.imports.conftest import Imports

ENTITLEMENTS = "subscription_id,user_id,from,state\n"
ACTIVITY = "customer_id,user_id,service,day\n"
SOLD = {
    "what we sold.txt": SUBSCRIPTIONS + version("S1", quantity=4),
    "who has it": ENTITLEMENTS + "S1,ann,2026-01-01,entitled\nS1,bob,2026-01-01,entitled\n",
    "who did what": ACTIVITY + f"{FABRIKAM},ann,EXO,2026-11-19\n",
}


def test_files_of_a_feed_under_any_name_are_one_load(imports: Imports) -> None:
    report = imports.apply(SOLD, source="autumn")
    assert [(file.name, file.format, file.lines) for file in report.files] == [
        ("what we sold.txt", "A file of a feed", {"subscriptions.csv": 1}),
        ("who has it", "A file of a feed", {"entitlements.csv": 2}),
        ("who did what", "A file of a feed", {"activity.csv": 1}),
    ]
    assert [(brought.name, brought.files, brought.new) for brought in report.brought] == [
        ("subscriptions.csv", [0], 1),
        ("entitlements.csv", [1], 2),
        ("activity.csv", [2], 1),
    ]
    load = Load.objects.get(kind=Load.Kind.IMPORT)
    assert (report.applied, report.load, load.source, load.stated_by) == (True, load.pk, "autumn", None)
    assert list(LoadedFile.objects.filter(load=load).order_by("pk").values_list("name", "outcome", "new")) == [
        ("subscriptions.csv", "loaded", 1),
        ("entitlements.csv", "loaded", 2),
        ("activity.csv", "loaded", 1),
    ]
    entry = AuditEntry.objects.get(action="import.apply")
    assert (entry.object_id, entry.after["new"], entry.after["customers"]) == (str(load.pk), 4, 1)


def test_bad_record_keeps_everything_out_and_is_named_by_the_vendors_file_and_line(imports: Imports) -> None:
    bad = SOLD | {"who has it": ENTITLEMENTS + '\nS1,"an\nn",2026-01-01,entitled\nS9,bob,2026-01-01,entitled\n'}
    report = imports.apply(bad)
    assert [str(record) for record in report.first] == [
        "who has it, 5, subscription_id: “S9” is not known; expected the id of a known subscription."
    ]
    assert (report.applied, report.refused, report.files[1].refused) == (False, 1, 1)
    assert (Subscription.objects.count(), Activity.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)
    assert not Load.objects.filter(kind=Load.Kind.IMPORT).exists()


def test_good_records_are_taken_where_that_is_asked_for(imports: Imports, tmp_path: Path) -> None:
    bad = SOLD | {"who has it": ENTITLEMENTS + "S9,bob,2026-01-01,entitled\nS1,ann,2026-01-01,entitled\n"}
    report = imports.apply(bad, skip_bad=True, rejected=tmp_path / "refused.csv")
    assert (report.applied, report.refused, EntitlementPeriod.objects.count()) == (True, 1, 1)
    assert (tmp_path / "refused.csv").read_text().splitlines() == [
        "file,line,column,value,reason",
        "who has it,2,subscription_id,S9,“S9” is not known; expected the id of a known subscription.",
    ]


def test_file_that_is_not_recognised_keeps_everything_out(imports: Imports) -> None:
    report = imports.apply(SOLD | {"poem": "Roses are red\n"})
    assert (report.applied, Subscription.objects.count()) == (False, 0)
    assert report.files[3].refusal.startswith("This file isn't recognised.")
    assert imports.apply(SOLD | {"poem": "Roses are red\n"}, skip_bad=True).applied


def test_preview_tells_the_figures_and_leaves_nothing(imports: Imports) -> None:
    report = imports.preview(SOLD)
    assert (report.customers, report.day, report.faultless, report.applied) == (1, "2026-11-19", True, False)
    assert report.figures == [
        FiguresChange(FABRIKAM, "Fabrikam", Figures(), Figures(4, 2, 50.0, 25.0)),
    ]
    assert (Subscription.objects.count(), Activity.objects.count()) == (0, 0)
    assert not Load.objects.filter(kind=Load.Kind.IMPORT).exists()
    assert imports.preview(SOLD).as_kept() == report.as_kept()


def test_preview_of_a_partner_names_its_own_customers_only(imports: Imports) -> None:
    lines = version("S1") + version("S2", customer=CONTOSO)
    report = imports.preview({"mine": SUBSCRIPTIONS + lines}, partner="alpha")
    assert [str(record) for record in report.first] == [
        f"mine, 3, customer_id: “{CONTOSO}” is not known; expected the customer_id of a known customer."
    ]
    assert [change.name for change in report.figures] == ["Fabrikam"]


def test_preview_of_a_claim_says_the_same_whether_others_know_the_customer_or_not(imports: Imports) -> None:
    claim = "customer_id,name,domain,country\n{},Ours,ours.example,IT\n"
    nobodys = "cccccccc-0000-0000-0000-00000000000f"
    known, unknown = (imports.preview({"c": claim.format(each)}, partner="alpha") for each in (CONTOSO, nobodys))
    assert (known.customers, known.total("new")) == (0, 1)
    assert known.as_kept() == unknown.as_kept()


def test_partner_may_not_bring_in_the_operators_files(imports: Imports) -> None:
    report = imports.apply({"p": f"partner_id,name,slug\n{ALPHA},Alpha,alpha\n"}, partner="alpha", skip_bad=True)
    assert list(report.refusals()) == ["partners.csv: This file needs the operator's rights."]
    assert not report.applied


def test_same_import_again_changes_nothing(imports: Imports) -> None:
    imports.apply(SOLD)
    report = imports.apply(SOLD)
    assert (report.applied, report.customers) == (True, 0)
    assert {count: report.total(count) for count in ("new", "changed", "unchanged")} == {
        "new": 0,
        "changed": 0,
        "unchanged": 4,
    }


def test_records_refused_by_the_reader_and_by_the_loader_are_told_together(imports: Imports, tmp_path: Path) -> None:
    text = ENTITLEMENTS + "too,few\nS9,bob,2026-01-01,entitled\n"
    report = imports.preview({"who has it": text}, rejected=tmp_path / "refused.csv")
    assert [(record.line, record.column) for record in report.first] == [(2, ""), (3, "subscription_id")]
    assert len((tmp_path / "refused.csv").read_text().splitlines()) == 3


def test_day_stated_by_two_files_counts_once(imports: Imports) -> None:
    more = (
        f"day,user_id,service,customer_id,retract\n2026-11-19,ann,EXO,{FABRIKAM},\n2026-11-18,ann,EXO,{FABRIKAM},true\n"
    )
    report = imports.apply({"one": SOLD["who did what"], "two": more})
    [brought] = report.brought
    assert (brought.files, brought.new, brought.unchanged) == ([0, 1], 1, 1)
    assert Activity.objects.count() == 1


def test_files_that_follow_each_other_with_the_same_columns_load_as_one(imports: Imports) -> None:
    files = {
        "a": SUBSCRIPTIONS + version("S1"),
        "b": SUBSCRIPTIONS + version("S1", quantity=7) + version("S2", quantity=-1),
    }
    report = imports.apply(files | {"c": f"retract,{SUBSCRIPTIONS}false,{version('S3')}"}, skip_bad=True)
    assert [(brought.files, brought.new, brought.refused) for brought in report.brought] == [
        ([0, 1], 1, 1),
        ([2], 1, 0),
    ]
    assert [(record.file, record.line) for record in report.first] == [("b", 3)]
    assert sorted(SubscriptionVersion.objects.values_list("subscription__key", "quantity")) == [("s1", 7), ("s3", 5)]
