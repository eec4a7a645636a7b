"""What shares and findings must be like; each refusal names its table, row and input."""

import pytest
from django.db import IntegrityError, connection, transaction

from complaints.errors import CaseError
from liability.errors import ShareError
from liability.models import LiabilityShare
from liability.selectors import current_finding
from liability.services.finding_rules import check_evidence, check_finding
from liability.states import LiabilityKind, Party
from tests.factories import make_case
from tests.liability.makers import determined_case, inward, liable, outward

SHARE = LiabilityKind


@pytest.mark.parametrize("party", [each for each in Party if each is not Party.CONSUMER])
def test_every_party_may_bear_a_share_among_those_liable(party: str) -> None:
    check_finding(liable(outward(), inward(party, "100")))


@pytest.mark.parametrize(
    "shares",
    [
        [outward(share="60", kind="joint"), outward(Party.PLATFORM, "40", kind="joint")],
        [
            outward(share="50", kind="alternative"),
            outward(Party.PRODUCER, "50", kind="alternative"),
        ],
        [outward(share="70"), outward(Party.PLATFORM, "30", kind="supplementary")],
        [outward(share="50", name="甲店"), outward(share="50", name="乙店")],
    ],
)
def test_kinds_of_liability_that_fit(shares: list) -> None:
    check_finding(liable(*shares))


@pytest.mark.parametrize(
    ("shares", "table", "row", "column"),
    [
        ([outward(share="50"), outward(share="50")], "outward", 1, "party"),
        (
            [outward(share="50", name="A 店"), outward(share="50", name=" a  店")],
            "outward",
            1,
            "party",
        ),
        ([outward(), inward("supplier", "50"), inward("supplier", "50")], "inward", 1, "party"),
        ([outward(share="60"), outward(Party.PLATFORM, "39.99")], "outward", None, None),
        ([outward(), inward("supplier", "99.99")], "inward", None, None),
        ([outward(share="33.333"), outward(Party.PLATFORM, "66.667")], "outward", 0, "share"),
        ([outward(kind="joint")], "outward", 0, "kind"),
        ([outward(kind="alternative")], "outward", 0, "kind"),
        ([outward(kind="supplementary")], "outward", 0, "kind"),
        (
            [outward(share="90"), outward(Party.FORCE_MAJEURE, "10", kind="supplementary")],
            "outward",
            1,
            "kind",
        ),
        ([outward(), inward("consumer", "100")], "inward", 0, "party"),
        ([outward(ground_kind="hearsay")], "outward", 0, "ground_kind"),
        ([outward(ground=" ")], "outward", 0, "ground"),
        ([outward("nobody")], "outward", 0, "party"),
    ],
)
def test_what_does_not_fit_is_named(shares: list, table: str, row: int | None, column) -> None:
    with pytest.raises(ShareError) as refusal:
        check_finding(liable(*shares))

    error = refusal.value
    assert (error.table, error.row, error.column) == (table, row, column)
    assert str(error)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"dissent": "样本太少"}, "dissenter"),
        ({"dissenter": "王工"}, "dissent"),
        ({"standard_of_proof": "gut_feeling"}, "standard_of_proof"),
    ],
)
def test_other_parts_are_named_too(fields: dict, field: str) -> None:
    with pytest.raises(CaseError) as refusal:
        check_finding(liable(**fields))

    assert refusal.value.field == field


@pytest.mark.django_db
def test_evidence_of_another_case_is_named_with_its_row() -> None:
    finding = liable(outward(share="60"), outward(Party.PLATFORM, "40", evidence=[987654]))

    with pytest.raises(ShareError) as refusal:
        check_evidence(make_case(), finding)

    assert (refusal.value.row, refusal.value.column) == (1, "evidence")


@pytest.mark.django_db
def test_the_database_refuses_a_party_twice() -> None:
    share = current_finding(determined_case()).shares.get()

    with pytest.raises(IntegrityError, match="twice"), transaction.atomic():
        LiabilityShare.objects.create(
            finding=share.finding,
            table=share.table,
            position=2,
            party=share.party,
            share=1,
            kind=share.kind,
            ground="x",
        )


@pytest.mark.django_db
def test_the_database_refuses_evidence_of_another_case() -> None:
    share = current_finding(determined_case()).shares.get()

    with (
        pytest.raises(IntegrityError, match="another case"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO liability_liabilityshare_evidence (liabilityshare_id, evidence_id)"
            " VALUES (%s, 987654)",
            [share.pk],
        )
