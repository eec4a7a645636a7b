"""The rules that ship, as published rows; from here on the database keeps what is published."""

import json
from datetime import UTC, datetime

from django.db import migrations

SHIPPED_AT = datetime(2026, 11, 22, tzinfo=UTC)

# One rule a line: as the law stood when this was shipped. Later versions are added, never these
# changed.
ROWS = [
    r"""{"rule": "R01", "title": "欺诈：增加赔偿", "article": "消费者权益保护法（1993）第四十九条", "gist": "", "formula": "multiple×P", "group": "punitive", "parameters": {"multiple": "1", "floor": "0"}, "effective_from": "1994-01-01", "effective_to": "2014-03-14", "source": "secondary", "active": true, "region": "", "label": "pre-2014-03-15"}""",
    r"""{"rule": "R01", "title": "欺诈：增加赔偿", "article": "消费者权益保护法第五十五条第一款", "gist": "经营者故意告知虚假情况或者隐瞒真实情况的，按消费者的要求，在退款之外增加赔偿价款的三倍；不足五百元的，为五百元。", "formula": "max(multiple×P, floor)", "group": "punitive", "parameters": {"multiple": "3", "floor": "500"}, "effective_from": "2014-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R02", "title": "明知缺陷致人严重损害：惩罚性赔偿", "article": "消费者权益保护法第五十五条第二款；民法典第一千二百零七条", "gist": "明知商品有缺陷仍然提供，造成死亡或者健康严重损害的，在赔偿损失之外可以要求损失二倍以下的惩罚性赔偿。", "formula": "factor×L, factor≤most", "group": "punitive", "parameters": {"most": "2"}, "effective_from": "2014-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R05", "title": "食品不符合安全标准：惩罚性赔偿", "article": "食品安全法（2009）第九十六条第二款", "gist": "", "formula": "price_multiple×P", "group": "punitive", "parameters": {"price_multiple": "10", "loss_multiple": "0", "floor": "0"}, "effective_from": "2009-06-01", "effective_to": "2015-09-30", "source": "unverified", "active": true, "region": "", "label": "pre-2015-10-01"}""",
    r"""{"rule": "R05", "title": "食品不符合安全标准：惩罚性赔偿", "article": "食品安全法第一百四十八条第二款", "gist": "生产不符合食品安全标准的食品，或者明知而经营的，在赔偿损失之外可以要求价款十倍或者损失三倍的赔偿；不足一千元的，为一千元。", "formula": "max(price_multiple×P, loss_multiple×L, floor)", "group": "punitive", "parameters": {"price_multiple": "10", "loss_multiple": "3", "floor": "1000"}, "effective_from": "2015-10-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R08", "title": "假药、劣药：惩罚性赔偿", "article": "药品管理法第一百四十四条第三款", "gist": "生产假药、劣药，或者明知而销售、使用的，在赔偿损失之外可以要求价款十倍或者损失三倍的赔偿；不足一千元的，为一千元。", "formula": "max(price_multiple×P, loss_multiple×L, floor)", "group": "punitive", "parameters": {"price_multiple": "10", "loss_multiple": "3", "floor": "1000"}, "effective_from": "2019-12-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R26", "title": "旅行社有条件履行而拒绝：增加赔偿", "article": "旅游法第七十条", "gist": "旅行社有条件履行而拒绝，造成严重后果的，可以要求旅游费用一倍以上三倍以下的赔偿。", "formula": "factor×fee, least≤factor≤most", "group": "punitive", "parameters": {"least": "1", "most": "3"}, "effective_from": "2013-10-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R06", "title": "知假买假：合理生活消费需要", "article": "食品药品惩罚性赔偿解释第十二条至第十四条", "gist": "", "formula": "P = unit×household quantity", "group": "gate", "parameters": {}, "effective_from": "2024-08-22", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R07", "title": "食品标签瑕疵：不适用惩罚性赔偿", "article": "食品安全法第一百四十八条第二款但书", "gist": "", "formula": "no multiple", "group": "gate", "parameters": {}, "effective_from": "2015-10-01", "effective_to": "2024-08-21", "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R07", "title": "食品标签瑕疵：不适用惩罚性赔偿", "article": "食品安全法第一百四十八条第二款但书；食品药品惩罚性赔偿解释第六条至第八条", "gist": "", "formula": "no multiple", "group": "gate", "parameters": {}, "effective_from": "2024-08-22", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R24", "title": "非食品标签瑕疵：不适用三倍赔偿", "article": "消费者权益保护法实施条例第四十九条", "gist": "", "formula": "no multiple", "group": "gate", "parameters": {}, "effective_from": "2024-07-01", "effective_to": null, "source": "unverified", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R25", "title": "编造事实的索赔：由人核实", "article": "食品药品惩罚性赔偿解释第十五条、第十六条；实施条例第二十七条、第四十九条", "gist": "", "formula": "manual review", "group": "gate", "parameters": {}, "effective_from": null, "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R35", "title": "无效条款", "article": "民法典第五百零六条；消费者权益保护法第二十六条；网络消费纠纷规定（一）第一条", "gist": "", "formula": "void", "group": "gate", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R09", "title": "质量问题：退换修", "article": "消费者权益保护法第二十四条", "gist": "商品不符合质量要求的，七日内可以退货；之后可以退货、更换或者修理，运输等必要费用由经营者承担。", "formula": "P", "group": "base_remedy", "parameters": {"days": "7"}, "effective_from": "2014-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R10", "title": "七日无理由退货", "article": "消费者权益保护法第二十五条", "gist": "网络等远程方式购买的商品，收到之日起七日内可以无理由退货。", "formula": "P", "group": "base_remedy", "parameters": {"days": "7", "refund_days": "7"}, "effective_from": "2014-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R11", "title": "经认定不合格：退货", "article": "消费者权益保护法第五十四条", "gist": "", "formula": "P", "group": "base_remedy", "parameters": {}, "effective_from": "2014-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R14", "title": "三包（国家）", "article": "部分商品修理更换退货责任规定（1995）第八条至第十七条", "gist": "", "formula": "P−P×rate×(days−repair days)", "group": "base_remedy", "parameters": {"return_days": "7", "exchange_days": "15", "repairs": "2", "parts_days": "90", "delay_days": "30", "period_months": "12"}, "effective_from": "1995-08-25", "effective_to": null, "source": "secondary", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R15", "title": "三包（浙江）", "article": "浙江省实施《消费者权益保护法》办法第二十六条", "gist": "", "formula": "P", "group": "base_remedy", "parameters": {"repairs": "2", "repair_days": "35", "loan_days": "5"}, "effective_from": null, "effective_to": null, "source": "text", "active": true, "region": "CN-ZJ", "label": ""}""",
    r"""{"rule": "R16", "title": "家用汽车三包", "article": "家用汽车产品修理更换退货责任规定第十八条至第二十八条、第四十条", "gist": "", "formula": "price×km÷1000×n, n≤most", "group": "base_remedy", "parameters": {"most": "0.005", "new_car_days": "7", "early_days": "60", "early_km": "3000", "months": "24", "farthest": "50000", "repair_days": "30", "same_fault": "4", "safety_repairs": "2", "replacements": "2", "single_days": "5", "answer_days": "10", "done_days": "20"}, "effective_from": "2022-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R21", "title": "预付式消费", "article": "预付式消费解释第十四条至第二十三条；消费者权益保护法第五十三条", "gist": "", "formula": "paid−consumed", "group": "base_remedy", "parameters": {"days": "7", "year_days": "365"}, "effective_from": "2025-05-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R28", "title": "与描述不符", "article": "产品质量法第四十条；消费者权益保护法第四十八条、第五十二条", "gist": "商品与约定或者说明不符的，可以要求修理、更换、退货，并赔偿损失。", "formula": "P", "group": "base_remedy", "parameters": {}, "effective_from": "1993-09-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R30", "title": "预收款未按约定提供", "article": "消费者权益保护法第五十三条", "gist": "预收款后没有按约定提供的，按消费者的要求履行或者退款，并承担利息和必要的合理费用。", "formula": "paid + paid×rate×days÷year_days", "group": "base_remedy", "parameters": {"year_days": "365"}, "effective_from": "2014-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R03", "title": "产品缺陷责任", "article": "民法典第一千二百零二条、第一千二百零三条；产品质量法第四十一条至第四十四条", "gist": "产品有缺陷造成损害的，可以向生产者要求赔偿，也可以向销售者要求赔偿。", "formula": "L", "group": "loss", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R17", "title": "人身损害", "article": "民法典第一千一百七十九条；人身损害赔偿解释（2022）第六条至第十七条", "gist": "造成人身损害的，赔偿医疗、护理、交通、误工等费用；致残、致死的，另行赔偿。", "formula": "items", "group": "loss", "parameters": {"years": "20", "from_age": "60", "late_age": "75", "late_years": "5", "adult_age": "18", "funeral_months": "6", "nursing_years": "20"}, "effective_from": "2022-05-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R27", "title": "召回与扩大的损害", "article": "民法典第一千二百零六条", "gist": "", "formula": "L", "group": "loss", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R29", "title": "违约损失", "article": "民法典第五百七十七条至第五百八十四条；消费者权益保护法第五十二条", "gist": "没有按约定提供商品或者服务的，应当退款并赔偿因此造成的损失。", "formula": "L", "group": "loss", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R32", "title": "人格与个人信息", "article": "消费者权益保护法第五十条", "gist": "侵害人格尊严、人身自由或者个人信息的，应当停止侵害、赔礼道歉并赔偿损失。", "formula": "decided by an approver", "group": "loss", "parameters": {}, "effective_from": "2014-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R23", "title": "精神损害", "article": "民法典第一千一百八十三条；精神损害赔偿解释第五条", "gist": "造成严重精神损害的，可以请求精神损害赔偿；金额没有公式，由审批人按六个因素决定。", "formula": "decided by an approver by six factors", "group": "discretionary", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R04", "title": "责任主体与追偿", "article": "消费者权益保护法第四十条、第四十四条、第四十五条；民法典第一千二百零三条；电子商务法第三十八条", "gist": "", "formula": "recourse", "group": "party", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R22", "title": "经营者认定", "article": "网络消费纠纷规定（一）第四条、第七条、第八条、第十一条、第十二条", "gist": "", "formula": "operator", "group": "party", "parameters": {}, "effective_from": "2022-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R12", "title": "故意拖延、无理拒绝", "article": "侵害消费者权益行为处罚办法第八条至第十条", "gist": "", "formula": "days", "group": "compliance", "parameters": {"days": "15"}, "effective_from": "2015-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R13", "title": "六个月内由经营者举证", "article": "消费者权益保护法第二十三条第三款", "gist": "", "formula": "months", "group": "evidence", "parameters": {"months": "6"}, "effective_from": "2014-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R18", "title": "责任分担与过失相抵", "article": "民法典第一百七十七条、第一百七十八条、第五百九十二条、第一千一百七十二条、第一千一百七十三条", "gist": "消费者自己也有过错的，相应减少损失的赔偿，不减少退款和增加赔偿。", "formula": "L×(1−fault)", "group": "modifier", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R20", "title": "高于法定的承诺", "article": "网络消费纠纷规定（一）第十条；食品安全民事解释（一）第八条", "gist": "商家承诺的赔偿高于法定标准的，按承诺赔偿。", "formula": "max(promise×P, statute)", "group": "modifier", "parameters": {}, "effective_from": "2022-03-15", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R19", "title": "违约金与定金", "article": "民法典第五百八十五条至第五百八十八条；合同编通则解释第六十四条、第六十五条", "gist": "", "formula": "penalty, deposit", "group": "contract", "parameters": {"excessive": "1.3", "deposit_share": "0.2"}, "effective_from": "2023-12-05", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R31", "title": "诉讼时效", "article": "民法典第一百八十八条、第一百九十二条、第一百九十五条；产品质量法第四十五条", "gist": "", "formula": "years", "group": "procedure", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R33", "title": "支付方式", "article": "民法典第一千一百八十七条", "gist": "", "formula": "schedule", "group": "procedure", "parameters": {}, "effective_from": "2021-01-01", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "R34", "title": "可靠的电子签名", "article": "电子签名法第三条、第五条、第六条、第十三条、第十四条", "gist": "", "formula": "four tests", "group": "procedure", "parameters": {}, "effective_from": "2019-04-23", "effective_to": null, "source": "text", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "P01", "title": "分级补偿", "article": "公司补偿标准", "gist": "", "formula": "severity", "group": "policy", "parameters": {}, "effective_from": null, "effective_to": null, "source": "policy", "active": true, "region": "", "label": ""}""",
    r"""{"rule": "S01", "title": "索赔甄别", "article": "公司甄别标准", "gist": "", "formula": "Σ points", "group": "policy", "parameters": {"second": "50", "legal": "80"}, "effective_from": null, "effective_to": null, "source": "policy", "active": true, "region": "", "label": ""}""",
]

