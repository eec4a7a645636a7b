"""Instalments, goods that come back, calls and reports in a browser: both themes and languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.states import Role
from agreements.days import today
from agreements.models import CareCall, Obligation, SurveyLink
from agreements.services.caring import record_care_try
from agreements.services.following_up import record_follow_up, record_unanswered_try
from agreements.services.handing_over import answer_pickup, arrange_pickup
from agreements.services.pursuing import pursue
from agreements.services.reporting import import_report
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now, shift_to
from tests.agreements.makers import following_case, signed
from tests.agreements.pay_makers import finance, only_payout, paid_case, released
from tests.agreements.report_files import report, told
from tests.agreements.test_browser import cookies_of, look
from tests.agreements.test_caring import rule_for_all
from tests.agreements.test_goods import pickup
from tests.agreements.test_instalments import agreed
from tests.browser import DESKTOP, PHONE, OpenPage
from tests.compensation.makers import chosen_case
from tests.compensation.money_makers import fund_of
from tests.factories import staff
from tests.liability.doors import consumer_client, staff_client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
SEEN = [("light", "zh-CN"), ("dark", "en-US")]


def in_parts() -> tuple[Case, Obligation]:
    """A case of instalments, one too late, whose goods are to be fetched."""
    case = chosen_case()
    terms = agreed(
        case,
        instalments="3",
        every="month",
        acceleration_days="15",
        penalty_rate="0.05",
        handover="pickup",
        goods="K7 电热水壶，含底座",
        freight="company",
        goods_due=(today() + timedelta(days=30)).isoformat(),
    )
    case = signed(case, terms=terms).case
    shift_to(now() + timedelta(days=26))
    pursue()
    rows = Obligation.objects.select_related("agreement__case__consumer")
    goods = rows.get(agreement__case=case, kind="return_of_goods")
    arrange_pickup(goods, by=staff(Role.AGENT), pickup=pickup())
    return Case.objects.get(pk=case.pk), goods


def survey_address(case: Case) -> str:
    """The address of a survey's link."""
    token = sealing.new_secret()
    SurveyLink.objects.create(
        case=case,
        round=1,
        digest=sealing.digest(token),
        sent_at=now(),
        expires_at=now() + timedelta(days=3),
    )
    return reverse("agreements:survey", args=[token])


@pytest.mark.parametrize(("theme", "language"), SEEN)
def test_duties_of_both_sides_are_sound(open_page: OpenPage, theme: str, language: str) -> None:
    fund_of("1000.00")
    case, goods = in_parts()
    mine = cookies_of(consumer_client(case))
    desk = cookies_of(staff_client(Role.AGENT))
    args = [case.reference, goods.pk]
    pages = [
        ("track", reverse("track:case", args=[case.reference]), mine),
        ("tab", reverse("desk:case_tab", args=[case.reference, "agreement"]), desk),
        ("pickup", reverse("agreements:pickup", args=args), desk),
        ("goods", reverse("agreements:goods", args=args), desk),
        ("rest", reverse("agreements:rest", args=[case.reference]), desk),
    ]
    for width in (DESKTOP, PHONE):
        for name, address, cookies in pages:
            page = open_page(address, width=width, theme=theme, cookies=cookies, language=language)
            look(page, f"{name}-{width}-{theme}-{language}")
    answer_pickup(goods, by=Actor.consumer(), fits=False, words="晚上才在家")
    page = open_page(pages[0][1], width=PHONE, theme=theme, cookies=mine, language=language)
    look(page, f"track-other-time-{theme}-{language}")


@pytest.mark.parametrize(("theme", "language"), SEEN)
def test_calls_and_reports_are_sound(open_page: OpenPage, theme: str, language: str) -> None:
    record_follow_up(following_case(), by=Actor.consumer(), arrived=True, rating=5)
    rule_for_all(after_days=3)
    pursue()
    call = CareCall.objects.select_related("case__consumer").get()
    manager = staff(Role.MANAGER)
    record_care_try(call, by=manager, outcome="no_answer", note="无人接听，已留言")
    asked = following_case()
    record_unanswered_try(
        asked, by=manager, outcome="again", again_at=now() + timedelta(days=1), note="在开会"
    )
    first, second = paid_case(), paid_case()
    batch = released(first, second)
    rows = (
        told(only_payout(first).key, "RJCT", reason="AC04", text="账户已销户"),
        told(only_payout(second).key, "ACSC"),
        told("PB2020000001-0001", "RJCT"),
    )
    read, _new = import_report(report(batch.number, *rows), by=finance(), name="状态报告.xml")
    desk = cookies_of(staff_client(Role.MANAGER, Role.FINANCE))
    pages = [
        ("calls", reverse("agreements:calls")),
        ("care-call", reverse("agreements:care_call", args=[call.pk])),
        ("care-rules", reverse("agreements:care_rules")),
        ("follow-up", reverse("agreements:follow_up", args=[asked.reference])),
        ("report", reverse("agreements:statement", args=[read.pk])),
        ("statements", reverse("agreements:statements")),
        ("batch", reverse("agreements:batch", args=[batch.pk])),
        ("satisfaction", reverse("satisfaction")),
    ]
    for width in (DESKTOP, PHONE):
        for name, address in pages:
            page = open_page(address, width=width, theme=theme, cookies=desk, language=language)
            look(page, f"{name}-{width}-{theme}-{language}")
    page = open_page(survey_address(asked), width=PHONE, theme=theme, language=language)
    look(page, f"survey-{PHONE}-{theme}-{language}")
