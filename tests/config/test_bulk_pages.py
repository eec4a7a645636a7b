"""The pages of bulk work, as an agent goes through them without scripts."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.models import BulkItem, BulkJob, Case, Macro, Message, Tag
from complaints.services.bulk import work_bulk
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db
BULK = "desk:bulk"


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT)
    client.force_login(user)
    return user


def test_ticked_cases_are_given_to_one_person_and_taken_back(client: Client, agent: User) -> None:
    cases, colleague = [make_case(), make_case()], make_user(Role.AGENT, display_name="同事乙")
    nonce = client.get("/desk/?view=all").context["nonce"]
    data = {"act": "assign", "case": [c.pk for c in cases], "owner": colleague.pk, "nonce": nonce}
    first = client.post(reverse(BULK), data)
    again = client.post(reverse(BULK), data)
    assert first["Location"] == again["Location"] and BulkJob.objects.count() == 1
    waiting = client.get(first["Location"])
    assert "正在处理，0 / 2 件" in waiting.content.decode() and "hx-get" in waiting.content.decode()
    work_bulk()
    done = client.get(first["Location"]).content.decode()
    assert "转交给同事乙，2 件" in done and "已全部处理，共 2 件" in done
    assert {case.owner_id for case in Case.objects.all()} == {colleague.pk}
    undo = client.post(reverse("desk:bulk_undo", args=[BulkJob.objects.get().pk]))
    work_bulk()
    assert "撤销「转交给同事乙」，2 件" in client.get(undo["Location"]).content.decode()
    assert {case.owner_id for case in Case.objects.all()} == {None}
    assert "看撤销的结果" in client.get(first["Location"]).content.decode()
    assert client.get(reverse("desk:bulk_list")).content.decode().count("同事乙") == 2


def test_all_that_match_are_meant_and_no_more(client: Client, agent: User) -> None:
    for _ in range(27):
        make_case(category="PRICE")
    make_case(category="QUALITY")
    page = client.get("/desk/?view=all&category=PRICE")
    assert "所有符合条件的 27 件" in page.content.decode()
    data = {"act": "tag", "all": "1", "query": page.context["query"], "nonce": "x"}
    asked = client.post(reverse(BULK), data)
    assert asked.status_code == 200 and asked.context["count"] == "27"
    order = client.post(reverse(BULK), {**data, "sure": "1", "tag": "价格"})
    work_bulk()
    assert BulkJob.objects.get().total == 27
    shown = client.get(order["Location"], {"result": "done"})
    assert "加标签「价格」，27 件" in shown.content.decode()
    assert Case.objects.filter(case_tags__tag__name="价格").count() == 27


def test_progress_is_told_only_when_it_moved(client: Client, agent: User) -> None:
    case, owner = make_case(), make_user(Role.AGENT)
    order = client.post(reverse(BULK), {"act": "assign", "case": [case.pk], "owner": owner.pk})
    ask = {"headers": {"HX-Request": "true"}}
    assert client.get(order["Location"] + "?done=0.0", **ask).status_code == 204
    work_bulk()
    moved = client.get(order["Location"] + "?done=0.0", **ask)
    assert "已全部处理" in moved.content.decode() and "<html" not in moved.content.decode()
    assert "hx-get" not in moved.content.decode()


def test_what_is_missing_is_asked_for_and_kept(client: Client, agent: User) -> None:
    case = make_case()
    nothing = client.post(reverse(BULK), {"act": "tag", "query": "view=all"})
    assert (nothing.status_code, nothing["Location"]) == (303, "/desk/?view=all")
    for act in ("assign", "tag", "untag", "severity", "merge", "macro"):
        data = {"act": act, "case": [case.pk]}
        assert client.post(reverse(BULK), data).status_code == 200
        refused = client.post(reverse(BULK), {**data, "sure": "1"})
        assert refused.status_code == 422
        assert f'name="case" value="{case.pk}"' in refused.content.decode()
    data = {"act": "merge", "case": [case.pk], "sure": "1", "into": "RD-1", "cause": "same_event"}
    assert "没有找到这个编号的案件" in client.post(reverse(BULK), data).content.decode()
    assert client.post(reverse(BULK), {"act": "pay", "case": [case.pk]}).status_code == 404
    assert BulkJob.objects.count() == 0


def test_a_macro_is_run_over_all_that_match_and_says_what_stays(
    client: Client, agent: User
) -> None:
    for number in (1, 2):
        make_case(category="PRICE", product_text="水壶", order_number=f"A-{number}")
    make_case(category="PRICE", product_text="水壶")
    each = Macro.objects.get(name="请补充材料")
    data = {"act": "macro", "all": "1", "query": "view=all&category=PRICE", "nonce": "x"}
    asked = client.post(reverse(BULK), data)
    assert asked.context["count"] == "3" and "回复消费者" in asked.content.decode()
    value = f"{each.pk}.{each.version}"
    old = client.post(reverse(BULK), {**data, "sure": "1", "macro": f"{each.pk}.99"})
    assert old.status_code == 422 and "刚刚改过" in old.content.decode()
    order = client.post(reverse(BULK), {**data, "sure": "1", "macro": value})
    assert "停下并撤销" not in client.get(order["Location"]).content.decode()
    work_bulk()
    shown = client.get(order["Location"]).content.decode()
    assert "快捷操作「请补充材料」，3 件" in shown and "订单号" in shown
    assert "已经发出的回复、受理、升级和备注收不回" in shown
    assert Case.objects.filter(owner=agent).count() == 2 and Message.objects.count() >= 2
    undo = client.post(reverse("desk:bulk_undo", args=[BulkJob.objects.get().pk]))
    work_bulk()
    assert client.get(undo["Location"]).content.decode().count("回复已经发出，收不回。") == 2
    assert not Case.objects.filter(owner=agent).exists()


def test_those_who_may_not_handle_cases_order_nothing(client: Client) -> None:
    client.force_login(make_user(Role.FINANCE))
    data = {"act": "assign", "case": [make_case().pk], "owner": make_user(Role.AGENT).pk}
    assert client.post(reverse(BULK), data).status_code == 403
    assert BulkJob.objects.count() == 0


def test_an_order_is_shown_to_who_gave_it_and_to_managers(client: Client, agent: User) -> None:
    case, owner = make_case(), make_user(Role.AGENT)
    order = client.post(reverse(BULK), {"act": "assign", "case": [case.pk], "owner": owner.pk})
    client.force_login(make_user(Role.AGENT))
    assert client.get(order["Location"]).status_code == 404
    client.force_login(make_user(Role.MANAGER))
    assert client.get(order["Location"]).status_code == 200


def test_a_long_list_is_never_meant_in_part(client: Client, agent: User) -> None:
    """A query that is cut loses conditions, and would mean more cases than the page shows."""
    for _number in range(3):
        make_case()
    query = QueryDict(mutable=True)
    query["q"] = "没有这样的字" * 20
    query["owner"] = "unowned"
    chosen = {"act": "assign", "owner": agent.pk, "all": "1", "query": query.urlencode()}
    client.post("/desk/bulk/", chosen)
    assert not BulkItem.objects.exists()


def test_taking_off_a_tag_that_there_is_not_makes_none(client: Client, agent: User) -> None:
    asked = {"act": "untag", "case": make_case().pk, "tag": "没有过", "sure": "1"}
    answer = client.post("/desk/bulk/", asked)
    assert answer.status_code == 422 and not Tag.objects.exists()
