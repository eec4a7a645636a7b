"""The regions for which statistics are published, and which one fills in for which.

Codes are those of GB/T 2260: six digits, a province ends in four noughts. Compensation for injuries
is reckoned by the figures of a province, or of a city with its own plan (人身损害赔偿解释 2022
art 22); where a region has no figure of its own, the wider one fills in.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    """The country, its provinces and the cities whose figures are published apart."""

    NATION = "000000", _("全国")
    BEIJING = "110000", _("北京市")
    TIANJIN = "120000", _("天津市")
    HEBEI = "130000", _("河北省")
    SHANXI = "140000", _("山西省")
    INNER_MONGOLIA = "150000", _("内蒙古自治区")
    LIAONING = "210000", _("辽宁省")
    DALIAN = "210200", _("大连市")
    JILIN = "220000", _("吉林省")
    HEILONGJIANG = "230000", _("黑龙江省")
    SHANGHAI = "310000", _("上海市")
    JIANGSU = "320000", _("江苏省")
    ZHEJIANG = "330000", _("浙江省")
    NINGBO = "330200", _("宁波市")
    ANHUI = "340000", _("安徽省")
    FUJIAN = "350000", _("福建省")
    XIAMEN = "350200", _("厦门市")
    JIANGXI = "360000", _("江西省")
    SHANDONG = "370000", _("山东省")
    QINGDAO = "370200", _("青岛市")
    HENAN = "410000", _("河南省")
    HUBEI = "420000", _("湖北省")
    HUNAN = "430000", _("湖南省")
    GUANGDONG = "440000", _("广东省")
    SHENZHEN = "440300", _("深圳市")
    ZHUHAI = "440400", _("珠海市")
    SHANTOU = "440500", _("汕头市")
    GUANGXI = "450000", _("广西壮族自治区")
    HAINAN = "460000", _("海南省")
    CHONGQING = "500000", _("重庆市")
    SICHUAN = "510000", _("四川省")
    GUIZHOU = "520000", _("贵州省")
    YUNNAN = "530000", _("云南省")
    TIBET = "540000", _("西藏自治区")
    SHAANXI = "610000", _("陕西省")
    GANSU = "620000", _("甘肃省")
    QINGHAI = "630000", _("青海省")
    NINGXIA = "640000", _("宁夏回族自治区")
    XINJIANG = "650000", _("新疆维吾尔自治区")


_SHORT = {
    "北京": Region.BEIJING, "天津": Region.TIANJIN, "河北": Region.HEBEI, "山西": Region.SHANXI,
    "内蒙古": Region.INNER_MONGOLIA, "辽宁": Region.LIAONING, "大连": Region.DALIAN,
    "吉林": Region.JILIN, "黑龙江": Region.HEILONGJIANG, "上海": Region.SHANGHAI,
    "江苏": Region.JIANGSU, "浙江": Region.ZHEJIANG, "宁波": Region.NINGBO, "安徽": Region.ANHUI,
    "福建": Region.FUJIAN, "厦门": Region.XIAMEN, "江西": Region.JIANGXI,
    "山东": Region.SHANDONG, "青岛": Region.QINGDAO, "河南": Region.HENAN, "湖北": Region.HUBEI,
    "湖南": Region.HUNAN, "广东": Region.GUANGDONG, "深圳": Region.SHENZHEN,
    "珠海": Region.ZHUHAI, "汕头": Region.SHANTOU, "广西": Region.GUANGXI,
    "海南": Region.HAINAN, "重庆": Region.CHONGQING, "四川": Region.SICHUAN,
    "贵州": Region.GUIZHOU, "云南": Region.YUNNAN, "西藏": Region.TIBET, "陕西": Region.SHAANXI,
    "甘肃": Region.GANSU, "青海": Region.QINGHAI, "宁夏": Region.NINGXIA,
    "新疆": Region.XINJIANG,
}  # fmt: skip


def chain(code: str) -> list[str]:
    """Return a region and the wider ones that fill in for it, the narrowest first."""
    return list(dict.fromkeys([code, f"{code[:2]}0000", str(Region.NATION)]))


def region_told(*texts: str) -> str:
    """Return the narrowest region that the beginning of an address names, or ""."""
    for text in texts:
        plain = text.strip().removeprefix("中国")
        province = next((code for name, code in _SHORT.items() if plain.startswith(name)), None)
        if province is None:
            continue
        within = [
            code
            for name, code in _SHORT.items()
            if name in plain[:12] and code[:2] == province[:2] and not code.endswith("0000")
        ]
        return str(next(iter(within), province))
    return ""