KEPT = """
CREATE FUNCTION compensation_guard_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'rule % was published and is kept as it is', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_rules_kept BEFORE UPDATE OR DELETE ON compensation_legalruleversion
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_rule();
CREATE TRIGGER compensation_rules_whole BEFORE TRUNCATE ON compensation_legalruleversion
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
CREATE TRIGGER compensation_sheets_kept BEFORE UPDATE OR DELETE ON compensation_entitlementsheet
  FOR EACH ROW EXECUTE FUNCTION compensation_refuse_change();
CREATE TRIGGER compensation_sheets_whole BEFORE TRUNCATE ON compensation_entitlementsheet
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
CREATE FUNCTION compensation_guard_plan_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status NOT IN ('draft', 'returned') AND NEW.sheet_id IS DISTINCT FROM OLD.sheet_id THEN
    RAISE EXCEPTION 'plan % was submitted and its terms do not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.sheet_id IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM compensation_entitlementsheet s
        WHERE s.id = NEW.sheet_id AND s.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'plan % rests on the sheet of another case', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_plan_sheet BEFORE UPDATE ON compensation_compensationplan
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_plan_sheet();
"""

UNDO = """
DROP FUNCTION compensation_guard_plan_sheet() CASCADE;
DROP FUNCTION compensation_guard_rule() CASCADE;
DROP TRIGGER compensation_sheets_kept ON compensation_entitlementsheet;
DROP TRIGGER compensation_sheets_whole ON compensation_entitlementsheet;
DROP TRIGGER compensation_rules_whole ON compensation_legalruleversion;
"""


def ship(apps, _schema):
    """Insert the shipped versions as published."""
    rows = apps.get_model("compensation", "LegalRuleVersion").objects
    rows.bulk_create(
        rows.model(**json.loads(row), created_at=SHIPPED_AT, published_at=SHIPPED_AT)
        for row in ROWS
    )


class Migration(migrations.Migration):
    dependencies = [("compensation", "0004_legal_rules")]

    operations = [
        migrations.RunPython(ship, migrations.RunPython.noop),
        migrations.RunSQL(KEPT, UNDO),
    ]
