"""Looks are only added to, a statement's words are frozen once it waits; the first care template."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER compensation_looks_kept BEFORE UPDATE OR DELETE ON compensation_carelook
  FOR EACH ROW EXECUTE FUNCTION compensation_refuse_change();
CREATE TRIGGER compensation_looks_whole BEFORE TRUNCATE ON compensation_carelook
  FOR EACH STATEMENT EXECUTE FUNCTION compensation_refuse_change();

CREATE FUNCTION compensation_guard_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a statement is never removed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status <> 'draft' AND (
       NEW.status = 'draft' OR NEW.kind <> OLD.kind OR NEW.title <> OLD.title
       OR NEW.text <> OLD.text OR NEW.text_en <> OLD.text_en OR NEW.digest <> OLD.digest
       OR NEW.made_by_id <> OLD.made_by_id OR NEW.case_id <> OLD.case_id) THEN
    RAISE EXCEPTION 'the words of statement % are frozen', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status IN ('published', 'dropped') AND NEW.status <> OLD.status
     AND NOT (OLD.status = 'published' AND NEW.status = 'dropped') THEN
    RAISE EXCEPTION 'statement % is %', OLD.id, OLD.status USING ERRCODE = 'check_violation';
  END IF;
  IF (OLD.first_by_id IS NOT NULL AND NEW.first_by_id IS DISTINCT FROM OLD.first_by_id)
     OR (OLD.second_by_id IS NOT NULL AND NEW.second_by_id IS DISTINCT FROM OLD.second_by_id) THEN
    RAISE EXCEPTION 'an approval of statement % does not change', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER compensation_guard_statement BEFORE UPDATE OR DELETE ON compensation_publicstatement
  FOR EACH ROW EXECUTE FUNCTION compensation_guard_statement();
"""
UNDO = """
DROP TRIGGER compensation_looks_kept ON compensation_carelook;
DROP TRIGGER compensation_looks_whole ON compensation_carelook;
DROP FUNCTION compensation_guard_statement() CASCADE;
"""
# cause, what, hours, cost at most, how
LINES = (
    ("injury", "contact", 2, "0", "一个人从头跟到尾，留下直拨电话"),
    ("injury", "executive_call", 24, "0", "先问伤情，不谈赔偿，不要求对方承诺什么"),
    ("injury", "apology", 48, "0", "说明我们在做什么；不写责任结论"),
    ("injury", "gift", 72, "500", "按需要，不带公司广告"),
    ("injury", "counselling", 72, "3000", "先问愿不愿意，由有资质的机构提供"),
    ("injury", "home_visit", 72, "500", "约好时间再去，两个人一起"),
    ("fire", "contact", 2, "0", "一个人从头跟到尾，留下直拨电话"),
    ("fire", "lodging", 4, "6000", "房子不能住时马上安排，先住下再说费用"),
    ("fire", "executive_call", 24, "0", "先问人是否平安"),
    ("fire", "counselling", 48, "3000", "先问愿不愿意，由有资质的机构提供"),
    ("fire", "apology", 48, "0", "说明我们在做什么；不写责任结论"),
    ("fire", "home_visit", 48, "500", "约好时间再去，两个人一起"),
    ("severe", "contact", 4, "0", "一个人从头跟到尾，留下直拨电话"),
    ("severe", "executive_call", 48, "0", "听完再说，答应的事当场记下"),
    ("severe", "apology", 72, "0", "书面道歉，写明哪里没有做好"),
)


def fill(apps, schema_editor):
    line = apps.get_model("compensation", "CareTemplate")
    line.objects.bulk_create(
        line(cause=cause, kind=kind, hours=hours, most_cost=cost, guidance=guidance)
        for cause, kind, hours, cost, guidance in LINES
    )


def empty(apps, schema_editor):
    apps.get_model("compensation", "CareTemplate").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("compensation", "0052_care")]

    operations = [migrations.RunSQL(GUARDS, UNDO), migrations.RunPython(fill, empty)]
