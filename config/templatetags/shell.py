"""What the page shells need from the request: theme, language, where to return to."""

from typing import Any

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from complaints.actors import Actor
from complaints.permissions import has_permission
from complaints.selectors.notices import unread_notices

register = template.Library()

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
KEYS_COOKIE = "keys"


def cookie(context: Context, name: str) -> str:
    """Read a cookie; pages without a request (error pages) have none."""
    request = context.get("request")
    return request.COOKIES.get(name, "") if request else ""


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Give the attribute that fixes the theme; without it the device decides."""
    theme = cookie(context, THEME_COOKIE)
    return flatatt({"data-theme": theme}) if theme in THEMES else SafeString()


@register.simple_tag(takes_context=True)
def current_theme(context: Context) -> str:
    """Name the chosen theme: light, dark or auto."""
    theme = cookie(context, THEME_COOKIE)
    return theme if theme in THEMES else "auto"


@register.simple_tag(takes_context=True)
def keys_are_off(context: Context) -> bool:
    """Tell whether single-key shortcuts were turned off on this device."""
    return cookie(context, KEYS_COOKIE) == "off"


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """Give the path of this page, to come back to after a switch."""
    request = context.get("request")
    return request.get_full_path() if request else "/"


@register.simple_tag
def company() -> dict[str, Any]:
    """Name the company in the active language, its hotline, and when that is answered."""
    english = (get_language() or "").startswith("en")
    return {
        "name": settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME,
        "hotline": settings.COMPANY_HOTLINE,
        "hours": settings.COMPANY_HOTLINE_HOURS,
        "hotline_href": "tel:" + "".join(c for c in settings.COMPANY_HOTLINE if c.isdigit()),
    }


@register.simple_tag(takes_context=True)
def current_if(context: Context, *names: str) -> SafeString:
    """Give aria-current where the page's URL name is among `names`."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    found = match is not None and match.view_name in names
    return flatatt({"aria-current": "page"}) if found else SafeString()


@register.filter
def may(user: Any, permission: str) -> bool:
    """Say whether somebody logged in holds a right; a link that nobody may follow is not shown."""
    known = getattr(user, "is_authenticated", False)
    return known and has_permission(Actor.staff(user), permission)


@register.simple_tag(takes_context=True)
def unread_count(context: Context) -> int:
    """Count the person's unread notices, unless the page has counted them already."""
    if "notification_count" in context:
        return int(context["notification_count"])
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return unread_notices(Actor.staff(user))
