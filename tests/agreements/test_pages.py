"""The pages of the agreements app, through HTTP: the desk, finance, the consumer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.states import Role
from agreements.models import Agreement, FollowUp, Payment
from agreements.selectors import consumer_panel, next_action
from agreements.services.following_up import record_unanswered_try
from agreements.states import AgreementStatus
from complaints import sealing
from complaints.models import Case, OneTimeCode, OutboxMessage
from complaints.moments import now, shift_to
from complaints.states import Stage
from documents.services.files import read_bytes
from documents.services.rendering import render_document
from tests.agreements.makers import (
    NAME,
    PASSWORD,
    PATH,
    company_signs,
    consumer_signs,
    drafted,
    following_case,
    fulfilling_case,
    last_code,
    offered,
    only_obligation,
    open_one,
    paid,
    picture,
    signed,
)
from tests.agreements.test_performing import breached
from tests.compensation.makers import chosen_case
from tests.factories import staff
from tests.liability.doors import consumer_client, staff_client

pytestmark = pytest.mark.django_db


def url(name: str, case: Case, *args: Any) -> str:
    return reverse(f"agreements:{name}", args=[case.reference, *args])


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def draft_post(**fields: str) -> dict[str, str]:
    """A draft as the browser sends it."""
    due = (timezone.localdate() + timedelta(days=9)).isoformat()
    return {
        "name": NAME,
        "phone": "13812345678",
        "address": "",
        "id_type": "",
        "id_number": "",
        "payee": "6222021234567890",
        "method": "3 个工作日内原路退回",
        "goods_return": "",
        "invoice": "",
        "gives_up": "无",
        "penalty_rate": "0.05",
        "effective_on": "",
        "clause_title": "",
        "clause_text": "",
        "minimum_waiver": "",
        "due_0": due,
    } | fields


def opened(me: Client, case: Case) -> dict[str, str]:
    """Open the page on which the consumer signs, and return what it hands on by itself."""
    found = re.search(r'name="number" value="([^"]+)"', me.get(url("sign", case)).content.decode())
    assert found is not None
    return {"number": found[1]}


def test_whole_way_through_pages() -> None:
    """From the chosen option to the closed case, each step by the person whose step it is."""
    case = chosen_case()
    agent, approver, finance = (
        staff_client(Role.AGENT),
        staff_client(Role.APPROVER),
        staff_client(Role.FINANCE),
    )
    me = consumer_client(case)
    assert agent.post(url("draft", case), draft_post()).status_code == 303
    until = timezone.localtime(now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert agent.post(url("offer", case), {"sign_by": until}).status_code == 303
    assert me.post(url("sign_code", case)).status_code == 303
    answer = me.post(
        url("sign", case),
        {**opened(me, case), "code": last_code(case), "typed_name": NAME, "consent": "on"},
    )
    assert answer.status_code == 303
    assert approver.post(url("company_code", case)).status_code == 303
    data = {"position": "主管", "consent": "on", **company_answers(case)}
    assert approver.post(url("sign_company", case), data).status_code == 303
    duty = only_obligation(case)
    answer = finance.post(
        url("pay", case, duty.pk),
        {
            "amount": "299.00",
            "method": "original_route",
            "payee": "6222021234567890",
            "paid_at": timezone.localtime(now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"),
            "reference": "T1",
            "proof": picture_upload(),
            "key": "k1",
        },
    )
    assert (answer.status_code, answer["Location"]) == (303, reverse("finance"))
    assert fresh(case).stage == Stage.FOLLOWING_UP
    answer = me.post(url("arrival", case), {"arrived": "yes", "rating": "5", "comment": "谢谢"})
    assert answer.status_code == 303

    assert fresh(case).stage == Stage.CLOSED
    assert FollowUp.objects.get().rating == 5


def company_answers(case: Case) -> dict[str, str]:
    """The password and the code that are on their way to the company's signer."""
    message = OutboxMessage.objects.filter(case=case, kind="company_code").latest("id")
    secret = sealing.unseal_for_installation(message.sealed) or {}
    return {"password": PASSWORD, "code": str(secret["code"])}


def picture_upload() -> Any:
    stream = picture()
    stream.name = "回单.jpg"
    return stream


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(language: str) -> None:
    """Each page answers in its stage, and says why it can't be used in another."""
    case = chosen_case()
    agent, approver = staff_client(Role.AGENT), staff_client(Role.APPROVER)
    for client in (agent, approver):
        client.cookies["django_language"] = language
    pages = ["draft", "offer", "void", "paper", "breach", "remedy", "follow_up", "try", "close"]
    for name in pages:
        assert agent.get(url(name, case)).status_code == 200, name
    for name in ("sign_company", "refuse_company"):
        assert approver.get(url(name, case)).status_code == 200, name
    assert (
        agent.get(reverse("desk:case_tab", args=[case.reference, "agreement"])).status_code == 200
    )


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("draft", Role.FINANCE),
        ("draft", Role.REVIEWER),
        ("sign_company", Role.AGENT),
        ("offer", Role.APPROVER),
        ("remedy", Role.FINANCE),
    ],
)
def test_pages_are_for_their_roles(name: str, role: Role) -> None:
    case = signed().case

    assert staff_client(role).get(url(name, case)).status_code == 403


