"""Contexts: whole data pass, and every fault names its datum."""

import pytest

from documents.contexts import shapes, validate_agreement_context
from documents.errors import ContextInvalid
from documents.registry import TEMPLATES, print_template
from tests.documents import samples
from tests.documents.samples import changed


@pytest.mark.parametrize("name", samples.CONTEXTS)
def test_whole_contexts_pass(name):
    assert TEMPLATES[name].validate(samples.CONTEXTS[name]) == samples.CONTEXTS[name]


@pytest.mark.parametrize(
    ("name", "path", "value", "field"),
    [
        ("agreement", "number", "", "number"),
        ("agreement", "number", " \n ", "number"),
        ("agreement", "number", 5, "number"),
        ("agreement", "draft", "yes", "draft"),
        ("agreement", "copies", True, "copies"),
        ("agreement", "copies", 0, "copies"),
        ("agreement", "lines.1.amount", "38", "lines[1].amount"),
        ("agreement", "lines.1.amount", "38.001", "lines[1].amount"),
        ("agreement", "lines.1.amount", "-38.00", "lines[1].amount"),
        ("agreement", "lines.1.amount", "39.00", "total"),
        ("agreement", "total", "1437.01", "total"),
        ("agreement", "lines.0.price", "1.00", "lines[0].price"),
        ("agreement", "performance.due_on", "soon", "performance.due_on"),
        ("agreement", "performance.due_on", "2026-02-30", "performance.due_on"),
        ("agreement", "performance.due_on", "", "performance.due_on"),
        ("agreement", "consumer.name", "", "consumer.name"),
        ("agreement", "operator", None, "operator"),
        ("agreement", "complaint", "汉" * 20_001, "complaint"),
        ("agreement", "attachments.0.sha256", "XYZ", "attachments[0].sha256"),
        ("agreement", "signatures.1.path", "M0 0'/><script>", "signatures[1].path"),
        ("agreement", "signatures.1.path", "url(http://x)", "signatures[1].path"),
        ("agreement", "signatures.1.role", "guest", "signatures[1].role"),
        ("agreement", "signatures.1.signed_at", "", "signatures"),
        ("agreement", "signatures", [], "signatures"),
        ("agreement", "duties", {}, "duties"),
        ("agreement", "lines", [samples.agreement["lines"][0]] * 201, "lines"),
        ("agreement", "mediator", {"name": "王敏"}, "mediator.organisation"),
        ("finding_letter", "shares.0.percent", "99.99", "shares"),
        ("finding_letter", "issued_on", "22/11/2026", "issued_on"),
        ("finding_letter", "facts.0", "", "facts[0]"),
        ("review_decision", "outcome", "worse", "outcome"),
        ("review_decision", "panel", [], "panel"),
        ("intake_receipt", "received_at", "2026-11-20", "received_at"),
        ("investigation_report", "outward.0.percent", "99.99", "outward"),
        ("investigation_report", "inward.0.percent", "61", "inward"),
        ("investigation_report", "audience", "consumer", "inward"),
        ("investigation_report", "content_hash", "", "content_hash"),
        ("intake_receipt", "uploads.0.sha256", "", "uploads[0].sha256"),
    ],
)
def test_faults_name_their_datum(name, path, value, field):
    with pytest.raises(ContextInvalid) as caught:
        TEMPLATES[name].validate(changed(name, path, value))
    assert caught.value.field == field


def test_missing_and_foreign_data_are_named():
    context = changed("agreement", "number", "x")
    del context["place"]
    with pytest.raises(ContextInvalid) as caught:
        validate_agreement_context(context)
    assert (caught.value.field, caught.value.reason) == ("place", "is missing")
    with pytest.raises(ContextInvalid, match="secret: is not part"):
        validate_agreement_context({**samples.agreement, "secret": "x"})
    with pytest.raises(ContextInvalid, match="must be a mapping"):
        validate_agreement_context([])


def test_instalments_must_make_the_total():
    part = {"due_on": "2026-12-01", "amount": "700.00", "amount_shown": "¥700.00"}
    rest = {**part, "amount": "737.00", "amount_shown": "¥737.00"}
    assert validate_agreement_context(changed("agreement", "performance.instalments", [part, rest]))
    with pytest.raises(ContextInvalid, match=r"performance\.instalments"):
        validate_agreement_context(changed("agreement", "performance.instalments", [part, part]))


def test_credits_are_taken_off():
    context = changed("agreement", "total", "1399.00")
    context["credits"] = [{"label": "已付运费", "amount": "38.00", "amount_shown": "¥38.00"}]
    assert validate_agreement_context(context)["total"] == "1399.00"


def test_an_agreement_without_money_needs_a_duty():
    context = changed("agreement", "lines", [])
    context["total"] = "0.00"
    assert validate_agreement_context(context)
    context["duties"] = []
    with pytest.raises(ContextInvalid, match="lines"):
        validate_agreement_context(context)


def test_drafts_may_lack_signatures():
    context = changed("agreement", "draft", True)
    context["signatures"] = []
    assert validate_agreement_context(context)["draft"]


def test_numbers_have_bounds():
    with pytest.raises(ContextInvalid, match="between 0"):
        shapes.check_shape(-1, int, field="width")


@pytest.mark.parametrize(
    ("name", "kind", "language", "field"),
    [
        ("../../etc/passwd", "agreement", "en", "template_name"),
        ("agreement", "intake_receipt", "en", "kind"),
        ("agreement", "agreement", "fr", "language"),
    ],
)
def test_print_template_knows_only_its_list(name, kind, language, field):
    with pytest.raises(ContextInvalid) as caught:
        print_template(name, kind=kind, language=language)
    assert caught.value.field == field
