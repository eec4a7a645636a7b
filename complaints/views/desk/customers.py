"""Customer files: finding one, saying why one looks, and changing what stands in it.

The file itself is shown by config, which adds what later apps know. Whoever came from a case of the
customer has said why; anybody else is asked first. Every look is written down.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import View

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.customers import (
    ConsentForm,
    FindForm,
    JoinForm,
    KindsForm,
    LookFilterForm,
    LookForm,
    PreferencesForm,
    ReasonForm,
)
from complaints.models import Customer
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.customers import identities_of, looks, members_of, one_customer, root_of
from complaints.services import customers as services
from complaints.views.desk.accountability import page_link

PAGE = 50
WHY_KEY, WHY_SECONDS = "customer_why", 30 * 60


def told_why(request: HttpRequest, customer: Customer) -> str:
    """Return the reason that somebody gave for this file within the last half hour, else ""."""
    given = request.session.get(WHY_KEY, {}).get(str(customer.pk))
    if not given or now().timestamp() - given[1] > WHY_SECONDS:
        return ""
    return str(given[0])


def remember_why(request: HttpRequest, customer: Customer, reason: str) -> None:
    """Keep a reason for half an hour, for this file alone."""
    kept = dict(list(request.session.get(WHY_KEY, {}).items())[-9:])
    kept[str(customer.pk)] = [reason, now().timestamp()]
    request.session[WHY_KEY] = kept


def to_file(customer: Customer) -> HttpResponseRedirect:
    """Go to a customer's file."""
    return HttpResponseRedirect(reverse("desk:customer", args=[customer.pk]), status=303)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find a file by phone, e-mail or number; what is typed never stands in an address."""
    require_permission(current_user(request), Permission.VIEW_CUSTOMER)
    form = FindForm(request.POST or None)
    if form.is_valid():
        customer = form.customer()
        if customer is not None:
            return to_file(customer)
        form.add_error("who", _("没有找到这位客户，核对一下号码或地址"))
    status = 422 if form.is_bound else 200
    return render(request, "complaints/desk/customers.html", {"form": form}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Ask why somebody wants to see a file."""
    require_permission(current_user(request), Permission.VIEW_CUSTOMER)
    customer, form = one_customer(customer_id), LookForm(request.POST or None)
    if form.is_valid():
        remember_why(request, customer, form.cleaned_data["reason"])
        return to_file(customer)
    context = {"customer": customer, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "complaints/desk/customer_why.html", context, status=status)


@login_required
@never_cache
@require_safe
def look_list(request: HttpRequest) -> HttpResponse:
    """Show managers who looked at which customer, when and why."""
    require_permission(current_user(request), Permission.VIEW_LOOKS)
    form = LookFilterForm(request.GET)
    page = Paginator(looks(form.filters()), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "rows": page,
        "count": page.paginator.count,
        "now": now(),
        "previous_href": page_link(request, page.number - 1) if page.has_previous() else "",
        "next_href": page_link(request, page.number + 1) if page.has_next() else "",
    }
    return render(request, "complaints/desk/looks.html", context)


@method_decorator([login_required, never_cache], name="dispatch")
class FileAction(View):
    """Change one thing in a file. Subclasses say which and call the service in `act`."""

    http_method_names = ["get", "head", "post"]
    form_class: type[forms.Form] = ReasonForm
    title: Any = ""
    lead: Any = ""
    submit: Any = gettext_lazy("保存")
    done: Any = gettext_lazy("已保存")

    def initial(self) -> dict[str, Any]:
        """Return what the form begins with."""
        return {}

    def act(self, form: Any) -> Customer:
        """Call the one service; return the file to go to."""
        raise NotImplementedError

    @cached_property
    def actor(self) -> Actor:
        """The member of staff who asks."""
        return Actor.staff(current_user(self.request))

    @cached_property
    def customer(self) -> Customer:
        """The file."""
        return one_customer(self.kwargs["customer_id"])

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        require_permission(current_user(request), Permission.MANAGE_CUSTOMERS)
        return self._page(self.form_class(initial=self.initial()))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        require_permission(current_user(request), Permission.MANAGE_CUSTOMERS)
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            target = self.act(form)
        except CaseError as error:
            add_case_error(form, error)
            return self._page(form, status=422)
        remember_why(request, target, told_why(request, self.customer) or str(self.title))
        messages.success(request, self.done)
        return to_file(target)

    def _page(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        context = {"customer": self.customer, "form": form, "page": self}
        return render(self.request, "complaints/desk/customer_form.html", context, status=status)


class Join(FileAction):
    """Make another file part of this one."""

    form_class = JoinForm
    title = gettext_lazy("合并客户档案")
    lead = gettext_lazy("两份档案确实是同一个人时才合并。什么都不会丢，之后可以拆开。")
    submit = gettext_lazy("合并")
    done = gettext_lazy("已合并")

    def initial(self) -> dict[str, Any]:
        return {"other": self.request.GET.get("other", "")[:20]}

    def act(self, form: Any) -> Customer:
        reason = form.cleaned_data["reason"]
        into = root_of(self.customer)
        return services.join_customers(into, [form.found()], by=self.actor, reason=reason)


class Separate(FileAction):
    """Take a file out of the one that it was joined into."""

    title = gettext_lazy("拆分客户档案")
    lead = gettext_lazy("这份档案恢复成单独的一份，和合并前一样。")
    submit = gettext_lazy("拆开")
    done = gettext_lazy("已拆开")

    def act(self, form: Any) -> Customer:
        reason = form.cleaned_data["reason"]
        return services.separate_customer(self.customer, by=self.actor, reason=reason)


class SeparateIdentity(FileAction):
    """Give one phone number or address a file of its own."""

    title = gettext_lazy("拆出一个联系方式")
    lead = gettext_lazy("这个联系方式是另一个人的：它和相应的投诉会有单独的档案。")
    submit = gettext_lazy("拆出来")
    done = gettext_lazy("已拆成单独的档案")

    def act(self, form: Any) -> Customer:
        members = members_of(root_of(self.customer))
        wanted = self.kwargs["identity_id"]
        found = next((each for each in identities_of(members) if each.pk == wanted), None)
        if found is None:
            raise Http404(wanted)
        reason = form.cleaned_data["reason"]
        return services.separate_identity(found, by=self.actor, reason=reason)


class Kinds(FileAction):
    """Say what kind of customer this is."""

    form_class = KindsForm
    title = gettext_lazy("客户类型")

    def initial(self) -> dict[str, Any]:
        return {"kinds": self.customer.kinds}

    def act(self, form: Any) -> Customer:
        return services.set_kinds(self.customer, by=self.actor, **form.cleaned_data)


class Preferences(FileAction):
    """Write down how the customer wishes to be reached."""

    form_class = PreferencesForm
    title = gettext_lazy("联系偏好")

    def initial(self) -> dict[str, Any]:
        names = ("language", "channel", "hours_from", "hours_to")
        return {name: getattr(self.customer, name) for name in names}

    def act(self, form: Any) -> Customer:
        return services.set_preferences(self.customer, by=self.actor, **form.cleaned_data)


class Consents(FileAction):
    """Write down a yes or a no."""

    form_class = ConsentForm
    title = gettext_lazy("登记同意或撤回同意")

    def act(self, form: Any) -> Customer:
        services.record_consent(self.customer, by=self.actor, **form.cleaned_data)
        return self.customer
