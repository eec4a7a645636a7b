"""Saved views: own, shared, ordered, counted, opened with; the address alone says which list."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import SavedView
from complaints.moments import now
from complaints.selectors.saved_views import usable_views
from complaints.services.saved_views import change_view, open_with, save_view
from complaints.services.tagging import tag_called, tag_case
from complaints.services.triage import assign
from complaints.states import Sharing
from tests.factories import make_case, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def steady_clock(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the database's clock before statements are counted, not once a minute among them."""
    monkeypatch.setattr("complaints.moments._REFRESH_SECONDS", float("inf"))
    now()


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT, team=make_team())
    client.force_login(user)
    return user


def saved(user: User, name: str, query: str = "view=all", sharing: str = Sharing.OWN) -> SavedView:
    return save_view(name=name, query=query, sharing=sharing, by=Actor.staff(user))


def test_a_narrowed_list_becomes_a_view_and_opens_from_the_menu(
    client: Client, agent: User
) -> None:
    case = make_case(category="QUALITY")
    make_case(category="PRICE")
    new = reverse("desk:view_new") + "?view=all&category=QUALITY&after=x"
    answer = client.post(new, {"name": "质量问题", "sharing": "own"})
    view = SavedView.objects.get()
    assert (answer.status_code, view.query) == (303, "view=all&category=QUALITY")
    page = client.get(answer["Location"])
    assert [row["reference"] for row in page.context["rows"]] == [case.reference]
    item = next(i for g in page.context["groups"] for i in g["items"] if i["label"] == "质量问题")
    assert (item["count"], item["current"]) == ("1", True)
    assert "<h1" in page.content.decode() and page.context["list_title"] == "质量问题"


def test_changing_the_filters_offers_to_update_the_view(client: Client, agent: User) -> None:
    view = saved(agent, "质量", "view=all&category=QUALITY")
    page = client.get(f"/desk/?view=all&category=PRICE&saved={view.pk}").content.decode()
    assert "更新视图" in page
    edit = reverse("desk:view_edit", args=[view.pk]) + "?view=all&category=PRICE"
    assert client.post(edit, {"name": "价格", "sharing": "own"}).status_code == 303
    view.refresh_from_db()
    assert (view.name, view.query) == ("价格", "view=all&category=PRICE")


def statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


def counts_of(client: Client, address: str = "/desk/?view=all") -> dict[str, str]:
    groups = client.get(address).context["groups"]
    return {str(item["label"]): item.get("count") for group in groups for item in group["items"]}


def test_thirty_views_cost_no_statement_more_and_are_counted_seldom(
    client: Client, agent: User
) -> None:
    make_case(category="QUALITY")
    client.get("/desk/?view=all")
    without = len(statements(client, "/desk/?view=all"))
    for number in range(30):
        saved(agent, f"视图{number}", f"view=all&category=QUALITY&left={number + 1}")
    first, second = (statements(client, "/desk/?view=all") for _ in range(2))
    assert len(first) == len(second) == without
    counted = [sum(sql.count("count(*)") for sql in each) for each in (first, second)]
    assert counted[0] - counted[1] == 30


def test_counts_are_kept_for_a_while_but_never_for_the_open_view(
    client: Client, agent: User
) -> None:
    view = saved(agent, "质量", "view=all&category=QUALITY")
    make_case(category="QUALITY")
    assert counts_of(client)["质量"] == "1"
    make_case(category="QUALITY")
    assert counts_of(client)["质量"] == "1"
    assert counts_of(client, f"/desk/?view=all&category=QUALITY&saved={view.pk}")["质量"] == "2"
    assert counts_of(client)["质量"] == "2"
    client.force_login(make_user(Role.FINANCE))
    assert "质量" not in counts_of(client)


