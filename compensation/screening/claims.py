"""What the finding of signs is told about a claim, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from compensation.screening.scoring import Signal


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. `account` is the customer; every other mark is a digest or "" where unknown.

    `day` and `bought_on` count days from any fixed day. `known` are signs that were established
    elsewhere (a forgery that a person confirmed, a serial number that does not fit).
    """

    id: int
    account: str
    day: int
    order: str = ""
    product: str = ""
    bought_on: int | None = None
    phone: str = ""
    address: str = ""
    payee: str = ""
    device: str = ""
    pictures: tuple[str, ...] = ()
    text: str = ""
    claimed: Decimal | None = None
    paid: Decimal | None = None
    has_proof: bool = False
    known: frozenset[Signal] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """A mark that other accounts bear too: its kind, and how many accounts and homes bear it."""

    kind: str
    accounts: int
    places: int


@dataclass(frozen=True)
class FoundSigns:
    """What was found: signs and links of each claim, and the groups of connected claims."""

    signals: dict[int, frozenset[Signal]] = field(default_factory=dict)
    links: dict[int, tuple[Link, ...]] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    """The group of each claim that is connected with another account's; named by its least id."""
