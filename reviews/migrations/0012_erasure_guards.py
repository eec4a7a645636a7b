"""Periods to begin with, and a database that lets frozen rows be emptied only by a released run.

`reviews_open_guards(table)` lets the triggers that freeze a table's rows step aside while an
erasure is carried out (`redress.erasing` names its item), and puts one in their place that asks
whether two people released it and no hold stands. A table frozen later calls it in its migration.
"""

from django.db import migrations
from django.utils import timezone

RULES = [
    (
        "ordinary",
        36,
        "closed",
        "policy",
        "公司规定：诉讼时效三年（民法典第188条），到期不再需要（个人信息保护法第19条）",
        "Our policy: limitation is three years (Civil Code, art. 188); not longer than needed "
        "(PIPL, art. 19)",
        True,
    ),
    (
        "paid",
        120,
        "last_payment",
        "law",
        "税收征收管理法实施细则第29条：记账凭证和有关资料保存十年",
        "Rules for the Law on Tax Collection, art. 29: vouchers are kept for ten years",
        False,
    ),
    (
        "safety",
        120,
        "closed",
        "policy",
        "公司规定：缺陷产品的赔偿请求权满十年才消灭（产品质量法第45条）",
        "Our policy: claims for a defective product end after ten years (Product Quality Law, "
        "art. 45)",
        True,
    ),
    (
        "car",
        72,
        "closed",
        "law",
        "家用汽车产品修理更换退货责任规定第17条：修理记录保存不少于六年",
        "Family-car warranty rules, art. 17: repair records are kept for at least six years",
        True,
    ),
    (
        "batch",
        60,
        "closed",
        "law",
        "消费品召回管理暂行规定：召回记录保存不少于五年",
        "Interim rules on consumer-product recalls: records are kept for at least five years",
        False,
    ),
    (
        "proceeding",
        60,
        "proceeding_end",
        "policy",
        "公司规定：申请执行和再审期间可能还要用",
        "Our policy: enforcement or a retrial may still need it",
        True,
    ),
]


def fill(apps, schema_editor):
    """Put in the periods that the program ships with."""
    rule, moment = apps.get_model("reviews", "RetentionRule"), timezone.now()
    rule.objects.bulk_create(
        rule(
            code=code,
            version=1,
            months=months,
            counts_from=counts_from,
            kept_by=kept_by,
            source=source,
            source_en=source_en,
            verified=verified,
            effective_from="2026-01-01",
            reason="—",
            saved_at=moment,
        )
        for code, months, counts_from, kept_by, source, source_en, verified in RULES
    )


def nothing(apps, schema_editor):
    """The tables go with their rows."""


