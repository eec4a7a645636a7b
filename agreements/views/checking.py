"""The desk's pages on signatures: the company's own, those on paper, and powers of attorney."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from accounts.services import uses_app
from agreements.forms import CheckForm, CompanySignForm, PaperForm, RepresentativeForm
from agreements.models import PaperCopy, Representative
from agreements.selectors import open_agreement
from agreements.selectors.agreements import sent_code
from agreements.selectors.full_text import full_text
from agreements.services.factors import code_subject, request_company_code
from agreements.services.papering import (
    accept_paper_copy,
    record_paper_signature,
    reject_paper_copy,
)
from agreements.services.reading import note_opened
from agreements.services.representing import (
    accept_representative,
    end_representative,
    name_representative,
    reject_representative,
)
from agreements.services.signing import sign_for_company
from agreements.states import AgreementStatus, CheckStatus, SignerRole
from agreements.views.desk import TAB, AgreementAction
from agreements.views.evidence import sign_evidence
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction, to_case
from documents.errors import FileRefused
from documents.models import StoredFile
from documents.views import serve_file


class SignForCompany(AgreementAction):
    """Sign for the company."""

    template_name = "agreements/sign_company.html"
    permission = Permission.SIGN_FOR_COMPANY
    title = gettext_lazy("代表公司签署")
    lead = gettext_lazy(
        "用你的登录账号签署，并再确认一次是你本人。签署时间和文件指纹会记在协议上。"
    )
    submit = gettext_lazy("签署")
    done = gettext_lazy("已代表公司签署")

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        found = open_agreement(self._case(reference))
        if found is not None:
            note_opened(found, SignerRole.COMPANY)
        return super().get(request, reference)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return CompanySignForm(has_app=uses_app(self.actor.person), **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = self.new_form(case, data=self.request.POST)
        if not isinstance(form, CompanySignForm) or not form.is_valid():
            raise CaseError(_("请核对填写的内容。"))
        sign_for_company(
            self.agreement(case),
            by=actor,
            factor=form.factor(),
            position=data["position"],
            evidence=sign_evidence(self.request),
            read_number=self.request.POST.get("number", ""),
        )

    def more_context(self, case: Case) -> dict[str, Any]:
        context, user = super().more_context(case), self.actor.person
        found = context["agreement"]
        offered = found is not None and found.status == AgreementStatus.OFFERED
        has_app = uses_app(user)
        return {
            **context,
            "whole": full_text(found),
            "has_app": has_app,
            "asks_code": offered and not has_app,
            "code_to": user.email,
            "code_sent": offered and sent_code(found, code_subject(found, user)) is not None,
        }


@login_required
@require_POST
def send_company_code(request: HttpRequest, reference: str) -> HttpResponse:
    """Mail the signer's code, and go back to the page."""
    user = current_user(request)
    case = get_case(user, reference, Permission.SIGN_FOR_COMPANY)
    found = open_agreement(case)
    try:
        if found is None:
            raise CaseError(_("现在没有等待处理的协议。"))
        request_company_code(found, by=Actor.staff(user))
    except CaseError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("校验码已经发到你的工作邮箱，10 分钟内有效"))
    address = reverse("agreements:sign_company", args=[case.reference])
    return HttpResponseRedirect(address, status=303)


class RecordPaper(AgreementAction):
    """Record a signature on paper."""

    form_class = PaperForm
    title = gettext_lazy("登记纸质签署")
    lead = gettext_lazy("消费者不方便在手机上签时，打印协议请本人签名，再把签名页拍照上传。")
    submit = gettext_lazy("登记签署")
    done = gettext_lazy("纸质签署已登记")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        try:
            record_paper_signature(
                self.agreement(case),
                by=actor,
                scan=data["scan"],
                scan_name=data["scan"].name,
                signed_on=data["signed_on"],
            )
        except FileRefused as refusal:
            raise CaseError(refusal.message, field="scan") from refusal


class NameRepresentative(CaseAction):
    """Take a power of attorney that came by post or at the counter."""

    form_class = RepresentativeForm
    title = gettext_lazy("登记代理人")
    lead = gettext_lazy("消费者请别人代签时，上传授权委托书。核对以后代理人才能签署。")
    submit = gettext_lazy("登记")
    done = gettext_lazy("授权委托书已登记，请核对")
    tab = TAB

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = RepresentativeForm(self.request.POST, self.request.FILES)
        form.is_valid()
        try:
            name_representative(
                case,
                by=actor,
                named=form.named(),
                file=data["file"],
                file_name=data["file"].name,
            )
        except FileRefused as refusal:
            raise CaseError(refusal.message, field="file") from refusal


