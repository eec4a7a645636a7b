"""Figures never change; the country's first figures, each with its source and none checked yet."""

from datetime import date
from decimal import Decimal

from django.db import migrations
from django.utils import timezone

GUARDS = """
CREATE FUNCTION compensation_guard_statistic() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'figure % is withdrawn, never deleted', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.region, NEW.kind, NEW.detail, NEW.year, NEW.value, NEW.source, NEW.link, NEW.seen_on,
      NEW.entered_by_id, NEW.entered_at)
     IS DISTINCT FROM
     (OLD.region, OLD.kind, OLD.detail, OLD.year, OLD.value, OLD.source, OLD.link, OLD.seen_on,
      OLD.entered_by_id, OLD.entered_at)
     OR (OLD.checked_at IS NOT NULL AND NEW.checked_at IS DISTINCT FROM OLD.checked_at)
     OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
    RAISE EXCEPTION 'figure % does not change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_statistic BEFORE UPDATE OR DELETE
  ON compensation_regionalstatistic
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_statistic();
CREATE TRIGGER compensation_statistics_whole BEFORE TRUNCATE ON compensation_regionalstatistic
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();
"""
UNDO = """
DROP FUNCTION compensation_guard_statistic() CASCADE;
DROP TRIGGER compensation_statistics_whole ON compensation_regionalstatistic;
"""
SEEN = date(2026, 11, 22)
INCOMES = "国家统计局《2024年居民收入和消费支出情况》（据转载）"
WAGES = "国家统计局《2024年城镇单位就业人员年平均工资情况》（据转载），城镇非私营单位"
TRAVEL = "《中央和国家机关差旅费管理办法》（财行〔2013〕531号），国家机关一般工作人员的出差伙食补助"
GRADES = "审判实践的通行做法：一级 100%，每低一级减 10%；条文没有写明"
# kind, detail, year, value, source
NATION = [
    ("income", "", 2024, "54188", INCOMES),
    ("consumption", "", 2024, "34557", INCOMES),
    ("average_wage", "", 2024, "124110", WAGES),
    ("meals", "", 2014, "100", TRAVEL),
    *(
        ("coefficient", str(grade), 2022, str(Decimal(11 - grade) / 10), GRADES)
        for grade in range(1, 11)
    ),
]


def fill(apps, schema_editor):
    """Ship what has a named source; none was held against the source itself, and each says so."""
    row, moment = apps.get_model("compensation", "RegionalStatistic"), timezone.now()
    row.objects.bulk_create(
        row(
            region="000000",
            kind=kind,
            detail=detail,
            year=year,
            value=Decimal(value),
            source=source,
            seen_on=SEEN,
            entered_at=moment,
        )
        for kind, detail, year, value, source in NATION
    )


class Migration(migrations.Migration):
    dependencies = [("compensation", "0080_statistics")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, UNDO),
    ]
