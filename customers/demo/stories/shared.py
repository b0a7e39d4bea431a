"""Customers of both partners; most buy from outsiders too."""

from __future__ import annotations

from customers.demo.catalogue import CIRROVENTO, HAVSMOLN
from customers.demo.specs import EXTERNAL, Change, Customer, Sale, Tie, Turnover

BOTH = (Tie(CIRROVENTO), Tie(HAVSMOLN))

CUSTOMERS = (
    Customer(
        "Gruppo Adriamar S.p.A.",
        "adriamar.example",
        "IT",
        "manufacturing",
        860,
        (Tie(CIRROVENTO), Tie(HAVSMOLN, since=-260)),
        (
            Sale(
                "E3",
                520,
                range(490),
                CIRROVENTO,
                since=-640,
                turnover=Turnover(range(15), range(490, 505), first=-27, last=-2),
            ),
            Sale("F3", 380, range(505, 830), HAVSMOLN, since=-255, rollout=200),
            Sale("E5", 35, range(830, 860), EXTERNAL, since=-410, auto_renew=None),
            Sale("CRM", 70, range(20, 85), CIRROVENTO, since=-300, rollout=40),
        ),
        shows="the largest: E3 and Dynamics 365 from one partner, F3 from the other, E5 from outside",
        growth=0.25,
        sleepers=0.18,
    ),
    Customer(
        "Van Rijswaard Logistiek N.V.",
        "rijswaard.example",
        "NL",
        "logistics",
        300,
        BOTH,
        (
            Sale("E3", 130, range(125), HAVSMOLN, since=-500),
            Sale("F3", 190, range(125, 300), CIRROVENTO, since=-330, rollout=60),
            Sale("CRM", 30, range(18), HAVSMOLN, since=-210),
        ),
        shows="office staff from one partner, drivers from the other",
        adoption=0.8,
        sleepers=0.3,
    ),
    Customer(
        "深圳屿川国际贸易有限公司",
        "yuchuan.example",
        "CN",
        "retail",
        145,
        BOTH,
        (
            Sale("E3", 80, range(75), CIRROVENTO, since=-430),
            Sale("E3", 40, range(75, 110), HAVSMOLN, since=-190),
            Sale("BB", 40, range(110, 145), EXTERNAL, since=-390, auto_renew=None),
        ),
        shows="the same SKU from both partners; the sum is one row for the customer and two for the sellers",
        sleepers=0.22,
    ),
    Customer(
        "Astilleros Punta Clara S.A.",
        "puntaclara.example",
        "ES",
        "manufacturing",
        240,
        (Tie(CIRROVENTO), Tie(HAVSMOLN, until=-60)),
        (
            Sale("E3", 150, range(140), CIRROVENTO, since=-380),
            Sale("F3", 110, range(140, 240), HAVSMOLN, since=-480, term_end=-100, auto_renew=False, ends=-65),
            Sale("F3", 105, range(140, 240), CIRROVENTO, since=-65),
        ),
        shows="one partner's relationship ended 60 days ago; the other took over its licences",
        sleepers=0.16,
    ),
    Customer(
        "Göta Finmekanik AB",
        "gotafin.example",
        "SE",
        "manufacturing",
        380,
        BOTH,
        (
            Sale("E3", 300, range(290), HAVSMOLN, since=-575, later=(Change(-75, quantity=330),)),
            Sale("E5", 50, range(290, 335), HAVSMOLN, since=-575),
            Sale("F3", 50, range(335, 380), CIRROVENTO, since=-155, rollout=90),
            Sale("CRM", 60, range(40), HAVSMOLN, since=-400),
        ),
        shows="large and steady; 30 seats added 75 days ago",
    ),
    Customer(
        "Fondazione San Quirico Onlus",
        "sanquirico.example",
        "IT",
        "non-profit",
        95,
        BOTH,
        (
            Sale("E1", 90, range(80), CIRROVENTO, since=-365),
            Sale("EX", 20, range(80, 95), HAVSMOLN, since=-100),
        ),
        shows="renewed today; user ids are GUIDs",
        guid_users=True,
        adoption=0.8,
        sleepers=0.25,
    ),
    Customer(
        "Delta Maas Techniek B.V.",
        "deltamaas.example",
        "NL",
        "construction",
        66,
        BOTH,
        (
            Sale("BP", 55, range(50), HAVSMOLN, since=-280),
            Sale("EX", 20, range(50, 66), CIRROVENTO, since=-280),
            Sale("BP", 10, range(44, 50), CIRROVENTO, since=-377, term_end=-13, auto_renew=False),
        ),
        shows="a second subscription of the other partner, in grace, still used: each sees the cause, neither the other's dates",
    ),
    Customer(
        "Αιγαίο Τρόφιμα Α.Ε.",
        "aigaiotrofima.example",
        "GR",
        "retail",
        52,
        BOTH,
        (
            Sale("BS", 30, range(28), CIRROVENTO, since=-520),
            Sale("BB", 30, range(28, 52), HAVSMOLN, since=-145, rollout=100),
        ),
        shows="licences handed out little by little over 100 days",
        growth=0.5,
    ),
)
