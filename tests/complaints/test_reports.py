"""Reports of wrongdoing 举报: beside a case, never in its bargaining, read by few."""

import pytest
from django.urls import reverse

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden
from complaints.models import WrongdoingReport
from complaints.services.reports import move_report, record_report
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db
SECRET = "店长让员工把过期标签换成新的"


def reported(**fields):
    case = make_case()
    given = {"about": "counterfeit", "facts": SECRET} | fields
    return case, record_report(case, by=staff(Role.AGENT), **given)


def test_a_report_is_linked_and_changes_nothing_of_the_case():
    case, report = reported()
    before = (case.stage, case.urgency, case.next_due_at)

    case.refresh_from_db()
    assert (case.stage, case.urgency, case.next_due_at) == before
    assert report.case == case
    event = case.events.order_by("sequence").last()
    assert (event.kind, event.for_consumer) == ("report_linked", False)
    assert SECRET not in str(event.data)


def test_a_report_moves_by_its_own_steps_each_with_a_note():
    _case, report = reported()
    manager = staff(Role.MANAGER)

    move_report(report, by=manager, status="checking", note="调取标签记录")
    report = move_report(report, by=manager, status="passed_on", note="移送市场监管局")

    assert report.status == "passed_on"
    assert [step.note for step in report.steps.order_by("pk")] == ["调取标签记录", "移送市场监管局"]


@pytest.mark.parametrize(
    ("status", "note"), [("confirmed", "跳过核查"), ("checking", " "), ("x", "y")]
)
def test_a_wrong_step_leaves_nothing_behind(status, note):
    _case, report = reported()

    with pytest.raises(CaseError):
        move_report(report, by=staff(Role.MANAGER), status=status, note=note)

    report.refresh_from_db()
    assert (report.status, report.steps.count()) == ("received", 0)


@pytest.mark.parametrize(("about", "facts"), [("", SECRET), ("counterfeit", "  ")])
def test_an_empty_report_is_refused(about, facts):
    case = make_case()

    with pytest.raises(CaseError):
        record_report(case, by=staff(Role.AGENT), about=about, facts=facts)

    assert not WrongdoingReport.objects.exists()


def test_who_handles_cases_may_write_a_report_but_not_move_it():
    _case, report = reported()

    with pytest.raises(StepForbidden):
        move_report(report, by=staff(Role.AGENT), status="checking", note="想看看")
    with pytest.raises(StepForbidden):
        record_report(make_case(), by=staff(Role.FINANCE), about="other", facts="事实")


def test_only_those_who_handle_reports_read_them(client):
    case, report = reported()
    addresses = [reverse("complaints:reports"), reverse("complaints:report", args=[report.pk])]

    client.force_login(make_user(Role.AGENT))
    assert [client.get(address).status_code for address in addresses] == [403, 403]
    assert SECRET not in client.get(reverse("desk:case", args=[case.reference])).content.decode()
    client.force_login(make_user(Role.MANAGER))
    assert client.get(addresses[0]).status_code == 200
    assert SECRET in client.get(addresses[1]).content.decode()


def test_a_report_is_written_and_moved_on_its_pages(client):
    case = make_case()
    client.force_login(make_user(Role.MANAGER))
    new = reverse("complaints:report_new", args=[case.reference])

    assert client.get(new).status_code == 200
    assert client.post(new, {"about": "unsafe", "facts": SECRET}).status_code == 303
    report = WrongdoingReport.objects.get()
    address = reverse("complaints:report", args=[report.pk])
    refused = client.post(address, {"status": "checking", "note": ""})
    moved = client.post(address, {"status": "checking", "note": "开始核查"})

    report.refresh_from_db()
    assert (refused.status_code, moved.status_code, report.status) == (422, 303, "checking")
