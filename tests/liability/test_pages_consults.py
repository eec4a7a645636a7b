"""Pages of plans and consult tasks: on the desk, and for who was let in by a link."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.states import Role
from complaints.moments import now, shifted_to
from complaints.selectors.policies import working_calendar
from liability.models import ConsultTask, InvestigationTemplate, PlanItem
from liability.services.consulting import revoke_consult
from liability.states import Addressee
from tests.factories import staff
from tests.liability.doors import staff_client
from tests.liability.makers import consult, investigating_case, secret_of

pytestmark = pytest.mark.django_db


def opened(task: ConsultTask) -> Client:
    """A browser that opened the task's link."""
    client = Client()
    answer = client.get(reverse("liability:consult_link", args=[secret_of(task)]))
    assert answer.status_code == 303
    assert secret_of(task) not in answer["Location"]
    return client


def test_a_link_shows_its_one_question_and_nothing_of_the_consumer() -> None:
    case = investigating_case()
    task = consult(case, facts="温控器，零件号 K7-03")
    page = opened(task).get(reverse("liability:consult_guest", args=[task.pk]))
    text = page.content.decode()
    assert task.question in text and "K7-03" in text
    contact = case.consumer.contact
    assert not any(value in text for value in contact.values() if value)
    assert case.description not in text
    assert page["Cache-Control"] == "private, no-store"


def test_an_answer_by_the_link_is_kept_once() -> None:
    task = consult()
    client, url = opened(task), reverse("liability:consult_guest", args=[task.pk])
    assert client.post(url, {"text": "", "name": "李工"}).status_code == 422
    said = {"text": "抽检合格。", "name": "李工，质检"}
    assert client.post(url, said).status_code == 303
    again = client.post(url, {**said, "text": "改口"})
    assert again.status_code == 200
    assert "抽检合格。" in again.content.decode()
    assert ConsultTask.objects.get(pk=task.pk).answer == "抽检合格。"


def test_the_task_of_another_case_is_not_there() -> None:
    mine, other = consult(), consult()
    client = opened(mine)
    assert client.get(reverse("liability:consult_guest", args=[other.pk])).status_code == 404
    assert Client().get(reverse("liability:consult_guest", args=[mine.pk])).status_code == 404


def test_links_that_ended_answer_gone_with_words() -> None:
    task = consult()
    secret, client = secret_of(task), opened(task)
    url = reverse("liability:consult_guest", args=[task.pk])
    with shifted_to(task.due_at + timedelta(days=4)):
        for answer in (
            client.get(url),
            client.post(url, {"text": "晚了", "name": "李工"}),
            Client().get(reverse("liability:consult_link", args=[secret])),
        ):
            assert answer.status_code == 410
            assert "这个链接已经失效" in answer.content.decode()
    revoke_consult(task, by=staff(Role.INVESTIGATOR), reason="问错了")
    assert client.get(url).status_code == 410
    assert ConsultTask.objects.get(pk=task.pk).answer == ""


