"""Managers change working calendars from pages, and see first what that does to open cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.states import Role
from complaints.clock_arithmetic import WorkingCalendar
from complaints.forms.calendars import DAY_NAMES
from complaints.models import BusinessCalendar, CalendarVersion, Clock
from complaints.moments import now, shift_to
from complaints.selectors.policies import forget_policies, working_calendar
from complaints.services.calendars import preview_calendar
from complaints.states import ClockKind, Stage
from tests.complaints.walking import case_in
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
LIST = "/desk/clocks/calendars/"
EDIT = f"{LIST}default/edit/"
SATURDAY = 5


@pytest.fixture
def manager(client):
    user = make_user(Role.MANAGER)
    make_team(manager=user, is_default=True)
    client.force_login(user)
    return user


def words(response) -> str:
    return response.content.decode()


def typed(**answers: Any) -> dict[str, Any]:
    """What the editor of the company's calendar would send, with some answers changed."""
    hours = dict.fromkeys(DAY_NAMES[:5], "09:00-18:00") | dict.fromkeys(DAY_NAMES[5:], "")
    return {"name": "公司日历", "zone": "Asia/Shanghai", "days": "", **hours, **answers}


def current(key: str = "default") -> WorkingCalendar:
    return WorkingCalendar.from_data(BusinessCalendar.objects.get(key=key).current.data)


def published(client, path: str, answers: dict[str, Any]):
    """Look at the effect, then publish what was seen."""
    seen = client.post(path, answers)
    assert seen.status_code == 200, words(seen)
    again = {**answers, "days": seen.context["form"]["days"].value() or ""}
    again |= {"publish": "1", "previewed": seen.context["mark"], "seen": seen.context["seen"]}
    again.pop("file", None)
    return seen, client.post(path, again, follow=True)


def investigation() -> Clock:
    """A clock that counts working days."""
    case = case_in(Stage.INVESTIGATING)
    return case.clocks.get(kind=ClockKind.INVESTIGATION)


def test_list_and_page_tell_hours_days_and_versions(client, manager):
    assert "公司日历" in words(client.get(LIST))
    page = words(client.get(f"{LIST}default/"))
    assert "09:00-18:00" in page and current().version in page
    assert client.get(f"{LIST}nowhere/").status_code == 404


def test_a_year_not_published_is_called_an_estimate(client, manager):
    year = now().year
    published(client, EDIT, typed(days=f"{year}-10-01,no"))
    for path in (LIST, f"{LIST}default/"):
        assert f"{year + 1} 年的调休还没有公布，按周一到周五估算" in words(client.get(path))
    published(client, EDIT, typed(days=f"{year + 1}-10-01,no"))
    assert "还没有公布" not in words(client.get(f"{LIST}default/"))
    assert date(year, 10, 1) in current().rest_days


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"name": ""}, "请填写这一项"),
        ({"zone": "Mars/Olympus"}, "没有这个时区"),
        ({"day_0": "nine to five"}, "写成 09:00-12:00, 13:00-18:00 这样"),
        ({"day_1": "18:00-09:00"}, "结束要晚于开始"),
        ({"day_2": "09:00-13:00, 12:00-18:00"}, "不能重叠"),
        ({"day_3": "25:00-26:00"}, "结束要晚于开始"),
        (dict.fromkeys(DAY_NAMES, ""), "至少要有一天上班"),
        ({"days": "2027-02-30,no"}, "第 1 行：日期写成 2027-01-01 这样"),
        ({"days": "2027-01-01,no\n2027-01-02,maybe"}, "第 2 行：日期后面写 yes 上班"),
        ({"days": "2027-01-01"}, "第 1 行：日期后面写 yes 上班"),
        ({"days": "2027-01-01,no\n2027-01-01,yes"}, "同一天既写了上班又写了休息"),
        ({"team_ids": ["999999"]}, "请选一项"),
    ],
)
def test_editor_names_what_to_change_and_keeps_what_was_typed(client, manager, answers, message):
    before = current().version
    answer = client.post(EDIT, typed(**answers))
    assert answer.status_code == 422
    assert message in words(answer)
    kept = [value for value in answers.values() if isinstance(value, str) and "\n" not in value]
    assert all(value in words(answer) for value in kept)
    assert current().version == before


