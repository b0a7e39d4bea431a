"""A small world for the tests of single rules, and short ways to state more."""

from datetime import date

from tests.naive.feed import Facts, FileReport
from tests.naive.lines import FILES

TODAY = date(2026, 6, 30)
US = "10000000-0000-0000-0000-00000000000a"
OTHER = "10000000-0000-0000-0000-00000000000b"
ONE = "20000000-0000-0000-0000-00000000000a"
TWO = "20000000-0000-0000-0000-00000000000b"
E3 = "30000000-0000-0000-0000-00000000000a"
CRM = "30000000-0000-0000-0000-00000000000b"
OFF = "30000000-0000-0000-0000-00000000000c"

VERSION = "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial"
PERIOD = "subscription_id,user_id,from,to,state"
ACTIVITY = "customer_id,user_id,service,day"
COVERAGE = "customer_id,service,day"
RELATIONSHIP = "partner_id,customer_id,from,to"


def csv(header: str, *lines: str) -> str:
    """A file's text."""
    return "\n".join((header, *lines, ""))


def world() -> Facts:
    """Two partners, customer ONE of both, TWO of the other; E3 (EXO, YAM), CRM (CRM, YAM), OFF (of a family that is
    off, YAM); subscription S of ONE, sold by us: E3, active, 5, since 2026-01-01."""
    facts = Facts()
    files: dict[str, str | bytes] = {
        "partners.csv": csv("partner_id,name,slug", f"{US},Us,us", f"{OTHER},Other,other"),
        "customers.csv": csv("customer_id,name,domain,country", f"{ONE},One,one.example,IT", f"{TWO},Two,two,ES"),
        "relationships.csv": csv(
            RELATIONSHIP, f"{US},{ONE},2025-01-01,", f"{OTHER},{ONE},2025-01-01,", f"{OTHER},{TWO},2025-01-01,"
        ),
        "skus.csv": csv(
            "sku_id,part_number,name,family,workloads",
            f"{E3},E3,Office 365 E3,o365,EXO;YAM",
            f"{CRM},CRM,Dynamics,crm,CRM;YAM",
            f"{OFF},VIS,Visio,vis,YAM",
        ),
        "subscriptions.csv": csv(VERSION, version("S")),
    }
    assert facts.load(files, TODAY).clean
    return facts


def version(
    sub: str,
    day: str = "2026-01-01",
    customer: str = ONE,
    seller: str = US,
    sku: str = E3,
    status: str = "active",
    quantity: int = 5,
    trial: str = "false",
) -> str:
    """A line of subscriptions.csv."""
    return f"{sub},{day},{customer},{seller},{sku},{status},{quantity},{trial}"


def load(
    facts: Facts, file: str, header: str, *lines: str, partner: str | None = None, skip_bad: bool = False
) -> FileReport:
    """Load one file and return its report."""
    return facts.load({file: csv(header, *lines)}, TODAY, partner, skip_bad)[file]


def state(facts: Facts, file: str, header: str, *lines: str, partner: str | None = None) -> FileReport:
    """Load one file that must be good."""
    report = load(facts, file, header, *lines, partner=partner)
    assert (report.outcome, report.bad) == ("loaded", [])
    return report


def tally(report: FileReport) -> tuple[int, ...]:
    """New, changed, unchanged, retracted, refused, skipped."""
    return tuple(report.counts.values())


def bad_line(facts: Facts, file: str, header: str, line: str, partner: str | None = None) -> str | None:
    """The column for which a line is refused; "" where it is good."""
    report = load(facts, file, header, line, partner=partner)
    assert header.startswith(FILES[file][0].name)
    return report.bad[0][1] if report.bad else ""
