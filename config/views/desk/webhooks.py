"""Receivers of events outside, kept by administrators."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.notices import EndpointForm
from complaints.models import WebhookEndpoint
from complaints.permissions import Permission
from complaints.selectors.webhooks import endpoints, one_endpoint
from complaints.services.webhooks import (
    change_endpoint,
    create_endpoint,
    renew_secret,
    reveal_secret,
)
from config.desk.dead_letters import endpoint_rows, event_choices, event_groups


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.ADMINISTER)


@login_required
@never_cache
@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the receivers, with what waits for them."""
    _actor(request)
    return render(request, "desk/webhooks.html", {"rows": endpoint_rows(list(endpoints()))})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Add a receiver."""
    actor = _actor(request)
    form = EndpointForm(
        request.POST if request.method == "POST" else None,
        choices=event_choices(),
        initial={"is_active": True},
    )
    if form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("name", "url", "kinds")}
        try:
            endpoint = create_endpoint(by=actor, **data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已添加。把密钥交给对方，用来核对签名。"))
            return _to(endpoint)
    return _page(request, form, None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Change a receiver."""
    actor, endpoint = _actor(request), one_endpoint(endpoint_id)
    fields = ("name", "url", "kinds", "is_active")
    form = EndpointForm(
        request.POST if request.method == "POST" else None,
        choices=event_choices(),
        initial={name: getattr(endpoint, name) for name in fields},
    )
    if form.is_valid():
        try:
            change_endpoint(endpoint, by=actor, **form.cleaned_data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已保存"))
            return _to(endpoint)
    return _page(request, form, endpoint)


@login_required
@never_cache
@require_POST
def webhook_secret(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Show the secret of a receiver, or give it a new one and show that."""
    actor, endpoint = _actor(request), one_endpoint(endpoint_id)
    renewed = request.POST.get("act") == "renew"
    if renewed:
        renew_secret(endpoint, by=actor)
    context = {
        "endpoint": endpoint,
        "secret": reveal_secret(endpoint, by=actor),
        "renewed": renewed,
    }
    return render(request, "desk/webhook_secret.html", context)


def _to(endpoint: WebhookEndpoint) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:webhook", args=[endpoint.pk]), status=303)


def _page(
    request: HttpRequest, form: EndpointForm, endpoint: WebhookEndpoint | None
) -> HttpResponse:
    context = {"form": form, "endpoint": endpoint, "groups": event_groups(form["kinds"])}
    status = 422 if form.is_bound else 200
    return render(request, "desk/webhook.html", context, status=status)
