"""Invented data for the gallery. It is content, like a consumer's words, and stays untranslated."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

NOW = datetime(2026, 11, 22, 11, 11, 48, tzinfo=ZoneInfo("Asia/Shanghai"))

STORY = (
    "11 月 19 日晚上烧水时，水壶底座冒出白烟并有焦糊味，马上拔了插头。底座左侧塑料已经熔化，"
    "台面被烫出一块黑印。第二天联系门店，店员说要先自费检测。"
)
FILES = [
    {"name": "底座熔化.jpg", "size": "3.2 MB", "state": "done", "icon": "image", "delete_url": "#"},
    {"name": "台面烫痕.jpg", "state": "sending", "percent": 64, "icon": "image"},
    {
        "name": "冒烟视频.mov", "state": "refused", "icon": "video", "delete_url": "#",
        "message": "182 MB · 超过 100 MB，未上传",
    },
]  # fmt: skip
FILE_ERRORS = [{"href": "#evidence", "text": "「冒烟视频.mov」超过 100 MB，请剪短后再上传"}]


def due(**span: float) -> datetime:
    """Give a moment after the gallery's own."""
    return NOW + timedelta(**span)


def plan(
    value: str, title: str, total: str, unit: str, arrival: str, *lines: str
) -> dict[str, Any]:
    """Give a plan from lines written `label|amount`."""
    pairs = [line.split("|") for line in lines]
    return {
        "value": value, "title": title, "total": total, "unit": unit, "arrival": arrival,
        "lines": [{"label": label, "amount": amount} for label, amount in pairs],
    }  # fmt: skip


PLANS = [
    {
        **plan("refund", "全额退款", "¥1,437.00", "现金", "签署后 3 个工作日内原路退回",
               "退还货款|¥1,299.00", "寄回运费|¥38.00", "台面修复|¥100.00"),
        "badge": "到账最快",
    },
    plan("replace", "换新并补偿", "¥338.00", "现金 + 新机一台",
         "签署后 48 小时内发货，现金 3 个工作日到账",
         "同款新机|1 台", "台面修复|¥100.00", "误工与不便|¥200.00", "寄回运费|¥38.00"),
    plan("repair", "维修加延保", "¥138.00", "现金 + 权益", "维修约 5 天，代金券即时到账",
         "更换底座|免费", "延长保修|2 年", "台面修复|¥100.00", "代金券（无门槛）|¥300.00",
         "寄回运费|¥38.00"),
]  # fmt: skip

PROGRESS = [
    {"label": "已提交", "state": "done", "note": "11-20 21:14"},
    {"label": "已受理", "state": "done", "note": "11-20 22:40"},
    {"label": "调查", "state": "done", "note": "11-21"},
    {"label": "责任认定", "state": "done", "note": "11-22"},
    {"label": "选择方案", "state": "now", "note": "等你选择"},
    {"label": "签署协议", "state": "todo"},
    {"label": "补偿到账", "state": "todo"},
]

TIMELINE = [
    {"title": "我们给出了 3 种补偿方案", "at": "今天 10:52", "icon": "gift"},
    {"title": "责任认定完成：产品缺陷，我们承担全部责任", "at": "今天 10:30", "icon": "gavel",
     "text": "检测报告编号 QT-11832。", "href": "#finding", "link": "查看认定书和理由"},
    {"title": "检测中心收到水壶", "at": "昨天 09:16", "icon": "flask-conical",
     "text": "预计 24 小时内出结果，实际用时 21 小时。"},
    {"title": "客服林晓与你通话 6 分钟", "at": "11-20 22:58", "icon": "phone-call",
     "text": "约定上门取件，承诺不收检测费。"},
    {"title": "已受理，按紧急情况处理", "at": "11-20 22:40", "icon": "badge-check",
     "text": "从提交到受理用时 1 小时 26 分。"},
    {"title": "你提交了投诉", "at": "11-20 21:14", "icon": "send", "text": "3 张照片、1 段视频"},
]  # fmt: skip

