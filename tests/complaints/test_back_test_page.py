"""The page on which a manager replays a company's own history."""

from __future__ import annotations

import gzip
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.states import Role
from complaints.models import ClockPolicy
from complaints.services import back_test
from complaints.states import BudgetUnit
from tests.complaints.replaying import policy_data
from tests.factories import make_user

pytestmark = pytest.mark.django_db

URL = "/desk/clocks/back-test/"
LOG = """case,event,time,channel
A,in,2024-03-05T08:00Z,web
A,wait,2024-03-05T09:00Z,web
A,go,2024-03-05T11:00Z,web
A,out,2024-03-05T13:00Z,web
<b>B</b>,in,2024-03-05T08:00Z,shop
<b>B</b>,out,2024-03-15T18:00Z,shop
C,in,2024-03-15T08:00Z,shop
"""


@pytest.fixture
def manager(client):
    user = make_user(Role.MANAGER)
    client.force_login(user)
    return user


def upload(text=LOG, name="log.csv"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def rule(**changes):
    data = policy_data(name="首次答复", group_by=["channel"], **changes)
    return upload(json.dumps(data), "rule.json")


def hourly_policy():
    return ClockPolicy.objects.filter(unit=BudgetUnit.ELAPSED_HOURS).order_by("pk").first()


def fields(policy, **changes):
    return {
        "clock_policy": policy.pk,
        "case_column": "case",
        "event_column": "event",
        "time_column": "time",
        "stop_event": "out",
        "stop_occurrence": "first",
    } | changes


def test_only_those_who_manage_policies_may_open_it(client):
    for role in Role:
        client.force_login(make_user(role))
        allowed = role in (Role.MANAGER, Role.ADMINISTRATOR)
        assert client.get(URL).status_code == (200 if allowed else 403)
        assert client.post(URL, {"log": upload(), "rule": rule()}).status_code == (
            200 if allowed else 403
        )


def test_the_page_begins_with_the_policy_it_was_opened_for(client, manager):
    policy = hourly_policy()
    form = client.get(URL, {"policy": policy.pk}).context["form"]

    assert form["clock_policy"].value() == str(policy.pk)
    assert client.get(URL, {"policy": "x"}).status_code == 200


def test_a_log_and_a_rule_file_give_totals_groups_and_the_latest_cases(client, manager):
    answer = client.post(URL, {"log": upload(), "rule": rule()})
    text = answer.content.decode()

    assert answer.status_code == 200
    (clock,) = answer.context["clocks"]
    assert clock.name == "首次答复"
    assert [(tile["label"], tile["value"], tile["note"]) for tile in clock.tiles] == [
        ("案件", "3", ""),
        ("按时", "1", "50.0%"),
        ("超时", "1", "50.0%"),
        ("未结", "1", "其中已超时 1"),
    ]
    assert [[cell["text"] for cell in row] for row in clock.time_rows] == [
        ["含暂停", "127.50", "225.50", "127.50", "250.00"],
        ["不含暂停", "126.50", "225.30", "126.50", "250.00"],
    ]
    counts = {row[0]["text"]: row[1]["text"] for row in clock.count_rows}
    assert (counts["停止计时"], counts["暂停合计"]) == ("2", "2.00 小时")
    assert [[cell["text"] for cell in row] for row in clock.group_rows] == [
        ["shop", 2, 1, 0, 1, "250.00"],
        ["web", 1, 1, 1, 0, "3.00"],
    ]
    assert [row[0]["text"] for row in clock.case_rows] == ["<b>B</b>"]
    assert "&lt;b&gt;B&lt;/b&gt;" in text
    assert "<b>B</b>" not in text


def test_the_answer_can_be_downloaded_by_the_one_who_ran_it_alone(client, manager):
    token = client.post(URL, {"log": upload(), "rule": rule()}).context["token"]
    address = reverse("complaints:back_test_answer", args=[token])

    answer = client.get(address)
    assert answer["Content-Type"] == "application/json"
    assert "attachment" in answer["Content-Disposition"]
    assert [one["case"] for one in answer.json()["clocks"][0]["cases"]] == ["A", "<b>B</b>", "C"]
    client.force_login(make_user(Role.MANAGER))
    assert client.get(address).status_code == 404
    client.force_login(make_user(Role.AGENT))
    assert client.get(address).status_code == 403


def test_a_policy_of_ours_gives_budget_unit_and_calendar(client, manager):
    policy = hourly_policy()
    answer = client.post(
        URL,
        fields(
            policy,
            log=upload(),
            start_event="in",
            pause_event="wait，sleep",
            group_by="channel",
            until="2024-03-10",
        ),
    )

    assert answer.status_code == 200
    report = answer.context["report"]
    (clock,) = report.clocks
    assert (clock.rule.budget.amount, clock.rule.budget.unit) == (policy.amount, policy.unit)
    assert report.as_of.isoformat() == "2024-03-10T16:00:00+00:00"
    assert clock.rule.group_by == ("channel",)
    a = next(one for one in clock.replays if one.case == "A")
    assert a.paused.total_seconds() == 2 * 3600


def test_without_a_start_event_the_first_line_of_a_case_starts_it(client, manager):
    answer = client.post(URL, fields(hourly_policy(), log=upload()))

    assert answer.context["report"].clocks[0].totals.started == 3


def test_a_gzipped_log_is_known_by_its_content(client, manager):
    packed = upload(gzip.compress(LOG.encode()), "log.bin")

    assert client.post(URL, {"log": packed, "rule": rule()}).context["report"].events == 7


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("case,event,time,channel\nA,in,soon,web\n", "第 2 行，「time」列：「soon」读不成时间。"),
        ("case,event\nA,in\n", "缺少这些列：time、channel。"),
        ("", "文件是空的"),
        (gzip.compress(LOG.encode())[:-9], "压缩文件不完整"),
    ],
    ids=["moment", "column", "empty", "cut"],
)
def test_a_log_that_cannot_be_read_is_refused_beside_its_field(client, manager, log, reason):
    answer = client.post(URL, {"log": upload(log), "rule": rule()})

    assert answer.status_code == 422
    assert reason in str(answer.context["form"].errors["log"])
    assert "report" not in answer.context


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "不是 JSON"),
        ("[]", "这里要写一个"),
        (json.dumps(policy_data(stop=None)), "stop：没有写这一项。"),
        (b"\xff\xfe", "不是 JSON"),
    ],
    ids=["broken", "list", "stop", "bytes"],
)
def test_a_rule_file_that_cannot_be_meant_is_refused_beside_its_field(
    client, manager, text, reason
):
    answer = client.post(URL, {"log": upload(), "rule": upload(text, "rule.json")})

    assert answer.status_code == 422
    assert reason in str(answer.context["form"].errors["rule"])


