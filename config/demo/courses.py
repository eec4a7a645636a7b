"""How far each case of the demonstration goes. A course is a list of steps that people took."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from complaints.moments import now
from complaints.services import triage
from config.demo.investigations import look_into
from config.demo.story import CONSUMER, Story
from liability.services.findings import close_without_liability
from liability.states import Outcome
from reviews.services.deciding import DecisionData, assign_panel, decide_review
from reviews.services.mediating import (
    Positions,
    name_mediator,
    record_positions,
    refer_to_mediation,
)
from reviews.services.proceedings import ProceedingData, record_proceeding
from reviews.services.requesting import request_review

QUESTION = "东西已经被取走了，检测要多久？"
ANSWER = "已经催了检测中心，出结果马上告诉你。结果出来之前请不要使用同款产品。"


def fresh(story: Story) -> None:
    """Just received; nobody has answered yet."""


def late_ack(story: Story) -> None:
    """Received and forgotten: the 24 hours are over."""


def accepted(story: Story) -> None:
    """Accepted, waiting to be investigated or settled."""
    story.accept(hours=3)


def investigating(story: Story) -> None:
    """Being investigated, with a conversation going on."""
    story.accept(hours=2).investigate(hours=2).converse(QUESTION, ANSWER)
    if story.told.batch == "2609B":
        look_into(story)


def late_investigation(story: Story) -> None:
    """The investigation takes longer than promised."""
    story.accept(hours=2).investigate(hours=2, heard=False)


def finding(story: Story) -> None:
    """Liability was determined; the plan is to be written."""
    story.accept().investigate().find()
    story.after(days=3)


def plan_draft(story: Story) -> None:
    """Admitted; the plan is being written."""
    story.accept().admit().plan(submit=False)


def approval(story: Story) -> None:
    """The plan waits for an approver."""
    story.accept().investigate().find().plan(approve=False)


def offer_sent(story: Story) -> None:
    """The consumer's turn to choose, sent not long ago."""
    story.accept().investigate().converse(QUESTION, ANSWER).find().plan()
    story.offer()


def countered(story: Story) -> None:
    """The consumer wants something else."""
    story.accept().investigate().find().plan().offer()
    story.object(
        "三个方案都不合适。我不想再修，也不想换，希望退全款并补偿上门误工一天。", amount="1600.00"
    )


def signing(story: Story) -> None:
    """Agreed on in the second round; the agreement is out for signature."""
    story.accept().investigate().find().plan().offer()
    story.object("请假两次，希望补偿误工 200 元。", amount="200.00", hours=5)
    story.plan(more=True, hours=2).offer().choose(position=0, hours=8)
    story.draft()


def agreed_wait(story: Story) -> None:
    """Signed, but in force only from an agreed day."""
    story.accept().investigate().find().plan().offer().choose(position=0)
    story.draft(effective_in_days=2).consumer_signs().company_signs()


def fulfilling(story: Story) -> None:
    """Signed by both; what was promised is being done."""
    story.accept().investigate().find().plan().offer().choose(position=0)
    story.draft().consumer_signs().company_signs()


def instalments(story: Story) -> None:
    """Signed by both: paid in three parts, the goods fetched from the consumer's home."""
    story.accept().investigate().find().plan().offer().choose(position=0)
    story.draft(in_parts=3).consumer_signs().company_signs()


def breached(story: Story) -> None:
    """Signed, and not done in time."""
    story.accept().investigate().find().plan().offer().choose(position=0)
    story.draft().consumer_signs().company_signs()


def following_up(story: Story) -> None:
    """Everything was done; the consumer is being asked."""
    story.accept().investigate().find().plan().offer().choose(position=1)
    story.draft().consumer_signs().company_signs().perform()


def _closed(story: Story, *, position: int) -> None:
    story.accept().investigate().converse(QUESTION, ANSWER).find().plan().offer()
    story.choose(position=position).draft().consumer_signs().company_signs().perform().rate()


def closed_refund(story: Story) -> None:
    """Closed with the money back."""
    _closed(story, position=0)


def closed_replace(story: Story) -> None:
    """Closed with a new one."""
    _closed(story, position=1)


def closed_repair(story: Story) -> None:
    """Closed with a repair."""
    _closed(story, position=2)


def closed_small(story: Story) -> None:
    """A minor case, settled without an investigation."""
    story.accept(hours=1).admit().plan().offer().choose(position=1)
    story.draft().consumer_signs().company_signs().perform().rate(rating=5)


def closed_price(story: Story) -> None:
    """A case about a price, closed."""
    if story.told.severity == "minor":
        story.accept(hours=1).admit().plan().offer().choose(position=0)
        story.draft().consumer_signs().company_signs().perform().rate()
    else:
        closed_refund(story)