def test_preview_is_what_publishing_does(client, manager):
    clock = investigation()
    day = working_calendar().local_date(clock.due_at - timedelta(seconds=1))
    seen, answer = published(client, EDIT, typed(days=f"{day},no"))
    assert "1 个未结的期限会按新规则计算" in words(seen)
    [change] = seen.context["changes"]["rows"]
    clock.refresh_from_db()
    assert clock.due_at == change["after"] > change["before"]
    assert "1 个未结的期限按新规则重新计算了" in words(answer)
    assert clock.calendar_version == current().version
    assert CalendarVersion.objects.get(pk=current().version).published_by == manager


def test_a_file_of_days_can_be_imported(client, manager):
    text = "\ufeffdate,works\n2031-01-01,no\n2031-01-05,yes\n"
    upload = SimpleUploadedFile("2031.csv", text.encode())
    published(client, EDIT, typed(file=upload))
    rules = current()
    assert not rules.is_working_day(date(2031, 1, 1))
    assert rules.is_working_day(date(2031, 1, 5))
    assert rules.published_to == date(2031, 12, 31)
    wrong = SimpleUploadedFile("x.csv", b"\xff\xfe\x00")
    assert "UTF-8" in words(client.post(EDIT, typed(file=wrong)))


def test_a_year_can_be_corrected(client, manager):
    published(client, EDIT, typed(days="2031-01-01,no\n2031-01-02,no"))
    page = client.get(f"{EDIT}?year=2031")
    assert page.context["form"]["days"].value() == "2031-01-01,no\n2031-01-02,no"
    published(client, EDIT, typed(days="2031-01-01,no"))
    assert current().rest_days == {date(2031, 1, 1)}


def test_nothing_is_published_that_was_not_seen(client, manager):
    seen = client.post(EDIT, typed(zone="Asia/Tokyo"))
    marks = {"publish": "1", "previewed": seen.context["mark"], "seen": seen.context["seen"]}
    other = client.post(EDIT, typed(zone="Europe/Paris", **marks))
    assert other.status_code == 409
    assert "内容和看过的不一样了" in words(other)
    published(client, EDIT, typed(zone="Europe/Rome"))
    late = client.post(EDIT, typed(zone="Asia/Tokyo", **marks))
    assert late.status_code == 409
    assert "别人发布了新的日历" in words(late)
    assert current().zone == "Europe/Rome"


def test_a_team_gets_a_calendar_of_its_own(client, manager):
    clock = investigation()
    team = clock.case.team
    night = (("20:00", "24:00"),)
    wanted = WorkingCalendar(key="night", week=((), night, night, night, (), (), ()))
    assert len(preview_calendar(wanted, teams=[team])) == 1
    hours = dict.fromkeys(DAY_NAMES, "") | dict.fromkeys(DAY_NAMES[1:4], "20:00-24:00")
    answers = typed(key="night", name="夜班", team_ids=[team.pk], **hours)
    seen, answer = published(client, "/desk/clocks/new-calendar/", answers)
    assert "1 个未结的期限会按新规则计算" in words(seen)
    assert "夜班" in words(answer)
    clock.refresh_from_db()
    assert clock.calendar_version == current("night").version == wanted.version
    taken = client.post("/desk/clocks/new-calendar/", answers)
    assert "这个代号已经有了" in words(taken)

    _seen, _answer = published(client, f"{LIST}night/edit/", typed(name="夜班", **hours))
    forget_policies()
    assert not BusinessCalendar.objects.get(key="night").teams.exists()
    clock.refresh_from_db()
    assert clock.calendar_version == current("default").version


def test_what_would_be_late_stays(client, manager):
    today = working_calendar().local_date(now())
    shift_to(now() + timedelta(days=(SATURDAY - today.weekday()) % 7))
    clock = investigation()
    shift_to(clock.due_at - timedelta(hours=12))
    days = dict.fromkeys(DAY_NAMES, "00:00-24:00")
    seen, _answer = published(client, EDIT, typed(**days))
    assert "仍按旧版本" in words(seen)
    before = clock.due_at
    clock.refresh_from_db()
    assert clock.due_at == before
