"""A batch defect lived through: few complaints, then many, an alarm, and what people did about it.

The robot V3 of batch 2605C stops charging. Some of its buyers have accepted the common remedy, one
wants something else, some have not answered, and two cases are still being looked into.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from compensation.drafts import LineData, OptionData, PlanData
from compensation.remedies import RemedyTerms
from compensation.services.remedies import decide_remedy, send_remedy, write_remedy
from compensation.states import LineKind, OptionKind
from complaints.models import Product
from complaints.moments import now, reset_shift, shift_to
from config.demo.complaints import DemoComplaint
from config.demo.courses import COURSES
from config.demo.story import BASIS, Staff, Story
from liability.models import Incident
from liability.services.incidents import (
    TaskData,
    add_incident_task,
    decide_incident,
    finish_incident_task,
    watch_batches,
)
from liability.services.statements import StatementText, publish_statement, save_statement
from liability.states import IncidentTaskKind

MODEL, BATCH, FAULT = "V3", "2605C", "DEFECT"
DECIDED, FOUND, OFFERED, TOLD = 10, 8.5, 7, 6
FOUND_CASES, CHOSE = 6, 3

# days ago, name, title, text
EARLIER = [
    (150, "高明远", "充电座指示灯不亮", "用了一个月，充电座的灯不亮了，换了插座也一样。"),
    (112, "蒋若兰", "机器人充不进电", "放回充电座没有反应，手动对准也不充。"),
    (71, "沈浩", "充到一半就停", "每次只充到一半，扫不完一个房间就回去。"),
]
LATELY = [
    (22, "魏子涵", "充电座突然没有反应", "昨天还好好的，今天放上去一点反应都没有，指示灯也不亮。"),
    (
        20.5,
        "谭雨桐",
        "扫地机器人充不上电",
        "买来三周，充电座不工作了。客服让我擦触点，擦了也没用。",
    ),
    (19, "邵文博", "充电座坏了", "指示灯闪两下就灭，机器人一直提示电量低。"),
    (18, "白露", "充不进电，没法用", "整晚放在充电座上，早上还是没有电。家里有猫，每天都要用。"),
    (17, "康佳怡", "充电座不通电", "换了三个插座都不亮，说明书上的办法都试过了。"),
    (16, "卢志强", "新机器充电座失灵", "收到第十天充电座就不行了，希望换一台。"),
    (14.5, "向晚晴", "V3 充电没反应", "指示灯不亮，机器人回去就一直原地转。"),
    (13, "穆青", "充电座用不了", "和网上别人说的一样，充电座突然没电。"),
]


def live_incident(
    staff: Staff, products: dict[str, Product], *, present: datetime, chance: random.Random
) -> Incident:
    """Let the cases come, the alarm be raised, and people carry it half way."""
    try:
        for row in EARLIER:
            story = _story(row, staff, products, present, chance)
            COURSES["closed_replace"](story)
            story.to_the_present()
        stories = [_story(row, staff, products, present, chance) for row in LATELY]
        incident = _raised(present)
        _decided(incident, staff, present)
        _offered(incident, stories, staff, present)
        _told(incident, staff, present)
        _answered(stories)
        for story in stories:
            story.to_the_present()
        return incident
    finally:
        reset_shift()


def _story(
    row: tuple[float, str, str, str],
    staff: Staff,
    products: dict[str, Product],
    present: datetime,
    chance: random.Random,
) -> Story:
    days, name, title, text = row
    lately, product = days < EARLIER[-1][0], products[MODEL]
    told = DemoComplaint(
        *(days, "", name, MODEL, BATCH, FAULT, "replace", title, text),
        severity="severe" if lately else "moderate",
        paid=str(product.list_price),
    )
    story = Story(told, staff=staff, product_id=product.pk, present=present, chance=chance)
    if lately:
        story.accept(hours=3).investigate(hours=3)
    return story


def _until(story: Story, days_ago: float) -> Story:
    """Let a story's time pass until so many days ago."""
    return story.after(days=(story.present - story.at) / timedelta(days=1) - days_ago)


def _raised(present: datetime) -> Incident:
    """Let the alarm look every day from the first complaint of the surge on."""
    for days_ago in range(int(LATELY[0][0]), DECIDED, -1):
        shift_to(present - timedelta(days=days_ago))
        watch_batches()
        found = Incident.objects.filter(batch__code=BATCH, fault=FAULT).first()
        if found is not None:
            return found
    raise LookupError(f"no alarm about {MODEL} {BATCH}")


