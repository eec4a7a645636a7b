"""Who works at 安居电器, what it sells, and who supplies it. All invented."""

from __future__ import annotations

from accounts.states import Role

DEPARTMENTS = ["客户服务部", "质量部", "财务部", "法务部"]
TEAMS = [("客服一组", "客户服务部"), ("客服二组", "客户服务部"), ("质量调查组", "质量部")]
DEFAULT_TEAM = "客服一组"

# username, name, roles, team
STAFF = [
    ("agent", "林晓", [Role.AGENT], "客服一组"),
    ("agent2", "王敏", [Role.AGENT], "客服一组"),
    ("agent3", "陈立", [Role.AGENT], "客服二组"),
    ("investigator", "赵启", [Role.INVESTIGATOR], "质量调查组"),
    ("approver", "孙岚", [Role.APPROVER], "客服二组"),
    ("finance", "吴桐", [Role.FINANCE], None),
    ("finance2", "钱莉", [Role.FINANCE], None),
    ("mediator", "何平", [Role.MEDIATOR], None),
    ("reviewer", "郑言", [Role.REVIEWER], None),
    ("reviewer2", "冯远", [Role.REVIEWER], None),
    ("manager", "周建国", [Role.MANAGER], "客服一组"),
    ("admin", "许宁", [Role.ADMINISTRATOR], None),
]
MANAGER_OF_TEAMS = "manager"

# model, name, category, price, warranty months
PRODUCTS = [
    ("K7", "K7 电热水壶 1.7 L", "厨房小电", "1299.00", 12),
    ("A3", "A3 壁挂空调 1.5 匹", "空调", "3299.00", 72),
    ("R5", "R5 对开门冰箱 520 L", "冰箱", "5499.00", 36),
    ("W2", "W2 滚筒洗衣机 10 kg", "洗衣机", "3899.00", 36),
    ("F1", "F1 电饭煲 4 L", "厨房小电", "499.00", 12),
    ("P2", "P2 空气净化器", "环境电器", "1599.00", 12),
    ("H6", "H6 油汀电暖器", "环境电器", "459.00", 12),
    ("V3", "V3 扫地机器人", "清洁电器", "2199.00", 12),
    ("M4", "M4 变频微波炉", "厨房小电", "799.00", 12),
    ("S1", "S1 燃气热水器 13 L", "热水器", "1999.00", 24),
]

# model, batch, days ago produced, units sold
BATCHES = [
    ("K7", "2609B", 110, 4200),
    ("K7", "2608A", 150, 5100),
    ("K7", "2610A", 75, 3900),
    ("A3", "2605C", 210, 1800),
    ("R5", "2604A", 230, 900),
    ("W2", "2606B", 180, 1500),
    ("F1", "2607A", 160, 6300),
    ("P2", "2608C", 120, 2100),
    ("H6", "2609A", 95, 3300),
    ("V3", "2605C", 200, 2400),
    ("V3", "2607B", 140, 2600),
    ("M4", "2606A", 170, 2400),
    ("S1", "2605A", 200, 1200),
]
SUPPLIER = ("恒泰电子元件厂", "K7", "2609B", "温控器")