def late_closed(story: Story) -> None:
    """Answered a day late, and closed with a poor mark."""
    story.after(hours=30)
    story.accept(hours=1).investigate().find().plan().offer().choose(position=2)
    story.draft().consumer_signs().company_signs().perform().rate(rating=2)


def declined(story: Story) -> None:
    """Not ours to handle."""
    story.after(hours=5)
    triage.decline(
        story.case,
        by=story.handler,
        ground="out_of_remit",
        advice="滤芯不是我们销售的，退款请联系购买的店铺；店铺不处理的，可以打 12315。",
        review_until=(now() + timedelta(days=15)).date(),
    )


def withdrawn(story: Story) -> None:
    """Taken back by the consumer."""
    story.accept(hours=2).after(hours=20)
    triage.withdraw(story.case, by=CONSUMER, reason="已经修好了")


def _not_liable(story: Story) -> None:
    story.accept().investigate().find(
        outcome=Outcome.NOT_LIABLE,
        reasons="检测没有发现产品缺陷，破损是温差过大造成的，说明书第 6 页有提示，我们不承担责任。",
    )


def closed_unliable(story: Story) -> None:
    """Not liable; closed after the notice period."""
    _not_liable(story)
    story.after(days=9)
    close_without_liability(story.case, by=story.handler)


def under_review(story: Story) -> None:
    """The consumer does not accept the finding."""
    _not_liable(story)
    story.after(hours=5)
    request_review(
        story.case,
        by=CONSUMER,
        grounds=["facts"],
        text="检测说我放了金属，可我只热了一碗米饭，有视频。",
    )


def appeal_closed(story: Story) -> None:
    """A review put another finding in place of the first, and the case was settled."""
    _not_liable(story)
    story.after(days=2)
    review = request_review(
        story.case,
        by=CONSUMER,
        grounds=["new_evidence"],
        text="补充了监控视频，能看到机器没有减速直接撞上去。",
    )
    by = story.staff["reviewer"]
    assign_panel(review, by=by, members=[story.staff.users["reviewer"]])
    story.after(days=1)
    decide_review(
        review,
        by=by,
        decision=DecisionData(
            decision="remit",
            reasons="新的视频与原检测结论不一致，原认定的事实依据不足。",
            outcome_text="撤销原责任认定，重新调查。",
            findings={
                ground.pk: "视频显示机器没有识别障碍物，理由成立。"
                for ground in review.grounds.all()
            },
        ),
    )
    story.refresh()
    story.rehear()
    story.find(days=2, reasons="复核视频后确认避障功能没有起作用，责任在我们。").plan().offer()
    story.choose(position=0).draft().consumer_signs().company_signs().perform().rate(rating=4)


def _mediation(story: Story) -> None:
    story.accept().investigate().find(outcome=Outcome.PARTLY, reasons=(
        "安装和使用两方面都有原因，按照各自的过错分担，我们承担七成。"
    )).plan().offer()  # fmt: skip
    story.object("只赔这些不够，我要求按实际损失赔。", hours=10)
    story.after(hours=20)
    mediation = refer_to_mediation(story.case, by=CONSUMER, wish="按实际损失赔偿，愿意提供票据。")
    story.refresh()
    name_mediator(mediation, by=story.handler, mediator=story.staff.users["mediator"])
    story.after(days=1)
    record_positions(
        mediation,
        by=story.staff["mediator"],
        positions=Positions(
            consumer="按票据赔偿实际损失。",
            company="愿意承担与过错相应的部分。",
            common="都同意尽快解决，并认可票据的金额。",
        ),
    )
    story.refresh()


def mediating(story: Story) -> None:
    """In mediation."""
    _mediation(story)


def mediated(story: Story) -> None:
    """Mediation did not settle it at once; a better offer did."""
    _mediation(story)
    story.end_mediation()
    story.plan().offer().choose(position=0)
    story.draft().consumer_signs().company_signs().perform().rate(rating=4)


def external(story: Story) -> None:
    """Handling waits for 12315."""
    story.accept().investigate(hours=6).after(days=1)
    record_proceeding(
        story.case,
        by=story.handler,
        proceeding=ProceedingData(
            kind="12315",
            body="上海市闵行区市场监督管理局",
            filed_on=now().date(),
            reference="12315-2026-118823",
            suspends=True,
        ),
    )


COURSES: dict[str, Callable[[Story], None]] = {
    course.__name__: course
    for course in (
        fresh, late_ack, accepted, investigating, late_investigation, finding, plan_draft,
        approval, offer_sent, countered, signing, agreed_wait, fulfilling, instalments,
        breached, following_up,
        closed_refund, closed_replace, closed_repair, closed_small, closed_price, late_closed,
        declined, withdrawn, closed_unliable, under_review, appeal_closed, mediating, mediated,
        external,
    )
}  # fmt: skip
