"""The desk's own pages: what they show, how many statements they cost, how they keep up."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Message
from complaints.moments import now, shifted_to
from complaints.permissions import Permission
from complaints.services.conversation import write_message, write_note
from complaints.services.outbox import tell_staff
from complaints.services.triage import assign, withdraw
from config.views.desk.case import case_page
from config.views.desk.queue import queue
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def steady_clock(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the database's clock before statements are counted, not once a minute among them."""
    monkeypatch.setattr("complaints.moments._REFRESH_SECONDS", float("inf"))
    now()


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT)
    client.force_login(user)
    return user


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured)


def case_url(case: Case, tab: str = "") -> str:
    args = [case.reference, tab] if tab else [case.reference]
    return reverse("desk:case_tab" if tab else "desk:case", args=args)


# --- Queue --------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [25, 100])
def test_queue_costs_six_statements_however_long(client: Client, agent: User, size: int) -> None:
    for _ in range(3):
        make_case()
    few = statements(client, f"/desk/?view=all&size={size}")
    for _ in range(27):
        make_case()
    many = statements(client, f"/desk/?view=all&size={size}")
    assert (few, many) == (6, 6)


def test_queue_with_filters_costs_no_more(client: Client, agent: User) -> None:
    make_case(category="QUALITY")
    assert statements(client, "/desk/?view=all&filters=1") == 6
    assert statements(client, "/desk/?view=all&category=QUALITY&owner=none") == 6


def test_queue_reads_in_the_view_and_never_in_the_template(rf: RequestFactory) -> None:
    for _ in range(3):
        make_case()
    request = rf.get("/desk/?view=all")
    request.user = make_user(Role.AGENT)
    with CaptureQueriesContext(connection) as in_view:
        response = queue(request)
    with CaptureQueriesContext(connection) as in_template:
        response.render()
    assert (len(in_view), len(in_template)) == (4, 0)


def test_case_reads_in_the_view_and_never_in_the_template(rf: RequestFactory) -> None:
    case = make_case()
    write_message(case, by=Actor.consumer(), body="有进展吗")
    request = rf.get(case_url(case))
    request.user = make_user(Role.AGENT)
    with CaptureQueriesContext(connection) as in_view:
        response = case_page(request, case.reference)
    with CaptureQueriesContext(connection) as in_template:
        response.render()
    assert (len(in_view), len(in_template)) == (7, 0)


def test_pane_beside_a_case_costs_less_than_the_queue(client: Client, agent: User) -> None:
    case = make_case()
    assert statements(client, f"/desk/?view=all&pane={case.reference}") <= 7


def test_queue_shows_a_case_with_its_stage_and_time(client: Client, agent: User) -> None:
    case = make_case(danger=True)
    page = client.get("/desk/?view=urgent").content.decode()
    assert case.reference in page and case.title in page
    assert "紧急" in page and "已收到" in page and "剩余时间" in page


def test_bold_means_the_consumer_wrote_last(client: Client, agent: User) -> None:
    case = make_case()
    write_message(case, by=Actor.consumer(), body="有进展吗")
    assert "rd-queue-unread" in client.get("/desk/?view=all").content.decode()
    write_message(case, by=Actor.staff(agent), body="今天答复你")
    assert "rd-queue-unread" not in client.get("/desk/?view=all").content.decode()


def test_queue_without_a_view_shows_ones_own(client: Client, agent: User) -> None:
    mine, other = make_case(), make_case()
    assign(mine, owner=agent, by=Actor.staff(agent))
    page = client.get("/desk/").content.decode()
    assert mine.reference in page and other.reference not in page


