"""Recourse: claims, what came back of what was paid, insurance policies and terms of notice."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE FUNCTION liability_paid(the_case bigint, the_currency text) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(amount), 0) FROM liability_recoursebasis
  WHERE case_id = the_case AND currency = the_currency AND withdrawn_at IS NULL
$$;
CREATE FUNCTION liability_check_recovery() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claim liability_recourseclaim;
  policy liability_insurancepolicy;
  the_currency text;
  paid numeric;
  covered numeric;
BEGIN
  SELECT * INTO claim FROM liability_recourseclaim WHERE id = NEW.claim_id;
  SELECT currency INTO the_currency FROM complaints_case WHERE id = claim.case_id FOR UPDATE;
  paid := liability_paid(claim.case_id, the_currency);
  IF claim.status NOT IN ('open', 'notified') THEN
    RAISE EXCEPTION 'claim % has ended', claim.id USING ERRCODE = 'check_violation';
  END IF;
  IF claim.policy_id IS NULL THEN
    covered := round(paid * claim.percent / 100, 2);
  ELSE
    SELECT * INTO policy FROM liability_insurancepolicy WHERE id = claim.policy_id;
    covered := greatest(0, least(policy.coverage, paid - policy.deductible));
  END IF;
  IF NEW.amount + (SELECT coalesce(sum(amount), 0) FROM liability_recovery
                   WHERE claim_id = claim.id) > covered THEN
    RAISE EXCEPTION 'claim % covers %, not more', claim.id, covered
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.amount + (SELECT coalesce(sum(r.amount), 0) FROM liability_recovery r
                   JOIN liability_recourseclaim c ON c.id = r.claim_id
                   WHERE c.case_id = claim.case_id) > paid THEN
    RAISE EXCEPTION 'case % recovers at most %, what was paid', claim.case_id, paid
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_recovery_is_covered BEFORE INSERT ON liability_recovery
  FOR EACH ROW EXECUTE FUNCTION liability_check_recovery();
CREATE TRIGGER liability_recoveries_kept BEFORE UPDATE OR DELETE ON liability_recovery
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
CREATE TRIGGER liability_entries_kept BEFORE UPDATE OR DELETE ON liability_recourseentry
  FOR EACH ROW EXECUTE FUNCTION liability_refuse_change();
CREATE FUNCTION liability_guard_basis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR OLD.withdrawn_at IS NOT NULL
     OR (to_jsonb(NEW) - 'withdrawn_at') IS DISTINCT FROM (to_jsonb(OLD) - 'withdrawn_at') THEN
    RAISE EXCEPTION 'what was paid is only withdrawn' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER liability_bases_kept BEFORE UPDATE OR DELETE ON liability_recoursebasis
  FOR EACH ROW EXECUTE FUNCTION liability_guard_basis();
"""

UNDO = """
DROP FUNCTION liability_guard_basis() CASCADE;
DROP TRIGGER liability_entries_kept ON liability_recourseentry;
DROP TRIGGER liability_recoveries_kept ON liability_recovery;
DROP FUNCTION liability_check_recovery() CASCADE;
DROP FUNCTION liability_paid(bigint, text);
"""

TERMS = [
    ("supplier", 30, "供货合同常见的约定，按合同修改"),
    ("producer", 30, "供货合同常见的约定，按合同修改"),
    ("logistics", 10, "运输合同常见的约定，按合同修改"),
    ("insurer", 5, "《保险法》第二十一条：知道事故发生后及时通知，按保单修改"),
]


