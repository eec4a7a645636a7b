"""The signs of many claims at once, and the groups that shared marks connect.

Sharing is ordinary: a family has one telephone, a dormitory one address, an office one computer and
one switchboard. So accounts at one address count as **one place**, however many they are, and what
they share among themselves is no sign. A payee or a device is a sign where at least three places
share it, and even then it is 30 points: not enough for a second look alone. An address is a sign
only where three accounts of it hand in one picture for different orders. A mark that very many
accounts bear (a shop's terminal, a picture from a web page) connects nobody by itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compensation.screening.claims import Claim, FoundSigns, Link
from compensation.screening.joining import Groups
from compensation.screening.scoring import Signal

WINDOW, OFTEN = 90, 5
AT_LEAST = 3
"""So many accounts or places must share something before it is odd."""
CROWD = 25
"""A mark of more accounts than this connects nobody by itself."""
HOME = 8
"""An address of more accounts than this is a dormitory or an office, and connects nobody."""
AGAIN_WITHIN, TIMES_AGAIN = 7, 3
KINDS = ("phone", "address", "payee", "device", "text")
TYING = ("payee", "device", "picture", "text")
"""Two of these between places weigh; a shared telephone or address is too ordinary."""
_SHARED = {"payee": Signal.SHARED_PAYEE, "device": Signal.SHARED_DEVICE}
_THREE = Decimal(3)
Mark = tuple[str, str]


def signs_of(claims: Iterable[Claim]) -> FoundSigns:
    """Return the signs, links and groups of claims that are all looked at together."""
    return _Finding(list(claims)).found()


@dataclass(slots=True)
class _Bearers:
    """Who bears a mark."""

    accounts: set[str]
    places: set[str]
    orders: set[str]


class _Finding:
    """One run over a set of claims; every step is linear in the marks but for sorting days."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.shared = _shared(claims)
        self.exposed = _exposed(claims, self.shared["picture"])
        self.place_of = _places(claims, {address for address, _picture in self.exposed})
        self.bearers = self._bearers()
        self.groups = self._groups()
        self.hands = self._hands()
        self.days_of_account = _days((claim.account, claim.day) for claim in claims)
        self.days_of_group = _days((self.groups.root(c.account), c.day) for c in claims)
        self.crowded = self._crowded_pictures()

    def found(self) -> FoundSigns:
        """Return everything that was found."""
        again = _bought_again(self.claims)
        signals, links, members = {}, {}, defaultdict(list)
        for claim in self.claims:
            own = frozenset((*self._own(claim, again), *self._tied(claim)))
            if own:
                signals[claim.id] = own
            seen = tuple(self._links(claim))
            if seen:
                links[claim.id] = seen
            members[self.groups.root(claim.account)].append(claim)
        return FoundSigns(signals=signals, links=links, groups=_named(members))

    def _bearers(self) -> dict[Mark, _Bearers]:
        """Return who bears each mark that more than one account bears, or one for two orders."""
        shared = self.shared
        found: dict[Mark, _Bearers] = {}
        for claim in self.claims:
            for mark in _marks(claim):
                if mark[1] not in shared[mark[0]]:
                    continue
                held = found.setdefault(mark, _Bearers(set(), set(), set()))
                held.accounts.add(claim.account)
                held.places.add(self.place_of[claim.account])
                held.orders.add(claim.order)
        return found

    def _groups(self) -> Groups:
        groups = Groups()
        for (kind, _value), held in self.bearers.items():
            if len(held.accounts) <= (HOME if kind == "address" else CROWD) and kind != "text":
                groups.join(held.accounts)
        return groups

    def _hands(self) -> set[str]:
        """Return the groups of three places in which three accounts are tied by two kinds."""
        kinds: dict[str, set[str]] = defaultdict(set)
        for (kind, _value), held in self.bearers.items():
            if kind in TYING and 1 < len(held.places) and len(held.accounts) <= CROWD:
                for account in held.accounts:
                    kinds[account].add(kind)
        places: dict[str, set[str]] = defaultdict(set)
        tied: dict[str, int] = defaultdict(int)
        for account, found in kinds.items():
            group = self.groups.root(account)
            places[group].add(self.place_of[account])
            tied[group] += len(found) > 1
        return {
            group
            for group, held in places.items()
            if len(held) >= AT_LEAST and tied[group] >= AT_LEAST
        }

    def _crowded_pictures(self) -> set[tuple[str, str]]:
        """Return (picture, group) where three of a group hand in a picture that a crowd has."""
        counted: dict[tuple[str, str], int] = defaultdict(int)
        for (kind, value), held in self.bearers.items():
            if kind == "picture" and len(held.accounts) > CROWD:
                for account in held.accounts:
                    counted[value, self.groups.root(account)] += 1
        return {pair for pair, accounts in counted.items() if accounts >= AT_LEAST}

    def _own(self, claim: Claim, again: set[tuple[str, str]]) -> Iterator[Signal]:
        yield from claim.known
        days = self.days_of_account[claim.account]
        if len(days) >= OFTEN and _often(days, claim.day):
            yield Signal.FREQUENT
        if _over_three_times(claim):
            yield Signal.OVER_THREE_TIMES
        if (claim.account, claim.product) in again:
            yield Signal.BOUGHT_AGAIN

    def _tied(self, claim: Claim) -> Iterator[Signal]:
        if any(self._picture_is_reused(picture, claim) for picture in claim.pictures):
            yield Signal.PICTURE_REUSED
        if any((claim.address, picture) in self.exposed for picture in claim.pictures):
            yield Signal.SHARED_ADDRESS
        text = self.bearers.get(("text", claim.text))
        if text is not None and len(text.places) >= AT_LEAST:
            yield Signal.TEMPLATE_TEXT
        shared = [signal for kind, signal in _SHARED.items() if self._is_odd(kind, claim)]
        yield from shared
        group = self.groups.root(claim.account)
        if group in self.hands and _often(self.days_of_group[group], claim.day):
            yield Signal.FREQUENT

    def _is_odd(self, kind: str, claim: Claim) -> bool:
        held = self.bearers.get((kind, getattr(claim, kind)))
        if held is None or len(held.places) < 2:
            return False
        return len(held.places) >= AT_LEAST or self.groups.root(claim.account) in self.hands

    def _picture_is_reused(self, picture: str, claim: Claim) -> bool:
        held = self.bearers.get(("picture", picture))
        if held is None or len(held.orders) < 2:
            return False
        group = self.groups.root(claim.account)
        return len(held.accounts) <= CROWD or (picture, group) in self.crowded

    def _links(self, claim: Claim) -> Iterator[Link]:
        for mark in _marks(claim):
            held = self.bearers.get(mark)
            if held is not None and len(held.accounts) > 1:
                yield Link(mark[0], len(held.accounts), len(held.places))


