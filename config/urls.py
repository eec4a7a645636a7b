"""The URL conf: the only place that knows every app's addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config import health
from config.views.mailbox import mailbox

urlpatterns = [
    path("gallery/", include("config.gallery.urls")),
    path("mailbox/", mailbox, name="mailbox"),
    path("healthz/live", health.live, name="health-live"),
    path("healthz/ready", health.ready, name="health-ready"),
    path("account/", include("accounts.urls")),
    path("admin/login/", secure_admin_login(admin.site.login)),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