def test_guessing_links_closes_the_door() -> None:
    client = Client()
    codes = [client.get(f"/consult/{number}/").status_code for number in range(22)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_asking_on_the_desk_and_double_clicks() -> None:
    case, client = investigating_case(), staff_client(Role.INVESTIGATOR)
    url = reverse("liability:consult_new", args=[case.reference])
    said = {
        "nonce": str(uuid4()),
        "addressee": Addressee.SUPPLIER,
        "party_name": "恒达温控",
        "email": "li@hengda.example",
        "question": "请说明出厂检验。",
    }
    assert client.post(url, {**said, "email": "x"}).status_code == 422
    assert [client.post(url, said).status_code for _time in range(2)] == [303, 303]
    task = ConsultTask.objects.get()
    page = client.get(reverse("liability:plan", args=[case.reference])).content.decode()
    assert task.label in page and "恒达温控" in page


def test_more_time_is_given_on_the_desk_with_its_reason() -> None:
    case, client = investigating_case(), staff_client(Role.INVESTIGATOR)
    task = consult(case)
    url = reverse("liability:consult_extend", args=[case.reference, task.pk])
    day = working_calendar().local_date(task.due_at) + timedelta(days=3)
    assert client.post(url, {"due_on": str(day), "reason": ""}).status_code == 422
    assert client.post(url, {"due_on": str(day), "reason": "对方等检测报告"}).status_code == 303
    plan = client.get(reverse("liability:plan", args=[case.reference])).content.decode()
    assert "对方等检测报告" in plan and "延到" in plan
    other = reverse("liability:consult_extend", args=[investigating_case().reference, task.pk])
    assert client.get(other).status_code == 404
    later = {"due_on": str(day + timedelta(days=1)), "reason": "再等"}
    assert staff_client(Role.FINANCE).post(url, later).status_code == 404
    assert ConsultTask.objects.get(pk=task.pk).extensions.count() == 1


def test_answering_on_the_desk_is_for_those_who_were_asked() -> None:
    case = investigating_case()
    task = consult(case, addressee=Addressee.ROLE, role=Role.FINANCE)
    other = consult()
    url = reverse("liability:consult_answer", args=[case.reference, task.pk])
    stranger = staff_client(Role.AGENT)
    assert stranger.post(url, {"text": "我来答"}).status_code in (403, 422)
    wrong = reverse("liability:consult_answer", args=[case.reference, other.pk])
    assert stranger.get(wrong).status_code == 404
    assert staff_client(Role.INVESTIGATOR).post(url, {"text": "财务说付过了"}).status_code == 303
    assert ConsultTask.objects.get(pk=task.pk).answer == "财务说付过了"


def test_the_plan_comes_from_the_template_and_is_ticked_off() -> None:
    case, client = investigating_case(category="QUALITY"), staff_client(Role.INVESTIGATOR)
    item = PlanItem.objects.filter(investigation__case=case).order_by("position")[0]
    url = reverse("liability:plan_tick", args=[case.reference, item.pk])
    client.post(url, {"done": "1"})
    client.post(url, {"done": "1"})
    item.refresh_from_db()
    assert item.done_at is not None
    other = investigating_case()
    wrong = reverse("liability:plan_tick", args=[other.reference, item.pk])
    assert client.post(wrong, {"done": "0"}).status_code == 404


def test_a_template_changes_by_versions_and_late_authors_are_told() -> None:
    client = staff_client(Role.MANAGER)
    newest = InvestigationTemplate.objects.get(category="QUALITY", severity="")
    url = reverse("liability:plan_template", args=[newest.pk])
    said = {
        "seen": "1",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-kind": "question",
        "lines-0-text": "屏幕为什么没有反应",
        "lines-0-text_en": "Why does the screen not answer?",
        "lines-0-to": "investigator",
        "lines-1-kind": "",
        "lines-1-text": "",
        "lines-1-to": "",
    }
    assert client.post(url, {**said, "lines-0-days": "-3"}).status_code == 422
    assert client.post(url, said).status_code == 303
    assert client.post(url, said).status_code == 409
    case = investigating_case(category="QUALITY")
    assert [item.text for item in PlanItem.objects.filter(investigation__case=case)] == [
        "屏幕为什么没有反应"
    ]
    assert staff_client(Role.AGENT).get(url).status_code == 403
    investigator = staff_client(Role.INVESTIGATOR)
    investigator.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    plan = investigator.get(reverse("liability:plan", args=[case.reference])).content.decode()
    assert "Why does the screen not answer?" in plan and "屏幕为什么没有反应" not in plan
    bare = {**said, "seen": "2", "lines-1-text_en": "Only English"}
    assert client.post(url, bare).status_code == 422


def test_shipped_lines_are_read_in_both_languages() -> None:
    for template in InvestigationTemplate.objects.all():
        assert all(line["text"] and line["text_en"] for line in template.lines)
    item = investigating_case(category="QUALITY").investigations.get().plan.first()
    with translation.override("en"):
        assert item.wording.isascii()
    with translation.override("zh-hans"):
        assert item.wording == item.text
    item.text_en = ""
    with translation.override("en"):
        assert item.wording == item.text


def test_my_tasks_are_listed() -> None:
    task = consult(addressee=Addressee.ROLE, role=Role.AGENT)
    page = staff_client(Role.AGENT).get(reverse("liability:consults")).content.decode()
    assert task.label in page
    assert (
        task.label
        not in staff_client(Role.REVIEWER).get(reverse("liability:consults")).content.decode()
    )
    assert now() < task.due_at
