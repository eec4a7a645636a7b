"""The texts and clauses that every installation begins with, and the guard that keeps versions."""

from pathlib import Path

from django.db import migrations
from django.utils import timezone

import agreements.wording

TITLES = {
    "settlement": ("赔偿和解协议书", "Settlement agreement"),
    "mediation": ("调解协议书", "Mediation agreement"),
    "replacement": ("更换和修理协议书", "Replacement and repair agreement"),
    "instalments": ("分期赔偿协议书", "Instalment agreement"),
    "business": ("企业客户和解协议书", "Settlement agreement with a business customer"),
}
CLAUSES = [
    (
        "pick-up",
        "上门取件",
        "甲方在约定的日期上门取回商品，包装和运费由甲方承担；乙方不在家的，双方另约一次，不影响付款日期。",
        "Pick-up",
        "Party A picks the goods up on the agreed day and bears packing and freight. If Party B is "
        "not at home a second day is agreed on; the day of payment stays.",
    ),
    (
        "original-receipt",
        "票据原件",
        "乙方把票据的清晰照片交给甲方即可；甲方需要原件入账的，用后五日内寄还，寄送费用由甲方承担。",
        "Original receipts",
        "A clear picture of a receipt is enough. If Party A needs the original for its books, it "
        "returns it within five days and bears the postage.",
    ),
    (
        "later-defect",
        "同一问题再次出现",
        "自签署之日起一年内，更换或者修好的商品再次出现同一问题的，乙方可以要求退货退款，甲方不收折旧费。",
        "The same fault again",
        "If the replaced or repaired goods show the same fault within one year of signing, Party B "
        "may return them for the full price without deduction for use.",
    ),
    (
        "bank-details",
        "收款信息变更",
        "乙方变更收款账户的，凭发到本人联系方式的校验码确认；甲方不以电话口头方式受理账户变更。",
        "Change of account",
        "A change of the account for payment is confirmed by a code to Party B's own contact; "
        "Party A takes no such change by telephone.",
    ),
]

GUARD = """
CREATE FUNCTION agreements_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a saved version of % stays as it is', TG_TABLE_NAME
    USING ERRCODE = 'check_violation';
END $$;
""" + "\n".join(
    f"CREATE TRIGGER agreements_guard_{table} BEFORE UPDATE OR DELETE ON agreements_{table} "
    "FOR EACH ROW EXECUTE FUNCTION agreements_guard_version();\n"
    f"CREATE TRIGGER agreements_{table}_whole BEFORE TRUNCATE ON agreements_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION agreements_refuse_emptying();"
    for table in ("wording", "libraryclause")
)
UNDO = "DROP FUNCTION agreements_guard_version() CASCADE;" + "".join(
    f"DROP TRIGGER agreements_{table}_whole ON agreements_{table};"
    for table in ("wording", "libraryclause")
)


def write(apps, _editor):
    """Write the shipped texts as the first versions."""
    wording = apps.get_model("agreements", "Wording")
    clause = apps.get_model("agreements", "LibraryClause")
    folder, moment = Path(agreements.wording.__path__[0]) / "shipped", timezone.now()
    for kind, titles in TITLES.items():
        for language, title in zip(("zh-hans", "en"), titles, strict=True):
            body = (folder / f"{kind}.{language}.txt").read_text(encoding="utf-8")
            wording.objects.create(
                kind=kind, language=language, number=1, title=title, body=body, saved_at=moment
            )
    for code, title_zh, text_zh, title_en, text_en in CLAUSES:
        clause.objects.create(
            code=code,
            number=1,
            title_zh=title_zh,
            text_zh=text_zh,
            title_en=title_en,
            text_en=text_en,
            saved_at=moment,
        )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0032_wording")]

    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, UNDO),
    ]