DOCUMENTS = [
    {"label": "责任认定书（PDF）", "href": "#finding", "icon": "file-text"},
    {"label": "检测报告 QT-11832", "href": "#report", "icon": "file-text"},
    {"label": "你上传的 4 个文件", "href": "#files", "icon": "image"},
    {"label": "补充材料", "href": "#more", "icon": "plus"},
]
ANSWERS = [
    {"label": "商品", "value": "K7 电热水壶 1.7 L", "href": "#step-1"},
    {"label": "发生日期", "value": "2026-11-19", "href": "#step-3"},
    {"label": "订单号", "value": "", "href": "#step-1"},
    {"label": "经过", "value": STORY, "href": "#step-3"},
]
AGREEMENT = [
    {"label": "合计", "value": "¥1,437.00", "total": True, "note": "人民币壹仟肆佰叁拾柒元整"},
    {"label": "到账", "value": "3 个工作日内，原路退回微信支付"},
    {"label": "你放弃的权利", "value": "无。人身损害等以后发现的损失仍可主张"},
]
WAYS = [
    {"label": "都不合适，说说我的想法", "href": "#idea", "icon": "message-square-plus"},
    {"label": "不同意责任认定，申请复议", "href": "#review", "icon": "scale"},
    {"label": "请第三方调解", "href": "#mediation", "icon": "users"},
]


def consumer() -> dict[str, Any]:
    """Give what consumers' pages show."""
    return {
        "plans": PLANS, "progress": PROGRESS, "timeline": TIMELINE, "documents": DOCUMENTS,
        "answers": ANSWERS, "agreement": AGREEMENT, "ways": WAYS, "files": FILES,
        "choose_by": due(days=2, hours=6, minutes=20),
    }  # fmt: skip


def view(label: str, icon: str, count: int, **more: Any) -> dict[str, Any]:
    """Give one view of the desk."""
    return {"label": label, "icon": icon, "count": count, "href": "#view", **more}


VIEWS = [
    {"title": "待处理", "items": [
        view("紧急（2 小时）", "flame", 2, hot=True), view("我的待办", "user", 14, current=True),
        view("即将超时", "clock-alert", 5, hot=True),
        view("消费者已回复", "message-square-reply", 6), view("未分配", "user-round-x", 9),
    ]},
    {"title": "按阶段", "items": [
        view("调查中", "search", 23), view("待我审批", "file-check", 3),
        view("待消费者签署", "signature", 11), view("待打款", "badge-japanese-yen", 7),
        view("复议 / 调解", "scale", 4),
    ]},
    {"title": "我的视图", "items": [
        view("K7 水壶批次 2609B", "bookmark", 8), view("赔付 > ¥5,000", "bookmark", 6),
        view("老年 / 残障消费者", "bookmark", 5),
    ]},
]  # fmt: skip
URGENT = {"label": "紧急", "tone": "danger"}
ESCALATED = {"label": "升级", "tone": "purple"}


def row(
    number: str, title: str, stage: str, amount: int, left: float, **more: Any
) -> dict[str, Any]:
    """Give one case of the queue, with hours left."""
    return {
        "reference": f"RD-2026-{number}", "title": title, "stage": stage, "amount": amount,
        "due": due(hours=left), "href": f"#{number}", "pk": number, **more,
    }  # fmt: skip


