"""Online chats, the sites that may show them, and when people answer."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0073_bulk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Chat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret_digest", models.CharField(max_length=64, unique=True)),
                ("key_sealed", models.BinaryField(default=bytes)),
                ("contact_sealed", models.BinaryField(default=bytes)),
                (
                    "language",
                    models.CharField(default="zh-hans", max_length=10, verbose_name="语言"),
                ),
                (
                    "origin",
                    models.CharField(blank=True, max_length=200, verbose_name="来自哪个网站"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待接待"),
                            ("active", "接待中"),
                            ("case", "已立案"),
                            ("ended", "已结束"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("visitor_lines", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField(verbose_name="开始")),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("last_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
                ("join_code", models.UUIDField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chats",
                        to="complaints.case",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接待人",
                    ),
                ),
            ],
            options={
                "verbose_name": "在线对话",
                "verbose_name_plural": "在线对话",
            },
        ),
        migrations.CreateModel(
            name="ChatMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "author_kind",
                    models.CharField(
                        choices=[
                            ("staff", "员工"),
                            ("consumer", "消费者"),
                            ("mediator", "调解员"),
                            ("system", "系统"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("nonce", models.CharField(max_length=64)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "chat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="complaints.chat",
                    ),
                ),
            ],
            options={
                "verbose_name": "对话内容",
                "verbose_name_plural": "对话内容",
                "ordering": ("chat", "number"),
            },
        ),
        migrations.CreateModel(
            name="ChatOrigin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.CharField(max_length=200, unique=True, verbose_name="网站地址")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "可嵌入在线客服的网站",
                "verbose_name_plural": "可嵌入在线客服的网站",
                "ordering": ("origin",),
            },
        ),
        migrations.CreateModel(
            name="ChatRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="开放在线客服")),
                (
                    "wait_minutes",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="等多久没人回复就立案（分钟）"
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.businesscalendar",
                        verbose_name="服务时间按哪个工作日历",
                    ),
                ),
            ],
            options={
                "verbose_name": "在线客服规则",
                "verbose_name_plural": "在线客服规则",
            },
        ),
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "active"))),
                fields=["asked_at"],
                name="complaints_chat_asked",
            ),
        ),
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(fields=["state", "-last_at"], name="complaints_chat_by_state"),
        ),
        migrations.AddConstraint(
            model_name="chat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "active"), _negated=True),
                    ("owner__isnull", False),
                    _connector="OR",
                ),
                name="complaints_active_chat_has_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="chat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "case"), _negated=True),
                    ("case__isnull", False),
                    _connector="OR",
                ),
                name="complaints_chat_case_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="chatmessage",
            constraint=models.UniqueConstraint(
                fields=("chat", "number"), name="complaints_chat_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="chatmessage",
            constraint=models.UniqueConstraint(
                fields=("chat", "author_kind", "nonce"), name="complaints_chat_said_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="chatrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)), name="complaints_one_chat_rules"
            ),
        ),
        migrations.AddConstraint(
            model_name="chatrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("wait_minutes__gte", 1), ("wait_minutes__lte", 1440)),
                name="complaints_chat_wait_within_a_day",
            ),
        ),
    ]
