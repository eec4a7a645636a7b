"""The reasons that a proposal can give, as people read them.

Source: the company's emergency rule (a safety risk is answered within two hours) and its list of
what counts: injury or illness; fire, leak, shock, explosion; unsafe food or drug; a child, an
elderly or a disabled person at risk; several cases on one batch; a regulator or the media.
"""

from __future__ import annotations

from complaints.triage_rules.rules import Kind, Reason

_ALL = (
    Reason("illness", Kind.HARM, "有人身体不适或生病", "Somebody fell ill"),
    Reason("allergy", Kind.HARM, "过敏或皮肤出现反应", "An allergic or skin reaction"),
    Reason("injury", Kind.HARM, "有人受伤", "Somebody was injured"),
    Reason("fire", Kind.HARM, "起火、冒烟或爆炸", "Fire, smoke or an explosion"),
    Reason("shock", Kind.HARM, "漏电、触电或短路", "Electric shock or leakage"),
    Reason("gas", Kind.HARM, "燃气或有害气体泄漏", "A leak of gas or harmful fumes"),
    Reason("foreign_body", Kind.HARM, "食品里有虫或异物", "Insects or foreign matter in food"),
    Reason("spoiled_food", Kind.HARM, "食品变质或过期", "Spoiled or expired food"),
    Reason("unsafe_drug", Kind.HARM, "药品有安全问题", "An unsafe drug"),
    Reason("swallowed", Kind.HARM, "吞下异物或窒息", "Something swallowed, or choking"),
    Reason("crash", Kind.HARM, "车辆碰撞或翻车", "A vehicle crashed"),
    Reason("broken_glass", Kind.DANGER, "玻璃炸裂", "Glass burst"),
    Reason("loss_of_control", Kind.HARM, "行驶中失去控制", "Loss of control while driving"),
    Reason("danger_reported", Kind.HARM, "消费者勾选了有危险", "The consumer ticked danger"),
    Reason("batch", Kind.HARM, "同一批次有多起类似投诉", "Several similar cases on one batch"),
    Reason("several_hurt", Kind.HARM, "不止一个人受影响", "More than one person is affected"),
    Reason("near_miss", Kind.DANGER, "险些发生事故", "It nearly went wrong"),
    Reason("concern", Kind.CONCERN, "有人说存在安全隐患", "Somebody calls it unsafe"),
    Reason("overheating", Kind.DANGER, "过热或电池鼓包", "Overheating or a swollen battery"),
    Reason("vehicle_hazard", Kind.DANGER, "车辆安全装置有问题", "A vehicle's safety is impaired"),
    Reason("safety_issue", Kind.CONCERN, "问题类别是安全隐患", "The issue chosen is safety"),
    Reason("child", Kind.PERSON, "涉及未成年人", "A child or minor is involved"),
    Reason("elderly", Kind.PERSON, "涉及老年人", "An elderly person is involved"),
    Reason("pregnant", Kind.PERSON, "涉及孕妇", "A pregnant woman is involved"),
    Reason("disabled", Kind.PERSON, "涉及残障人士或病人", "A disabled or ill person is involved"),
    Reason("needs_care", Kind.PERSON, "档案注明需要关照", "The file says: needs care"),
    Reason("regulator", Kind.OUTSIDE, "已经或准备向监管部门反映", "A regulator is or will be told"),
    Reason("media", Kind.OUTSIDE, "已经或准备联系媒体", "The media are or will be told"),
    Reason("outside_channel", Kind.FAULT, "由监管部门或消协转来", "Referred by an authority"),
    Reason("fault", Kind.FAULT, "不能正常使用", "It does not work"),
    Reason(
        "not_all_read",
        Kind.NOTE,
        "文字很长，只读了开头和结尾，请通读全文",
        "A long text: only its beginning and end were read; please read it all",
    ),
    Reason("loss", Kind.FAULT, "有金钱损失", "Money was lost"),
)

REASONS: dict[str, Reason] = {reason.code: reason for reason in _ALL}
