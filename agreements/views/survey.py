"""The questions behind the link: one answer, by the consumer, without logging in."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agreements.forms import ArrivalForm
from agreements.models import SurveyLink
from agreements.selectors.performance import obligations_in_force
from agreements.services.following_up import record_follow_up
from agreements.services.surveying import SurveyClosed, open_link
from agreements.states import Debtor, FollowUpChannel
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.services.locking import locked_case


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and take the answer once. Staff who are logged in are turned away."""
    if request.user.is_authenticated:
        words = _("这份问卷只由消费者本人回答，员工不能代答。电话里问到的，请在案件里登记回访。")
        return _over(request, words, status=403)
    try:
        link = open_link(token)
    except SurveyClosed as closed:
        return _over(request, str(closed), status=410)
    if link is None:
        raise Http404("no such survey")
    duties = list(obligations_in_force(link.case).filter(debtor=Debtor.COMPANY))
    form = ArrivalForm(request.POST or None, duties=duties)
    if request.method == "POST" and form.is_valid():
        try:
            case = _answer(link, token, form)
        except SurveyClosed as closed:
            return _over(request, str(closed), status=410)
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            return _thanks(request, case, arrived=form.cleaned_data["arrived"])
    context = {"case": link.case, "form": form, "duties": duties, "survey": True}
    status = 422 if request.method == "POST" else 200
    return render(request, "agreements/arrival.html", context, status=status)


@transaction.atomic
def _answer(link: SurveyLink, token: str, form: ArrivalForm) -> Case:
    """Record the answer under the case's lock, where the link is looked at once more."""
    case = locked_case(link.case)
    open_link(token)
    data = form.cleaned_data
    return record_follow_up(
        case,
        by=Actor.consumer(),
        arrived=data["arrived"],
        rating=data["rating"],
        comment=data["comment"],
        channel=FollowUpChannel.SURVEY,
        missing=tuple(data["missing"]),
        resolved=data["resolved"],
        change=data["change"],
    )


def _thanks(request: HttpRequest, case: Case, *, arrived: bool) -> HttpResponse:
    context = {
        "title": _("谢谢你的回答"),
        "text": _("这起投诉办结了。")
        if arrived
        else _("我们收到了，没有收到的那一项马上重新办理，办好了告诉你。"),
    }
    return render(request, "agreements/survey_over.html", context)


def _over(request: HttpRequest, text: str, *, status: int) -> HttpResponse:
    context = {"title": _("问卷不能回答"), "text": text}
    return render(request, "agreements/survey_over.html", context, status=status)