def _marks(claim: Claim) -> Iterator[Mark]:
    for kind in KINDS:
        value = getattr(claim, kind)
        if value:
            yield kind, value
    for picture in claim.pictures:
        yield "picture", picture


def _shared(claims: Sequence[Claim]) -> dict[str, set[str]]:
    """Return by kind the values that two accounts bear, and pictures of two orders."""
    shared: dict[str, set[str]] = {"picture": set()}
    for kind in KINDS:
        first: dict[str, str] = {}
        shared[kind] = {
            value
            for claim in claims
            if (value := getattr(claim, kind))
            and first.setdefault(value, claim.account) != claim.account
        }
    seen: dict[str, tuple[str, str]] = {}
    for claim in claims:
        for picture in claim.pictures:
            if seen.setdefault(picture, (claim.account, claim.order)) != (
                claim.account,
                claim.order,
            ):
                shared["picture"].add(picture)
    return shared


def _exposed(claims: Sequence[Claim], shared: set[str]) -> set[tuple[str, str]]:
    """Return (address, picture) where three accounts hand one picture in for different orders."""
    bearers: dict[str, set[str]] = defaultdict(set)
    held: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for claim in claims:
        for picture in shared.intersection(claim.pictures):
            bearers[picture].add(claim.account)
            if claim.address:
                held[claim.address, picture].add((claim.account, claim.order))
    return {
        key
        for key, pairs in held.items()
        if len(bearers[key[1]]) <= CROWD
        and min(len({account for account, _ in pairs}), len({order for _, order in pairs}))
        >= AT_LEAST
    }


def _places(claims: Sequence[Claim], exposed: set[str]) -> dict[str, str]:
    """Return the place of each account: all who ever gave one address are at one place."""
    places = Groups()
    for claim in claims:
        if claim.address and claim.address not in exposed:
            places.join((claim.account, f"at {claim.address}"))
    return {claim.account: places.root(claim.account) for claim in claims}


def _days(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for who, day in pairs:
        found[who].append(day)
    for days in found.values():
        days.sort()
    return found


def _often(days: Sequence[int], day: int) -> bool:
    """Say whether `day` lies in a window of 90 days that holds five claims."""
    first = bisect_left(days, day - WINDOW + 1)
    for start in range(first, len(days) - OFTEN + 1):
        if days[start] > day:
            return False
        if days[start + OFTEN - 1] - days[start] < WINDOW and days[start] + WINDOW > day:
            return True
    return False


def _over_three_times(claim: Claim) -> bool:
    if claim.has_proof or claim.claimed is None or not claim.paid:
        return False
    return claim.claimed > claim.paid * _THREE


def _bought_again(claims: Sequence[Claim]) -> set[tuple[str, str]]:
    """Return (account, product) with three buys or more in the week after the first fault."""
    buys: dict[tuple[str, str], list[tuple[int, int | None, str]]] = defaultdict(list)
    for claim in claims:
        if claim.product:
            buys[claim.account, claim.product].append((claim.day, claim.bought_on, claim.order))
    found = set()
    for key, rows in buys.items():
        first = min(day for day, _bought, _order in rows)
        after = {
            order
            for _day, bought, order in rows
            if bought is not None and first <= bought <= first + AGAIN_WITHIN
        }
        if len(after) >= TIMES_AGAIN:
            found.add(key)
    return found


def _named(members: dict[str, list[Claim]]) -> dict[int, int]:
    groups = {}
    for claims in members.values():
        if len({claim.account for claim in claims}) > 1:
            name = min(claim.id for claim in claims)
            groups.update({claim.id: name for claim in claims})
    return groups
