"""The URL conf: the only place that knows every app's addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from agreements.views.finance import finance
from compensation.views.approvals import approvals
from complaints.views.chat import widget
from complaints.views.mail_door import mail_in
from config import health, metrics
from config.views import pages
from config.views.desk.queue import queue
from config.views.desk.search import notifications, notifications_read, search
from config.views.mailbox import mailbox
from config.views.start import start
from reviews.views.lists import reviews_list

urlpatterns = [
    path("", start, name="start"),
    path("", include("complaints.urls.lookup")),
    path("complain/", include("complaints.urls.intake")),
    path("chat/", include("complaints.urls.chat")),
    path("chat-widget.js", widget, name="chat_widget"),
    path("my/<str:reference>/", include("config.tracking.urls")),
    path("my/<str:reference>/", include("complaints.urls.consumer")),
    path("about/privacy/", pages.privacy, name="page_privacy"),
    path("about/process/", pages.process, name="page_process"),
    path("about/standards/", pages.standards, name="page_standards"),
    path("about/rights/", pages.rights, name="page_rights"),
    path("about/performance/", pages.performance, name="page_performance"),
    path("about/accessibility/", pages.accessibility, name="page_accessibility"),
    path("theme/", pages.set_theme, name="set_theme"),
    path("gallery/", include("config.gallery.urls")),
    path("desk/", queue, name="desk"),
    path("desk/search/", search, name="desk_search"),
    path("desk/notifications/", notifications, name="notifications"),
    path("desk/notifications/read/", notifications_read, name="notifications_read"),
    path("desk/", include("config.desk.urls")),
    path("desk/", include("complaints.urls.desk")),
    path("desk/", include("insights.urls")),
    path("", include("liability.urls")),
    path("desk/approvals/", approvals, name="approvals"),
    path("", include("compensation.urls")),
    path("desk/finance/", finance, name="finance"),
    path("", include("agreements.urls")),
    path("desk/reviews/", reviews_list, name="reviews_list"),
    path("", include("reviews.urls")),
    path("api/v1/", include("config.api.urls")),
    path("mail/in/", mail_in, name="mail_in"),
    path("mailbox/", mailbox, name="mailbox"),
    path("healthz/live", health.live, name="health-live"),
    path("healthz/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("account/", include("accounts.urls")),
    path("admin/login/", secure_admin_login(admin.site.login)),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler400 = "config.views.pages.bad_request"
handler403 = "config.views.pages.forbidden"
handler404 = "config.views.pages.not_found"
handler500 = "config.views.pages.server_error"
