"""Any table by a mapping of its columns: suggested, remembered, read."""

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from customers.feed.files.order import FILES, IMPORT_FILES
from customers.imports.formats.table_targets import TARGETS
from customers.imports.formats.tables import Cell, Mapping, fingerprint, headers_of, read_mapped, suggest, table_of
from customers.imports.reading import FileNotTakenError, Sample
from tests.customers.imports.gathered import CUSTOMER, E5, PARTNER, Gathered, about

HOLDERS = Mapping("holders.csv", {"user_id": Cell(header="Login"), "sku_id": Cell(header="Licence")})
ACTIVITY = Mapping(
    "activity.csv",
    {"user_id": Cell(header="Benutzer"), "service": Cell(constant="EXO"), "day": Cell(header="Datum")},
    "%d.%m.%Y",
)


def mapped(content: str, mapping: Mapping, **changes: Any) -> Gathered:
    gathered = Gathered()
    try:
        read_mapped(io.BytesIO(content.encode()), mapping, replace(about(), **changes), gathered)
    except FileNotTakenError as error:
        gathered.not_taken = str(error)
    return gathered


def sample(text: str, *, is_whole: bool = True) -> Sample:
    return Sample("table", text, is_whole=is_whole)


def test_targets_have_columns_of_their_files() -> None:
    kinds = {kind.name: {column.name for column in kind.columns} for kind in (*FILES, *IMPORT_FILES)}
    assert {target.file: {column.name for column in target.columns} - kinds[target.file] for target in TARGETS} == {
        target.file: set() for target in TARGETS
    }


def test_table_is_read_by_its_mapping() -> None:
    found = mapped("Benutzer;Bemerkung;Datum\ndana@x.example;;31.01.2024\nlee;x;1.2.2024 08:15\n", ACTIVITY)
    assert found.lines == [
        "activity.csv 2 user_id=dana@x.example service=EXO day=2024-01-31",
        "activity.csv 3 user_id=lee service=EXO day=2024-02-01",
    ]
    assert found.customers == {str(CUSTOMER)}


def test_day_in_iso_form_is_read_whatever_was_said() -> None:
    assert mapped("Benutzer,Datum\na,2024-01-31T10:00:00\n", ACTIVITY).lines == [
        "activity.csv 2 user_id=a service=EXO day=2024-01-31"
    ]


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ("a,31/01/2024", (2, "Datum", "31/01/2024", "Expected a day as DD.MM.YYYY.")),
        ("a,45321", (2, "Datum", "45321", "Expected a day as DD.MM.YYYY.")),
        (",31.01.2024", (2, "Benutzer", "", "The cell is empty; expected a value.")),
        ("a", (2, "", "", "The line has 1 cells; expected 2, as many as the header.")),
    ],
)
def test_row_that_does_not_fit_is_refused(row: str, refused: tuple[int, str, str, str]) -> None:
    assert mapped(f"Benutzer,Datum\n{row}\n", ACTIVITY).refused == [refused]


def test_row_without_a_customer_is_refused() -> None:
    found = mapped("Benutzer,Datum\na,31.01.2024\n", ACTIVITY, customer=None)
    assert found.refused == [(2, "", "", "It doesn't say which customer it is about; name the customer.")]


def test_table_of_holders_is_the_whole_list_of_its_customers() -> None:
    found = mapped("Login,Licence\na,Office 365 E5\nb,OFFICE 365 E5\n", HOLDERS, day=date(2024, 5, 1))
    assert found.lines == [
        "lists.csv 2 day=2024-05-01 source=directory user_id=",
        f"holders.csv 2 user_id=a sku_id={E5} day=2024-05-01 source=directory state=entitled",
        f"holders.csv 3 user_id=b sku_id={E5} day=2024-05-01 source=directory state=entitled",
    ]


@pytest.mark.parametrize("product", ["microsoft 365 business basic", "Nothing"])
def test_product_that_is_none_or_several_is_refused(product: str) -> None:
    reason = "Expected a product of the catalogue: its GUID, its part number, or a name that only one has."
    assert mapped(f"Login,Licence\na,{product}\n", HOLDERS).refused == [(2, "Licence", product, reason)]


def test_subscriptions_are_seen_with_what_the_import_says() -> None:
    mapping = Mapping(
        "subscriptions_seen.csv",
        {
            "subscription_id": Cell(header="Abo"),
            "sku_id": Cell(constant=str(E5)),
            "quantity": Cell(header="Menge"),
            "status": Cell(header="Status"),
            "is_trial": Cell(header="Test"),
        },
    )
    content = "Abo,Menge,Status,Test\ns1,1 200,Expired,nein\ns2,3,,JA\ns3,x,odd,vielleicht\n"
    found = mapped(content, mapping)
    assert found.lines == [
        f"subscriptions_seen.csv 2 subscription_id=s1 sku_id={E5} quantity=1200 status=grace is_trial=false day=2024-05-15 seller={PARTNER}",
        f"subscriptions_seen.csv 3 subscription_id=s2 sku_id={E5} quantity=3 status=active is_trial=true day=2024-05-15 seller={PARTNER}",
    ]
    assert found.refused == [(4, "Test", "vielleicht", "Expected yes or no, true or false.")]
    assert mapped("Abo,Menge,Status,Test\ns1,1,,\n", mapping, partner=None).refused == [
        (2, "", "", "It doesn't say who sold the subscription; import it for a partner.")
    ]