def _decided(incident: Incident, staff: Staff, present: datetime) -> None:
    shift_to(present - timedelta(days=DECIDED))
    watch_batches()
    decide_incident(
        incident,
        confirmed=True,
        reason="退回的三个充电座都是同一批电源板，焊点开裂。别的批次没有这个问题。",
        by=staff["manager"],
    )
    today = timezone.localdate(now())
    tasks = [
        (IncidentTaskKind.STOP_SALE, "agent2", 1, "三个网店和中心仓"),
        (IncidentTaskKind.NOTIFY, "agent", 4, "给这一批的买家发短信"),
        (IncidentTaskKind.RECALL, "investigator", 13, "召回充电座，统计召回率"),
        (IncidentTaskKind.OTHER, "manager", 9, "和电源板的供货者谈赔偿"),
    ]
    made = [
        add_incident_task(
            incident,
            TaskData(kind, staff.users[owner], today + timedelta(days=days), note),
            by=staff["manager"],
        )
        for kind, owner, days, note in tasks
    ]
    shift_to(now() + timedelta(hours=20))
    finish_incident_task(made[0], result="三个网店已下架，中心仓封存 412 台。", by=staff["agent2"])
    shift_to(now() + timedelta(days=3))
    finish_incident_task(made[1], result="发出 2,188 条，送达 2,131 条。", by=staff["agent"])


def remedy_terms(price: Decimal) -> RemedyTerms:
    """Return what every buyer of the batch is offered: money back, or a new charger and money."""
    freight = LineData(LineKind.LOSS, "寄回运费", Decimal("38.00"), legal_basis=BASIS)
    refund = LineData(LineKind.REFUND, "退还货款", price, legal_basis=BASIS, of_price=True)
    charger = LineData(LineKind.REPLACE, "新充电座", Decimal("199.00"), is_cash=False, unit="个")
    trouble = LineData(LineKind.GOODWILL, "耽误时间的补偿", Decimal("80.00"), layer="goodwill")
    options: Sequence[OptionData] = [
        OptionData(
            title="全额退款",
            arrival_text="签署后 3 个工作日内原路退回",
            lines=[refund, freight],
        ),
        OptionData(
            title="换新充电座并补偿",
            kind=OptionKind.REPLACEMENT,
            arrival_text="签署后 48 小时内发货，现金 3 个工作日到账",
            performance_days=5,
            lines=[charger, freight, trouble],
            legal_minimum=Decimal("38.00"),
        ),
    ]
    return RemedyTerms(PlanData(options=options, legal_basis=BASIS), floor_of_price=True)


def _offered(incident: Incident, stories: list[Story], staff: Staff, present: datetime) -> None:
    for story in stories[:FOUND_CASES]:
        _until(story, FOUND + 1.5).find()
    shift_to(present - timedelta(days=FOUND - 0.5))
    price = max(story.paid for story in stories)
    written = write_remedy(incident, remedy_terms(price), by=staff["agent"])
    shift_to(now() + timedelta(hours=5))
    remedy = decide_remedy(written, approve=True, note="同意。", by=staff["approver"])
    shift_to(present - timedelta(days=OFFERED))
    send_remedy(remedy, by=staff["agent"], valid_days=15)
    for story in stories[:FOUND_CASES]:
        story.at = now()
        story.refresh()
        story.working_plan = story.case.plans.get()


def _told(incident: Incident, staff: Staff, present: datetime) -> None:
    shift_to(present - timedelta(days=TOLD))
    text = StatementText(
        title_zh="V3 扫地机器人（2605C 批）充电座召回",
        title_en="Recall of the charger of robot V3, batch 2605C",
        body_zh="这一批充电座的电源板可能失灵，充不进电。\n\n- 批次号印在机器底部\n"
        "- 可以选择全额退款，或者换新充电座并得到补偿\n- 运费由我们承担\n\n"
        "别的批次不受影响。",
        body_en="The power board of this batch of chargers may stop working.\n\n"
        "- The batch number is printed under the machine\n"
        "- You may have your money back, or a new charger and some money\n"
        "- We pay the freight\n\nOther batches are not affected.",
    )
    draft = save_statement(incident, text, by=staff["investigator"])
    shift_to(now() + timedelta(hours=3))
    publish_statement(incident, by=staff["manager"], seen=draft.revision)


def _answered(stories: list[Story]) -> None:
    """Three accept (two have signed), one wants something else, two are still thinking."""
    for position, story in enumerate(stories[:CHOSE]):
        _until(story, 5.5 - position).choose(hours=4, position=position % 2)
    for story in stories[: CHOSE - 1]:
        story.draft().consumer_signs().company_signs().perform()
    _until(stories[CHOSE], 0.6).object("充电座换过一次了，这次想退全款，再补一年的保修。", hours=3)
