"""The categories and issues that every installation begins with."""

from django.db import migrations

TERMS = [
    (
        "QUALITY",
        "产品质量",
        "Product quality",
        [
            ("DEFECT", "缺陷", "Defect"),
            ("SAFETY", "安全隐患", "Safety hazard"),
            ("NOT_AS_DESCRIBED", "与描述不符", "Not as described"),
            ("COSMETIC", "外观瑕疵", "Cosmetic flaw"),
        ],
    ),
    (
        "SERVICE",
        "服务不满意",
        "Service",
        [
            ("ATTITUDE", "态度不佳", "Attitude"),
            ("SUBSTANDARD", "不达标", "Below standard"),
            ("DELAY", "维修不及时", "Slow repair"),
        ],
    ),
    (
        "PRICE",
        "价格",
        "Price",
        [
            ("OVERPRICED", "价格虚高", "Overpriced"),
            ("HIDDEN_FEE", "隐藏收费", "Hidden fee"),
        ],
    ),
    (
        "CONTRACT",
        "合同条款",
        "Contract terms",
        [
            ("ILLEGAL_TERM", "条款不合法", "Unlawful term"),
            ("UNCLEAR_TERM", "条款不明确", "Unclear term"),
        ],
    ),
    (
        "ADVERTISING",
        "虚假宣传",
        "False advertising",
        [
            ("FALSE_AD", "宣传与事实不符", "Claims that are not true"),
        ],
    ),
    (
        "AFTER_SALE",
        "售后",
        "After-sales",
        [
            ("REFUND_REFUSED", "拒绝退款", "Refund refused"),
            ("WARRANTY_DISPUTE", "保修争议", "Warranty dispute"),
        ],
    ),
    ("PRIVACY", "个人信息", "Personal data", [("DATA_MISUSE", "信息被滥用", "Data misused")]),
    (
        "PREPAID",
        "预付消费",
        "Prepaid",
        [("CARD_CLOSURE", "关店或停卡", "Shop closed or card stopped")],
    ),
    ("DELIVERY", "物流配送", "Delivery", [("LOST_DAMAGED", "丢失或损坏", "Lost or damaged")]),
]


def fill(apps, schema_editor):
    category_model = apps.get_model("complaints", "ComplaintCategory")
    issue_model = apps.get_model("complaints", "ComplaintIssue")
    number = 0
    for place, (code, zh, en, issues) in enumerate(TERMS):
        category = category_model.objects.create(code=code, name_zh=zh, name_en=en, position=place)
        for issue, issue_zh, issue_en in issues:
            issue_model.objects.create(
                code=issue, category=category, name_zh=issue_zh, name_en=issue_en, position=number
            )
            number += 1
    issue_model.objects.create(
        code="OTHER", category=None, name_zh="其他", name_en="Other", position=999
    )


def empty(apps, schema_editor):
    apps.get_model("complaints", "ComplaintIssue").objects.all().delete()
    apps.get_model("complaints", "ComplaintCategory").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0030_triage")]

    operations = [migrations.RunPython(fill, empty)]
