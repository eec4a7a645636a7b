"""The filters of a list as its page shows them: every choice, and what is chosen as chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints.selectors.filters import (
    CHOSEN,
    DATES,
    LEFT_HOURS,
    ME,
    NOBODY,
    NONE,
    SWITCHES,
    VULNERABLE,
    WORDS,
)
from complaints.states import Channel, CustomerTier, Severity, Stage, Urgency

Choices = Sequence[tuple[str, Any]]
KEPT_OUT = ("after", "before", "pane", "known", "token", "filters", "saved")
_SOURCES = (("cfpb", "CFPB"), ("nhtsa", "NHTSA"), ("heimao", gettext_lazy("黑猫投诉")))
_MARKETS = (
    ("CN", gettext_lazy("中国大陆")),
    ("EU", gettext_lazy("欧盟")),
    ("UK", gettext_lazy("英国")),
    ("US", gettext_lazy("美国")),
)
LABELS: dict[str, Any] = {
    "q": gettext_lazy("包含文字"),
    "stage": gettext_lazy("阶段"),
    "owner": gettext_lazy("负责人"),
    "team": gettext_lazy("小组"),
    "tag": gettext_lazy("标签"),
    "urgency": gettext_lazy("紧急程度"),
    "severity": gettext_lazy("严重程度"),
    "category": gettext_lazy("类别"),
    "issue": gettext_lazy("问题"),
    "line": gettext_lazy("产品线"),
    "product": gettext_lazy("商品或型号"),
    "batch": gettext_lazy("批次"),
    "channel": gettext_lazy("渠道"),
    "market": gettext_lazy("市场"),
    "tier": gettext_lazy("客户类型"),
    "language": gettext_lazy("语言"),
    "source": gettext_lazy("来源系统"),
    "received_from": gettext_lazy("收到日期从"),
    "received_to": gettext_lazy("收到日期到"),
    "left": gettext_lazy("剩余时限少于"),
    "late": gettext_lazy("有期限已过"),
    "unread": gettext_lazy("消费者有新消息"),
}


def _fixed() -> dict[str, Choices]:
    return {
        "stage": Stage.choices,
        "urgency": Urgency.choices,
        "severity": Severity.choices,
        "channel": Channel.choices,
        "market": _MARKETS,
        "tier": [*CustomerTier.choices, (VULNERABLE, _("老年人、残障人士或未成年人"))],
        "language": settings.LANGUAGES,
        "source": _SOURCES,
    }


def choices_of(kept: Mapping[str, Choices]) -> dict[str, Choices]:
    """Return what may be chosen under each name; `kept` is what tables hold."""
    found = {**_fixed(), **kept}
    found["owner"] = [(ME, _("我")), (NOBODY, _("未分配")), *found.get("owner", ())]
    found["team"] = [*found.get("team", ()), (NONE, _("没有小组"))]
    if found.get("tag"):
        found["tag"] = [*found["tag"], (NONE, _("没有标签"))]
    return found


@dataclass(frozen=True)
class Picker:
    """One name of which several values can be ticked."""

    name: str
    label: str
    choices: list[dict[str, Any]]
    chosen: int


def pickers(params: QueryDict, choices: Mapping[str, Choices]) -> list[Picker]:
    """Return the names with fixed values, in the order of the page; none that has no values."""
    found = []
    for name in (each for each in LABELS if each in CHOSEN):
        values = params.getlist(name)
        rows = [
            {"value": value, "label": label, "checked": value in values}
            for value, label in choices.get(name, ())
        ]
        if rows:
            chosen = sum(row["checked"] for row in rows)
            found.append(Picker(name, str(LABELS[name]), rows, chosen))
    return found


def left_choices(params: QueryDict) -> list[dict[str, Any]]:
    """Return the spans below which the time left may be asked for."""
    return [
        {"value": str(hours), "label": span, "checked": params.get("left") == str(hours)}
        for hours, span in _spans().items()
    ]


def _spans() -> dict[int, str]:
    return {hours: _span(hours) for hours in LEFT_HOURS}


def _span(hours: int) -> str:
    if hours % 24 or hours == 0:
        return ngettext("%(count)d 小时", "%(count)d 小时", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d 天", "%(count)d 天", days) % {"count": days}


def chips(
    params: QueryDict, choices: Mapping[str, Choices], *, address: str
) -> list[dict[str, Any]]:
    """Return what the list is narrowed to, each with the address of the list without it."""
    found = []
    for name in LABELS:
        for value in dict.fromkeys(params.getlist(name)):
            words = _words(name, value, choices) if value.strip() else ""
            if words:
                label = str(LABELS[name])
                href = f"{address}?{_without(params, name, value)}"
                found.append({"name": name, "label": label, "words": words, "href": href})
    return found


def _words(name: str, value: str, choices: Mapping[str, Choices]) -> str:
    if name in CHOSEN:
        return str(dict(choices.get(name, ())).get(value, value))
    if name == "left":
        return _span(int(value)) if value.isdecimal() and len(value) < 5 else ""
    if name in SWITCHES:
        return _("是")
    return value if name in (*WORDS, *DATES) else ""


def _without(params: QueryDict, name: str, value: str) -> str:
    rest = params.copy()
    for own in KEPT_OUT:
        rest.pop(own, None)
    rest.setlist(name, [each for each in params.getlist(name) if each != value])
    return rest.urlencode()
