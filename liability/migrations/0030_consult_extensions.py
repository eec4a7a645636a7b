"""More time for consult tasks; a question with more time, or taken back, heard nobody."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HEARD = """
CREATE OR REPLACE FUNCTION liability_both_sides_heard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.investigation_id IS NOT NULL AND NOT NEW.admitted AND NOT EXISTS (
    SELECT 1 FROM liability_statement s
    LEFT JOIN liability_consulttask t ON t.statement_id = s.id
    WHERE s.case_id = NEW.case_id AND s.party = 'respondent'
      AND (s.heard_at IS NOT NULL
           OR (t.status IS DISTINCT FROM 'revoked'
               AND greatest(s.answer_by, t.due_at) <= NEW.decided_at))) THEN
    RAISE EXCEPTION 'finding of case % before the respondent was heard', NEW.case_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_extensions_kept BEFORE UPDATE OR DELETE ON liability_consultextension
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
"""
HEARD_BEFORE = """
CREATE OR REPLACE FUNCTION liability_both_sides_heard() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP TRIGGER liability_extensions_kept ON liability_consultextension;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("liability", "0020_tracing_and_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsultExtension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_before", models.DateTimeField(verbose_name="原来的期限")),
                ("due_after", models.DateTimeField(verbose_name="新的期限")),
                ("reason", models.CharField(max_length=300, verbose_name="延期理由")),
                ("extended_at", models.DateTimeField(verbose_name="延期时间")),
                (
                    "extended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="liability.consulttask",
                    ),
                ),
            ],
            options={
                "verbose_name": "会办任务延期",
                "verbose_name_plural": "会办任务延期",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_after__gt", models.F("due_before")),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="liability_extension_gives_more_time",
                    )
                ],
            },
        ),
        migrations.RunSQL(HEARD, HEARD_BEFORE),
    ]
