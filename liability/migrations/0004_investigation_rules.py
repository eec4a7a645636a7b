"""Shipped templates and weights, and what the database itself refuses in an investigation."""

from datetime import UTC, datetime

from django.db import migrations

SHIPPED = datetime(2026, 11, 22, tzinfo=UTC)


def line(kind, text, to, days=None):
    """Return one line of a template."""
    return {"kind": kind, "text": text, "to": to, "days": days}


GENERAL = [
    line("question", "消费者反映的问题是否存在，和哪次购买有关", "investigator"),
    line("question", "问题发生的原因是什么，和使用方式有没有关系", "investigator"),
    line("evidence", "订单、付款记录和双方约定的内容", "department", 1),
    line("task", "请被投诉的部门说明经过", "department", 2),
]
QUALITY = [
    line("question", "消费者反映的故障是否存在，能不能重现", "investigator"),
    line("question", "原因是设计、生产、来料、运输还是使用", "investigator"),
    line("question", "同批次有没有同样的问题", "investigator"),
    line("evidence", "实物照片或者视频，能看清序列号", "consumer", 1),
    line("evidence", "生产和出厂检验记录", "department", 2),
    line("task", "约时间检查实物，或者远程诊断", "technician", 2),
    line("task", "请供货者说明该批部件的检验情况", "supplier", 3),
]
SEVERE_QUALITY = [
    *QUALITY[:3],
    line("question", "是否存在危及人身、财产安全的缺陷，要不要停售或者召回", "investigator"),
    line("evidence", "实物封存，保管链完整", "technician", 1),
    line("evidence", "就医记录和财产损失的凭证", "consumer", 2),
    line("evidence", "生产和出厂检验记录", "department", 1),
    line("task", "检查实物，送有资质的机构检测", "technician", 1),
    line("task", "请供货者说明该批部件的检验情况", "supplier", 2),
]
DELIVERY = [
    line("question", "丢失或损坏发生在哪一段：仓库、运输还是签收以后", "investigator"),
    line("evidence", "外包装和商品的照片", "consumer", 1),
    line("task", "请仓库提供出库称重、打包和监控记录", "warehouse", 2),
    line("task", "请承运人提供运输轨迹、签收记录和异常登记", "logistics", 2),
]
AFTER_SALE = [
    line("question", "拒绝退款或保修的理由是什么，有没有依据", "investigator"),
    line("evidence", "维修记录、保修凭证和沟通记录", "department", 1),
    line("task", "请维修方说明检修经过和更换的部件", "repairer", 2),
]
TEMPLATES = {
    ("", ""): GENERAL,
    ("QUALITY", ""): QUALITY,
    ("QUALITY", "severe"): SEVERE_QUALITY,
    ("DELIVERY", ""): DELIVERY,
    ("AFTER_SALE", ""): AFTER_SALE,
}
WEIGHTS = {
    "official_test": "0.95",
    "joint_appraisal": "0.90",
    "authority_finding": "0.95",
    "original_record": "0.90",
    "sealed_sample": "0.85",
    "system_log": "0.80",
    "invoice": "0.80",
    "inspection_record": "0.80",
    "repair_record": "0.75",
    "video": "0.65",
    "photo": "0.55",
    "chat": "0.60",
    "witness": "0.40",
    "statement": "0.25",
    "copy": "0.80",
    "tamper": "0.30",
    "doubt": "0.90",
}


def fill(apps, schema_editor):
    """Insert the shipped rows."""
    templates = apps.get_model("liability", "InvestigationTemplate")
    templates.objects.bulk_create(
        templates(category=category, severity=severity, version=1, lines=lines, made_at=SHIPPED)
        for (category, severity), lines in TEMPLATES.items()
    )
    weights = apps.get_model("liability", "EvidenceWeight")
    weights.objects.bulk_create(
        weights(key=key, version=1, weight=weight, set_at=SHIPPED)
        for key, weight in WEIGHTS.items()
    )


