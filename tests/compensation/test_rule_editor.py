"""Changing a legal rule: a dated version of its figures, tried on past sheets, published."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.states import Role
from compensation.models import LegalRuleVersion
from compensation.selectors.rules import (
    DraftDays,
    back_run,
    days_of_draft,
    draft_of,
    in_force,
    published_book,
    reckoned_again,
)
from compensation.services.rules import (
    NewVersion,
    discard_rule,
    mark_of,
    publish_rule,
    save_rule_draft,
)
from compensation.services.sheets import record_sheet
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.moments import now
from tests.factories import staff
from tests.liability.doors import staff_client
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db

RAISED = {"multiple": Decimal(3), "floor": Decimal(800)}
FRAUD = {"price_paid": "100.00", "fraud_found": True, "consumer_requests_extra": True}


def four_times(**fields) -> NewVersion:
    """Four times the price from tomorrow on."""
    new = NewVersion(
        effective_from=now().date() + timedelta(days=1),
        parameters={"multiple": Decimal(4), "floor": Decimal(500)},
        article="消费者权益保护法第五十五条第一款",
        source="secondary",
        active=True,
        reason="修正案",
    )
    return replace(new, **fields)


def drafted(**fields) -> LegalRuleVersion:
    return save_rule_draft("R01", by=staff(Role.MANAGER), new=four_times(**fields))


def test_a_draft_shows_what_it_would_change_and_changes_nothing():
    facts = FRAUD | {"price_paid": "200.00"}
    sheet = record_sheet(determined_case(), by=staff(Role.AGENT), facts=facts, confirmed=True)
    record_sheet(determined_case(), by=staff(Role.AGENT), facts={"price_paid": "9.00"})
    run = back_run(drafted())
    assert (run.tried, run.unreadable) == (2, 0)
    assert [(one.sheet.pk, one.before, one.after) for one in run.changes] == [
        (sheet.pk, Decimal("800.00"), Decimal("1000.00"))
    ]
    assert run.difference == 200
    number = published_book().at("R01", now().date() + timedelta(days=9)).number("multiple")
    assert number == 3


def test_a_published_version_holds_from_its_day_on():
    draft = drafted()
    publish_rule("R01", by=staff(Role.MANAGER), mark=mark_of(draft))
    book, day = published_book(), draft.effective_from
    assert book.at("R01", day).number("multiple") == 4
    assert book.at("R01", day - timedelta(days=1)).number("multiple") == 3
    assert draft_of("R01") is None


def test_nobody_publishes_their_own_wording():
    first, second = staff(Role.MANAGER), staff(Role.MANAGER)
    save_rule_draft("R01", by=first, new=four_times())
    draft = save_rule_draft("R01", by=second, new=four_times(reason="改了理由"))
    with pytest.raises(StepForbidden):
        publish_rule("R01", by=second, mark=mark_of(draft))
    assert draft_of("R01") == draft
    row = publish_rule("R01", by=first, mark=mark_of(draft))
    assert (row.created_by, row.published_by) == (second.user, first.user)


def test_the_database_wants_two_people():
    draft = drafted()
    for user in (draft.created_by, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalRuleVersion.objects.filter(pk=draft.pk).update(
                published_by=user, published_at=now()
            )
    assert draft_of("R01") == draft


def test_what_it_would_have_changed_is_kept_with_the_version():
    record_sheet(determined_case(), by=staff(Role.AGENT), facts=FRAUD, confirmed=True)
    row = publish_rule("R01", by=staff(Role.MANAGER), mark=mark_of(drafted()))
    row.refresh_from_db()
    told = {"tried": 1, "changed": 0, "unreadable": 0, "difference": "0.00"}
    told |= {"dated": 0, "dated_difference": "0.00"}
    assert row.preview == told


def test_cases_are_evaluated_by_the_published_rules_when_asked(tmp_path):
    draft = drafted(effective_from=now().date(), parameters=RAISED)
    publish_rule("R01", by=staff(Role.MANAGER), mark=mark_of(draft))
    path = tmp_path / "cases.json"
    case = {"id": 1, "kind": "compensation", "facts": FRAUD}
    path.write_text(json.dumps({"cases": [case]}), encoding="utf-8")

    def extra(*options: str) -> str:
        out = StringIO()
        call_command("evaluate_cases", str(path), *options, stdout=out)
        return json.loads(out.getvalue())[0]["result"]["extra_damages"]

    assert (extra(), extra("--published")) == ("500.00", "800.00")


def test_a_rule_can_be_switched_off_from_a_day_on():
    draft = drafted(active=False)
    publish_rule("R01", by=staff(Role.MANAGER), mark=mark_of(draft))
    assert published_book().at("R01", draft.effective_from) is None
    assert not in_force("R01", draft.effective_from).active


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"parameters": {"multiple": Decimal(4)}}, None),
        ({"parameters": {"multiple": Decimal(4), "floor": Decimal(-1)}}, "figure_floor"),
        ({"parameters": {"multiple": Decimal("NaN"), "floor": Decimal(1)}}, "figure_multiple"),
        ({"article": " "}, "article"),
        ({"reason": ""}, "reason"),
        ({"source": "rumour"}, "source"),
        ({"effective_from": date(1990, 1, 1)}, "effective_from"),
    ],
)
def test_a_version_that_cannot_be_is_refused(change, field):
    with pytest.raises(CaseError) as refused:
        drafted(**change)
    assert refused.value.field == field
    assert draft_of("R01") is None


def test_only_what_was_seen_is_published_or_thrown_away():
    mark = mark_of(drafted())
    drafted(reason="另一个理由")
    for act in (publish_rule, discard_rule):
        with pytest.raises(DraftChanged):
            act("R01", by=staff(Role.MANAGER), mark=mark)
    assert draft_of("R01").reason == "另一个理由"


def test_an_agent_changes_no_rule():
    with pytest.raises(StepForbidden):
        save_rule_draft("R01", by=staff(Role.AGENT), new=four_times())
    assert staff_client(Role.AGENT).get(reverse("compensation:rules")).status_code == 403


def test_the_pages_draft_try_and_publish():
    sheet = record_sheet(determined_case(), by=staff(Role.AGENT), facts=FRAUD, confirmed=True)
    manager, page = staff_client(Role.MANAGER), reverse("compensation:rule", args=["R01"])
    assert "max(3×P, 500)" in manager.get(reverse("compensation:rules")).content.decode()
    post = {
        "effective_from": "2027-01-01",
        "figure_multiple": "3",
        "figure_floor": "800",
        "article": "消费者权益保护法第五十五条第一款",
        "source": "text",
        "active": "on",
        "reason": "修正案",
    }
    refused = manager.post(page, post | {"figure_floor": "-1"})
    assert refused.status_code == 422 and draft_of("R01") is None
    assert manager.post(page, post).status_code == 303
    shown = manager.get(page).content.decode()
    assert sheet.case.reference in shown and "¥900.00" in shown and "max(3×P, 800)" in shown
    assert 'name="publish"' not in shown and "另一位管理者" in shown
    publish = {"publish": "1", "mark": mark_of(draft_of("R01"))}
    own = manager.post(page, publish)
    assert own.status_code == 403 and "请另一位管理者" in own.content.decode()
    checker = staff_client(Role.MANAGER)
    assert 'name="publish"' in checker.get(page).content.decode()
    assert checker.post(page, publish | {"mark": "old"}).status_code == 409
    assert draft_of("R01") is not None
    assert checker.post(page, publish).status_code == 303 and draft_of("R01") is None
    assert "发布时试算 1 次，1 次会变，合计相差 ¥300.00" in checker.get(page).content.decode()
    assert manager.get(reverse("compensation:rule", args=["R99"])).status_code == 404


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("R17", {"adult_age": "1000000000"}),
        ("R17", {"adult_age": "17.5"}),
        ("R17", {"late_age": "59"}),
        ("R21", {"year_days": "0"}),
        ("R10", {"days": "7.5"}),
        ("R13", {"months": "1000000000"}),
        ("R26", {"least": "4"}),
        ("S01", {"legal": "40"}),
        ("R19", {"deposit_share": "1.01"}),
    ],
)
def test_figures_that_no_formula_can_reckon_with_are_refused(rule, change):
    base = in_force(rule, now().date())
    figures = {name: Decimal(value) for name, value in {**base.parameters, **change}.items()}
    with pytest.raises(CaseError) as refused:
        save_rule_draft(rule, by=staff(Role.MANAGER), new=four_times(parameters=figures))
    assert refused.value.field == f"figure_{next(iter(change))}".replace("least", "most")
    assert draft_of(rule) is None


def test_what_comes_by_the_draft_s_own_days_is_what_publishing_does():
    """Three contracts, of before, on and after the first day; the middle of the year is past."""
    first = date(2026, 7, 1)
    sheets = [
        record_sheet(
            determined_case(),
            by=staff(Role.AGENT),
            facts=FRAUD | {"price_paid": "1000.00", "contract_date": day},
            confirmed=True,
        )
        for day in ("2026-06-30", "2026-07-01", "2026-09-01")
    ]
    draft = drafted(effective_from=first)

    run = back_run(draft)

    assert [one.sheet.pk for one in run.changes] == [row.pk for row in reversed(sheets)]
    assert [one.sheet.pk for one in run.dated] == [sheets[2].pk, sheets[1].pk]
    assert (run.difference, run.dated_difference) == (3000, 2000)
    foretold = {one.sheet.pk: one.dated for one in run.changes}
    publish_rule("R01", by=staff(Role.MANAGER), mark=mark_of(draft))
    again = {row.pk: reckoned_again(row, published_book()).total for row in sheets}
    assert again == foretold
    assert [reckoned_again(row).total for row in sheets] == [row.total for row in sheets]


def test_a_draft_says_how_its_day_stands_to_others():
    today = now().date()
    later = drafted(effective_from=today + timedelta(days=30))
    publish_rule("R01", by=staff(Role.MANAGER), mark=mark_of(later))

    days = days_of_draft(drafted(effective_from=today - timedelta(days=5)), today=today)
    assert days == DraftDays(begins_in_past=True, same_day=False, until=later.effective_from)
    days = days_of_draft(drafted(effective_from=later.effective_from), today=today)
    assert days == DraftDays(begins_in_past=False, same_day=True, until=None)


def test_a_version_that_overlaps_gives_way_to_the_one_begun_later():
    today = now().date()
    later = drafted(effective_from=today + timedelta(days=30), parameters=RAISED)
    publish_rule("R01", by=staff(Role.MANAGER), mark=mark_of(later))
    sooner = drafted(effective_from=today + timedelta(days=10))
    publish_rule("R01", by=staff(Role.MANAGER), mark=mark_of(sooner))
    book = published_book()
    days = [book.at("R01", today + timedelta(days=n)) for n in (9, 10, 29, 30)]
    assert [(one.number("multiple"), one.number("floor")) for one in days] == [
        (3, 500),
        (4, 500),
        (4, 500),
        (3, 800),
    ]


def test_the_page_tells_of_a_day_in_the_past_and_refuses_what_is_not_whole():
    manager, page = staff_client(Role.MANAGER), reverse("compensation:rule", args=["R10"])
    post = {
        "effective_from": "2026-01-01",
        "figure_days": "7.5",
        "figure_refund_days": "7",
        "article": "消费者权益保护法第二十五条",
        "source": "text",
        "active": "on",
        "reason": "修正案",
    }
    refused = manager.post(page, post)
    assert refused.status_code == 422 and "这一项要写成整数" in refused.content.decode()
    assert manager.post(page, post | {"figure_days": "15"}).status_code == 303
    assert "开始的日子已经过去" in manager.get(page).content.decode()
