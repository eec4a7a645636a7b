"""What the rules propose, in the many ways in which people write it, and what misleads them."""

import pytest

from complaints.triage_rules import REASONS, Facts, propose
from complaints.triage_rules.chinese import CHINESE
from complaints.triage_rules.english import ENGLISH

EMERGENCIES = """
热水壶漏电，手一碰就麻
用了三天充电器突然冒烟
电动车充电时自燃，整个车库都烧了
手机电池炸了，把桌子烧黑了
玻璃杯倒开水炸了，手被划伤
洗完脸第二天满脸起疹子，又红又肿
孩子吃了以后上吐下泻
外卖里吃出一只蟑螂
牛奶喝起来是酸的，已经变质了，喝完拉肚子
在面包里吃到玻璃渣
宝宝把玩具上掉下来的纽扣电池吞下去了
插座短路起火
座椅夹到孩子的手指，出血了
高速上刹车突然失灵
碰撞后安全气囊没有弹开，我受伤了
燃气灶漏气，家里一股煤气味
药店给我的药是过期药
染发后头皮红肿流脓
冰箱冒火花，还有烧焦的味道
三个同事吃了都拉肚子
洗衣机漏電，我媽媽被電到
没想到用了一周就爆炸了
还好没有起火，但是我被电了一下
The toaster caught fire in my kitchen
My son was burned by the heater
I got food poisoning after eating the salad
I found a piece of glass in my soup
The charger shocked me when I touched it
The liftgate came down and hit me in the head
Brakes failed and I rear-ended another car
My daughter swallowed a magnet from the toy
We smelled exhaust fumes in the cabin and both had headaches and nausea
The shampoo gave me a rash all over my scalp
There was no fire, but I cut my hand badly
""".strip().split("\n")

NOT_EMERGENCIES = """
怕着火，不敢用
没有受伤，东西也没坏
担心孩子会过敏，就退了
安全座椅颜色不对
灭火器少发了一个
防火门的把手松了
火龙果很甜
味道有点刺鼻
恶心得我都快吐了
我真是气炸了
差到爆炸的服务
这个安全吗
手机发烫
听说有人用了过敏，我没事
如果漏电怎么办
电池漏电快，半天就没电了
心很受伤
苹果碰伤了好几个
笔记本中毒了，系统崩溃
头发起泡沫很多
带漏电保护的插头
晕倒，这都能发错
宝宝很喜欢这个杯子
这是治拉肚子的药，一直没发货
夜里充电从来没发热冒烟
酒店房间有蟑螂
No injuries were reported and nothing was damaged
It could catch fire at any time
I am afraid someone will get hurt
The Fire HD tablet stopped charging
The fire extinguisher bracket was missing
This is an accident waiting to happen
The car died in the parking lot
The recall says it may increase the risk of injury
What if it caught fire while my kids were inside?
The headlight burned out again
I was shocked at the price
I am sick of your customer service
The crash test rating was misleading
""".strip().split("\n")


@pytest.mark.parametrize("text", EMERGENCIES)
def test_an_emergency_is_proposed_with_the_words_that_led_to_it(text):
    proposal = propose(text)

    assert (proposal.urgency, proposal.severity, proposal.safety) == ("emergency", "severe", True)
    assert any(finding.words and finding.words in text for finding in proposal.findings)


@pytest.mark.parametrize("text", NOT_EMERGENCIES)
def test_what_misleads_is_no_emergency(text):
    assert propose(text).urgency == "normal"


def test_a_hazard_is_severe_and_an_emergency_when_a_child_is_there():
    alone = propose("开车的时候车门自己开了")
    with_child = propose("开车的时候车门自己开了，孩子坐在旁边")

    assert (alone.urgency, alone.severity) == ("normal", "severe")
    assert with_child.urgency == "emergency"
    assert "child" in with_child.reasons


def test_what_nearly_happened_is_a_hazard():
    proposal = propose("杯子太烫，差点烫伤")

    assert (proposal.urgency, proposal.severity) == ("normal", "severe")
    assert proposal.reasons == ["near_miss"]


def test_a_regulator_makes_an_emergency_but_no_safety_case():
    proposal = propose("不给退款，我已经打12315投诉了")

    assert (proposal.urgency, proposal.safety) == ("emergency", False)
    assert "regulator" in proposal.reasons


@pytest.mark.parametrize(
    ("facts", "urgency", "reason"),
    [
        (Facts(danger_reported=True), "emergency", "danger_reported"),
        (Facts(similar_on_batch=3), "emergency", "batch"),
        (Facts(similar_on_batch=2), "normal", None),
        (Facts(channel="regulator_12315"), "normal", "outside_channel"),
        (Facts(issue="SAFETY"), "normal", "safety_issue"),
        (Facts(needs_care=True), "normal", None),
    ],
)
def test_facts_beside_the_text_count(facts, urgency, reason):
    proposal = propose("杯盖有点松", facts)

    assert proposal.urgency == urgency
    assert proposal.reasons == ([reason] if reason else [])


def test_a_fault_is_moderate_and_a_blemish_minor():
    assert propose("用了两天就坏了，开不了机").severity == "moderate"
    assert propose("颜色比图片浅一点").severity == "minor"


def test_zero_width_characters_hide_nothing_and_spans_are_of_the_original():
    text = "充电器\u200b冒\u200d烟\ufeff了"

    finding = next(f for f in propose(text).findings if f.reason == "fire")

    assert text[finding.start : finding.end] == finding.words == "冒\u200d烟"


def test_every_rule_has_a_code_of_its_own_and_a_known_reason():
    rules = [*CHINESE, *ENGLISH]

    assert len({rule.code for rule in rules}) == len(rules)
    assert {rule.reason for rule in rules} <= set(REASONS)
    assert all(reason.zh and reason.en for reason in REASONS.values())
