"""Addresses of the desk's own pages; what apps add stands in their own confs."""

from django.urls import path

from config.views.desk import (
    bulk,
    case,
    clocks,
    customer,
    dead_letters,
    palette,
    phrases,
    presence,
    queue,
    saved_views,
    talk,
    webhooks,
)

app_name = "desk"

urlpatterns = [
    path("updates/", queue.queue_updates, name="updates"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/all/", bulk.bulk_list, name="bulk_list"),
    path("bulk/<int:job_id>/", bulk.bulk_job, name="bulk_job"),
    path("bulk/<int:job_id>/undo/", bulk.bulk_undo, name="bulk_undo"),
    path("palette/", palette.palette, name="palette"),
    path("views/", saved_views.views, name="views"),
    path("views/new/", saved_views.view_new, name="view_new"),
    path("views/<int:view_id>/", saved_views.view_edit, name="view_edit"),
    path("views/<int:view_id>/act/", saved_views.view_act, name="view_act"),
    path("cases/<str:reference>/", case.case_page, name="case"),
    path("cases/<str:reference>/say/", talk.say_page, name="say"),
    path("cases/<str:reference>/draft/", talk.draft_page, name="draft"),
    path(
        "cases/<str:reference>/draft/files/<int:draft_file_id>/remove/",
        talk.draft_file_remove,
        name="draft_file_remove",
    ),
    path("cases/<str:reference>/undo/<int:reply_id>/", talk.undo, name="undo"),
    path("cases/<str:reference>/phrases/", phrases.phrases, name="phrases"),
    path("cases/<str:reference>/mention/", phrases.mention, name="mention"),
    path("cases/<str:reference>/colleagues/", phrases.colleague_names, name="colleagues"),
    path("cases/<str:reference>/macros/", phrases.macro_list, name="macros"),
    path("cases/<str:reference>/macros/<int:macro_id>/", phrases.macro_run, name="macro"),
    path("cases/<str:reference>/presence/", presence.here, name="presence"),
    path("cases/<str:reference>/updates/", case.case_updates, name="case_updates"),
    path("cases/<str:reference>/clocks/", clocks.clocks, name="clocks"),
    path("cases/<str:reference>/clocks/issue/", clocks.issue, name="clocks_issue"),
    path(
        "cases/<str:reference>/clocks/<int:sequence>/data.json",
        clocks.certificate_json,
        name="clocks_json",
    ),
    path(
        "cases/<str:reference>/clocks/<int:sequence>/<slug:language>.pdf",
        clocks.certificate_pdf,
        name="clocks_pdf",
    ),
    path("cases/<str:reference>/related/<slug:by>/", case.related_cases, name="related"),
    path("cases/<str:reference>/tab/<slug:tab>/", case.case_page, name="case_tab"),
    path("customers/<int:customer_id>/", customer.customer_file, name="customer"),
    path("undelivered/", dead_letters.dead_letter_list, name="dead_letters"),
    path("undelivered/replay/", dead_letters.dead_letters_replay, name="dead_letters_replay"),
    path("undelivered/<int:message_id>/", dead_letters.dead_letter, name="dead_letter"),
    path(
        "undelivered/<int:message_id>/replay/",
        dead_letters.dead_letter_replay,
        name="dead_letter_replay",
    ),
    path(
        "undelivered/<int:message_id>/give-up/",
        dead_letters.dead_letter_give_up,
        name="dead_letter_give_up",
    ),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.webhook_new, name="webhook_new"),
    path("webhooks/<int:endpoint_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:endpoint_id>/secret/", webhooks.webhook_secret, name="webhook_secret"),
]
