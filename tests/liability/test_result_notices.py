"""The result goes to outside respondents too: a letter behind a link that ends."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case, OutboxMessage
from complaints.moments import shift_to
from documents.services.rendering import document_html, render_pending
from liability.models import ResultNotice
from liability.services.approving import submit_finding
from liability.services.consult_answers import answer_consult
from tests.factories import staff
from tests.liability.makers import (
    consult,
    hear_respondent,
    investigating_case,
    inward,
    liable,
    outward,
)

pytestmark = pytest.mark.django_db


def decided(*, email: str = "legal@seller.test", **fields: object) -> Case:
    """A case whose supplier answered by a link and bears a part; the carrier was only heard."""
    case = investigating_case(**fields)
    hear_respondent(case, "快运")
    task = consult(case, asks_statement=True)
    answer_consult(task, by=Actor.partner(), text="愿意承担。", name="李工")
    name = case.consumer.contact["name"]
    finding = liable(
        outward(),
        inward("supplier", "60", name="恒达温控"),
        inward("production_dept", "30"),
        inward("logistics", "10", name="快运"),
        reasons_consumer=f"{name} 的水壶检测确认是温控器缺陷，恒达温控的批次有变更，快运签收异常。",
        respondent_email=email,
    )
    return submit_finding(case, by=staff(Role.INVESTIGATOR), finding=finding).case


def secret_of(notice: ResultNotice) -> str:
    key = f"finding:{notice.finding_id}:respondent:{notice.pk}"
    return str(sealing.unseal_for_installation(OutboxMessage.objects.get(key=key).sealed)["result"])


def opened(notice: ResultNotice) -> Client:
    client = Client()
    answer = client.get(reverse("liability:result_link", args=[secret_of(notice)]))
    assert answer.status_code == 303 and secret_of(notice) not in answer["Location"]
    assert answer["Referrer-Policy"] == "no-referrer"
    return client


def test_the_respondent_and_who_was_asked_by_a_link_get_a_letter_each() -> None:
    case = decided()
    notices = list(ResultNotice.objects.order_by("position"))
    assert [notice.email for notice in notices] == ["legal@seller.test", "li@hengda.example"]
    assert notices[1].name == "恒达温控"
    assert OutboxMessage.objects.filter(case=case, kind="finding_result").count() == 2
    assert all("hengda" not in str(bytes(notice.email_sealed)) for notice in notices)


def test_one_address_gets_one_letter_and_nobody_asked_gets_none() -> None:
    decided(email="LI@hengda.example ")
    assert ResultNotice.objects.count() == 1
    case = investigating_case()
    hear_respondent(case)
    submit_finding(case, by=staff(Role.INVESTIGATOR), finding=liable())
    assert not ResultNotice.objects.filter(finding__case=case).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_letter_names_its_own_part_and_nobody_else(language: str) -> None:
    case = decided(language=language)
    letter = ResultNotice.objects.get(name="恒达温控").letter
    data, html = letter.context, document_html(letter)
    assert [(row["percent"], row["reason"]) for row in data["own"]] == [("60", "批次追溯")]
    assert "恒达温控" in html
    told = json.dumps(data, ensure_ascii=False)
    for value in (*case.consumer.contact.values(), "快运"):
        assert not value or str(value) not in told
    assert case.review_until.isoformat() in data["objecting"]


def test_the_letter_is_read_by_the_link_until_it_ends() -> None:
    decided()
    notice, other = ResultNotice.objects.order_by("position")
    client, page = opened(notice), reverse("liability:result_guest")
    assert "正在生成" in client.get(page).content.decode()
    assert client.get(reverse("liability:result_letter")).status_code == 404
    render_pending()
    answer = client.get(page)
    assert "打开处理结果通知" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    pdf = client.get(reverse("liability:result_letter"))
    assert pdf.content.startswith(b"%PDF")
    notice.refresh_from_db()
    assert notice.opened_at is not None and other.opened_at is None
    shift_to(notice.expires_at + timedelta(minutes=1))
    for name in ("result_guest", "result_letter"):
        assert client.get(reverse(f"liability:{name}")).status_code == 410
    gone = reverse("liability:result_link", args=[secret_of(notice)])
    assert Client().get(gone).status_code == 410


def test_without_a_link_nothing_is_shown_and_guessing_closes_the_door() -> None:
    decided()
    for name in ("result_guest", "result_letter"):
        assert Client().get(reverse(f"liability:{name}")).status_code == 404
    codes = [Client().get(f"/result/open/{number}/").status_code for number in range(22)]
    assert (codes[0], codes[-1]) == (404, 429)


def test_a_refused_finding_leaves_no_notice_behind() -> None:
    case = investigating_case(severity="severe")
    hear_respondent(case)
    finding = liable(respondent_email="legal@seller.test")
    waiting = submit_finding(case, by=staff(Role.INVESTIGATOR), finding=finding)
    assert waiting.waiting is not None
    assert not ResultNotice.objects.exists()
    assert not OutboxMessage.objects.filter(kind="finding_result").exists()