GUARDS = """
CREATE TRIGGER liability_templates_kept BEFORE UPDATE OR DELETE ON liability_investigationtemplate
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
CREATE TRIGGER liability_weights_kept BEFORE UPDATE OR DELETE ON liability_evidenceweight
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
CREATE TRIGGER liability_withheld_kept BEFORE UPDATE OR DELETE ON liability_withheldevidence
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
CREATE FUNCTION liability_keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status <> 'open' THEN
    RAISE EXCEPTION 'consult task % is %, and stays so', OLD.id, OLD.status
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_keep_answer BEFORE UPDATE OR DELETE ON liability_consulttask
  FOR EACH ROW EXECUTE FUNCTION liability_keep_answer();
CREATE FUNCTION liability_keep_inspection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status = 'done' THEN
    RAISE EXCEPTION 'inspection % is %, and stays so', OLD.id, OLD.status
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_keep_inspection BEFORE UPDATE OR DELETE ON liability_inspection
  FOR EACH ROW EXECUTE FUNCTION liability_keep_inspection();
CREATE FUNCTION liability_same_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  theirs bigint;
  mine bigint;
BEGIN
  IF TG_TABLE_NAME = 'liability_consulttask_files' THEN
    SELECT case_id INTO mine FROM liability_consulttask WHERE id = NEW.consulttask_id;
    SELECT case_id INTO theirs FROM complaints_evidence WHERE id = NEW.evidence_id;
  ELSIF TG_TABLE_NAME = 'liability_inspectionphoto' THEN
    SELECT case_id INTO mine FROM liability_inspection WHERE id = NEW.inspection_id;
    SELECT case_id INTO theirs FROM complaints_evidence WHERE id = NEW.evidence_id;
  ELSE
    SELECT case_id INTO mine FROM liability_claim WHERE id = NEW.claim_id;
    SELECT coalesce(
      (SELECT case_id FROM complaints_evidence WHERE id = NEW.evidence_id),
      (SELECT case_id FROM liability_statement WHERE id = NEW.statement_id),
      (SELECT case_id FROM liability_consulttask WHERE id = NEW.consult_id)) INTO theirs;
  END IF;
  IF mine IS DISTINCT FROM theirs THEN
    RAISE EXCEPTION 'evidence of another case' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_same_case BEFORE INSERT OR UPDATE ON liability_consulttask_files
  FOR EACH ROW EXECUTE FUNCTION liability_same_case();
CREATE TRIGGER liability_same_case BEFORE INSERT OR UPDATE ON liability_inspectionphoto
  FOR EACH ROW EXECUTE FUNCTION liability_same_case();
CREATE TRIGGER liability_same_case BEFORE INSERT OR UPDATE ON liability_claimevidence
  FOR EACH ROW EXECUTE FUNCTION liability_same_case();
CREATE FUNCTION liability_both_sides_heard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.investigation_id IS NOT NULL AND NOT NEW.admitted AND NOT EXISTS (
    SELECT 1 FROM liability_statement s
    WHERE s.case_id = NEW.case_id AND s.party = 'respondent'
      AND (s.heard_at IS NOT NULL OR s.answer_by <= NEW.decided_at)) THEN
    RAISE EXCEPTION 'finding of case % before the respondent was heard', NEW.case_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_both_sides_heard BEFORE INSERT ON liability_liabilityfinding
  FOR EACH ROW EXECUTE FUNCTION liability_both_sides_heard();
"""
UNDO = """
DROP TRIGGER liability_templates_kept ON liability_investigationtemplate;
DROP TRIGGER liability_weights_kept ON liability_evidenceweight;
DROP TRIGGER liability_withheld_kept ON liability_withheldevidence;
DROP FUNCTION liability_keep_answer() CASCADE;
DROP FUNCTION liability_keep_inspection() CASCADE;
DROP FUNCTION liability_same_case() CASCADE;
DROP FUNCTION liability_both_sides_heard() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("liability", "0003_investigation_plans")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(GUARDS, UNDO),
    ]