def test_draft_page_keeps_what_was_typed_when_refused() -> None:
    case = chosen_case()
    answer = staff_client(Role.AGENT).post(
        url("draft", case),
        draft_post(clause_title="补充", clause_text="乙方不得向 12315 投诉。"),
    )
    text = answer.content.decode()

    assert answer.status_code == 422
    assert "限制投诉" in text and "乙方不得向 12315 投诉。" in text
    assert not Agreement.objects.exists()


def test_draft_page_takes_known_particulars_over_without_showing_them() -> None:
    case = chosen_case()
    agent = staff_client(Role.AGENT)
    page = agent.get(url("draft", case)).content.decode()
    assert NAME not in page and "13812345678" not in page
    assert agent.post(url("draft", case), draft_post(name="", phone="")).status_code == 303

    assert Agreement.objects.get().party.name == NAME


def test_draft_page_answers_a_stale_save_with_409() -> None:
    case = chosen_case()
    answer = staff_client(Role.AGENT).post(url("draft", case), draft_post(seen="1"))

    assert answer.status_code == 409
    assert not Agreement.objects.exists()


def test_sign_page_shows_total_in_capitals_and_what_is_given_up() -> None:
    agreement = offered()
    text = consumer_client(agreement.case).get(url("sign", agreement.case)).content.decode()

    assert "¥299.00" in text
    assert "人民币贰佰玖拾玖元整" in text
    assert "你放弃的权利" in text
    assert "checked" not in text
    assert "改用校验码确认" in text and 'name="typed_name"' in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"consent": ""}, "请先勾选"),
        ({"code": ""}, "请先获取校验码"),
        ({"typed_name": ""}, "请手写签名"),
        ({"typed_name": "李雷"}, "和协议上一样"),
        ({"code": "abc"}, "校验码不对"),
        ({"signature": "M1 1", "typed_name": ""}, "写下你的签名"),
    ],
)
def test_sign_page_says_what_is_missing(fields: dict[str, str], words: str) -> None:
    agreement = offered()
    me = consumer_client(agreement.case)
    me.post(url("sign_code", agreement.case))
    data = {"code": last_code(agreement.case), "typed_name": NAME, "signature": "", "consent": "on"}
    data |= {**opened(me, agreement.case), **fields}
    if not data["consent"]:
        del data["consent"]
    answer = me.post(url("sign", agreement.case), data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not agreement.signers.filter(signed_at__isnull=False).exists()


def test_tab_shows_every_state() -> None:
    """A draft, an offer, a breach with its remedy, a follow-up with a try, an earlier version."""
    agent = staff_client(Role.AGENT)
    late, following, refused = breached(), following_case(), offered()
    record_unanswered_try(following, by=staff(Role.AGENT), note="无人接听")
    drafted(refused.case)
    words = {late: "逾期：支付补偿款", following: "无人接听", refused.case: "以前的版本"}
    for case, expected in words.items():
        answer = agent.get(reverse("desk:case_tab", args=[case.reference, "agreement"]))
        assert answer.status_code == 200
        assert expected in answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "kind", ["agreement_offered", "agreement_not_signed", "not_arrived", "low_rating"]
)
def test_mails_have_a_subject_of_one_line(kind: str, language: str) -> None:
    case = offered().case
    with translation.override(language):
        text = render_to_string(
            f"mail/{kind}.txt",
            {
                "case": case,
                "name": NAME,
                "data": {"number": "AG-2026-000001", "until": "2026-11-25 18:00"},
                "public_url": "https://example.test",
            },
        )
    subject, _, body = text.partition("\n")

    assert case.reference in subject and "{" not in text
    assert body.strip()


def test_drawn_signature_through_the_page() -> None:
    agreement = offered()
    me = consumer_client(agreement.case)
    me.post(url("sign_code", agreement.case))
    data = {"code": last_code(agreement.case), "signature": PATH, "consent": "on"}
    data |= opened(me, agreement.case)

    assert me.post(url("sign", agreement.case), data).status_code == 303
    assert agreement.signers.get(role="consumer").signature_path == PATH
    assert me.get(url("sign", agreement.case)).status_code == 303


