"""The company's seal on finished documents: asked for with the document, stored with the file."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION documents_guard_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the seal of file % is never changed', OLD.file_id USING ERRCODE = '23001';
END $$;

CREATE TRIGGER documents_seal_stays
    BEFORE UPDATE OR DELETE ON documents_seal
    FOR EACH ROW EXECUTE FUNCTION documents_guard_seal();

CREATE FUNCTION documents_guard_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM documents_seal WHERE file_id = NEW.file_id) THEN
        RAISE EXCEPTION 'document % is to be sealed before it is ready', NEW.id
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER documents_ready_means_sealed
    BEFORE INSERT OR UPDATE ON documents_document
    FOR EACH ROW WHEN (NEW.status = 'ready' AND NEW.with_seal)
    EXECUTE FUNCTION documents_guard_sealed();
"""

UNGUARD = """
DROP TRIGGER documents_ready_means_sealed ON documents_document;
DROP FUNCTION documents_guard_sealed();
DROP TRIGGER documents_seal_stays ON documents_seal;
DROP FUNCTION documents_guard_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_investigation_report")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="with_seal",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="加盖公司电子印章"
            ),
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="seal",
                        serialize=False,
                        to="documents.storedfile",
                        verbose_name="文件",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("B-B", "PAdES-B-B"), ("B-T", "PAdES-B-T")],
                        max_length=4,
                        verbose_name="等级",
                    ),
                ),
                (
                    "certificate_sha256",
                    models.CharField(max_length=64, verbose_name="证书指纹"),
                ),
                ("holder", models.CharField(max_length=200, verbose_name="持有者")),
                ("development", models.BooleanField(verbose_name="仅供开发使用")),
                ("sealed_at", models.DateTimeField(verbose_name="盖章时间")),
                (
                    "stamped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="时间戳"),
                ),
                (
                    "stamped_by",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="时间戳服务"
                    ),
                ),
            ],
            options={
                "verbose_name": "电子印章",
                "verbose_name_plural": "电子印章",
                "indexes": [
                    models.Index(fields=["certificate_sha256"], name="documents_seal_certificate")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(level="B-B", stamped_at__isnull=True)
                        | models.Q(level="B-T", stamped_at__isnull=False),
                        name="documents_stamped_means_b_t",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
