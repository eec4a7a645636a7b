"""The evidence board: claims, judgements, weights in versions, and what is kept back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.evidence import add_evidence
from liability.models import Claim, ClaimEvidence, EvidenceWeight, WithheldEvidence
from liability.selectors import adverse_holders, board_of, burden_of
from liability.selectors.board import weight_table
from liability.services.board import Judgement, add_claim, note_withheld, set_weights, weigh
from liability.services.consult_answers import answer_consult
from tests.complaints.vault_makers import drawing, encoded
from tests.factories import make_product, staff
from tests.liability.doors import staff_client
from tests.liability.makers import consult, hear_respondent, investigating_case
from tests.process.answers import receipt

pytestmark = pytest.mark.django_db


def photo_of(case: Case, picture: Any = None) -> Evidence:
    upload = SimpleUploadedFile("屏.jpg", encoded(picture)) if picture else receipt()
    return add_evidence(case, by=Actor.consumer(), upload=upload, name="屏.jpg")


def claim_in(case: Case, text: str = "故障在出厂前就有") -> Claim:
    return add_claim(case, by=staff(Role.INVESTIGATOR), text=text)


def judged(claim: Claim, source: str, **fields: Any) -> ClaimEvidence:
    fields = {"stance": "for", "kind": "photo", **fields}
    return weigh(claim, by=staff(Role.INVESTIGATOR), judgement=Judgement(source=source, **fields))


def test_both_sides_are_weighed_with_files_statements_and_answers() -> None:
    case = investigating_case()
    hear_respondent(case)
    answered = answer_consult(consult(case), by=Actor.partner(), text="合格。", name="李工")
    claim = claim_in(case)
    judged(claim, f"evidence:{photo_of(case).pk}", is_copy=True)
    judged(claim, f"statement:{case.statements.get().pk}", kind="statement", stance="against")
    judged(claim, f"consult:{answered.pk}", kind="original_record", stance="against")
    (shown,) = board_of(case)
    assert shown.weight_for == Decimal("0.44")
    assert shown.weight_against == Decimal("0.93")
    assert shown.leaning == -1


def test_a_second_judgement_takes_the_place_of_the_first() -> None:
    case = investigating_case()
    claim, source = claim_in(case), f"evidence:{photo_of(case).pk}"
    judged(claim, source)
    judged(claim, source, stance="against", is_tampered=True)
    row = ClaimEvidence.objects.get()
    assert (row.stance, row.weight) == ("against", Decimal("0.17"))
    assert case.events.filter(kind="evidence_weighed").count() == 2


def test_evidence_of_another_case_is_refused_by_service_and_database() -> None:
    case, other = investigating_case(), investigating_case()
    claim, foreign = claim_in(case), photo_of(other)
    with pytest.raises(CaseError) as refusal:
        judged(claim, f"evidence:{foreign.pk}")
    assert refusal.value.field == "source"
    row = judged(claim, f"evidence:{photo_of(case).pk}")
    with pytest.raises(DatabaseError, match="another case"), transaction.atomic():
        ClaimEvidence.objects.filter(pk=row.pk).update(evidence=foreign)
    claims = Claim.objects.filter(case=other)
    assert not claims.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"kind": "rumour"}, "kind"), ({"stance": "maybe"}, "stance")],
)
def test_judgements_that_make_no_sense_are_refused(fields: dict[str, str], field: str) -> None:
    case = investigating_case()
    with pytest.raises(CaseError) as refusal:
        judged(claim_in(case), f"evidence:{photo_of(case).pk}", **fields)
    assert refusal.value.field == field
    assert not ClaimEvidence.objects.exists()


def test_a_claim_twice_is_one() -> None:
    case = investigating_case()
    assert claim_in(case).pk == claim_in(case, " 故障在出厂前就有 ").pk


def test_who_proves_follows_date_and_goods() -> None:
    product = make_product(name="安居 K7 电热水壶", category="家用电器")
    case = investigating_case(category="QUALITY", product_id=product.pk)
    today = working_calendar().local_date(now())
    by = staff(Role.AGENT)
    fresh = touch(case, "x", by=by, changes={"purchased_on": today - timedelta(days=30)})
    assert burden_of(fresh)[0].bearer == "operator"
    assert claim_in(fresh).bearer == "operator"
    long_ago = today - timedelta(days=400)
    old = touch(fresh, "x", by=by, changes={"purchased_on": long_ago, "occurred_on": today})
    assert "flaw_in_six_months" not in [rule.rule for rule in burden_of(old)]


def test_weights_change_by_versions_and_judgements_stay() -> None:
    case = investigating_case()
    row = judged(claim_in(case), f"evidence:{photo_of(case).pk}")
    by = staff(Role.MANAGER)
    changed = set_weights(
        {"photo": Decimal("0.60"), "video": Decimal("0.65")}, by=by, seen={"photo": 1, "video": 1}
    )
    assert [(each.key, each.version) for each in changed] == [("photo", 2)]
    assert weight_table()["photo"] == Decimal("0.60")
    row.refresh_from_db()
    assert row.weight == Decimal("0.55")
    with pytest.raises(StaleCase):
        set_weights({"photo": Decimal("0.10")}, by=by, seen={"photo": 1})
    with pytest.raises(CaseError):
        set_weights({"photo": Decimal("1.01")}, by=by, seen={"photo": 2})
    with pytest.raises(StepForbidden):
        set_weights({"photo": Decimal("0.10")}, by=staff(Role.AGENT), seen={"photo": 2})
    with pytest.raises(DatabaseError), transaction.atomic():
        EvidenceWeight.objects.filter(key="photo").update(weight=0)


def test_evidence_kept_back_without_a_reason_may_be_read_against_its_holder() -> None:
    case, by = investigating_case(), staff(Role.INVESTIGATOR)
    today = working_calendar().local_date(now())
    facts = {"holder": "supplier", "what": "来料检验记录", "asked_on": today}
    bare = note_withheld(case, by=by, **facts)
    assert note_withheld(case, by=by, **facts).pk == bare.pk
    why = note_withheld(case, by=by, **{**facts, "holder": "seller"}, reason_given="已被法院调走")
    assert (bare.effect, why.effect) == ("against_holder", "explained")
    assert adverse_holders(case) == ["supplier"]
    with pytest.raises(CaseError) as refusal:
        note_withheld(case, by=by, **{**facts, "asked_on": today + timedelta(days=1)})
    assert refusal.value.field == "asked_on"
    foreign = claim_in(investigating_case())
    with pytest.raises(CaseError) as refusal:
        note_withheld(case, by=by, **facts, claim=foreign)
    assert refusal.value.field == "claim"
    with pytest.raises(DatabaseError), transaction.atomic():
        WithheldEvidence.objects.filter(pk=bare.pk).delete()


def test_the_board_is_worked_in_the_browser() -> None:
    case, client = investigating_case(category="QUALITY"), staff_client(Role.INVESTIGATOR)
    photo = photo_of(case)
    new = reverse("liability:claim_new", args=[case.reference])
    assert client.post(new, {"text": ""}).status_code == 422
    assert client.post(new, {"text": "屏幕出厂前就坏了"}).status_code == 303
    claim = Claim.objects.get()
    url = reverse("liability:weigh", args=[case.reference, claim.pk])
    said = {"source": f"evidence:{photo.pk}", "stance": "for", "kind": "photo"}
    assert client.post(url, {**said, "source": "evidence:999999"}).status_code == 422
    assert client.post(url, said).status_code == 303
    wrong = reverse("liability:weigh", args=[investigating_case().reference, claim.pk])
    assert client.get(wrong).status_code == 404
    board = reverse("liability:board", args=[case.reference])
    assert "还没有评议的材料" not in client.get(board).content.decode()
    photo_of(case, drawing(2))
    page = client.get(board).content.decode()
    assert "还没有评议的材料" in page and "这种材料通常的权重 0.55" in page
    assert "保管记录 1 条" in page
    assert "屏幕出厂前就坏了" in page and "0.55" in page and "第六十七条" in page


def test_weights_are_a_page_for_managers() -> None:
    url = reverse("liability:weights")
    assert staff_client(Role.INVESTIGATOR).get(url).status_code == 403
    client = staff_client(Role.MANAGER)
    form = client.get(url).context["form"]
    said = {name: str(field.initial) for name, field in form.fields.items()}
    assert client.post(url, {**said, "photo": "2"}).status_code == 422
    assert client.post(url, {**said, "photo": "0.50"}).status_code == 303
    assert client.post(url, {**said, "photo": "0.40"}).status_code == 409
    assert weight_table()["photo"] == Decimal("0.50")
