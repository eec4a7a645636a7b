"""Pages about who owns a case, who is who, and which cases are one: by role, done, refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Absence, Skill, User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import AccessLog, Case, CaseLink, Conflict, Consent, Customer, SkillNeed
from complaints.selectors.owners import today
from complaints.services.assigning import tend_owners
from complaints.services.bulk import work_bulk
from complaints.services.intake import ContactData
from complaints.services.triage import assign
from complaints.states import Stage
from tests.factories import make_case, make_team, make_user

pytestmark = pytest.mark.django_db

KETTLE = "11 月 19 日晚上烧水时，水壶底座一直漏水，桌面都泡坏了，客服没回音，要求退款并赔偿损失。"
BOB = ContactData(name="博", phone="13800000002", email="bob@example.test")


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT, display_name="客服甲")
    client.force_login(user)
    return user


@pytest.fixture
def manager(client: Client) -> User:
    user = make_user(Role.MANAGER, display_name="周经理")
    client.force_login(user)
    return user


def url(name: str, *args: Any) -> str:
    return reverse(f"complaints:{name}", args=args)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def file_of(case: Case) -> Customer:
    return Customer.objects.get(consumers=case.consumer_id)


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


# Who owns a case


def test_second_to_press_learns_who_was_faster(client: Client, agent: User) -> None:
    case, other = make_case(), make_user(Role.AGENT, display_name="客服乙")
    assert 'name="held_by" value=""' in shown(client, reverse("desk:case", args=[case.reference]))
    assign(case, owner=other, by=Actor.staff(other))

    answer = client.post(url("take_over", case.reference), {"held_by": ""}, follow=True)

    assert "客服乙刚刚接了这个案件" in answer.content.decode()
    assert fresh(case).owner == other
    client.post(url("take_over", case.reference), {"held_by": str(other.pk)})
    assert fresh(case).owner == agent


def test_owner_gives_back_with_a_reason_and_others_cannot(client: Client, agent: User) -> None:
    case = assign(make_case(), owner=agent, by=Actor.staff(agent))
    assert client.post(url("release", case.reference), {"reason": "不懂"}).status_code == 422
    assert fresh(case).owner == agent
    other = make_user(Role.AGENT, display_name="客服乙")
    assert client.post(url("release", case.reference), {"reason": ""}).status_code == 422
    assert client.post(url("release", case.reference), {"reason": "不懂"}).status_code == 303
    assert fresh(case).owner == other
    refused = client.post(url("release", case.reference), {"reason": "再退"})
    assert refused.status_code == 422


def test_page_tells_why_somebody_has_the_case(client: Client, agent: User) -> None:
    team = make_team(manager=make_user(Role.MANAGER), is_default=True)
    User.objects.filter(pk=agent.pk).update(team=team)
    away = make_user(Role.AGENT, team=team, display_name="客服乙")
    Absence.objects.create(
        user=away, starts_on=today(), ends_on=today(), reason="leave", created_by=away
    )
    case = make_case()
    tend_owners()
    page = shown(client, url("ownership", case.reference))
    assert "现在由 客服甲 负责" in page
    assert "和案件在同一个小组" in page
    assert "客服乙（不在岗）" in page


def test_conflict_is_recorded_and_a_manager_lifts_it(client: Client, agent: User) -> None:
    make_user(Role.AGENT, display_name="客服乙")
    case = assign(make_case(), owner=agent, by=Actor.staff(agent))
    address = url("ownership", case.reference)
    assert client.post(address, {"user": agent.pk}).status_code == 422
    assert client.post(address, {"user": agent.pk, "ground": "family"}).status_code == 303
    assert fresh(case).owner != agent
    conflict = Conflict.objects.get()
    lift = url("conflict_lift", case.reference, conflict.pk)
    assert client.post(lift).status_code == 403
    client.force_login(make_user(Role.MANAGER))
    assert "是消费者的亲属或朋友" in shown(client, address)
    assert client.post(lift).status_code == 303
    conflict.refresh_from_db()
    assert conflict.lifted_at is not None


def test_assigning_to_somebody_named_in_the_complaint_is_refused(
    client: Client, agent: User
) -> None:
    named = make_user(Role.AGENT, display_name="林晓东")
    case = make_case(description="客服林晓东态度很差，不解决问题。")
    answer = client.post(url("assign", case.reference), {"owner": named.pk})
    assert answer.status_code == 422
    assert "投诉里提到了这个姓名" in answer.content.decode()
    bulk = {"act": "assign", "case": [case.pk], "owner": named.pk}
    order = client.post(reverse("desk:bulk"), bulk)["Location"]
    work_bulk()
    assert "投诉里提到了这个姓名" in client.get(order).content.decode()
    assert fresh(case).owner is None


# People and skills


def test_manager_sets_limits_skills_and_absence(client: Client, manager: User) -> None:
    person, skill = make_user(Role.AGENT, display_name="客服乙"), Skill.objects.create(name="空调")
    assert "客服乙" in shown(client, url("staff"))
    page = url("staff_member", person.pk)
    assert client.post(page, {"most_open_cases": 0}).status_code == 422
    data = {"most_open_cases": 7, "skills": [skill.pk]}
    assert client.post(page, data).status_code == 303
    person.refresh_from_db()
    assert (person.most_open_cases, person.takes_cases) == (7, False)
    assert list(person.skills.all()) == [skill]

    days = {"starts_on": today().isoformat(), "ends_on": today().isoformat(), "reason": "sick"}
    assert client.post(url("absence_new", person.pk), {**days, "ends_on": ""}).status_code == 422
    assert client.post(url("absence_new", person.pk), days).status_code == 303
    assert client.post(url("absence_new", person.pk), days).status_code == 422
    assert "病假" in shown(client, url("staff"))
    absence = Absence.objects.get()
    assert client.post(url("absence_cancel", person.pk, absence.pk)).status_code == 303
    absence.refresh_from_db()
    assert absence.cancelled_by == manager
    assert client.post(url("absence_cancel", person.pk, absence.pk)).status_code == 404


def test_cases_of_the_absent_are_listed_for_the_manager(client: Client, manager: User) -> None:
    person = make_user(Role.AGENT, display_name="客服乙")
    case = assign(make_case(), owner=person, by=Actor.staff(manager))
    Case.objects.filter(pk=case.pk).update(next_due_at=case.next_due_at + timedelta(days=60))
    Absence.objects.create(
        user=person, starts_on=today(), ends_on=today(), reason="leave", created_by=manager
    )
    tend_owners()
    assert "1 起，等得到本人回来" in shown(client, url("staff"))


def test_skills_and_what_asks_for_them(client: Client, manager: User) -> None:
    page = url("skills")
    assert client.post(page, {"what": "skill", "skill-name": "英语"}).status_code == 303
    assert client.post(page, {"what": "skill", "skill-name": "英语"}).status_code == 422
    skill = Skill.objects.get()
    assert client.post(page, {"what": "need", "need-skill": skill.pk}).status_code == 422
    asked = {"what": "need", "need-skill": skill.pk, "need-language": "en"}
    assert client.post(page, asked).status_code == 303
    need = SkillNeed.objects.get()
    assert need.language == "en"
    assert client.post(url("need_remove", need.pk)).status_code == 303
    assert not SkillNeed.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_staff_pages_are_the_managers(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    for address in (url("staff"), url("skills"), url("staff_member", 1), url("looks")):
        assert client.get(address).status_code == 403


# Duplicates


def test_likely_duplicates_are_told_and_merged_in_one_step(client: Client, agent: User) -> None:
    case, *others = (make_case(description=KETTLE, order_number="A-1") for _number in range(3))
    assert "可能和另外 2 起投诉是同一件事" in shown(
        client, reverse("desk:case", args=[case.reference])
    )
    page = shown(client, url("duplicates", case.reference))
    assert "订单号相同：A-1" in page
    assert "经过的文字有 100% 相同" in page

    data = {
        "case": [others[0].reference],
        "others": others[1].reference.lower(),
        "cause": "same_complaint",
        f"seen-{others[0].reference}": others[0].version,
    }
    assert client.post(url("merge_here", case.reference), data).status_code == 303

    assert {fresh(each).merged_into_id for each in others} == {case.pk}
    page = shown(client, url("duplicates", case.reference))
    assert "并入本案的案件" in page
    facts = shown(client, reverse("desk:case", args=[case.reference]))
    assert "并入本案 2 起" in facts
    assert "可能和另外" not in facts


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"cause": "same_event"}, 422),
        ({"others": "RD-2020-999999", "cause": "same_event"}, 422),
        ({"others": "{case}", "cause": "same_event"}, 422),
        ({"others": "{other}"}, 422),
        ({"case": "{other}", "cause": "same_event", "seen-{other}": "77"}, 409),
    ],
)
def test_merges_that_cannot_be_leave_nothing(
    client: Client, agent: User, data: dict[str, str], status: int
) -> None:
    case, other = make_case(), make_case()
    names = {"case": case.reference, "other": other.reference}
    filled = {key.format(**names): value.format(**names) for key, value in data.items()}
    assert client.post(url("merge_here", case.reference), filled).status_code == status
    assert fresh(other).stage == Stage.RECEIVED


def test_link_shows_on_both_sides_and_is_ended(client: Client, agent: User) -> None:
    case, other = make_case(), make_case(contact=BOB, description="空调不制冷，要求换货处理。")
    data = {"other": other.reference, "kind": "follow_up"}
    assert client.post(url("link", case.reference), data).status_code == 303
    assert "本案是它的后续" in shown(client, url("duplicates", case.reference))
    assert "它是本案的后续" in shown(client, url("duplicates", other.reference))
    assert "关联 1 起" in shown(client, reverse("desk:case", args=[other.reference]))
    bad = client.post(url("link", case.reference), {**data, "other": "RD-1"})
    assert bad.status_code == 422
    assert client.post(url("unlink", other.reference, case.reference)).status_code == 303
    assert CaseLink.objects.get().ended_by == agent


def test_case_dismissed_as_no_duplicate_is_not_proposed_again(client: Client, agent: User) -> None:
    case, other = make_case(order_number="A-1"), make_case(order_number="A-1")
    data = {"other": other.reference, "kind": "not_duplicate"}
    client.post(url("link", case.reference), data)
    assert "可能和另外" not in shown(client, reverse("desk:case", args=[case.reference]))


def test_complaint_that_is_there_is_told_while_it_is_written_down(
    client: Client, agent: User
) -> None:
    case = make_case(description=KETTLE, order_number="A-1")
    assert url("known_already") in shown(client, url("new"))
    found = client.post(url("known_already"), {"order_number": "A-1", "description": ""})
    assert case.reference in found.content.decode()
    nothing = client.post(url("known_already"), {"description": "x" * 9000, "phone": "\x00"})
    assert nothing.content.strip() == b""


@pytest.mark.parametrize("role", [Role.FINANCE, Role.REVIEWER])
def test_merging_and_linking_are_the_desks(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    case, other = make_case(), make_case()
    for name, data in (
        ("merge_here", {"case": other.reference, "cause": "same_event"}),
        ("link", {"other": other.reference, "kind": "related"}),
    ):
        assert client.post(url(name, case.reference), data).status_code in (403, 404)
    assert fresh(other).stage == Stage.RECEIVED
    assert not CaseLink.objects.exists()


# Customer files


def test_file_opens_from_a_case_and_the_look_is_kept(client: Client, agent: User) -> None:
    case = make_case()
    address = reverse("desk:customer", args=[file_of(case).pk])
    assert f"{address}?case={case.reference}" in shown(
        client, reverse("desk:case", args=[case.reference])
    )

    page = shown(client, f"{address}?case={case.reference}")

    assert case.reference in page
    assert "13812345678" not in page
    assert "138" in page
    look = AccessLog.objects.get()
    assert (look.user, look.case, look.customer) == (agent, case, file_of(case))


def test_without_a_case_a_reason_is_asked_and_kept_for_this_file(
    client: Client, agent: User
) -> None:
    file, other = file_of(make_case()), file_of(make_case(contact=BOB))
    address = reverse("desk:customer", args=[file.pk])
    assert client.get(address)["Location"] == url("customer_why", file.pk)
    strange = client.get(f"{address}?case={make_case(contact=BOB).reference}")
    assert strange.status_code == 302
    assert client.post(url("customer_why", file.pk), {"reason": ""}).status_code == 422
    assert not AccessLog.objects.exists()
    client.post(url("customer_why", file.pk), {"reason": "核对身份"})
    shown(client, address)
    shown(client, address)
    assert list(AccessLog.objects.values_list("reason", flat=True)) == ["核对身份"] * 2
    assert client.get(reverse("desk:customer", args=[other.pk])).status_code == 302


def test_file_is_found_by_phone_and_nothing_stands_in_the_address(
    client: Client, agent: User
) -> None:
    file = file_of(make_case(contact=BOB))
    answer = client.post(url("customers"), {"who": "138 0000 0002"})
    assert answer["Location"] == reverse("desk:customer", args=[file.pk])
    assert client.post(url("customers"), {"who": "13999999999"}).status_code == 422


@pytest.mark.parametrize("role", [Role.FINANCE, Role.MEDIATOR, Role.ADMINISTRATOR])
def test_finance_mediators_and_administrators_see_no_file(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    case = make_case()
    address = reverse("desk:customer", args=[file_of(case).pk])
    for where in (f"{address}?case={case.reference}", url("customers"), url("customer_why", 1)):
        assert client.get(where).status_code == 403
    assert not AccessLog.objects.exists()


def test_reviewer_reads_a_file_and_changes_nothing(client: Client) -> None:
    client.force_login(make_user(Role.REVIEWER))
    case = make_case()
    file = file_of(case)
    page = shown(client, f"{reverse('desk:customer', args=[file.pk])}?case={case.reference}")
    assert url("customer_kinds", file.pk) not in page
    data = {"kinds": ["vulnerable"], "reason": "x"}
    assert client.post(url("customer_kinds", file.pk), data).status_code == 403


def test_files_are_joined_and_separated(client: Client, agent: User) -> None:
    first, second = make_case(), make_case(contact=BOB)
    file, other = file_of(first), file_of(second)
    join = url("customer_join", file.pk)
    assert client.post(join, {"other": "C-999999", "reason": "同"}).status_code == 422
    assert client.post(join, {"other": other.number, "reason": ""}).status_code == 422
    assert client.post(join, {"other": other.number, "reason": "换号"}).status_code == 303
    page = shown(client, reverse("desk:customer", args=[file.pk]))
    assert second.reference in page
    assert "换号" in page
    separate = url("customer_separate", other.pk)
    assert client.post(separate, {"reason": "不是同一个人"}).status_code == 303
    assert second.reference not in shown(client, reverse("desk:customer", args=[file.pk]))


def test_identity_kinds_wishes_and_consents(client: Client, agent: User) -> None:
    case = make_case()
    file = file_of(case)
    address = f"{reverse('desk:customer', args=[file.pk])}?case={case.reference}"
    kinds = {"kinds": ["vulnerable", "business"], "reason": "75 岁"}
    assert client.post(url("customer_kinds", file.pk), kinds).status_code == 303
    wishes = {"language": "en", "channel": "sms", "hours_from": "09:00", "hours_to": "18:00"}
    assert client.post(url("customer_preferences", file.pk), wishes).status_code == 303
    wrong = {**wishes, "hours_to": "08:00"}
    assert client.post(url("customer_preferences", file.pk), wrong).status_code == 422
    consent = {"purpose": "survey", "given": "no", "source": "来电"}
    assert client.post(url("customer_consent", file.pk), consent).status_code == 303
    assert not Consent.objects.get().given
    page = shown(client, address)
    for words in ("不方便出门的，上门处理", "固定的企业对接人", "09:00–18:00", "不同意", "75 岁"):
        assert words in page
    identity = file.identities.get(kind="email")
    split = url("identity_separate", file.pk, identity.pk)
    assert client.post(split, {"reason": "家人的邮箱"}).status_code == 303
    assert file.identities.count() == 1
    assert client.post(split, {"reason": "再拆"}).status_code == 404


def test_managers_see_who_looked_and_narrow_it(client: Client, manager: User) -> None:
    case, other = make_case(), make_case(contact=BOB)
    for each in (case, other):
        shown(client, f"{reverse('desk:customer', args=[file_of(each).pk])}?case={each.reference}")
    assert AccessLog.objects.count() == 2
    page = shown(client, url("looks"))
    assert case.reference in page and other.reference in page
    one = shown(client, f"{url('looks')}?customer={file_of(case).number}&user={manager.pk}")
    assert case.reference in one and other.reference not in one
    none = shown(client, f"{url('looks')}?until=2020-01-01&page=x")
    assert "没有符合的记录" in none


def test_pages_cost_the_same_for_one_case_and_for_many(
    client: Client, manager: User, django_assert_max_num_queries: Any
) -> None:
    case = make_case()
    address = f"{reverse('desk:customer', args=[file_of(case).pk])}?case={case.reference}"
    shown(client, address)
    for _number in range(30):
        make_case()
    with django_assert_max_num_queries(32):
        shown(client, address)
    people = [make_user(Role.AGENT) for _number in range(20)]
    assert len(people) == 20
    with django_assert_max_num_queries(12):
        shown(client, url("staff"))


def test_complaint_of_a_member_of_staff_is_not_theirs(client: Client, agent: User) -> None:
    contact = ContactData(name="客服", email=agent.email)
    case = make_case(contact=contact)
    client.post(url("take_over", case.reference), {"held_by": ""})
    assert fresh(case).owner is None
