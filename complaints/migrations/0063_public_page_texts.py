"""The public pages that every installation begins with; managers change them."""

from django.db import migrations
from django.utils import timezone

PAGES = [
    (
        "process",
        ("处理流程与时限", "Process and time limits"),
        (
            "每一步都有期限。超过了，你会在进度页看到，负责人要作出说明",
            "Every step has a deadline. If we miss one, you'll see it on your progress page, and the "
            "person in charge has to explain",
        ),
        [
            (
                "什么算答复",
                "What counts as an answer",
                "自动回执不算答复：24 小时内由一位工作人员告诉你是否受理、接下来怎么做、预计哪天办完。"
                "紧急情况要由一位具名的人登记了处置措施，才算启动。",
                "An automatic receipt doesn't count as an answer: within 24 hours a person tells you "
                "whether we accept it, what happens next and when it's expected to be done. An "
                "emergency response has started only once a named person has recorded measures.",
            ),
            (
                "七步",
                "Seven steps",
                "1. 提交：填表、打电话、到门店都可以，立即得到编号。\n"
                "2. 受理：不受理的，说明法律规定的理由，并告诉你可以去哪里。\n"
                "3. 调查：听双方的说法，检测，核对订单、批次和物流记录。轻微的单件问题可以不经调查直接给方案。\n"
                "4. 责任认定：写明事实、依据和各方比例，加起来正好 100%。\n"
                "5. 选择方案：两个以上，写明每一项金额和依据。方案到期前随时可以改主意；都不合适，说说你的想法。\n"
                "6. 签署协议：看完全文再签，可以手写，也可以用校验码，效力相同。\n"
                "7. 履行和回访：到期没有履行，自动按违约处理，并由主管跟进。",
                "1. Send: fill in the form, call us or visit a store, and you get a reference at once.\n"
                "2. Acceptance: if we don't accept it, we state the legal ground and tell you where "
                "you can go.\n"
                "3. Investigation: we hear both sides, test, and check orders, batches and delivery "
                "records. Minor problems with a single item can go straight to a plan.\n"
                "4. Finding: the facts, the grounds and each party's share, which add up to exactly "
                "100%.\n"
                "5. Choosing a plan: two or more, with every amount and its basis. You can change "
                "your mind until the plan expires; if none suits you, say what you'd like.\n"
                "6. Signing: read the full text first. Draw your signature or use a code; both count "
                "the same.\n"
                "7. Performance and follow-up: what isn't performed in time counts as a breach "
                "automatically, and a manager follows it up.",
            ),
            (
                "不同意怎么办",
                "If you disagree",
                "- **复议**：由没有经手过的人重新看，结果不会比原来对你更不利。这是公司内部的复议，不是行政复议。\n"
                "- **第三方调解**：调解员与双方没有利害关系，调不成不影响你走其他途径。\n"
                "- 任何时候都可以打 [12315](tel:12315)、请消费者协会调解、申请仲裁（有仲裁协议时）"
                "或者向人民法院起诉。[你的权利和其他途径](/about/rights/)",
                "- **Review**: people who weren't involved look at it again, and the result won't "
                "leave you worse off. It's internal to our company, not an administrative review.\n"
                "- **Mediation by a third party**: the mediator has no interest in either side, and "
                "you can still go other ways if it doesn't work out.\n"
                "- At any time you can call [12315](tel:12315), ask the consumer association to "
                "mediate, apply for arbitration (with an arbitration agreement) or sue in court. "
                "[Your rights and other ways](/about/rights/)",
            ),
        ],
    ),
    (
        "standards",
        ("赔偿标准", "Compensation standards"),
        (
            "法律规定的是底线，方案只会等于或高于它。每一项都写明依据",
            "The law sets the floor, and plans only match or exceed it. Every item states its basis",
        ),
        [
            (
                "按严重程度",
                "By severity",
                "- **轻微**（外观瑕疵，不影响使用）：免费维修或者换新\n"
                "- **中等**（功能故障）：退差价，或者等值的服务\n"
                "- **严重**（有安全隐患）：全额退款，并赔偿交通、误工等连带损失",
                "- **Minor** (cosmetic flaw that doesn't affect use): free repair or replacement\n"
                "- **Medium** (malfunction): refund of the difference, or a service of equal value\n"
                "- **Serious** (safety hazard): full refund, plus losses that follow, such as "
                "transport and lost earnings",
            ),
            (
                "法律依据",
                "Legal basis",
                "- 商品不符合质量要求：退货、更换、修理，必要的运输费用由我们承担"
                "（《消费者权益保护法》第二十四条）。\n"
                "- 造成人身伤害：医疗费、护理费、交通费、误工费等（第四十九条）。\n"
                "- 造成财产损害：修理、重作、更换、退货、退款、赔偿损失（第五十二条）。\n"
                "- 有欺诈：增加赔偿商品价款或服务费用的三倍，不足五百元的按五百元（第五十五条）。\n"
                "- 产品存在缺陷造成损害：可以向生产者，也可以向销售者要求赔偿（《民法典》第一千二百零三条）。",
                "- Goods below the quality required: return, replacement or repair, and we bear the "
                "necessary transport cost (Law on the Protection of Consumer Rights and Interests, "
                "Article 24).\n"
                "- Personal injury: medical, nursing and transport cost, lost earnings and so on "
                "(Article 49).\n"
                "- Property damage: repair, redoing, replacement, return, refund, compensation for "
                "loss (Article 52).\n"
                "- Fraud: extra damages of three times the price of the goods or service, at least "
                "500 CNY (Article 55).\n"
                "- Damage from a product defect: you can claim from the producer or the seller (Civil "
                "Code, Article 1203).",
            ),
            (
                "怎样算",
                "How it's worked out",
                "退款按你实际支付的金额算。误工、交通等损失按票据或者公开标准算；没有票据的，由我们核实。"
                "老客户、企业客户的额外补偿只会往上加，不会抵扣法定的部分。"
                "检测费用由我们先付，检测结果不影响这一点。",
                "Refunds follow what you really paid. Losses such as lost earnings and transport follow "
                "receipts or published standards; without receipts, we check them. Extra compensation "
                "for long-standing and business customers only ever adds to the statutory part. We pay "
                "for tests up front, whatever the result.",
            ),
            (
                "方案的形式",
                "Forms a plan can take",
                "现金、换新、维修、延长保修、代金券、服务升级可以组合。代金券和积分要你同意才用，"
                "不会代替法定的退款。致歉和慰问另外安排，不折算成钱。",
                "Cash, replacement, repair, longer warranty, vouchers and service upgrades can be "
                "combined. Vouchers and points only with your consent, never instead of a statutory "
                "refund. Apologies and expressions of sympathy come on top and aren't counted as money.",
            ),
            (
                "你没有放弃的",
                "What you don't give up",
                "协议只了结这一次争议。签的时候还不知道的伤害、以后才发现的缺陷，仍然可以主张。"
                "协议不会要求你不投诉、不举报、不起诉。",
                "An agreement settles only this dispute. Injuries you didn't know of when you signed "
                "and defects found later can still be claimed. It never asks you not to complain, "
                "report or sue.",
            ),
        ],
    ),
    (
        "rights",
        ("你的权利和其他途径", "Your rights and other ways"),
        (
            "向我们投诉，不影响你走任何一条别的路",
            "Complaining to us closes no other way to you",
        ),
        [
            (
                "在我们这里你可以",
                "With us you can",
                "- 知道谁负责、到了哪一步、最晚什么时候，随时在[进度页](/track/)查\n"
                "- 看到责任认定的事实和依据，对每一项提出意见\n"
                "- 在两个以上的方案里选，也可以提自己的想法；没有人会替你选\n"
                "- 请人代理，或者推选代表；老年人、残障人士、未成年人可以要求专人帮助\n"
                "- 查阅、复制、更正、删除你的个人信息",
                "- know who is in charge, where your complaint stands and by when, on your "
                "[progress page](/track/) at any time\n"
                "- see the facts and grounds of a finding and answer each of them\n"
                "- choose among two or more plans, or say what you'd like; nobody chooses for you\n"
                "- be represented; older people, people with disabilities and minors can ask for a "
                "person to help\n"
                "- see, copy, correct and delete your personal data",
            ),
            (
                "公司里面的其他途径",
                "Other ways inside the company",
                "- **复议**：在决定写明的日期前到进度页申请，由没有经手过的人重新看。\n"
                "- **第三方调解**：双方同意就可以开始，随时可以退出。",
                "- **Review**: ask for it on your progress page by the day stated in the decision; "
                "people who weren't involved look at it again.\n"
                "- **Mediation by a third party**: begins when both sides agree, and you can leave at "
                "any time.",
            ),
            (
                "公司外面的途径",
                "Ways outside the company",
                "- **12315**：全国消费者投诉举报热线，打 [12315](tel:12315)，或者到 "
                "[全国 12315 平台](https://www.12315.cn/)登记。市场监管部门收到投诉后 7 个工作日内"
                "决定是否受理。\n"
                "- **消费者协会**：请当地的消费者协会调解。\n"
                "- **仲裁**：和我们有仲裁协议的，可以申请仲裁。\n"
                "- **法院**：直接向人民法院起诉，不需要先向我们投诉。一般的诉讼时效是三年，"
                "从你知道权利受到损害那天起算（《民法典》第一百八十八条）。\n"
                "- **举报**：发现违法行为，可以向市场监管部门举报，这和赔偿是两回事。",
                "- **12315**: the national hotline for consumer complaints, [12315](tel:12315), or the "
                "[national 12315 platform](https://www.12315.cn/). The market regulator decides "
                "within 7 working days whether it accepts a complaint.\n"
                "- **Consumer association**: ask the one at your place to mediate.\n"
                "- **Arbitration**: if you have an arbitration agreement with us.\n"
                "- **Court**: you can sue without complaining to us first. The usual limitation period "
                "is three years from the day you knew of the damage to your rights (Civil Code, "
                "Article 188).\n"
                "- **Reporting**: unlawful conduct can be reported to the market regulator; that is "
                "apart from compensation.",
            ),
            (
                "我们不会做的",
                "What we won't do",
                "- 不会因为你投诉、举报或者起诉，就对你另眼相看\n"
                "- 不会要求你删除评价或者不对别人说，作为赔偿的条件\n"
                "- 不会把没有回复当作同意",
                "- treat you differently because you complained, reported or sued\n"
                "- ask you to delete a review or keep quiet in return for compensation\n"
                "- take silence for consent",
            ),
        ],
    ),
]
SECTION = ("heading_zh", "heading_en", "body_zh", "body_en")


def fill(apps, schema_editor):
    page_model = apps.get_model("complaints", "PublicPage")
    version_model = apps.get_model("complaints", "PublicPageVersion")
    moment = timezone.now()
    for place, (code, titles, leads, sections) in enumerate(PAGES):
        version_model.objects.create(
            page=page_model.objects.create(code=code, position=place * 10),
            number=1,
            title_zh=titles[0],
            title_en=titles[1],
            lead_zh=leads[0],
            lead_en=leads[1],
            sections=[dict(zip(SECTION, each, strict=True)) for each in sections],
            saved_at=moment,
            published_at=moment,
        )


def empty(apps, schema_editor):
    for name in ("PublicPageVersion", "PublicPage"):
        apps.get_model("complaints", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0062_public_pages")]

    operations = [migrations.RunPython(fill, empty)]
