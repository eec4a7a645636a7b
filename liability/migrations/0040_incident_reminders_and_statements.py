"""Reminders of incidents and their tasks, and public statements that stay as published."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION liability_guard_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'statement % was published and stays', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER liability_guard_statement BEFORE UPDATE OR DELETE ON liability_publicstatement
  FOR EACH ROW EXECUTE FUNCTION liability_guard_statement();
"""
UNGUARD = """
DROP TRIGGER liability_guard_statement ON liability_publicstatement;
DROP FUNCTION liability_guard_statement();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("liability", "0034_result_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IncidentReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rung", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="liability.incident",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="liability.incidenttask",
                    ),
                ),
            ],
            options={
                "verbose_name": "事件提醒",
                "verbose_name_plural": "事件提醒",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("task__isnull", False)),
                        fields=("task", "rung"),
                        name="liability_one_reminder_a_task_rung",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("task__isnull", True)),
                        fields=("incident", "rung"),
                        name="liability_one_reminder_an_incident_rung",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("title_zh", models.CharField(max_length=60, verbose_name="中文标题")),
                ("title_en", models.CharField(max_length=100, verbose_name="英文标题")),
                ("body_zh", models.TextField(verbose_name="中文内容")),
                ("body_en", models.TextField(verbose_name="英文内容")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField()),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="发布时间"),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="liability.incident",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发布人",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开说明",
                "verbose_name_plural": "公开说明",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "number"), name="liability_statement_numbers"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=("incident",),
                        name="liability_one_statement_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", True), ("published_by__isnull", True)
                            ),
                            models.Q(
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                                models.Q(("published_by", models.F("written_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="liability_statement_by_two_people",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
