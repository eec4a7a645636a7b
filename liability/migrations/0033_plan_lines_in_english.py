"""Lines of plans and of the shipped templates in English too; their Chinese stays as it was."""

import json

from django.db import migrations, models

ENGLISH = {
    "消费者反映的问题是否存在，和哪次购买有关": (
        "Does the problem exist, and which purchase does it concern?"
    ),
    "问题发生的原因是什么，和使用方式有没有关系": (
        "What caused the problem, and had the way of use anything to do with it?"
    ),
    "订单、付款记录和双方约定的内容": "Order, payment records and what both sides agreed",
    "请被投诉的部门说明经过": "Ask the department concerned to say what happened",
    "消费者反映的故障是否存在，能不能重现": "Does the fault exist, and can it be reproduced?",
    "原因是设计、生产、来料、运输还是使用": (
        "Was it design, production, supplied parts, transport or use?"
    ),
    "同批次有没有同样的问题": "Does the same batch show the same problem?",
    "实物照片或者视频，能看清序列号": "Photos or a video of the item with a readable serial number",
    "生产和出厂检验记录": "Production and final inspection records",
    "约时间检查实物，或者远程诊断": "Arrange an inspection of the item, or a remote diagnosis",
    "请供货者说明该批部件的检验情况": ("Ask the supplier how this batch of parts was inspected"),
    "是否存在危及人身、财产安全的缺陷，要不要停售或者召回": (
        "Is there a defect that endangers people or property; stop the sale or recall?"
    ),
    "实物封存，保管链完整": "Seal the item, with an unbroken chain of custody",
    "就医记录和财产损失的凭证": "Medical records and proof of damage to property",
    "检查实物，送有资质的机构检测": "Inspect the item and have an accredited laboratory test it",
    "丢失或损坏发生在哪一段：仓库、运输还是签收以后": (
        "Where was it lost or damaged: warehouse, transport, or after receipt?"
    ),
    "外包装和商品的照片": "Photos of the packaging and the goods",
    "请仓库提供出库称重、打包和监控记录": (
        "Ask the warehouse for weighing, packing and camera records"
    ),
    "请承运人提供运输轨迹、签收记录和异常登记": (
        "Ask the carrier for tracking, proof of delivery and recorded incidents"
    ),
    "拒绝退款或保修的理由是什么，有没有依据": (
        "Why was the refund or repair refused, and on what ground?"
    ),
    "维修记录、保修凭证和沟通记录": "Repair records, warranty card and correspondence",
    "请维修方说明检修经过和更换的部件": (
        "Ask the repairer what was examined and which parts were replaced"
    ),
}


def translate(apps, schema_editor):
    """Give the shipped lines, and plans made of them, their English."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, lines FROM liability_investigationtemplate")
        rows = cursor.fetchall()
        guard = "ALTER TABLE liability_investigationtemplate {} TRIGGER liability_templates_kept"
        cursor.execute(guard.format("DISABLE"))
        for pk, lines in rows:
            told = json.loads(lines) if isinstance(lines, str) else lines
            for line in told:
                line.setdefault("text_en", ENGLISH.get(line["text"], ""))
            cursor.execute(
                "UPDATE liability_investigationtemplate SET lines = %s WHERE id = %s",
                [json.dumps(told, ensure_ascii=False), pk],
            )
        cursor.execute(guard.format("ENABLE"))
    items = apps.get_model("liability", "PlanItem").objects.filter(text_en="")
    for text, text_en in ENGLISH.items():
        items.filter(text=text).update(text_en=text_en)


class Migration(migrations.Migration):
    dependencies = [("liability", "0032_in_kind")]

    operations = [
        migrations.AddField(
            model_name="planitem",
            name="text_en",
            field=models.CharField(blank=True, max_length=300, verbose_name="内容（英文）"),
        ),
        migrations.RunPython(translate, migrations.RunPython.noop),
    ]