FUNCTIONS = r"""
CREATE FUNCTION reviews_check_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'nothing is added to % while a case is erased', TG_TABLE_NAME
            USING ERRCODE = '23001';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM reviews_erasureitem i JOIN reviews_erasurerun r ON r.id = i.run_id
         WHERE i.id = current_setting('redress.erasing')::bigint
           AND i.state = 'planned' AND r.state = 'released'
           AND NOT EXISTS (SELECT 1 FROM reviews_legalhold h
                            WHERE h.case_id = i.case_id AND h.lifted_at IS NULL))
    THEN
        RAISE EXCEPTION 'row of % is erased only by a released run, and under no hold',
            TG_TABLE_NAME USING ERRCODE = '23001';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviews_open_guards(opened regclass) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    guard record;
    aside CONSTANT text := $c$coalesce(current_setting('redress.erasing', true), '') = ''$c$;
    made text;
    found integer := 0;
BEGIN
    FOR guard IN
        SELECT t.tgname, pg_get_triggerdef(t.oid) AS made FROM pg_trigger t
         WHERE t.tgrelid = opened AND NOT t.tgisinternal AND t.tgconstraint = 0
           AND t.tgtype & 1 = 1 AND t.tgtype & 2 = 2 AND t.tgtype & 24 <> 0
           AND t.tgname <> 'reviews_erasure_allowed'
           AND pg_get_triggerdef(t.oid) NOT LIKE '%redress.erasing%'
    LOOP
        made := guard.made;
        IF made ~ ' WHEN \(' THEN
            made := regexp_replace(made, ' WHEN \((.*)\) EXECUTE FUNCTION ',
                format(' WHEN ((\1) AND %s) EXECUTE FUNCTION ', aside));
        ELSE
            made := replace(made, ' EXECUTE FUNCTION ', format(' WHEN (%s) EXECUTE FUNCTION ', aside));
        END IF;
        EXECUTE format('DROP TRIGGER %I ON %s', guard.tgname, opened);
        EXECUTE made;
        found := found + 1;
    END LOOP;
    IF found > 0 AND NOT EXISTS (
        SELECT 1 FROM pg_trigger WHERE tgrelid = opened AND tgname = 'reviews_erasure_allowed')
    THEN
        EXECUTE format('CREATE TRIGGER reviews_erasure_allowed BEFORE INSERT OR UPDATE OR DELETE ON %s '
            'FOR EACH ROW WHEN (NOT (%s)) EXECUTE FUNCTION reviews_check_erasure()', opened, aside);
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION reviews_guard_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.lifted_at IS NOT NULL
       OR ROW(NEW.case_id, NEW.ground, NEW.reason, NEW.until, NEW.placed_by_id, NEW.placed_at)
          IS DISTINCT FROM
          ROW(OLD.case_id, OLD.ground, OLD.reason, OLD.until, OLD.placed_by_id, OLD.placed_at)
    THEN
        RAISE EXCEPTION 'hold % is lifted once, never changed', OLD.id USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_guard_hold BEFORE UPDATE OR DELETE ON reviews_legalhold
    FOR EACH ROW EXECUTE FUNCTION reviews_guard_hold();

CREATE FUNCTION reviews_guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.finished_at IS NOT NULL THEN
        RAISE EXCEPTION 'run % of erasure stays as it is', OLD.id USING ERRCODE = '23001';
    END IF;
    IF OLD.released_at IS NOT NULL
       AND ROW(NEW.digest, NEW.asked_by_id, NEW.asked_at, NEW.reason, NEW.released_by_id,
               NEW.released_at)
           IS DISTINCT FROM
           ROW(OLD.digest, OLD.asked_by_id, OLD.asked_at, OLD.reason, OLD.released_by_id,
               OLD.released_at)
    THEN
        RAISE EXCEPTION 'run % was released as it is', OLD.id USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_guard_run BEFORE UPDATE OR DELETE ON reviews_erasurerun
    FOR EACH ROW EXECUTE FUNCTION reviews_guard_run();

CREATE FUNCTION reviews_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    run reviews_erasurerun;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'erased' THEN
        RAISE EXCEPTION 'certificate % stays as it is', OLD.id USING ERRCODE = '23001';
    END IF;
    SELECT * INTO run FROM reviews_erasurerun r
     WHERE r.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.run_id ELSE NEW.run_id END;
    IF TG_OP = 'DELETE' OR TG_OP = 'INSERT' THEN
        IF run.state <> 'proposed' THEN
            RAISE EXCEPTION 'the list of run % is closed', run.id USING ERRCODE = '23001';
        END IF;
    ELSIF NEW.state = 'erased' AND run.state <> 'released' THEN
        RAISE EXCEPTION 'run % is not released', run.id USING ERRCODE = '23001';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_guard_item BEFORE INSERT OR UPDATE OR DELETE ON reviews_erasureitem
    FOR EACH ROW EXECUTE FUNCTION reviews_guard_item();

CREATE FUNCTION reviews_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001';
END $$;
CREATE TRIGGER reviews_rules_kept BEFORE UPDATE OR DELETE ON reviews_retentionrule
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_change();

CREATE FUNCTION reviews_guard_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM reviews_erasureitem i
         WHERE i.id = nullif(current_setting('redress.erasing', true), '')::bigint
           AND i.case_id = NEW.id)
    THEN
        RAISE EXCEPTION 'case % is marked as erased only by its erasure', OLD.id
            USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_erased_once BEFORE UPDATE OF erased_at ON complaints_case
    FOR EACH ROW WHEN (OLD.erased_at IS DISTINCT FROM NEW.erased_at)
    EXECUTE FUNCTION reviews_guard_erased();
"""
UNDO = """
DROP TRIGGER reviews_erased_once ON complaints_case;
DROP FUNCTION reviews_guard_erased();
DROP TRIGGER reviews_rules_kept ON reviews_retentionrule;
DROP FUNCTION reviews_refuse_change();
DROP TRIGGER reviews_guard_item ON reviews_erasureitem;
DROP FUNCTION reviews_guard_item();
DROP TRIGGER reviews_guard_run ON reviews_erasurerun;
DROP FUNCTION reviews_guard_run();
DROP TRIGGER reviews_guard_hold ON reviews_legalhold;
DROP FUNCTION reviews_guard_hold();
DROP FUNCTION reviews_open_guards(regclass);
DROP FUNCTION reviews_check_erasure() CASCADE;
"""
TABLES = (
    "agreements_agreement",
    "agreements_breach",
    "agreements_consumerlapse",
    "agreements_followup",
    "agreements_followupattempt",
    "agreements_obligation",
    "agreements_papercopy",
    "agreements_payeeaccount",
    "agreements_payment",
    "agreements_payout",
    "agreements_representative",
    "agreements_signer",
    "agreements_statemententry",
    "compensation_caretask",
    "compensation_compensationplan",
    "compensation_entitlementsheet",
    "compensation_fundentry",
    "compensation_instantoffer",
    "compensation_lossitem",
    "compensation_offerreply",
    "compensation_planline",
    "compensation_planoption",
    "compensation_screeningdecision",
    "compensation_screeningmark",
    "compensation_screeningresult",
    "compensation_screeningsign",
    "complaints_accesslog",
    "complaints_accountabilityitem",
    "complaints_bulkitem",
    "complaints_case",
    "complaints_casesearch",
    "complaints_chat",
    "complaints_chatfile",
    "complaints_chatmessage",
    "complaints_consumer",
    "complaints_contactreveal",
    "complaints_customeridentity",
    "complaints_datarequest",
    "complaints_evidence",
    "complaints_groupmember",
    "complaints_inboundmail",
    "complaints_loweringrequest",
    "complaints_mailact",
    "complaints_message",
    "complaints_noticeact",
    "complaints_outboxmessage",
    "complaints_outsidefiling",
    "complaints_picturemark",
    "complaints_replydraft",
    "complaints_reportstep",
    "complaints_safetyaction",
    "complaints_textmark",
    "complaints_triageproposal",
    "complaints_wrongdoingreport",
    "documents_document",
    "liability_claim",
    "liability_claimevidence",
    "liability_consultextension",
    "liability_consulttask",
    "liability_findingdraft",
    "liability_incidentcase",
    "liability_inspection",
    "liability_investigation",
    "liability_investigationnote",
    "liability_investigationreport",
    "liability_liabilityfinding",
    "liability_liabilityshare",
    "liability_planitem",
    "liability_recourseclaim",
    "liability_recourseentry",
    "liability_resultnotice",
    "liability_statement",
    "liability_withheldevidence",
    "reviews_evidencepack",
    "reviews_groundofreview",
    "reviews_legalhold",
    "reviews_mediation",
    "reviews_mediationnote",
    "reviews_proceeding",
    "reviews_proceedingstep",
    "reviews_review",
)
OPEN = "\n".join(f"SELECT reviews_open_guards('{table}');" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_workload"),
        ("agreements", "0052_surveys"),
        ("compensation", "0090_order_key"),
        ("complaints", "0130_erased_cases"),
        ("documents", "0030_erased_files"),
        ("liability", "0051_worths_of_earlier_duties"),
        ("reviews", "0011_retention"),
    ]

    operations = [
        migrations.RunPython(fill, nothing),
        migrations.RunSQL(FUNCTIONS, UNDO),
        migrations.RunSQL(OPEN, migrations.RunSQL.noop),
    ]