@pytest.mark.parametrize(
    ("mapping", "fault"),
    [
        (replace(ACTIVITY, file="partners.csv"), "Expected one of activity.csv, holdings.csv, holders.csv, subscriptions_seen.csv, customers.csv, people.csv, coverage.csv to read the table into."),
        (replace(ACTIVITY, columns={"user_id": Cell(header="Benutzer")}), "No column is named for service, day."),
        (replace(ACTIVITY, day_format=""), "Say how the days are written: expected one of YYYY-MM-DD, DD.MM.YYYY, DD/MM/YYYY, MM/DD/YYYY, DD-MM-YYYY, YYYY/MM/DD, DD.MM.YY, DD/MM/YY, MM/DD/YY, YYYYMMDD."),
        (replace(ACTIVITY, columns={**ACTIVITY.columns, "colour": Cell(constant="x")}), "activity.csv has no column colour."),
        (replace(ACTIVITY, columns={**ACTIVITY.columns, "day": Cell(header="Tag")}), "The table has no column “Tag”."),
    ],
)  # fmt: skip
def test_mapping_that_does_not_fit_is_not_taken(mapping: Mapping, fault: str) -> None:
    assert mapped("Benutzer,Datum\na,31.01.2024\n", mapping).not_taken == fault


def test_mapping_is_remembered_as_json() -> None:
    assert Mapping.of_json(json.loads(json.dumps(ACTIVITY.as_json()))) == ACTIVITY


def test_fingerprint_is_that_of_the_columns_in_any_order_and_spelling() -> None:
    assert fingerprint(["User ID", "Day"]) == fingerprint(["day", "user_id"])
    assert fingerprint(["User ID", "Day"]) != fingerprint(["User ID"])
    assert len(fingerprint(["é", "\udcff"])) == 64


def test_table_has_a_header_and_first_rows() -> None:
    assert table_of(sample("a,b\n1,2\n3,4\n5,", is_whole=False)) == (["a", "b"], [["1", "2"], ["3", "4"]])
    assert headers_of(sample("\n")) == []


@pytest.mark.parametrize("text", ['{"a": 1, "b": 2}', "<table>,</table>", "just a sentence\n", "[1, 2]"])
def test_text_that_is_no_table_has_no_header(text: str) -> None:
    assert headers_of(sample(text)) == []


SUGGESTED = {
    "english": ("User,App,Last activity,Remark", ["a,Teams,2024-01-31,"], "activity.csv", {"user_id": "User", "service": "App", "day": "Last activity"}, "%Y-%m-%d"),
    "german": ("Kunde;Mandanten-ID;Domäne;Land", [";;;"], "customers.csv", {"customer_id": "Mandanten-ID", "name": "Kunde", "domain": "Domäne", "country": "Land"}, "%Y-%m-%d"),
    "french": ("Utilisateur;Produit;Depuis;Fin", ["a;E5;31/01/2024;"], "holdings.csv", {"user_id": "Utilisateur", "sku_id": "Produit", "from": "Depuis", "to": "Fin"}, "%d/%m/%Y"),
    "spanish": ("Usuario;Producto", ["a;E5"], "holders.csv", {"user_id": "Usuario", "sku_id": "Producto"}, "%Y-%m-%d"),
    "italian": ("Sottoscrizione;Prodotto;Quantità;Stato;Scadenza", ["s;E5;3;attivo;01/02/2024"], "subscriptions_seen.csv", {"subscription_id": "Sottoscrizione", "sku_id": "Prodotto", "quantity": "Quantità", "status": "Stato", "term_end": "Scadenza"}, ""),
    "dutch": ("Gebruiker;Dienst;Datum", ["a;EXO;31-01-2024"], "activity.csv", {"user_id": "Gebruiker", "service": "Dienst", "day": "Datum"}, "%d-%m-%Y"),
}  # fmt: skip


@pytest.mark.parametrize("language", SUGGESTED)
def test_columns_are_suggested_by_the_words_of_a_language(language: str) -> None:
    header, rows, file, columns, day_format = SUGGESTED[language]
    headers, found = table_of(sample("\n".join([header, *rows, ""])))
    suggested = suggest(headers, found)
    assert suggested == Mapping(file, {name: Cell(header=written) for name, written in columns.items()}, day_format)


def test_nothing_is_suggested_for_columns_that_say_nothing() -> None:
    assert suggest(["Colour", "Weight"], []) is None
