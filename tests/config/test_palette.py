"""The command palette: what it offers, and that it offers nobody more than they may reach."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.services.saved_views import save_view
from complaints.states import Sharing
from config.desk.palette import offers
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db


def links(user: User, text: str, reference: str = "") -> dict[str, str]:
    groups = offers(user, text, reference=reference)
    return {item["label"]: item["href"] for group in groups for item in group["items"]}


def test_a_reference_a_word_and_a_number_lead_to_the_case() -> None:
    case, agent = make_case(title="水壶漏水"), make_user(Role.AGENT)
    address = reverse("desk:case", args=[case.reference])
    number = str(int(case.reference.rpartition("-")[2]))
    for text in (case.reference.lower(), "漏水", number):
        assert links(agent, text)["水壶漏水"] == address


def test_views_pages_and_actions_are_offered_by_their_names() -> None:
    agent = make_user(Role.AGENT)
    view = save_view(
        name="质检批次", query="view=all&late=1", sharing=Sharing.OWN, by=Actor.staff(agent)
    )
    assert links(agent, "质检") == {"质检批次": f"/desk/?view=all&late=1&saved={view.pk}"}
    assert links(agent, "即将")["即将超时"] == "/desk/?view=soon"
    assert links(agent, "登记")["登记来电或到店投诉"] == reverse("complaints:new")
    assert links(agent, "客户")["客户档案"] == reverse("complaints:customers")
    assert links(agent, "没有这样的东西") == {}
    assert set(links(agent, "")) >= {"紧急（2 小时）", "工作台"}


def test_the_open_case_brings_its_own_steps() -> None:
    case, agent = make_case(), make_user(Role.AGENT)
    steps = links(agent, "受理", case.reference)
    assert reverse("complaints:accept", args=[case.reference]) in steps.values()
    assert "受理投诉" not in links(make_user(Role.REVIEWER), "受理", case.reference)


def test_nothing_is_offered_that_one_may_not_reach() -> None:
    case, finance = make_case(title="水壶漏水"), make_user(Role.FINANCE)
    for text in ("漏水", case.reference):
        assert links(finance, text) == {}
    assert links(finance, "", case.reference).keys().isdisjoint({"转交", "标签"})
    assert "人员和分配" not in links(make_user(Role.AGENT), "人员")
    assert "人员和分配" in links(make_user(Role.MANAGER), "人员")


def test_the_list_is_a_fragment_and_without_scripts_a_page(client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    make_case(title="<b>漏水</b>")
    address = reverse("desk:palette") + "?q=漏水"
    fragment = client.get(address, headers={"X-Palette": "1"}).content.decode()
    assert 'role="option"' in fragment and "<html" not in fragment
    assert "&lt;b&gt;漏水" in fragment
    page = client.get(address).content.decode()
    assert "<h1>命令面板</h1>" in page and "&lt;b&gt;漏水" in page