def add_terms(apps, schema_editor):
    """The terms that come with Redress, to be edited by the contracts."""
    terms = apps.get_model("liability", "RecourseTerm").objects
    for party, days, source in TERMS:
        terms.create(party=party, days=days, source=source)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0082_import_and_export"),
        ("liability", "0012_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InsurancePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("insurer", models.CharField(max_length=120, verbose_name="保险公司")),
                ("number", models.CharField(max_length=60, verbose_name="保单号")),
                (
                    "coverage",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="每案保额"),
                ),
                (
                    "deductible",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="免赔额"
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="币种")),
                ("starts_on", models.DateField(verbose_name="起保日期")),
                ("ends_on", models.DateField(verbose_name="到期日期")),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="从认定责任那天起算，按保单填写",
                        verbose_name="报案期限（天）",
                    ),
                ),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="报案方式")),
                (
                    "products",
                    models.ManyToManyField(
                        blank=True,
                        help_text="不选表示所有商品",
                        related_name="policies",
                        to="complaints.product",
                        verbose_name="承保商品",
                    ),
                ),
            ],
            options={
                "verbose_name": "产品责任险保单",
                "verbose_name_plural": "产品责任险保单",
            },
        ),
        migrations.CreateModel(
            name="RecourseBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=64, unique=True, verbose_name="来源")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="币种")),
                ("paid_at", models.DateTimeField(verbose_name="付款时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="退回时间"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recourse_bases",
                        to="complaints.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "已付款项",
                "verbose_name_plural": "已付款项",
            },
        ),
        migrations.CreateModel(
            name="RecourseClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("seller", "销售者"),
                            ("producer", "生产者"),
                            ("importer", "进口商"),
                            ("supplier", "供货者"),
                            ("logistics", "物流承运人"),
                            ("warehouse", "仓储方"),
                            ("repairer", "维修方"),
                            ("platform", "平台经营者"),
                            ("live_room", "直播间运营者"),
                            ("advertiser", "广告主"),
                            ("endorser", "代言人"),
                            ("venue", "场地提供者"),
                            ("licence_lender", "出借营业执照者"),
                            ("fair_organiser", "展销会举办者"),
                            ("production_dept", "生产部门"),
                            ("third_party_service", "第三方服务商"),
                            ("consumer", "消费者"),
                            ("force_majeure", "不可抗力"),
                            ("insurer", "保险公司"),
                        ],
                        max_length=20,
                        verbose_name="向谁追偿",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=190, verbose_name="名称")),
                (
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="比例（%）",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "待通知"),
                            ("notified", "已通知"),
                            ("closed", "已结束"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="开始时间")),
                ("notice_due_on", models.DateField(verbose_name="最晚通知日期")),
                (
                    "notified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="通知时间"),
                ),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "close_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="结束的原因"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recourse_claims",
                        to="complaints.case",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recourse_claims",
                        to="liability.liabilityfinding",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="liability.insurancepolicy",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recourse_claims",
                        to="liability.supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "追偿",
                "verbose_name_plural": "追偿",
            },
        ),
        migrations.CreateModel(
            name="RecourseEntry",
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
                            ("notice", "追偿通知"),
                            ("sent", "发出的信件"),
                            ("received", "收到的答复"),
                            ("call", "电话或会面"),
                            ("note", "备注"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("text", models.TextField(verbose_name="内容")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="liability.recourseclaim",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "追偿往来",
                "verbose_name_plural": "追偿往来",
            },
        ),
        migrations.CreateModel(
            name="RecourseTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("seller", "销售者"),
                            ("producer", "生产者"),
                            ("importer", "进口商"),
                            ("supplier", "供货者"),
                            ("logistics", "物流承运人"),
                            ("warehouse", "仓储方"),
                            ("repairer", "维修方"),
                            ("platform", "平台经营者"),
                            ("live_room", "直播间运营者"),
                            ("advertiser", "广告主"),
                            ("endorser", "代言人"),
                            ("venue", "场地提供者"),
                            ("licence_lender", "出借营业执照者"),
                            ("fair_organiser", "展销会举办者"),
                            ("production_dept", "生产部门"),
                            ("third_party_service", "第三方服务商"),
                            ("consumer", "消费者"),
                            ("force_majeure", "不可抗力"),
                            ("insurer", "保险公司"),
                        ],
                        max_length=20,
                        verbose_name="责任方",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="通知期限（天）")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        help_text="有单独合同的供货者；留空表示这一类都适用",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recourse_terms",
                        to="liability.supplier",
                        verbose_name="供货者",
                    ),
                ),
            ],
            options={
                "verbose_name": "追偿的通知期限",
                "verbose_name_plural": "追偿的通知期限",
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额"),
                ),
                ("received_on", models.DateField(verbose_name="到账日期")),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="流水号")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to="liability.recourseclaim",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "追回的款项",
                "verbose_name_plural": "追回的款项",
            },
        ),
        migrations.AddConstraint(
            model_name="insurancepolicy",
            constraint=models.UniqueConstraint(
                fields=("insurer", "number"), name="liability_one_policy_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="insurancepolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("coverage__gt", 0), ("deductible__gte", 0)),
                name="liability_policy_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="insurancepolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="liability_policy_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoursebasis",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="liability_basis_is_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="recourseclaim",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["notice_due_on"],
                name="liability_claims_to_notify",
            ),
        ),
        migrations.AddConstraint(
            model_name="recourseclaim",
            constraint=models.UniqueConstraint(
                fields=("case", "party", "name"), name="liability_one_claim_a_debtor"
            ),
        ),
        migrations.AddConstraint(
            model_name="recourseclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("percent__gt", Decimal("0")),
                        ("percent__lte", Decimal("100")),
                        ("policy__isnull", True),
                        models.Q(("party", "insurer"), _negated=True),
                    ),
                    models.Q(
                        ("party", "insurer"), ("percent__isnull", True), ("policy__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="liability_claim_by_share_or_policy",
            ),
        ),
        migrations.AddConstraint(
            model_name="recourseclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("status__in", ["open", "notified"])),
                    models.Q(("status__in", ["closed", "withdrawn"]), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="liability_ended_claim_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="recourseclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "notified"), _negated=True),
                    ("notified_at__isnull", False),
                    _connector="OR",
                ),
                name="liability_notified_claim_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="recourseterm",
            constraint=models.UniqueConstraint(
                fields=("party", "supplier"),
                name="liability_one_term_a_party",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="recourseterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gt", 0)), name="liability_term_has_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="liability_recovery_is_positive"
            ),
        ),
        migrations.RunSQL(GUARDS, UNDO),
        migrations.RunPython(add_terms, migrations.RunPython.noop),
    ]
