"""Inspections: a time agreed with the consumer, photos that may be sent twice, what was found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Consumer, CustodyEntry, Notification, OutboxMessage
from complaints.moments import now
from liability.models import Inspection, InspectionPhoto
from liability.services.inspecting import (
    add_photo,
    ask_other_time,
    cancel_inspection,
    confirm_time,
    propose_time,
    report_inspection,
)
from liability.states import InspectionStatus
from tests.factories import make_user, staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import accepted_case, inspection, investigating_case
from tests.process.answers import receipt

pytestmark = pytest.mark.django_db


def technician_of(seen: Inspection) -> Actor:
    return Actor.staff(seen.technician)


def report(seen: Inspection, **fields: Any) -> Inspection:
    fields = {"findings": "触摸无反应，排线正常。", "consumer_present": True, **fields}
    return report_inspection(
        seen, by=technician_of(seen), nonce=fields.pop("nonce", uuid4()), **fields
    )


def test_the_consumer_confirms_the_time_that_they_saw() -> None:
    seen = inspection()
    assert OutboxMessage.objects.filter(kind="inspection_proposed").count() == 1
    confirmed = confirm_time(seen, by=Actor.consumer(), seen_proposal=1)
    assert confirm_time(seen, by=Actor.consumer(), seen_proposal=1).status == confirmed.status
    assert confirmed.status == InspectionStatus.CONFIRMED
    told = Notification.objects.filter(kind="inspection_confirmed")
    assert told.filter(user=seen.technician).count() == 1
    moved = propose_time(seen, by=staff(Role.INVESTIGATOR), starts_at=now() + timedelta(days=3))
    assert moved.status == InspectionStatus.PROPOSED
    with pytest.raises(CaseError, match="刚刚改过"):
        confirm_time(seen, by=Actor.consumer(), seen_proposal=1)


def test_another_time_is_asked_for_in_the_consumers_words_which_go_with_the_consumer() -> None:
    seen = inspection()
    with pytest.raises(CaseError) as refusal:
        ask_other_time(seen, by=Actor.consumer(), wish=" ", seen_proposal=1)
    assert refusal.value.field == "wish"
    asked = ask_other_time(seen, by=Actor.consumer(), wish="周六上午", seen_proposal=1)
    assert (asked.status, asked.wish) == (InspectionStatus.TIME_ASKED, "周六上午")
    assert "周六" not in str(Inspection.objects.values().get())
    Consumer.objects.filter(pk=asked.case.consumer_id).update(key_sealed=b"")
    gone = Inspection.objects.select_related("case__consumer").get()
    assert (gone.wish, gone.place) == ("", "")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_at": timedelta(minutes=-1)}, "starts_at"),
        ({"starts_at": timedelta(days=61)}, "starts_at"),
        ({"kind": "by_post"}, "kind"),
        ({"purpose": " "}, "purpose"),
        ({"place": ""}, "place"),
    ],
)
def test_what_makes_no_appointment_is_refused(fields: dict[str, Any], field: str) -> None:
    if "starts_at" in fields:
        fields = {"starts_at": now() + fields["starts_at"]}
    with pytest.raises(CaseError) as refusal:
        inspection(**fields)
    assert refusal.value.field == field
    assert not Inspection.objects.exists()


def test_nothing_is_inspected_before_the_investigation() -> None:
    with pytest.raises(CaseError, match="不在调查中"):
        inspection(accepted_case())


def test_a_photo_sent_twice_is_one_and_lies_in_the_vault_with_custody() -> None:
    seen, nonce = inspection(), uuid4()
    first = add_photo(seen, by=technician_of(seen), upload=receipt(), name="屏.jpg", nonce=nonce)
    again = add_photo(seen, by=technician_of(seen), upload=receipt(), name="屏.jpg", nonce=nonce)
    assert first.pk == again.pk
    assert (first.evidence.case_id, first.evidence.for_consumer) == (seen.case_id, False)
    assert CustodyEntry.objects.get(evidence=first.evidence).kind == "received"


def test_photos_may_come_after_the_report_but_not_from_strangers() -> None:
    seen = inspection()
    report(seen)
    late = add_photo(
        Inspection.objects.get(pk=seen.pk),
        by=technician_of(seen), upload=receipt(), name="屏.jpg", nonce=uuid4(),
    )  # fmt: skip
    assert late.inspection_id == seen.pk
    with pytest.raises(StepForbidden):
        add_photo(seen, by=staff(Role.AGENT), upload=receipt(), name="x.jpg", nonce=uuid4())


def test_a_file_that_can_not_be_kept_leaves_nothing() -> None:
    seen = inspection()
    broken = SimpleUploadedFile("x.exe", b"MZ\x90\x00broken")
    with pytest.raises(CaseError) as refusal:
        add_photo(seen, by=technician_of(seen), upload=broken, name="x.exe", nonce=uuid4())
    assert refusal.value.field == "photos"
    assert not InspectionPhoto.objects.exists()


def test_a_report_is_written_once_and_kept() -> None:
    seen, nonce = inspection(), uuid4()
    done = report(seen, nonce=nonce)
    assert report(seen, nonce=nonce, findings="别的").findings == done.findings
    with pytest.raises(CaseError, match="已经做完"):
        report(seen, findings="再来一次")
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.filter(pk=seen.pk).update(findings="改了")
    assert done.case.events.filter(kind="inspection_done").count() == 1


def test_what_was_called_off_takes_no_report() -> None:
    seen = inspection()
    cancel_inspection(seen, by=staff(Role.INVESTIGATOR), reason="消费者寄回来了")
    with pytest.raises(CaseError):
        report(seen)


def test_the_consumers_page_answers_and_other_cases_are_not_there() -> None:
    seen, other = inspection(), inspection()
    client = consumer_client(seen.case)
    url = reverse("liability:inspection_mine", args=[seen.case.reference, seen.pk])
    assert seen.place in client.get(url).content.decode()
    wrong = reverse("liability:inspection_mine", args=[seen.case.reference, other.pk])
    assert client.get(wrong).status_code == 404
    assert client.post(url, {"proposal": "7", "confirm": "1"}).status_code == 422
    assert client.post(url, {"proposal": "1", "confirm": "1"}).status_code == 303
    assert Inspection.objects.get(pk=seen.pk).status == InspectionStatus.CONFIRMED
    shown = client.get(reverse("track:case", args=[seen.case.reference])).content.decode()
    assert "检查时间定好了" in shown


def test_the_technicians_page_works_without_script_and_double_posts_are_one() -> None:
    case, person = investigating_case(), make_user(Role.AGENT)
    seen = inspection(case, technician=person)
    client = staff_client(Role.AGENT)
    url = reverse("liability:visit", args=[case.reference, seen.pk])
    assert client.get(url).status_code == 403
    client.force_login(person)
    assert client.get(url).status_code == 200
    nonce = str(uuid4())
    assert client.post(url, {"nonce": nonce, "findings": ""}).status_code == 422
    for _time in range(2):
        said = {"nonce": nonce, "findings": "触摸无反应。", "photos": receipt()}
        assert client.post(url, said).status_code == 303
    assert InspectionPhoto.objects.count() == 1
    assert Inspection.objects.get(pk=seen.pk).findings == "触摸无反应。"


def test_the_phones_queue_sends_one_by_one() -> None:
    seen = inspection()
    client = staff_client(Role.INVESTIGATOR)
    url = reverse("liability:visit_photo", args=[seen.case.reference, seen.pk])
    nonce, taken = str(uuid4()), (now() - timedelta(hours=1)).isoformat()
    for _time in range(2):
        sent = {"nonce": nonce, "taken_at": taken, "photo": receipt()}
        assert client.post(url, sent).status_code == 200
    assert InspectionPhoto.objects.get().taken_at is not None
    assert client.post(url, {"nonce": "x", "photo": receipt()}).status_code == 422


def test_the_tracking_page_asks_for_the_answer_only_while_it_is_waited_for() -> None:
    seen = inspection()
    client, url = consumer_client(seen.case), reverse("track:case", args=[seen.case.reference])
    assert "请在下面确认检查的时间" in client.get(url).content.decode()
    confirm_time(seen, by=Actor.consumer(), seen_proposal=1)
    assert "现在不用你做什么" in client.get(url).content.decode()
