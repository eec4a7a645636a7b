"""Tags on a case."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.saved_views import TagsForm
from complaints.models import Case
from complaints.permissions import Permission
from complaints.selectors.tags import all_tags, tags_of
from complaints.services.tagging import tag_called, tag_case


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tags(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the tags of a case, or write a new one."""
    case = get_case(current_user(request), reference, Permission.HANDLE_CASE)
    actor = Actor.staff(current_user(request))
    known = all_tags()
    present = {tag.pk for tag in tags_of(case)}
    form = TagsForm(
        request.POST if request.method == "POST" else None,
        initial={"tags": sorted(present)},
        known=[(tag.pk, tag.name) for tag in known],
    )
    if request.method == "POST" and form.is_valid():
        try:
            _save(case, form, present, actor)
        except CaseError as error:
            if error.field == "tag":
                error.field = "new"
            add_case_error(form, error)
        else:
            messages.success(request, _("标签已保存"))
            return HttpResponseRedirect(reverse("desk:case", args=[reference]), status=303)
    context = {"case": case, "form": form, "has_tags": bool(known)}
    status = 422 if form.errors else 200
    return render(request, "complaints/desk/tags.html", context, status=status)


def _save(case: Case, form: TagsForm, present: set[int], actor: Actor) -> None:
    """Change what the person changed, and leave what somebody else did meanwhile."""
    by_id = {tag.pk: tag for tag in all_tags()}
    wanted = {pk for pk in form.cleaned_data["tags"] if pk in by_id}
    add = [by_id[pk] for pk in sorted(wanted - present)]
    if form.cleaned_data["new"]:
        add.append(tag_called(form.cleaned_data["new"], by=actor))
    remove = [by_id[pk] for pk in sorted(present - wanted) if pk in by_id]
    tag_case(case, add=add, remove=remove, by=actor)
