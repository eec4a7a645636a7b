"""A heartbeat row for each sweeper, incidents, retries of timers, and notices without a case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0009_untold_findings")]

    operations = [
        migrations.DeleteModel(name="SweepHeartbeat"),
        migrations.CreateModel(
            name="SweepHeartbeat",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=120, primary_key=True, serialize=False, verbose_name="进程"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="启动时间")),
                ("seen_at", models.DateTimeField(verbose_name="最近活动")),
                (
                    "swept_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近巡检"),
                ),
                ("skew_seconds", models.FloatField(default=0, verbose_name="时钟偏差")),
                ("sweeps", models.PositiveBigIntegerField(default=0)),
                ("errors", models.PositiveBigIntegerField(default=0)),
                ("fired", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="ClockIncident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sweep_stopped", "没有进程在巡检时限"),
                            ("timers_waiting", "到期的提醒没有及时发出"),
                            ("clock_skewed", "服务器时钟不准"),
                        ],
                        max_length=20,
                        verbose_name="问题",
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="开始")),
                ("noticed_at", models.DateTimeField(verbose_name="发现")),
                ("noticed_by", models.CharField(max_length=8)),
                ("healed_at", models.DateTimeField(blank=True, null=True, verbose_name="恢复")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("healed_at__isnull", True)),
                        fields=("kind",),
                        name="complaints_one_open_incident",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="timer",
            name="next_try_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="timer",
            index=models.Index(
                condition=models.Q(("attempts__gt", 0)),
                fields=["due_at"],
                name="complaints_sick_timers",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notifications",
                to="complaints.case",
            ),
        ),
    ]