def test_filters_stand_in_the_address_and_are_kept_for_the_next_page(
    client: Client, agent: User
) -> None:
    for _ in range(26):
        make_case(category="QUALITY")
    make_case(category="PRICE")
    answer = client.get("/desk/?view=all&category=QUALITY")
    assert answer.context["total"] == "26"
    query = parse_qs(urlsplit(answer.context["next_href"]).query)
    assert query["category"] == ["QUALITY"] and query["view"] == ["all"]
    following = client.get(answer.context["next_href"])
    assert len(following.context["rows"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "view=nothing",
        "after=rubbish",
        "after=2026-01-01_1",
        "owner=x",
        "size=9999999",
        "received_from=no",
        "before=_",
        "stage=closed%27",
        "after=_99999999999999999999",
    ],
)
def test_odd_addresses_show_a_page(client: Client, agent: User, query: str) -> None:
    make_case()
    assert client.get(f"/desk/?{query}").status_code == 200


def test_empty_view_points_to_the_next_one_with_work(client: Client, agent: User) -> None:
    make_case()
    page = client.get("/desk/?view=mine").content.decode()
    assert "这里清空了" in page and "去看看" in page


def test_unchanged_queue_answers_nothing_and_a_new_case_is_counted(
    client: Client, agent: User
) -> None:
    make_case()
    context = client.get("/desk/?view=all").context
    address = f"/desk/updates/?view=all&token={context['token']}&known={context['known']}"
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204
    make_case()
    answer = client.get(address, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "1 条更新" in answer.content.decode()
    assert 'hx-swap-oob="true"' in answer.content.decode()


# --- Case ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("tab", ["", "log", "evidence"])
def test_case_page_costs_the_same_with_three_hundred_entries(
    client: Client, agent: User, tab: str
) -> None:
    case, actor = make_case(), Actor.staff(agent)
    for number in range(30):
        write_note(case, by=actor, body=f"第 {number} 条")
    few = statements(client, case_url(case, tab))
    for number in range(270):
        write_note(case, by=actor, body=f"第 {number} 条")
    assert statements(client, case_url(case, tab)) == few <= 10


@pytest.mark.parametrize(
    "tab", ["talk", "evidence", "liability", "compensation", "agreement", "reviews", "log"]
)
def test_every_tab_opens(client: Client, agent: User, tab: str) -> None:
    assert client.get(case_url(make_case(), tab)).status_code == 200


def test_unknown_tab_is_not_found(client: Client, agent: User) -> None:
    assert client.get(case_url(make_case(), "nothing")).status_code == 404


def test_conversation_goes_back_to_the_first_words(client: Client, agent: User) -> None:
    case, actor = make_case(), Actor.staff(agent)
    start = now()
    for number in range(60):
        with shifted_to(start + timedelta(minutes=number)):
            write_note(case, by=actor, body=f"备注{number:03d}")
    page = client.get(case_url(case))
    assert "备注059" in page.content.decode() and "备注001" not in page.content.decode()
    earlier = client.get(case_url(case), {"before": page.context["earlier"].isoformat()})
    assert "备注001" in earlier.content.decode() and "备注059" not in earlier.content.decode()
    assert "白烟" in earlier.content.decode()


def test_contact_is_masked(client: Client, agent: User) -> None:
    page = client.get(case_url(make_case())).content.decode()
    assert "周*华" in page and "138 **** 5678" in page
    assert "周小华" not in page and "13812345678" not in page and "zhou@" not in page


def test_notes_are_marked_as_internal(client: Client, agent: User) -> None:
    case = make_case()
    write_note(case, by=Actor.staff(agent), body="像是温控器的问题")
    page = client.get(case_url(case)).content.decode()
    assert "rd-message-internal" in page and "像是温控器的问题" in page


def test_primary_button_follows_the_machine_and_says_who_may(client: Client, agent: User) -> None:
    case = make_case()
    assert (
        reverse("complaints:accept", args=[case.reference])
        in client.get(case_url(case)).content.decode()
    )
    client.force_login(make_user(Role.INVESTIGATOR))
    page = client.get(case_url(case)).content.decode()
    assert "需要的角色：客服专员、主管" in page


def test_emergency_asks_for_the_safety_action_first(client: Client, agent: User) -> None:
    case = make_case(danger=True)
    page = client.get(case_url(case))
    assert page.context["primary"].url == reverse("complaints:safety", args=[case.reference])
    assert "2 小时内要登记安全处置" in page.content.decode()


def test_other_cases_of_the_same_person_are_counted_and_listed(client: Client, agent: User) -> None:
    case, other = make_case(), make_case()
    assert "另有 1 起" in client.get(case_url(case)).content.decode()
    listed = client.get(reverse("desk:related", args=[case.reference, "consumer"]))
    assert other.reference in listed.content.decode()
    assert client.get(f"/desk/cases/{case.reference}/related/else/").status_code == 404


def test_case_that_is_not_theirs_to_see_is_not_found(client: Client) -> None:
    client.force_login(make_user(Role.FINANCE))
    case = make_case()
    for address in (
        case_url(case),
        reverse("desk:case_updates", args=[case.reference]),
        reverse("desk:related", args=[case.reference, "consumer"]),
    ):
        assert client.get(address).status_code == 404


def test_case_updates_are_told_once_something_happened(client: Client, agent: User) -> None:
    case = make_case()
    address = reverse("desk:case_updates", args=[case.reference])
    assert client.get(address, {"version": case.version}).status_code == 204
    write_message(case, by=Actor.consumer(), body="有进展吗")
    answer = client.get(address, {"version": case.version})
    assert "1 条更新" in answer.content.decode()


# --- Composer -----------------------------------------------------------------------------------
def say(client: Client, case: Case, **data: str):
    return client.post(reverse("desk:say", args=[case.reference]), data)


def test_reply_goes_to_the_consumer(client: Client, agent: User) -> None:
    case = make_case()
    answer = say(client, case, kind="reply", text="今天下午给你答复", nonce="n1")
    assert (answer.status_code, answer["Location"]) == (303, case_url(case))
    assert Message.objects.get().kind == "message"
    assert case.outbox.filter(kind="message").exists()


def test_sent_twice_is_sent_once(client: Client, agent: User) -> None:
    case = make_case()
    for kind in ("reply", "internal"):
        for _ in range(2):
            say(client, case, kind=kind, text="今天下午给你答复", nonce=f"nonce-{kind}")
    assert Message.objects.count() == 2
    assert case.outbox.filter(kind="message").count() == 1


def test_note_stays_inside(client: Client, agent: User) -> None:
    case = make_case()
    say(client, case, kind="internal", text="问过供应商了")
    assert Message.objects.get().kind == "note"
    assert not case.outbox.filter(kind="message").exists()


def test_those_who_may_not_reply_only_write_notes(client: Client) -> None:
    client.force_login(make_user(Role.REVIEWER))
    case = make_case()
    say(client, case, kind="reply", text="给你答复")
    assert Message.objects.get().kind == "note"


def test_empty_reply_is_refused_and_keeps_the_kind(client: Client, agent: User) -> None:
    case = make_case()
    answer = say(client, case, kind="internal", text="  ")
    assert answer.status_code == 422
    assert "写点内容再发送" in answer.content.decode()
    assert not Message.objects.exists()


def test_file_that_is_refused_sends_nothing_and_keeps_the_words(
    client: Client, agent: User
) -> None:
    case = make_case()
    file = SimpleUploadedFile("报告.exe", b"MZ\x90\x00" + b"\x00" * 200)
    answer = say(client, case, kind="reply", text="报告见附件", files=file)
    assert answer.status_code == 422
    assert "报告见附件" in answer.content.decode()
    assert not Message.objects.exists()


def test_send_and_next_opens_the_next_case(client: Client, agent: User) -> None:
    actor = Actor.staff(agent)
    first, second = make_case(), make_case()
    for case in (first, second):
        assign(case, owner=agent, by=actor)
    answer = say(client, first, kind="reply", text="好的", next="1")
    assert answer["Location"] == case_url(second)
    withdraw(second, by=actor, reason="不追究了")
    assert say(client, first, kind="reply", text="好的", next="1")["Location"] == "/desk/"


# --- Search and notices -------------------------------------------------------------------------
def test_exact_reference_opens_its_case(client: Client, agent: User) -> None:
    case = make_case()
    answer = client.get("/desk/search/", {"q": case.reference.lower()})
    assert (answer.status_code, answer["Location"]) == (303, case_url(case))


@pytest.mark.parametrize(("text", "found"), [("白烟", 1), ("13812345678", 1), ("漏水", 0), ("", 0)])
def test_search_lists_what_it_found(client: Client, agent: User, text: str, found: int) -> None:
    case = make_case()
    page = client.get("/desk/search/", {"q": text}).content.decode()
    assert (case.reference in page) is bool(found)


def test_search_costs_no_more_for_many_than_for_one(client: Client, agent: User) -> None:
    make_case()
    few = statements(client, "/desk/search/?q=白烟")
    for _ in range(30):
        make_case()
    assert statements(client, "/desk/search/?q=白烟") <= few <= 8


def test_notices_are_listed_and_marked_as_read(client: Client, agent: User) -> None:
    case = make_case()
    assign(case, owner=agent, by=staff(Role.MANAGER))
    write_message(case, by=Actor.consumer(), body="有进展吗")
    page = client.get(reverse("notifications"))
    assert page.context["notification_count"] == 2
    assert "消费者发来消息" in page.content.decode()
    assert "有案件交给你负责" in page.content.decode()
    client.post(reverse("notifications_read"))
    assert client.get(reverse("notifications")).context["notification_count"] == 0


def test_notice_of_unkept_clocks_leads_to_the_page_about_them(client: Client) -> None:
    manager = make_user(Role.MANAGER)
    client.force_login(manager)
    data = {"incident": "sweep_stopped", "since": now().isoformat()}
    tell_staff(None, "clocks_unkept", users=[manager], key="incident:1:clocks_unkept", data=data)
    page = client.get(reverse("notifications"))
    assert page.status_code == 200
    assert reverse("complaints:clock_health") in page.content.decode()


def test_bell_counts_what_is_unread(client: Client, agent: User) -> None:
    assign(make_case(), owner=agent, by=staff(Role.MANAGER))
    assert client.get("/desk/").context["notification_count"] == 1


def test_bell_counts_on_pages_that_know_nothing_of_notices(client: Client, agent: User) -> None:
    assign(make_case(), owner=agent, by=staff(Role.MANAGER))
    assert '<span class="rd-tool-count">1</span>' in client.get("/desk/search/").content.decode()
    assert "rd-tool-count" in client.get(reverse("complaints:mail")).content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_the_rail_leads_nowhere_that_is_closed(client: Client, role: str) -> None:
    client.force_login(make_user(role))
    rail = client.get(reverse("account_settings")).content.decode().partition("</nav>")[0]
    addresses = re.findall(r'class="rd-rail-link[^"]*" href="([^"]+)"', rail)
    assert len(addresses) >= 4
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


# --- Doors --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "/desk/",
        "/desk/search/",
        "/desk/notifications/",
        "/desk/updates/",
        "/desk/new/",
        "/desk/accountability/",
        "/desk/cases/RD-2026-000001/",
    ],
)
def test_desk_asks_for_a_log_in(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_refusal_names_ones_roles(client: Client) -> None:
    client.force_login(make_user(Role.REVIEWER))
    answer = client.get("/desk/new/")
    assert answer.status_code == 403
    assert "你的角色：复议员" in answer.content.decode()


def test_deactivated_people_are_let_out(client: Client, agent: User) -> None:
    agent.is_active = False
    agent.save()
    assert client.get("/desk/").status_code == 302


def test_every_right_is_named() -> None:
    assert all(str(permission.label) for permission in Permission)
