"""Support cases and satisfaction: what customers ask their partner, and what they think of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from customers.demo.chance import seeded
from customers.demo.specs import FIRST_DAY, LAST_DAY, Customer, Tie

KINDS = ("how_to", "incident", "billing", "other")
WEIGHTS = (40, 35, 15, 10)
PEOPLE_PER_CASE = 15
PEOPLE_PER_RESPONSE = 60
WINDOW = range(-28, 0)

COMMENTS: dict[int, tuple[str, ...]] = {
    1: ("Nobody called back, twice.", "Tre settimane per una fattura corretta."),
    2: ('We were told to "search the internet".', "Demasiado lento, y nadie explica nada."),
    3: ("", "Gaat wel, maar het kan sneller.", "Fine; the training was short, though."),
    4: ("", "Snabbt svar.", "解决得很快，谢谢。"),
    5: ("Solved within the hour, thank you!", "Tutto perfetto.\nGrazie a Chiara.", "Mycket bra bemötande – tack!"),
}


@dataclass(frozen=True)
class Case:
    """One line of support_cases.csv, its days counted from today."""

    opened: int
    kind: str
    closed: int | None


@dataclass(frozen=True)
class Response:
    """One line of satisfaction.csv."""

    day: int
    score: int
    comment: str


def cases(customer: Customer, tie: Tie) -> list[Case]:
    """The customer's cases with one partner in the 120 days, by day; only while the relationship lasts."""
    rng = seeded("cases", customer.code, tie.partner)
    usual = [(rng.choices(KINDS, WEIGHTS)[0], day) for day in _days(rng, tie, customer.people // PEOPLE_PER_CASE)]
    asked = [("how_to", rng.choice(WINDOW)) for _ in range(customer.questions)]
    return [_case(rng, kind, day) for kind, day in sorted(usual + asked, key=lambda found: found[1])]


def _case(rng: Random, kind: str, day: int) -> Case:
    closed = day + int(rng.expovariate(0.4))
    return Case(day, kind, closed if closed <= LAST_DAY else None)


def responses(customer: Customer, tie: Tie) -> list[Response]:
    """The customer's answers about one partner, by day."""
    rng = seeded("satisfaction", customer.code, tie.partner)
    count = 1 + customer.people // PEOPLE_PER_RESPONSE if customer.people else 0
    return [_response(rng, customer.mood, day) for day in _days(rng, tie, count)]


def _response(rng: Random, mood: float, day: int) -> Response:
    score = min(max(round(rng.gauss(mood, 0.8)), 1), 5)
    return Response(day, score, rng.choice(COMMENTS[score]))


def _days(rng: Random, tie: Tie, count: int) -> list[int]:
    """`count` days within the relationship, oldest first."""
    until = LAST_DAY + 1 if tie.until is None else min(tie.until, LAST_DAY + 1)
    days = range(max(FIRST_DAY, tie.since), until)
    return sorted(rng.choices(days, k=count)) if days else []
