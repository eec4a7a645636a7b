"""The Celery app and its static schedule: Celery carries no deadline, it only calls sweeps."""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("redress")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(seconds: int) -> dict[str, object]:
    """Give the schedule of a sweep; a call that waited longer than its period is dropped."""
    period = timedelta(seconds=seconds)
    return {"schedule": period, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "sweep-clocks": {"task": "complaints.tasks.sweep_clocks", **every(5)},
    "tend-owners": {"task": "complaints.tasks.tend_owners", **every(15)},
    "repair-clocks": {"task": "complaints.tasks.repair_clocks", **every(60)},
    "watch-clocks": {"task": "complaints.tasks.watch_clocks", **every(15)},
    "deliver-outbox": {"task": "complaints.tasks.deliver_outbox", **every(5)},
    "fetch-mail": {"task": "complaints.tasks.fetch_mail", **every(60)},
    "handle-mail": {"task": "complaints.tasks.handle_mail", **every(10)},
    "tend-chats": {"task": "complaints.tasks.tend_chats", **every(30)},
    "work-imports": {"task": "complaints.tasks.work_imports", **every(15)},
    "propose-imported": {"task": "complaints.tasks.propose_imported", **every(30)},
    "work-bulk": {"task": "complaints.tasks.work_bulk", **every(15)},
    "render-pending": {"task": "documents.tasks.render_pending", **every(10)},
    "send-payouts": {"task": "agreements.tasks.send_payouts", **every(300)},
    "pursue-agreements": {"task": "agreements.tasks.pursue_agreements", **every(30)},
    "make-packs": {"task": "reviews.tasks.make_packs", **every(20)},
    "work-erasures": {"task": "reviews.tasks.work_erasures", **every(60)},
    "propose-erasure": {
        "task": "reviews.tasks.propose_erasure",
        "schedule": crontab(hour="4", minute="15"),
    },
    "pursue-reviews": {"task": "reviews.tasks.pursue_reviews", **every(30)},
    "expire-offers": {"task": "compensation.tasks.expire_offers", **every(60)},
    "remind-consults": {"task": "liability.tasks.remind_consults", **every(60)},
    "pursue-recourse": {"task": "liability.tasks.pursue_recourse", **every(300)},
    "watch-for-batches": {"task": "liability.tasks.watch_for_batches", **every(600)},
    "remind-of-incidents": {"task": "liability.tasks.remind_of_incidents", **every(60)},
    "tend-care": {"task": "compensation.tasks.tend_care", **every(60)},
    "end-instants": {"task": "compensation.tasks.end_instants", **every(60)},
    "release-funds": {"task": "compensation.tasks.release_funds", **every(300)},
    "screen-claims": {"task": "compensation.tasks.screen_claims", **every(30)},
    "tend-evidence": {"task": "complaints.tasks.tend_evidence", **every(10)},
    "verify-evidence": {
        "task": "complaints.tasks.verify_evidence",
        "schedule": crontab(hour="2", minute="30"),
    },
    "purge-expired": {
        "task": "complaints.tasks.purge_expired",
        "schedule": crontab(hour="3", minute="30"),
    },
    "remove-orphan-files": {
        "task": "documents.tasks.remove_orphan_files",
        "schedule": crontab(hour="3", minute="45"),
    },
}


@setup_logging.connect
def keep_django_logging(**_kwargs: object) -> None:
    """Leave logging as Django's settings made it; Celery would put its own in its place."""
