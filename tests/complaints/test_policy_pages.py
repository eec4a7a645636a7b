"""Managers change time limits from pages: list, editor, preview, publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.forms.policies import PolicyEditor
from complaints.models import CaseEvent, Clock, ClockPolicy
from complaints.moments import now, shift_to
from complaints.policy_words import POLICY_EVENTS
from complaints.selectors.policies import working_calendar
from complaints.services import recalculating
from complaints.services.policies import preview, put_in_force
from complaints.services.sweeping import sweep
from complaints.states import Channel, ClockKind, PolicyState
from complaints.tasks import recalculate_clocks, repair_clocks
from complaints.views.desk import policy_preview
from config.presenters import EVENT_TEXTS
from tests.factories import make_case, make_product, make_user

pytestmark = pytest.mark.django_db
LIST = "/desk/clocks/policies/"
EDIT = f"{LIST}acknowledgement/edit/"
PREVIEW = f"{LIST}acknowledgement/preview/"
PUBLISH = f"{LIST}acknowledgement/publish/"


@pytest.fixture
def manager(client):
    user = make_user(Role.MANAGER)
    client.force_login(user)
    return user


def today():
    return working_calendar().local_date(now())


def typed(code: str = "acknowledgement", **answers: Any) -> dict[str, Any]:
    """What the editor of a policy would send, with some answers changed."""
    policy = ClockPolicy.objects.filter(code=code).order_by("-version").first()
    policy.name = policy.name or policy.get_kind_display()
    policy.effective_from = today()
    editor = PolicyEditor(None, policy=policy)
    data: dict[str, Any] = {}
    forms = [editor.form, editor.ladder.management_form, *editor.ladder]
    forms += [editor.pauses.management_form, *editor.pauses]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not False and value not in (None, ""):
                data[field.html_name] = "on" if value is True else getattr(value, "pk", value)
    return {key: value for key, value in {**data, **answers}.items() if value != ""}


def acknowledgement(case) -> Clock:
    return case.clocks.get(kind=ClockKind.ACKNOWLEDGEMENT)


def words(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("role", [Role.AGENT, Role.INVESTIGATOR, Role.FINANCE, Role.REVIEWER])
@pytest.mark.parametrize(
    "name",
    ["policies", "policy_new", "policy", "policy_edit", "calendars", "calendar", "calendar_new"],
)
def test_others_are_told_that_they_may_not(client, role, name):
    args = {"policy": ["acknowledgement"], "policy_edit": ["acknowledgement"]}
    args["calendar"] = ["default"]
    client.force_login(make_user(role))
    answer = client.get(reverse(f"complaints:{name}", args=args.get(name, [])))
    assert answer.status_code == 403
    assert "你的角色" in words(answer)
    assert "时限规则" not in words(client.get("/desk/"))


def test_others_cannot_send_either(client):
    client.force_login(make_user(Role.AGENT))
    before = ClockPolicy.objects.count()
    for path in (EDIT, PUBLISH, f"{LIST}acknowledgement/discard/"):
        assert client.post(path, typed()).status_code == 403
    assert ClockPolicy.objects.count() == before


def test_list_tells_what_each_rule_says(client, manager):
    make_case()
    page = words(client.get(LIST))
    assert "24 小时（不分昼夜）" in page
    assert "12315 平台" in page
    assert "已核对原文" in page and "未核对" in page
    assert "有草稿" in page
    assert LIST in words(client.get("/desk/"))


@pytest.mark.parametrize("code", ["acknowledgement", "cn_mediation", "uk_final", "pause_end"])
def test_policy_page_shows_rules_and_every_version(client, manager, code):
    page = words(client.get(f"{LIST}{code}/"))
    for version in ClockPolicy.objects.filter(code=code):
        assert f"第 {version.version} 版" in page
        assert client.get(f"{LIST}{code}/?version={version.version}").status_code == 200
    assert "到期时" in page
    assert client.get(f"{LIST}nothing/").status_code == 404


def test_editor_begins_with_what_counts_now_and_saves_one_draft(client, manager):
    assert client.get(EDIT).status_code == 200
    answer = client.post(EDIT, typed(amount="12"))
    assert (answer.status_code, answer["Location"]) == (303, PREVIEW)
    [draft] = ClockPolicy.objects.filter(code="acknowledgement", state=PolicyState.DRAFT)
    published = ClockPolicy.objects.get(code="acknowledgement", state=PolicyState.PUBLISHED)
    assert (draft.amount, draft.version) == (12, 2)
    assert draft.ladder == published.ladder
    assert draft.pause_rules == published.pause_rules
    client.post(EDIT, typed(amount="10"))
    draft.refresh_from_db()
    assert draft.amount == 10


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"name": ""}, "请填写这一项"),
        ({"amount": ""}, "请填写这一项"),
        ({"amount": "soon"}, "写成 24 或者 1.5 这样的数"),
        ({"amount": "0"}, "数量要大于零。"),
        ({"amount": "1.5", "unit": "working_days"}, "数量要是整数"),
        ({"amount": "31", "unit": "years"}, "最多是 30"),
        ({"amount": "361", "unit": "months"}, "最多是 360"),
        ({"amount": "521", "unit": "weeks"}, "最多是 520"),
        ({"amount": "3651", "unit": "working_days"}, "最多是 3650"),
        ({"unit": "fixed"}, "请选一项"),
        ({"source": ""}, "请写明依据"),
        ({"source_status": "sure"}, "请选一项"),
        ({"effective_from": "tomorrow"}, "日期写成 2026-11-22 这样"),
        ({"effective_to": "2001-01-01"}, "失效日不能早于生效日。"),
        ({"effective_to": "2090-01-01"}, "到期以后案件会没有期限"),
        ({"channel": ["web_form"]}, "其他案件会没有期限"),
        ({"channel": ["telegraph"]}, "请选一项"),
        ({"market": "England"}, "两个字母"),
        ({"ladder-0-value": "150"}, "写 1 到 99 之间的整数"),
        ({"ladder-1-value": "50"}, "这个时候已经有一行了"),
        ({"ladder-2-when": ""}, "请留一行「到期时」"),
        ({"ladder-3-value": "-1"}, "写到期以后过几小时"),
        ({"ladder-5-tell": ["owner"]}, "请选择这一行什么时候发生"),
        ({"ladder-0-tell": ["nobody"]}, "请选一项"),
        ({"ladder-TOTAL_FORMS": ""}, ""),
        ({"pauses-0-allowed": "on", "pauses-0-cap_days": ""}, "请写明最多暂停几天"),
        ({"pauses-1-allowed": "on", "pauses-1-cap_days": "0"}, "至少一天"),
        ({"pauses-2-cap_days": "some"}, "写整数的天数"),
    ],
)
def test_editor_names_what_to_change_and_keeps_what_was_typed(client, manager, answers, message):
    answer = client.post(EDIT, typed(**{"name": "答复得更快", **answers}))
    page = words(answer)
    assert answer.status_code == 422
    assert message in page
    assert "处需要修改" in page
    assert answers.get("name") == "" or "答复得更快" in page
    assert not ClockPolicy.objects.filter(code="acknowledgement", state="draft").exists()


def test_preview_is_what_publishing_does(client, manager):
    cases = [make_case() for _ in range(3)]
    client.post(EDIT, typed(amount="12"))
    draft = ClockPolicy.objects.get(code="acknowledgement", state=PolicyState.DRAFT)
    page = client.get(PREVIEW)
    assert "3 个未结的期限会按新规则计算" in words(page)
    assert "提前 12 小时" in words(page)
    assert all(case.reference in words(page) for case in cases)
    seen = {(change.clock.pk, change.due_at) for change in preview(draft)}
    answer = client.post(PUBLISH, {"seen": page.context["mark"]}, follow=True)
    assert "已发布，3 个未结的期限按新规则重新计算了" in words(answer)
    assert {(c.pk, c.due_at) for c in map(acknowledgement, cases)} == seen


def test_a_draft_changed_meanwhile_is_shown_again(client, manager):
    case = make_case()
    client.post(EDIT, typed(amount="12"))
    seen = client.get(PREVIEW).context["mark"]
    client.post(EDIT, typed(amount="6"))
    answer = client.post(PUBLISH, {"seen": seen})
    assert answer.status_code == 409
    assert "草稿有变化" in words(answer) and "提前 18 小时" in words(answer)
    assert acknowledgement(case).policy.amount == 24
    assert client.post(PUBLISH, {"seen": answer.context["mark"]}).status_code == 303
    assert acknowledgement(case).policy.amount == 6
    assert client.post(PUBLISH, {"seen": answer.context["mark"]}).status_code == 404


def test_what_would_be_late_stays_under_the_old_version(client, manager):
    case = make_case()
    shift_to(now() + timedelta(hours=13))
    client.post(EDIT, typed(amount="12", effective_from=str(today() - timedelta(days=2))))
    page = client.get(PREVIEW)
    assert "仍按旧版本，因为按新规则已经超时" in words(page)
    client.post(PUBLISH, {"seen": page.context["mark"]})
    assert acknowledgement(case).policy.version == 1


def test_past_breaches_are_never_rewritten(client, manager):
    case = make_case()
    shift_to(now() + timedelta(hours=25))
    sweep()
    [before] = CaseEvent.objects.filter(case=case, kind="clock_breached").values()
    client.post(EDIT, typed(amount="72", effective_from=str(today() - timedelta(days=2))))
    client.post(PUBLISH, {"seen": client.get(PREVIEW).context["mark"]})
    [after] = CaseEvent.objects.filter(case=case, kind="clock_breached").values()
    assert before == after
    assert acknowledgement(case).policy.version == 1


def test_long_lists_are_cut_and_many_clocks_left_to_a_worker(
    client, manager, monkeypatch, django_capture_on_commit_callbacks
):
    case = make_case()
    make_case()
    monkeypatch.setattr(policy_preview, "MOST_SHOWN", 1)
    monkeypatch.setattr(policy_preview, "MOST_AT_ONCE", 1)
    asked = []
    monkeypatch.setattr(
        recalculating.current_app,
        "send_task",
        lambda name, **options: asked.append((name, options)),
    )
    client.post(EDIT, typed(amount="12"))
    page = client.get(PREVIEW)
    assert "还有 1 个没有列出" in words(page)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(PUBLISH, {"seen": page.context["mark"]}, follow=True)
    assert "正在后台重新计算" in words(answer)
    assert acknowledgement(case).policy.amount == 24
    [(name, options)] = [one for one in asked if "recalculate" in one[0]]
    assert name == recalculate_clocks.name
    assert recalculate_clocks(**options["kwargs"]) == 2
    assert recalculate_clocks(**options["kwargs"]) == 0
    assert acknowledgement(case).policy.amount == 12
    assert acknowledgement(case).ledger.get(action="recalculate").actor == manager


def test_a_draft_can_be_thrown_away(client, manager):
    client.post(EDIT, typed(amount="12"))
    answer = client.post(f"{LIST}acknowledgement/discard/", follow=True)
    assert "草稿已删除" in words(answer)
    assert client.get(PREVIEW).status_code == 404


def test_a_narrower_rule_wins(client, manager):
    kettle = make_product(category="水壶")
    page = client.post(
        "/desk/clocks/new-policy/", {"kind": "acknowledgement", "code": "ack-kettles"}
    )
    assert page["Location"].endswith("/ack-kettles/edit/?kind=acknowledgement")
    edit, said = page["Location"], typed(name="水壶更快", amount="6")
    assert "其他案件会没有期限" not in words(client.get(edit))
    refused = client.post(edit, said)
    assert "已经有一条不分情形的规则" in words(refused)
    said |= {"product_line": ["水壶"], "channel": [Channel.PHONE, Channel.WEB_FORM]}
    assert client.post(edit, said).status_code == 303
    mark = client.get(f"{LIST}ack-kettles/preview/").context["mark"]
    assert client.post(f"{LIST}ack-kettles/publish/", {"seen": mark}).status_code == 303
    fast = make_case(product_id=kettle.pk, channel=Channel.PHONE)
    assert acknowledgement(fast).policy.code == "ack-kettles"
    assert acknowledgement(make_case()).policy.code == "acknowledgement"


def test_a_rule_by_events_can_be_added(client, manager):
    taken = client.post("/desk/clocks/new-policy/", {"kind": "regulator", "code": "uk_ack"})
    assert "这个代号已经有了" in words(taken)
    edit = f"{LIST}bank-term/edit/?kind=regulator"
    said = typed("uk_ack", name="银行期限", market="de, AT", calendar="")
    refused = client.post(edit, {**said, "start_event": "", "stop_events": []})
    assert (refused.status_code, words(refused).count("请选一项") >= 2) == (422, True)
    assert client.post(edit, said).status_code == 303
    draft = ClockPolicy.objects.get(code="bank-term")
    assert (draft.kind, draft.conditions) == ("regulator", {"market": ["DE", "AT"]})
    assert draft.start_event == "received"
    page = words(client.get(f"{LIST}bank-term/"))
    assert "收到投诉" in page and "DE、AT" in page


def test_every_event_that_a_rule_names_has_words():
    named = {p.start_event for p in ClockPolicy.objects.all()} - {""}
    named |= {kind for p in ClockPolicy.objects.all() for kind in p.stop_events}
    assert named <= set(POLICY_EVENTS)
    assert set(POLICY_EVENTS) <= set(EVENT_TEXTS)


def test_kinds_without_a_usual_rule_are_not_offered(client, manager):
    assert client.get(f"{LIST}x/edit/").status_code == 404
    assert client.get(f"{LIST}x/edit/?kind=pause_end").status_code == 404
    assert client.get(f"{LIST}pause_end/edit/").status_code == 404


def test_published_versions_cannot_be_changed_in_the_database():
    statements = [
        "UPDATE complaints_clockpolicy SET amount = 1 WHERE code = 'acknowledgement'",
        "UPDATE complaints_clockpolicy SET state = 'draft' WHERE code = 'acknowledgement'",
        "DELETE FROM complaints_clockpolicy WHERE code = 'iso_never' OR code = 'triage'",
        "UPDATE complaints_calendarversion SET data = '{}'",
    ]
    for statement in statements:
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_clocks_begun_under_old_rules_are_put_right_within_minutes(client, manager):
    client.post(EDIT, typed(amount="12"))
    draft = ClockPolicy.objects.get(code="acknowledgement", state=PolicyState.DRAFT)
    case = make_case()
    put_in_force(draft, by=Actor.staff(manager))
    assert acknowledgement(case).policy.amount == 24
    assert repair_clocks() == 1
    assert acknowledgement(case).policy.amount == 12
    assert repair_clocks() == 0
    shift_to(now() + recalculating.RECENT + timedelta(seconds=1))
    assert repair_clocks() == 0
