"""Who hears of an appeal, whose points count, and that one claim holds up no other."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.states import Role
from compensation.models import ScreeningBand, ScreeningResult
from compensation.services import screening
from compensation.services.rules import NewVersion, mark_of, publish_rule, save_rule_draft
from compensation.services.screening import appeal_screening, establish_sign, screen_waiting
from complaints.actors import Actor
from complaints.models import Case, Notification
from complaints.moments import now, shift_to
from tests.compensation.money_makers import claim, current, decided
from tests.factories import make_team, make_user, staff

pytestmark = pytest.mark.django_db


def test_an_appeal_is_told_to_others_than_who_decided() -> None:
    first, other = staff(Role.MANAGER), staff(Role.APPROVER)
    gone = make_user(Role.APPROVER, is_active=False)
    decision = decided(by=first)

    appeal_screening(decision, by=Actor.consumer(), text="三张照片是三台不同的水壶")
    appeal_screening(decision, by=Actor.consumer(), text="再说一遍")

    told = Notification.objects.filter(kind="screening_appealed")
    assert [note.user for note in told if note.user in (first.user, other.user, gone)] == [
        other.user
    ]


def test_the_case_s_own_team_hears_first() -> None:
    team = make_team()
    own, _far = make_user(Role.APPROVER, team=team), make_user(Role.MANAGER)
    decision = decided()
    Case.objects.filter(pk=decision.result.case_id).update(team=team)
    decision.result.case.refresh_from_db()

    appeal_screening(decision, by=Actor.consumer(), text="照片是我自己拍的")

    assert [note.user for note in Notification.objects.filter(kind="screening_appealed")] == [own]


def test_points_follow_the_published_rule_from_its_day_on() -> None:
    case, by = claim(1), staff(Role.MANAGER)
    establish_sign(case, by=by, signal="evidence_forged_confirmed", reason="鉴定报告")
    assert (current(case).score, current(case).band) == (70, ScreeningBand.SECOND_REVIEW)
    tomorrow = now().date() + timedelta(days=2)
    new = NewVersion(
        effective_from=tomorrow,
        parameters={"second": Decimal(40), "legal": Decimal(70)},
        article="公司甄别标准",
        source="policy",
        active=True,
        reason="抽查漏掉的",
    )
    draft = save_rule_draft("S01", by=by, new=new)
    publish_rule("S01", by=staff(Role.MANAGER), mark=mark_of(draft))

    screening.screen_case(case.pk)
    assert current(case).band == ScreeningBand.SECOND_REVIEW
    shift_to(now() + timedelta(days=3))
    screening.screen_case(case.pk)

    assert (current(case).score, current(case).band) == (70, ScreeningBand.LEAD_LEGAL_REVIEW)


def test_a_claim_that_trips_the_rules_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    odd, plain = claim(1), claim(2)
    usual = screening.screen_case

    def trips(pk: int) -> bool:
        if pk == odd.pk:
            raise ArithmeticError(pk)
        return usual(pk)

    monkeypatch.setattr(screening, "screen_case", trips)

    assert screen_waiting() == 1
    assert list(ScreeningResult.objects.values_list("case", flat=True)) == [plain.pk]