class _Check(CaseAction):
    """Accept or reject what was handed in."""

    template_name = "agreements/check_paper.html"
    submit = gettext_lazy("保存结论")
    done = gettext_lazy("结论已保存，消费者会收到通知")
    tab = TAB
    compared: Any = ""

    def get(self, request: HttpRequest, reference: str, **_ids: int) -> HttpResponse:
        return super().get(request, reference)

    def post(self, request: HttpRequest, reference: str, **_ids: int) -> HttpResponse:
        return super().post(request, reference)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return CheckForm(compared=self.compared, **kwargs)


class CheckPaper(_Check):
    """Compare a signed scan with the text."""

    title = gettext_lazy("核对纸质签署")
    compared = gettext_lazy("扫描件每一页和原文一致，签名页上有消费者本人的签名")

    def row(self, case: Case) -> PaperCopy:
        """Return the scan of the address; 404 for another case's."""
        return _paper_of(case, self.kwargs["paper_id"])

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        if data["decision"] == "accept":
            accept_paper_copy(self.row(case), by=actor)
        else:
            reject_paper_copy(self.row(case), by=actor, reason=data["reason"])

    def more_context(self, case: Case) -> dict[str, Any]:
        row = self.row(case)
        args = [case.reference, row.pk]
        return {
            "file_url": reverse("agreements:paper_scan", args=args),
            "file": row.scan,
            "agreement": row.agreement,
            "whole": full_text(row.agreement),
            "paper": row,
        }

    def _obstacle(self, case: Case) -> Any:
        if self.row(case).status != CheckStatus.WAITING:
            return _("这份签名页已经有人核对过了。")
        return ""


class CheckRepresentative(_Check):
    """Look at a power of attorney."""

    title = gettext_lazy("核对授权委托书")
    compared = gettext_lazy("姓名、授权范围、期限和消费者的签名都核对过")

    def row(self, case: Case) -> Representative:
        """Return the power of attorney of the address; 404 for another case's."""
        return _representative_of(case, self.kwargs["agent_id"])

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        if data["decision"] == "accept":
            accept_representative(self.row(case), by=actor)
        else:
            reject_representative(self.row(case), by=actor, reason=data["reason"])

    def more_context(self, case: Case) -> dict[str, Any]:
        row = self.row(case)
        args = [case.reference, row.pk]
        return {
            "file_url": reverse("agreements:attorney_file", args=args),
            "file": row.file,
            "agent": row,
        }

    def _obstacle(self, case: Case) -> Any:
        row = self.row(case)
        if row.status != CheckStatus.WAITING or row.ended_at is not None:
            return _("这份授权委托书已经有人核对过，或者已经撤销。")
        return ""


def _paper_of(case: Case, pk: int) -> PaperCopy:
    found = (
        PaperCopy.objects.select_related("scan", "agreement__case__consumer", "agreement__unsigned")
        .filter(agreement__case=case, pk=pk)
        .first()
    )
    if found is None:
        raise Http404(case.reference)
    return found


def _representative_of(case: Case, pk: int) -> Representative:
    found = (
        Representative.objects.select_related("file", "case__consumer")
        .filter(case=case, pk=pk)
        .first()
    )
    if found is None:
        raise Http404(case.reference)
    return found


@login_required
@require_safe
def paper_scan(request: HttpRequest, reference: str, paper_id: int) -> HttpResponseBase:
    """Hand out a signed scan to a member of staff, as a download."""
    return _download(request, reference, lambda case: _paper_of(case, paper_id).scan)


@login_required
@require_safe
def attorney_file(request: HttpRequest, reference: str, agent_id: int) -> HttpResponseBase:
    """Hand out a power of attorney to a member of staff, as a download."""
    return _download(request, reference, lambda case: _representative_of(case, agent_id).file)


def _download(
    request: HttpRequest, reference: str, find: Callable[[Case], StoredFile]
) -> HttpResponseBase:
    case = get_case(current_user(request), reference, Permission.HANDLE_CASE)
    return serve_file(find(case))


@login_required
@require_POST
def end_authority(request: HttpRequest, reference: str, agent_id: int) -> HttpResponse:
    """End somebody's authority on the consumer's word."""
    user = current_user(request)
    case = get_case(user, reference, Permission.HANDLE_CASE)
    end_representative(_representative_of(case, agent_id), by=Actor.staff(user))
    messages.success(request, _("授权已撤销"))
    return to_case(case, TAB)
