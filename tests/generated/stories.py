"""Generated sequences of loads and undos in a small installation."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.generated.imported import ImportWriter
from tests.generated.loads import (
    CUSTOMERS,
    SKUS,
    SUBSCRIPTIONS,
    THEM,
    US,
    USERS,
    Action,
    Delivery,
    LeavingOut,
    Story,
    Undoing,
    Writer,
)
from tests.naive.tape import Tape

ACTION_BYTES = 96


def _groundwork(tape: Tape) -> Delivery:
    """What most sequences begin with; it can be undone like anything."""
    files = {
        "customers.csv": "customer_id,name,domain,country\n"
        + "".join(f"{customer},Name,x.example,IT\n" for customer in CUSTOMERS[: 3 - tape.take(2)]),
        "relationships.csv": "partner_id,customer_id,from\n"
        + "".join(f"{partner},{customer},2026-01-01\n" for partner in (US, THEM) for customer in CUSTOMERS[:2]),
        "subscriptions.csv": "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n"
        + "".join(
            f"{key},2026-05-20,{CUSTOMERS[place]},{US},{SKUS[0]},active,2,false\n"
            for place, key in enumerate(SUBSCRIPTIONS[:2])
        ),
    }
    return Delivery(files, None)


def _delivery(tape: Tape) -> Delivery:
    stater = tape.pick((None, "us", "us", "them"))
    if tape.chance(2):
        return Delivery(ImportWriter(tape, stater).write(), stater, imports=True)
    files = Writer(tape, stater).write()
    corrects = tape.chance(6) and len(files) == 1 and not files.keys() & {"customers.csv", "relationships.csv"}
    return Delivery(files, stater, corrects=corrects)


def _action(tape: Tape) -> Action:
    if tape.chance(6):
        return Undoing(tape.take(256))
    if tape.chance(8):
        return LeavingOut(tape.pick(CUSTOMERS), tape.pick(USERS))
    return _delivery(tape)


@st.composite
def stories(draw: st.DrawFn, most: int = 5) -> Story:
    """Up to so many loads, and undos between and behind them."""
    tape = Tape(draw(st.binary(min_size=ACTION_BYTES * (most + 1), max_size=ACTION_BYTES * (most + 1))))
    first = tape.cut(ACTION_BYTES)
    actions: list[Action] = [_groundwork(first)]
    for _ in range(3 + first.take(most - 2)):
        piece = tape.cut(ACTION_BYTES)
        actions.append(_action(piece))
    return Story([*actions, Undoing(first.take(256)), Undoing(first.take(256))])
