"""A made-up year of claims: ordinary ones, honest people who share things, and planted rings.

Everything is drawn from one seed. Decoys share what honest people share: families a home, a device,
an account and a telephone (some from two homes or more); a helper lends a village their account;
dormitories an address; offices an address or, for those who work from home, a computer and a
switchboard; customers of one shop its terminal; many strangers a picture from a web page or a
letter from a forum. Some ordinary customers claim often, ask for much, or hand in one photo twice.
Rings differ in what they share, and each member leaves out each mark now and then; one sort of ring
shares nothing but its pictures.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from compensation.screening import Claim, Signal

YEAR = 365
RING_SHARE = 0.02
DECOY_SHARE = 0.25
SLIP = 0.15
"""How often a member of a ring uses something of their own instead of the ring's."""


@dataclass
class World:
    """The claims, and what each really is: "" for ordinary, "ring …" or a sort of decoy."""

    claims: list[Claim] = field(default_factory=list)
    truth: dict[int, str] = field(default_factory=dict)

    def ring_claims(self) -> set[int]:
        """Return the claims of planted rings."""
        return {number for number, what in self.truth.items() if what.startswith("ring")}


class Maker:
    """Draws people and their claims."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.world = World()
        self._number = 0

    def new(self, kind: str) -> str:
        """Return a mark that nobody else has."""
        self._number += 1
        return f"{kind}{self._number}"

    def person(self, **shared: str) -> dict[str, str]:
        """Return the marks of a person: their own where nothing is shared."""
        own = {
            "account": self.new("a"),
            "phone": self.new("p"),
            "address": self.new("home"),
            "payee": self.new("pay") if self.dice.random() < 0.8 else "",
            "device": self.new("d") if self.dice.random() < 0.9 else "",
        }
        return own | shared

    def claim(
        self, what: str, person: dict[str, str], *, day: int | None = None, **more: Any
    ) -> None:
        """Add one claim of a person."""
        number = len(self.world.claims) + 1
        price = Decimal(self.dice.randint(40, 3000))
        often = Decimal(str(round(self.dice.uniform(0.2, 2.5), 2)))
        facts: dict[str, Any] = {
            "day": self.dice.randrange(YEAR) if day is None else day,
            "order": self.new("o"),
            "product": f"product{self.dice.randrange(400)}",
            "pictures": tuple(self.new("pic") for _ in range(self.dice.randrange(3))),
            "text": self.new("t"),
            "paid": price,
            "claimed": price * often,
            "has_proof": self.dice.random() < 0.4,
        }
        made = Claim(id=number, **person, **(facts | more))
        made = replace(made, bought_on=made.day - self.dice.randrange(1, 300))
        self.world.claims.append(made)
        self.world.truth[number] = what

    def some(self, least: int, most: int) -> range:
        """Return a range of a random length."""
        return range(self.dice.randint(least, most))


def ordinary(maker: Maker) -> None:
    """One customer, seldom with anything odd."""
    person, luck = maker.person(), maker.dice.random()
    if luck < 0.001:
        first = maker.dice.randrange(YEAR - 60)
        for _ in maker.some(5, 9):
            maker.claim("frequent", person, day=first + maker.dice.randrange(60))
        return
    if luck < 0.004:
        picture = (maker.new("pic"),)
        maker.claim("photo twice", person, pictures=picture)
        maker.claim("photo twice", person, pictures=picture)
        return
    much = {"claimed": Decimal(9000), "paid": Decimal(100)} if luck < 0.01 else {}
    for _ in range(1 if maker.dice.random() < 0.8 else 2):
        maker.claim("", person, **much)


def family(maker: Maker) -> None:
    """Two to six people; one in five families lives in two homes."""
    shared = {
        kind: maker.new(kind)
        for kind in ("address", "payee", "device", "phone")
        if kind == "address" or maker.dice.random() < 0.6
    }
    two_homes, order, picture = maker.dice.random() < 0.2, maker.new("o"), maker.new("pic")
    for place in maker.some(2, 6):
        person = maker.person(**shared)
        if two_homes and place % 2:
            person["address"] = f"{shared['address']}-second"
        maker.claim("family", person)
        if maker.dice.random() < 0.1:
            maker.claim("family", person, order=order, pictures=(picture,))


def helper(maker: Maker) -> None:
    """Somebody who writes for the neighbours, and to whose account the money goes."""
    shared = {"payee": maker.new("pay"), "device": maker.new("d"), "phone": maker.new("p")}
    for _ in maker.some(5, 20):
        maker.claim("helper of neighbours", maker.person(**shared))


def three_homes(maker: Maker) -> None:
    """A family in three homes or more with one payee and one device."""
    shared = {"payee": maker.new("pay"), "device": maker.new("d")}
    for _ in maker.some(3, 6):
        maker.claim("family in three homes", maker.person(**shared))


def dormitory(maker: Maker) -> None:
    """Up to 300 students at one address; some room-mates share a computer."""
    address, device = maker.new("dorm"), maker.new("d")
    for place in maker.some(40, 300):
        shared = {"address": address}
        if place % 5 == 0:
            device = maker.new("d")
        if maker.dice.random() < 0.3:
            shared["device"] = device
        maker.claim("dormitory", maker.person(**shared))


def office(maker: Maker) -> None:
    """Colleagues: one address, switchboard and computer; the company pays or they do."""
    shared = {"address": maker.new("office"), "phone": maker.new("p"), "device": maker.new("d")}
    if maker.dice.random() < 0.5:
        shared["payee"] = maker.new("pay")
    for _ in maker.some(6, 60):
        maker.claim("office", maker.person(**shared))


def office_at_home(maker: Maker) -> None:
    """Colleagues with homes of their own, who write from the office's computer."""
    shared = {"phone": maker.new("p"), "device": maker.new("d")}
    for _ in maker.some(4, 20):
        maker.claim("office at home", maker.person(**shared))


