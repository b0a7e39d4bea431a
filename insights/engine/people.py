"""Reads several identifiers of one person as that person, and mailboxes that are left out as nobody (docs/decisions/0015)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.bits.layout import BLOCK, BLOCK_SHIFT
from customers.columns import Columns

_NUMBER_BITS = 32


@dataclass(frozen=True, slots=True)
class People:
    """Of some customers (indexes): which numbers stand for another, and whose facts count nowhere.

    A code is a customer's index and a person's number in one; codes are ascending.
    """

    joined: np.ndarray
    """[a] codes of those numbers that another stands for"""
    one: np.ndarray
    """[a] the number that does"""
    left_out: np.ndarray
    """[o] codes of people who are left out, by the number that stands for them"""

    @property
    def is_plain(self) -> bool:
        """Whether every number is a person of its own, and counts."""
        return not len(self.joined) and not len(self.left_out)

    def numbers(self, customer: np.ndarray, number: np.ndarray) -> np.ndarray:
        """[n] The numbers that stand for these people."""
        if not len(self.joined):
            return number
        codes = _codes(customer, number)
        place = np.minimum(np.searchsorted(self.joined, codes), len(self.joined) - 1)
        return np.where(self.joined[place] == codes, self.one[place], number)

    def with_aliases(self, number: np.ndarray) -> np.ndarray:
        """[m] These people of the only customer there is, by all numbers that each has."""
        return np.concatenate([number, self.joined[np.isin(self.one, number)]])

    def counts(self, customer: np.ndarray, number: np.ndarray) -> np.ndarray:
        """[n] Whether these people, by the numbers that stand for them, aren't left out."""
        return ~np.isin(_codes(customer, number), self.left_out)


def people(found: Columns) -> People:
    """What is `found`: customer (index), number, same_as, left_out."""
    codes, left_out = _codes(found["customer"], found["number"]), found["left_out"]
    order = np.argsort(codes[~left_out], kind="stable")
    return People(codes[~left_out][order], found["same_as"][~left_out][order], np.unique(codes[left_out]))


def _codes(customer: np.ndarray, number: np.ndarray) -> np.ndarray:
    return (customer << _NUMBER_BITS) | number


def read_as_one(periods: Columns, customer: np.ndarray, known: People, day: int) -> Columns:
    """Periods by the people they are of, without those left out; `customer`: [p] the index of each one's customer.

    Where two identifiers of a person have a licence of the same subscription on the day, it is one: entitled, if either is.
    """
    person = known.numbers(customer, periods["person"])
    periods = periods | {"person": person}
    kept = known.counts(customer, person) & ~_blocked_twice(periods, day)
    return {name: column[kept] for name, column in periods.items()}


def _blocked_twice(periods: Columns, day: int) -> np.ndarray:
    """[p] A blocked period that covers the day beside an entitled one, or after another blocked one, of the same pair."""
    covers = (periods["valid_from"] <= day) & (periods["valid_to"] > day)
    blocked = np.flatnonzero(covers & ~periods["entitled"])
    pair = _codes(periods["subscription"], periods["person"])
    beside = np.isin(pair[blocked], pair[covers & periods["entitled"]])
    first = np.zeros(len(blocked), dtype=bool)
    first[np.unique(pair[blocked], return_index=True)[1]] = True
    twice = np.zeros(len(pair), dtype=bool)
    twice[blocked[beside | ~first]] = True
    return twice


def join_bits(days: np.ndarray, first_block: np.ndarray, known: People) -> None:
    """Give what was done under any identifier to the person; what was done by those left out to nobody. In place."""
    if len(known.joined):
        _move(days, *_place(known.joined, first_block), *_place(_with_number(known.joined, known.one), first_block))
    if len(known.left_out):
        _clear(days, *_place(known.left_out, first_block))


def _with_number(codes: np.ndarray, number: np.ndarray) -> np.ndarray:
    return _codes(codes >> _NUMBER_BITS, number)


def _place(codes: np.ndarray, first_block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[n] The block and the bit of each; beyond a customer's last block, where nobody did anything, none: block -1."""
    customer, number = codes >> _NUMBER_BITS, codes & ((1 << _NUMBER_BITS) - 1)
    block = first_block[customer] + (number >> BLOCK_SHIFT)
    block = np.where(block < first_block[customer + 1], block, -1)
    return block, (number & (BLOCK - 1)).astype(np.uint64)


def _move(days: np.ndarray, block: np.ndarray, bit: np.ndarray, to_block: np.ndarray, to_bit: np.ndarray) -> None:
    """A number that stands for another is lower, so that its block is there if the other's is."""
    there = np.flatnonzero(block >= 0)
    there = there[np.argsort(to_block[there], kind="stable")]
    if not len(there):
        return
    block, bit, to_block, to_bit = block[there], bit[there], to_block[there], to_bit[there]
    starts = np.flatnonzero(np.concatenate([[True], to_block[1:] != to_block[:-1]]))
    for of_workload in days:
        seen = (of_workload[block] >> bit[:, None]) & np.uint64(1)
        of_workload[to_block[starts]] |= np.bitwise_or.reduceat(seen << to_bit[:, None], starts, axis=0)
    _clear(days, block, bit)


def _clear(days: np.ndarray, block: np.ndarray, bit: np.ndarray) -> None:
    mask = np.zeros(days.shape[1], dtype=np.uint64)
    there = block >= 0
    np.bitwise_or.at(mask, block[there], np.uint64(1) << bit[there])
    touched = np.flatnonzero(mask)
    days[:, touched] &= ~mask[touched, None]
