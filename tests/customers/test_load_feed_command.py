"""`manage.py load_feed`: arguments, exit status, what goes to which stream."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer
from tests.customers.feed.conftest import ALPHA, WORLD


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    """A feed that loads."""
    for name, text in WORLD.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_good_feed_is_reported_on_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_feed", str(folder))
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "partners.csv: loaded. 2 new, 0 changed, 0 unchanged, 0 retracted, 0 refused."
    assert told.err == ""


def test_refused_line_makes_exit_status_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "customers.csv").write_text("customer_id,name,domain,country\nx,A,a.com,IT\n")
    with pytest.raises(CommandError, match="was not loaded completely") as caught:
        call_command("load_feed", str(folder))
    assert caught.value.returncode == 1
    told = capsys.readouterr()
    sentence = "customers.csv, line 2, column customer_id: “x” is not a GUID; expected 32 hexadecimal digits, bare or as 8-4-4-4-12."
    assert sentence in told.out.splitlines()
    assert told.err.splitlines() == [sentence]
    assert Customer.objects.count() == 0


def test_skipped_lines_make_exit_status_1_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "customers.csv").write_text(WORLD["customers.csv"] + "x,A,a.com,IT\n")
    rejected = folder / "rejected"
    rejected.mkdir()
    with pytest.raises(CommandError) as caught:
        call_command("load_feed", str(folder), "--skip-bad", "--rejected", str(rejected))
    assert caught.value.returncode == 1
    assert [path.name for path in rejected.iterdir()] == ["customers.csv.rejected.csv"]
    assert "skus.csv: loaded. 1 new" in capsys.readouterr().out


def test_what_is_no_feed_makes_exit_status_1(db: None, tmp_path: Path) -> None:
    (tmp_path / "feed").write_text("hello")
    with pytest.raises(CommandError, match="is no feed; expected a folder or a zip of one") as caught:
        call_command("load_feed", str(tmp_path / "feed"))
    assert caught.value.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere does not exist; expected a folder or a zip."),
        ([".", "--rejected", "."], "--rejected goes with --skip-bad only."),
        ([".", "--skip-bad", "--rejected", "nowhere"], "nowhere is no folder; expected one for the rejected lines."),
        ([".", "--partner", "nobody"], "No partner has the slug 'nobody'. Known: none yet."),
    ],
)
def test_wrong_arguments_make_exit_status_2(db: None, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("load_feed", *arguments)
    assert (caught.value.returncode, str(caught.value)) == (2, message)


def test_partner_is_named_by_its_slug_in_any_case(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_feed", str(folder))
    (folder / "partners.csv").write_text(f"partner_id,name,slug\n{ALPHA},Alpha,alpha\n")
    with pytest.raises(CommandError):
        call_command("load_feed", str(folder), "--partner", "ALPHA")
    assert "partners.csv: refused. This file needs the operator's rights." in capsys.readouterr().out