def test_code_is_sent_without_scripts_and_with_htmx() -> None:
    agreement = offered()
    me = consumer_client(agreement.case)
    page = me.post(url("sign_code", agreement.case), follow=True).content.decode()
    assert "z***@example.test" in page
    part = me.post(url("sign_code", agreement.case), headers={"HX-Request": "true"})

    assert part.status_code == 200
    assert part.content.decode().strip().startswith('<div id="code"')
    assert OneTimeCode.objects.filter(case=agreement.case).count() == 2
    assert last_code(agreement.case) not in part.content.decode()


def test_nobody_else_opens_the_consumers_pages() -> None:
    agreement = offered()
    stranger = consumer_client(chosen_case())
    for name in ("sign", "refuse", "arrival"):
        assert stranger.get(url(name, agreement.case)).status_code == 404
    assert stranger.post(url("sign_code", agreement.case)).status_code == 404
    assert Client().get(url("sign", agreement.case)).status_code == 404


def test_refusal_through_the_page() -> None:
    agreement = offered()
    me = consumer_client(agreement.case)
    assert me.get(url("refuse", agreement.case)).status_code == 200
    assert me.post(url("refuse", agreement.case), {"reason": ""}).status_code == 422
    assert me.post(url("refuse", agreement.case), {"reason": "太慢"}).status_code == 303

    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.REFUSED


def test_late_agreement_is_read_and_not_signed() -> None:
    agreement = offered()
    shift_to(agreement.sign_by)
    page = consumer_client(agreement.case).get(url("sign", agreement.case)).content.decode()

    assert "签署期限已经过了" in page
    assert 'name="consent"' not in page


@pytest.mark.slow
def test_both_sides_fetch_the_same_bytes() -> None:
    """The final PDF is printed once; everybody gets it byte for byte."""
    agreement = signed()
    case = agreement.case
    me, agent = consumer_client(case), staff_client(Role.AGENT)
    assert me.get(url("pdf_mine", case, 1, "signed")).status_code == 404
    document = render_document(agreement.sealed.pk)
    assert document.is_ready and document.file is not None
    again = render_document(agreement.sealed.pk)
    mine = me.get(url("pdf_mine", case, 1, "signed")).content
    theirs = agent.get(url("pdf", case, 1, "signed")).content

    assert mine == theirs == read_bytes(document.file)
    assert (again.sha256, again.ready_at) == (document.sha256, document.ready_at)
    assert mine.startswith(b"%PDF")


def test_draft_is_nobodys_to_fetch() -> None:
    agreement = drafted()

    assert (
        consumer_client(agreement.case).get(url("pdf_mine", agreement.case, 1, "read")).status_code
        == 404
    )


def test_paper_signature_through_the_page() -> None:
    agreement = offered()
    answer = staff_client(Role.AGENT).post(
        url("paper", agreement.case),
        {"signed_on": timezone.localdate().isoformat(), "scan": picture_upload()},
    )

    assert answer.status_code == 303
    assert agreement.signers.get(role="consumer").method == "paper"


def test_finance_lists_what_is_due_with_the_payee_masked() -> None:
    case = signed(chosen_case()).case
    page = staff_client(Role.FINANCE).get(reverse("finance")).content.decode()

    assert case.reference in page and "299.00" in page
    assert staff_client(Role.AGENT).get(reverse("finance")).status_code == 403
    paid(only_obligation(case))
    later = staff_client(Role.FINANCE).get(reverse("finance")).content.decode()
    assert "没有要付的款" in later
    assert "************7890" in later and "6222021234567890" not in later


def test_finance_asks_a_fixed_number_of_questions(
    django_assert_max_num_queries: Any,
) -> None:
    client = staff_client(Role.FINANCE)
    for _ in range(2):
        signed(chosen_case())
    client.get(reverse("finance"))
    with django_assert_max_num_queries(8):
        client.get(reverse("finance"))


