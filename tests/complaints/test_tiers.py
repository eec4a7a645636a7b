"""A kind of customer only ever adds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from complaints.customer_states import CustomerKind
from complaints.states import CustomerTier
from complaints.tiers import ADDED, FOR_EVERYBODY, WORDS, entitlements, kinds_of, tier_of

kinds = st.frozensets(st.sampled_from(CustomerKind.values))


@given(kinds, kinds)
def test_more_kinds_never_mean_less(some: frozenset[str], more: frozenset[str]) -> None:
    assert FOR_EVERYBODY <= entitlements(some) <= entitlements(some | more)


def test_each_kind_adds_something_and_every_entitlement_has_words() -> None:
    assert set(ADDED) == set(CustomerKind.values)
    assert all(ADDED[kind] and not ADDED[kind] & FOR_EVERYBODY for kind in ADDED)
    assert set(WORDS) == entitlements(CustomerKind.values)


@given(kinds)
def test_tier_and_care_say_the_same_as_kinds(held: frozenset[str]) -> None:
    tier, cares = tier_of(held), CustomerKind.VULNERABLE in held
    assert tier in CustomerTier.values
    assert set(kinds_of(tier=tier, needs_care=cares)) <= held
