"""What the demo's partners keep on some customers for themselves: owners, tags, contacts. Invented, as all of it."""

from __future__ import annotations

from dataclasses import dataclass

from customers.demo.catalogue import CIRROVENTO, HAVSMOLN
from customers.selectors.accounts import ContactState
from partners.permissions import Role


@dataclass(frozen=True)
class Kept:
    """What a partner keeps on the customer of that code (`specs.Customer.code`); `owner`: the demo login of that role."""

    partner: str
    customer: str
    owner: Role | None = None
    tags: tuple[str, ...] = ()
    contacts: tuple[ContactState, ...] = ()


def _contact(name: str, position: str, email: str, phone: str = "") -> tuple[ContactState, ...]:
    return (ContactState(None, name, position, email, phone),)


ACCOUNTS = (
    Kept(
        CIRROVENTO,
        "adriamar",
        Role.SALES_AGENT,
        ("key account", "renewal talks"),
        (
            *_contact("Elena Moretti", "Head of IT", "elena.moretti@adriamar.example"),
            *_contact("Paolo Riva", "Purchasing", "paolo.riva@adriamar.example"),
        ),
    ),
    Kept(
        CIRROVENTO,
        "rossimeccanica",
        Role.SALES_AGENT,
        ("migration",),
        _contact("Davide Costa", "IT manager", "davide.costa@rossimeccanica.example"),
    ),
    Kept(CIRROVENTO, "vetrerialagunare", Role.SALES_AGENT, ("renewal talks",)),
    Kept(
        CIRROVENTO,
        "ribamar",
        Role.ADMIN_AGENT,
        ("key account", "training"),
        _contact("Nuria Ortega", "Deputy head of administration", "nuria.ortega@ribamar.example"),
    ),
    Kept(
        CIRROVENTO,
        "santafosca",
        Role.ADMIN_AGENT,
        ("training",),
        _contact("Sara Fontana", "Help desk", "sara.fontana@santafosca.example"),
    ),
    Kept(CIRROVENTO, "yuchuan", Role.SALES_AGENT, ("key account",), _contact("陈晓雨", "IT", "chen@yuchuan.example")),
    Kept(CIRROVENTO, "zhilan", None, ("training",)),
    Kept(
        HAVSMOLN,
        "gotafin",
        Role.SALES_AGENT,
        ("key account",),
        _contact("Åsa Nyberg", "CIO", "asa.nyberg@gotafin.example"),
    ),
    Kept(
        HAVSMOLN,
        "rijswaard",
        Role.SALES_AGENT,
        ("key account", "roll-out"),
        _contact("Maaike de Vries", "Purchasing", "maaike.devries@rijswaard.example"),
    ),
    Kept(HAVSMOLN, "adriamar", Role.ADMIN_AGENT, ("frontline",)),
    Kept(
        HAVSMOLN,
        "vasterdal",
        Role.ADMIN_AGENT,
        ("roll-out",),
        _contact("Gustav Sandell", "Project lead", "gustav.sandell@vasterdal.example"),
    ),
    Kept(HAVSMOLN, "svealand", Role.SALES_AGENT, ("upsell",)),
    Kept(
        HAVSMOLN,
        "harrowfield",
        None,
        ("upsell",),
        _contact("Grace Webb", "Office manager", "grace.webb@harrowfield.example", "+44 1632 960100"),
    ),
)