def terminal(maker: Maker) -> None:
    """Customers who complain at a shop's terminal."""
    shared = {"device": maker.new("d")}
    for _ in maker.some(10, 200):
        maker.claim("terminal", maker.person(**shared))


def web_picture(maker: Maker) -> None:
    """Strangers who hand in the same picture from a web page."""
    pictures = (maker.new("pic"),)
    for _ in maker.some(3, 300):
        maker.claim("web picture", maker.person(), pictures=pictures)


def forum_letter(maker: Maker) -> None:
    """Strangers who copy the same letter."""
    text = maker.new("t")
    for _ in maker.some(3, 300):
        maker.claim("forum letter", maker.person(), text=text)


DECOYS: tuple[tuple[Callable[[Maker], None], int], ...] = (
    (family, 400),
    (three_homes, 6),
    (helper, 1),
    (dormitory, 3),
    (office, 12),
    (office_at_home, 20),
    (terminal, 4),
    (web_picture, 3),
    (forum_letter, 3),
)
"""Each sort of decoy and how often it comes among them."""
RINGS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("ring of one payee", ("payee", "pictures"), 5),
    ("ring of one device", ("device", "pictures", "text"), 5),
    ("ring of one parcel address", ("address", "pictures", "payee"), 4),
    ("ring of one letter", ("payee", "device", "text"), 3),
    ("ring as a chain", ("chain", "pictures"), 3),
    ("ring of pictures alone", ("pictures",), 1),
)
"""Each sort of ring, what it shares, and how often it comes among them."""


def ring(maker: Maker, sort: str, kinds: tuple[str, ...]) -> None:
    """Four to fifteen accounts in one hand, with one to three claims each in four months."""
    first, members = maker.dice.randrange(YEAR - 120), maker.some(4, 15)
    shared = {kind: maker.new(kind) for kind in kinds if kind not in ("pictures", "chain")}
    pool = [maker.new("pic") for _ in maker.some(2, 4)]
    handed_on = {"payee": maker.new("pay"), "device": maker.new("d")}
    for place in members:
        person = maker.person()
        text = shared.get("text", "")
        for kind, value in shared.items():
            if kind != "text" and maker.dice.random() >= SLIP:
                person[kind] = value
        if "chain" in kinds:
            kept = "payee" if place % 2 else "device"
            person |= handed_on
            handed_on = {kept: handed_on[kept]} | {
                kind: maker.new(kind) for kind in handed_on if kind != kept
            }
        for _ in maker.some(1, 3):
            more: dict[str, Any] = {"day": first + maker.dice.randrange(120)}
            if text and maker.dice.random() >= SLIP:
                more["text"] = text
            if "pictures" in kinds and maker.dice.random() >= SLIP:
                more["pictures"] = (maker.dice.choice(pool),)
            if maker.dice.random() < 0.05:
                more["known"] = frozenset({Signal.SERIAL_MISMATCH})
            maker.claim(sort, person, **more)


def make_world(claims: int, *, seed: int) -> World:
    """Return about so many claims: planted rings, decoys, and ordinary ones for the rest."""
    maker = Maker(seed)
    sorts = [entry for entry in RINGS for _ in range(entry[2])]
    while len(maker.world.claims) < claims * RING_SHARE:
        sort, kinds, _often = maker.dice.choice(sorts)
        ring(maker, sort, kinds)
    makers = [make for make, often in DECOYS for _ in range(often)]
    while len(maker.world.claims) < claims * (RING_SHARE + DECOY_SHARE):
        maker.dice.choice(makers)(maker)
    while len(maker.world.claims) < claims:
        ordinary(maker)
    return maker.world


def marks_of(world: World) -> Iterator[tuple[int, str, str, str]]:
    """Yield (claim, account, kind, value) for every mark, as a table would hold them."""
    for claim in world.claims:
        for kind in ("phone", "address", "payee", "device"):
            if value := getattr(claim, kind):
                yield claim.id, claim.account, kind, value
        for picture in claim.pictures:
            yield claim.id, claim.account, "picture", picture