QUEUE = [
    row("004817", "电热水壶底座冒烟，台面被烫", "责任认定", 1299, 0.804, unread=True, selected=True,
        flags=[URGENT]),
    row("004809", "空调安装后外机漏水到楼下", "调查", 4880, 2.26, unread=True),
    row("004806", "儿童手表无法定位，要求退货", "受理", 698, 3.68, unread=True),
    row("004771", "手机触控失灵，使用第 5 天", "补偿方案", 3999, 9.2),
    row("004768", "沙发实物与页面颜色不符", "待签署", 2360, 11.3),
    row("004755", "冰箱压缩机异响，第 3 次报修", "复议", 5499, 25, flags=[ESCALATED]),
    row("004742", "快递破损，花瓶碎裂", "待打款", 268, 30),
    row("004730", "空气净化器滤芯型号发错", "补偿方案", 159, -2.5),
]  # fmt: skip
STAGES = [
    {"label": label, "state": state}
    for label, state in zip(
        ["登记", "受理", "调查", "责任认定", "补偿方案", "签署", "执行", "回访"],
        ["done"] * 3 + ["now"] + ["todo"] * 4,
        strict=True,
    )
]
TABS = [
    {"label": "沟通", "href": "#talk", "current": True},
    {"label": "证据", "href": "#evidence", "count": 5},
    {"label": "责任认定", "href": "#finding", "note": "草稿"},
    {"label": "补偿方案", "href": "#plan"},
    {"label": "协议", "href": "#agreement"},
    {"label": "操作记录", "href": "#log"},
]
MESSAGES = [
    {"author": "周*华", "role": "消费者 · 网页", "at": "今天 09:12", "kind": "consumer",
     "text": "水壶昨天已经被你们取走了，检测要多久？家里老人现在不敢用别的电器，"
             "台面烫坏的地方也想知道怎么处理。",
     "attachments": [{"name": "底座熔化.jpg", "href": "#a", "icon": "image"},
                     {"name": "台面烫痕.jpg", "href": "#b", "icon": "image"}]},
    {"author": "林晓", "status": "已送达，消费者已读", "at": "今天 09:20", "kind": "staff",
     "text": "已经催了检测中心，今天中午前一定给你答复。在结果出来之前，其他电器可以放心用，"
             "这款水壶请先停用。"},
    {"author": "赵启", "role": "质量部", "at": "今天 09:48", "kind": "internal",
     "text": "温控器触点粘连，批次 2609B，同批另有 7 起。建议认定生产缺陷 100%，"
             "并通知供应商「恒泰电子」。报告 QT-11832 已传到证据。"},
]  # fmt: skip
REPLY = (
    "周先生，检测已经有结果：是底座温控器的问题，与你的使用无关。台面的修复费用我们承担，"
    "补偿方案今天 12 点前发给你选择。"
)
CHECKLIST = [
    {"label": "收到实物与检测报告", "done": True}, {"label": "听取消费者陈述", "done": True},
    {"label": "填写责任比例和依据"}, {"label": "主管复核（赔付 > ¥1,000）"},
]  # fmt: skip
RISK = [
    {"label": "涉及人身安全", "points": "+40"}, {"label": "同批次 8 起", "points": "+30"},
    {"label": "家有老人", "points": "+12"},
]  # fmt: skip
PERSON = [
    {"label": "姓名", "value": "周*华 · 68 岁"},
    {"label": "手机", "value": "138 **** 2046", "action": "显示", "action_href": "#show"},
    {"label": "偏好", "value": "电话，上午"},
]
ORDER = [
    {"label": "商品", "value": "K7 电热水壶 1.7 L"},
    {"label": "批次", "value": "2609B", "href": "#batch", "note": "· 8 起投诉"},
    {"label": "购买", "value": "2026-11-02 · ¥1,299.00"},
    {"label": "三包", "chip": "保修期内", "tone": "ok"},
]


def desk() -> dict[str, Any]:
    """Give what the desk shows."""
    return {
        "views": VIEWS, "queue": QUEUE, "stages": STAGES, "tabs": TABS, "talk": MESSAGES,
        "reply": REPLY, "checklist": CHECKLIST, "risk": RISK, "person": PERSON, "order": ORDER,
        "case_due": QUEUE[0]["due"],
    }  # fmt: skip


WEEKS = ["09-01", "09-08", "09-15", "09-22", "09-29", "10-06", "10-13", "10-20", "10-27", "11-03",
         "11-10", "11-17"]  # fmt: skip
