"""保存和清除: 结案、到期、保全挡住、别人解除、试算、申请、放行、清除；以后哪里都找不到这个人。"""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from accounts.states import Role
from complaints.models import Case
from complaints.moments import now
from reviews.models import ErasureRun
from reviews.tasks import propose_erasure
from tests.factories import make_user
from tests.process.answers import day_input
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.pages import Label
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.reviews.erasure_makers import PERSON, closed_case, found_anywhere

ELEVEN_YEARS = timedelta(days=366 * 11)


def colleague() -> Manager:
    """A second manager: nobody releases what they asked for."""
    other = Manager(make_user(Role.MANAGER, display_name="主管何"))
    other.logs_in()
    return other


def test_case_is_kept_held_let_go_and_gone(
    consumer: ConsumerBrowser, agent: Agent, manager: Manager, clock: TheClock, post: Post
) -> None:
    case = closed_case()
    consumer.holds(case)
    reference, other = case.reference, colleague()
    keeping = agent.open(reverse("reviews:keeping", args=[reference]))
    assert "签了协议或者付过款" in keeping
    assert "税收征收管理法实施细则" in keeping

    held = agent.press(
        agent.click(keeping, "设置保全"),
        "设置保全",
        {"ground": Label("诉讼或者仲裁"), "reason": "（2026）沪0112民初1号"},
    )
    assert reference in held.url
    assert case.closed_at is not None
    clock.reaches(case.closed_at + ELEVEN_YEARS)
    post.delivered()

    assert propose_erasure() == 1
    run = manager.open(
        manager.open(reverse("reviews:archive")).link_to(f"runs/{ErasureRun.objects.get().pk}/")
    )
    assert "有保全" in run
    assert not run.offers("申请，交给另一个人放行")

    lifting = manager.click(manager.open(reverse("reviews:holds")), "解除")
    manager.press(lifting, "解除保全", {"reason": "判决生效，已经执行"})
    run = manager.press(manager.open(reverse("reviews:runs")), "现在试算")
    assert "将清除" in run
    run = manager.press(run, "申请，交给另一个人放行", {"reason": "保存期限已过"})
    assert "要由另一个人放行" in run
    released = other.press(other.open(run.url), "放行，销毁")
    assert the(reference).erased_at is None
    assert "正在清除" in released

    clock.passes(minutes=2)

    gone = the(reference)
    assert gone.erased_at is not None
    assert (gone.stage, gone.amount_agreed) == (case.stage, case.amount_agreed)
    assert found_anywhere(*PERSON) == []
    certificate = other.click(other.open(run.url), reference)
    assert "个人密钥同时销毁" in certificate
    assert "判决生效" not in agent.open(reverse("desk:case", args=[reference]), status=410)
    assert "已按保存期限清除" in consumer.open(reverse("track:case", args=[reference]), status=410)
    assert Case.objects.filter(pk=case.pk).exists()
    assert other.download(certificate.link("下载证明（JSON）"))


def test_period_is_changed_from_a_day_on(manager: Manager, agent: Agent) -> None:
    case = closed_case()
    page = manager.click(manager.open(reverse("reviews:archive")), "签了协议或者付过款")
    manager.press(
        page,
        "保存为新的一版",
        {"months": "180", "reason": "税务顾问的意见", "effective_from": day_input(now())},
    )

    keeping = agent.open(reverse("reviews:keeping", args=[case.reference]))
    assert "180 个月" in keeping
    history = manager.click(manager.open(reverse("reviews:archive")), "签了协议或者付过款")
    assert "第 1 版" in history
    assert "税务顾问的意见" in history
