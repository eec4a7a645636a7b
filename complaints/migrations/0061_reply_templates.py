"""The ready texts and macros that every installation begins with; managers change them."""

from django.db import migrations
from django.utils import timezone

TEMPLATES = [
    (
        "received",
        "收到，正在看",
        "Received, looking into it",
        "{{称呼}}，你好。我是{{我}}，负责你的投诉 {{编号}}。你写的情况我已经看过，"
        "正在核对订单和检测记录，有结果马上告诉你。有要补充的，直接回复就行。",
        "Dear {{name}}, I am {{me}} and I look after your complaint {{reference}}. "
        "I have read what you wrote and am checking the order and the test records; you will hear "
        "from me as soon as I know more. If there is anything to add, just reply.",
    ),
    (
        "next-steps",
        "接下来怎么处理",
        "What happens next",
        "{{称呼}}，你的投诉 {{编号}} 接下来这样处理：我们先核实经过，需要的话安排检测；"
        "再告诉你责任认定和可以选的方案。预计 {{预计办结}} 前办结。每一步你都能在进度页看到："
        "{{进度页}}",
        "Dear {{name}}, this is what happens next with your complaint {{reference}}: we check what "
        "happened and have the product tested where needed; then you get the finding and the "
        "options to choose from. We expect to be done by {{expected}}. Every step is on your "
        "tracking page: {{link}}",
    ),
    (
        "ask-evidence",
        "请补充材料",
        "Asking for evidence",
        "{{称呼}}，为了查清楚，请补充：\n1. 商品问题部位的照片，清楚、近一些；\n"
        "2. 铭牌或序列号的照片；\n3. 订单或发票（订单号我们查到的是 {{订单号}}）。\n"
        "在进度页上传，或者直接回复邮件带附件都可以：{{进度页}}",
        "Dear {{name}}, to find out what happened we need:\n1. photos of the faulty part, sharp and "
        "close;\n2. a photo of the type plate or serial number;\n3. the order or invoice (we found "
        "order {{order}}).\nUpload them on your tracking page or reply with attachments: {{link}}",
    ),
    (
        "ask-photo",
        "请发一张照片",
        "Asking for a photo",
        "{{称呼}}，请拍一张商品问题部位的照片，在进度页上传，或者直接回复带上附件：{{进度页}}",
        "Dear {{name}}, please take a photo of the faulty part and upload it on your tracking page, "
        "or reply with it attached: {{link}}",
    ),
    (
        "collection",
        "上门取件",
        "Collection",
        "{{称呼}}，我们安排上门取走商品去检测，费用由我们承担。请告诉我们方便的时间和地址，"
        "并把配件和包装一起备好。检测期间有需要，打 {{客服电话}} 找{{我}}。",
        "Dear {{name}}, we will collect the product for testing at our cost. Please tell us a "
        "time and an address that suit you, and have accessories and packaging ready. In the "
        "meantime you reach {{me}} at {{hotline}}.",
    ),
    (
        "delay",
        "比预计晚",
        "Delay",
        "{{称呼}}，对不起，你的投诉 {{编号}} 比我们说的要晚。原因是：{{原因}}。"
        "新的时间是 {{下一期限}}。在这之前有进展，我会马上告诉你。",
        "Dear {{name}}, I am sorry: your complaint {{reference}} takes longer than we said. The "
        "reason is: {{reason}}. The new time is {{due}}. If there is news before, you will "
        "hear from me at once.",
    ),
    (
        "offer-ready",
        "方案已准备好",
        "Offer is ready",
        "{{称呼}}，补偿方案已经放到进度页，每一项金额和依据都写在里面，有两个以上可以选。"
        "都不合适，就写下你的想法：{{进度页}}",
        "Dear {{name}}, our offer is on your tracking page with every amount and its reason, and "
        "more than one option. If none of them fits, tell us what would: {{link}}",
    ),
    (
        "refund-sent",
        "退款已发出",
        "Refund sent",
        "{{称呼}}，{{补偿金额}} 已经按约定付出，一般 1 到 3 个工作日到账。没有收到，"
        "回复这条消息或者打 {{客服电话}}，我们去查。",
        "Dear {{name}}, {{agreed}} has been paid as agreed; it usually arrives within 1 to 3 "
        "working days. If it does not, reply or call {{hotline}} and we will trace it.",
    ),
    (
        "other-ways",
        "其他途径",
        "Other ways",
        "{{称呼}}，对结果不满意，你可以在进度页申请复议，也可以申请第三方调解。"
        "任何时候都可以打 12315，或者向人民法院起诉，这不影响我们继续处理。",
        "Dear {{name}}, if you are not satisfied you can ask for a review or for mediation by a "
        "third party on your tracking page. You may call 12315 or go to court at any time; we go "
        "on working on your complaint all the same.",
    ),
    (
        "closing",
        "办结前确认",
        "Before closing",
        "{{称呼}}，约定的事我们都做完了。还有没解决的，请在进度页告诉我们；没有的话，"
        "你的投诉 {{编号}} 就办结了。谢谢你告诉我们问题。{{公司}} {{我}}",
        "Dear {{name}}, we have done all that was agreed. If anything is still open, tell us on "
        "your tracking page; if not, your complaint {{reference}} is closed. Thank you for telling "
        "us. {{me}}, {{company}}",
    ),
]
MACROS = [
    ("我来处理，先回一声", "received", {"owner": "me"}),
    (
        "请补充材料",
        "ask-evidence",
        {"owner": "me", "note": "已请消费者补充照片、铭牌和订单，等材料到了再继续。"},
    ),
    ("受理，一周内办结", "next-steps", {"owner": "me", "accept_in_days": 7}),
    ("取件检测", "collection", {"note": "已约上门取件，到货后登记检测。"}),
]


def fill(apps, schema_editor):
    template_model = apps.get_model("complaints", "ReplyTemplate")
    version_model = apps.get_model("complaints", "ReplyTemplateVersion")
    macro_model = apps.get_model("complaints", "Macro")
    by_code = {}
    for place, (code, name_zh, name_en, body_zh, body_en) in enumerate(TEMPLATES):
        template = template_model.objects.create(code=code, position=place * 10)
        version_model.objects.create(
            template=template,
            number=1,
            name_zh=name_zh,
            name_en=name_en,
            body_zh=body_zh,
            body_en=body_en,
            at=timezone.now(),
        )
        by_code[code] = template
    for place, (name, code, acts) in enumerate(MACROS):
        macro_model.objects.create(
            name=name, position=place * 10, template=by_code[code], acts=acts
        )


def empty(apps, schema_editor):
    for name in ("Macro", "ReplyTemplateVersion", "ReplyTemplate"):
        apps.get_model("complaints", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0060_conversation")]

    operations = [migrations.RunPython(fill, empty)]