OUTCOMES = [
    (30, 12, 6, 2), (33, 14, 8, 3), (31, 13, 9, 2), (38, 15, 9, 4), (35, 14, 8, 3), (36, 16, 8, 3),
    (40, 15, 10, 4), (38, 15, 10, 3), (41, 17, 10, 4), (45, 18, 11, 4), (42, 18, 11, 5),
    (50, 20, 14, 6),
]  # fmt: skip
BARS = {
    "title": "每周投诉量，按处理结果",
    "series": ["退款", "换货 / 维修", "调解", "复议"],
    "bars": [
        {"label": week, "values": values, "href": f"#week-{week}"}
        for week, values in zip(WEEKS, OUTCOMES, strict=True)
    ],
}
ON_TIME = [88, 90, 91, 89, 93, 92, 94, 93, 95, 96, 95, 96.4]
LINE = {
    "title": "按时完成率", "unit": "%", "target": 95, "low": 80, "high": 100,
    "points": [{"label": week, "value": value, "href": f"#on-time-{week}"}
               for week, value in zip(WEEKS, ON_TIME, strict=True)],
}  # fmt: skip
TREND = [12, 15, 14, 18, 16, 17, 20, 18, 21, 24, 23, 28]
FALL = [28, 27, 25, 26, 22, 20, 21, 17, 16, 14, 13, 11]
TILES = [
    {"label": "新增投诉", "value": "803", "unit": "件", "delta": "8.2%", "up": True,
     "tone": "danger", "note": "较上期 742", "points": TREND},
    {"label": "24 小时受理率", "value": "98.1", "unit": "%", "delta": "1.4", "up": True,
     "tone": "ok", "note": "目标 95%", "points": TREND[::2]},
    {"label": "平均结案", "value": "6.3", "unit": "天", "delta": "0.9", "up": False, "tone": "ok",
     "note": "目标 7 天", "points": FALL},
    {"label": "补偿支出", "value": "21.4", "unit": "万元", "delta": "12%", "up": True,
     "tone": "danger", "note": "预备金已用 61%", "points": TREND[1:]},
    {"label": "满意度", "value": "4.52", "unit": "/ 5", "delta": "0.11", "up": True, "tone": "ok",
     "note": "回访 312 份", "points": TREND[3:]},
]  # fmt: skip


def source(product: str, batch: str, cause: str, count: int, paid: str, *chip: str) -> list[dict]:
    """Give one line of the table of sources."""
    state = {"chip": chip[0], "tone": chip[1]} if chip else {"text": "--"}
    return [
        {"text": product, "href": "#product"}, {"text": batch}, {"text": cause},
        {"text": count, "num": True}, {"text": paid, "num": True}, state,
    ]  # fmt: skip


SOURCE_COLUMNS = [
    {"label": "商品"}, {"label": "批次 / 环节"}, {"label": "责任归属"},
    {"label": "件数", "num": True}, {"label": "补偿（元）", "num": True}, {"label": "状态"},
]  # fmt: skip
SOURCES = [
    source("K7 电热水壶", "2609B", "生产缺陷", 8, "11,496", "批次预警", "danger"),
    source("A3 空调安装", "杭州一队", "第三方服务", 6, "18,240", "关注", "warn"),
    source("S1 儿童手表", "2608A", "软件", 5, "3,490", "关注", "warn"),
    source("L9 沙发", "页面描述", "宣传不符", 4, "6,120"),
    source("P2 净化器", "发货", "物流", 3, "477"),
]
AGENTS = [
    {"name": "林晓", "open": 14, "tone": "brand", "words": "14 件", "score": "4.7", "time": "98%"},
    {"name": "王敏", "open": 17, "tone": "warn", "words": "17 件", "score": "4.5", "time": "95%"},
    {"name": "陈立", "open": 11, "tone": "brand", "words": "11 件", "score": "4.6", "time": "97%"},
    {"name": "吴桐", "open": 19, "tone": "danger", "words": "19 件，超上限", "score": "4.2",
     "time": "89%"},
]  # fmt: skip


def dashboard() -> dict[str, Any]:
    """Give what the dashboard shows."""
    return {
        "bars": BARS, "line": LINE, "tiles": TILES, "sources": SOURCES, "agents": AGENTS,
        "source_columns": SOURCE_COLUMNS,
    }  # fmt: skip