def test_payment_page_refuses_a_text_as_proof() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)
    stream = picture_upload()
    stream.seek(0)
    stream.truncate()
    stream.write(b"not a picture at all")
    stream.seek(0)
    answer = staff_client(Role.FINANCE).post(
        url("pay", case, duty.pk),
        {
            "amount": "299.00",
            "method": "cash",
            "paid_at": timezone.localtime(now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M"),
            "proof": stream,
            "key": "k",
        },
    )

    assert answer.status_code == 422
    assert not Payment.objects.exists()


def test_payment_on_a_page_that_is_out_of_date_is_looked_at_again() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)
    page = staff_client(Role.FINANCE).get(url("pay", case, duty.pk))
    assert f'name="seen" value="{case.version}"' in page.content.decode()
    moment = timezone.localtime(now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")

    def pays(key: str) -> int:
        data = {"amount": "100.00", "method": "cash", "paid_at": moment, "seen": case.version}
        data |= {"proof": picture_upload(), "key": key}
        return staff_client(Role.FINANCE).post(url("pay", case, duty.pk), data).status_code

    assert [pays("one"), pays("two")] == [303, 409]
    assert Payment.objects.count() == 1


def test_payment_of_another_case_is_not_found() -> None:
    one, other = fulfilling_case(), fulfilling_case()

    finance = staff_client(Role.FINANCE)
    assert finance.get(url("pay", one, only_obligation(other).pk)).status_code == 404
    assert finance.get(url("pay", one, only_obligation(one).pk)).status_code == 200


def test_breach_and_remedy_through_pages() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)
    shift_to(duty.due_at + timedelta(minutes=1))
    agent = staff_client(Role.AGENT)
    assert agent.post(url("breach", case), {"reason": "银行退票"}).status_code == 303
    assert agent.get(url("remedy", case)).status_code == 200
    assert agent.post(url("remedy", case), {"remedy": "改走微信"}).status_code == 422
    day = timezone.localtime(now() + timedelta(days=2)).date().isoformat()
    data = {"remedy": "改走微信", f"due_{duty.pk}": day}
    assert agent.post(url("remedy", case), data).status_code == 303

    assert fresh(case).stage == Stage.FULFILLING


def test_follow_up_call_tries_and_closing_through_pages() -> None:
    case, agent = following_case(), staff_client(Role.AGENT)
    assert (
        agent.post(url("try", case), {"outcome": "no_answer", "note": "无人接"}).status_code == 303
    )
    assert agent.post(url("try", case), {"outcome": "no_answer"}).status_code == 422
    assert agent.post(url("close", case)).status_code == 422
    shift_to(now() + timedelta(hours=3))
    record_unanswered_try(fresh(case), by=staff(Role.AGENT))

    assert agent.post(url("close", case)).status_code == 303
    assert fresh(case).stage == Stage.CLOSED


def test_follow_up_no_makes_it_owed_again() -> None:
    case = following_case()
    data = {"arrived": "no", "comment": "没到"}
    assert consumer_client(case).post(url("arrival", case), data).status_code == 303

    assert fresh(case).stage == Stage.FULFILLING


def test_arrival_is_asked_for() -> None:
    case = following_case()
    me = consumer_client(case)
    assert me.get(url("arrival", case)).status_code == 200
    assert me.post(url("arrival", case), {"rating": "5"}).status_code == 422
    assert not FollowUp.objects.exists()


def test_one_thing_is_confirmed_while_others_are_being_done() -> None:
    case = fulfilling_case(position=2)
    money = (
        case.agreements.get()
        .obligations.select_related("agreement__case__consumer")
        .get(kind="payment")
    )
    paid(money, "38.00")
    me = consumer_client(case)
    page = me.get(reverse("track:case", args=[case.reference])).content.decode()
    assert "收到了" in page
    assert me.post(url("answer_obligation", case, money.pk), {"arrived": "1"}).status_code == 303

    money.refresh_from_db()
    assert money.status == "confirmed"


def test_next_action_follows_the_agreement() -> None:
    case = chosen_case()
    agent, approver, finance = staff(Role.AGENT), staff(Role.APPROVER), staff(Role.FINANCE)

    def step(actor: Any) -> tuple[str, bool]:
        action = next_action(fresh(case), actor)
        assert action is not None
        return str(action.label), bool(action.disabled_reason)

    assert step(agent) == ("起草协议", False)
    drafted(case)
    assert step(agent) == ("提交签署", False)
    agreement = open_one(case)
    offered_one = offered(fresh(case))
    assert agreement.pk != offered_one.pk
    assert step(approver) == ("代表公司签署", False)
    assert step(agent) == ("代表公司签署", True)
    company_signs(offered_one)
    assert step(agent) == ("登记纸质签署", False)
    consumer_signs(offered_one)
    assert step(finance) == ("登记付款", False)
    assert step(agent) == ("登记付款", True)
    paid(only_obligation(case))
    assert step(agent) == ("登记回访", False)


def test_breached_case_says_what_comes_next() -> None:
    action = next_action(breached(), staff(Role.AGENT))

    assert action is not None and action.label == "安排补救"


def test_consumers_panel_follows_the_agreement() -> None:
    case = chosen_case()
    assert consumer_panel(case) is None
    agreement = offered(case)
    assert state(case) == "to_sign"
    consumer_signs(agreement)
    assert state(case) == "signed"
    company_signs(agreement)
    assert state(case) == "in_force"
    paid(only_obligation(case))
    assert state(case) == "follow_up"
    page = consumer_client(case).get(reverse("track:case", args=[case.reference]))
    assert "告诉我们收到没有" in page.content.decode()


def state(case: Case) -> str:
    panel = consumer_panel(fresh(case))
    assert panel is not None
    return str(panel["state"])