def test_many_cases_are_counted_to_a_bound(
    client: Client, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("queue_page", "view_counts"):
        monkeypatch.setattr(f"config.desk.{module}.MOST", 2)
    saved(agent, "全部的", "view=all")
    for _ in range(2):
        make_case()
    assert counts_of(client)["全部的"] == "2"
    cache.clear()
    make_case()
    make_case()
    assert counts_of(client)["全部的"] == "2+"


def test_changed_view_is_counted_anew(client: Client, agent: User) -> None:
    view = saved(agent, "质量", "view=all&category=QUALITY")
    make_case(category="PRICE")
    assert counts_of(client)["质量"] == "0"
    edit = reverse("desk:view_edit", args=[view.pk]) + "?view=all&category=PRICE"
    client.post(edit, {"name": "价格", "sharing": "own"})
    assert counts_of(client)["价格"] == "1"


def test_sharing_reaches_the_team_or_all_and_no_other() -> None:
    team = make_team()
    one, mate, other = make_user(Role.AGENT, team=team), make_user(team=team), make_user()
    boss = make_user(Role.MANAGER)
    own, with_team = saved(one, "甲"), saved(one, "乙", sharing=Sharing.TEAM)
    for_all = saved(boss, "丙", sharing=Sharing.ALL)
    views = {user: set(usable_views(user)) for user in (one, mate, other)}
    assert views == {one: {own, with_team, for_all}, mate: {with_team, for_all}, other: {for_all}}
    with pytest.raises(StepForbidden):
        change_view(with_team, name="丁", sharing=Sharing.OWN, by=Actor.staff(mate))


@pytest.mark.parametrize(
    ("name", "sharing", "field"),
    [
        (" ", Sharing.OWN, "name"),
        ("有了", Sharing.OWN, "name"),
        ("新的", Sharing.ALL, "sharing"),
        ("新的", "nobody", "sharing"),
    ],
)
def test_what_cannot_be_saved_leaves_nothing(agent: User, name: str, sharing: str, field: str):
    saved(agent, "有了")
    with pytest.raises(CaseError) as refusal:
        saved(agent, name, sharing=sharing)
    assert refusal.value.field == field
    assert SavedView.objects.count() == 1


def test_order_default_and_removal(client: Client, agent: User) -> None:
    first, second = saved(agent, "甲"), saved(agent, "乙", "view=all&late=1")
    act = reverse("desk:view_act", args=[second.pk])
    client.post(act, {"act": "up"})
    assert [view.name for view in usable_views(agent)] == ["乙", "甲"]
    client.post(act, {"act": "open_with"})
    opened = client.get("/desk/")
    assert (opened.status_code, opened["Location"]) == (
        302,
        f"/desk/?view=all&late=1&saved={second.pk}",
    )
    assert client.get("/desk/?view=mine").status_code == 200
    client.post(act, {"act": "delete"})
    assert client.get("/desk/").status_code == 200
    assert list(SavedView.objects.all()) == [first]


def test_a_view_shared_no_longer_opens_nobodys_desk(client: Client, agent: User) -> None:
    boss = make_user(Role.MANAGER)
    view = saved(boss, "丙", sharing=Sharing.ALL)
    open_with(view, by=Actor.staff(agent))
    assert client.get("/desk/").status_code == 302
    change_view(view, name="丙", sharing=Sharing.OWN, by=Actor.staff(boss))
    assert client.get("/desk/").status_code == 200
    assert client.get(reverse("desk:view_edit", args=[view.pk])).status_code == 404


def test_me_in_a_shared_view_is_whoever_looks(client: Client, agent: User) -> None:
    boss, case = make_user(Role.MANAGER), make_case()
    assign(case, owner=agent, by=Actor.staff(boss))
    view = saved(boss, "我的", "view=all&owner=me", sharing=Sharing.ALL)
    page = client.get(f"/desk/?{view.query}&saved={view.pk}")
    assert [row["reference"] for row in page.context["rows"]] == [case.reference]


EVERYTHING = (
    "view=all&stage=received&stage=accepted&urgency=normal&severity=minor&category=QUALITY"
    "&issue=DEFECT&line=x&product=x&batch=x&channel=phone&market=CN&owner=me&owner=none&team=none"
    "&tier=vulnerable&tag=none&left=24&language=en&late=1&unread=1&q=水壶&source=cfpb"
    "&received_from=2026-01-01&received_to=2026-12-31&sort=waiting"
)


@pytest.mark.parametrize("query", ["view=all", EVERYTHING, EVERYTHING + "&filters=1"])
@pytest.mark.parametrize("views", [0, 8])
def test_any_filter_with_many_views_costs_eight_statements_at_most(
    client: Client, agent: User, query: str, views: int
) -> None:
    for number in range(views):
        saved(agent, f"视图 {number}", EVERYTHING)
    make_case(category="QUALITY")
    client.get(f"/desk/?{query}")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/desk/?{query}").status_code == 200
    assert len(asked) <= 6


def test_chips_say_what_is_chosen_and_lead_to_the_list_without_it(
    client: Client, agent: User
) -> None:
    tag = tag_called("质检跟进", by=Actor.staff(agent))
    page = client.get(f"/desk/?view=all&tag={tag.pk}&stage=received&left=24")
    chips = {(chip["label"], chip["words"]): chip["href"] for chip in page.context["chips"]}
    assert set(chips) == {("标签", "质检跟进"), ("阶段", "已收到"), ("剩余时限少于", "1 天")}
    assert chips["标签", "质检跟进"] == "/desk/?view=all&stage=received&left=24"


def test_tags_are_changed_on_a_page_and_shown_on_the_case(client: Client, agent: User) -> None:
    case, actor = make_case(), Actor.staff(agent)
    old = tag_called("老标签", by=actor)
    tag_case(case, add=[old], by=actor)
    address = reverse("complaints:tags", args=[case.reference])
    assert "老标签" in client.get(address).content.decode()
    assert client.post(address, {"tags": [], "new": "质检跟进"}).status_code == 303
    page = client.get(reverse("desk:case", args=[case.reference])).content.decode()
    assert "质检跟进" in page and "老标签" not in page
    assert "质检跟进" in client.get("/desk/?view=all").content.decode()


def test_those_who_handle_no_cases_put_no_tags(client: Client) -> None:
    client.force_login(make_user(Role.REVIEWER))
    case = make_case()
    address = reverse("complaints:tags", args=[case.reference])
    assert client.post(address, {"new": "质检跟进"}).status_code == 403