def test_what_is_missing_is_asked_for(client, manager):
    errors = client.post(URL, {"case_column": "case"}).context["form"].errors

    assert set(errors) == {"log", "clock_policy", "event_column", "time_column", "stop_event"}


def test_too_much_is_refused(client, manager, monkeypatch):
    monkeypatch.setattr("complaints.forms.back_test.MOST_BYTES", 10)
    answer = client.post(URL, {"log": upload(), "rule": rule()})
    assert "文件超过" in str(answer.context["form"].errors["log"])
    monkeypatch.undo()

    monkeypatch.setattr(back_test, "MOST_ROWS", 5)
    answer = client.post(URL, {"log": upload(), "rule": rule()})
    assert "文件超过 5 行" in str(answer.context["form"].errors["log"])

    monkeypatch.setattr(back_test, "MOST_BYTES_INSIDE", 10)
    answer = client.post(URL, {"log": upload(gzip.compress(LOG.encode())), "rule": rule()})
    assert "解开以后太大" in str(answer.context["form"].errors["log"])


def test_an_answer_that_is_too_large_to_keep_is_still_shown(client, manager, monkeypatch):
    monkeypatch.setattr(back_test, "MOST_ANSWER_BYTES", 10)
    answer = client.post(URL, {"log": upload(), "rule": rule()})

    assert (answer.status_code, answer.context["token"]) == (200, "")
    assert "请用命令试算" in answer.content.decode()


def test_nothing_of_a_log_stays_behind(client, manager, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    client.post(URL, {"log": upload(), "rule": rule()})
    client.post(URL, {"log": upload("case\nA\n"), "rule": rule()})

    assert list(tmp_path.iterdir()) == []
